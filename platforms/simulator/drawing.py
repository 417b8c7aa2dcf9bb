"""A card as the payload of one skin; pure, and nothing of the card is lost in either (N23)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.cards.card import Attachment, Button, Card, Input, InputKind, Row, dump
from platforms.simulator import wecom
from platforms.simulator.capabilities import LIMITS

#: How many rows a card of 钉钉 keeps apart; the rest become lines of its text.
ROWS = LIMITS["dingtalk"].rows
#: Parts of a card that stay on the server: a payload that came back is never asked what it was about (S02).
SERVER_ONLY = ("subject", "version", "data")


def draw(card: Card, token: str, skin: str) -> dict[str, Any]:
    """What one phone gets: ``{"skin", "messages": [...], "degraded": [...]}``.

    A message is ``{"kind": "card", ...}``, ``{"kind": "text", "text"}``, ``{"kind": "picture", "name"}`` or
    ``{"kind": "file", "name"}``; ``degraded`` names the parts that were drawn as something less.
    Raises KeyError for an unknown skin.
    """
    return {"skin": skin, **DRAWERS[skin](card, token)}


def neutral(card: Card) -> dict[str, Any]:
    """The card before any skin drew it, without what must not leave the server."""
    shown = {k: v for k, v in dump(card).items() if k not in SERVER_ONLY}
    files = {"files": [_file(f) for f in card.files]} if card.files else {}
    picture = {"picture": _file(card.picture)} if card.picture else {}
    return {**shown, **files, **picture}


def _dingtalk(card: Card, token: str) -> dict[str, Any]:
    return {
        "messages": [
            {
                "kind": "card",
                "card_type": "form" if card.inputs else "card",
                "token": token,
                "title": card.title,
                "lead": card.lead,
                "tone": str(card.tone),
                "rows": [_row(r) for r in card.rows[:ROWS]],
                "text": "\n".join(filter(None, (*map(_line, card.rows[ROWS:]), card.text))),
                "inputs": [_input(i) for i in card.inputs],
                "submit": _button(card.submit) if card.submit else None,
                "buttons": [_button(b) for b in card.buttons],
                "picture": _file(card.picture) if card.picture else None,
                "files": [_file(f) for f in card.files],
                "note": card.note,
            }
        ],
        "degraded": ["rows"] if len(card.rows) > ROWS else [],
    }


def _line(row: Row) -> str:
    """A row that no longer fits among the rows, as a line of the text (F10)."""
    return " ".join(filter(None, (row.mark, f"{row.label}：{row.value}")))


def _row(row: Row) -> dict[str, str]:
    return {"label": row.label, "value": row.value, "mark": row.mark}


def _button(button: Button) -> dict[str, str]:
    return {"action": button.action, "label": button.label, "style": str(button.style)}


def _file(attachment: Attachment) -> dict[str, str]:
    return {"name": attachment.name, "kind": attachment.kind}


def _input(question: Input) -> dict[str, Any]:
    return {
        "key": question.key,
        "kind": str(question.kind),
        "label": question.label,
        "unit": question.unit,
        "hint": question.hint,
        "last": question.last,
        "same": _last_number(question) if question.kind is InputKind.NUMBER else "",
        "value": question.value,
        "options": [{"value": value, "label": label} for value, label in question.options],
        "problem": question.problem,
        "required": question.required,
    }


def _last_number(question: Input) -> str:
    """The bare number of ``上季 118.40``, what 同上季 fills in; '' when there is none."""
    word = question.last.split()[-1] if question.last.split() else ""
    number = word.removeprefix("上季").removesuffix(question.unit).replace(",", "")
    return number if number.replace(".", "", 1).isdecimal() and number.isascii() else ""


Drawer = Callable[[Card, str], dict[str, Any]]
DRAWERS: dict[str, Drawer] = {"dingtalk": _dingtalk, "wecom": wecom.draw}
