"""What judging takes and gives: the reported figures, and a deviation that can defend itself (办法 第十、十一条)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from regulation.roster import AttainmentLikelihood, FundSource


class Level(StrEnum):
    """How far: INFO is never pushed, YELLOW goes into digests, RED alerts."""

    INFO = "info"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Reported:
    """One project's figures in one round: money in 万元, cumulative from 1 January; actuals by indicator position."""

    arrived: Decimal | None = None
    spent: Decimal | None = None
    spent_by_source: Mapping[FundSource, Decimal] = field(default_factory=dict)
    actuals: Mapping[int, str] = field(default_factory=dict)  # canonical, see regulation.actuals
    likelihoods: Mapping[int, AttainmentLikelihood] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One deviation, with everything needed to defend it. ``field`` is a field key of regulation.annexes
    (``spent``, ``arrived``, ``actual.3``, ``likely.3``)."""

    code: str
    level: Level
    field: str
    title: str  # few words: 采购课桌椅 43%
    sentence: str  # one plain sentence a unit clerk understands
    formula: str
    numbers: tuple[tuple[str, str], ...]
    threshold: str
    version: str  # the date from which the threshold is in force
    reference: str
    article: str

    @property
    def asks_note(self) -> bool:
        """Whether it is a contradiction: nothing is wrong by itself, but one sentence must explain it."""
        return self.code.startswith("contradiction.")

    @property
    def is_disposal_candidate(self) -> bool:
        """Whether the text suggests to study 第十五条(二); the decision is always a person's."""
        return "第十五条(二)" in self.article
