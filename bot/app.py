"""The shell: receive durably, decide purely, commit everything at once, deliver afterwards."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog

from bot import engine, sessions
from bot.applying import apply
from bot.cards import card as cards
from bot.cards.card import Tone
from bot.cards.plain import refusal, told
from bot.delivering import LEASE_SECONDS, Aside, Mailer, at_once, committing
from bot.events import Alarmed, Event, Sheet, Unreadable, Uploaded, WasRead
from bot.failpoints import failpoint
from bot.hearing import DEAF, Hearing
from bot.law import Here, Law
from bot.ports import Outgoing, Platform, Reply, Reports, Store, Tx, Waiting
from regulation.problems import problem
from regulation.roster import OTHER_ID, Role

log = structlog.get_logger()

#: how often a delivery that makes us fail is tried before it is put aside and an administrator told (T26).
MAX_TRIES = 3
#: how often a lost race is decided anew.
MAX_RACES = 3
#: what is opened as a workbook; the reader says what is wrong with the others.
WORKBOOKS = (".xlsx", ".xls", ".xlsm")
RETRIED_TOGETHER = 20
HALF_PAIR = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Arrived:
    """One delivery as the platform handed it over: its own id, the raw payload, when we got it."""

    platform: str
    message_id: str
    payload: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class App:
    """One district's bot. ``mint`` makes card tokens; tests may give their own."""

    store: Store
    platforms: Mapping[str, Platform]
    reports: Reports
    law: Law
    mint: Callable[[], str] = lambda: secrets.token_urlsafe(16)
    workbooks: Callable[[bytes, str], Sheet] | None = None  # reads what people send back filled
    hearing: Hearing = DEAF  # reads again what came in before

    @property
    def mailer(self) -> Mailer:
        """The way out."""
        return Mailer(self.store, self.platforms, self.reports)

    def _changing(self, what: str) -> AbstractContextManager[Tx]:
        return committing(self.store, what)

    def recover(self) -> int:
        """Once after a start: messages a killed process had claimed need not wait for its lease to end; how many.
        Only for a process that holds the instance lock (Store.lock_instance): there is nobody else then."""
        with self._changing("recover") as tx:
            return tx.free_claims()

    # -- coming in ---------------------------------------------------------------------------------

    def handle(self, arrived: Arrived) -> bool:
        """One delivery in one transaction; True when it was new and has been acted upon."""
        return self.handle_all((arrived,))[0]

    def handle_all(self, deliveries: Sequence[Arrived]) -> list[bool]:
        """Deliveries that wait together share one commit; each stands or falls alone (a savepoint each)."""
        failpoint("turn.before")
        with self._changing("turn") as tx:
            return [self._receive(tx, arrived) is not None for arrived in deliveries]

    def keep_all(self, deliveries: Sequence[Arrived]) -> None:
        """Only keep deliveries whose turn takes too long to come (T24); ``handle`` or ``retry`` decides them."""
        with self._changing("keep") as tx:
            for each in deliveries:
                tx.receive(each.platform, each.message_id, _storable(each.payload), each.at)

    def answer_all(self, deliveries: Sequence[tuple[Arrived, bool]]) -> list[Reply | None]:
        """The same; for a delivery that wants its reply the card that answers it, claimed in the same commit for the
        platform's own answer. None: nothing new, nothing wanted, or nothing to hand over."""
        failpoint("turn.before")
        with self._changing("turn") as tx:
            claimed = [self._answer(tx, arrived, wanted) for arrived, wanted in deliveries]
        return self.mailer.replies(
            [(row, each.at) for row, (each, _) in zip(claimed, deliveries, strict=True)]
        )

    def _answer(self, tx: Tx, arrived: Arrived, wanted: bool) -> Outgoing | None:
        who = self._receive(tx, arrived)
        if not who or not wanted:
            return None
        key = f"reply:{arrived.platform}:{arrived.message_id}"
        return tx.claim_reply(key, who, arrived.at, LEASE_SECONDS)

    def _receive(self, tx: Tx, arrived: Arrived) -> str | None:
        """Whose turn it was, '' when nobody's we know; None when the delivery is not new or could not be acted upon."""
        received = tx.receive(arrived.platform, arrived.message_id, _storable(arrived.payload), arrived.at)
        if not received.fresh:
            return None
        return self._attempt(tx, received.id, received.tries, arrived)

    def _attempt(self, tx: Tx, inbox_id: int, tries: int, arrived: Arrived) -> str | None:
        try:
            who = self._racing(tx, arrived)
        except Exception as error:
            event = f"{arrived.platform}:{arrived.message_id}"
            log.exception("turn failed", inbox=event, tries=tries + 1)
            dead = tries + 1 >= MAX_TRIES
            tx.failed(inbox_id, type(error).__name__, dead=dead)
            self._apologise(tx, arrived, event, first=tries == 0, dead=dead)
            return None
        tx.handled(inbox_id)
        return who

    def _racing(self, tx: Tx, arrived: Arrived) -> str:
        for race in range(MAX_RACES):
            try:
                with tx.savepoint():
                    return self._turn(tx, arrived)
            except Exception as error:
                if not getattr(error, "redecide", False) or race == MAX_RACES - 1:
                    raise
        raise AssertionError("the last race returns or raises")

    def _turn(self, tx: Tx, arrived: Arrived) -> str:
        platform = self.platforms[arrived.platform]
        event = platform.read(arrived.message_id, arrived.payload, arrived.at)
        if isinstance(event, WasRead):
            self._opened(tx, arrived.platform, event)
            return ""
        if isinstance(event, Alarmed):
            self._tell_admins(tx, f"alarm:{arrived.platform}:{event.id}", event.text, arrived.at)
            return ""
        person = tx.person_by_identity(arrived.platform, event.who)
        if person is None:
            self._stranger(tx, arrived, event)
            return ""
        if isinstance(event, Uploaded):
            event = self._opened_workbook(event)
        known: Event = replace(event, who=person.id, id=f"{arrived.platform}:{arrived.message_id}")
        text, was = tx.session(person.id)
        session = sessions.load(text)
        turn = engine.decide(known, person, session, Here(tx, self.law, arrived.at, self.hearing))
        apply(tx, turn.effects, by=person.id, at=arrived.at, mint=self.mint, reports=self.reports)
        if turn.session != session or text is None:
            tx.save_session(person.id, sessions.dump(turn.session), was)
        return person.id

    def _opened_workbook(self, event: Uploaded) -> Uploaded:
        """With what a workbook says, when it is one; any other file stays a file."""
        if self.workbooks is None or not event.content or not event.name.lower().endswith(WORKBOOKS):
            return event
        return replace(event, sheet=self.workbooks(event.content, event.name))

    def _opened(self, tx: Tx, platform: str, event: WasRead) -> None:
        """A receipt changes no conversation: the message is marked for those of its readers we know."""
        people = (tx.person_by_identity(platform, user) for user in event.readers)
        tx.mark_read(event.reference, [person.id for person in people if person], event.at)

    def _tell_admins(self, tx: Tx, key: str, text: str, at: datetime) -> None:
        card = json.dumps(cards.dump(told("请管理员看一下", text, tone=Tone.WARN)), ensure_ascii=False)
        for admin in tx.people_with(Role.ADMIN, "*"):
            tx.enqueue(key, admin.id, card, self.mint(), "", at)

    def _stranger(self, tx: Tx, arrived: Arrived, event: Event) -> None:
        """Somebody the roster does not know is told so, if we can, and nothing else happens."""
        if (isinstance(event, Unreadable) and not event.who) or event.who.startswith(OTHER_ID):
            return
        card = json.dumps(cards.dump(refusal(problem("person.unknown"))), ensure_ascii=False)
        address = f"{arrived.platform}:{event.who}"
        tx.enqueue(f"reply:{event.id}", "", card, self.mint(), "", arrived.at, address=address)

    def _apologise(self, tx: Tx, arrived: Arrived, event: str, *, first: bool, dead: bool) -> None:
        """The first time the person is told that nothing is lost; the last time an administrator is."""
        found = refusal(problem("turn.failed", event=event), title="稍等一下")
        card = json.dumps(cards.dump(found), ensure_ascii=False)
        if first:
            user = str(arrived.payload.get("user", ""))
            person = tx.person_by_identity(arrived.platform, user)
            if person:
                tx.enqueue(f"sorry:{event}", person.id, card, self.mint(), "", arrived.at)
        if dead:
            for admin in tx.people_with(Role.ADMIN, "*"):
                tx.enqueue(f"dead:{event}", admin.id, card, self.mint(), "", arrived.at)

    def retry(self, now: datetime) -> int:
        """Try again what failed before (T09, T26), and decide what was only kept; how many were tried."""
        tried = 0
        while True:
            with self._changing("retry") as tx:
                waiting = list(tx.to_retry(RETRIED_TOGETHER))
                went = [self._attempt(tx, row.id, row.tries, _again(row)) is not None for row in waiting]
            tried += len(waiting)
            if len(waiting) < RETRIED_TOGETHER or not all(went):
                return tried

    # -- the clock ---------------------------------------------------------------------------------

    def tick(self, now: datetime) -> int:
        """Act on what is due by the clock: reminders that are current and not yet acted upon, notices whose moment has
        come; how many messages that made."""
        with self.store.read() as tx:
            here = Here(tx, self.law, now)
            due = [r for r in here.reminders() if not tx.acted(r.key)]
            waking = engine.wakes(here, now)
        if not due and not waking:
            return 0
        failpoint("tick.before")
        with self._changing("tick") as tx:
            here = Here(tx, self.law, now)
            effects = (*engine.remind(due, here, now), *engine.wake(here, now))
            return apply(tx, effects, by="clock", at=now, mint=self.mint)

    # -- going out ---------------------------------------------------------------------------------

    async def flush(self, now: datetime, limit: int = 50, aside: Aside = at_once) -> int:
        """Deliver what waits in the outbox; how many went. ``aside`` does what has to do with the database."""
        return await self.mailer.flush(now, limit, aside)


def _storable(payload: Mapping[str, Any]) -> str:
    """The payload as text a database takes: half a surrogate pair only fits escaped, and must not stop others (N22)."""
    text = json.dumps(payload, ensure_ascii=False, default=str)
    return json.dumps(payload, default=str) if HALF_PAIR.search(text) else text


def _again(row: Waiting) -> Arrived:
    return Arrived(row.source, row.key, json.loads(row.payload), row.at)
