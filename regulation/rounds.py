"""The monitoring rounds of a year: second and third quarter only, cumulative from 1 January (办法 第十二、十三条)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

NUMERALS = {2: "二", 3: "三"}


@dataclass(frozen=True, slots=True, order=True)
class MonitoringRound:
    """One round. Figures in it run from 1 January to :attr:`last_day`. Raises ValueError for other quarters."""

    year: int
    quarter: int

    def __post_init__(self) -> None:
        if self.quarter not in NUMERALS:
            raise ValueError(f"办法第十二条只要求二、三季度，没有第{self.quarter}季度")

    @property
    def code(self) -> str:
        """``2026Q3``: the key used in storage, cards and the command line."""
        return f"{self.year}Q{self.quarter}"

    @property
    def label(self) -> str:
        """``2026年三季度``."""
        return f"{self.year}年{NUMERALS[self.quarter]}季度"

    @property
    def short(self) -> str:
        """``三季度``."""
        return f"{NUMERALS[self.quarter]}季度"

    @property
    def last_day(self) -> date:
        """The day the quarter ends: 30 June or 30 September."""
        return date(self.year, self.quarter * 3, 30)

    @property
    def months(self) -> int:
        """Months elapsed since 1 January: 6 or 9."""
        return self.quarter * 3

    @property
    def time_progress(self) -> Decimal:
        """序时进度 as a ratio: 0.5 or 0.75 (DOMAIN §3.1)."""
        return Decimal(self.months) / 12

    @property
    def previous(self) -> MonitoringRound:
        """The round before: Q2 of the same year for Q3, Q3 of the year before for Q2."""
        return MonitoringRound(self.year, 2) if self.quarter == 3 else MonitoringRound(self.year - 1, 3)

    @property
    def next(self) -> MonitoringRound:
        """The round after."""
        return MonitoringRound(self.year, 3) if self.quarter == 2 else MonitoringRound(self.year + 1, 2)


def parse_round(code: str) -> MonitoringRound:
    """``2026Q3`` -> MonitoringRound(2026, 3). Raises ValueError for anything else."""
    found = re.fullmatch(r"(20\d\d)Q([23])", code.strip().upper())
    if not found:
        raise ValueError(f"季度要写成 2026Q2 或 2026Q3，不是“{code}”")
    return MonitoringRound(int(found[1]), int(found[2]))
