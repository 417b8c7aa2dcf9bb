"""附表3 as values: one key project of a department, summed over its units (办法 附表3, DOMAIN §1.4 c–d, §1.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from regulation.provenance import Passage, Source
from regulation.roster import FundSource, KeyBasis
from regulation.rounds import MonitoringRound

#: the printed money rows under 项目总金额 and the sources each sums; 中央 and 省级 stand in one row (附表3).
MONEY_ROWS: tuple[tuple[str, tuple[FundSource, ...]], ...] = (
    ("中央、省级财政", (FundSource.CENTRAL, FundSource.PROVINCIAL)),
    ("市级财政", (FundSource.MUNICIPAL,)),
    ("区级财政", (FundSource.DISTRICT,)),
    ("其他", (FundSource.OTHER,)),
)


@dataclass(frozen=True, slots=True)
class Annex3Money:
    """One money row in 万元: （预算数） and （执行数）; ``spent`` is None while some unit has not said it."""

    label: str
    budget: Decimal
    spent: Decimal | None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Annex3Row:
    """One printed indicator row: 一级、二级、三级指标, 年度目标, 已完成情况, 完成目标可能性."""

    level1: str  # 过程、产出、效果
    level2: str  # 预算执行; 产出数量…; 社会效益…
    name: str
    target: str = ""
    actual: str = ""
    likelihood: str = ""
    formula: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Annex3:
    """A key project's 附表3 ready to print. ``project_id`` is the first of the projects it sums, one per unit."""

    round: MonitoringRound
    project_id: str
    project_name: str
    basis: KeyBasis | None
    department_name: str  # 主管部门
    units: tuple[str, ...]  # 实施单位
    starts: date | None  # printed as 2026年1月
    ends: date | None
    total: Annex3Money  # 项目总金额
    money: tuple[Annex3Money, ...]  # one per MONEY_ROWS, in printed order
    situation: Passage
    deviation: Passage
    plan: Passage
    process: tuple[Annex3Row, Annex3Row, Annex3Row]  # 资金到位率、预算执行率、预算调整率
    outputs: tuple[Annex3Row, ...] = ()
    effects: tuple[Annex3Row, ...] = ()

    @property
    def unit_names(self) -> str:
        """实施单位 as printed: joined by 、."""
        return "、".join(self.units)
