"""改了什么: a report handed up again against the version its reader knows (第十三、十六条)."""

from __future__ import annotations

from bot.cards import revising as cards
from bot.cards.plain import refusal, told
from bot.desk import Desk
from bot.effects import Note
from bot.handlers import common, desks
from bot.people import Action
from bot.turn import Case, Handler, Turn
from regulation.consolidation import Tables
from regulation.problems import problem
from regulation.revising import revised
from regulation.roster import Role


def for_head(case: Case, desk: Desk, tables: Tables, version: int) -> cards.Against | None:
    """What the department's head is told of a version that follows one he has seen."""
    return _against(case, desk, tables, version - 1)


def for_finance(case: Case, desk: Desk, tables: Tables, version: int) -> cards.Against | None:
    """What finance is told of a version that follows one filed with it."""
    return _against(case, desk, tables, filed_before(case, desk.subject, version))


def _against(case: Case, desk: Desk, tables: Tables, base: int) -> cards.Against | None:
    return cards.Against(base, revised(desks.frozen(case, desk, base), tables)) if base > 0 else None


def filed_before(case: Case, subject: str, version: int) -> int:
    """The last version before that one that went to finance; 0 for none. What stayed in the department is not
    finance's to see."""
    round, department_id = common.split(subject)
    records = case.world.records
    back = records.report_returns(round).get(department_id)
    division = records.people_with(Role.FINANCE_DIVISION, records.department(department_id).division_id)
    for each in range(version - 1, 0, -1):
        key = f"report:{subject}:v{each}:filed"
        if (back and back.version == each) or any(records.last_sent(p.id, key) for p in division):
            return each
    return 0


def show(case: Case) -> Turn:
    """Everything that changed, beside the card it was asked from."""
    subject = desks.named(case, Role.BUDGET_OFFICE, Role.DEPARTMENT_HEAD)
    if not desks.allowed(case, subject, Action.SEE_REPORT):
        return case.say(refusal(problem("person.may_not")))
    desk = desks.load(case, subject)
    version = desk.report.version
    inside = any(desks.allowed(case, subject, a) for a in (Action.CONSOLIDATE, Action.APPROVE_REPORT))
    base = version - 1 if inside else filed_before(case, subject, version)
    if base < 1:
        return case.say(told("没有可比的版本", "这是报来的第一版。"))
    found = revised(desks.frozen(case, desk, base), desks.frozen(case, desk, version))
    note = Note(case.person.id, "report.read", subject, f"版本{base}和版本{version}的差别")
    return Turn(
        case.session, (note, case.beside(cards.whole(desks.standing(case, desk), found, base, version)))
    )


HANDLER = Handler(name="revising", words={}, actions={"report_changes": show})
