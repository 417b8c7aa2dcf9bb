"""The district summary as a workbook: where every department stands, its rates, its deviations, and the charts.

Values are written, never formulas: a preview on a phone shows a formula without its result as nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from regulation.basis import Basis, UnitForm
from regulation.deviation import Finding, Level
from regulation.filing import STATE_LABELS
from regulation.rates import execution_rate, funds_arrival_rate, ratio
from regulation.reporting import REPORT_STATE_LABELS, Report, ReportState
from regulation.rounds import MonitoringRound
from reports.district import SQUARE_LABELS, DistrictPicture, Line, Square
from reports.glance import glance
from reports.lawbook import LawBook, rules_of, shipped
from reports.render import FormRecords
from reports.sheet import printable

_BORN = datetime(2026, 1, 1)  # noqa: DTZ001 - a constant, so that equal contents are equal bytes
_LEVELS = {Level.RED: "✕ 严重", Level.YELLOW: "△ 提示", Level.INFO: "信息"}
Value = str | Decimal | int | None


#: project -> its open findings
_Found = Mapping[str, Sequence[Finding]]
_COUNTED = (Level.RED, Level.YELLOW)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its width in characters, the name of its format."""

    heading: str
    width: int
    style: str = "text"


DEPARTMENTS = (
    Column("部门", 24),
    Column("应报", 8, "count"),
    *(Column(label, 9, "count") for label in SQUARE_LABELS.values()),
    Column("附表2、3", 14),
    Column("预算总额（万元）", 17, "money"),
    Column("已到位（万元）", 16, "money"),
    Column("已支出（万元）", 16, "money"),
    Column("资金到位率", 12, "percent"),
    Column("预算执行率", 12, "percent"),
    Column("时间进度", 10, "percent"),
    Column("严重", 8, "count"),
    Column("提示", 8, "count"),
)
PROJECTS = (
    Column("部门", 22),
    Column("单位", 24),
    Column("项目编号", 14),
    Column("项目", 40),
    Column("重点", 8),
    Column("附表1", 12),
    Column("预算总额（万元）", 17, "money"),
    Column("已到位（万元）", 16, "money"),
    Column("已支出（万元）", 16, "money"),
    Column("预算执行率", 12, "percent"),
    Column("严重", 8, "count"),
    Column("提示", 8, "count"),
)
FINDINGS = (
    Column("部门", 22),
    Column("项目编号", 14),
    Column("项目", 36),
    Column("程度", 10),
    Column("偏离", 70),
    Column("算式", 50),
    Column("依据", 34),
)
_FORMATS: Mapping[str, Mapping[str, object]] = {
    "head": {
        "bold": True,
        "align": "center",
        "valign": "vcenter",
        "border": 1,
        "text_wrap": True,
        "bg_color": "#E8F0FB",
    },
    "text": {"valign": "vcenter", "border": 1, "text_wrap": True},
    "count": {"align": "center", "valign": "vcenter", "border": 1},
    "money": {"num_format": "#,##0.00", "valign": "vcenter", "border": 1},
    "percent": {"num_format": "0.00%", "align": "center", "valign": "vcenter", "border": 1},
    "title": {"bold": True, "font_size": 16, "valign": "vcenter"},
    "plain": {},
}


def summary(
    records: FormRecords,
    round: MonitoringRound,
    at: datetime,
    *,
    law: LawBook | None = None,
    stamp: str = "",
) -> bytes:
    """The workbook as of that moment. Rows are written as they are read, so memory does not grow with the projects."""
    raw = io.BytesIO()
    options = {
        "in_memory": True,
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(raw, {**options, "strings_to_numbers": False}) as book:
        book.set_properties({"author": "绩监通", "created": _BORN})
        _Summary(book, records, round, at, law or shipped(), stamp).write()
    return raw.getvalue()


@dataclass(slots=True)
class _Page:
    """One sheet being written downwards."""

    sheet: Any
    columns: tuple[Column, ...]
    formats: Mapping[str, Any]
    row: int = 0

    def open(self) -> _Page:
        self.sheet.freeze_panes(1, 1)
        for number, column in enumerate(self.columns):
            self.sheet.set_column(number, number, column.width)
        self._put([column.heading for column in self.columns], ["head"] * len(self.columns))
        return self

    def add(self, values: Sequence[Value]) -> None:
        self._put(values, [column.style for column in self.columns])

    def _put(self, values: Sequence[Value], styles: Sequence[str]) -> None:
        for column, (value, style) in enumerate(zip(values, styles, strict=True)):
            look = self.formats[style]
            if value is None or value == "":
                self.sheet.write_blank(self.row, column, None, look)
            elif isinstance(value, str):
                self.sheet.write_string(self.row, column, printable(value), look)
            else:
                self.sheet.write_number(self.row, column, value, look)
        self.row += 1


class _Summary:
    """The workbook while it is written."""

    def __init__(
        self, book: Any, records: FormRecords, round: MonitoringRound, at: datetime, law: LawBook, stamp: str
    ) -> None:
        self.book, self.records, self.round, self.at, self.law = book, records, round, at, law
        self.stamp, self.levels = stamp, [0] * len(_COUNTED)
        self.formats = {name: book.add_format(dict(look)) for name, look in _FORMATS.items()}
        self.front = _printed(book.add_worksheet("总览"))
        self.departments = self._page("部门", DEPARTMENTS)
        self.projects = self._page("项目", PROJECTS)
        self.deviations = self._page("偏离", FINDINGS)

    def write(self) -> None:
        """Department after department, so that no more than one is in memory; the front page last."""
        picture = glance(self.records, self.round, "*", self.at, self.law)
        lines = {line.name: line for line in picture.lines}
        reports = {report.department_id: report for report in self.records.reports(self.round)}
        for department in self.records.departments():
            basis = self.records.basis(department.id, self.round)
            if basis.projects:
                found = _by_project(self.records, self.round, department.id)
                line = lines.get(department.name, Line(department.name, ()))
                self._department(basis, line, reports.get(department.id), found)
                self._projects(basis, found)
                self._findings(basis, found)
        self._front(picture)

    def _page(self, name: str, columns: tuple[Column, ...]) -> _Page:
        sheet = _printed(self.book.add_worksheet(name))
        sheet.repeat_rows(0)
        return _Page(sheet, columns, self.formats).open()

    def _department(self, basis: Basis, line: Line, report: Report | None, found: _Found) -> None:
        arrived, spent = _sum(basis.forms, "arrived"), _sum(basis.forms, "spent")
        levels = [sum(_count(each, level) for each in found.values()) for level in _COUNTED]
        self.levels = [before + now for before, now in zip(self.levels, levels, strict=True)]
        state = report.state if report else ReportState.NOT_STARTED
        self.departments.add(
            (
                basis.department.name,
                line.owed,
                *(line.count(square) for square in Square),
                REPORT_STATE_LABELS[state],
                basis.projects_budget,
                arrived,
                spent,
                funds_arrival_rate(arrived, basis.projects_budget).value,
                execution_rate(spent, basis.projects_budget).value,
                self.round.time_progress,
                *levels,
            )
        )

    def _projects(self, basis: Basis, found: _Found) -> None:
        filed = {form.project.id: form for form in basis.forms}
        states = {
            duty.filing.project_id: duty.filing.state
            for duty in self.records.duties(self.round, department_id=basis.department.id)
        }
        for project in basis.projects:
            form = filed.get(project.id)
            spent = form.figures.spent if form else None
            self.projects.add(
                (
                    basis.department.name,
                    basis.units[project.unit_id].name,
                    project.id,
                    project.name,
                    "是" if project.is_key else "",
                    STATE_LABELS[states[project.id]] if project.id in states else "",
                    project.budget_current,
                    form.figures.arrived if form else None,
                    spent,
                    ratio(spent, project.budget_current),
                    *(_count(found.get(project.id, ()), level) for level in _COUNTED),
                )
            )

    def _findings(self, basis: Basis, found: _Found) -> None:
        for project in basis.projects:
            for each in found.get(project.id, ()):
                said = (_LEVELS[each.level], each.sentence, each.formula, each.reference)
                self.deviations.add((basis.department.name, project.id, project.name, *said))

    def _front(self, picture: DistrictPicture) -> None:
        rules = rules_of(self.law, self.round)
        self.front.set_column(0, 0, 26)
        self.front.set_column(1, 1, 62)
        heading = f"{self.round.label} 区级部门预算绩效运行监控汇总"
        self.front.write_string(0, 0, f"{self.stamp} {heading}".strip(), self.formats["title"])
        reds, yellows = self.levels
        lines: list[tuple[str, str]] = [
            ("截至", f"{self.at:%Y年}{self.at.month}月{self.at.day}日 {self.at:%H:%M}"),
            ("附表1 应报", f"{picture.owed} 个项目"),
            *((f"附表1 {SQUARE_LABELS[square]}", f"{picture.count(square)} 个项目") for square in Square),
            ("偏离 严重", f"{reds} 处"),
            ("偏离 提示", f"{yellows} 处"),
            ("时间进度", f"{self.round.time_progress:.0%}"),
            ("支出偏慢的界线", f"执行率低于时间进度的 {rules.pace.yellow:.0%}"),
            ("金额口径", "1月1日起累计，单位万元；执行率 = 已支出 ÷ 预算总额"),
        ]
        for row, (label, said) in enumerate(lines, 2):
            self.front.write_string(row, 0, label, self.formats["plain"])
            self.front.write_string(row, 1, said, self.formats["plain"])
        last = self.departments.row - 1
        if last:
            for chart, place in self._charts(last):
                self.front.insert_chart(place, chart)

    def _charts(self, last: int) -> Iterator[tuple[Any, str]]:
        """Filing by department as stacked bars, spending by department against the time line."""
        names = ["部门", 1, 0, last, 0]
        filing = self.book.add_chart({"type": "bar", "subtype": "stacked"})
        colours = ("#1B5FC1", "#9DBFF5", "#D6D9DE", "#B42318")
        for column, (label, colour) in enumerate(zip(SQUARE_LABELS.values(), colours, strict=True), 2):
            values = ["部门", 1, column, last, column]
            filing.add_series(
                {"name": label, "categories": names, "values": values, "fill": {"color": colour}, "gap": 40}
            )
        spending = self.book.add_chart({"type": "bar"})
        execution, time = 11, 12
        spending.add_series(
            {
                "name": "预算执行率",
                "categories": names,
                "values": ["部门", 1, execution, last, execution],
                "fill": {"color": "#C77700"},
                "gap": 40,
            }
        )
        spending.add_series(
            {
                "name": "时间进度",
                "categories": names,
                "values": ["部门", 1, time, last, time],
                "fill": {"color": "#D6D9DE"},
            }
        )
        spending.set_x_axis({"num_format": "0%", "min": 0})
        height = 160 + 22 * last
        for chart, title, place in (
            (filing, "附表1 报送情况（项目数）", "A16"),
            (spending, "预算执行率与时间进度", "C16"),
        ):
            chart.set_title({"name": title, "name_font": {"size": 12}})
            chart.set_y_axis({"reverse": True})
            chart.set_legend({"position": "top"})
            chart.set_size({"width": 620, "height": height})
            yield chart, place


def _by_project(records: FormRecords, round: MonitoringRound, department_id: str) -> _Found:
    found: dict[str, list[Finding]] = {}
    for each in records.findings(round, department_id=department_id):
        found.setdefault(each.project_id, []).append(each.finding)
    return found


def _count(found: Sequence[Finding], level: Level) -> int:
    return sum(each.level is level for each in found)


def _printed(sheet: Any) -> Any:
    """A4 across, one page wide."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C第&P页，共&N页")
    return sheet


def _sum(forms: Sequence[UnitForm], name: str) -> Decimal | None:
    said = [amount for form in forms if (amount := getattr(form.figures, name)) is not None]
    return sum(said, Decimal(0)) if said else None
