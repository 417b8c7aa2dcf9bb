"""Decide: one event against one session in one world, or one tick of the clock; nothing is touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.cards.plain import refusal
from bot.effects import Effect, Note
from bot.events import Event, Filled, Joined, Tapped, Text
from bot.following_up import followed_up, waits
from bot.handlers import (
    adjusting,
    announcing,
    approve,
    asking,
    cancelling,
    collect,
    confirming,
    consolidate,
    correct,
    covering,
    deadline,
    disposing,
    examining,
    filing,
    halfway,
    handover,
    help,
    keys,
    nudging,
    offering,
    proposing,
    publishing,
    receipts,
    reconcile,
    rectifying,
    returning,
    reviewing,
    revising,
    standing,
    status,
    table,
    tracing,
    tracking,
    transferring,
    uploading,
    waiting,
)
from bot.noticing import woken
from bot.reminding import effects_of
from bot.sessions import Session
from bot.turn import Bound, Case, Handle, Turn, World
from regulation.problems import problem
from regulation.reminders import Reminder
from regulation.roster import Person

HANDLERS = (
    collect.HANDLER,
    filing.HANDLER,
    correct.HANDLER,
    status.HANDLER,
    table.HANDLER,
    uploading.HANDLER,
    deadline.HANDLER,
    handover.HANDLER,
    nudging.HANDLER,
    announcing.HANDLER,
    receipts.HANDLER,
    asking.HANDLER,
    confirming.HANDLER,
    reviewing.HANDLER,
    returning.HANDLER,
    standing.HANDLER,
    covering.HANDLER,
    transferring.HANDLER,
    consolidate.HANDLER,
    approve.HANDLER,
    reconcile.HANDLER,
    tracing.HANDLER,
    revising.HANDLER,
    keys.HANDLER,
    proposing.HANDLER,
    examining.HANDLER,
    rectifying.HANDLER,
    adjusting.HANDLER,
    disposing.HANDLER,
    tracking.HANDLER,
    publishing.HANDLER,
    waiting.HANDLER,
    help.HANDLER,
)
SMALL_FORMS = (
    examining.RETURN,
    examining.RECTIFY,
    rectifying.ANSWER,
    rectifying.SEND_BACK,
    rectifying.CLOSE,
    adjusting.APPLY,
    adjusting.REJECT,
    disposing.RECORD,
    tracking.FINISH,
)


def small_form(case: Case) -> Turn | None:
    """A line of chat as answers to the small form that is open."""
    return next((turn for form in SMALL_FORMS if (turn := form.line(case))), None)


#: what is asked, in order, of a line that is no command; the first that understands it answers.
READERS = (
    cancelling.said,
    announcing.line,
    small_form,
    covering.said,
    handover.named,
    returning.said,
    standing.said,
    approve.reason_line,
    consolidate.line,
    asking.asked,
    reviewing.said,
    collect.line,
    halfway.said,
    waiting.said,
    deadline.asked,
)

WORDS: dict[str, Handle] = {word: handle for h in HANDLERS for word, handle in h.words.items()}
ACTIONS: dict[str, Handle] = {action: handle for h in HANDLERS for action, handle in h.actions.items()}


def decide(event: Event, person: Person, session: Session, world: World) -> Turn:
    """What follows from that event. ``person`` is whom the platform verified, already known to the roster."""
    case = Case(event, person, session, world)
    return offering.fitted(case, _decided(case, event))


def _decided(case: Case, event: Event) -> Turn:
    match event:
        case Text():
            return _said(case, event.text)
        case Tapped() | Filled():
            return _tapped(case, event)
        case Joined():
            return help.welcome(case)
        case _:
            return uploading.sent(case) or help.not_understood(case)


def remind(reminders: Iterable[Reminder], world: World, now: datetime) -> tuple[Effect, ...]:
    """What the moments that are current now ask for; those already acted upon ask for nothing."""
    return tuple(effect for reminder in reminders for effect in effects_of(reminder, world, now))


def wakes(world: World, now: datetime) -> bool:
    """Whether :func:`wake` has something to do; asked at every tick."""
    return bool(world.records.notices_due(now)) or waits(world, now)


def wake(world: World, now: datetime) -> tuple[Effect, ...]:
    """What else the clock brings: notices whose hour has come, nobody agreed to, or that are all out; orders that
    wait for an answer."""
    return (*woken(world, now), *followed_up(world, now))


def _said(case: Case, text: str) -> Turn:
    word, *rest = text.split(maxsplit=1) or [""]  # any blank parts them, also the full-width one
    handle = WORDS.get(word)
    if handle:
        argument = rest[0].strip() if rest else ""
        return handle(replace(case, session=case.session.moved_on, argument=argument))
    for reader in READERS:
        turn = reader(case)
        if turn is not None:
            return turn
    return help.not_understood(case)


def _tapped(case: Case, event: Tapped | Filled) -> Turn:
    bound = case.world.records.card(event.token)
    if bound is None:
        return _refuse(case, "card.unknown", event)
    if not _addressed(case, bound):
        return _not_yours(case, bound, event)
    if event.action not in bound.actions:
        return _refuse(case, "card.no_such_action", event)
    verb, _, argument = event.action.partition(":")
    if verb not in ACTIONS:  # drawn by a version of the program that offered more (T28)
        return _refuse(case, "card.unknown", event)
    session = case.session.moved_on
    return ACTIONS[verb](replace(case, session=session, bound=bound, argument=argument))


def _addressed(case: Case, bound: Bound) -> bool:
    """A card is for its one person; an announcement (no person) for everybody it was sent to."""
    if bound.person_id:
        return bound.person_id == case.person.id
    return case.world.records.addressed(bound.token, case.person.id)


def _not_yours(case: Case, bound: Bound, event: Tapped | Filled) -> Turn:
    """A forwarded card, or somebody else's phone: said, noted, nothing changed (S01)."""
    owner = case.world.records.person(bound.person_id)
    found = problem("card.not_yours", name=owner.name if owner else "别人")
    note = Note(case.person.id, "card.refused", bound.subject, event.action)
    return Turn(case.session, (note, case.reply(refusal(found))))


def _refuse(case: Case, code: str, event: Tapped | Filled) -> Turn:
    note = Note(case.person.id, "card.refused", code, event.action[:80])
    return Turn(case.session, (note, case.reply(refusal(problem(code)))))
