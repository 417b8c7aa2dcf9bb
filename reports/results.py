"""The year's results by project, as CSV or a workbook, for adjustment and the next budget (办法 第十四条)."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Protocol

import xlsxwriter

from regulation.adjusting import Adjustment
from regulation.basis import Basis
from regulation.disposing import DisposalRecord
from regulation.findings import Finding
from regulation.reporting import BEFORE_FINANCE, Report
from regulation.results import ProjectResult, decided, round_result
from regulation.roster import Department, ResponsibleUnit
from regulation.rounds import MonitoringRound
from reports import commas
from reports.commas import Value

HEADINGS = (
    "年度",
    "部门",
    "单位",
    "项目编码",
    "项目名称",
    "年初预算（万元）",
    "预算总额（万元）",
    "年内调整（万元）",
    "二季度执行率",
    "二季度红",
    "二季度黄",
    "三季度执行率",
    "三季度红",
    "三季度黄",
    "目标调整和处置",
)
QUARTERS = (2, 3)
_BORN = datetime(2026, 1, 1)  # noqa: DTZ001 - a constant, so that equal contents are equal bytes


class Found(Protocol):
    """An open finding."""

    @property
    def finding(self) -> Finding: ...


class ResultRecords(Protocol):
    """What is asked of what is stored."""

    def departments(self) -> Sequence[Department]: ...
    def unit(self, unit_id: str) -> ResponsibleUnit: ...
    def basis(self, department_id: str, round: MonitoringRound) -> Basis: ...
    def report(self, department_id: str, round: MonitoringRound) -> Report: ...
    def findings(
        self, round: MonitoringRound, *, project_id: str | None = None, department_id: str | None = None
    ) -> Sequence[Found]: ...
    def adjustments(self, round: MonitoringRound) -> Sequence[Adjustment]: ...
    def disposals(self, round: MonitoringRound) -> Sequence[DisposalRecord]: ...


def results(records: ResultRecords, year: int, *, department_id: str = "") -> bytes:
    """A row per project of that year. Raises LookupError for an unknown department."""
    wanted = [each for each in records.departments() if department_id in ("", each.id)]
    if not wanted:
        raise LookupError(f"没有编号为 {department_id} 的部门")
    rows = (row for department in wanted for row in _rows(records, year, department.id, department.name))
    return commas.table(HEADINGS, rows)


def filed_results(records: ResultRecords, year: int, name: str) -> bytes:
    """The same as finance may have it: the departments named (``*`` for all, else the id of one or of the division it
    files with), and of each only the rounds it has filed."""
    rounds = {quarter: MonitoringRound(year, quarter) for quarter in QUARTERS}
    rows: list[tuple[Value, ...]] = []
    for each in records.departments():
        seen = {q for q, r in rounds.items() if records.report(each.id, r).state in BEFORE_FINANCE}
        if seen and name in ("*", each.id, each.division_id):
            rows += _rows(records, year, each.id, each.name, seen)
    return _workbook(rows)


def _workbook(rows: Sequence[tuple[Value, ...]]) -> bytes:
    """One sheet; what people wrote is text and never a formula (X01)."""
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"in_memory": True}) as book:
        book.set_properties({"created": _BORN})
        page = book.add_worksheet("全年结果")
        page.freeze_panes(1, 0)
        page.set_column(0, len(HEADINGS) - 1, 16)
        for number, row in enumerate((HEADINGS, *rows)):
            for place, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(number, place, value)
                elif value is not None:
                    page.write_number(number, place, value)
    return raw.getvalue()


def _rows(
    records: ResultRecords, year: int, department_id: str, name: str, seen: Collection[int] = QUARTERS
) -> Iterator[tuple[Value, ...]]:
    rounds = {quarter: MonitoringRound(year, quarter) for quarter in QUARTERS}
    bases = {quarter: records.basis(department_id, round) for quarter, round in rounds.items()}
    wishes = [each for round in rounds.values() for each in records.adjustments(round)]
    steps = [each for round in rounds.values() for each in records.disposals(round)]
    for project in bases[3].projects:
        shown = {}
        for quarter, round in rounds.items():
            known = bases[quarter].forms if quarter in seen else ()
            form = next((f for f in known if f.project.id == project.id), None)
            found = [raised.finding for raised in records.findings(round, project_id=project.id)]
            shown[quarter] = round_result(form, found if quarter in seen else ())
        done = decided(
            (each for each in wishes if each.project_id == project.id),
            (each for each in steps if each.project_id == project.id),
        )
        unit = records.unit(project.unit_id).name
        yield _row(ProjectResult(project, shown, done), year, name, unit)


def _row(result: ProjectResult, year: int, department: str, unit: str) -> tuple[Value, ...]:
    project = result.project
    figures = [
        value
        for quarter in QUARTERS
        for value in (
            result.rounds[quarter].execution,
            result.rounds[quarter].red,
            result.rounds[quarter].yellow,
        )
    ]
    money = (project.budget_initial, project.budget_current, result.cut)
    named = (year, department, unit, project.code or project.id, project.name)
    return (*named, *money, *figures, "；".join(result.decided))
