"""The year tables of workdays.toml, written from chinese_calendar; nothing else imports that package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby

from chinese_calendar import constants

from regulation.problems import Problem, problem
from regulation.workdays import is_weekend

NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
}


def holidays_toml(years: Iterable[int], notices: Mapping[int, str]) -> str | Problem:
    """The ``[[year]]`` tables to paste into regulation/parameters/workdays.toml, one per year, in order.

    ``notices`` gives each year's State Council notice number, ``{2026: "国办发明电〔2025〕7号"}``.
    A Problem when the installed package does not know a year yet, or a notice number is missing."""
    tables = []
    for year in sorted(set(years)):
        if not any(day.year == year and day.month > 1 for day in constants.holidays):
            return problem("holidays.unknown_year", year=year)
        if not notices.get(year):
            return problem("holidays.no_notice", year=year)
        tables.append(_table(year, notices[year]))
    return "\n".join(tables)


def _table(year: int, notice: str) -> str:
    rest = {
        day: name
        for day, name in constants.holidays.items()
        if _arranged(day, name) == year and not is_weekend(day)
    }
    work = {day: name for day, name in constants.workdays.items() if _arranged(day, name) == year}
    head = f'[[year]]\nyear = {year}\nreference = "{notice}"\n'
    return head + _days("rest", rest) + _days("work", work)


def _arranged(day: date, holiday: str) -> int:
    """The year whose notice moved that day: 元旦 of the next year reaches back into December."""
    return day.year + (day.month == 12 and NAMES.get(holiday) == "元旦")


def _days(name: str, days: Mapping[date, str]) -> str:
    """One TOML array, a line per run of days of one holiday, with the holiday's name behind it."""
    lines = []
    for holiday, run in groupby(sorted(days), key=lambda day: days[day]):
        written = "".join(f"{day.isoformat()}, " for day in run)
        lines.append(f"    {written} # {NAMES.get(holiday, holiday)}\n")
    return f"{name} = [\n{''.join(lines)}]\n"
