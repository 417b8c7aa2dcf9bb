"""A card as the messages 企业微信 takes: a template card, then files, texts and a card of choices; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from bot.cards.card import Button, Card, Input, Style, Tone
from platforms.common.shorten import shorten
from platforms.wecom.capabilities import CHOICES
from platforms.wecom.layout import Layout, lay_out

#: the line above a card that says whose it is, and how its colour reads.
SOURCE = "绩监通"
TONES = {Tone.PLAIN: 0, Tone.WARN: 1, Tone.BAD: 2, Tone.GOOD: 3}
STYLES = {Style.PRIMARY: 1, Style.PLAIN: 2, Style.DANGER: 3}
#: where a tap on a card without buttons leads when no other page is set; a notice must lead somewhere.
HOME = "https://work.weixin.qq.com/"
#: a drop-down always has something selected, so it begins with this, and this is read as no answer.
UNCHOSEN = "_"
UNCHOSEN_LABEL = "请选择"
CHOICE_TITLE = "选一下，再点下面"
DONE = "已收到"


def draw(
    card: Card, token: str, task: str, home: str = HOME, laid: Layout | None = None
) -> list[dict[str, Any]]:
    """The messages in the order a phone shows them. ``task`` is the unique id of the template card, ``laid`` the
    card's layout where it is known already.

    A picture or file is ``{"msgtype": "image" or "file", "name"}``: its content is uploaded when it is sent.
    """
    laid = laid or lay_out(card)
    messages = [template(_main(laid, token, task, card.tone, home))]
    messages += [{"msgtype": PART[kind], "name": file.name} for kind, file in laid.attached]
    messages += [{"msgtype": "text", "text": {"content": text}} for text in laid.texts]
    if laid.choices and laid.submit:
        messages.append(template(_choices(laid.choices, laid.submit, token, f"{task}-c")))
    return messages


def replacement(card: Card, token: str, home: str = HOME) -> dict[str, Any]:
    """The template card alone, to stand in the place of an earlier one; it keeps the earlier one's task."""
    return _main(lay_out(card), token, "", card.tone, home)


def notice(card: Card, hint: str, home: str = HOME, laid: Layout | None = None) -> list[dict[str, Any]]:
    """The card where nothing can call back: its words without its buttons, and where to answer instead."""
    laid = laid or lay_out(card)
    shown = _head(laid, card.tone) | {"card_type": "text_notice", "card_action": {"type": 1, "url": home}}
    hints = (hint,) if card.buttons or card.inputs else ()
    return [
        template(shown),
        *({"msgtype": PART[kind], "name": file.name} for kind, file in laid.attached),
        *({"msgtype": "text", "text": {"content": text}} for text in (*laid.texts, *hints)),
    ]


PART = {"picture": "image", "file": "file"}


def template(card: dict[str, Any]) -> dict[str, Any]:
    """A template card as a message."""
    return {"msgtype": "template_card", "template_card": card}


def task_id(token: str, users: Sequence[str]) -> str:
    """The same for the same card to the same people, so a repeated call repeats itself exactly; else unique."""
    people = hashlib.sha256("|".join(sorted(users)).encode()).hexdigest()[:12]
    return f"{token}@{people}"


def key(token: str, action: str) -> str:
    """What a tap brings back: the card's token and the action."""
    return f"{token}.{action}"


def _main(laid: Layout, token: str, task: str, tone: Tone, home: str) -> dict[str, Any]:
    head = _head(laid, tone)
    if not laid.buttons:
        return head | {"card_type": "text_notice", "card_action": {"type": 1, "url": home}}
    named = {"task_id": task} if task else {}
    buttons = [_button(token, b) for b in laid.buttons]
    return head | {"card_type": "button_interaction", **named, "button_list": buttons}


def _head(laid: Layout, tone: Tone) -> dict[str, Any]:
    rows = [{"keyname": label, "value": value} for label, value in laid.rows if label and value]
    return {
        "source": {"desc": SOURCE, "desc_color": TONES[tone]},
        "main_title": {"title": laid.title or SOURCE, **({"desc": laid.lead} if laid.lead else {})},
        **({"sub_title_text": laid.text} if laid.text else {}),
        **({"horizontal_content_list": rows} if rows else {}),
    }


def _button(token: str, button: Button) -> dict[str, Any]:
    return {
        "type": 0,
        "text": button.label or DONE,
        "style": STYLES[button.style],
        "key": key(token, button.action),
    }


def _choices(choices: Sequence[Input], submit: Button, token: str, task: str) -> dict[str, Any]:
    """One question is a vote with nothing ticked; several are drop-downs that begin with 请选择. Nothing is chosen
    for anybody: a suggestion is told in words and counts only when the person sends it."""
    shown = _vote(choices[0]) if len(choices) == 1 else _selects(choices)
    sent = {"text": submit.label, "key": key(token, submit.action)}
    return shown | {"source": {"desc": SOURCE}, "task_id": task, "submit_button": sent}


def _vote(choice: Input) -> dict[str, Any]:
    options = [
        {"id": value, "text": shorten(label, CHOICES.vote_option), "is_checked": False}
        for value, label in choice.options
    ]
    described = shorten("\n".join(filter(None, (choice.label, choice.hint))), CHOICES.description)
    return {
        "card_type": "vote_interaction",
        "main_title": {"title": CHOICE_TITLE, "desc": described},
        "checkbox": {"question_key": choice.key, "mode": 0, "option_list": options},
    }


def _selects(choices: Sequence[Input]) -> dict[str, Any]:
    return {
        "card_type": "multiple_interaction",
        "main_title": {"title": CHOICE_TITLE},
        "select_list": [_select(choice) for choice in choices],
    }


def _select(choice: Input) -> dict[str, Any]:
    options = [
        {"id": value, "text": shorten(label, CHOICES.option)}
        for value, label in ((UNCHOSEN, UNCHOSEN_LABEL), *choice.options)
    ]
    title = shorten(choice.label, CHOICES.description)
    return {
        "question_key": choice.key,
        "title": title,
        "selected_id": UNCHOSEN,
        "option_list": options,
    }
