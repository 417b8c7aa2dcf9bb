"""Once the forms of a department are in, its budget office is led on to 附表2 and 附表3 (第十三条)."""

from __future__ import annotations

from bot.cards import review as cards
from bot.effects import Effect, Send
from bot.handlers import common
from bot.owing import may_consolidate
from bot.turn import Case
from regulation.roster import Project, Role
from regulation.rounds import MonitoringRound


def last_form(case: Case, project: Project, round: MonitoringRound, version: int) -> tuple[Effect, ...]:
    """To the office when this form was the last one its department waited for."""
    records, department_id = case.world.records, common.department_of(case, project)
    duties = records.duties(round, department_id=department_id)
    others = [d for d in duties if d.project_id != project.id]
    if not all(d.filing.state in common.REACHED for d in others):
        return ()
    if not may_consolidate(case.world, department_id, round):
        return ()
    name, unit = records.department(department_id).name, records.unit(project.unit_id).name
    report = common.subject_of(round, department_id)
    card = cards.complete(name, round, len(duties), f"{unit}《{project.name}》", report)
    key, due = f"complete:{round.code}:{project.id}:v{version}", case.world.disturbable(case.at)
    office = records.people_with(Role.BUDGET_OFFICE, department_id)
    return tuple(Send(p.id, card, key, due=due) for p in office if p.id != case.person.id)
