"""Which departments somebody acts for, as their own office or as finance, and where an action on one of them falls."""

from __future__ import annotations

from collections.abc import Iterable

from bot.people import Action, Subject, may
from bot.turn import Case
from regulation.problems import Problem, problem
from regulation.reporting import Report, ReportState
from regulation.roster import Department, Role
from regulation.rounds import MonitoringRound, parse_round

#: what finance has before it: what it may look into, order about, decide on.
FILED = frozenset({ReportState.FILED, ReportState.APPROVED, ReportState.RECTIFYING, ReportState.CLOSED})
OWN = (Role.BUDGET_OFFICE, Role.DEPARTMENT_HEAD)


def subject(case: Case, department_id: str, round: MonitoringRound) -> Subject:
    """Where an action on a department's report of that round falls. Raises KeyError for an unknown department."""
    department = case.world.records.department(department_id)
    filed = case.world.records.report(department_id, round).state in FILED
    return Subject(department_id, filed=filed, division_id=department.division_id)


def allowed(case: Case, action: Action, department_id: str, round: MonitoringRound) -> bool:
    """Whether the person may do that there; an unknown department allows nothing."""
    if department_id not in {each.id for each in case.world.records.departments()}:
        return False
    return may(case.person, action, subject(case, department_id, round))


def refused(case: Case, action: Action, department_id: str, round: MonitoringRound) -> Problem | None:
    """The sentence when not."""
    return None if allowed(case, action, department_id, round) else problem("person.may_not")


def own(case: Case) -> list[Department]:
    """The departments whose office or head the person is."""
    scopes = {duty.scope_id for duty in case.person.duties if duty.role in OWN}
    return [each for each in case.world.records.departments() if each.id in scopes]


def overseen(case: Case) -> list[Department]:
    """The departments the person looks at for finance: a division its own, 绩效科 all."""
    departments = list(case.world.records.departments())
    if case.person.has(Role.PERFORMANCE_OFFICE):
        return departments
    return [each for each in departments if case.person.has(Role.FINANCE_DIVISION, each.division_id)]


def finance_of(case: Case, department: Department) -> list[str]:
    """Whom at finance a department's news goes to: its division, 绩效科 where that is empty."""
    people = case.world.records.people_with(Role.FINANCE_DIVISION, department.division_id)
    found = people or case.world.records.people_with(Role.PERFORMANCE_OFFICE, "*")
    return [person.id for person in found]


def office_of(case: Case, department_id: str, *, heads: bool = False) -> list[str]:
    """The people of a department's budget office, its heads too when asked for."""
    roles = OWN if heads else OWN[:1]
    found = (p.id for role in roles for p in case.world.records.people_with(role, department_id))
    return list(dict.fromkeys(found))


def parts(words: str) -> tuple[MonitoringRound, str] | None:
    """``2026Q3:d01`` apart; None for anything else, whoever wrote it."""
    code, _, rest = words.partition(":")
    try:
        return (parse_round(code), rest) if rest else None
    except ValueError:
        return None


def named(departments: Iterable[Department], words: str) -> list[Department]:
    """Those whose name holds the words; all of them for no words."""
    return [each for each in departments if words in each.name]


def reports(case: Case, departments: Iterable[Department]) -> list[tuple[Department, Report]]:
    """Each with where its report of the round being collected is."""
    touched = {report.department_id: report for report in case.world.records.reports(case.world.round)}
    return [(each, touched.get(each.id, Report(each.id, case.world.round))) for each in departments]
