"""附表3《部门重点项目预算绩效运行监控表》 laid out cell by cell as the 办法 prints it (DOMAIN §1.4 b–d, §1.5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from regulation.annex3 import Annex3, Annex3Row
from reports import parts
from reports.annex2 import RATES
from reports.bands import Band, lay
from reports.parts import BLANK_PERIOD, DEPARTMENT_NOTE, Block
from reports.sheet import Cell, Sheet, fixed

TITLE = "部门重点项目预算绩效运行监控表"
PROCESS, PROCESS_KIND = "过程", "预算执行"
#: 项目总金额 and the sources under it; the four spaces set them in below 其中.
MONEY = (
    "项目总金额（万元）",
    "其中：中央、省级财政\n（万元）",
    "    市级财政（万元）",
    "    区级财政（万元）",
    "    其他（万元）",
)
NAMED = ("项目名称", "主管部门", "实施单位", "计划开始时间", "计划结束时间")
TEXTS = ("项目实施情况", "目标偏离情况\n及原因分析", "改进计划")
BUDGET_HINT, SPENT_HINT = "（预算数）", "（执行数）"

WIDTHS = (14, 12, 16, 21, 15, 15)
_COLUMNS = len(WIDTHS)

#: one line of the head: 预算数 and 执行数, None where unknown
Money = tuple[Decimal | None, Decimal | None]


def blank() -> Sheet:
    """The empty official form."""
    blocks: list[Block] = [
        (PROCESS, tuple((PROCESS_KIND, Annex3Row(PROCESS, PROCESS_KIND, name)) for name in RATES))
    ]
    blocks += _indicators((), ())
    return _lay(BLANK_PERIOD, "", ("",) * 5, ((None, None),) * 5, ("", "", ""), blocks)


def sheet(form: Annex3, *, stamp: str = "") -> Sheet:
    """The filled form. ``stamp`` (演练) stands at the top right.

    Raises SheetError when a text does not fit a workbook cell: it is refused, never cut."""
    named = (form.project_name, form.department_name, form.unit_names, month(form.starts), month(form.ends))
    money = tuple((row.budget, row.spent) for row in (form.total, *form.money))
    texts = (form.situation.text, form.deviation.text, form.plan.text)
    blocks: list[Block] = [(PROCESS, tuple((PROCESS_KIND, row) for row in form.process))]
    blocks += _indicators(form.outputs, form.effects)
    return _lay(parts.period(form.round), stamp, named, money, texts, blocks)


def month(day: date | None) -> str:
    """``2026年1月``; empty while unknown."""
    return f"{day.year}年{day.month}月" if day else ""


def _indicators(outputs: Sequence[Annex3Row], effects: Sequence[Annex3Row]) -> Iterator[Block]:
    yield "产出", tuple(parts.output_rows(outputs, "……"))
    yield "效果", tuple(parts.effect_rows(effects))


def _lay(
    period: str,
    stamp: str,
    named: Sequence[str],
    money: Sequence[Money],
    texts: Sequence[str],
    blocks: Sequence[Block],
) -> Sheet:
    bands = [
        *parts.head("附表3", TITLE, period, _COLUMNS, stamp),
        *_head(named, money),
        *parts.texts(zip(TEXTS, texts, strict=True), _COLUMNS, least=46),
        parts.headings(parts.HEADINGS),
    ]
    heading = len(bands) - 1
    indicators, groups = parts.lay_blocks(blocks, len(bands))
    bands += [*indicators, parts.across(DEPARTMENT_NOTE, "note", _COLUMNS, 34)]
    return lay("附表3", bands, groups, WIDTHS, heading)


def _head(named: Sequence[str], money: Sequence[Money]) -> Iterator[Band]:
    lines = zip(NAMED, named, MONEY, money, strict=True)
    for index, (label, text, kind, (budget, spent)) in enumerate(lines):
        left = (fixed(label), *parts.entered(text, 2))
        right = _first(budget, spent) if index == 0 else (Cell(budget, "money"), Cell(spent, "money"))
        yield Band((*left, fixed(kind, "sublabel"), *right), ((2, 3),), 28)


def _first(budget: Decimal | None, spent: Decimal | None) -> tuple[Cell, Cell]:
    """The printed hints stay visible in front of the numbers, and alone while there are none (DOMAIN §1.4 d)."""
    return (
        fixed(BUDGET_HINT, "entry") if budget is None else Cell(budget, "budget"),
        fixed(SPENT_HINT, "entry") if spent is None else Cell(spent, "outturn"),
    )
