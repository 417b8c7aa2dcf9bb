"""Leave: from when to when a colleague stands in for somebody (第九条(一): every duty has a person who is there)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from regulation.folding import fold
from regulation.problems import Problem, problem

#: nobody is away for longer by one card; a longer absence is a transfer.
LONGEST_DAYS = 92


class CoverState(StrEnum):
    """Where the asking is."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    ENDED = "ended"  # called off, or back early


@dataclass(frozen=True, slots=True)
class Cover:
    """``cover_id`` does what is asked of ``person_id`` from ``first`` to ``last``, both included."""

    id: int
    person_id: str
    cover_id: str
    first: date
    last: date
    state: CoverState = CoverState.ASKED

    def stands(self, day: date) -> bool:
        """Whether it holds on that day; it ends by itself."""
        return self.state is CoverState.AGREED and self.first <= day <= self.last


def coverer(covers: Iterable[Cover], person_id: str) -> str:
    """Who is asked in this person's place, or the person; ``covers`` are those that stand on the day."""
    return next((each.cover_id for each in covers if each.person_id == person_id), person_id)


_DAY = re.compile(r"(?:(20\d\d)[年/-])?(\d{1,2})[月/-](\d{1,2})日?")


def read_leave(text: str, today: date) -> tuple[date, date] | Problem:
    """The first and last day in ``10月12日到10月20日`` or ``10-12 10-20``; one day is both."""
    days = [_day(found, today) for found in _DAY.finditer(fold(text))]
    if not days or len(days) > 2 or None in days:
        return problem("leave.unreadable")
    known = [day for day in days if day is not None]
    first, last = known[0], known[-1]
    if last < first or last < today:
        return problem("leave.backwards", first=_short(first), last=_short(last))
    if (last - first).days >= LONGEST_DAYS:
        return problem("leave.too_long", most=LONGEST_DAYS)
    return first, last


def names_days(text: str) -> bool:
    """Whether a line says any day at all."""
    return _DAY.search(fold(text)) is not None


def _day(found: re.Match[str], today: date) -> date | None:
    year = int(found[1]) if found[1] else today.year
    try:
        day = date(year, int(found[2]), int(found[3]))
        past = not found[1] and (today - day).days > LONGEST_DAYS  # 12月说“1月5日”是明年
        return date(year + 1, day.month, day.day) if past else day
    except ValueError:
        return None


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"
