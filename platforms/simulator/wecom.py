"""A card the way 企业微信 shows it on a simulated phone: the same layout as on the real one."""

from __future__ import annotations

from typing import Any

from bot.cards.card import Card
from platforms.wecom.layout import Layout, lay_out


def draw(card: Card, token: str) -> dict[str, Any]:
    """The messages in the order a phone shows them, and the names of the parts that were reduced."""
    laid = lay_out(card)
    attached = [{"kind": kind, "name": file.name} for kind, file in laid.attached]
    texts = [{"kind": "text", "text": text} for text in laid.texts]
    template = _template(laid, token, str(card.tone))
    return {"messages": [template, *attached, *texts], "degraded": list(laid.degraded)}


def _template(laid: Layout, token: str, tone: str) -> dict[str, Any]:
    return {
        "kind": "card",
        "card_type": "button_interaction" if laid.buttons else "text_notice",
        "token": token,
        "title": laid.title,
        "lead": laid.lead,
        "tone": tone,
        "rows": [{"label": label, "value": value, "mark": ""} for label, value in laid.rows],
        "text": laid.text,
        "inputs": [],
        "submit": None,
        "buttons": [{"action": b.action, "label": b.label, "style": str(b.style)} for b in laid.buttons],
        "picture": None,
        "files": [],
        "note": "",
    }
