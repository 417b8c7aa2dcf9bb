"""报送财政: the department head agrees or sends back, the office recalls, the division is told (第十三条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cards import approval
from bot.cards.card import Card
from bot.cards.plain import refusal, told
from bot.desk import Desk
from bot.effects import Effect, MoveReport, Send
from bot.handlers import common, desks, revising
from bot.people import Action
from bot.sessions import Session
from bot.turn import Case, Handler, Turn
from regulation.consolidation import Tables
from regulation.deadlines import Annex
from regulation.problems import problem
from regulation.reporting import (
    REPORT_STATE_LABELS,
    Report,
    ReportAction,
    ReportState,
    next_report_state,
    refiled_late,
)
from regulation.roster import Person, Role
from regulation.texts import parse_text

WHY = "report_why"
#: states in which the report lies with the office itself.
OPEN = (ReportState.NOT_STARTED, ReportState.DRAFT, ReportState.RETURNED)


def head_again(case: Case, desk: Desk) -> Card:
    """The same card when the head asks for it: the version that waits, as it was handed up."""
    version = desk.report.version
    return _head_card(case, desk, desks.frozen(case, desk, version), version, "预算科")


def head_card(case: Case, desk: Desk, version: int) -> Card:
    """The one card the head decides on."""
    return _head_card(case, desk, desk.tables, version, case.person.name)


def _head_card(case: Case, desk: Desk, tables: Tables, version: int, by: str) -> Card:
    warnings = []
    if desk.basis.missing:
        warnings.append(f"△ {len(desk.basis.missing)} 个项目的附表1 没有报，不在数里。")
    if desk.imbalances:
        warnings.append(f"△ 附表1、2、3 有 {len(desk.imbalances)} 处对不上，预算科知道。")
    if desk.stale:
        warnings.append(f"△ {len(desk.stale)} 句文字的来源后来更正过。")
    return approval.head(
        desks.standing(case, desk),
        tables.annex2,
        tables.annex3,
        by=by,
        version=version,
        warnings=warnings,
        changed=revising.for_head(case, desk, tables, version),
    )


def agree(case: Case) -> Turn:
    """同意报送: filed with the division, receipts to head and office."""
    subject = case.bound.subject if case.bound else ""
    if not desks.allowed(case, subject, Action.APPROVE_REPORT):
        return case.say(refusal(problem("person.may_not")))
    desk = desks.load(case, subject)
    refused = _not_waiting(case, desk.report)
    if refused:
        return refused
    round, department_id = common.split(subject)
    limit = case.world.deadline(round, Annex.DEPARTMENT)
    back = case.world.records.report_returns(round).get(department_id)
    late = refiled_late(desk.report, back, case.at.date(), late=limit.is_late(case.at))
    move: Effect = MoveReport(
        department_id,
        round,
        ReportAction.APPROVE,
        desk.report.state,
        desk.report.version,
        late=late,
    )
    late_days = limit.days_late(case.at.date()) if late else 0
    return Turn(Session(), (move, *_told_of_filing(case, desk, late_days)))


def _told_of_filing(case: Case, desk: Desk, late_days: int) -> list[Effect]:
    records, version = case.world.records, desk.report.version
    at, tables = desks.standing(case, desk), desks.frozen(case, desk, version)
    division_id = desk.basis.department.division_id
    division = records.people_with(Role.FINANCE_DIVISION, division_id)
    receipt = approval.receipt(
        at,
        version=version,
        when=case.at,
        by=case.person.name,
        to=_addressee(case, division_id, division),
        late_days=late_days,
        annex3=len(tables.annex3),
    )
    key, due = f"report:{desk.subject}:v{version}:filed", case.world.disturbable(case.at)
    told_of: list[Effect] = [case.reply(receipt)]
    told_of += [
        Send(p.id, receipt, key)
        for p in records.people_with(Role.BUDGET_OFFICE, desk.basis.department.id)
        if p.id != case.person.id
    ]
    basis = records.basis_at(desk.basis.department.id, desk.basis.round, version)
    at = replace(at, filed=len(basis.forms), projects=len(basis.projects))
    card = approval.arrived(
        at,
        tables.annex2,
        tables.annex3,
        version=version,
        late_days=late_days,
        changed=revising.for_finance(case, desk, tables, version),
    )
    told_of += [Send(p.id, card, key, due=due) for p in division if p.id != case.person.id]
    return told_of


def _addressee(case: Case, division_id: str, people: Sequence[Person]) -> str:
    names = "、".join(person.name for person in people)
    return f"财政局{division_name(case, division_id)} {names}".strip()


def division_name(case: Case, division_id: str) -> str:
    """The name of a 归口业务处室."""
    found = {d.id: d.name for d in case.world.records.divisions()}
    return found.get(division_id, "归口业务处室")


def ask_why(case: Case) -> Turn:
    """退回并说明: the reason is asked for, by input or by the next line."""
    subject = case.bound.subject if case.bound else ""
    if not desks.allowed(case, subject, Action.APPROVE_REPORT):
        return case.say(refusal(problem("person.may_not")))
    desk = desks.load(case, subject)
    refused = _not_waiting(case, desk.report)
    if refused:
        return refused
    card = approval.why(desks.standing(case, desk), desk.report.version)
    return case.say(card, session=Session(subject, WHY))


def send_back(case: Case) -> Turn:
    """The reason came with the card; shown back like one that came as a line."""
    return _ask_sure(case, case.bound.subject if case.bound else "", case.answers.get("reason", ""))


def reason_line(case: Case) -> Turn | None:
    """The reason came as a line, which may have been meant otherwise: shown back, and nothing happens before a tap.
    None when nobody was asked for one."""
    text = getattr(case.event, "text", "")
    if case.session.asking != WHY or not text.strip():
        return None
    said = text.removeprefix("原因：").removeprefix("原因:")
    return _ask_sure(case, case.session.subject, said)


def _ask_sure(case: Case, subject: str, text: str) -> Turn:
    found = _reason(case, subject, text)
    if isinstance(found, Turn):
        return found
    desk, reason = found
    card = approval.sure(desks.standing(case, desk), desk.report.version, reason)
    return case.say(card, session=Session(subject))


def sure(case: Case) -> Turn:
    """确认退回: the sentence that was shown, by the server's own record."""
    bound = case.bound
    return _back(case, bound.subject if bound else "", bound.data if bound else "")


def _reason(case: Case, subject: str, text: str) -> tuple[Desk, str] | Turn:
    """The desk and the reason, when the report may be sent back with it."""
    if not desks.allowed(case, subject, Action.APPROVE_REPORT):
        return case.say(refusal(problem("person.may_not")))
    desk = desks.load(case, subject)
    refused = _not_waiting(case, desk.report)
    if refused:
        return refused
    reason = parse_text(text, label="退回原因", least=2)
    if not isinstance(reason, str):
        return case.say(refusal(reason), session=Session(subject, WHY))
    return desk, reason


def _back(case: Case, subject: str, text: str) -> Turn:
    found = _reason(case, subject, text)
    if isinstance(found, Turn):
        return found
    desk, reason = found
    round, department_id = common.split(subject)
    move: Effect = MoveReport(
        department_id, round, ReportAction.HEAD_RETURN, desk.report.state, desk.report.version
    )
    card = approval.returned(desks.standing(case, desk), case.person.name, reason)
    key = f"report:{subject}:v{desk.report.version}:back:{case.event.id}"
    sends = tuple(
        Send(p.id, card, key) for p in case.world.records.people_with(Role.BUDGET_OFFICE, department_id)
    )
    done = told("已退回预算科", f"原因：{reason}")
    return Turn(Session(), (move, *sends, case.reply(done)))


def withdraw(case: Case) -> Turn:
    """撤回: the office takes back what the head or finance has not decided; whoever had it is told."""
    subject = desks.named(case, Role.BUDGET_OFFICE)
    if desks.elsewhere(case, Role.BUDGET_OFFICE) or not (
        desks.allowed(case, subject, Action.CONSOLIDATE)
        or desks.allowed(case, subject, Action.APPROVE_REPORT)
    ):
        return case.say(refusal(problem("person.may_not")))
    desk = desks.load(case, subject)
    state = desk.report.state
    if next_report_state(state, ReportAction.WITHDRAW) is None:
        code = "report.nothing" if state in OPEN else "report.decided"
        return case.say(refusal(problem(code, state=REPORT_STATE_LABELS[state])))
    round, department_id = common.split(subject)
    move: Effect = MoveReport(department_id, round, ReportAction.WITHDRAW, state, desk.report.version)
    card = approval.withdrawn(desks.standing(case, desk), case.person.name, desk.report.version)
    key = f"report:{subject}:v{desk.report.version}:withdrawn:{case.event.id}"
    concerned = {p.id for p in _had_it(case, desk, filed=state is ReportState.FILED)} - {case.person.id}
    sends = tuple(Send(person, card, key) for person in sorted(concerned))
    return Turn(Session(), (move, *sends, case.reply(card)))


def _had_it(case: Case, desk: Desk, *, filed: bool) -> list[Person]:
    records, department = case.world.records, desk.basis.department
    people = list(records.people_with(Role.DEPARTMENT_HEAD, department.id))
    people += records.people_with(Role.BUDGET_OFFICE, department.id)
    if filed:
        people += records.people_with(Role.FINANCE_DIVISION, department.division_id)
    return people


def _not_waiting(case: Case, report: Report) -> Turn | None:
    """The card was about a version that is no longer before the head."""
    version = case.bound.version if case.bound else report.version
    if report.state is ReportState.AWAITING_HEAD and report.version == version:
        return None
    found = problem("report.not_waiting", state=REPORT_STATE_LABELS[report.state])
    return case.say(refusal(found), session=Session())


HANDLER = Handler(
    name="approve",
    words={"撤回附表2": withdraw},
    actions={
        "report_approve": agree,
        "report_back": ask_why,
        "report_back_why": send_back,
        "report_back_sure": sure,
        "report_withdraw": withdraw,
    },
)
