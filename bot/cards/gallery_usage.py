"""Samples of the card about a platform's month, with invented numbers."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cards import usage


@dataclass(frozen=True, slots=True)
class Used:
    """A month as a platform counts it."""

    calls: int
    warning: int
    month: str = "2026-10"
    calls_limit: int = 5000
    pushes: int = 1260
    pushes_limit: int = 3000


SAMPLES = (
    usage.warning("dingtalk", Used(3520, 70), 12),
    usage.warning("dingtalk", Used(5000, 100), 3),
    usage.warning("wecom", Used(4600, 90), 0),
)
