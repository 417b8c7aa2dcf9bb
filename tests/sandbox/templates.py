"""A card template as the console exports one: a header, a text, a form, a list of buttons and buttons of a variable."""

from __future__ import annotations

import json
from typing import Any


def text(content: str) -> dict[str, Any]:
    """A text property."""
    return {"type": "dynamicString", "content": content, "i18n": False}


def variable(name: str, kind: str, *, private: bool = False) -> dict[str, Any]:
    """A row of variableList."""
    return {
        "id": name,
        "name": name,
        "type": kind,
        "private": private,
        "description": "",
        "editorVarType": "variables",
    }


def bound(name: str) -> dict[str, Any]:
    """A property bound to a variable."""
    return {"type": "variableValue", "variableType": "global", "variable": name}


def when(op: str, name: str) -> dict[str, Any]:
    """Shown on that condition."""
    condition = {
        "op": op,
        "variable": name,
        "variableType": "global",
        "type": "variable",
        "valueType": "fixed",
    }
    return {
        "type": "dynamicVisible",
        "value": True,
        "valueType": "condition",
        "condition": {"op": "and", "conditions": [condition]},
    }


def node(name: str, children: tuple[dict[str, Any], ...] = (), **props: Any) -> dict[str, Any]:
    """A component."""
    return {"componentName": name, "id": f"node_{name.lower()}", "props": props, "children": list(children)}


FORM = node(
    "Form",
    id="form",
    formSchema=bound("form"),
    submitText=text("${form_btn_text}"),
    status={"type": "dynamicSelect", "valueType": "variable", "value": "normal", "variable": "form_status"},
    visible=when("isNotEmpty", "form"),
    params=[{"type": "fixed", "name": "step", "value": "one", "variable": ""}],
    actionType="request",
)
BUTTON = {
    "id": "agree",
    "text": text("同意"),
    "status": "normal",
    "color": "blue",
    "actionType": "request",
    "actionId": text("agree"),
    "params": [{"type": "variable", "name": "title", "value": "", "variable": "title"}],
}
LINK = {
    **BUTTON,
    "id": "more",
    "text": text("进度"),
    "isDtmd": True,
    "url": text("dtmd://dingtalkclient/sendMessage?content=%E8%BF%9B%E5%BA%A6"),
}
NODES = (
    node("CardHeaderV2", title=text("${title}")),
    node(
        "Markdown",
        content={
            "type": "dynamicMarkdown",
            "valueType": "variable",
            "variable": "body",
            "variableType": "global",
        },
    ),
    node("Loop", (node("BaseText", text=text("${loop.label} ${loop.value}")),), listData=bound("rows")),
    FORM,
    node("ButtonList", buttons={"type": "button", "list": [BUTTON, LINK]}, visible=when("isTrue", "asks")),
    node("ButtonGroup", buttonsSource="variable", dynamicButtons=bound("buttons")),
)
VARIABLES = (
    variable("title", "string"),
    variable("lastMessage", "string"),
    variable("body", "markdown"),
    variable("rows", "loopArray"),
    variable("asks", "boolean"),
    variable("buttons", "buttonGroup"),
    variable("form", "form", private=True),
    variable("form_status", "string", private=True),
    variable("form_btn_text", "string", private=True),
)
EDITOR = {
    "schemaVersion": "3.0.0",
    "schema": {
        "version": "1.0.0",
        "componentsMap": [
            {"componentName": name} for name in ("Card", "BaseText", *(n["componentName"] for n in NODES))
        ],
        "componentsTree": [node("Card", NODES, summaryContent=bound("lastMessage"))],
        "i18n": {},
    },
    "variableList": list(VARIABLES),
}
EXPORT = {
    "editorData": json.dumps(EDITOR, ensure_ascii=False),
    "widgetInfo": "<LinearLayout/>",
    "type": "im",
    "mode": "card",
}
