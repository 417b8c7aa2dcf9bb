"""调整目标: a department applies for a new target, finance decides; quarter two only announces (第十五条(一))."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot import forms
from bot.cards import rulings as cards
from bot.cards.card import Button, Card, InputKind, Row, Style, Tone
from bot.cards.plain import refusal, told
from bot.cards.words import wan
from bot.effects import Effect, MoveRequest, RaiseFindings, Request, Send
from bot.handlers import common, scopes
from bot.handlers.examining import order_id
from bot.people import Action
from bot.small_forms import Question, SmallForm, choice
from bot.turn import Case, Handler, Turn
from regulation.adjusting import (
    ADJUSTMENT_LABELS,
    CAUSE_LABELS,
    QUARTER,
    Adjustment,
    AdjustmentAction,
    AdjustmentState,
    Cause,
    adjusted,
    first_state,
    next_adjustment,
    parse_change,
    parse_new_target,
    parse_reason,
)
from regulation.problems import Problem, problem
from regulation.roster import Indicator, Project
from regulation.rounds import MonitoringRound
from regulation.texts import parse_text

CAUSES = tuple((cause.value, label) for cause, label in CAUSE_LABELS.items())


def start(case: Case) -> Turn:
    """What was applied for in this round, and a way to apply for more; a project's name narrows it down."""
    departments = {each.id for each in (*scopes.own(case), *scopes.overseen(case))}
    if not departments:
        return case.say(refusal(problem("person.may_not")))
    known = [
        (each, project)
        for each in _wishes(case)
        if (project := case.world.records.project(each.project_id))
        and _department(case, project) in departments
    ]
    rows = [Row(project.name, ADJUSTMENT_LABELS[each.state]) for each, project in known]
    offers = [(f"adjustment:{each.id}", f"看{project.name}") for each, project in known]
    overview = cards.choose(
        f"{case.world.round.short}目标调整申请 {len(known)} 件",
        "、".join(f"{row.label}（{row.value}）" for row in rows[:5]),
        offers,
        note="申请随三季度监控报告报财政审定（办法第十五条(一)）。",
    )
    projects = _applicable(case)
    if not projects:
        return case.say(overview)
    code = case.world.round.code
    pick = [(f"adjust_pick:{code}:{project.id}", project.name) for project in projects]
    return case.say(overview, cards.choose("申请调整哪个项目的目标？", "有偏离的在前", pick))


def _wishes(case: Case) -> list[Adjustment]:
    """Of this round, and those the round before only announced."""
    round, records = case.world.round, case.world.records
    announced = records.adjustments(round.previous) if round.quarter == QUARTER else ()
    planned = [each for each in announced if each.state is AdjustmentState.PLANNED]
    return [*planned, *records.adjustments(round)]


def _applicable(case: Case) -> list[Project]:
    """The projects of the person's own offices, those with open deviations first, by name where one was said."""
    offices = [d.id for d in scopes.own(case) if scopes.allowed(case, Action.ANSWER, d.id, case.world.round)]
    records, round = case.world.records, case.world.round
    deviating = [raised.project_id for d in offices for raised in records.findings(round, department_id=d)]
    ids = [duty.project_id for d in offices for duty in records.duties(round, department_id=d)]
    found = (records.project(each) for each in dict.fromkeys((*deviating, *ids)))
    return [each for each in found if each and case.argument in each.name]


def pick(case: Case) -> Turn:
    """Which of the project's indicators."""
    found = _project(case, case.argument)
    if isinstance(found, Problem):
        return case.say(refusal(found))
    round, project = found
    offers = [
        (f"adjust:{round.code}:{project.id}:{i.position}", f"{i.position} {i.name}")
        for i in project.indicators
    ]
    return case.say(cards.choose("调整哪个指标的目标？", project.name, offers))


def _department(case: Case, project: Project) -> str:
    return case.world.records.unit(project.unit_id).department_id


def _project(case: Case, words: str) -> tuple[MonitoringRound, Project] | Problem:
    parts = scopes.parts(words)
    project = case.world.records.project(parts[1]) if parts else None
    if parts is None or project is None:
        return problem("person.may_not")
    return scopes.refused(case, Action.ANSWER, _department(case, project), parts[0]) or (parts[0], project)


def _target(case: Case, subject: str) -> tuple[MonitoringRound, Project, Indicator] | Problem:
    """``2026Q3:p001:2`` as what it names, when the person may apply for it."""
    head, _, position = subject.rpartition(":")
    found = _project(case, head)
    if isinstance(found, Problem):
        return found
    for indicator in found[1].indicators:
        if str(indicator.position) == position:
            return *found, indicator
    return problem("person.may_not")


def _may(case: Case, subject: str) -> Problem | None:
    found = _target(case, subject)
    return found if isinstance(found, Problem) else None


def _about(case: Case, subject: str) -> str:
    found = _target(case, subject)
    if isinstance(found, Problem):
        return ""
    round, project, indicator = found
    late = "" if round.quarter == QUARTER else " · 二季度先记下，三季度报财政"
    return f"{project.name} · {indicator.name} 现在是“{indicator.target_text}”{late}"


def _new_target(text: str, case: Case, subject: str) -> str | Problem:
    found = _target(case, subject)
    return found if isinstance(found, Problem) else parse_new_target(text, found[2].target_text)


def _change(text: str, case: Case, subject: str) -> Decimal | Problem:
    found = _target(case, subject)
    return found if isinstance(found, Problem) else parse_change(text, found[1])


def _reason(text: str, _case: Case, _subject: str) -> str | Problem:
    return parse_reason(text)


def _shown(_case: Case, _subject: str, read: Mapping[str, Any]) -> tuple[Row, ...]:
    cut = f"调减 {wan(-read['change'])}" if read["change"] else "不变"
    cause = CAUSE_LABELS[Cause(read["cause"])]
    return Row("新目标", read["target"]), Row("原因", cause), Row("理由", read["reason"]), Row("预算", cut)


def _requested(case: Case, subject: str, read: Mapping[str, Any]) -> Turn:
    found = _target(case, subject)
    if isinstance(found, Problem):
        return case.say(refusal(found))
    round, project, indicator = found
    made = Adjustment(
        order_id(case),
        project.id,
        round,
        indicator.position,
        indicator.target_text,
        read["target"],
        Cause(read["cause"]),
        read["reason"],
        read["change"],
        case.person.id,
        case.at,
        first_state(round),
    )
    if case.world.records.adjustment(made.id):
        return case.say(told("已经申请过了", "这份申请已经在了，没有重复报。"))
    if made.state is AdjustmentState.PLANNED:
        done = told("✓ 已记下", "二季度先记下；三季度回“调整目标”，一点就报财政审定。", tone=Tone.GOOD)
        return Turn(case.session, (Request(made), case.reply(done)))
    done = told("✓ 已报财政审定", "审定以后告诉您；审定以前仍按原目标。", tone=Tone.GOOD)
    return Turn(case.session, (Request(made), *_to_finance(case, made, project), case.reply(done)))


def _to_finance(case: Case, made: Adjustment, project: Project) -> Iterator[Effect]:
    department = case.world.records.department(_department(case, project))
    for person in scopes.finance_of(case, department):
        yield Send(person, _card(case, made, project, decide=True), f"adjustment:{made.id}:{made.state}")


def _card(case: Case, made: Adjustment, project: Project, *, decide: bool = False) -> Card:
    indicator = next((i.name for i in project.indicators if i.position == made.position), "")
    rows = (
        Row("指标", indicator),
        Row("原目标", made.old_target),
        Row("新目标", made.new_target),
        Row("原因", CAUSE_LABELS[made.cause]),
        Row("理由", made.reason),
        Row("预算", f"调减 {wan(-made.budget_change)}" if made.budget_change else "不变"),
        *((Row("意见", made.words),) if made.words else ()),
    )
    state = ADJUSTMENT_LABELS[made.state]
    buttons = tuple(_buttons(case, made, project, decide=decide))
    return cards.request(f"目标调整：{project.name}", f"{made.round.label} · {state}", rows, buttons, made.id)


def _buttons(case: Case, made: Adjustment, project: Project, *, decide: bool) -> Iterator[Button]:
    department = _department(case, project)
    able = AdjustmentAction
    if next_adjustment(made.state, able.APPROVE) and (
        decide or scopes.allowed(case, Action.EXAMINE, department, made.round)
    ):
        yield Button(f"adjust_approve:{made.id}", "审定同意", Style.PRIMARY)
        yield Button(f"adjust_reject:{made.id}", "不同意")
    if decide or not scopes.allowed(case, Action.ANSWER, department, made.round):
        return
    if next_adjustment(made.state, able.REQUEST) and case.world.round.quarter == QUARTER:
        yield Button(f"adjust_submit:{made.id}", "确认申请", Style.PRIMARY)
    if next_adjustment(made.state, able.WITHDRAW):
        yield Button(f"adjust_withdraw:{made.id}", "撤回")


def open_one(case: Case) -> Turn:
    """One application."""
    found = _known(case, case.argument)
    if found is None:
        return case.say(refusal(problem("person.may_not")))
    return case.say(_card(case, *found))


def _known(case: Case, adjustment_id: str) -> tuple[Adjustment, Project] | None:
    """An application the person may see."""
    made = case.world.records.adjustment(adjustment_id)
    project = case.world.records.project(made.project_id) if made else None
    if made is None or project is None:
        return None
    department = _department(case, project)
    sees = any(
        scopes.allowed(case, action, department, made.round) for action in (Action.ANSWER, Action.PUBLISH)
    )
    return (made, project) if sees or _decides(case, made, project) else None


def _decides(case: Case, made: Adjustment, project: Project) -> bool:
    """Finance decides on applications also before the report is filed: they go with it (第十五条(一))."""
    department = case.world.records.department(_department(case, project))
    return department.id in {each.id for each in scopes.overseen(case)}


def approve(case: Case) -> Turn:
    """审定同意: the new target holds from now on."""
    found = _known(case, case.argument)
    if found is None or not _decides(case, *found):
        return case.say(refusal(problem("person.may_not")))
    return _moved(case, *found, AdjustmentAction.APPROVE, "")


def submit(case: Case) -> Turn:
    """What the second quarter announced goes to finance with the third."""
    found = _known(case, case.argument)
    if found is None or not scopes.allowed(case, Action.ANSWER, _department(case, found[1]), found[0].round):
        return case.say(refusal(problem("person.may_not")))
    if case.world.round.quarter != QUARTER:
        return case.say(refusal(problem("adjustment.not_yet")))
    made, project = replace(found[0], round=case.world.round), found[1]
    return _moved(case, made, project, AdjustmentAction.REQUEST, "")


def withdraw(case: Case) -> Turn:
    """The department takes it back before finance has decided."""
    found = _known(case, case.argument)
    if found is None or not scopes.allowed(case, Action.ANSWER, _department(case, found[1]), found[0].round):
        return case.say(refusal(problem("person.may_not")))
    return _moved(case, *found, AdjustmentAction.WITHDRAW, "")


def _moved(case: Case, made: Adjustment, project: Project, action: AdjustmentAction, words: str) -> Turn:
    state = next_adjustment(made.state, action)
    if state is None:
        return case.say(refusal(problem("order.moved_on", state=ADJUSTMENT_LABELS[made.state])))
    now = replace(made, state=state, words=words)
    if action in (AdjustmentAction.APPROVE, AdjustmentAction.REJECT):
        now = replace(now, decided_by=case.person.id, decided_at=case.at)
    news = _card(case, now, project)
    told_them: list[Effect] = []
    if state is AdjustmentState.REQUESTED:
        told_them = list(_to_finance(case, now, project))
    elif now.decided_by:
        people = dict.fromkeys(
            (project.filler_id, *scopes.office_of(case, _department(case, project), heads=True))
        )
        told_them = [Send(each, replace(news, buttons=()), f"adjustment:{now.id}:{state}") for each in people]
    done = told(
        f"✓ {ADJUSTMENT_LABELS[state]}",
        f"{project.name}：{now.old_target} → {now.new_target}",
        tone=Tone.GOOD,
    )
    again = _judged_again(case, now, project)
    return Turn(case.session, (MoveRequest(now, made.state), *again, *told_them, case.reply(done)))


def _judged_again(case: Case, now: Adjustment, project: Project) -> tuple[Effect, ...]:
    """What was filed this round against the new target: what no longer deviates closes, what does has new numbers."""
    present = case.world.records.filing(project.id, now.round)
    if now.state is not AdjustmentState.APPROVED or present.state not in common.REACHED:
        return ()
    filed = common.filed_form(case, project, now.round)
    form = replace(filed, project=adjusted(filed.project, [now]))
    seen = forms.review(form, case.world.rules_for(form.project, form.round), case.at.date())
    return (RaiseFindings(project.id, now.round, present.version, forms.notable(seen)),)


def _may_reject(case: Case, adjustment_id: str) -> Problem | None:
    found = _known(case, adjustment_id)
    return None if found and _decides(case, *found) else problem("person.may_not")


def _about_reject(case: Case, adjustment_id: str) -> str:
    found = _known(case, adjustment_id)
    return f"{found[1].name} · {found[0].old_target} → {found[0].new_target}" if found else ""


def _words(text: str, _case: Case, _subject: str) -> str | Problem:
    return parse_text(text, label="意见", least=4)


def _shown_reject(_case: Case, _subject: str, read: Mapping[str, Any]) -> tuple[Row, ...]:
    return (Row("意见", read["words"]),)


def _rejected(case: Case, adjustment_id: str, read: Mapping[str, Any]) -> Turn:
    found = _known(case, adjustment_id)
    if found is None:
        return case.say(refusal(problem("person.may_not")))
    return _moved(case, *found, AdjustmentAction.REJECT, read["words"])


APPLY = SmallForm(
    "adjust",
    "申请调整绩效目标",
    "确认申请",
    (
        Question("target", "新目标", "调整后的年度目标", _new_target, InputKind.TEXT),
        Question("cause", "原因", "属于哪一类", choice(CAUSES), InputKind.CHOICE, options=CAUSES),
        Question("reason", "理由", "哪项政策、什么事件", _reason),
        Question("change", "预算", "调减多少万元", _change, InputKind.NUMBER, "不调减写 0", required=False),
    ),
    _may,
    _about,
    _shown,
    _requested,
    note="只适用于政策变化、突发事件等客观因素（办法第十五条(一)）。",
)
REJECT = SmallForm(
    "adjust_reject",
    "不同意调整",
    "确认不同意",
    (Question("words", "意见", "为什么不同意", _words),),
    _may_reject,
    _about_reject,
    _shown_reject,
    _rejected,
)

HANDLER = Handler(
    name="adjusting",
    words={"调整目标": start, "目标调整": start},
    actions={
        "adjust_pick": pick,
        "adjustment": open_one,
        "adjust_approve": approve,
        "adjust_submit": submit,
        "adjust_withdraw": withdraw,
        **APPLY.actions(),
        **REJECT.actions(),
    },
)
