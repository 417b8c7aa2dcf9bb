"""What the two simulated skins can draw, and how long each part of a message may be."""

from __future__ import annotations

from dataclasses import dataclass

SKINS = ("dingtalk", "wecom")

#: A skin without ``form`` gets the questions as one text to answer in a line; without ``inline`` pictures and
#: files are messages of their own.
CAN = {
    "dingtalk": frozenset({"text", "card", "button", "form", "picture", "file", "inline", "replace"}),
    "wecom": frozenset({"text", "card", "button", "picture", "file"}),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Greatest lengths in characters (``text`` in UTF-8 bytes) and greatest numbers of parts."""

    title: int
    lead: int
    subtitle: int
    rows: int
    row_label: int
    row_value: int
    buttons: int
    button: int
    inputs: int
    text: int


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
    # The smaller of the published sets for 企业微信 template cards (application and group robot).
    "wecom": Limits(
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
    ),
}
