"""What the two simulated skins can draw, and how long each part of a message may be."""

from __future__ import annotations

from platforms.common.limits import Limits
from platforms.wecom import capabilities as wecom

SKINS = ("dingtalk", "wecom")

#: A skin without ``form`` gets the questions as one text to answer in a line; without ``inline`` pictures and
#: files are messages of their own.
CAN = {
    "dingtalk": frozenset({"text", "card", "button", "form", "picture", "file", "inline", "replace"}),
    "wecom": frozenset({"text", "card", "button", "picture", "file"}),
}


LIMITS = {
    # The card's own template decides; these keep a card readable on one phone screen width.
    "dingtalk": Limits(
        title=120,
        lead=240,
        subtitle=4000,
        rows=60,
        row_label=40,
        row_value=240,
        buttons=10,
        button=20,
        inputs=80,
        text=20000,
    ),
    "wecom": wecom.LIMITS,
}
