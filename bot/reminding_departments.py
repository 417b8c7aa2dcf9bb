"""Who hears of the department's clock: offices that owe 附表2、3, heads and finance once they are late (DOMAIN §4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import dues
from bot.cards import department_clock as cards
from bot.cards.remind import Deviating, Overdue
from bot.effects import Send
from bot.turn import Duty, World
from regulation.deadlines import Annex
from regulation.deviation import Level
from regulation.filing import FilingState
from regulation.reminders import Occasion, Reminder
from regulation.reporting import OWED, REPORT_STATE_LABELS, Report, ReportState
from regulation.roster import Department, Role

#: states in which a unit's form is still owed to the department.
MISSING = (FilingState.NOT_STARTED, FilingState.DRAFT, FilingState.RETURNED, FilingState.AWAITING_UNIT)


@dataclass(frozen=True, slots=True)
class _Owing:
    """A department that still owes its report."""

    department: Department
    report: Report
    duties: Sequence[Duty]

    @property
    def subject(self) -> str:
        return f"{self.report.round.code}:{self.department.id}"

    @property
    def missing(self) -> list[Duty]:
        return [duty for duty in self.duties if duty.filing.state in MISSING]


def _owing(reminder: Reminder, world: World) -> list[_Owing]:
    """The departments that owe, in roster order; one that has neither projects nor anything begun is not asked,
    nor one whose report finance sent back with a day of its own, before that day has passed."""
    records = world.records
    by_department: dict[str, list[Duty]] = {}
    for duty in records.duties(reminder.round):
        by_department.setdefault(duty.department_id, []).append(duty)
    today = reminder.at.date()
    returned = {each for each, back in records.report_returns(reminder.round).items() if back.due >= today}
    touched = {report.department_id: report for report in records.reports(reminder.round)}
    found = []
    for department in records.departments():
        report = touched.get(department.id, Report(department.id, reminder.round))
        duties = by_department.get(department.id, [])
        if department.id in returned:
            continue
        if report.state in OWED and (duties or department.id in touched):
            found.append(_Owing(department, report, duties))
    return found


def _concerned(reminder: Reminder, world: World) -> list[_Owing]:
    return [owing for owing in _owing(reminder, world) if reminder.concerns(owing.department.id)]


def _due(reminder: Reminder, world: World) -> str:
    limit = world.deadline(reminder.round, Annex.DEPARTMENT, reminder.department)
    if reminder.days_late:
        return f"应于{world.workdays.label(limit.last)}报财政"
    return dues.until(limit, reminder.at, world.workdays, "报财政")


def _progress(owing: _Owing, world: World) -> cards.Progress:
    units = dict.fromkeys(world.records.unit(duty.unit_id).name for duty in owing.missing)
    total = len(owing.duties)
    return cards.Progress(
        owing.department.name,
        _state(owing.report, world),
        total - len(owing.missing),
        total,
        tuple(units),
    )


def _state(report: Report, world: World) -> str:
    if report.state is not ReportState.AWAITING_HEAD:
        return REPORT_STATE_LABELS[report.state]
    heads = world.records.people_with(Role.DEPARTMENT_HEAD, report.department_id)
    return f"已报{'、'.join(head.name for head in heads)}审，还没有同意"


def offices(reminder: Reminder, world: World, now: datetime) -> Iterator[Send]:
    """The budget office of every department that still owes."""
    key = f"department:{reminder.round.code}:{reminder.occasion}:{reminder.at:%Y%m%d}{reminder.whose}"
    due = _due(reminder, world)
    for owing in _concerned(reminder, world):
        card = cards.office(
            reminder,
            due,
            _progress(owing, world),
            department_id=owing.department.id,
            subject=owing.subject,
        )
        for person in world.records.people_with(Role.BUDGET_OFFICE, owing.department.id):
            yield Send(person.id, card, key)


def heads(reminder: Reminder, world: World, now: datetime) -> Iterator[Send]:
    """The head of every late department: late units and untold red findings in the one message of the day."""
    due = _due(reminder, world)
    for owing in _concerned(reminder, world):
        department_id = owing.department.id
        for head in world.records.people_with(Role.DEPARTMENT_HEAD, department_id):
            untold = [
                raised
                for raised in world.records.findings(
                    reminder.round, department_id=department_id, untold_to=head.id
                )
                if raised.finding.level is Level.RED
            ]
            card = cards.head(
                reminder,
                due,
                _progress(owing, world),
                late_units=_overdue(owing, world),
                deviating=[
                    Deviating(_project_name(world, raised.project_id), raised.finding) for raised in untold
                ],
                subject=owing.subject,
                version=owing.report.version,
                waiting=owing.report.state is ReportState.AWAITING_HEAD,
            )
            yield Send(head.id, card, f"head:{now.date()}", told=tuple(raised.id for raised in untold))


def _overdue(owing: _Owing, world: World) -> list[Overdue]:
    by_unit: dict[str, list[Duty]] = {}
    for duty in owing.missing:
        by_unit.setdefault(duty.unit_id, []).append(duty)
    return [
        Overdue(
            world.records.unit(unit).name,
            "、".join(p.name for p in map(world.records.person, sorted({d.filler_id for d in duties})) if p),
            len(duties),
        )
        for unit, duties in by_unit.items()
    ]


def _project_name(world: World, project_id: str) -> str:
    project = world.records.project(project_id)
    return project.name if project else project_id


def finance(reminder: Reminder, world: World, now: datetime) -> Iterator[Send]:
    """Each division of its own late departments, the performance office of all of them in one digest: counts only."""
    if reminder.occasion is not Occasion.LATE:
        return
    late = _owing(reminder, world)
    due = _due(reminder, world)
    stamp = f"{reminder.round.code}:late:{reminder.at:%Y%m%d}"
    for division in world.records.divisions():
        own = [_progress(each, world) for each in late if each.department.division_id == division.id]
        if own:
            card = cards.division(reminder, due, own, whole=False)
            for person in world.records.people_with(Role.FINANCE_DIVISION, division.id):
                yield Send(person.id, card, f"division:{stamp}")
    if late:
        card = cards.division(reminder, due, [_progress(each, world) for each in late], whole=True)
        for person in world.records.people_with(Role.PERFORMANCE_OFFICE, "*"):
            yield Send(person.id, card, f"performance:{stamp}")
