"""核对 and the two tables of a department, for whoever may read them."""

from __future__ import annotations

from bot.cards import approval
from bot.cards import report as cards
from bot.cards.plain import refusal
from bot.effects import Note
from bot.handlers import desks, tracing
from bot.people import Action
from bot.sessions import Session
from bot.turn import Case, Handler, Turn
from regulation.problems import problem
from regulation.reconciliation import reconcile
from regulation.reporting import REPORT_STATE_LABELS, ReportState


def check(case: Case) -> Turn:
    """核对: the forms as they are now against what was handed up, or against the draft."""
    subject = desks.named(case, *tracing.ROLES)
    if not desks.allowed(case, subject, Action.SEE_REPORT):
        return case.say(refusal(tracing.why_not(case, subject)))
    desk = desks.load(case, subject)
    found = desk.imbalances
    if desk.report.state in tracing.HANDED_UP:
        found = reconcile(desks.frozen(case, desk, desk.report.version), desk.basis)
    card = cards.imbalances(desks.standing(case, desk), found)
    return Turn(_kept(case), (*desks.first_of_all(case, *tracing.ROLES), case.reply(card)))


def preview(case: Case) -> Turn:
    """预览: the draft as the two tables, before anybody is asked."""
    subject = desks.named(case, *tracing.ROLES)
    if not desks.allowed(case, subject, Action.CONSOLIDATE):
        return case.say(refusal(problem("person.may_not")))
    desk = desks.load(case, subject)
    card = approval.table(desks.standing(case, desk), desk.tables.annex3, version=0, state="")
    return Turn(_kept(case), (*desks.first_of_all(case, *tracing.ROLES), case.beside(card)))


def table(case: Case) -> Turn:
    """附表2: the version handed up, as a picture and workbooks; the preview while there is none."""
    subject = desks.named(case, *tracing.ROLES)
    if not desks.allowed(case, subject, Action.SEE_REPORT):
        return case.say(refusal(tracing.why_not(case, subject)))
    desk = desks.load(case, subject)
    if not desk.report.version or desk.report.state is ReportState.DRAFT:
        return preview(case)
    version, state = desk.report.version, REPORT_STATE_LABELS[desk.report.state]
    tables = desks.frozen(case, desk, version)
    card = approval.table(desks.standing(case, desk), tables.annex3, version=version, state=state)
    note = Note(case.person.id, "report.read", subject, f"版本{version}")
    return Turn(_kept(case), (note, *desks.first_of_all(case, *tracing.ROLES), case.beside(card)))


def _kept(case: Case) -> Session:
    """Looking something up does not close the desk that is open."""
    return case.session


HANDLER = Handler(
    name="reconcile",
    words={"核对": check, "附表2": table},
    actions={
        "reconcile": check,
        "report_preview": preview,
        "report_table": table,
    },
)
