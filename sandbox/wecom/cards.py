"""The five template cards: which fields each has, their limits, and the rules across fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sandbox.wecom.errors import Refusal
from sandbox.wecom.schema import (
    Checker,
    Field,
    Shape,
    advised,
    flag,
    octets,
    one_of,
    text,
    thing,
    things,
)

Card = Mapping[str, Any]

INTERACTIVE = ("button_interaction", "vote_interaction", "multiple_interaction")
#: the selectors of a card, and whether it has several of them.
SELECTORS = {"button_selection": False, "checkbox": False, "select_list": True}
TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
KEY = 1024

LINK: Shape = {"url": octets(2048), "appid": text(), "pagepath": text()}
PLAIN_SOURCE: Shape = {"icon_url": octets(2048), "desc": advised(20)}
SOURCE: Shape = {**PLAIN_SOURCE, "desc_color": one_of(0, 1, 2, 3)}
MENU: Shape = {
    "desc": text(),
    "action_list": things(
        {"text": text(need=True, code=42051), "key": octets(KEY, need=True, code=42051)},
        1,
        3,
        need=True,
        count_code=42051,
    ),
}
QUOTE: Shape = {"type": one_of(0, 1, 2), **LINK, "title": text(), "quote_text": text()}
ROW: Shape = {
    "type": one_of(0, 1, 2, 3),
    "keyname": advised(5, need=True, code=42027),
    "value": advised(30),
    "url": octets(2048),
    "media_id": text(),
    "userid": text(),
}
JUMP: Shape = {"type": one_of(0, 1, 2), "title": advised(18, need=True, code=42033), **LINK}
OPTION: Shape = {
    "id": octets(128, need=True, code=42040),
    "text": advised(16, need=True, code=42041),
}
SELECTION: Shape = {
    "question_key": octets(KEY, need=True, code=42043),
    "title": text(),
    "option_list": things(OPTION, 1, 10, need=True, code=42037),
    "selected_id": octets(128),
}
CHECKBOX: Shape = {
    "question_key": octets(KEY, need=True, code=42043),
    "mode": one_of(0, 1),
    "option_list": things(
        {
            "id": octets(128, need=True, code=42040),
            "text": advised(17, need=True, code=42041),
            "is_checked": flag(),
        },
        1,
        20,
        need=True,
        code=42037,
    ),
}
BUTTON: Shape = {
    "type": one_of(0, 1),
    "text": advised(10, need=True, code=42038),
    "style": one_of(1, 2, 3, 4),
    "key": octets(KEY, code=42018),
    "url": octets(2048),
}
SUBMIT: Shape = {
    "text": advised(10, need=True, code=42049),
    "key": octets(KEY, need=True, code=42046),
}
IMAGE: Shape = {"url": octets(2048, need=True, code=42044), "aspect_ratio": Field(float)}
IMAGE_TEXT: Shape = {
    "type": one_of(0, 1, 2),
    **LINK,
    "title": text(),
    "desc": text(),
    "image_url": octets(2048, need=True, code=42044),
}


def _title(title: int, desc: int, *, need: bool) -> Field:
    inside = {"title": advised(title, need=need, code=42033), "desc": advised(desc)}
    return thing(inside, need=need, code=42033)


_ROWS: Shape = {"horizontal_content_list": things(ROW, 0, 6, code=42035)}
_NOTICE: Shape = {
    "source": thing(SOURCE),
    "action_menu": thing(MENU),
    "quote_area": thing(QUOTE),
    "jump_list": things(JUMP, 0, 3, code=42042),
    "card_action": thing({"type": one_of(1, 2, code=42045), **LINK}, need=True, code=42045),
    **_ROWS,
}
SHAPES: dict[str, Shape] = {
    "text_notice": {
        **_NOTICE,
        "main_title": _title(36, 44, need=False),
        "emphasis_content": thing({"title": advised(14), "desc": advised(22)}),
        "sub_title_text": advised(160),
    },
    "news_notice": {
        **_NOTICE,
        "main_title": _title(36, 44, need=True),
        "vertical_content_list": things(
            {"title": advised(38, need=True, code=42033), "desc": advised(160)}, 0, 4, code=42036
        ),
        "card_image": thing(IMAGE),
        "image_text_area": thing(IMAGE_TEXT),
    },
    "button_interaction": {
        "source": thing(SOURCE),
        "action_menu": thing(MENU),
        "main_title": _title(36, 44, need=True),
        "quote_area": thing(QUOTE),
        "sub_title_text": advised(160),
        **_ROWS,
        "card_action": thing({"type": one_of(0, 1, 2, code=42045), **LINK}),
        "button_selection": thing(SELECTION),
        "button_list": things(BUTTON, 1, 6, need=True, code=42038),
    },
    "vote_interaction": {
        "source": thing(PLAIN_SOURCE),
        "main_title": _title(16, 160, need=True),
        "checkbox": thing(CHECKBOX, need=True, code=42043),
        "submit_button": thing(SUBMIT, need=True, code=42046),
    },
    "multiple_interaction": {
        "source": thing(PLAIN_SOURCE),
        "main_title": _title(36, 160, need=True),
        "select_list": things(SELECTION, 1, 3, need=True, code=42047),
        "submit_button": thing(SUBMIT, need=True, code=42046),
    },
}
#: what a card that replaces another may say besides: how its dead button reads, which selectors are shut.
DISABLE: Shape = {"disable": flag()}


def check_card(card: Any, checker: Checker, *, update: bool = False, bot: bool = False) -> None:
    """Raises Refusal with the documented code for the first rule a card breaks."""
    if not isinstance(card, dict) or card.get("card_type") not in SHAPES:
        raise Refusal(42031, str(card.get("card_type") if isinstance(card, dict) else card))
    checker.check(card, _shape(card["card_type"], update=update, bot=bot), "template_card")
    for rule in RULES:
        rule(card)
    if not update:
        _task_id(card)


def _shape(card_type: str, *, update: bool, bot: bool) -> Shape:
    found: Shape = {"card_type": text(need=True), "task_id": text(), **SHAPES[card_type]}
    if bot:
        found = _for_bot(found)
    if update:
        found |= {"replace_text": text()}
        for name in SELECTORS.keys() & found.keys():
            rule = found[name]
            found[name] = Field(
                rule.type,
                need=rule.need,
                least=rule.least,
                most=rule.most,
                code=rule.code,
                inside={**(rule.inside or {}), **DISABLE},
            )
    return found


def _for_bot(shape: Shape) -> Shape:
    """A bot's card: no file in a row, and a jump that asks the bot a question."""
    row = {name: rule for name, rule in ROW.items() if name != "media_id"} | {"type": one_of(0, 1, 3)}
    jump = {**JUMP, "type": one_of(0, 1, 2, 3), "question": text(200)}
    own: Shape = {
        "horizontal_content_list": things(row, 0, 6, code=42035),
        "jump_list": things(jump, 0, 3, code=42042),
    }
    return shape | {name: rule for name, rule in own.items() if name in shape}


def callable_card(card: Card) -> bool:
    """Whether a tap on it calls back; then it needs a task_id and the app a callback URL."""
    if card.get("card_type") == "button_interaction":
        # Buttons that only open a page need no callback.
        only_links = all(b.get("type") == 1 for b in card.get("button_list", ()))
        return not only_links or "action_menu" in card
    return card.get("card_type") in INTERACTIVE or "action_menu" in card


def has_code(card: Card) -> bool:
    """Whether sending it answers a response_code."""
    return card.get("card_type") in INTERACTIVE or "action_menu" in card


def selectors(card: Card) -> list[tuple[str, Card]]:
    """Every selector of a card with the name of its field, in order."""
    found: list[tuple[str, Card]] = []
    for name, several in SELECTORS.items():
        if name in card:
            found += [(name, each) for each in (card[name] if several else [card[name]])]
    return found


def _task_id(card: Card) -> None:
    needed = has_code(card)
    if needed != ("task_id" in card):
        raise Refusal(42014, "missing" if needed else "only with action_menu")
    if needed and not TASK_ID.fullmatch(card["task_id"]):
        raise Refusal(42014, f"{card['task_id']!r}")


def _headed(card: Card) -> None:
    if card["card_type"] == "text_notice" and not (
        card.get("main_title", {}).get("title") or card.get("sub_title_text")
    ):
        raise Refusal(42033, "main_title.title or sub_title_text")


def _pictured(card: Card) -> None:
    if card["card_type"] == "news_notice" and ("card_image" in card) == ("image_text_area" in card):
        raise Refusal(42044, "one of card_image and image_text_area")
    ratio = card.get("card_image", {}).get("aspect_ratio", 1.3)
    if not 1.3 <= ratio <= 2.25:
        raise Refusal(42044, f"aspect_ratio {ratio}")


def _links(card: Card) -> None:
    """What a type of link or row calls for must be there."""
    for where, part in _typed(card):
        for kind, name, code in NEEDS:
            if part.get("type", 0) == kind and where in name[1] and not part.get(name[0]):
                raise Refusal(code, f"{where}.{name[0]}")


_LINKED = ("card_action", "jump_list", "quote_area", "image_text_area", "horizontal_content_list")
NEEDS: tuple[tuple[int, tuple[str, tuple[str, ...]], int], ...] = (
    (1, ("url", (*_LINKED, "button_list")), 42028),
    (2, ("appid", ("card_action", "jump_list", "quote_area", "image_text_area")), 42030),
    (2, ("media_id", ("horizontal_content_list",)), 42029),
    (3, ("userid", ("horizontal_content_list",)), 42050),
    (3, ("question", ("jump_list",)), 40058),
    (0, ("key", ("button_list",)), 42039),
)


def _typed(card: Card) -> Iterator[tuple[str, Card]]:
    for name in ("card_action", "quote_area", "image_text_area"):
        if name in card:
            yield name, card[name]
    for name in ("jump_list", "horizontal_content_list", "button_list"):
        for part in card.get(name, ()):
            yield name, part


def _action(card: Card) -> None:
    if card["card_type"].endswith("_notice") and card["card_action"].get("type", 0) not in (1, 2):
        raise Refusal(42045, "type 1 or 2")


def _distinct(card: Card) -> None:
    """Keys and ids are unique within the card."""
    _unique((b.get("key") for b in card.get("button_list", ())), 42019)
    _unique((a["key"] for a in card.get("action_menu", {}).get("action_list", ())), 42051)
    _unique((each["question_key"] for _, each in selectors(card)), 42043)
    for _, each in selectors(card):
        ids = [option["id"] for option in each["option_list"]]
        _unique(ids, 42040)
        if each.get("selected_id") and each["selected_id"] not in ids:
            raise Refusal(42040, f"selected_id {each['selected_id']!r}")


def _unique(values: Iterable[str | None], code: int) -> None:
    seen: set[str] = set()
    for value in values:
        if value and value in seen:
            raise Refusal(code, f"repeated: {value!r}")
        seen.add(value or "")


RULES: tuple[Callable[[Card], None], ...] = (_headed, _pictured, _action, _links, _distinct)
