"""A card's words as DingTalk Markdown: what people wrote can call nobody, link nowhere and colour nothing (M09)."""

from __future__ import annotations

import re

from bot.cards.card import Card, Row

#: a message breaks a line by two blanks and a newline.
BREAK = "  \n"
_PLAIN = str.maketrans("<>[]@`*_|~\\", "＜＞［］＠｀＊＿｜～＼")
_HEAD = re.compile(r"^(\s*)#", re.MULTILINE)


def plain(text: str) -> str:
    """The same words without a sign that Markdown would read."""
    return _HEAD.sub(r"\1＃", text.translate(_PLAIN)).replace("://", "：//")


def row(found: Row) -> str:
    """``**支出**　201.35万元``, with its mark in front."""
    return " ".join(filter(None, (found.mark, f"**{plain(found.label)}**　{plain(found.value)}")))


def body(card: Card) -> list[str]:
    """The rows and the text, a line each."""
    return [*map(row, card.rows), *filter(None, plain(card.text).split("\n"))]


def whole(card: Card) -> list[str]:
    """Everything that is words, for a message without a frame of its own."""
    head = [f"### {plain(card.title)}", *([plain(card.lead)] if card.lead else [])]
    return [*head, *body(card)]
