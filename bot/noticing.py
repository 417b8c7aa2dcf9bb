"""What follows from a notice being asked for, sent, finished or not agreed to in time; the clock's part too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.audience import office_name, places, recipients, without_account
from bot.cards import notices as cards
from bot.cards.card import Card
from bot.cards.notices import WHOM, Facts
from bot.cards.words import clock
from bot.effects import AddressNotice, Announce, Effect, SaveNotice, Send
from bot.turn import World
from regulation.notices import (
    CONDITION_LABELS,
    STATE_LABELS,
    Condition,
    Notice,
    NoticeAction,
    NoticeState,
    Outcome,
    Result,
    next_state,
    tally,
)
from regulation.roster import Person, Role


def moved(notice: Notice, action: NoticeAction, **changes: object) -> Notice:
    """The notice after that action; one the table does not allow is our mistake: ask :func:`next_state` first."""
    state = next_state(notice.state, action)
    if state is None:
        raise ValueError(f"{action} is not allowed in {notice.state}")
    return replace(notice, state=state, **changes)  # type: ignore[arg-type]


def facts(notice: Notice, world: World, count: int) -> Facts:
    """The notice in words."""
    author = world.records.person(notice.author_id)
    office = office_name(world, notice.role, notice.scope_id)
    return Facts(
        notice.id,
        notice.title,
        notice.text,
        _whom(notice, world),
        count,
        when_words(notice.due, world),
        f"{office} {author.name if author else ''}".strip(),
    )


def when_words(due: datetime | None, world: World) -> str:
    """``现在`` or ``10月13日（周二）09:00``."""
    return f"{world.workdays.label(due.date())}{due:%H:%M}" if due else "现在"


def _whom(notice: Notice, world: World) -> str:
    """``逾期的经办人 · 区水利局、区卫健局``."""
    roles = dict(WHOM)[",".join(notice.audience.roles)]
    names = {place.id: place.name for place in places(world, notice.role, notice.scope_id)}
    where = "、".join(names.get(each, each) for each in notice.audience.scopes)
    every = notice.audience.condition is Condition.ALL
    whom = roles if every else f"{CONDITION_LABELS[notice.audience.condition]}的{roles}"
    return f"{whom} · {where or _EVERYWHERE[notice.role]}"


#: what no 范围 means, by the duty a notice is written as.
_EVERYWHERE = {
    Role.PERFORMANCE_OFFICE: "全区",
    Role.FINANCE_DIVISION: "归口部门",
    Role.BUDGET_OFFICE: "本部门",
}


def still_meant(notice: Notice, world: World, now: datetime) -> tuple[Person, ...]:
    """Whom the author saw on the preview and who still fits: nobody is added behind anybody's back (T20)."""
    seen = set(world.records.notice_meant(notice.id))
    return tuple(person for person in recipients(world, notice, now) if person.id in seen)


def moment_of(notice: Notice, world: World, now: datetime) -> datetime:
    """When it goes: the wished hour or now, moved to when people are at work unless its author said otherwise."""
    wished = max(notice.due or now, now)
    return wished if notice.any_hour else world.disturbable(wished)


def sending(notice: Notice, people: Sequence[Person], world: World, now: datetime) -> tuple[Effect, ...]:
    """It goes out now to these people; whoever has no account is on the list as failed from the start."""
    sent = moved(notice, NoticeAction.SEND, wake=now)
    unreachable = {person.id for person in without_account(people)}
    everybody = tuple(person.id for person in people)
    return (
        SaveNotice(sent, NoticeAction.SEND),
        AddressNotice(notice.id, everybody),
        Announce(
            tuple(each for each in everybody if each not in unreachable),
            cards.message(facts(notice, world, len(people))),
            notice.key,
        ),
    )


def begun(notice: Notice, people: Sequence[Person], world: World, now: datetime) -> Card:
    """The panel the moment sending begins, before anything went."""
    unreachable = {person.id for person in without_account(people)}
    outcomes = [
        Outcome(p.id, p.name, Result.FAILED, "没有可用账号")
        if p.id in unreachable
        else Outcome(p.id, p.name, Result.WAITING)
        for p in people
    ]
    return _panel(replace(notice, state=NoticeState.SENDING), outcomes, world, now)


def panel(notice: Notice, world: World, now: datetime) -> Card:
    """How far it got, read off the records."""
    return _panel(notice, world.records.notice_outcomes(notice.id), world, now)


def _panel(notice: Notice, outcomes: Sequence[Outcome], world: World, now: datetime) -> Card:
    reasons = tuple(dict.fromkeys(o.reason for o in outcomes if o.result is Result.FAILED and o.reason))
    return cards.panel(
        facts(notice, world, len(outcomes)),
        tally(outcomes),
        reasons,
        STATE_LABELS[notice.state],
        clock(now),
        open=notice.state in (NoticeState.SENDING, NoticeState.SENT),
    )


# -- the clock -------------------------------------------------------------------------------------


def woken(world: World, now: datetime) -> tuple[Effect, ...]:
    """What the notices ask for whose moment has come."""
    return tuple(
        effect
        for notice in world.records.notices_due(now)
        for effect in _WAKING[notice.state](notice, world, now)
    )


def _go(notice: Notice, world: World, now: datetime) -> Iterable[Effect]:
    """Its hour has come: the list is checked once more."""
    people = still_meant(notice, world, now)
    if people:
        return sending(notice, people, world, now)
    dropped = moved(notice, NoticeAction.DROP, wake=None)
    card = cards.emptied(facts(notice, world, 0))
    return (SaveNotice(dropped, NoticeAction.DROP), _to_author(notice, card, "emptied"))


def _expire(notice: Notice, world: World, now: datetime) -> Iterable[Effect]:
    """Nobody agreed in time: nothing was sent, and the author hears it when at work."""
    count = len(world.records.notice_meant(notice.id))
    why = "到时间还没有人确认，没有发给任何人。内容留着。"
    card = replace(cards.back(facts(notice, world, count), why), version=notice.stamp)
    expired = moved(notice, NoticeAction.EXPIRE, wake=None)
    send = replace(_to_author(notice, card, f"expired:{now:%Y%m%d%H%M}"), due=world.disturbable(now))
    return (SaveNotice(expired, NoticeAction.EXPIRE), send)


def _finish(notice: Notice, world: World, now: datetime) -> Iterable[Effect]:
    """Every message of it is out or given up: the author gets the panel."""
    done = moved(notice, NoticeAction.FINISH, wake=None)
    begun_at = notice.wake or now
    return (
        SaveNotice(done, NoticeAction.FINISH),
        _to_author(notice, panel(done, world, now), f"done:{begun_at:%Y%m%d%H%M%S%f}"),
    )


def _to_author(notice: Notice, card: Card, part: str) -> Send:
    return Send(notice.author_id, card, f"notice-author:{notice.id}:{part}")


_WAKING = {
    NoticeState.AWAITING: _expire,
    NoticeState.SCHEDULED: _go,
    NoticeState.SENDING: _finish,
}
