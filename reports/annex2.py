"""附表2《部门整体预算绩效运行监控表》 laid out cell by cell as the 办法 prints it (annex 2; DOMAIN §1.4 b–c, §1.5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from regulation.annex2 import ASSETS, EXECUTION, PROCUREMENT, Annex2, Annex2Row
from reports import parts
from reports.bands import Band, Group, lay
from reports.parts import BLANK_PERIOD, DEPARTMENT_NOTE
from reports.sheet import Cell, Sheet, empty, fixed

TITLE = "部门整体预算绩效运行监控表"
HEADINGS = ("监控内容", "监控指标", "年度目标", "已完成情况", "完成目标可能性")
#: The runs of spaces inside these labels of the printed form are where its lines break (DOMAIN §1.5).
TOTAL = "本年度预算资金总额\n（万元）"
TEXTS = ("部门年度重点\n工作实施情况", "核心目标偏离情况\n及原因分析", "改进计划")
WORKS, EFFECTS = "重点工作\n推进情况", "主要成效"
RATES = ("资金到位率", "预算执行率", "预算调整率")
ASSET_RATE, PROCUREMENT_RATE = "年度计划完成率", "年度计划执行率"
BLANK_WORKS = ("重点工作1", "重点工作2", ".……")
BLANK_EFFECTS = ("效果指标1", "效果指标2", ".……")

WIDTHS = (18, 21, 21, 16, 16)
_COLUMNS = len(WIDTHS)

#: 监控内容 and its rows: 监控指标 and what was reported, None where the form prints an empty row
Block = tuple[str, tuple[tuple[str, Annex2Row | None], ...]]


def blank() -> Sheet:
    """The empty official form."""
    blocks = [
        (EXECUTION, tuple((label, None) for label in RATES)),
        (ASSETS, ((ASSET_RATE, None),)),
        (PROCUREMENT, ((PROCUREMENT_RATE, None),)),
        _block(WORKS, (), BLANK_WORKS),
        _block(EFFECTS, (), BLANK_EFFECTS),
    ]
    return _lay(BLANK_PERIOD, "", ("", None, ("", "", "")), blocks)


def sheet(form: Annex2, *, stamp: str = "") -> Sheet:
    """The filled form. ``stamp`` (演练) stands at the top right.

    Raises SheetError when a text does not fit a workbook cell: it is refused, never cut."""
    texts = (form.work.text, form.deviation.text, form.plan.text)
    blocks = [
        (EXECUTION, tuple((row.indicator, row) for row in form.execution)),
        (ASSETS, ((form.assets.indicator, form.assets),)),
        (PROCUREMENT, ((form.procurement.indicator, form.procurement),)),
        _block(WORKS, form.works, BLANK_WORKS),
        _block(EFFECTS, form.effects, BLANK_EFFECTS),
    ]
    return _lay(parts.period(form.round), stamp, (form.department_name, form.total, texts), blocks)


def _block(content: str, rows: Sequence[Annex2Row], blanks: Sequence[str]) -> Block:
    return content, tuple((row.indicator, row) for row in rows) or tuple((label, None) for label in blanks)


def _lay(
    period: str,
    stamp: str,
    body: tuple[str, Decimal | None, tuple[str, str, str]],
    blocks: Sequence[Block],
) -> Sheet:
    name, total, texts = body
    bands = [
        *parts.head("附表2", TITLE, period, _COLUMNS, stamp),
        _department(name, total),
        *parts.texts(zip(TEXTS, texts, strict=True), _COLUMNS),
        parts.headings(HEADINGS),
    ]
    heading = len(bands) - 1
    groups: list[Group] = []
    for content, rows in blocks:
        groups.append(Group(1, len(bands), len(bands) + len(rows) - 1))
        bands += _rows(content, rows)
    bands.append(parts.across(DEPARTMENT_NOTE, "note", _COLUMNS, 34))
    return lay("附表2", bands, groups, WIDTHS, heading)


def _department(name: str, total: Decimal | None) -> Band:
    cells = (fixed("部门名称"), Cell(name, "text"), fixed(TOTAL), Cell(total, "money"), empty("money"))
    return Band(cells, ((4, 5),), 34)


def _rows(content: str, rows: Sequence[tuple[str, Annex2Row | None]]) -> Iterator[Band]:
    for index, (label, row) in enumerate(rows):
        first = fixed(content) if index == 0 else empty("label")
        yield Band((first, fixed(label), *_reported(row)), least=26)


def _reported(row: Annex2Row | None) -> tuple[Cell, ...]:
    if row is None:
        return (empty("entry"),) * 3
    return Cell(row.target, "entry"), parts.figure(row.actual), fixed(row.likelihood, "entry")
