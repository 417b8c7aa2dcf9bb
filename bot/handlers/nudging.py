"""催办, its ledger, and 在办: somebody responsible presses, somebody busy asks for quiet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.cards import handing, remind
from bot.cards.card import Card
from bot.cards.plain import refusal, told
from bot.cards.words import clock
from bot.effects import Nudged, Pause, Send
from bot.handlers import common
from bot.overdue import opened
from bot.owing import Owing, look
from bot.people import Action, Subject, may
from bot.turn import Case, Duty, Handler, Turn
from regulation.chasing import chased, just_now
from regulation.problems import problem
from regulation.roster import Role

#: who answers for others' filing, the widest first.
RESPONSIBLE = (Role.BUDGET_OFFICE, Role.DEPARTMENT_HEAD, Role.UNIT_HEAD)


@dataclass(frozen=True, slots=True)
class Scope:
    """A department or one unit of it."""

    id: str
    name: str
    department_id: str
    unit_id: str = ""

    @property
    def subject(self) -> Subject:
        """Where pressing its people falls."""
        return Subject(department_id=self.department_id, unit_id=self.unit_id)

    def holds(self, duty: Duty) -> bool:
        """Whether a form belongs to it."""
        return duty.unit_id == self.unit_id if self.unit_id else duty.department_id == self.department_id


def nudge(case: Case) -> Turn:
    """Press everybody in a department or a unit in whose hands something is, once, and write it down."""
    scope = _scope(case, case.argument)
    if scope is None or not may(case.person, Action.NUDGE, scope.subject):
        return case.say(refusal(problem("person.may_not")))
    owing = look(case.world, case.world.round, case.at.date())
    held = _in_hands(case, owing, scope)
    pressed, typed = (
        chased(case.world.records.nudges(case.world.round)),
        case.world.records.typed(case.world.round),
    )
    tired = {who for who in held if who in pressed and just_now(pressed[who].last, case.at)}
    writing = {who for who in held if just_now(typed.get(who), case.at)} - tired
    fresh = [who for who in held if who not in tired | writing]
    done = handing.nudged(
        _names(case, fresh), case.at, skipped=len(tired), writing=_names(case, sorted(writing))
    )
    sends = (_send(case, who, held[who]) for who in fresh)
    return Turn(case.session, (Nudged(case.world.round, scope.id, tuple(fresh)), *sends, case.reply(done)))


def _in_hands(case: Case, owing: Owing, scope: Scope) -> Mapping[str, list[Duty]]:
    """Person id -> what waits for them: forms to fill, or forms to confirm. Nobody presses themselves."""
    held: dict[str, list[Duty]] = {}
    awaiting = {d.project_id for d in owing.awaiting}
    for duty in owing.outstanding:
        if not scope.holds(duty):
            continue
        heads = [p.id for p in case.world.records.people_with(Role.UNIT_HEAD, duty.unit_id)]
        for who in heads if duty.project_id in awaiting else [owing.asked_of(duty)]:
            held.setdefault(who, []).append(duty)
    held.pop(case.person.id, None)
    return held


def _send(case: Case, who: str, duties: Sequence[Duty]) -> Send:
    round = case.world.round
    due = common.due_words(case, round, *common.departments_in(duties))
    mine = [d for d in duties if d.filing.state not in common.DONE]
    if mine:
        card = handing.nudge(len(mine), round, due, case.person.name)
    else:
        forms = tuple((common.subject_of(round, d.project_id), d.project_name) for d in duties)
        unit = case.world.records.unit(duties[0].unit_id).name
        card = remind.awaiting(f"{case.person.name}催您 · {due}", unit, forms)
    return Send(who, card, f"nudge:{round.code}:{case.at:%Y%m%d%H%M}")


def nudge_mine(case: Case) -> Turn:
    """催办 said in words: the department or unit the person answers for; of several they say which."""
    found = [s for s in _scopes(case) if case.argument in s.name]
    if not found:
        return case.say(refusal(problem("person.may_not")))
    if len(found) > 1:
        return case.say(handing.which(tuple((s.id, s.name) for s in found)))
    return nudge(replace(case, argument=found[0].id))


def ledger(case: Case) -> Turn:
    """催办记录: whom, how often, when last and at whose wish, and whether they ever looked."""
    scopes = _scopes(case)
    if not scopes:
        return case.say(refusal(problem("person.may_not")))
    return case.say(*(_ledger(case, scope) for scope in scopes))


def _ledger(case: Case, scope: Scope) -> Card:
    round, records = case.world.round, case.world.records
    duties = [d for d in records.duties(round) if scope.holds(d)]
    people = {d.filler_id for d in duties}
    lines = []
    for found in chased(records.nudges(round)).values():
        person, by = records.person(found.person_id), records.person(found.by)
        if found.person_id not in people or person is None:
            continue
        theirs = [d for d in duties if d.filler_id == found.person_id]
        looked = "打开过" if opened(case.world, round, found.person_id, theirs) else "未打开过"
        words = f"催 {found.times} 次 · 最近 {clock(found.last)} {by.name if by else ''} · {looked}"
        lines.append((person.name, words, "✓" if not _owes(theirs) else "△"))
    return handing.ledger(scope.name, round, lines)


def _owes(duties: Sequence[Duty]) -> bool:
    return any(d.filing.state not in common.DONE for d in duties)


def _scopes(case: Case) -> list[Scope]:
    """What the person answers for; a unit of a department they answer for is not named again."""
    wanted = [d.scope_id for role in RESPONSIBLE for d in case.person.duties if d.role is role]
    found = [s for s in (_scope(case, scope_id) for scope_id in dict.fromkeys(wanted)) if s]
    whole = {s.department_id for s in found if not s.unit_id}
    return [s for s in found if not s.unit_id or s.department_id not in whole]


def _scope(case: Case, scope_id: str) -> Scope | None:
    records = case.world.records
    try:
        department = records.department(scope_id)
    except KeyError:
        pass
    else:
        return Scope(scope_id, department.name, scope_id)
    try:
        unit = records.unit(scope_id)
    except KeyError:
        return None
    return Scope(scope_id, unit.name, unit.department_id, unit.id)


def _names(case: Case, people: Sequence[str]) -> tuple[str, ...]:
    return tuple(p.name for p in map(case.world.records.person, people) if p)


def busy(case: Case) -> Turn:
    """在办: quiet until the due day."""
    mine = common.mine(case, owing_only=True)
    if not mine:
        return case.say(told("没有要填的表", "您名下的表都报齐了，不会再提醒。"))
    due = common.deadline(case, case.world.round, *common.departments_in(mine))
    card = handing.paused(case.world.round, case.world.workdays.label(due.target))
    return Turn(case.session, (Pause(case.person.id, case.world.round), case.reply(card)))


HANDLER = Handler(
    name="nudging",
    words={
        "在办": busy,
        "催办": nudge_mine,
        "一键催办": nudge_mine,
        "催一下": nudge_mine,
        "催办记录": ledger,
    },
    actions={"nudge": nudge, "busy": busy, "nudges": ledger},
)
