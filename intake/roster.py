"""A roster workbook read all-or-nothing: a whole district, or every reason why not (X03–X07, F12, A06)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from intake import cells, rows
from intake.checks import Sheets, check
from intake.grid import Grid, Row, grid
from intake.layout import SHEETS
from intake.parts import Refusal
from intake.people import joined
from intake.problems import RowProblem
from intake.rows import Placed
from regulation.folding import clean_text
from regulation.roster import ROLE_LABELS, Indicator, Project, Role, Roster

Item = TypeVar("Item")

ORDER = {sheet.name: at for at, sheet in enumerate(SHEETS)}


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a workbook. ``roster`` is there exactly when ``problems`` is empty; ``warnings`` stop
    nothing. ``refused_classified`` counts rows of 项目 that were not read for their 密级 (第十七条)."""

    roster: Roster | None
    problems: tuple[RowProblem, ...] = ()
    warnings: tuple[RowProblem, ...] = ()
    refused_classified: int = 0


def read_roster(data: bytes, file_name: str) -> Reading:
    """Read an uploaded workbook. Nothing of a classified project's row but its unit's code is looked at."""
    page = grid(data, file_name)
    if isinstance(page, Refusal):
        return Reading(None, (RowProblem("", 0, "", page.text),))
    if page.faults:
        return Reading(None, page.faults, page.warnings)
    return _read(page)


def _read(page: Grid) -> Reading:
    public = [row for row in page.rows["项目"] if not rows.classified(row)]
    classified = [row for row in page.rows["项目"] if rows.classified(row)]
    sheets = _sheets(page, public, classified)
    check(sheets)
    offline = _offline(page, sheets, classified)
    every = [row for name in ORDER for row in page.rows[name]]
    problems = _sorted(problem for row in every for problem in row.faults) + _nothing(sheets)
    warnings = (
        page.warnings + _sorted(warning for row in every for warning in row.warnings) + _unstaffed(sheets)
    )
    roster = None if problems else replace(_roster(sheets), offline=offline)
    return Reading(roster, problems, warnings, len(classified))


def _sheets(page: Grid, public: Iterable[Row], classified: Iterable[Row]) -> Sheets:
    hidden = frozenset(_project_code(row) for row in classified) - {""}
    person_rows = _each(page.rows["人员"], rows.person)
    shown = [row for row in page.rows["指标"] if _project_code(row) not in hidden]
    return Sheets(
        _each(page.rows["处室"], rows.division),
        _each(page.rows["部门"], rows.department),
        _each(page.rows["单位"], rows.unit),
        person_rows,
        joined([one for one in person_rows if one.item.id]),
        _each(public, rows.project),
        _each(shown, rows.indicator),
        hidden,
    )


def _each(source: Iterable[Row], read: Callable[[Row], Placed[Item]]) -> tuple[Placed[Item], ...]:
    return tuple(read(row) for row in source)


def _project_code(row: Row) -> str:
    return clean_text(str(row.cell("项目编码").value))


def _offline(page: Grid, sheets: Sheets, classified: Sequence[Row]) -> tuple[tuple[str, int], ...]:
    """Projects reported on paper by unit: those declared on 单位 and the refused rows of 项目."""
    counts: Counter[str] = Counter()
    for one, row in zip(sheets.units, page.rows["单位"], strict=True):
        counts[one.item.id] += rows.offline_declared(row)
    for row in classified:
        unit = cells.text(row, "单位编码", 200, required=False)
        if unit not in counts:
            row.fault("单位编码", "这一行是涉密项目，没有读入；它的单位编码在《单位》里查不到，无法计数。")
        counts[unit] += 1
        row.warn("密级", "按涉密处理：这一行没有读入，只计了数。请从表里删去，线下报送（第十七条）。")
    return tuple((one.item.id, counts[one.item.id]) for one in sheets.units if counts[one.item.id])


def _roster(sheets: Sheets) -> Roster:
    return Roster(
        tuple(one.item for one in sheets.divisions),
        tuple(one.item for one in sheets.departments),
        tuple(one.item for one in sheets.units),
        tuple(one.item for one in sheets.people),
        tuple(_with_indicators(sheets)),
    )


def _with_indicators(sheets: Sheets) -> Iterable[Project]:
    of_project: dict[str, list[Indicator]] = {}
    for one in sheets.indicators:
        code, indicator = one.item
        of_project.setdefault(code, []).append(indicator)
    for placed in sheets.projects:
        found = sorted(of_project.get(placed.item.id, ()), key=lambda indicator: indicator.position)
        yield replace(placed.item, indicators=tuple(found))


def _nothing(sheets: Sheets) -> tuple[RowProblem, ...]:
    """A workbook without any department was sent before it was filled."""
    return () if sheets.departments else (RowProblem("部门", 0, "", "一行都没有填。"),)


def _unstaffed(sheets: Sheets) -> tuple[RowProblem, ...]:
    return tuple(
        RowProblem("人员", 0, "职责", f"没有人是{ROLE_LABELS[role]}。")
        for role in (Role.PERFORMANCE_OFFICE, Role.ADMIN)
        if not any(one.item.active and one.item.has(role) for one in sheets.people)
    )


def _sorted(found: Iterable[RowProblem]) -> tuple[RowProblem, ...]:
    return tuple(sorted(found, key=lambda problem: (ORDER[problem.sheet], problem.row)))
