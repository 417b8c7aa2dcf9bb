"""The rows of the roster's sheets as values of the law: one function for each sheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from intake import cells
from intake.grid import Row
from intake.layout import DISTRICT_WIDE, PLATFORM_COLUMNS, PUBLIC, SOURCES
from regulation.folding import clean_text
from regulation.roster import (
    ROLE_LABELS,
    Department,
    Duty,
    FinanceDivision,
    FundSource,
    Indicator,
    KeyBasis,
    Person,
    Project,
    ResponsibleUnit,
    Role,
)
from regulation.texts import looks_classified

Item = TypeVar("Item")

PROJECT_NAME_LIMIT = 200
MAX_OFFLINE = 999
MAX_POSITION = 999

ROLES = {label: role for role, label in ROLE_LABELS.items()}
BASES = {basis.value: basis for basis in KeyBasis}
#: Duties over the whole district; their scope is written 全区 or left empty.
WIDE_ROLES = frozenset({Role.PERFORMANCE_OFFICE, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Placed(Generic[Item]):
    """A value and the row it came from, so that a later check can point at it."""

    row: Row
    item: Item


def division(row: Row) -> Placed[FinanceDivision]:
    """One row of 处室."""
    return Placed(row, FinanceDivision(cells.code(row, "处室编码"), cells.text(row, "处室名称")))


def department(row: Row) -> Placed[Department]:
    """One row of 部门."""
    item = Department(
        cells.code(row, "部门编码"),
        cells.text(row, "部门名称"),
        cells.code(row, "归口处室编码"),
        cells.money(row, "本年度预算总额"),
    )
    return Placed(row, item)


def unit(row: Row) -> Placed[ResponsibleUnit]:
    """One row of 单位."""
    item = ResponsibleUnit(
        cells.code(row, "单位编码"),
        cells.code(row, "部门编码"),
        cells.text(row, "单位名称"),
        cells.flag(row, "是否本级"),
    )
    return Placed(row, item)


def offline_declared(row: Row) -> int:
    """线下报送项目数 of one unit."""
    return cells.whole(row, "线下报送项目数", 0, MAX_OFFLINE, required=False) or 0


def person(row: Row) -> Placed[Person]:
    """One row of 人员: a person with at most one duty; rows of the same person are joined later."""
    role = cells.choice(row, "职责", ROLES)
    identities = ((platform, cells.account(row, column)) for platform, column in PLATFORM_COLUMNS.items())
    item = Person(
        cells.code(row, "人员编码"),
        cells.text(row, "姓名", required=False),
        (Duty(role, _scope(row, role)),) if role else (),
        tuple((platform, user) for platform, user in identities if user),
        cells.flag(row, "是否在用", empty=True),
    )
    if role is None and not row.cell("职责范围编码").empty:
        row.fault("职责", "写了范围，没有写职责。")
    return Placed(row, item)


def _scope(row: Row, role: Role) -> str:
    written = cells.text(row, "职责范围编码", 200, required=role not in WIDE_ROLES)
    if role not in WIDE_ROLES:
        return cells.code(row, "职责范围编码", required=False)
    if written not in ("", "*", DISTRICT_WIDE):
        row.fault("职责范围编码", f"{ROLE_LABELS[role]}管全区，这里写“{DISTRICT_WIDE}”或空着。")
    return "*"


def classified(row: Row) -> bool:
    """Whether 密级 is anything but empty or 公开, or any cell carries a mark such as 秘密★ (第十七条, A06)."""
    level = row.cell("密级")
    if level.flaw or clean_text(str(level.value)) not in ("", PUBLIC):
        return True
    return any(looks_classified(str(cell.value)) for cell in row.cells.values())


def project(row: Row) -> Placed[Project]:
    """One row of 项目, without its indicators."""
    initial = cells.money(row, "年初预算", required=True)
    sources = tuple((source, cells.money(row, label)) for source, label in SOURCES.items())
    item = Project(
        id=cells.code(row, "项目编码"),
        year=cells.whole(row, "年度", 2000, 2099) or 0,
        unit_id=cells.code(row, "单位编码"),
        filler_id=cells.code(row, "经办人编码"),
        name=cells.text(row, "项目名称", PROJECT_NAME_LIMIT),
        budget_initial=initial or Decimal(0),
        budget_current=_current(row, sources),
        sources=tuple((source, amount) for source, amount in sources if amount),
        code=cells.unspaced(row, "预算项目编号"),
        is_key=cells.flag(row, "是否重点"),
        key_basis=cells.choice(row, "重点依据", BASES),
        starts=cells.day(row, "计划开始"),
        ends=cells.day(row, "计划结束", last=True),
        has_ongoing_procurement=cells.flag(row, "有在途采购"),
    )
    return Placed(row, item)


def _current(row: Row, sources: Iterable[tuple[FundSource, Decimal | None]]) -> Decimal:
    """The adjusted budget: the sum of its sources, which a written total must equal."""
    written = [amount for _, amount in sources if amount is not None]
    summed = sum(written, Decimal(0))
    total = cells.money(row, "调整后预算")
    wrong = any(problem.column in SOURCES.values() for problem in row.faults)
    if total is None and not written and not wrong:
        row.fault("调整后预算", "五个资金来源都空着。请至少填一个；预算调成 0 的，这里填 0。")
    if total is not None and total != summed and not wrong:
        row.fault("调整后预算", f"写的是 {total} 万元，五个来源加起来是 {summed} 万元。请改成一致。")
    return summed


def indicator(row: Row) -> Placed[tuple[str, Indicator]]:
    """One row of 指标 with the code of its project."""
    item = Indicator(
        position=cells.whole(row, "序号", 1, MAX_POSITION) or 0,
        level1=cells.text(row, "一级指标"),
        level2=cells.text(row, "二级指标"),
        name=cells.text(row, "三级指标", cells.TEXT_LIMIT),
        target_text=cells.text(row, "年度目标", cells.TEXT_LIMIT, required=False),
        stage_q2=cells.number(row, "二季度阶段值"),
        stage_q3=cells.number(row, "三季度阶段值"),
    )
    if not item.target_text and row.cell("年度目标").empty:
        row.warn("年度目标", "空着。填报时只能由经办人写文字说明。")
    return Placed(row, (cells.code(row, "项目编码"), item))
