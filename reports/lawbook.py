"""What a report must know of the law in force: workdays, thresholds, and what they say of a round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from regulation.deadlines import SHANGHAI, Annex, Deadline, RoundOverride, deadline, override_for
from regulation.parameters import read
from regulation.rounds import MonitoringRound
from regulation.thresholds import Thresholds, parse_thresholds, thresholds_on
from regulation.workdays import Workdays, parse_workdays


class LawBook(Protocol):
    """The law as loaded once."""

    @property
    def workdays(self) -> Workdays: ...
    @property
    def thresholds(self) -> tuple[Thresholds, ...]: ...
    @property
    def roll(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class ShippedLaw:
    """The law as the package ships it."""

    workdays: Workdays
    thresholds: tuple[Thresholds, ...]
    roll: bool = True


@cache
def shipped() -> ShippedLaw:
    """The law as the package ships it, read once."""
    return ShippedLaw(parse_workdays(read("workdays.toml")), parse_thresholds(read("thresholds.toml")))


def rules_of(law: LawBook, round: MonitoringRound) -> Thresholds:
    """The lines in force on the round's last day."""
    return thresholds_on(law.thresholds, round.last_day)


def unit_deadline(law: LawBook, round: MonitoringRound, overrides: Sequence[RoundOverride]) -> Deadline:
    """When 附表1 of that round is due."""
    notice = override_for(tuple(overrides), round, Annex.UNIT)
    return deadline(round, Annex.UNIT, law.workdays, roll=law.roll, override=notice)


def moment_of(number: int) -> datetime:
    """202610120900 -> 2026-10-12 09:00 in Shanghai. Raises ValueError for what is no moment."""
    return datetime.strptime(f"{number:012}", "%Y%m%d%H%M").replace(tzinfo=SHANGHAI)


def number_of(at: datetime) -> int:
    """The moment as the number an attachment carries: 202610120900."""
    return int(at.astimezone(SHANGHAI).strftime("%Y%m%d%H%M"))
