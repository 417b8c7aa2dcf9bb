"""Whom and what the 办法 binds: divisions, departments, units, people's duties, projects, indicators (第四至九条)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Role(StrEnum):
    """A duty somebody holds; its scope is a unit, a department, a finance division, or ``*`` for the district."""

    FILLER = "filler"  # 经办人 (scope: unit) — names whom a project's 附表1 is asked of, 第九条(一)
    UNIT_HEAD = "unit_head"  # 单位负责人 (scope: unit)
    BUDGET_OFFICE = "budget_office"  # 部门预算管理机构 (scope: department), 第十二条
    DEPARTMENT_HEAD = "department_head"  # 部门主要负责人 (scope: department)
    FINANCE_DIVISION = "finance_division"  # 财政部门归口业务处室 (scope: division), 第十三条
    PERFORMANCE_OFFICE = "performance_office"  # 财政绩效科 (scope: *)
    ADMIN = "admin"  # 系统管理员 (scope: *)


ROLE_LABELS = {
    Role.FILLER: "经办人",
    Role.UNIT_HEAD: "单位负责人",
    Role.BUDGET_OFFICE: "预算科",
    Role.DEPARTMENT_HEAD: "部门负责人",
    Role.FINANCE_DIVISION: "归口业务处室",
    Role.PERFORMANCE_OFFICE: "绩效科",
    Role.ADMIN: "系统管理员",
}


class FundSource(StrEnum):
    """资金来源, the closed list in the note of 附表1, in its order."""

    CENTRAL = "central"
    PROVINCIAL = "provincial"
    MUNICIPAL = "municipal"
    DISTRICT = "district"
    OTHER = "other"

    @property
    def label(self) -> str:
        """中央、省级、市级、区级、其他."""
        return SOURCE_LABELS[self]


SOURCE_LABELS = {
    FundSource.CENTRAL: "中央",
    FundSource.PROVINCIAL: "省级",
    FundSource.MUNICIPAL: "市级",
    FundSource.DISTRICT: "区级",
    FundSource.OTHER: "其他",
}


class AttainmentLikelihood(StrEnum):
    """完成目标可能性: four levels (notes of 附表1–3), not the central three."""

    CERTAIN = "certain"
    LIKELY = "likely"
    UNLIKELY = "unlikely"
    IMPOSSIBLE = "impossible"

    @property
    def label(self) -> str:
        """确定能、可能性大、可能性小、不可能."""
        return LIKELIHOOD_LABELS[self]


LIKELIHOOD_LABELS = {
    AttainmentLikelihood.CERTAIN: "确定能",
    AttainmentLikelihood.LIKELY: "可能性大",
    AttainmentLikelihood.UNLIKELY: "可能性小",
    AttainmentLikelihood.IMPOSSIBLE: "不可能",
}


class KeyBasis(StrEnum):
    """Why a project is a 重点项目 (第五条(二))."""

    MAJOR_DECISION = "重大决策部署"
    PUBLIC_CONCERN = "社会关注度高"
    MAJOR_SPENDING = "重大支出"


@dataclass(frozen=True, slots=True)
class FinanceDivision:
    """财政部门归口业务处室."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Department:
    """预算部门; ``division_id`` is the 归口业务处室 it files with (第十三条). ``budget_total`` is 本年度预算资金总额
    in 万元, basic expenditure included (第三条), where the roster gives it."""

    id: str
    name: str
    division_id: str
    budget_total: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ResponsibleUnit:
    """预算责任单位: 部门本级 (``is_headquarters``) or 所属单位 (第四条)."""

    id: str
    department_id: str
    name: str
    is_headquarters: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    """One role over one scope: the id of a unit, a department or a division, or ``*``."""

    role: Role
    scope_id: str


#: before an id that a platform uses beside the one in ``Person.identities`` (unionid of 钉钉): somebody can be found by
#: it, nothing can be sent to it.
OTHER_ID = "~"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be asked or told. ``identities`` maps platform name -> user id there."""

    id: str
    name: str
    duties: tuple[Duty, ...] = ()
    identities: tuple[tuple[str, str], ...] = ()
    active: bool = True

    def has(self, role: Role, scope_id: str | None = None) -> bool:
        """Whether this duty is held (over that scope, or over any)."""
        return any(d.role is role and scope_id in (None, d.scope_id) for d in self.duties)


@dataclass(frozen=True, slots=True)
class Indicator:
    """一条绩效指标. ``target_text`` is verbatim and printed unchanged; ``stage_q2/q3`` are planned stage values."""

    position: int  # 1-based within its project; never reused
    level1: str
    level2: str
    name: str  # 三级指标
    target_text: str  # 年度目标
    stage_q2: Decimal | None = None
    stage_q3: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """One project of one responsible unit in one budget year. Money in 万元."""

    id: str
    year: int
    unit_id: str
    filler_id: str
    name: str
    budget_initial: Decimal  # 年初预算数
    budget_current: Decimal  # 调整后预算数, printed as 预算总额
    sources: tuple[tuple[FundSource, Decimal], ...]  # adjusted budget by source, non-zero only, list order
    indicators: tuple[Indicator, ...] = field(default=())
    code: str = ""
    is_key: bool = False
    key_basis: KeyBasis | None = None
    starts: date | None = None
    ends: date | None = None
    has_ongoing_procurement: bool = False

    @property
    def source_labels(self) -> str:
        """资金来源 as printed: the non-zero sources joined by 、."""
        return "、".join(source.label for source, amount in self.sources if amount)


@dataclass(frozen=True, slots=True)
class Roster:
    """A whole district, as imported. ``offline`` counts refused classified projects by unit id (第十七条)."""

    divisions: tuple[FinanceDivision, ...]
    departments: tuple[Department, ...]
    units: tuple[ResponsibleUnit, ...]
    people: tuple[Person, ...]
    projects: tuple[Project, ...]
    offline: tuple[tuple[str, int], ...] = ()
