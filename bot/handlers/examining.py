"""审核: finance looks into what a department filed and accepts it, returns it, or orders rectification (第十六条)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from bot.cards import approval
from bot.cards import revising as revised
from bot.cards import rulings as cards
from bot.cards.card import Button, Card, InputKind, Row, Style, Tone
from bot.cards.plain import refusal, told
from bot.cards.words import clock, wan
from bot.effects import Effect, MoveReport, Note, Order, ReturnReport, Send
from bot.handlers import desks, revising, scopes
from bot.people import Action
from bot.small_forms import Question, SmallForm
from bot.turn import Case, Handler, Turn
from regulation.basis import moved_budgets
from regulation.consolidation import Tables
from regulation.deviation import Level
from regulation.filing import FilingState
from regulation.problems import Problem, problem
from regulation.rectifying import Rectification, RectificationState, parse_demand, parse_due
from regulation.reporting import (
    REPORT_STATE_LABELS,
    Report,
    ReportAction,
    ReportReturn,
    ReportState,
    next_report_state,
)
from regulation.roster import Department
from regulation.rounds import MonitoringRound
from regulation.texts import parse_text

#: what finance has to do first comes first.
ORDER = (
    ReportState.FILED,
    ReportState.RECTIFYING,
    ReportState.RETURNED,
    ReportState.AWAITING_HEAD,
    ReportState.DRAFT,
    ReportState.NOT_STARTED,
    ReportState.APPROVED,
    ReportState.CLOSED,
)
MARKS = {
    ReportState.APPROVED: "✓",
    ReportState.CLOSED: "✓",
    ReportState.RECTIFYING: "△",
    ReportState.RETURNED: "△",
}


def listed(case: Case) -> Turn:
    """Every department the person looks at, what waits for finance first; one of them when it is named."""
    departments = scopes.overseen(case)
    if not departments:
        return case.say(refusal(problem("person.may_not")))
    found = scopes.named(departments, case.argument)
    if len(found) == 1:
        return _one(case, found[0], case.world.round)
    if not found:
        return case.say(refusal(problem("department.unknown", words=case.argument[:20])))
    known = sorted(scopes.reports(case, found), key=lambda pair: ORDER.index(pair[1].state))
    waiting = [pair for pair in known if pair[1].state in scopes.FILED]
    filed = sum(report.state is ReportState.FILED for _, report in known)
    return case.say(
        cards.departments(
            f"{case.world.round.short}附表2、3 待审 {filed} 个",
            tuple(Row(each.name, _state(report), MARKS.get(report.state, "")) for each, report in known),
            [(f"examine:{_subject(each, case.world.round)}", each.name) for each, _ in waiting],
            word="审核",
            lead="报来的才看得到数字，没报的只看得到到了哪一步",
        )
    )


def open_one(case: Case) -> Turn:
    """One department's report."""
    found = scopes.parts(case.argument)
    if found is None or not scopes.allowed(case, Action.EXAMINE, found[1], found[0]):
        return case.say(refusal(problem("person.may_not")))
    return _one(case, case.world.records.department(found[1]), found[0])


def _one(case: Case, department: Department, round: MonitoringRound) -> Turn:
    report = case.world.records.report(department.id, round)
    name = f"{department.name} {round.short}附表2、3"
    if report.state not in scopes.FILED:
        return case.say(
            told(name, f"现在是“{REPORT_STATE_LABELS[report.state]}”，还没有报到财政，看不到数字。")
        )
    subject = _subject(department, round)
    looked = Note(case.person.id, "report.read", subject, f"版本 {report.version}")
    desk = desks.load(case, subject)
    tables = desks.frozen(case, desk, report.version)
    changed = revising.for_finance(case, desk, tables, report.version)
    card = cards.report(
        name,
        _state(report),
        tuple(_rows(case, department, round, report, tables, changed)),
        (*_buttons(report, subject), *revised.button_of(changed)),
        approval.tables_of(desks.standing(case, desk), report.version, tables.annex3),
        subject=subject,
        version=report.version,
    )
    return Turn(case.session, (looked, case.reply(card)))


def _rows(
    case: Case,
    department: Department,
    round: MonitoringRound,
    report: Report,
    tables: Tables,
    changed: revised.Against | None,
) -> Iterator[Row]:
    records = case.world.records
    if report.filed_at:
        late = "（逾期）" if report.late else ""
        yield Row(
            "报送", f"{clock(report.filed_at)}　版本 {report.version}{late}", "△" if report.late else "✓"
        )
    basis = records.basis_at(department.id, round, report.version)
    duties = records.duties(round, department_id=department.id)
    accepted = sum(duty.filing.state is FilingState.ACCEPTED for duty in duties)
    yield approval.coverage(len(basis.forms), len(basis.projects), f"，部门接收 {accepted} 个")
    yield from revised.row_of(changed)
    yield from approval.summary(tables.annex2, tables.annex3)
    if moved := moved_budgets(basis.forms, records.basis(department.id, round).projects):
        yield Row("预算", f"上面的率按报送时的 {wan(moved[0])}；审定调整后是 {wan(moved[1])}", "△")
    findings = records.findings(round, department_id=department.id)
    red = sum(raised.finding.level is Level.RED for raised in findings)
    yield Row(
        "偏离",
        f"红 {red} 处，黄 {sum(r.finding.level is Level.YELLOW for r in findings)} 处",
        "✕" if red else "",
    )
    orders = [each for each in records.rectifications(round) if each.department_id == department.id]
    if orders:
        yield Row("整改", f"{len(orders)} 件")


def _buttons(report: Report, subject: str) -> tuple[Button, ...]:
    able = [
        (ReportAction.ACCEPT, Button(f"accept_report:{subject}", "审核通过", Style.PRIMARY)),
        (ReportAction.RETURN, Button(f"return_report:{subject}", "退回修改")),
        (ReportAction.RECTIFY, Button(f"order:{subject}", "发整改通知")),
    ]
    more = report.state is ReportState.RECTIFYING
    shown = [button for action, button in able if next_report_state(report.state, action)]
    extra = [Button(f"order:{subject}", "再发一件")] if more else []
    looks = Button(f"deviations:{subject}", "看偏离"), Button(f"report_sources:{subject}", "数字来源")
    return (*shown, *extra, *looks)


def _state(report: Report) -> str:
    return REPORT_STATE_LABELS[report.state] + ("（逾期报送）" if report.late else "")


def _subject(department: Department, round: MonitoringRound) -> str:
    return f"{round.code}:{department.id}"


def accept(case: Case) -> Turn:
    """审核通过: the department is told."""
    found = _standing(case, ReportAction.ACCEPT)
    if isinstance(found, Turn):
        return found
    department, round, report = found
    card = told(
        f"✓ {round.short}附表2、3 审核通过", f"{department.name}　版本 {report.version}", tone=Tone.GOOD
    )
    moved = MoveReport(department.id, round, ReportAction.ACCEPT, report.state, report.version)
    return Turn(case.session, (moved, *_to_department(case, department, card, "accepted"), case.reply(card)))


def _standing(case: Case, action: ReportAction) -> tuple[Department, MonitoringRound, Report] | Turn:
    """The report the tapped card is about, when the action still fits what it shows; the answer otherwise."""
    found = scopes.parts(case.argument)
    if found is None or found[1] not in {each.id for each in scopes.overseen(case)}:
        return case.say(refusal(problem("person.may_not")))
    round, department = found[0], case.world.records.department(found[1])
    report = case.world.records.report(department.id, round)
    shown = case.bound.version if case.bound else report.version
    fits = scopes.allowed(case, Action.EXAMINE, department.id, round)
    if not fits or next_report_state(report.state, action) is None or shown != report.version:
        stale = refusal(problem("card.stale"), title="这张卡是旧的")
        return case.say(stale, *_cards(_one(case, department, round)))
    return department, round, report


def _cards(turn: Turn) -> list[Card]:
    return [effect.card for effect in turn.effects if isinstance(effect, Send)]


def _to_department(case: Case, department: Department, card: Card, what: str) -> Iterator[Effect]:
    for person in scopes.office_of(case, department.id, heads=True):
        yield Send(person, card, f"report:{what}:{case.event.id}")


def _may(case: Case, subject: str) -> Problem | None:
    found = scopes.parts(subject)
    if found is None or found[1] not in {each.id for each in scopes.overseen(case)}:
        return problem("person.may_not")
    report = case.world.records.report(found[1], found[0])
    if report.state not in scopes.FILED:
        return problem("report.moved_on", state=REPORT_STATE_LABELS[report.state])
    return scopes.refused(case, Action.EXAMINE, found[1], found[0])


def _about(case: Case, subject: str) -> str:
    round, department_id = scopes.parts(subject) or (case.world.round, "")
    return f"{case.world.records.department(department_id).name} · {round.label}附表2、3"


def _reason(text: str, _case: Case, _subject: str) -> str | Problem:
    return parse_text(text, label="退回原因", least=6)


def _due(text: str, case: Case, _subject: str) -> date | Problem:
    return parse_due(text, case.at.date(), case.world.workdays)


def _demand(text: str, _case: Case, _subject: str) -> str | Problem:
    return parse_demand(text)


def _shown_return(case: Case, _subject: str, read: Mapping[str, Any]) -> tuple[Row, ...]:
    return Row("原因", read["reason"]), Row("改好", f"{case.world.workdays.label(read['due'])}前再报")


def _returned(case: Case, subject: str, read: Mapping[str, Any]) -> Turn:
    round, department_id = scopes.parts(subject) or (case.world.round, "")
    records = case.world.records
    department, report = records.department(department_id), records.report(department_id, round)
    if next_report_state(report.state, ReportAction.RETURN) is None:
        return case.say(refusal(problem("report.moved_on", state=REPORT_STATE_LABELS[report.state])))
    due = case.world.workdays.label(read["due"])
    card = cards.returned(department.name, round, due, read["reason"], subject)
    back = ReportReturn(
        department_id, round, report.version, read["due"], read["reason"], case.person.id, case.at
    )
    moved = MoveReport(department_id, round, ReportAction.RETURN, report.state, report.version)
    done = told("✓ 已退回", f"{department.name}会收到原因，{due}前改好再报。", tone=Tone.GOOD)
    return Turn(
        case.session,
        (moved, ReturnReport(back), *_to_department(case, department, card, "returned"), case.reply(done)),
    )


def _shown_order(case: Case, _subject: str, read: Mapping[str, Any]) -> tuple[Row, ...]:
    return Row("要求", read["demand"]), Row("反馈", f"{case.world.workdays.label(read['due'])}前")


def _ordered(case: Case, subject: str, read: Mapping[str, Any]) -> Turn:
    round, department_id = scopes.parts(subject) or (case.world.round, "")
    records = case.world.records
    department, report = records.department(department_id), records.report(department_id, round)
    opened = report.state is ReportState.RECTIFYING
    if not opened and next_report_state(report.state, ReportAction.RECTIFY) is None:
        return case.say(refusal(problem("report.moved_on", state=REPORT_STATE_LABELS[report.state])))
    made = Rectification(
        order_id(case), department_id, round, read["demand"], read["due"], case.person.id, case.at
    )
    if records.rectification(made.id):
        return case.say(told("已经发过了", "这件整改通知已经发出，没有重复发。"))
    if any(_same(made, each) for each in records.rectifications(round)):
        return case.say(told("已经有一件同样的", "要求相同的整改通知还没有办结，没有再发。回“整改”看。"))
    due = case.world.workdays.label(made.due)
    card = cards.order(
        f"整改通知：{department.name}",
        f"{round.label} · {due}前反馈",
        (Row("要求", made.demand), Row("反馈", f"{due}前"), Row("发出", case.person.name)),
        (Button(f"answer_order:{made.id}", "反馈整改", Style.PRIMARY),),
        late=False,
        subject=made.id,
    )
    moved = MoveReport(department_id, round, ReportAction.RECTIFY, report.state, report.version)
    done = told("✓ 已发整改通知", f"{department.name}预算科和负责人会收到，{due}前反馈。", tone=Tone.GOOD)
    told_them = _to_department(case, department, card, "ordered")
    return Turn(case.session, (*(() if opened else (moved,)), Order(made), *told_them, case.reply(done)))


def _same(made: Rectification, other: Rectification) -> bool:
    """The same demand on the same department, not closed yet."""
    still_open = other.state is not RectificationState.CLOSED
    return still_open and (made.department_id, made.demand) == (other.department_id, other.demand)


def order_id(case: Case) -> str:
    """The same for a card that is confirmed twice."""
    basis = case.bound.token if case.bound else case.event.id
    return sha256(basis.encode("utf-8", "surrogatepass")).hexdigest()[:12]


RETURN = SmallForm(
    "return_report",
    "退回修改",
    "确认退回",
    (
        Question("reason", "原因", "为什么退回，指到哪张表哪一格", _reason),
        Question(
            "due", "期限", "哪天前改好", _due, InputKind.TEXT, "不写就是5个工作日，例如 10-30", required=False
        ),
    ),
    _may,
    _about,
    _shown_return,
    _returned,
)
RECTIFY = SmallForm(
    "order",
    "整改通知",
    "确认发出",
    (
        Question("demand", "要求", "整改要求和建议", _demand),
        Question(
            "due", "期限", "哪天前反馈", _due, InputKind.TEXT, "不写就是5个工作日，例如 10-30", required=False
        ),
    ),
    _may,
    _about,
    _shown_order,
    _ordered,
    note="发给部门预算科和负责人（办法第十六条）。",
)

HANDLER = Handler(
    name="examining",
    words={"审核": listed},
    actions={
        "examinations": listed,
        "examine": open_one,
        "accept_report": accept,
        **RETURN.actions(),
        **RECTIFY.actions(),
    },
)
