"""附表1《项目预算绩效运行监控表》 laid out cell by cell as the 办法 prints it (annex 1; DOMAIN §1.4 a–b, §1.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from regulation.annexes import Annex1, Annex1Row
from regulation.rates import plain
from regulation.rounds import NUMERALS
from reports.bands import Band, Group, lay
from reports.sheet import Cell, Sheet, empty, fixed

TITLE = "项目预算绩效运行监控表"
BLANK_PERIOD = "（      年度   季度）"
BLANK_UNIT = "编报单位：" + " " * 47 + "单位：万元"
HEADINGS = ("一级指标", "二级指标", "三级指标", "年度目标", "已完成情况", "完成目标可能性")
OUTPUTS = ("产出数量", "产出质量", "产出时效", "产出成本")
NOTE = (
    "注：本表由预算责任单位在二、三季度终了后10日内填报；资金来源包括：中央、省级、市级、区级、其他；"
    "完成目标可能性分为：确定能、可能性大、可能性小、不可能。"
)
#: 效果 is not part of 附表1; where it is appended its empty rows are worded as in 附表3 (DOMAIN §1.4 a).
BLANK_EFFECTS = ("效果指标1", "效果指标2", "……")

WIDTHS = (12, 12, 19, 16, 15, 16)
_WHOLE, _RIGHT = ((1, 6),), ((2, 6),)
_PAIR = ((2, 3), (5, 6))
_FIGURE = re.compile(r"-?(0|[1-9]\d{0,11})(\.\d{0,5}[1-9])?")


def blank() -> Sheet:
    """The empty official form."""
    body = (_project(""), *_figures(None, None, None, None), *_texts("", "", ""))
    return _lay(_top(BLANK_PERIOD, BLANK_UNIT, ""), body, (), None)


def sheet(form: Annex1, *, append_effects: bool = False, stamp: str = "") -> Sheet:
    """The filled form. ``stamp`` (演练) stands at the top right; ``append_effects`` adds the 效果 rows.

    Raises SheetError when a text does not fit a workbook cell: it is refused, never cut."""
    period = f"（{form.round.year}年度{NUMERALS[form.round.quarter]}季度）"
    body = (
        _project(form.project_name),
        *_figures(form.budget, form.sources, form.arrived, form.spent),
        *_texts(form.situation, form.deviation, form.plan),
    )
    effects = form.effects if append_effects else None
    return _lay(_top(period, _unit_line(form.unit_name), stamp), body, form.rows, effects)


def _lay(
    top: Sequence[Band], body: Sequence[Band], rows: Sequence[Annex1Row], effects: Sequence[Annex1Row] | None
) -> Sheet:
    bands = [*top, *body, Band(tuple(fixed(text) for text in HEADINGS), least=26)]
    heading = len(bands) - 1
    groups: list[Group] = []
    for label, block in _blocks(rows, effects):
        groups += _groups(block, len(bands))
        bands += _block(label, block)
    bands.append(_row(NOTE, "note", _WHOLE, 34))
    return lay("附表1", bands, groups, WIDTHS, heading)


def _blocks(
    rows: Sequence[Annex1Row], effects: Sequence[Annex1Row] | None
) -> Iterator[tuple[str, tuple[tuple[str, Annex1Row | None], ...]]]:
    yield "产出", tuple(_output_rows(rows))
    if effects is not None:
        yield "效果", tuple(_effect_rows(effects))


def _top(period: str, unit: str, stamp: str) -> tuple[Band, ...]:
    first = (fixed("附表1", "annex"), *(empty("annex"),) * 4, Cell(stamp, "stamp"))
    return (
        Band(first, least=20),
        _row(TITLE, "title", _WHOLE, 34),
        _row(period, "period", _WHOLE, 22),
        _row(unit, "unit", _WHOLE, 22),
    )


def _unit_line(unit: str) -> str:
    left, right = f"编报单位：{unit}", "单位：万元"
    used = sum(len(part.encode("gbk", "replace")) for part in (left, right))
    # Full-width spaces: they are one character wide in every Chinese font, plain ones are not.
    return left + "\u3000" * max(2, (sum(WIDTHS) - 3 - used) // 2) + right


def _project(name: str) -> Band:
    return Band((fixed("项目名称"), *_entered(name, 5)), _RIGHT, 26)


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
    return tuple(Band((fixed(label), *_entered(text, 5)), _RIGHT, 54) for label, text in named)


def _entered(text: str, columns: int) -> tuple[Cell, ...]:
    return (Cell(text, "text"), *(empty("text"),) * (columns - 1))


def _row(text: str, style: str, spans: tuple[tuple[int, int], ...], least: int) -> Band:
    return Band((Cell(text, style), *(empty(style),) * 5), spans, least)


def _output_rows(rows: Sequence[Annex1Row]) -> Iterator[tuple[str, Annex1Row | None]]:
    """(二级指标, row) in printed order: the four official kinds, each at least once, then what stands for "…"."""
    for label in OUTPUTS:
        yield from _of(label, rows) or ((label, None),)
    others = [row for row in rows if row.level2 not in OUTPUTS]
    yield from _by_label(others) if others else (("…", None),)


def _effect_rows(rows: Sequence[Annex1Row]) -> Iterable[tuple[str, Annex1Row | None]]:
    return _by_label(rows) if rows else ((label, None) for label in BLANK_EFFECTS)


def _by_label(rows: Sequence[Annex1Row]) -> Iterator[tuple[str, Annex1Row | None]]:
    for label in dict.fromkeys(row.level2 for row in rows):
        yield from _of(label, rows)


def _of(label: str, rows: Sequence[Annex1Row]) -> tuple[tuple[str, Annex1Row], ...]:
    return tuple((label, row) for row in rows if row.level2 == label)


def _groups(block: Sequence[tuple[str, Annex1Row | None]], offset: int) -> Iterator[Group]:
    yield Group(1, offset, offset + len(block) - 1)
    first = 0
    for index in range(1, len(block) + 1):
        if index == len(block) or block[index][0] != block[first][0]:
            if index - first > 1:
                yield Group(2, offset + first, offset + index - 1)
            first = index


def _block(level1: str, block: Sequence[tuple[str, Annex1Row | None]]) -> Iterator[Band]:
    spoken: str | None = None
    for index, (label, row) in enumerate(block):
        said = (
            fixed(level1) if index == 0 else empty("label"),
            fixed(label) if label != spoken else empty("label"),
        )
        yield Band((*said, *_indicator(row)), least=24)
        spoken = label


def _indicator(row: Annex1Row | None) -> tuple[Cell, ...]:
    if row is None:
        return (empty("text"), *(empty("entry"),) * 3)
    return (
        Cell(row.name, "text"),
        Cell(row.target, "entry"),
        _actual(row.actual),
        fixed(row.likelihood, "entry"),
    )


def _actual(text: str) -> Cell:
    """A figure as a number, everything else as the words said; ``96.50`` stays as written."""
    value = Decimal(text) if _FIGURE.fullmatch(text) else None
    return Cell(text if value is None or plain(value) != text else value, "entry")
