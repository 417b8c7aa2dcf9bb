"""A button as words somebody sends by tapping a link (dtmd), for messages that are no cards; such words read back."""

from __future__ import annotations

import re
from urllib.parse import quote

from bot.cards.card import Button

SEND = "dtmd://dingtalkclient/sendMessage?content="
#: ``确认提交〔token submit〕``: what the person sees as sent, then what we need to know.
_SAID = re.compile(r"\s*[^〔〕]{0,200}〔([A-Za-z0-9_-]{8,80}) ([^〔〕\s]{1,120})〕\s*")


def words(button: Button, token: str) -> str:
    """What the chat shows as said once the button was tapped."""
    return f"{button.label}〔{token} {button.action}〕"


def link(button: Button, token: str) -> str:
    """The address behind the button in a Markdown message."""
    return SEND + quote(words(button, token), safe="")


def said(line: str) -> tuple[str, str] | None:
    """(token, action) of a line that came from such a link; None for anything a person typed."""
    found = _SAID.fullmatch(line)
    return (found[1], found[2]) if found else None
