"""What the clock brings to what finance waits for: open orders and returned reports, asked for again (第十六条)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from bot.cards import rulings as cards
from bot.cards.card import Button, Row, Style
from bot.effects import Acted, Effect, Send
from bot.turn import World
from regulation.rectifying import Rectification, RectificationState, remind_on
from regulation.reporting import OWED, ReportReturn
from regulation.roster import Role

#: when people are asked.
HOUR = time(9)


def waits(world: World, now: datetime) -> bool:
    """Whether somebody is to be asked now."""
    return now.time() >= HOUR and bool(_orders(world, now) or _returns(world, now))


def followed_up(world: World, now: datetime) -> tuple[Effect, ...]:
    """The messages of today, and the marks that they were written."""
    if now.time() < HOUR:
        return ()
    return (
        *(effect for order in _orders(world, now) for effect in _asked(order, world, now)),
        *(effect for back in _returns(world, now) for effect in _again(back, world, now)),
    )


def _orders(world: World, now: datetime) -> list[Rectification]:
    """The orders to ask for again now; each once a day."""
    return [
        order
        for order in world.records.open_rectifications()
        if order.state is RectificationState.ORDERED
        and remind_on(order.due, now.date(), world.workdays)
        and not world.records.acted(_key(order, now))
    ]


def _returns(world: World, now: datetime) -> list[ReportReturn]:
    """The reports finance sent back that have not come again, on the workday before their day and on it; after that
    the department's own clock speaks."""
    round, today = world.round, now.date()
    return [
        back
        for back in world.records.report_returns(round).values()
        if today <= back.due
        and remind_on(back.due, today, world.workdays)
        and world.records.report(back.department_id, round).state in OWED
        and not world.records.acted(_back_key(back, now))
    ]


def _back_key(back: ReportReturn, now: datetime) -> str:
    return f"report_back:{back.round.code}:{back.department_id}:{now:%Y%m%d}"


def _again(back: ReportReturn, world: World, now: datetime) -> Iterator[Effect]:
    name = world.records.department(back.department_id).name
    subject = f"{back.round.code}:{back.department_id}"
    card = cards.returned(name, back.round, world.workdays.label(back.due), back.reason, subject)
    for person in world.records.people_with(Role.BUDGET_OFFICE, back.department_id):
        yield Send(person.id, card, _back_key(back, now))
    yield Acted(_back_key(back, now))


def _key(order: Rectification, now: datetime) -> str:
    return f"order:{order.id}:{now:%Y%m%d}"


def _asked(order: Rectification, world: World, now: datetime) -> Iterator[Effect]:
    late = (now.date() - order.due).days
    department = world.records.department(order.department_id)
    said = f"已过 {late} 天" if late > 0 else ("今天截止" if late == 0 else "明天截止")
    card = cards.order(
        f"整改还没有反馈：{said}",
        f"{department.name} · {order.round.label} · {world.workdays.label(order.due)}前",
        (Row("要求", order.demand),),
        (Button(f"answer_order:{order.id}", "反馈整改", Style.PRIMARY),),
        late=late > 0,
        subject=order.id,
    )
    for person in world.records.people_with(Role.BUDGET_OFFICE, order.department_id):
        yield Send(person.id, card, _key(order, now))
    if late > 0:
        yield from _upwards(order, world, now, said)
    yield Acted(_key(order, now))


def _upwards(order: Rectification, world: World, now: datetime, said: str) -> Iterator[Send]:
    """The head, within the one message of the day, and whoever ordered it."""
    department = world.records.department(order.department_id)
    card = cards.order(
        f"整改逾期：{department.name} {said}",
        f"{order.round.label} · 应于{world.workdays.label(order.due)}反馈",
        (Row("要求", order.demand),),
        (Button(f"rectification:{order.id}", "看这件整改"),),
        late=True,
        subject=order.id,
    )
    for head in world.records.people_with(Role.DEPARTMENT_HEAD, order.department_id):
        yield Send(head.id, card, f"head:{now.date()}")
    yield Send(order.ordered_by, card, _key(order, now))
