"""How dates, money and people are written on every card (UX §4 copy rules)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from regulation.amounts import exact_wan, format_wan
from regulation.annexes import Field, FieldKind
from regulation.roster import AttainmentLikelihood

LEVELS = frozenset(level.value for level in AttainmentLikelihood)
MARK_BY_LEVEL = {"red": "✕", "yellow": "△", "info": "✓"}


def clock(at: datetime) -> str:
    """``10月9日 14:32``."""
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def wan(value: Decimal | None) -> str:
    """``201.35万元``, or — when unknown."""
    return f"{format_wan(value)}万元" if value is not None else "—"


def plain(value: str) -> str:
    """A canonical value as people read it: 可能性大 for ``likely``, anything else as it is."""
    return AttainmentLikelihood(value).label if value in LEVELS else value


def figure(known: Field, value: str) -> str:
    """A canonical value with its unit and every digit: 201.35万元, 36间, 可能性大; words as they are."""
    if known.kind is FieldKind.MONEY:
        return f"{exact_wan(Decimal(value))}万元"
    number = known.kind is FieldKind.ACTUAL and value.replace(".", "", 1).isdecimal()
    return f"{value}{known.unit}" if number else plain(value)


def short(text: str, limit: int) -> str:
    """At most ``limit`` characters, the cut shown by ….."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def names(people: tuple[str, ...], limit: int = 3) -> str:
    """``新桥小学、实验幼儿园`` or ``新桥小学、实验幼儿园等 5 个``."""
    shown = "、".join(people[:limit])
    return shown if len(people) <= limit else f"{shown}等 {len(people)} 个"


def left(workdays_left: int) -> str:
    """How long there is: ``还剩 3 个工作日`` / ``今天截止``."""
    return f"还剩 {workdays_left} 个工作日" if workdays_left > 0 else "今天截止"
