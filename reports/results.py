"""The year's results project by project as CSV, kept for budget adjustment and the next budget (办法 第十四条)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from regulation.adjusting import Adjustment
from regulation.disposing import DisposalRecord
from regulation.results import ProjectResult, decided, round_result
from regulation.rounds import MonitoringRound
from reports import commas
from reports.commas import Value
from reports.render import FormRecords

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


class ResultRecords(FormRecords, Protocol):
    """What is asked of what is stored."""

    def adjustments(self, round: MonitoringRound) -> Sequence[Adjustment]: ...
    def disposals(self, round: MonitoringRound) -> Sequence[DisposalRecord]: ...


def results(records: ResultRecords, year: int, *, department_id: str = "") -> bytes:
    """A row per project of that year. Raises LookupError for an unknown department."""
    wanted = [each for each in records.departments() if department_id in ("", each.id)]
    if not wanted:
        raise LookupError(f"没有编号为 {department_id} 的部门")
    rows = (row for department in wanted for row in _rows(records, year, department.id, department.name))
    return commas.table(HEADINGS, rows)


def _rows(records: ResultRecords, year: int, department_id: str, name: str) -> Iterator[tuple[Value, ...]]:
    rounds = {quarter: MonitoringRound(year, quarter) for quarter in QUARTERS}
    bases = {quarter: records.basis(department_id, round) for quarter, round in rounds.items()}
    wishes = [each for round in rounds.values() for each in records.adjustments(round)]
    steps = [each for round in rounds.values() for each in records.disposals(round)]
    for project in bases[3].projects:
        shown = {}
        for quarter, round in rounds.items():
            form = next((f for f in bases[quarter].forms if f.project.id == project.id), None)
            found = [raised.finding for raised in records.findings(round, project_id=project.id)]
            shown[quarter] = round_result(project, form.figures if form else None, found)
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
