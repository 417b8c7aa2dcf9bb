"""A template filled with a card's data the way a client draws it: a flat list of what is on the screen."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.dingtalk.directory import FORMS, NUMBER_FIELDS, Person
from sandbox.dingtalk.templates import REFERENCE, TEXTS, Template, below

Drawn = dict[str, Any]
NO_FORM = "当前版本不支持表单组件"
NOT_LOADED = "内容加载失败"


@dataclass(frozen=True, slots=True)
class Scope:
    """The values a component can see: the card's, and inside a loop the entry's."""

    values: Mapping[str, Any]
    viewer: Person
    entry: Any = None

    def at(self, path: str) -> Any:
        """The value of a variable, ``loop.text`` and ``list[0].text`` inside a loop; None when there is none."""
        first, *rest = [part for part in re.split(r"[.\[\]]+", path) if part]
        entered = first == "loop" or rest[:1] == ["0"]
        value: Any = self.entry if entered else self.values.get(first)
        for part in rest[1:] if entered and first != "loop" else rest:
            value = value.get(part) if isinstance(value, Mapping) else None
        return value


def draw(template: Template, params: Mapping[str, str], viewer: Person) -> list[Drawn]:
    """What one person sees of a card; a private value that is missing cannot be loaded."""
    missing = [v.name for v in template.variables.values() if v.private and v.name not in params]
    if missing and any(v.private and v.name in params for v in template.variables.values()):
        return [{"kind": "text", "text": NOT_LOADED, "missing": missing}]
    values = {name: _parsed(template, name, value) for name, value in params.items()}
    return list(_nodes(template.tree, Scope(values, viewer)))


def summary(template: Template, params: Mapping[str, str]) -> str:
    """What the list of conversations says about the card."""
    shown = template.tree[0].get("props", {}).get("summaryContent") or {}
    return str(params.get(str(shown.get("variable", "")), "[卡片]")) or "[卡片]"


def _parsed(template: Template, name: str, value: str) -> Any:
    variable = template.variables.get(name)
    return value if variable is None or variable.type in TEXTS else json.loads(value)


def _nodes(nodes: Any, scope: Scope) -> Iterator[Drawn]:
    for node in nodes:
        props = node.get("props", {})
        if _visible(props.get("visible"), scope):
            drawer: Drawer = DRAWERS.get(str(node.get("componentName")), _container)
            yield from drawer(node, props, scope)


# -- values -----------------------------------------------------------------------------------------


def words(raw: Any, scope: Scope) -> str:
    """A text property: written out, in several languages, bound to a variable, or with ${…} in it."""
    if isinstance(raw, Mapping):
        if raw.get("type") in ("variableValue",) or raw.get("valueType") == "variable":
            return _said(scope.at(str(raw.get("variable", ""))))
        raw = raw.get("content", raw.get("value", ""))
    if isinstance(raw, Mapping):
        raw = raw.get("zh_Hans", "")
    return REFERENCE.sub(lambda found: _said(scope.at(found[1])), str(raw or ""))


def _said(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _visible(raw: Any, scope: Scope) -> bool:
    if not isinstance(raw, Mapping):
        return True
    if raw.get("valueType") == "condition":
        return _holds(raw.get("condition") or {}, scope)
    if raw.get("valueType") == "variable":
        return bool(scope.at(str(raw.get("variable", ""))))
    return bool(raw.get("value", True))


def _holds(condition: Mapping[str, Any], scope: Scope) -> bool:
    found = [_compare(each, scope) for each in condition.get("conditions", ())]
    return any(found) if condition.get("op") == "or" else all(found)


def _compare(each: Mapping[str, Any], scope: Scope) -> bool:
    value = scope.at(str(each.get("variable", "")))
    return COMPARISONS[str(each.get("op"))](value, each.get("value"))


COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "isTrue": lambda value, _: value is True or value == "true",
    "isFalse": lambda value, _: value is not True and value != "true",
    "isEmpty": lambda value, _: value in (None, "", [], {}),
    "isNotEmpty": lambda value, _: value not in (None, "", [], {}),
    "equal": lambda value, other: _said(value) == _said(other),
    "notEqual": lambda value, other: _said(value) != _said(other),
}


# -- components -------------------------------------------------------------------------------------


def _container(node: Mapping[str, Any], _props: Mapping[str, Any], scope: Scope) -> Iterator[Drawn]:
    yield from _nodes(below(node), scope)


def _header(_node: Any, props: Mapping[str, Any], scope: Scope) -> Iterator[Drawn]:
    color = words(props.get("color"), scope)
    yield {"kind": "header", "text": words(props.get("title"), scope), "color": color}


def _text(_node: Any, props: Mapping[str, Any], scope: Scope) -> Iterator[Drawn]:
    yield {"kind": "text", "text": words(props.get("text"), scope)}


def _markdown(_node: Any, props: Mapping[str, Any], scope: Scope) -> Iterator[Drawn]:
    yield {"kind": "markdown", "text": words(props.get("content"), scope)}


def _image(_node: Any, props: Mapping[str, Any], scope: Scope) -> Iterator[Drawn]:
    source = words(props.get("imageUrl") or props.get("image") or props.get("url"), scope)
    if source:
        yield {"kind": "image", "media": source}


def _divider(_node: Any, _props: Any, _scope: Scope) -> Iterator[Drawn]:
    yield {"kind": "divider"}


def _loop(node: Mapping[str, Any], props: Mapping[str, Any], scope: Scope) -> Iterator[Drawn]:
    entries = scope.at(str((props.get("listData") or {}).get("variable", "")))
    for entry in entries if isinstance(entries, list) else ():
        yield from _nodes(node.get("children") or (), Scope(scope.values, scope.viewer, entry))


def _form(_node: Any, props: Mapping[str, Any], scope: Scope) -> Iterator[Drawn]:
    if scope.viewer.version < FORMS:
        yield {"kind": "text", "text": NO_FORM}
        return
    schema = scope.at(str((props.get("formSchema") or {}).get("variable", ""))) or {}
    if not schema.get("fields"):
        return
    yield {
        "kind": "form",
        "id": _component_id(props, scope, "form"),
        "submit": words(props.get("submitText"), scope) or "提交",
        "status": words(props.get("status"), scope) or "normal",
        "fields": [_field(each, scope.viewer) for each in schema["fields"]],
        "params": _params(props.get("params"), scope),
    }


def _field(field: Mapping[str, Any], viewer: Person) -> Drawn:
    """A field as that client shows it: NUMBER and TEXT_AREA are plain inputs before 7.6.35."""
    kind = field["type"]
    old = viewer.version < NUMBER_FIELDS and kind in ("NUMBER", "TEXT_AREA")
    return {**field, "shown": "TEXT" if old else kind}


def _input(_node: Any, props: Mapping[str, Any], scope: Scope) -> Iterator[Drawn]:
    yield {
        "kind": "input",
        "id": _component_id(props, scope, "input"),
        "title": words(props.get("title"), scope),
        "placeholder": words(props.get("placeholder"), scope),
        "status": words(props.get("status"), scope) or "normal",
        "action": props.get("actionType", ""),
        "params": _params(props.get("params"), scope),
    }


def _single(node: Mapping[str, Any], props: Mapping[str, Any], scope: Scope) -> Iterator[Drawn]:
    yield _button({"id": node.get("id"), **props}, scope)


def _listed(_node: Any, props: Mapping[str, Any], scope: Scope) -> Iterator[Drawn]:
    buttons = props.get("buttons") or ()
    listed = buttons.get("list", ()) if isinstance(buttons, Mapping) else buttons
    for each in listed:
        if _visible(each.get("visible"), scope):
            yield _button(each, scope)


def _group(node: Mapping[str, Any], props: Mapping[str, Any], scope: Scope) -> Iterator[Drawn]:
    if props.get("buttonsSource") != "variable":
        yield from _listed(node, props, scope)
        return
    for each in scope.at(str((props.get("dynamicButtons") or {}).get("variable", ""))) or ():
        event = each["event"]
        yield {
            "kind": "button",
            "id": str(event["params"].get("actionId", "")),
            "text": each["text"],
            "color": each.get("color", ""),
            "status": each.get("status", "normal"),
            "action": "request" if event["type"] == "sendCardRequest" else "url",
            "url": str(event["params"].get("url", "")),
            "params": dict(event["params"].get("params") or {}),
        }


def _button(raw: Mapping[str, Any], scope: Scope) -> Drawn:
    return {
        "kind": "button",
        "id": _component_id(raw, scope, ""),
        "text": words(raw.get("text"), scope),
        "color": words(raw.get("color"), scope),
        "status": words(raw.get("status"), scope) or "normal",
        "action": "dtmd" if raw.get("isDtmd") else str(raw.get("actionType", "")),
        "url": words(raw.get("url"), scope),
        "params": _params(raw.get("params"), scope),
    }


def _component_id(raw: Mapping[str, Any], scope: Scope, otherwise: str) -> str:
    """The id a callback names in actionIds: the builder's actionId, else the component's own."""
    return words(raw.get("actionId"), scope) or words(raw.get("id"), scope) or otherwise


def _params(raw: Any, scope: Scope) -> Drawn:
    """The parameters a component sends along, as configured in the builder."""
    named = [each for each in raw or () if each.get("name")]
    return {
        each["name"]: scope.at(each["variable"]) if each["type"] == "variable" else each.get("value", "")
        for each in named
    }


Drawer = Callable[[Any, Any, Scope], Iterator[Drawn]]
DRAWERS: Mapping[str, Drawer] = {
    "CardHeaderV2": _header,
    "BaseText": _text,
    "BaseTextBlock": _text,
    "Tag": _text,
    "Markdown": _markdown,
    "MarkdownBlock": _markdown,
    "Image": _image,
    "Divider": _divider,
    "DividerBlock": _divider,
    "Loop": _loop,
    "Form": _form,
    "Input": _input,
    "SingleButton": _single,
    "ButtonList": _listed,
    "ButtonBlock": _listed,
    "ButtonGroup": _group,
}
