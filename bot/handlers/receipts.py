"""What became of a notice: 收到 from its readers; its author sees how far it got, resends, reminds, takes it back."""

from __future__ import annotations

from bot.audience import without_account
from bot.cards import notices as cards
from bot.cards.plain import refusal, told
from bot.cards.words import clock
from bot.effects import (
    Acted,
    Announce,
    Effect,
    Note,
    ReceiveNotice,
    ResendNotice,
    SaveNotice,
    Send,
    WithdrawNotice,
)
from bot.handlers import help
from bot.handlers.announcing import gone, may_send, named, refused
from bot.noticing import facts, moved, panel
from bot.turn import Case, Handler, Turn
from regulation.notices import STATE_LABELS, Notice, NoticeAction, NoticeState, Outcome, Result, next_state
from regulation.problems import problem

#: how many of somebody's notices are listed.
LISTED = 5
REACHED = (Result.DELIVERED, Result.READ, Result.RECEIVED)


def received(case: Case) -> Turn:
    """收到, on the card or in words: remembered once, the card says so."""
    notice = named(case)
    if notice is None:
        return case.say(refusal(problem("card.unknown")))
    card = cards.received(notice.title, facts(notice, case.world, 0).by, clock(case.at))
    return Turn(case.session, (ReceiveNotice(notice.id, case.person.id), case.reply(card)))


def acknowledged(case: Case) -> Turn:
    """收到 in words: the last notice not answered yet; with none, a courtesy."""
    notice_id = case.world.records.unanswered_notice(case.person.id)
    notice = case.world.records.notice(notice_id) if notice_id else None
    if notice is None:
        return help.thanks(case)
    card = cards.received(notice.title, facts(notice, case.world, 0).by, clock(case.at))
    return Turn(case.session, (ReceiveNotice(notice.id, case.person.id), case.reply(card)))


def show(case: Case) -> Turn:
    """刷新: the panel as it is now."""
    notice = named(case)
    if notice is None or not may_send(case, notice):
        return refused(case, "panel")
    return case.say(panel(notice, case.world, case.at))


def people(case: Case) -> Turn:
    """看名单: everybody by how far it got with them; looking at it is on record (A01)."""
    notice = named(case)
    if notice is None or not may_send(case, notice):
        return refused(case, "people")
    outcomes = case.world.records.notice_outcomes(notice.id)
    card = cards.people(facts(notice, case.world, len(outcomes)), outcomes, clock(case.at))
    note = Note(case.person.id, "notice.read", notice.subject, f"{len(outcomes)}")
    return Turn(case.session, (note, case.beside(card)))


def resend(case: Case) -> Turn:
    """重发失败的: only to those it failed with, under the same key, so that nobody gets it twice (T22)."""
    notice = named(case)
    if notice is None or not may_send(case, notice):
        return refused(case, "resend")
    if next_state(notice.state, NoticeAction.RESEND) is None:
        return gone(case, notice)
    failed = [o for o in case.world.records.notice_outcomes(notice.id) if o.result is Result.FAILED]
    records = case.world.records
    known = tuple(p for p in (records.person(o.person_id) for o in failed) if p)
    reachable = set(known) - set(without_account(known))
    if not reachable:
        return case.say(told("没有能重发的", "失败的人还没有可用账号。绑定账号后再点“重发失败的”。"))
    again = moved(notice, NoticeAction.RESEND, wake=case.at)
    about = facts(notice, case.world, len(failed))
    effects: tuple[Effect, ...] = (
        SaveNotice(again, NoticeAction.RESEND),
        ResendNotice(notice.id),
        Announce(tuple(sorted(p.id for p in reachable)), cards.message(about), notice.key),
    )
    said = told("正在重发", f"只发给失败的 {len(reachable)} 人，已经送达的人不会再收到。")
    return Turn(case.session, (*effects, case.reply(said)))


def remind(case: Case) -> Turn:
    """提醒未读的: once a day, only those who have it and have not opened it."""
    notice = named(case)
    if notice is None or not may_send(case, notice):
        return refused(case, "remind")
    if notice.state not in (NoticeState.SENDING, NoticeState.SENT):
        return gone(case, notice)
    mark = f"notice-remind:{notice.id}:{case.at:%Y%m%d}"
    if case.world.records.acted(mark):
        return case.say(told("今天提醒过了", "没有重复发。明天可以再提醒一次。"))
    outcomes = case.world.records.notice_outcomes(notice.id)
    unread = tuple(o.person_id for o in outcomes if o.result is Result.DELIVERED)
    if not unread:
        return case.say(told("都看过了", "送达的人都已读，没有新发。"))
    card = cards.again(facts(notice, case.world, len(unread)))
    due = case.world.disturbable(case.at)
    announce = Announce(unread, card, f"{notice.key}:{case.at:%Y%m%d}", due=due)
    done = told("✓ 已提醒", f"提醒还没看的 {len(unread)} 人，{_from(case, due)}。")
    return Turn(case.session, (Acted(mark), announce, case.reply(done)))


def _from(case: Case, due: object) -> str:
    return (
        "现在发出"
        if due == case.at
        else f"{case.world.workdays.label(case.world.disturbable(case.at).date())}上班后发出"
    )


def recall(case: Case) -> Turn:
    """撤回: what waits never goes; what went is replaced where the platform can, and said where it cannot."""
    notice = named(case)
    if notice is None or not may_send(case, notice):
        return refused(case, "recall")
    if next_state(notice.state, NoticeAction.RECALL) is None:
        return gone(case, notice)
    outcomes = case.world.records.notice_outcomes(notice.id)
    reached = [o for o in outcomes if o.result in REACHED]
    about = facts(notice, case.world, len(reached))
    effects: tuple[Effect, ...] = (
        SaveNotice(moved(notice, NoticeAction.RECALL, wake=None), NoticeAction.RECALL),
        WithdrawNotice(notice.id),
        *(_taken_back(notice, outcome, about) for outcome in reached),
    )
    said = told("已撤回", f"没发出的不再发；已送达的 {len(reached)} 人收到一条“通知已撤回”。")
    return Turn(case.session, (*effects, case.reply(said)))


def _taken_back(notice: Notice, outcome: Outcome, about: cards.Facts) -> Send:
    key = f"notice-recall:{notice.id}"
    return Send(outcome.person_id, cards.recalled(about), key, replaces=outcome.token)


def history(case: Case) -> Turn:
    """群发记录: the person's own notices, newest first."""
    own = case.world.records.notices_of(case.person.id, LISTED)
    lines = tuple((each.id, each.title, STATE_LABELS[each.state]) for each in own)
    return case.say(cards.history(lines))


HANDLER = Handler(
    name="receipts",
    words={"群发记录": history, "收到": acknowledged},
    actions={
        "received": received,
        "notice_panel": show,
        "notice_people": people,
        "notice_resend": resend,
        "notice_remind": remind,
        "notice_recall": recall,
    },
)
