"""A template as the card console shows it: its variables, its components, and how it looks with sample values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.dingtalk.directory import Person
from sandbox.dingtalk.drawing import draw
from sandbox.dingtalk.templates import TEXTS, Template, Variable, uses, walk

#: what the builder calls its components; others keep their own name.
NAMES = {
    "Card": "卡片（消息摘要）",
    "CardHeaderV2": "卡片头",
    "BaseText": "文本",
    "Markdown": "富文本",
    "Form": "表单",
    "ButtonGroup": "按钮组",
}
#: and the types of its variables.
TYPES = {"string": "字符串", "markdown": "富文本", "form": "表单", "buttonGroup": "按钮组"}
_FIELDS = [
    {"name": name, "label": label, "type": "TEXT", "placeholder": "在这里填"}
    for name, label in (("first", "要填的第一项"), ("second", "要填的第二项"))
]
_TAP = {"type": "sendCardRequest", "params": {"actionId": "sample", "params": {}}}
_BUTTONS = [
    {"text": text, "color": color, "status": "normal", "event": _TAP}
    for text, color in (("一个按钮", "blue"), ("再一个", "gray"))
]
#: a value for every type that is no text.
SAMPLES: Mapping[str, Any] = {"form": {"fields": _FIELDS}, "buttonGroup": _BUTTONS}
#: who looks at it: a client that can show everything.
_VIEWER = Person("preview", "预览")


def described(template: Template) -> dict[str, Any]:
    """Everything the page shows of a template."""
    return {
        "id": template.id,
        "name": template.name,
        "published": template.published,
        "variables": [_variable(each) for each in template.variables.values()],
        "components": list(_components(template)),
        "preview": draw(template, _samples(template), _VIEWER),
    }


def _variable(found: Variable) -> dict[str, Any]:
    kind = TYPES.get(found.type, found.type)
    return {
        "name": found.name,
        "type": kind,
        "private": found.private,
        "description": found.description,
    }


def _components(template: Template) -> Iterator[dict[str, Any]]:
    """From top to bottom; a container uses what is its own, not what stands in it."""
    for node in walk(template.tree):
        name = str(node.get("componentName"))
        used = list(dict.fromkeys(uses(node.get("props", {}))))
        yield {"name": NAMES.get(name, name), "uses": used}


def _samples(template: Template) -> dict[str, str]:
    """A variable of text shows what it is for; one that is chosen from a list, what it is without a choice."""
    chosen = dict(_chosen(template))
    return {each.name: chosen.get(each.name) or _sample(each) for each in template.variables.values()}


def _chosen(template: Template) -> Iterator[tuple[str, str]]:
    for node in walk(template.tree):
        for value in node.get("props", {}).values():
            if isinstance(value, Mapping) and value.get("type") == "dynamicSelect":
                yield str(value.get("variable", "")), str(value.get("value", ""))


def _sample(variable: Variable) -> str:
    if variable.type in TEXTS:
        return variable.description or variable.name
    return json.dumps(SAMPLES.get(variable.type))
