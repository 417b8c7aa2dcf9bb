"""The vocabulary of a read target: operator, direction, kind, confidence, and the value that carries them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Operator(StrEnum):
    """计算符号."""

    GE = "GE"
    LE = "LE"
    EQ = "EQ"
    GT = "GT"
    LT = "LT"

    @property
    def is_cap(self) -> bool:
        """≤ or <: the value must stay below."""
        return self in (Operator.LE, Operator.LT)


class Direction(StrEnum):
    """指标方向性: 正向, 反向, 定性."""

    HIGHER_BETTER = "higher"
    LOWER_BETTER = "lower"
    QUALITATIVE = "qualitative"


class Kind(StrEnum):
    """How an indicator is judged: only CUMULATIVE is ever compared with time progress."""

    CUMULATIVE = "cumulative"  # counts and volumes that grow over the year
    LEVEL = "level"  # %, satisfaction, unit price, duration: compared with the target itself
    CAP = "cap"  # money or count that must stay below
    DATE = "date"
    FREQUENCY = "frequency"
    QUALITATIVE = "qualitative"
    UNREADABLE = "unreadable"


class Confidence(StrEnum):
    """SURE may be judged silently; ASSUMED is shown to the person once for confirmation; NONE is not judged."""

    SURE = "sure"
    ASSUMED = "assumed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Target:
    """A read target. ``value`` is the Decimal as written, ``unit`` as written; ``text`` is verbatim."""

    text: str
    operator: Operator | None
    value: Decimal | None
    unit: str
    direction: Direction
    kind: Kind
    confidence: Confidence
    due: date | None = None  # kind DATE: the day it must be done, when the text names one
