"""A platform's month that fills up: the performance office and the administrators are told once at each mark."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import datetime

from bot.app import App
from bot.applying import apply
from bot.cards.usage import warning
from bot.effects import Send
from bot.ports import Metered
from regulation.roster import Role

TOLD = (Role.PERFORMANCE_OFFICE, Role.ADMIN)


def metered(platforms: Iterable[object]) -> list[Metered]:
    """Those of the platforms that count."""
    return [each for each in platforms if isinstance(each, Metered)]


def warn(app: App, platforms: Iterable[Metered], now: datetime) -> int:
    """How many messages that made; the outbox keeps a mark from being told twice."""
    full = [(each.name, usage) for each in platforms if (usage := each.quota()).warning]
    if not full:
        return 0
    with app.store.begin() as tx:
        people = dict.fromkeys(p.id for role in TOLD for p in tx.people_with(role, "*"))
        sends = tuple(
            Send(person, warning(name, usage, _left(now)), f"usage:{name}:{usage.month}:{usage.warning}")
            for name, usage in full
            for person in people
        )
        return apply(tx, sends, by="clock", at=now, mint=app.mint)


def _left(now: datetime) -> int:
    return calendar.monthrange(now.year, now.month)[1] - now.day
