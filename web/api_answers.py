"""What is stored in the words of the interface, and what comes in as lines of a batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Protocol

from regulation.basis import Basis, UnitForm
from regulation.composing import printed_actual
from regulation.deviation import Finding
from regulation.execution import Execution, Fault, Line
from regulation.filing import FilingState
from regulation.rates import plain, ratio, rounded
from regulation.reporting import BEFORE_FINANCE, REPORT_STATE_LABELS, Report
from regulation.roster import Department, FundSource
from regulation.rounds import MonitoringRound
from regulation.tracing import Filed, Origin, Part, Traced
from web import api_models as models

DONE = frozenset({FilingState.AWAITING_UNIT, FilingState.FILED, FilingState.ACCEPTED})
#: pydantic's kinds of mistakes in words; anything else is said to be of the wrong form.
_WORDS = {
    "missing": "缺少这一项。",
    "string_type": '要写成带引号的文字，例如 "201.35"。',
    "extra_forbidden": "没有这一项，请看接口说明。",
    "literal_error": "来源只有 central、provincial、municipal、district、other。",
    "date_from_datetime_parsing": "日期要写成 2026-09-30。",
    "date_type": "日期要写成 2026-09-30。",
    "list_type": "要写成一个列表。",
}


class Found(Protocol):
    """An open finding."""

    @property
    def project_id(self) -> str: ...
    @property
    def finding(self) -> Finding: ...


class Follow(Protocol):
    """What one project gives to a figure, with the words behind it."""

    @property
    def part(self) -> Part: ...
    @property
    def filed(self) -> Filed | None: ...
    @property
    def origins(self) -> tuple[Origin, ...]: ...


def line_of(number: int, row: models.ExecutionRow) -> Line:
    """A row as a line of a batch."""
    by_source = {FundSource(source): amount for source, amount in row.spent_by_source.items()}
    return Line(number, row.project, row.arrived, row.spent, by_source)


def mistake_of(error: Any) -> models.FaultOut:
    """One of pydantic's findings in words."""
    place = [str(part) for part in error["loc"]]
    row = int(place[1]) + 1 if place[:1] == ["rows"] and len(place) > 1 and place[1].isdigit() else 0
    field = ".".join(place[2:] if row else place)
    message = _WORDS.get(error["type"], "格式不对，请看接口说明。")
    return models.FaultOut(row=row, field=field, code=str(error["type"]), message=message)


#: how the parts of an address are written.
_PLACES = {
    "code": "季度要写成 2026Q3（二、三季度）。",
    "department": "部门编码最多 64 个字。",
    "batch": "批次号最多 64 个字。",
    "figure": "哪个数最多 60 个字。",
}


def wrong_of(error: Any) -> models.FaultOut:
    """A part of the address that is not written as it should be."""
    field = str(error["loc"][-1]) if error["loc"] else ""
    message = _PLACES.get(field, "请对照接口说明。")
    return models.FaultOut(row=0, field=field, code=str(error["type"]), message=message)


def fault_of(fault: Fault) -> models.FaultOut:
    """One mistake in a batch."""
    return models.FaultOut(
        row=fault.number, field=fault.field, code=fault.problem.code, message=fault.problem.text
    )


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)


def department_of(
    department: Department,
    round: MonitoringRound,
    report: Report | None,
    states: Sequence[FilingState],
    basis_of: Callable[[str, MonitoringRound], Basis],
) -> models.DepartmentOut:
    """Counts always, figures only once finance has the report before it."""
    given = report or Report(department.id, round)
    budget = arrived = spent = None
    if given.state in BEFORE_FINANCE:
        basis = basis_of(department.id, round)
        budget = basis.projects_budget
        arrived, spent = (_sum(basis.forms, name) for name in ("arrived", "spent"))
    rate = ratio(spent, budget)
    return models.DepartmentOut(
        id=department.id,
        name=department.name,
        owed=len(states),
        filed=sum(state in DONE for state in states),
        report=REPORT_STATE_LABELS[given.state],
        report_version=given.version,
        budget=_text(budget),
        arrived=_text(arrived),
        spent=_text(spent),
        execution_rate=None if rate is None else str(rounded(rate, 4)),
    )


def _sum(forms: Sequence[UnitForm], name: str) -> Decimal | None:
    said = [amount for form in forms if (amount := getattr(form.figures, name)) is not None]
    return sum(said, Decimal(0)) if said else None


def project_of(form: UnitForm) -> models.ProjectOut:
    """A filed 附表1."""
    project, figures = form.project, form.figures
    return models.ProjectOut(
        id=project.id,
        code=project.code,
        name=project.name,
        unit=form.unit.name,
        is_key=project.is_key,
        version=form.version,
        budget=plain(project.budget_current),
        arrived=_text(figures.arrived),
        spent=_text(figures.spent),
        situation=form.text("situation"),
        reason=form.text("reason"),
        plan=form.text("plan"),
        indicators=[_indicator(form, indicator.position) for indicator in project.indicators],
    )


def _indicator(form: UnitForm, position: int) -> models.IndicatorOut:
    indicator = next(each for each in form.project.indicators if each.position == position)
    actual = form.figures.actuals.get(position, "")
    likelihood = form.figures.likelihoods.get(position)
    return models.IndicatorOut(
        level1=indicator.level1,
        level2=indicator.level2,
        name=indicator.name,
        target=indicator.target_text,
        actual=printed_actual(indicator, actual) if actual else "",
        likelihood=likelihood.label if likelihood else "",
    )


def finding_of(each: Found) -> models.FindingOut:
    """An open deviation."""
    found = each.finding
    return models.FindingOut(
        project=each.project_id,
        level=found.level.value,
        sentence=found.sentence,
        formula=found.formula,
        threshold=found.threshold,
        reference=found.reference,
        article=found.article,
    )


def trace_of(figure: Traced, sources: Sequence[Follow]) -> models.TraceOut:
    """A figure with everything behind it."""
    return models.TraceOut(
        key=figure.key,
        form=figure.form,
        label=figure.label,
        value=figure.value,
        formula=figure.formula,
        sources=[_source_of(each) for each in sources],
    )


def _source_of(each: Follow) -> models.SourceOut:
    filed = each.filed
    return models.SourceOut(
        unit=each.part.unit,
        project=each.part.project,
        version=each.part.version,
        filed_at=filed.at if filed else None,
        stood_in=filed.stood_in if filed else "",
        cells=[_said_of(origin) for origin in each.origins],
    )


def _said_of(origin: Origin) -> models.SaidOut:
    return models.SaidOut(
        cell=origin.label,
        value=origin.value,
        how=origin.how,
        said=origin.said,
        at=origin.at,
        platform=origin.platform,
        place=origin.cell,
        message=origin.message,
    )


def execution_of(known: Execution) -> models.ExecutionOut:
    """What a batch said of a project."""
    return models.ExecutionOut(
        project=known.project_id,
        arrived=_text(known.arrived),
        spent=_text(known.spent),
        batch=known.batch,
        as_of=known.as_of,
        system=known.system,
    )
