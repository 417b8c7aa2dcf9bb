"""通讯录: an administrator decides what directories say otherwise; a leaver's duties go to the unit's head (T21)."""

from __future__ import annotations

import json

from bot.cards import directory as cards
from bot.cards.card import Card
from bot.cards.plain import refusal, told
from bot.effects import Decide, Effect, HandOver, MoveCover, Send
from bot.people import Action, Subject, may
from bot.turn import Case, Duty, Handler, Turn, World
from regulation.covers import CoverState
from regulation.problems import problem
from regulation.proposals import KIND_LABELS, Proposal, ProposalKind, ProposalState
from regulation.roster import Person, Role

PLATFORMS = {"dingtalk": "钉钉", "wecom": "企业微信", "simulator": "模拟器"}


def show(case: Case) -> Turn:
    """What waits for a decision."""
    if not may(case.person, Action.DIRECTORY, Subject()):
        return case.say(refusal(problem("person.may_not")))
    return case.say(card_of(case.world) or _nothing())


def _nothing() -> Card:
    return told("通讯录和名册一致", "每天夜里读一次通讯录，有不一样的第二天告诉您。")


def card_of(world: World) -> Card | None:
    """The card with the oldest differences; None when there are none."""
    waiting = world.records.proposals()
    if not waiting:
        return None
    lines = [(KIND_LABELS[p.kind], words(world, p)) for p in waiting[: cards.AT_ONCE]]
    data = json.dumps([p.key for p in waiting[: cards.AT_ONCE]], ensure_ascii=False)
    return cards.differences(lines, len(waiting), data)


def words(world: World, found: Proposal) -> str:
    """One difference as a sentence a person can decide on."""
    person, records = world.records.person(found.person_id), world.records
    name = person.name if person else found.person_id
    place, platform = _place(world, person), PLATFORMS.get(found.platform, found.platform)
    match found.kind:
        case ProposalKind.BIND:
            return f"{platform}的{found.value}（{found.said or '没写部门'}）就是名册里的{name}（{place}）"
        case ProposalKind.RENAME:
            return f"名册写{name}，{platform}写{found.value}（{place}）"
        case ProposalKind.LEADS:
            return f"{platform}说{name}是{records.unit(found.value).name}的负责人，名册里不是"
        case ProposalKind.GONE:
            return f"{name}（{place}）不在{platform}里了；名下项目转单位负责人"


def _place(world: World, person: Person | None) -> str:
    """The units somebody belongs to, for telling apart people of one name."""
    scopes = [d.scope_id for d in person.duties if d.role in (Role.FILLER, Role.UNIT_HEAD)] if person else []
    return "、".join(dict.fromkeys(world.records.unit(scope).name for scope in scopes)) or "没有单位"


def adopt(case: Case) -> Turn:
    """采纳: the roster follows the directory in this one point."""
    return _decide(case, ProposalState.ADOPTED)


def reject(case: Case) -> Turn:
    """不采纳: the roster stays; the same difference is not proposed again."""
    return _decide(case, ProposalState.REFUSED)


def _decide(case: Case, state: ProposalState) -> Turn:
    if not may(case.person, Action.DIRECTORY, Subject()):
        return case.say(refusal(problem("person.may_not")))
    found = _tapped(case)
    if found is None or found.state is not ProposalState.OPEN:
        return case.say(told("这一条已经办过了", "没有再改动。"), card_of(case.world) or _nothing())
    holder = case.world.records.person_by_identity(found.platform, found.user_id)
    taken = found.kind is ProposalKind.BIND and holder is not None
    if state is ProposalState.ADOPTED and taken and holder:
        return case.say(refusal(problem("directory.taken", name=holder.name)))
    said = words(case.world, found)
    leaving = found.kind is ProposalKind.GONE and state is ProposalState.ADOPTED
    further = _leaving(case, found) if leaving else ()
    rest = len(case.world.records.proposals()) - 1
    left = f"还有 {rest} 处，回“通讯录”接着看。" if rest else "都办完了。"
    card = cards.decided(said, left, adopted=state is ProposalState.ADOPTED)
    return Turn(case.session, (Decide(found.key, state), *further, case.beside(card)))


def _tapped(case: Case) -> Proposal | None:
    keys: list[str] = json.loads(case.bound.data) if case.bound and case.bound.data else []
    number = int(case.argument) if case.argument.isdecimal() else 0
    return case.world.records.proposal(keys[number - 1]) if 0 < number <= len(keys) else None


def _leaving(case: Case, found: Proposal) -> tuple[Effect, ...]:
    """What a leaver was asked for goes to their unit's head; both the head and the budget office hear of it."""
    records = case.world.records
    person = records.person(found.person_id)
    if person is None or len(person.identities) > 1:  # still in another directory
        return ()
    duties = records.duties(case.world.round, filler_id=person.id)
    effects: list[Effect] = [
        MoveCover(c.id, CoverState.AGREED, CoverState.ENDED)
        for c in records.covers(case.at.date())
        if person.id in (c.cover_id, c.person_id)
    ]
    units = dict.fromkeys(
        [d.unit_id for d in duties] or [d.scope_id for d in person.duties if d.role is Role.FILLER]
    )
    for unit_id in units:
        effects += _unit_left(case, found, person, unit_id, [d for d in duties if d.unit_id == unit_id])
    return tuple(effects)


def _unit_left(case: Case, found: Proposal, person: Person, unit_id: str, duties: list[Duty]) -> list[Effect]:
    records = case.world.records
    heads = [p for p in records.people_with(Role.UNIT_HEAD, unit_id) if p.id != person.id]
    office = records.people_with(Role.BUDGET_OFFICE, records.unit(unit_id).department_id)
    card = cards.left(person.name, [d.project_name for d in duties], heads[0].name if heads else "")
    moved: list[Effect] = [HandOver(d.project_id, person.id, heads[0].id) for d in duties if heads]
    due, key = case.world.disturbable(case.at), f"left:{found.key}:{unit_id}"
    people = sorted({p.id for p in (*heads, *office)} - {person.id})
    return [*moved, *(Send(who, card, key, due=due) for who in people)]


HANDLER = Handler(name="proposing", words={"通讯录": show}, actions={"adopt": adopt, "reject": reject})
