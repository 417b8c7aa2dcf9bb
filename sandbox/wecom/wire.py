"""The XML of callbacks: what is pushed, and what an answer to it may say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

#: a value of a pushed message: a text, a number, elements within, or one element several times.
Value = str | int | Mapping[str, Any] | list[Any]

#: JSON names of the elements of a card in an answer; what is a list there repeats its element here.
NAMES = {
    "CardType": "card_type",
    "Source": "source",
    "IconUrl": "icon_url",
    "Desc": "desc",
    "DescColor": "desc_color",
    "MainTitle": "main_title",
    "Title": "title",
    "SubTitleText": "sub_title_text",
    "HorizontalContentList": "horizontal_content_list",
    "Type": "type",
    "KeyName": "keyname",
    "Value": "value",
    "Url": "url",
    "MediaId": "media_id",
    "UserId": "userid",
    "JumpList": "jump_list",
    "AppId": "appid",
    "PagePath": "pagepath",
    "CardAction": "card_action",
    "EmphasisContent": "emphasis_content",
    "ActionMenu": "action_menu",
    "ActionList": "action_list",
    "Text": "text",
    "Key": "key",
    "QuoteArea": "quote_area",
    "QuoteText": "quote_text",
    "CardImage": "card_image",
    "AspectRatio": "aspect_ratio",
    "VerticalContentList": "vertical_content_list",
    "ImageTextArea": "image_text_area",
    "ImageUrl": "image_url",
    "ButtonList": "button_list",
    "Style": "style",
    "ButtonSelection": "button_selection",
    "QuestionKey": "question_key",
    "SelectedId": "selected_id",
    "Disable": "disable",
    "OptionList": "option_list",
    "Id": "id",
    "CheckBox": "checkbox",
    "Checkbox": "checkbox",
    "Mode": "mode",
    "IsChecked": "is_checked",
    "SelectList": "select_list",
    "SubmitButton": "submit_button",
    "ReplaceText": "replace_text",
}
LISTS = (
    "HorizontalContentList",
    "JumpList",
    "ActionList",
    "VerticalContentList",
    "ButtonList",
    "OptionList",
    "SelectList",
)
NUMBERS = ("DescColor", "Type", "Style", "Mode")
FLAGS = ("Disable", "IsChecked")


class WireError(Exception):
    """An answer is not what the documentation describes; the text says where."""


def render(fields: Mapping[str, Value]) -> str:
    """``<xml>…</xml>``; texts as CDATA, numbers bare."""
    return f"<xml>{_inside(fields)}</xml>"


def _inside(fields: Mapping[str, Value]) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: Value) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if isinstance(value, Mapping):
        return f"<{name}>{_inside(value)}</{name}>"
    return f"<{name}>{value if isinstance(value, int) else cdata(value)}</{name}>"


def cdata(text: str) -> str:
    """A text no content of which can leave it."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def parse(document: str) -> Element:
    """The root of a document; WireError when it is not XML, has a DTD or entities, or another root."""
    try:
        root: Element = fromstring(document, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise WireError(f"not XML: {type(error).__name__}") from None
    if root.tag != "xml":
        raise WireError(f"root is {root.tag}")
    return root


def texts(root: Element, *names: str) -> dict[str, str]:
    """The texts of these elements; WireError when one is missing or there is another."""
    found = {child.tag: child.text or "" for child in root}
    if set(found) != set(names) or len(found) != len(root):
        raise WireError(f"has {[c.tag for c in root]}, expected {list(names)}")
    return found


def card_of(element: Element) -> dict[str, Any]:
    """A ``TemplateCard`` as the JSON of the same card."""
    found: dict[str, Any] = {}
    for child in element:
        if child.tag not in NAMES:
            raise WireError(f"no such element: {element.tag}.{child.tag}")
        name, value = NAMES[child.tag], _value(child)
        if child.tag in LISTS:
            found.setdefault(name, []).append(value)
        elif name in found:
            raise WireError(f"repeated: {element.tag}.{child.tag}")
        else:
            found[name] = value
    return found


def _value(element: Element) -> Any:
    if len(element):
        return card_of(element)
    text = element.text or ""
    if element.tag in FLAGS:
        return _flag(element.tag, text.strip())
    if element.tag in NUMBERS:
        if not text.strip().isdecimal():
            raise WireError(f"{element.tag} is not a number: {text!r}")
        return int(text)
    return float(text) if element.tag == "AspectRatio" else text


def _flag(tag: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise WireError(f"{tag} is neither true nor false: {text!r}")
    return text == "true"
