"""出表: the official 附表1 as a workbook and a picture in the chat."""

from __future__ import annotations

from bot.cards import collect, tables
from bot.cards.plain import refusal
from bot.effects import Note
from bot.handlers import common
from bot.people import Action, may
from bot.turn import Case, Duty, Handler, Turn
from regulation.filing import Filing
from regulation.problems import problem
from regulation.roster import Project, Role


def show(case: Case) -> Turn:
    """The named form's table, the only one's, or a choice among those filed."""
    if common.names_subject(case.argument):
        return one(case, case.argument)
    filed = [d for d in _visible(case) if d.filing.version > 0]
    if not filed and case.person.has(Role.PERFORMANCE_OFFICE):
        return case.say(refusal(problem("table.not_for_finance")))
    if not filed:
        return case.say(tables.none_filed(case.world.round))
    found = [d for d in filed if case.argument in d.project_name]
    if len(found) == 1:
        return one(case, common.subject_of(case.world.round, found[0].project_id))
    choices = common.choices(case, found or filed)
    unknown = () if found else (common.not_found(case, "您能看"),)
    return case.say(*unknown, collect.pick(choices, case.world.round, "看", "table"))


def may_see(case: Case, project: Project, filing: Filing) -> bool:
    """Whether the asker may open that form and its table."""
    return may(case.person, Action.SEE_FORM, common.permission_subject(case, project, filing))


def one(case: Case, subject: str) -> Turn:
    """One project's table, if the asker may see it."""
    round, project_id = common.split(subject)
    project = case.world.records.project(project_id)
    filing = case.world.records.filing(project_id, round)
    if project is None or not may_see(case, project, filing):
        return case.say(refusal(problem("person.may_not")))
    if not filing.version:
        return case.say(tables.none_filed(round))
    card = tables.annex1(project, round, subject, filing.version, late=filing.late)
    note = Note(case.person.id, "table.read", subject, f"版本{filing.version}")
    return Turn(case.session, (note, case.beside(card)))


def _visible(case: Case) -> list[Duty]:
    """The forms whose figures the person may read, own ones first."""
    records, round = case.world.records, case.world.round
    seen = {d.project_id: d for d in common.mine(case)}
    for duty in case.person.duties:
        if duty.role is Role.UNIT_HEAD:
            seen |= {d.project_id: d for d in records.duties(round, unit_id=duty.scope_id)}
        elif duty.role in (Role.BUDGET_OFFICE, Role.DEPARTMENT_HEAD):
            seen |= {d.project_id: d for d in records.duties(round, department_id=duty.scope_id)}
    return list(seen.values())


HANDLER = Handler(name="table", words={"出表": show, "看表格": show}, actions={"table": show})
