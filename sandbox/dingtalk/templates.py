"""Card templates as the card console imports them: the exported JSON read into variables and a tree of components."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.dingtalk.documented import FORM
from sandbox.fields import Anything, Many, Map, Object, Text, Truth

#: what the sandbox can draw, by the name the builder gives it.
COMPONENTS = frozenset(
    {
        *("Card", "StdCard", "Grid", "GridLayout", "Column", "ColumnLayout", "CollapsePanel", "Loop"),
        *("CardHeaderV2", "BaseText", "BaseTextBlock", "Markdown", "MarkdownBlock", "Tag", "Image"),
        *("Divider", "DividerBlock", "Form", "Input"),
        *("SingleButton", "ButtonList", "ButtonBlock", "ButtonGroup"),
    }
)
REFERENCE = re.compile(r"\$\{([\w.\[\]]+)\}")
_EVENT = Object({"type!": Text(among=("openLink", "sendCardRequest")), "params!": Map(Anything())})
_BUTTON = Object(
    {
        "text!": Text(),
        "color": Text(),
        "status": Text(among=("normal", "disabled", "loading")),
        "event!": _EVENT,
    }
)
#: the shape of a variable's value once its JSON is read, by the type the builder gives it.
SHAPES: Mapping[str, Any] = {
    "form": FORM,
    "buttonGroup": Many(_BUTTON),
    "loopArray": Many(Anything()),
    "object": Map(Anything()),
    "table": Object({"data!": Many(Map(Anything())), "meta!": Many(Map(Anything()))}),
    "boolean": Truth(),
}
TEXTS = ("string", "markdown")


class TemplateError(Exception):
    """A file cannot be imported as a template; the text says where."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of a template. A private one has a value per person."""

    name: str
    type: str
    private: bool
    description: str = ""

    def wrong(self, value: str) -> str:
        """Why a value does not fit; '' when it does."""
        if self.type in TEXTS:
            return ""
        try:
            parsed = json.loads(value)
        except (ValueError, RecursionError):
            return f"{self.name}: not the JSON of a {self.type}"
        if self.type == "number":
            fits = isinstance(parsed, (int, float)) and not isinstance(parsed, bool)
            return "" if fits else f"{self.name}: not a number"
        shape = SHAPES.get(self.type)
        return str(shape.wrong(parsed, self.name)) if shape else ""


@dataclass(slots=True)
class Template:
    """One template. Only a published one can be used."""

    id: str
    name: str
    variables: Mapping[str, Variable]
    tree: Sequence[Mapping[str, Any]]
    published: bool = True
    app: str = ""  # '' any app of the organisation

    def wrong(self, params: Mapping[str, str], *, private: bool) -> str:
        """Why values do not fit the template; '' when they do. ``private``: they are one person's."""
        for name, value in params.items():
            variable = self.variables.get(name)
            if variable is None and not name.startswith("sys_"):
                return f"{name}: the template has no such variable"
            if variable and variable.private != private:
                where = "privateData" if variable.private else "cardData"
                return f"{name}: belongs into {where}"
            if variable and (why := variable.wrong(value)):
                return why
        return ""


class Templates:
    """All templates of the organisation, by the id that goes into cardTemplateId."""

    def __init__(self) -> None:
        self.known: dict[str, Template] = {}

    def load(self, text: str, name: str = "", template_id: str = "", app: str = "") -> Template:
        """Import an exported file and publish it. Raises TemplateError."""
        variables, tree = read_export(text)
        template = Template(template_id or f"{secrets.token_hex(8)}.schema", name, variables, tree, app=app)
        self.known[template.id] = template
        return template


def read_export(text: str) -> tuple[dict[str, Variable], list[Mapping[str, Any]]]:
    """The variables and the component tree of an exported file. Raises TemplateError."""
    whole = _object(text, "文件")
    missing = {"editorData", "widgetInfo", "type", "mode"} - set(whole)
    if missing or whole.get("mode") != "card":
        raise TemplateError(f"这不是卡片平台导出的文件（缺 {'、'.join(sorted(missing)) or 'mode=card'}）")
    editor = _object(whole["editorData"], "editorData")
    try:
        variables = {v["name"]: _variable(v) for v in editor["variableList"]}
        tree = list(editor["schema"]["componentsTree"])
        mapped = {each["componentName"] for each in editor["schema"]["componentsMap"]}
    except (KeyError, TypeError) as error:
        raise TemplateError(f"editorData 里缺 {error}") from error
    _check(tree, mapped, variables)
    return variables, tree


def _object(text: Any, what: str) -> dict[str, Any]:
    try:
        read = json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise TemplateError(f"{what} 不是 JSON") from error
    if not isinstance(read, dict):
        raise TemplateError(f"{what} 不是一个对象")
    return read


def _variable(raw: Mapping[str, Any]) -> Variable:
    private, description = bool(raw.get("private")), str(raw.get("description") or "")
    return Variable(str(raw["name"]), str(raw["type"]), private, description)


def _check(tree: Sequence[Mapping[str, Any]], mapped: set[str], variables: Mapping[str, Variable]) -> None:
    """Every component is declared and known here, every variable it names is there."""
    if len(tree) != 1:
        raise TemplateError("componentsTree 应当只有一个根")
    for node in walk(tree):
        name = str(node.get("componentName"))
        if name not in mapped:
            raise TemplateError(f"组件 {name} 没有写在 componentsMap 里")
        if name not in COMPONENTS:
            raise TemplateError(f"沙箱不会画组件 {name}")
        unknown = {used for used in uses(node.get("props", {})) if _root(used) not in {*variables, "loop"}}
        if unknown:
            raise TemplateError(f"组件 {name} 用了没有的变量 {'、'.join(sorted(unknown))}")


def walk(nodes: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Every component below, parents first, those in slots too."""
    for node in nodes:
        yield node
        yield from walk(below(node))


def below(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The components directly inside one: its slots, then its children."""
    slots = [v for v in node.get("props", {}).values() if isinstance(v, dict) and v.get("type") == "JSSlot"]
    return [child for slot in slots for child in slot.get("value") or ()] + list(node.get("children") or ())


def uses(value: Any) -> Iterator[str]:
    """The variables a property names; slots are components of their own."""
    if isinstance(value, str):
        yield from REFERENCE.findall(value)
    elif isinstance(value, list):
        for each in value:
            yield from uses(each)
    elif isinstance(value, dict) and value.get("type") != "JSSlot":
        if isinstance(value.get("variable"), str) and value["variable"]:
            yield value["variable"]
        for each in value.values():
            yield from uses(each)


def _root(path: str) -> str:
    return re.split(r"[.\[]", path)[0]
