"""What a client makes of a filled form: what is sent for each field, and what it refuses to send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.dingtalk.drawing import Drawn

CHOICES = ("SELECT", "CHECKBOX_GROUP")
MANY = ("MULTI_SELECT", "MULTI_CHECKBOX_GROUP")
SWITCHES = ("CHECKBOX", "SWITCH")


class NotSent(Exception):
    """The client keeps the form; the text is what it shows."""


def values(form: Drawn, typed: Mapping[str, str], number_as: str) -> dict[str, Any]:
    """What a submit carries: what was typed, else the default; an empty optional field is not there at all.
    Raises NotSent when something required is empty or a choice is none of the options."""
    if form["status"] != "normal":
        raise NotSent("表单不能再提交")
    unknown = set(typed) - {field["name"] for field in form["fields"] if _editable(field)}
    if unknown:
        raise NotSent(f"表单里没有能填的 {'、'.join(sorted(unknown))}")
    found = {}
    for field in form["fields"]:
        value = _value(field, typed.get(field["name"]), number_as)
        if value in (None, "", []):
            if field.get("required") and not field.get("hidden"):
                raise NotSent(field.get("requiredMsg") or f"请填写{field.get('label', '')}")
            continue
        found[field["name"]] = value
    return found


def standing(form: Drawn) -> dict[str, Any]:
    """What stands in the form before anything is typed."""
    return {
        f["name"]: f["defaultValue"] for f in form["fields"] if f.get("defaultValue") not in (None, "", [])
    }


def _editable(field: Drawn) -> bool:
    return not field.get("hidden") and not field.get("readOnly")


def _value(field: Drawn, typed: str | None, number_as: str) -> Any:
    if typed is None:
        return field.get("defaultValue")
    kind = field["shown"]
    if kind in CHOICES:
        return _chosen(field, typed) if typed else None
    if kind in MANY:
        chosen = [_chosen(field, each) for each in typed.split("；") if each]
        return {"index": [c["index"] for c in chosen], "value": [c["value"] for c in chosen]}
    if kind in SWITCHES:
        return typed == "true"
    if kind == "NUMBER" and number_as == "number":
        return _number(typed)
    return typed


def _chosen(field: Drawn, typed: str) -> dict[str, Any]:
    for index, option in enumerate(field.get("options", ())):
        if typed in (option["value"], option["text"]):
            return {"index": index, "value": option["value"]}
    raise NotSent(f"{field.get('label', field['name'])}没有选项“{typed}”")


def _number(typed: str) -> Any:
    try:
        return int(typed) if typed.lstrip("-").isdecimal() else float(typed)
    except ValueError:
        return typed
