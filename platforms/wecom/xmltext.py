"""XML as the callback speaks it: read strictly into a plain dict, and written so that no text breaks out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring as _careful

#: greatest number of characters and of levels a message may have.
TEXT_LIMIT = 256 * 1024
DEPTH = 6
#: elements that may come several times; any other element twice is refused (M06).
REPEATED = frozenset({"SelectedItem", "OptionId", "item"})

#: how a DTD begins; where these letters are nowhere in a text there is none, and no entity but the five of XML. Where
#: they are, perhaps only in somebody's words, the slower careful parser decides.
DTD = "<!DOCTYPE"

#: what no XML may hold and people's words sometimes do (a line break of Word is 0x0B): left out, the words are kept.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Node = str | dict[str, Any]


class BadXml(Exception):
    """Not a message: broken, too large, too deep, with a DTD, or with an element twice."""


def parse(text: str) -> dict[str, Any]:
    """The children of ``<xml>`` by name: texts, dicts, and lists for elements that may repeat. Raises BadXml."""
    if len(text) > TEXT_LIMIT:
        raise BadXml("too large")
    text = UNSEEN.sub("", text)
    try:
        root = _careful(text, forbid_dtd=True) if DTD in text else fromstring(text)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise BadXml(type(error).__name__) from None
    if root.tag != "xml":
        raise BadXml("not <xml>")
    found = _node(root, DEPTH)
    if isinstance(found, str):
        raise BadXml("no elements")
    return found


def _node(element: Element, depth: int) -> Node:
    if not depth:
        raise BadXml("too deep")
    if not len(element):
        return element.text or ""
    found: dict[str, Any] = {}
    for child in element:
        value = _node(child, depth - 1)
        if child.tag in REPEATED:
            found.setdefault(child.tag, []).append(value)
        elif child.tag in found:
            raise BadXml("an element twice")
        else:
            found[child.tag] = value
    return found


def render(message: Mapping[str, Any]) -> str:
    """``<xml>…</xml>``; a list becomes repeated elements, numbers and truth values stand bare."""
    return f"<xml>{_inside(message)}</xml>"


def _inside(value: Mapping[str, Any]) -> str:
    return "".join(_element(name, each) for name, each in value.items())


def _element(name: str, value: Any) -> str:
    if isinstance(value, list | tuple):
        return "".join(_element(name, each) for each in value)
    if isinstance(value, Mapping):
        return f"<{name}>{_inside(value)}</{name}>"
    if isinstance(value, bool):
        return f"<{name}>{str(value).lower()}</{name}>"
    return f"<{name}>{value if isinstance(value, int) else cdata(str(value))}</{name}>"


def cdata(text: str) -> str:
    """A text as CDATA; ``]]>`` inside it is divided so that it ends nothing."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


#: names whose XML form is not simply the JSON name in capitals.
NAMES = {
    "keyname": "KeyName",
    "userid": "UserId",
    "appid": "AppId",
    "pagepath": "PagePath",
    "checkbox": "CheckBox",
}


def camel(value: Any) -> Any:
    """A card as the JSON interface takes it with the names of the XML one: ``main_title`` -> ``MainTitle``."""
    if isinstance(value, Mapping):
        return {_name(key): camel(each) for key, each in value.items()}
    return [camel(each) for each in value] if isinstance(value, list | tuple) else value


def _name(key: str) -> str:
    return NAMES.get(key) or "".join(part.capitalize() for part in key.split("_"))
