"""核对, 数字来源 and the two tables of a department, for whoever may read them."""

from __future__ import annotations

from bot.cards import approval
from bot.cards import report as cards
from bot.cards.plain import refusal
from bot.effects import Note
from bot.handlers import approve, desks
from bot.people import Action
from bot.sessions import Session
from bot.turn import Case, Handler, Turn
from regulation.problems import Problem, problem
from regulation.reconciliation import reconcile
from regulation.reporting import REPORT_STATE_LABELS, ReportState
from regulation.roster import Role

#: states in which the version handed up is what everybody looks at.
HANDED_UP = frozenset(ReportState) - {ReportState.NOT_STARTED, ReportState.DRAFT}
ROLES = (Role.BUDGET_OFFICE, Role.DEPARTMENT_HEAD)


def check(case: Case) -> Turn:
    """核对: the forms as they are now against what was handed up, or against the draft."""
    subject = desks.named(case, *ROLES)
    if not desks.allowed(case, subject, Action.SEE_REPORT):
        return case.say(refusal(_why_not(case, subject)))
    desk = desks.load(case, subject)
    found = desk.imbalances
    if desk.report.state in HANDED_UP:
        found = reconcile(approve.frozen(case, desk, desk.report.version), desk.basis)
    return case.say(cards.imbalances(desks.standing(case, desk), found), session=_kept(case))


def sources(case: Case) -> Turn:
    """数字来源: every computed number and drafted sentence with the unit and cell it came from."""
    subject = desks.named(case, *ROLES)
    if not desks.allowed(case, subject, Action.SEE_REPORT):
        return case.say(refusal(_why_not(case, subject)))
    desk = desks.load(case, subject)
    inside = desks.allowed(case, subject, Action.CONSOLIDATE)
    showing = desk.report.state in HANDED_UP or not inside
    tables = approve.frozen(case, desk, desk.report.version) if showing else desk.tables
    note = Note(case.person.id, "report.read", subject, f"来源 版本{desk.report.version}")
    card = cards.sources(desks.standing(case, desk), tables.annex2, tables.annex3)
    return Turn(_kept(case), (note, case.beside(card)))


def preview(case: Case) -> Turn:
    """预览: the draft as the two tables, before anybody is asked."""
    subject = desks.named(case, *ROLES)
    if not desks.allowed(case, subject, Action.CONSOLIDATE):
        return case.say(refusal(problem("person.may_not")))
    desk = desks.load(case, subject)
    card = approval.table(desks.standing(case, desk), desk.tables.annex3, version=0, state="")
    return Turn(_kept(case), (case.beside(card),))


def table(case: Case) -> Turn:
    """附表2: the version handed up, as a picture and workbooks; the preview while there is none."""
    subject = desks.named(case, *ROLES)
    if not desks.allowed(case, subject, Action.SEE_REPORT):
        return case.say(refusal(_why_not(case, subject)))
    desk = desks.load(case, subject)
    if not desk.report.version or desk.report.state is ReportState.DRAFT:
        return preview(case)
    version, state = desk.report.version, REPORT_STATE_LABELS[desk.report.state]
    tables = approve.frozen(case, desk, version)
    card = approval.table(desks.standing(case, desk), tables.annex3, version=version, state=state)
    note = Note(case.person.id, "report.read", subject, f"版本{version}")
    return Turn(_kept(case), (note, case.beside(card)))


def _why_not(case: Case, subject: str) -> Problem:
    """Finance may know that a report exists and how many forms are in, not what it says before it is filed."""
    if subject and desks.allowed(case, subject, Action.SEE_COUNTS):
        return problem("report.not_filed_yet")
    receives = case.person.has(Role.FINANCE_DIVISION) or case.person.has(Role.PERFORMANCE_OFFICE)
    return problem("report.which") if receives and not subject else problem("person.may_not")


def _kept(case: Case) -> Session:
    """Looking something up does not close the desk that is open."""
    return case.session


HANDLER = Handler(
    name="reconcile",
    words={"核对": check, "附表2": table, "数字来源": sources},
    actions={
        "reconcile": check,
        "report_sources": sources,
        "report_preview": preview,
        "report_table": table,
    },
)
