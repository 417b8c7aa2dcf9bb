"""附表2 as values: the rows of 部门整体预算绩效运行监控表, computed ones with their sources (DOMAIN §1.5)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from regulation.provenance import Passage, Source
from regulation.rounds import MonitoringRound

EXECUTION, ASSETS, PROCUREMENT = "预算执行", "资产管理", "采购管理"
WORKS, EFFECTS = "重点工作推进情况", "主要成效"


@dataclass(frozen=True, slots=True)
class Annex2Row:
    """One printed row. ``content`` is 监控内容 (one of the words above), ``indicator`` 监控指标; the rest as printed.
    ``formula`` says how 已完成情况 was computed, ``sources`` from which figures; both empty for what was typed."""

    content: str
    indicator: str
    target: str = ""
    actual: str = ""
    likelihood: str = ""
    formula: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Annex2:
    """A department's 附表2 ready to print; ``total`` is 本年度预算资金总额 in 万元."""

    round: MonitoringRound
    department_name: str
    total: Decimal | None
    work: Passage  # 部门年度重点工作实施情况
    deviation: Passage  # 核心目标偏离情况及原因分析
    plan: Passage  # 改进计划
    execution: tuple[Annex2Row, Annex2Row, Annex2Row]  # 资金到位率、预算执行率、预算调整率
    assets: Annex2Row  # 年度计划完成率
    procurement: Annex2Row  # 年度计划执行率
    works: tuple[Annex2Row, ...] = ()  # 重点工作, the printed placeholder rows stay when there are none
    effects: tuple[Annex2Row, ...] = ()  # 效果指标

    @property
    def rows(self) -> tuple[Annex2Row, ...]:
        """Every row in printed order."""
        return (*self.execution, self.assets, self.procurement, *self.works, *self.effects)
