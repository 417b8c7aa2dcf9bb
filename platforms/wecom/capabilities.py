"""What 企业微信 can show of a card, and how long each part may be."""

from __future__ import annotations

from dataclasses import dataclass

from platforms.common.limits import Limits

#: no ``form``: no card of 企业微信 takes a number or a text; no ``inline``: pictures and files are messages.
CAN = frozenset({"text", "card", "button", "picture", "file", "vote", "select"})

#: the smaller of the published sets for template cards (application and 智能机器人).
LIMITS = Limits(
    title=26,
    lead=30,
    subtitle=112,
    rows=6,
    row_label=5,
    row_value=26,
    buttons=6,
    button=10,
    inputs=0,
    text=2048,
)


@dataclass(frozen=True, slots=True)
class ChoiceLimits:
    """Greatest lengths and numbers of a vote or selection card. A key or an option's id is limited in bytes."""

    vote_title: int = 16
    description: int = 160
    selects: int = 3
    options: int = 10
    option: int = 16
    vote_options: int = 20
    vote_option: int = 17
    key: int = 1024
    option_id: int = 128


CHOICES = ChoiceLimits()

#: how many people one call reaches; a file, a picture in bytes; a 智能机器人 markdown in bytes.
RECIPIENTS = 1000
FILE_BYTES = 20 * 1024 * 1024
PICTURE_BYTES = 2 * 1024 * 1024
MARKDOWN_BYTES = 20480
