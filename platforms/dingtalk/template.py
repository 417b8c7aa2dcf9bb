"""The one card template: which variables it has and how they are laid out, as a file the card console imports."""

from __future__ import annotations

import json
from typing import Any

from platforms.dingtalk.capabilities import LIMITS

#: variable -> its type in the console; all of them public: a card of ours is one person's.
VARIABLES: dict[str, tuple[str, str]] = {
    "title": ("string", "标题"),
    "lead": ("string", "标题下的一行"),
    "tone": ("string", "标题的颜色：blue green orange red"),
    **{f"body{n}": ("markdown", f"正文第{n}段") for n in range(1, LIMITS.texts + 1)},
    "form": ("form", "要填的各项"),
    "form_status": ("string", "normal 可填，disabled 不可填，空则不显示"),
    "form_btn_text": ("string", "提交按钮上的字"),
    "action": ("string", "提交时回传"),
    "token": ("string", "卡片令牌，随每次点击回传"),
    "buttons": ("buttonGroup", "其余按钮"),
    "note": ("string", "末尾的小字"),
    "lastMessage": ("string", "会话列表里的一行"),
}


def export() -> str:
    """The file's text."""
    whole = {
        "editorData": json.dumps(_editor(), ensure_ascii=False),
        "widgetInfo": "",
        "type": "im",
        "mode": "card",
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _editor() -> dict[str, Any]:
    nodes = _nodes()
    names = dict.fromkeys(["Card", *(node["componentName"] for node in nodes)])
    return {
        "schemaVersion": "3.0.0",
        "schema": {
            "version": "1.0.0",
            "componentsMap": [_component(name) for name in names],
            "componentsTree": [_node(0, "Card", nodes, summaryContent=_bound("lastMessage"))],
            "i18n": {},
        },
        "mockData": {},
        "editVersion": 0,
        "customWidgetInfo": "",
        "useCustomWidgetInfo": False,
        "variableList": [_variable(name, *found) for name, found in VARIABLES.items()],
        "formList": [],
        "customContextList": [],
        "expList": [],
        "localList": [],
        "hsfList": [],
        "lwpList": [],
        "pageData": {},
        "extension": {
            "extendType": "NORMAL",
            "fileTypeList": [{"fileName": "event_chain", "fileSource": "{}", "fileType": "json"}],
        },
    }


def _nodes() -> list[dict[str, Any]]:
    """From top to bottom."""
    bodies = [f"body{n}" for n in range(1, LIMITS.texts + 1)]
    return [
        _node(1, "CardHeaderV2", title=_text("${title}"), color=_chosen("tone", "blue")),
        _node(2, "BaseText", text=_text("${lead}"), visible=_filled("lead")),
        *(_node(3 + n, "Markdown", content=_markdown(b), visible=_filled(b)) for n, b in enumerate(bodies)),
        _node(
            7,
            "Form",
            id="form",
            formSchema=_bound("form"),
            submitText=_text("${form_btn_text}"),
            status=_chosen("form_status", "normal"),
            visible=_filled("form_status"),
            actionType="request",
            params=[_param("token"), _param("action"), _param("form", "current_form")],
        ),
        _node(8, "ButtonGroup", buttonsSource="variable", dynamicButtons=_bound("buttons")),
        _node(9, "BaseText", text=_text("${note}"), visible=_filled("note")),
    ]


def _component(name: str) -> dict[str, Any]:
    return {
        "package": "@ali/dxComponent",
        "version": "1.0.0",
        "exportName": name,
        "main": "./src/index.tsx",
        "destructuring": False,
        "subName": "",
        "componentName": name,
    }


def _node(
    number: int, name: str, children: list[dict[str, Any]] | None = None, **props: Any
) -> dict[str, Any]:
    return {
        "componentName": name,
        "id": f"node_jixiao{number:02}",
        "props": props,
        "hidden": False,
        "title": "",
        "isLocked": False,
        "condition": True,
        "conditionGroup": "",
        **({"children": children} if children else {}),
    }


def _variable(name: str, kind: str, description: str) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "type": kind,
        "private": False,
        "description": description,
        "editorVarType": "variables",
    }


def _text(content: str) -> dict[str, Any]:
    return {"type": "dynamicString", "content": content, "i18n": False}


def _bound(name: str) -> dict[str, Any]:
    return {"type": "variableValue", "variableType": "global", "variable": name}


def _markdown(name: str) -> dict[str, Any]:
    return {
        "type": "dynamicMarkdown",
        "valueType": "variable",
        "value": "",
        "variable": name,
        "variableType": "global",
    }


def _chosen(name: str, otherwise: str) -> dict[str, Any]:
    return {
        "type": "dynamicSelect",
        "valueType": "variable",
        "value": otherwise,
        "variable": name,
        "variableType": "global",
    }


def _param(name: str, sent_as: str = "") -> dict[str, Any]:
    return {
        "type": "variable",
        "variable": name,
        "value": "",
        "name": sent_as or name,
        "variableType": "global",
        "id": sent_as or name,
    }


def _filled(name: str) -> dict[str, Any]:
    """Shown when the variable is not empty."""
    condition = {
        "type": "variable",
        "variable": name,
        "variableType": "global",
        "op": "isNotEmpty",
        "value": "",
        "valueType": "fixed",
        "valueVariableType": "global",
    }
    return {
        "type": "dynamicVisible",
        "value": True,
        "valueType": "condition",
        "condition": {"op": "and", "conditions": [condition]},
    }
