"""通知、群发: a notice written, previewed, agreed to by a second person when it goes to many, and sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from bot import notice_form
from bot.audience import AUTHORS, capacities, office_name, recipients, without_account
from bot.cards import notices as cards
from bot.cards.card import Card, Tone
from bot.cards.plain import refusal, told
from bot.effects import AddressNotice, Effect, Note, SaveNotice, Send
from bot.noticing import begun, facts, moment_of, moved, sending, still_meant, when_words
from bot.people import Action, Subject, may
from bot.sessions import Session
from bot.turn import Case, Handler, Turn
from regulation.notices import (
    SECOND_PERSON_FROM,
    SECOND_PERSON_WITHIN,
    SIMILAR_WITHIN,
    STATE_LABELS,
    UNDER_WAY,
    Notice,
    NoticeAction,
    next_state,
)
from regulation.problems import problem
from regulation.roster import Person, Role
from regulation.texts import looks_classified

#: what the session says while a notice is being written: the mark, then its answers so far as JSON.
WRITING = "notice:"


def write(case: Case) -> Turn:
    """An empty form, for those who may write to many."""
    if not allowed(case):
        return refused(case, "write")
    return _form(case, {}, {})


def edit(case: Case) -> Turn:
    """The form with what the notice says now."""
    notice = named(case)
    if notice is None or not may_send(case, notice):
        return refused(case, "edit")
    if next_state(notice.state, NoticeAction.EDIT) is None:
        return gone(case, notice)
    return _form(case, notice_form.values_of(notice, case.world), {}, notice.id)


def check(case: Case) -> Turn:
    """Answers came from the form: read, kept, and shown the way they will look."""
    return _read(case, _so_far(case) | dict(case.answers), _id(case))


def line(case: Case) -> Turn | None:
    """``标题：… 正文：…`` in chat while a notice is being written; None for any other line."""
    if not case.session.asking.startswith(WRITING):
        return None
    said = notice_form.split_line(getattr(case.event, "text", ""))
    if not said or not allowed(case):
        return None
    known = _so_far(case)
    return _read(case, known | said, known.get("id", ""))


def _read(case: Case, values: Mapping[str, str], notice_id: str) -> Turn:
    if not allowed(case):
        return refused(case, "write")
    kept = case.world.records.notice(notice_id) if notice_id else None
    if kept and next_state(kept.state, NoticeAction.EDIT) is None:
        return gone(case, kept)
    fresh = notice_id or notice_form.new_id(case.event.id)
    notice, problems = notice_form.read(values, case.person, case.world, fresh, case.at)
    if notice is None:
        return _form(case, values, problems, fresh)
    people = recipients(case.world, notice, case.at)
    if not people:
        return _form(case, values, {"state": problem("notice.nobody").text}, fresh)
    return _preview(case, notice, people, values)


def _preview(
    case: Case,
    notice: Notice,
    people: tuple[Person, ...],
    values: Mapping[str, str],
    *,
    changed: bool = False,
) -> Turn:
    """The card as its readers will get it, then how many that is; who is on the list is kept with it."""
    about = facts(notice, case.world, len(people))
    missing = tuple(person.name for person in without_account(people))
    second = len(people) >= SECOND_PERSON_FROM
    shown = cards.preview(about, missing, _similar(case, notice), second=second, changed=changed)
    shown = replace(shown, version=notice.stamp)
    return Turn(
        _writing(values, notice.id),
        (
            SaveNotice(notice, NoticeAction.EDIT),
            AddressNotice(notice.id, tuple(person.id for person in people)),
            case.reply(cards.sample(about), ":sample"),
            case.reply(shown),
        ),
    )


def send(case: Case) -> Turn:
    """确认发送: at once, at its hour, or first to the second person."""
    notice = named(case)
    if notice is None or not may_send(case, notice):
        return refused(case, "send")
    if next_state(notice.state, NoticeAction.ASK) is None:
        return gone(case, notice)
    now = recipients(case.world, notice, case.at)
    seen = set(case.world.records.notice_meant(notice.id))
    if not now:
        return case.say(refusal(problem("notice.nobody")))
    stale = case.bound is not None and case.bound.version != notice.stamp
    if stale or any(person.id not in seen for person in now):
        return _preview(
            case, replace(notice, at=case.at), now, notice_form.values_of(notice, case.world), changed=True
        )
    if len(now) >= SECOND_PERSON_FROM:
        return _ask(case, notice, len(now))
    return _release(case, notice, now)


def _ask(case: Case, notice: Notice, count: int) -> Turn:
    """To everybody else who holds the same duty; whoever agrees first decides."""
    seconds = [
        person
        for person in case.world.records.people_with(notice.role, notice.scope_id)
        if person.id != notice.author_id and person.identities
    ]
    if not seconds:
        office = office_name(case.world, notice.role, notice.scope_id)
        return case.say(refusal(problem("notice.second_missing", count=count, office=office)))
    until = case.at + SECOND_PERSON_WITHIN
    about, words = facts(notice, case.world, count), when_words(until, case.world)
    asks = tuple(
        Send(p.id, _stamped(cards.agree(about, words), notice), f"notice-agree:{notice.id}:{case.event.id}")
        for p in seconds
    )
    waiting = moved(notice, NoticeAction.ASK, wake=until)
    names = tuple(p.name for p in seconds)
    done: tuple[Effect, ...] = (
        SaveNotice(waiting, NoticeAction.ASK),
        *asks,
        case.reply(cards.asked(about, names, words)),
    )
    return Turn(Session(), done)


def _release(case: Case, notice: Notice, people: tuple[Person, ...]) -> Turn:
    """Now, or later when its hour is later."""
    effects, card = _outgoing(case, notice, people)
    return Turn(Session(), (*effects, case.reply(card)))


def _outgoing(case: Case, notice: Notice, people: tuple[Person, ...]) -> tuple[tuple[Effect, ...], Card]:
    moment = moment_of(notice, case.world, case.at)
    if moment <= case.at:
        return sending(notice, people, case.world, case.at), begun(notice, people, case.world, case.at)
    later = moved(notice, NoticeAction.SCHEDULE, due=moment, wake=moment)
    about = facts(later, case.world, len(people))
    return (SaveNotice(later, NoticeAction.SCHEDULE),), cards.scheduled(about)


def agree(case: Case) -> Turn:
    """同意发送, by the second person."""
    notice = named(case)
    if notice is None or not _may_decide(case, notice):
        return refused(case, "agree")
    late = notice.wake is not None and notice.wake <= case.at
    stale = case.bound is not None and case.bound.version != notice.stamp
    if late or stale or next_state(notice.state, NoticeAction.REFUSE) is None:
        return gone(case, notice)
    people = still_meant(notice, case.world, case.at)
    if not people:
        return case.say(refusal(problem("notice.nobody")))
    effects, card = _outgoing(case, replace(notice, agreed_by=case.person.id), people)
    to_author = Send(notice.author_id, card, f"notice-author:{notice.id}:agreed:{case.event.id}")
    said = told("✓ 已同意", f"《{notice.title}》{card.title}。", tone=Tone.GOOD)
    return Turn(case.session, (*effects, to_author, case.reply(said)))


def refuse(case: Case) -> Turn:
    """不同意, by the second person: back to its author."""
    notice = named(case)
    if notice is None or not _may_decide(case, notice):
        return refused(case, "refuse")
    if next_state(notice.state, NoticeAction.REFUSE) is None:
        return gone(case, notice)
    count = len(case.world.records.notice_meant(notice.id))
    card = _stamped(
        cards.back(facts(notice, case.world, count), f"{case.person.name}没有同意，没有发给任何人。"), notice
    )
    back = moved(notice, NoticeAction.REFUSE, wake=None)
    to_author = Send(notice.author_id, card, f"notice-author:{notice.id}:refused:{case.event.id}")
    said = told("已退回", f"《{notice.title}》没有发，已告诉{facts(notice, case.world, 0).by}。")
    return Turn(case.session, (SaveNotice(back, NoticeAction.REFUSE), to_author, case.reply(said)))


def drop(case: Case) -> Turn:
    """不发了, as long as nothing has gone out."""
    notice = named(case)
    if notice is None:
        return case.say(told("不发了", "没有发给任何人。"), session=Session())
    if not may_send(case, notice):
        return refused(case, "drop")
    if next_state(notice.state, NoticeAction.DROP) is None:
        return gone(case, notice)
    dropped = SaveNotice(moved(notice, NoticeAction.DROP, wake=None), NoticeAction.DROP)
    return Turn(Session(), (dropped, case.reply(told("不发了", f"《{notice.title}》没有发给任何人。"))))


def _similar(case: Case, notice: Notice) -> str:
    """``5 分钟前陈静发过《催报》``, when a colleague of the office lately wrote to some of the same (F06)."""
    for other in case.world.records.notices_since(case.at - SIMILAR_WITHIN):
        same_office = (other.role, other.scope_id) == (notice.role, notice.scope_id)
        others = other.author_id != notice.author_id and same_office and other.state in UNDER_WAY
        if others and other.at and set(other.audience.roles) & set(notice.audience.roles):
            author = case.world.records.person(other.author_id)
            minutes = int((case.at - other.at).total_seconds() // 60)
            return f"{minutes} 分钟前{author.name if author else ''}发过《{other.title}》"
    return ""


# -- what they share -------------------------------------------------------------------------------


def allowed(case: Case) -> bool:
    """Whether the person may write to many at all."""
    return any(may(case.person, Action.ANNOUNCE, _where(*each)) for each in capacities(case.person))


def may_send(case: Case, notice: Notice) -> bool:
    """Its author, while still holding the duty it is written as."""
    own = case.person.id == notice.author_id
    return own and may(case.person, Action.ANNOUNCE, _where(notice.role, notice.scope_id))


def _may_decide(case: Case, notice: Notice) -> bool:
    other = case.person.id != notice.author_id and case.person.has(notice.role, notice.scope_id)
    return other and may(case.person, Action.ANNOUNCE, _where(notice.role, notice.scope_id))


def _where(role: Role, scope_id: str) -> Subject:
    if role is Role.BUDGET_OFFICE:
        return Subject(department_id=scope_id)
    return Subject(division_id=scope_id if role is Role.FINANCE_DIVISION else "")


def named(case: Case) -> Notice | None:
    """The notice the tapped card is about, or the one named after the action."""
    return case.world.records.notice(case.argument or _id(case))


def refused(case: Case, what: str) -> Turn:
    """Not theirs to do: said and noted."""
    note = Note(case.person.id, "notice.refused", case.bound.subject if case.bound else "notice", what)
    return Turn(case.session, (note, case.reply(refusal(problem("person.may_not")))))


def gone(case: Case, notice: Notice) -> Turn:
    """The notice has moved on since the card was sent."""
    state = STATE_LABELS[notice.state]
    return case.say(refusal(problem("notice.moved_on", state=state), title="这张卡是旧的"))


def _id(case: Case) -> str:
    return case.bound.subject.removeprefix("notice:") if case.bound else ""


def _stamped(card: Card, notice: Notice) -> Card:
    return replace(card, version=notice.stamp)


def _writing(values: Mapping[str, str], notice_id: str) -> Session:
    return Session(asking=WRITING + json.dumps({**values, "id": notice_id}, ensure_ascii=False))


def _so_far(case: Case) -> dict[str, str]:
    """The answers given before, of the notice the card is about or of the one being written."""
    asking = case.session.asking
    known: dict[str, str] = json.loads(asking.removeprefix(WRITING)) if asking.startswith(WRITING) else {}
    return known if not case.bound or known.get("id", "") == _id(case) else {}


def _form(case: Case, values: Mapping[str, str], problems: Mapping[str, str], notice_id: str = "") -> Turn:
    values = _keepable(values)
    held = capacities(case.person)
    named_as = tuple((f"{r}:{s}", office_name(case.world, r, s)) for r, s in held)
    roles = frozenset(role.value for each, _ in held for role in AUTHORS[each])
    card = cards.form(named_as, roles, values, problems, notice_id)
    # What stands on the card as chosen is an answer, also for who only types the others.
    standing = {each.key: each.value for each in card.inputs if each.value}
    return Turn(_writing({**standing, **values}, notice_id), (case.reply(card),))


def _keepable(values: Mapping[str, str]) -> dict[str, str]:
    """Without what carries the mark of a classified paper: it is neither shown again nor kept (A07)."""
    return {key: text for key, text in values.items() if not looks_classified(text)}


HANDLER = Handler(
    name="announcing",
    words={"通知": write, "群发": write},
    actions={
        "notice_write": write,
        "notice_check": check,
        "notice_edit": edit,
        "notice_send": send,
        "notice_agree": agree,
        "notice_refuse": refuse,
        "notice_drop": drop,
    },
)
