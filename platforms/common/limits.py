"""How long each part of a message may be on a platform."""

from __future__ import annotations

from dataclasses import dataclass


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
