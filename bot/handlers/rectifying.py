"""整改: the department answers an order, finance checks the answer, sends it back or closes it (第十六条)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.cards import rulings as cards
from bot.cards.card import Button, Card, InputKind, Row, Style, Tone
from bot.cards.plain import refusal, told
from bot.cards.words import clock, short
from bot.effects import Effect, MoveOrder, MoveReport, Send
from bot.handlers import scopes
from bot.people import Action
from bot.small_forms import Question, SmallForm
from bot.turn import Case, Handler, Turn
from regulation.problems import Problem, problem
from regulation.rectifying import (
    RECTIFICATION_LABELS,
    Rectification,
    RectificationAction,
    RectificationState,
    next_rectification,
    parse_due,
)
from regulation.reporting import ReportAction, ReportState
from regulation.texts import parse_text


def listed(case: Case) -> Turn:
    """The orders of this round the person has to do with: their own departments', or those they oversee."""
    known = {each.id: each for each in (*scopes.own(case), *scopes.overseen(case))}
    if not known:
        return case.say(refusal(problem("person.may_not")))
    orders = [o for o in case.world.records.rectifications(case.world.round) if o.department_id in known]
    names = _told_apart([known[o.department_id].name for o in orders])
    told_of = list(zip(orders, names, strict=True))
    rows = tuple(Row(name, _line(case, o), _mark(case, o)) for o, name in told_of)
    opened = [(o, name) for o, name in told_of if o.state is not RectificationState.CLOSED]
    choices = [(f"rectification:{o.id}", name) for o, name in opened]
    return case.say(cards.orders(case.world.round, rows, choices))


def _told_apart(names: list[str]) -> list[str]:
    """Each name, with a number behind it where it occurs more than once."""
    return [
        f"{name} {names[: n + 1].count(name)}" if names.count(name) > 1 else name
        for n, name in enumerate(names)
    ]


def _line(case: Case, order: Rectification) -> str:
    return f"{_state(case, order)}　{case.world.workdays.label(order.due)}前　{short(order.demand, 24)}"


def open_one(case: Case) -> Turn:
    """One order with what the person may do about it."""
    order = case.world.records.rectification(case.argument)
    if order is None or not (_answers(case, order) or _examines(case, order)):
        return case.say(refusal(problem("person.may_not")))
    return case.say(card(case, order))


def card(case: Case, order: Rectification) -> Card:
    """The order as this person sees it."""
    department = case.world.records.department(order.department_id)
    due = case.world.workdays.label(order.due)
    return cards.order(
        f"整改通知：{department.name}",
        f"{order.round.label} · {_state(case, order)}",
        tuple(_rows(case, order, due)),
        tuple(_buttons(case, order)),
        late=_late(case, order),
        subject=order.id,
    )


def _rows(case: Case, order: Rectification, due: str) -> Iterator[Row]:
    yield Row("要求", order.demand)
    yield Row("期限", f"{due}前反馈", "✕" if _late(case, order) else "")
    if order.answered_at:
        yield Row("反馈", f"{order.answer}　{clock(order.answered_at)}")
    if order.conclusion:
        yield Row("结论" if order.state is RectificationState.CLOSED else "复核", order.conclusion)


def _buttons(case: Case, order: Rectification) -> Iterator[Button]:
    able = RectificationAction
    if _answers(case, order) and next_rectification(order.state, able.ANSWER):
        yield Button(f"answer_order:{order.id}", "反馈整改", Style.PRIMARY)
    if not _examines(case, order):
        return
    if next_rectification(order.state, able.CLOSE):
        yield Button(f"close_order:{order.id}", "复核办结", Style.PRIMARY)
    if next_rectification(order.state, able.SEND_BACK):
        yield Button(f"resend_order:{order.id}", "退回再改")


def _state(case: Case, order: Rectification) -> str:
    return RECTIFICATION_LABELS[order.state] + ("（逾期）" if _late(case, order) else "")


def _late(case: Case, order: Rectification) -> bool:
    return order.state is RectificationState.ORDERED and case.at.date() > order.due


def _mark(case: Case, order: Rectification) -> str:
    if order.state is RectificationState.CLOSED:
        return "✓"
    return "✕" if _late(case, order) else "△"


def _answers(case: Case, order: Rectification) -> bool:
    return scopes.allowed(case, Action.ANSWER, order.department_id, order.round)


def _examines(case: Case, order: Rectification) -> bool:
    return scopes.allowed(case, Action.EXAMINE, order.department_id, order.round)


def _may(action: RectificationAction, who: Action):  # type: ignore[no-untyped-def]
    """Who may, while the order still allows it."""

    def allowed(case: Case, order_id: str) -> Problem | None:
        order = case.world.records.rectification(order_id)
        if order is None:
            return problem("person.may_not")
        refused = scopes.refused(case, who, order.department_id, order.round)
        if refused or next_rectification(order.state, action):
            return refused
        return problem("order.moved_on", state=RECTIFICATION_LABELS[order.state])

    return allowed


def _about(case: Case, order_id: str) -> str:
    order = case.world.records.rectification(order_id)
    if order is None:
        return ""
    return f"{case.world.records.department(order.department_id).name} · 要求：{order.demand}"


def _text(label: str, least: int):  # type: ignore[no-untyped-def]
    def read(text: str, _case: Case, _subject: str) -> str | Problem:
        return parse_text(text, label=label, least=least)

    return read


def _due(text: str, case: Case, _subject: str) -> date | Problem:
    return parse_due(text, case.at.date(), case.world.workdays)


def _shown(case: Case, _subject: str, read: Mapping[str, Any]) -> tuple[Row, ...]:
    due = (Row("期限", f"{case.world.workdays.label(read['due'])}前"),) if "due" in read else ()
    return (*(Row(label, read[key]) for key, label in LABELS.items() if key in read), *due)


LABELS = {"answer": "反馈", "conclusion": "意见"}


def _order(case: Case, order_id: str) -> Rectification:
    """Known: ``allowed`` was asked right before."""
    order = case.world.records.rectification(order_id)
    if order is None:
        raise KeyError(order_id)
    return order


def _answered(case: Case, order_id: str, read: Mapping[str, Any]) -> Turn:
    order = _order(case, order_id)
    now = replace(
        order,
        state=RectificationState.ANSWERED,
        answer=read["answer"],
        answered_by=case.person.id,
        answered_at=case.at,
    )
    department = case.world.records.department(order.department_id)
    news = cards.order(
        f"{department.name}反馈了整改",
        f"{order.round.label} · 等您复核",
        (Row("要求", order.demand), Row("反馈", now.answer)),
        (
            Button(f"close_order:{order.id}", "复核办结", Style.PRIMARY),
            Button(f"resend_order:{order.id}", "退回再改"),
        ),
        late=False,
        subject=order.id,
    )
    people = dict.fromkeys((order.ordered_by, *scopes.finance_of(case, department)))
    sends = tuple(Send(person, news, f"order:answered:{case.event.id}") for person in people)
    fed = _report_step(case, order, ReportAction.FEEDBACK)
    done = told("✓ 已反馈", f"{len(people)} 位财政的同志会收到，复核后告诉您。", tone=Tone.GOOD)
    return Turn(case.session, (MoveOrder(now), *fed, *sends, case.reply(done)))


def _resent(case: Case, order_id: str, read: Mapping[str, Any]) -> Turn:
    order = _order(case, order_id)
    now = replace(order, state=RectificationState.ORDERED, conclusion=read["conclusion"], due=read["due"])
    due = case.world.workdays.label(now.due)
    return Turn(
        case.session,
        (
            MoveOrder(now),
            *_to_department(case, now, f"整改还要补：{due}前再反馈", "resent", answer=True),
            case.reply(told("✓ 已退回再改", f"{due}前再反馈。", tone=Tone.GOOD)),
        ),
    )


def _closed(case: Case, order_id: str, read: Mapping[str, Any]) -> Turn:
    order = _order(case, order_id)
    now = replace(order, state=RectificationState.CLOSED, conclusion=read["conclusion"])
    others = [
        o
        for o in case.world.records.rectifications(order.round)
        if o.department_id == order.department_id and o.id != order.id
    ]
    last = all(o.state is RectificationState.CLOSED for o in others)
    closing = _report_step(case, order, ReportAction.CLOSE) if last else ()
    done = told("✓ 已办结", "本季整改都办结了。" if last else "还有没办结的整改。", tone=Tone.GOOD)
    told_them = _to_department(case, now, "整改办结", "closed", answer=False)
    return Turn(case.session, (MoveOrder(now), *closing, *told_them, case.reply(done)))


def _report_step(case: Case, order: Rectification, action: ReportAction) -> tuple[Effect, ...]:
    report = case.world.records.report(order.department_id, order.round)
    if report.state is not ReportState.RECTIFYING:
        return ()
    return (MoveReport(order.department_id, order.round, action, report.state, report.version),)


def _to_department(
    case: Case, order: Rectification, title: str, what: str, *, answer: bool
) -> Iterator[Effect]:
    button = (Button(f"answer_order:{order.id}", "反馈整改", Style.PRIMARY),) if answer else ()
    news = cards.order(
        title,
        f"{case.world.records.department(order.department_id).name} · {order.round.label}",
        (Row("要求", order.demand), Row("意见", order.conclusion)),
        button,
        late=False,
        subject=order.id,
    )
    for person in scopes.office_of(case, order.department_id, heads=True):
        yield Send(person, news, f"order:{what}:{case.event.id}")


ANSWER = SmallForm(
    "answer_order",
    "反馈整改",
    "确认反馈",
    (Question("answer", "反馈", "整改结果：做了什么，到了哪一步", _text("整改结果", 10)),),
    _may(RectificationAction.ANSWER, Action.ANSWER),
    _about,
    _shown,
    _answered,
)
SEND_BACK = SmallForm(
    "resend_order",
    "退回再改",
    "确认退回",
    (
        Question("conclusion", "意见", "还差什么", _text("复核意见", 6)),
        Question(
            "due",
            "期限",
            "哪天前再反馈",
            _due,
            InputKind.TEXT,
            "不写就是5个工作日，例如 10-30",
            required=False,
        ),
    ),
    _may(RectificationAction.SEND_BACK, Action.EXAMINE),
    _about,
    _shown,
    _resent,
)
CLOSE = SmallForm(
    "close_order",
    "复核办结",
    "确认办结",
    (Question("conclusion", "意见", "整改结论", _text("整改结论", 2)),),
    _may(RectificationAction.CLOSE, Action.EXAMINE),
    _about,
    _shown,
    _closed,
)

HANDLER = Handler(
    name="rectifying",
    words={"整改": listed},
    actions={
        "rectifications": listed,
        "rectification": open_one,
        **ANSWER.actions(),
        **SEND_BACK.actions(),
        **CLOSE.actions(),
    },
)
