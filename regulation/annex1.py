"""附表1 as values: an entered figure, a field, a check, a printed row, the filled form (办法 附表1, DOMAIN §1.3)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from regulation.roster import Indicator
from regulation.rounds import MonitoringRound


@dataclass(frozen=True, slots=True)
class Entry:
    """One entered figure: its canonical value, the words as said, and the inbox message it came from."""

    value: str
    text: str
    message: str


class FieldKind(StrEnum):
    """What a field takes."""

    MONEY = "money"  # 万元, canonical str(Decimal)
    ACTUAL = "actual"  # 已完成情况 of one indicator
    LIKELIHOOD = "likelihood"  # AttainmentLikelihood value
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Field:
    """An entered field of one project's form. Keys: ``arrived``, ``spent`` or ``spent.<source>`` (key projects with
    several sources), ``actual.<position>``, ``likely.<position>``, ``situation``, ``reason``, ``plan``, ``note``."""

    key: str
    label: str
    kind: FieldKind
    unit: str = ""
    indicator: Indicator | None = None


class Weight(StrEnum):
    """How serious a check is: NOTE must be explained in one sentence before filing, WARN is only shown."""

    NOTE = "note"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Check:
    """Something odd about the answers together (RELIABILITY N13–N15)."""

    code: str
    field: str
    weight: Weight
    text: str


@dataclass(frozen=True, slots=True)
class Annex1Row:
    """One printed indicator row."""

    level1: str
    level2: str
    name: str
    target: str
    actual: str
    likelihood: str


@dataclass(frozen=True, slots=True)
class Annex1:
    """A filled 附表1 ready to print; money in 万元."""

    round: MonitoringRound
    unit_name: str
    project_name: str
    budget: Decimal
    sources: str
    arrived: Decimal | None
    spent: Decimal | None
    situation: str
    deviation: str
    plan: str
    rows: tuple[Annex1Row, ...]
    effects: tuple[Annex1Row, ...] = ()  # 效果 rows, printed only with annex1_append_effects
