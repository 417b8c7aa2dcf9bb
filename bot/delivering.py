"""Going out: claim what is due, draw it at sending time, give it to its platform, and note what became of it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import structlog

from bot.cards import card as cards
from bot.failpoints import failpoint
from bot.ports import Delivery, Outgoing, Platform, Reply, Reports, SendFailed, Store, Tx
from regulation.roster import Person

log = structlog.get_logger()

#: how often a message is offered to a platform before it is put aside.
MAX_SENDS = 8
#: while a platform takes nobody's messages, one that was offered so often waits at least so long.
OUTAGE_SECONDS = 300
LEASE_SECONDS = 60
#: the first word of the keys of reminders that only say how things are now.
PLAIN_REMINDERS = ("remind", "department")
#: how many of one announcement are given to a platform at once; it divides them as it must.
MOST_TOGETHER = 1000

Outcome = str | SendFailed
#: how what waits for the database is called: a program that listens meanwhile gives asyncio.to_thread.
Aside = Callable[..., Awaitable[Any]]


async def at_once(work: Callable[..., Any], *given: Any) -> Any:
    """Right here, for a program that does nothing else."""
    return work(*given)


@contextmanager
def committing(store: Store, what: str) -> Iterator[Tx]:
    """A transaction that changes something; a test may kill us right before and right after its commit."""
    with store.begin() as tx:
        yield tx
        failpoint(f"{what}.before_commit")
    failpoint(f"{what}.after_commit")


@dataclass(frozen=True, slots=True)
class _Parcel:
    """One claimed row with what its platform gets."""

    row: Outgoing
    platform: Platform
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Mailer:
    """The way out of one district's bot."""

    store: Store
    platforms: Mapping[str, Platform]
    reports: Reports

    async def flush(self, now: datetime, limit: int, aside: Aside = at_once) -> int:
        """Deliver what waits in the outbox, each row marked the moment the platform took it; how many went. What must
        wait does not stand in the way of what is due behind it: 0 means nothing is due any more."""
        went = 0
        while not went and (due := await aside(self._claim, now, limit)):
            for rows in due:
                went += await self._deliver(rows, now, aside)
        return went

    def _claim(self, now: datetime, limit: int) -> list[list[Outgoing]]:
        """What is due, an announcement's rows together: they share a token, and more of them come along."""
        with committing(self.store, "claim") as tx:
            groups: dict[str, list[Outgoing]] = {}
            for row in tx.claim(now, limit, LEASE_SECONDS):
                if _overtaken(tx, row):
                    tx.overtaken(row.id, now)
                else:
                    groups.setdefault(row.token, []).append(row)
            for token, group in groups.items():
                if len(group) > 1:
                    group += tx.claim_same(token, now, MOST_TOGETHER - len(group), LEASE_SECONDS)
        return list(groups.values())

    async def _deliver(self, rows: Sequence[Outgoing], now: datetime, aside: Aside) -> int:
        went = 0
        parcels: list[_Parcel] = await aside(self._prepare, rows, now)
        for _, group in groupby(parcels, key=lambda parcel: parcel.platform.name):
            together = list(group)
            outcomes = await _hand_over(together)
            went += await aside(self._note, list(zip((p.row for p in together), outcomes, strict=True)), now)
        return went

    def _prepare(self, rows: Sequence[Outgoing], now: datetime) -> list[_Parcel]:
        """By platform; rows that can go nowhere are put aside here."""
        stuck: list[tuple[Outgoing, Outcome]] = []
        with self.store.read() as tx:
            parcels = [_noted(tx, parcel) for parcel in self._parcels(tx, rows, now, stuck)]
        self._note(stuck, now)
        return sorted(parcels, key=lambda parcel: parcel.platform.name)

    def _parcels(
        self, tx: Tx, rows: Sequence[Outgoing], now: datetime, stuck: list[tuple[Outgoing, Outcome]]
    ) -> list[_Parcel]:
        """The rows carry the same card: it is drawn once. ``stuck`` gets those that cannot be drawn or addressed."""
        try:
            return list(self._drawn(tx, rows, now, stuck))
        except Exception as error:
            log.exception("drawing failed", key=rows[0].key)
            stuck[:] = [*stuck, *((row, SendFailed(type(error).__name__, retryable=True)) for row in rows)]
            return []

    def _drawn(
        self, tx: Tx, rows: Sequence[Outgoing], now: datetime, stuck: list[tuple[Outgoing, Outcome]]
    ) -> Iterator[_Parcel]:
        card = cards.load(json.loads(rows[0].card))
        wanted = (*card.files, *((card.picture,) if card.picture else ()))
        files = {a.name: self.reports.render(a, tx) for a in wanted}
        for row in rows:
            try:
                platform, user = self._address(tx, row)
            except SendFailed as error:
                stuck.append((row, error))
                continue
            yield _Parcel(row, platform, Delivery(user, card, row.token, row.key, row.replaces, files, now))

    def _address(self, tx: Tx, row: Outgoing) -> tuple[Platform, str]:
        """Where a row goes: an answer to where the question came from, anything else to the first platform connected
        here on which the person has an account."""
        if row.address:
            name, _, user = row.address.partition(":")
            return self.platforms[name], user
        person: Person | None = tx.person(row.recipient)
        known = {name: user for name, user in person.identities if name in self.platforms} if person else {}
        if person is None or not person.active or not known:
            raise SendFailed("没有可用账号", retryable=False)
        asked = _asked_on(row.key)
        name = asked if asked in known else next(iter(known))
        return self.platforms[name], known[name]

    def _note(self, outcomes: Sequence[tuple[Outgoing, Outcome]], now: datetime) -> int:
        taken = [(row, found) for row, found in outcomes if not isinstance(found, SendFailed)]
        if taken:
            with committing(self.store, "sent") as tx:
                for row, reference in taken:
                    tx.sent(row.id, now, reference)
        for row, found in outcomes:
            if isinstance(found, SendFailed):
                self._put_back(row, now, found)
        return len(taken)

    def _put_back(self, row: Outgoing, now: datetime, error: SendFailed) -> None:
        """Later, with growing pauses, or aside where people can see it."""
        with committing(self.store, "put_back") as tx:
            if not error.retryable or (row.tries >= MAX_SENDS and not error.outage):
                tx.park(row.id, now, error.code)
                return
            pause = error.pause_seconds or min(30 * 2**row.tries, 3600)
            if row.tries >= MAX_SENDS:
                pause = max(pause, OUTAGE_SECONDS)
            tx.retry(row.id, now + timedelta(seconds=pause), error.code)

    # -- answers that go out as part of a platform's own reply ---------------------------------------

    def replies(self, claimed: Sequence[tuple[Outgoing | None, datetime]]) -> list[Reply | None]:
        """Claimed messages as a platform's own answers; None for none, and for one that could not be drawn: it is
        tried again later."""
        if not any(row for row, _ in claimed):
            return [None] * len(claimed)
        with self.store.read() as tx:
            found = [self._reply(tx, row, now) for row, now in claimed]
        for stuck, (_, now) in zip(found, claimed, strict=True):
            if isinstance(stuck, tuple):
                self._note([stuck], now)
        return [reply if isinstance(reply, Reply) else None for reply in found]

    def _reply(self, tx: Tx, row: Outgoing | None, now: datetime) -> Reply | tuple[Outgoing, Outcome] | None:
        if row is None:
            return None
        stuck: list[tuple[Outgoing, Outcome]] = []
        parcels = self._parcels(tx, (row,), now, stuck)
        return Reply(row.id, parcels[0].delivery) if parcels else stuck[-1]

    def settle(self, settled: Sequence[tuple[Reply, str | None]], now: datetime) -> None:
        """What became of replies handed over: taken along under a reference, or None: it goes the usual way."""
        with committing(self.store, "settle") as tx:
            for reply, reference in settled:
                if reference is None:
                    tx.release_claim(reply.outbox_id, now)
                else:
                    tx.sent(reply.outbox_id, now, reference)


def _noted(tx: Tx, parcel: _Parcel) -> _Parcel:
    """With what the platform calls the message it replaces; a platform's own answer knows that by itself."""
    row = parcel.row
    if not row.replaces:
        return parcel
    called = tx.called(row.replaces, row.recipient)
    return replace(parcel, delivery=replace(parcel.delivery, replaced=called))


async def _hand_over(parcels: Sequence[_Parcel]) -> Sequence[Outcome]:
    platform, deliveries = parcels[0].platform, [parcel.delivery for parcel in parcels]
    try:
        failpoint("send.before")
        outcomes = await _send(platform, deliveries)
        failpoint("send.after")
    except SendFailed as error:
        return [error] * len(deliveries)
    except Exception as error:
        log.exception("delivery failed", key=deliveries[0].key)
        return [SendFailed(type(error).__name__, retryable=True)] * len(deliveries)
    return outcomes


async def _send(platform: Platform, deliveries: Sequence[Delivery]) -> Sequence[Outcome]:
    if len(deliveries) == 1:
        return [await platform.send(deliveries[0])]
    return await platform.send_all(deliveries)


def _overtaken(tx: Tx, row: Outgoing) -> bool:
    """Whether a reminder that could not be sent has been followed by a newer one: “还剩3天” is not said when “已逾期”
    waits behind it (T20). What never failed is not asked about."""
    which = _reminded(row.key)
    if row.tries < 2 or which is None:
        return False
    return any(_reminded(key) == which for key in tx.waiting_behind(row.id, row.recipient))


def _reminded(key: str) -> tuple[str, str] | None:
    """Which clock of which round: of the plain reminders, ``remind:2026Q3:due_morning:20261010``."""
    parts = key.split(":")
    plain = len(parts) == 4 and parts[0] in PLAIN_REMINDERS and parts[2] != "mend"
    return (parts[0], parts[1]) if plain else None


def _asked_on(key: str) -> str:
    """``reply:<platform>:<message id>`` names where the question came from."""
    kind, _, rest = key.partition(":")
    return rest.partition(":")[0] if kind == "reply" else ""
