"""A form filed anew after its department handed the tables up: the office is told, nothing is overwritten (F04)."""

from __future__ import annotations

from bot.cards import approval
from bot.effects import Effect, Send
from bot.forms import Form
from bot.handlers import common, desks
from bot.turn import Case
from regulation.reporting import ReportState
from regulation.roster import Role

#: states in which somebody decides on a frozen version.
FROZEN = frozenset(ReportState) - {ReportState.NOT_STARTED, ReportState.DRAFT, ReportState.RETURNED}


def changed(case: Case, form: Form, version: int) -> tuple[Effect, ...]:
    """One card to the budget office when the report of that round lies before somebody."""
    department_id = common.department_of(case, form.project)
    report = case.world.records.report(department_id, form.round)
    if report.state not in FROZEN:
        return ()
    desk = desks.load(case, desks.subject_of(form.round, department_id))
    card = approval.source_changed(
        desks.standing(case, desk),
        form.project.name,
        form.unit_name,
        version,
        filed=report.state is not ReportState.AWAITING_HEAD,
    )
    key = f"report:{desk.subject}:source:{form.project.id}:v{version}"
    office = case.world.records.people_with(Role.BUDGET_OFFICE, department_id)
    due = case.world.disturbable(case.at)
    return tuple(Send(p.id, card, key, due=due) for p in office if p.id != case.person.id)
