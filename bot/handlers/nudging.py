"""催办 and 在办: somebody responsible presses, somebody busy asks for quiet."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.cards import handing
from bot.cards.plain import refusal, told
from bot.effects import Effect, Note, Pause, Send
from bot.handlers import common
from bot.people import Action, Subject, may
from bot.turn import Case, Duty, Handler, Turn
from regulation.problems import problem
from regulation.roster import Role

#: nobody is pressed twice within this time, however many press.
PAUSE_BETWEEN = timedelta(minutes=30)


def nudge(case: Case) -> Turn:
    """Press everybody in a department who still owes."""
    scope = case.argument
    if not may(case.person, Action.NUDGE, Subject(department_id=scope)):
        return case.say(refusal(problem("person.may_not")))
    round = case.world.round
    owed: dict[str, list[Duty]] = {}
    for duty in case.world.records.duties(round, department_id=scope, owing_only=True):
        owed.setdefault(duty.filler_id, []).append(duty)
    fresh = [person for person in owed if not _just_nudged(case, person)]
    sends = tuple(_send(case, person, len(owed[person])) for person in fresh)
    people = (case.world.records.person(person) for person in fresh)
    done = handing.nudged(tuple(p.name for p in people if p), case.at, skipped=len(owed) - len(fresh))
    ledger: Effect = Note(case.person.id, "nudge", f"{round.code}:{scope}", "、".join(fresh))
    return Turn(case.session, (ledger, *sends, case.reply(done)))


def nudge_mine(case: Case) -> Turn:
    """催办 said in words: the department the person answers for."""
    roles = (Role.BUDGET_OFFICE, Role.DEPARTMENT_HEAD)
    scopes = [duty.scope_id for duty in case.person.duties if duty.role in roles]
    if not scopes:
        return case.say(refusal(problem("person.may_not")))
    return nudge(replace(case, argument=scopes[0]))


def _just_nudged(case: Case, person_id: str) -> bool:
    last = case.world.records.last_sent(person_id, "nudge:")
    return last is not None and case.at - last < PAUSE_BETWEEN


def _send(case: Case, person_id: str, count: int) -> Send:
    due = common.due_words(case, case.world.round)
    card = handing.nudge(count, case.world.round, due, case.person.name)
    return Send(person_id, card, f"nudge:{case.world.round.code}:{case.at:%Y%m%d%H%M}")


def busy(case: Case) -> Turn:
    """在办: quiet until the due day."""
    if not common.mine(case, owing_only=True):
        return case.say(told("没有要填的表", "您名下的表都报齐了，不会再提醒。"))
    due = common.deadline(case, case.world.round)
    card = handing.paused(case.world.round, case.world.workdays.label(due.target))
    pause: Effect = Pause(case.person.id, case.world.round)
    return Turn(case.session, (pause, case.reply(card)))


HANDLER = Handler(
    name="nudging", words={"在办": busy, "催办": nudge_mine}, actions={"nudge": nudge, "busy": busy}
)
