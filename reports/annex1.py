"""附表1《项目预算绩效运行监控表》 laid out cell by cell as the 办法 prints it (annex 1; DOMAIN §1.4 a–b, §1.5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from regulation.annexes import Annex1, Annex1Row
from reports import parts
from reports.bands import Band, lay
from reports.parts import BLANK_PERIOD, OUTPUTS, Block
from reports.sheet import Cell, Sheet, empty, fixed

__all__ = ["OUTPUTS", "blank", "sheet"]

TITLE = "项目预算绩效运行监控表"
BLANK_UNIT = "编报单位：" + " " * 47 + "单位：万元"
NOTE = (
    "注：本表由预算责任单位在二、三季度终了后10日内填报；资金来源包括：中央、省级、市级、区级、其他；"
    "完成目标可能性分为：确定能、可能性大、可能性小、不可能。"
)

WIDTHS = (12, 12, 19, 16, 15, 16)
_COLUMNS = len(WIDTHS)
_RIGHT = ((2, 6),)
_PAIR = ((2, 3), (5, 6))


def blank() -> Sheet:
    """The empty official form."""
    body = (_project(""), *_figures(None, None, None, None), *_texts("", "", ""))
    return _lay(_top(BLANK_PERIOD, BLANK_UNIT, ""), body, (), None)


def sheet(form: Annex1, *, append_effects: bool = False, stamp: str = "") -> Sheet:
    """The filled form. ``stamp`` (演练) stands at the top right; ``append_effects`` adds the 效果 rows.

    Raises SheetError when a text does not fit a workbook cell: it is refused, never cut."""
    body = (
        _project(form.project_name),
        *_figures(form.budget, form.sources, form.arrived, form.spent),
        *_texts(form.situation, form.deviation, form.plan),
    )
    effects = form.effects if append_effects else None
    top = _top(parts.period(form.round), _unit_line(form.unit_name), stamp)
    return _lay(top, body, form.rows, effects)


def _lay(
    top: Sequence[Band], body: Sequence[Band], rows: Sequence[Annex1Row], effects: Sequence[Annex1Row] | None
) -> Sheet:
    bands = [*top, *body, parts.headings(parts.HEADINGS)]
    heading = len(bands) - 1
    indicators, groups = parts.lay_blocks(_blocks(rows, effects), len(bands))
    bands += [*indicators, parts.across(NOTE, "note", _COLUMNS, 34)]
    return lay("附表1", bands, groups, WIDTHS, heading)


def _blocks(rows: Sequence[Annex1Row], effects: Sequence[Annex1Row] | None) -> Iterator[Block]:
    """效果 is not part of 附表1; where it is appended its empty rows are worded as in 附表3 (DOMAIN §1.4 a)."""
    yield "产出", tuple(parts.output_rows(rows, "…"))
    if effects is not None:
        yield "效果", tuple(parts.effect_rows(effects))


def _top(period: str, unit: str, stamp: str) -> tuple[Band, ...]:
    return (
        *parts.head("附表1", TITLE, period, _COLUMNS, stamp),
        parts.across(unit, "unit", _COLUMNS, 22),
    )


def _unit_line(unit: str) -> str:
    left, right = f"编报单位：{unit}", "单位：万元"
    used = sum(len(part.encode("gbk", "replace")) for part in (left, right))
    # Full-width spaces: they are one character wide in every Chinese font, plain ones are not.
    return left + "\u3000" * max(2, (sum(WIDTHS) - 3 - used) // 2) + right


def _project(name: str) -> Band:
    return Band((fixed("项目名称"), *parts.entered(name, 5)), _RIGHT, 26)


def _figures(
    budget: Decimal | None, sources: str | None, arrived: Decimal | None, spent: Decimal | None
) -> tuple[Band, ...]:
    return (
        _pair(("预算总额", budget, "money"), ("资金来源", sources, "entry")),
        _pair(("已到位资金", arrived, "money"), ("已支出资金", spent, "money")),
    )


def _pair(left: tuple[str, str | Decimal | None, str], right: tuple[str, str | Decimal | None, str]) -> Band:
    cells = tuple(
        cell
        for label, value, style in (left, right)
        for cell in (fixed(label), Cell(value, style), empty(style))
    )
    return Band(cells, _PAIR, 26)


def _texts(situation: str, deviation: str, plan: str) -> tuple[Band, ...]:
    named = (("项目实施情况", situation), ("目标偏离情况及原因分析", deviation), ("改进计划", plan))
    return parts.texts(named, _COLUMNS)
