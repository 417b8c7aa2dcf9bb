"""A card the way 企业微信 shows it: a template card within its limits, and plain messages for the rest."""

from __future__ import annotations

from typing import Any

from bot.cards.card import Button, Card, Row
from platforms.simulator.batch import questions
from platforms.simulator.capabilities import LIMITS
from platforms.simulator.shorten import pieces, shorten

LIMIT = LIMITS["wecom"]
REST = "卡片上放不下的，全文在这里："


def draw(card: Card, token: str) -> dict[str, Any]:
    """The messages in the order a phone shows them, and the names of the parts that were reduced."""
    lost = _lost(card)
    asked = questions(card.inputs) if card.inputs else ()
    attached = ([_part("picture", card.picture.name)] if card.picture else []) + [
        _part("file", f.name) for f in card.files
    ]
    rest = (REST, *(line for lines in lost.values() for line in lines)) if lost else ()
    texts = [{"kind": "text", "text": t} for lines in (rest, asked) for t in pieces(_safe(lines), LIMIT.text)]
    degraded = list(lost) + (["inputs"] if card.inputs else [])
    return {"messages": [_template(card, token), *attached, *texts], "degraded": degraded}


def _template(card: Card, token: str) -> dict[str, Any]:
    buttons = _buttons(card)[: LIMIT.buttons]
    return {
        "kind": "card",
        "card_type": "button_interaction" if buttons else "text_notice",
        "token": token,
        "title": shorten(card.title, LIMIT.title),
        "lead": shorten(card.lead, LIMIT.lead),
        "tone": str(card.tone),
        "rows": [_row(r) for r in _fitting_rows(card)[: LIMIT.rows]],
        "text": shorten(_subtitle(card), LIMIT.subtitle),
        "inputs": [],
        "submit": None,
        "buttons": [
            {"action": b.action, "label": shorten(b.label, LIMIT.button), "style": str(b.style)}
            for b in buttons
        ],
        "picture": None,
        "files": [],
        "note": "",
    }


def _buttons(card: Card) -> tuple[Button, ...]:
    """The submit button comes along once nothing must be typed first; the text reply does its work before."""
    typed_first = any(i.problem or (i.required and not i.value) for i in card.inputs)
    return card.buttons if typed_first or not card.submit else (card.submit, *card.buttons)


def _subtitle(card: Card) -> str:
    return "\n".join(filter(None, (card.text, card.note)))


def _fitting_rows(card: Card) -> list[Row]:
    return [r for r in card.rows if len(r.label) <= LIMIT.row_label]


def _value(row: Row) -> str:
    return f"{row.mark} {row.value}" if row.mark else row.value


def _row(row: Row) -> dict[str, str]:
    return {"label": row.label, "value": shorten(_value(row), LIMIT.row_value), "mark": ""}


def _lost(card: Card) -> dict[str, list[str]]:
    """By part, the full lines of everything the template card cannot show whole."""
    kept = _fitting_rows(card)[: LIMIT.rows]
    rows = [r for r in card.rows if r not in kept or len(_value(r)) > LIMIT.row_value]
    labels = [b.label for b in _buttons(card)]
    cut = [label for n, label in enumerate(labels) if n >= LIMIT.buttons or len(label) > LIMIT.button]
    found = {
        "title": [card.title] if len(card.title) > LIMIT.title else [],
        "lead": [card.lead] if len(card.lead) > LIMIT.lead else [],
        "rows": [f"{r.label}：{_value(r)}" for r in rows],
        "text": _subtitle(card).split("\n") if len(_subtitle(card)) > LIMIT.subtitle else [],
        "buttons": [f"按钮：{'、'.join(cut)}"] if cut else [],
    }
    return {part: lines for part, lines in found.items() if lines}


def _safe(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Texts of 企业微信 turn ``<a href>`` into a link and @所有人 into a call to everybody: ours never do (M09)."""
    return tuple(line.replace("<", "＜").replace("@", "＠") for line in lines)


def _part(kind: str, name: str) -> dict[str, str]:
    return {"kind": kind, "name": name}
