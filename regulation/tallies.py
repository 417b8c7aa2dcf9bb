"""A whole round in numbers, as storage counts it: forms owed per unit, money per project, and the names people use."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from regulation.rates import Rate, execution_rate, funds_arrival_rate


@dataclass(frozen=True, slots=True)
class UnitCount:
    """The forms of one unit in a round: how many there are, are filed (退回 is not), and were filed late."""

    department_id: str
    unit_id: str
    unit_name: str
    forms: int
    filed: int
    late: int

    @property
    def owed(self) -> int:
        """Those still to come."""
        return self.forms - self.filed


@dataclass(frozen=True, slots=True)
class ProjectMoney:
    """The money of one filed form, in 万元; ``spent`` is the sum where it is asked by source."""

    project_id: str
    project_name: str
    unit_id: str
    department_id: str
    filler_id: str
    budget: Decimal  # 预算总额, adjusted
    arrived: Decimal | None
    spent: Decimal | None

    @property
    def execution(self) -> Rate:
        """预算执行率."""
        return execution_rate(self.spent, self.budget)

    @property
    def arrival(self) -> Rate:
        """资金到位率."""
        return funds_arrival_rate(self.arrived, self.budget)


@dataclass(frozen=True, slots=True)
class KnownName:
    """A department, unit or project somebody may name. ``kind`` is one of those words; empty ids do not apply."""

    kind: str
    id: str
    name: str
    department_id: str
    unit_id: str = ""
    filler_id: str = ""
