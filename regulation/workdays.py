"""Workdays over the published holiday arrangement; a year without data is estimated, aloud (DOMAIN §1.2)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

ONE_DAY = timedelta(days=1)
WEEKDAYS = "一二三四五六日"
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class StatutoryDays:
    """Holidays fixed by date from ``first_year`` on, as (month, day) (《全国年节及纪念日放假办法》第二条).

    春节、端午、中秋 and 清明 follow the lunar calendar and the solar terms; they cannot be computed here."""

    first_year: int
    days: frozenset[tuple[int, int]]
    reference: str


@dataclass(frozen=True, slots=True)
class Workdays:
    """The holiday arrangement: ``rest`` are weekdays off, ``work`` are weekend make-up days, ``known`` years.

    ``notices`` name the document of each known year. For a year outside ``known`` only weekends and
    ``statutory`` days are taken to be off: its moved days and lunar holidays cannot be known beforehand."""

    rest: frozenset[date]
    work: frozenset[date]
    known: frozenset[int]
    statutory: tuple[StatutoryDays, ...] = ()
    notices: tuple[tuple[int, str], ...] = ()

    def is_workday(self, day: date) -> bool:
        """Whether offices are open that day."""
        if day in self.work:
            return True
        return not (is_weekend(day) or self.is_holiday(day))

    def is_holiday(self, day: date) -> bool:
        """Whether the day is off by arrangement or statute, not merely a weekend."""
        return day in self.rest or (self.is_estimated(day) and self._is_statutory(day))

    def is_estimated(self, day: date) -> bool:
        """Whether the year's arrangement is missing, so weekends and statutory days were assumed."""
        return day.year not in self.known

    def notice(self, year: int) -> str:
        """The document that arranged that year's holidays; empty when unknown."""
        return dict(self.notices).get(year, "")

    def on_or_before(self, day: date) -> date:
        """The last workday not after ``day``."""
        return next(each for each in _days(day, -ONE_DAY) if self.is_workday(each))

    def on_or_after(self, day: date) -> date:
        """The first workday not before ``day``."""
        return next(each for each in _days(day, ONE_DAY) if self.is_workday(each))

    def shift(self, day: date, count: int) -> date:
        """``count`` workdays after (or before, when negative) ``day``; 0 leaves ``day`` as it is."""
        for _ in range(abs(count)):
            day = self.on_or_after(day + ONE_DAY) if count > 0 else self.on_or_before(day - ONE_DAY)
        return day

    def count(self, first: date, last: date) -> int:
        """Workdays in [first, last], both included; 0 when empty."""
        return sum(self.is_workday(first + timedelta(days=n)) for n in range((last - first).days + 1))

    def label(self, day: date) -> str:
        """``10月10日（周六·调休上班）``: the date as cards write it, with what is unusual about it."""
        unusual = "·调休上班" if day in self.work else ""
        if self.is_holiday(day) and not is_weekend(day):
            unusual = "·放假"
        return f"{short(day)}（周{WEEKDAYS[day.weekday()]}{unusual}）"

    def _is_statutory(self, day: date) -> bool:
        rules = [rule for rule in self.statutory if rule.first_year <= day.year]
        return bool(rules) and (day.month, day.day) in rules[-1].days


def is_weekend(day: date) -> bool:
    """Saturday or Sunday, whatever the arrangement says about it."""
    return day.weekday() >= SATURDAY


def short(day: date) -> str:
    """``10月10日``."""
    return f"{day.month}月{day.day}日"


def _days(day: date, step: timedelta) -> Iterator[date]:
    while True:
        yield day
        day += step


def parse_workdays(text: str) -> Workdays:
    """From the TOML text of regulation/parameters/workdays.toml. Raises ValueError naming the bad line."""
    content = tomllib.loads(text)
    years = content.get("year", [])
    statutory = [_statutory(row, text) for row in content.get("statutory", [])]
    for row in years:
        _check_year(row, text)
    known = [row["year"] for row in years]
    for year in known:
        if known.count(year) > 1:
            raise _wrong(text, f"year = {year}", f"{year}年写了两次", last=True)
    return Workdays(
        rest=frozenset(day for row in years for day in row.get("rest", [])),
        work=frozenset(day for row in years for day in row.get("work", [])),
        known=frozenset(known),
        statutory=tuple(sorted(statutory, key=lambda rule: rule.first_year)),
        notices=tuple(sorted((row["year"], row["reference"]) for row in years)),
    )


def _statutory(row: dict[str, Any], text: str) -> StatutoryDays:
    days = []
    for written in row.get("days", []):
        try:
            day = date.fromisoformat(f"2000-{written}")
        except ValueError:
            raise _wrong(text, f'"{written}"', f"“{written}”不是月-日") from None
        days.append((day.month, day.day))
    if not isinstance(row.get("from"), int) or not row.get("reference"):
        raise _wrong(text, "[[statutory]]", "法定节假日要有 from（起始年份）和 reference（依据）")
    return StatutoryDays(row["from"], frozenset(days), row["reference"])


def _check_year(row: dict[str, Any], text: str) -> None:
    year = row.get("year")
    if not isinstance(year, int):
        raise _wrong(text, "[[year]]", "缺 year（年份）")
    if not row.get("reference"):
        raise _wrong(text, f"year = {year}", f"{year}年缺 reference（通知文号）")
    for name, must_be_weekend in (("rest", False), ("work", True)):
        for day in row.get(name, []):
            _check_day(day, year, text)
            if is_weekend(day) is not must_be_weekend:
                wanted = "周末" if must_be_weekend else "周一至周五"
                raise _wrong(
                    text, str(day), f"{name} 里只写{wanted}的日子，{day} 是周{WEEKDAYS[day.weekday()]}"
                )


def _check_day(day: object, year: int, text: str) -> None:
    """A year's notice may also move days of the December before it (元旦调休)."""
    if type(day) is not date:
        raise _wrong(text, str(day), f"“{day}”不是日期，要写成 {year}-10-01，不加引号")
    if day.year != year and (day.year, day.month) != (year - 1, 12):
        raise _wrong(text, str(day), f"{day} 不属于{year}年")


def _wrong(text: str, token: str, why: str, *, last: bool = False) -> ValueError:
    """A ValueError naming the first (or last) line that holds ``token``."""
    lines = [number for number, line in enumerate(text.splitlines(), 1) if token in line]
    place = f"第{lines[-1 if last else 0]}行：" if lines else ""
    return ValueError(f"节假日安排{place}{why}")
