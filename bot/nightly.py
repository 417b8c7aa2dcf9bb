"""Once a night every platform's directory is read and compared; administrators hear of it once, in the morning."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

import structlog

from bot.app import App
from bot.applying import apply
from bot.directory import compare
from bot.effects import Send
from bot.handlers.proposing import card_of
from bot.law import Here, Law
from bot.ports import Contact, Store, Tx
from regulation.deadlines import in_shanghai
from regulation.roster import Role

log = structlog.get_logger()

#: from this hour on; before it nobody's directory is asked for anything.
HOUR = 2
#: a directory that cannot be read by then is tried again in the next hour.
PATIENCE_SECONDS = 120


class Directory(Protocol):
    """A platform that knows its organisation (part of bot.ports.Connected)."""

    @property
    def name(self) -> str: ...
    async def directory(self) -> Sequence[Contact] | None: ...


async def read_directories(app: App, platforms: Iterable[Directory], now: datetime) -> int:
    """How many messages the night's reading made; 0 for every tick but the first that finds something unread."""
    now = in_shanghai(now)
    read = 0
    for platform in platforms if now.hour >= HOUR else ():
        if await asyncio.to_thread(_done, app.store, platform.name, now):
            continue
        contacts = await _ask(platform)
        read += await asyncio.to_thread(learn, app.store, platform.name, contacts, now)
    return await asyncio.to_thread(tell, app.store, app.law, now, app.mint) if read else 0


async def _ask(platform: Directory) -> Sequence[Contact] | None:
    """Whatever goes wrong out there, the night's other work goes on."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await platform.directory()
    except Exception:
        log.exception("directory unread", platform=platform.name)
        return None


def _done(store: Store, name: str, now: datetime) -> bool:
    with store.read() as tx:
        return tx.acted(f"directory:{name}:{now:%Y%m%d}") or tx.acted(f"directory:{name}:{now:%Y%m%d%H}")


def learn(store: Store, name: str, contacts: Sequence[Contact] | None, now: datetime) -> int:
    """Keep what that directory says otherwise; 1 when it could be read."""
    with store.begin() as tx:
        if contacts is None:
            tx.act(f"directory:{name}:{now:%Y%m%d%H}", now)
            return 0
        tx.act(f"directory:{name}:{now:%Y%m%d}", now)
        found = compare(name, contacts, tx.people(), tx.units())
        if found.unsure:
            log.warning("directory half read", platform=name, missing=found.unsure)
        tx.propose(name, found.proposals, now)
        ours = {user for p in tx.people() for on, user in p.identities if on == name}
        ours |= {p.user_id for p in found.proposals}
        others = {c.other_id: c.user_id for c in contacts if c.other_id and c.user_id in ours}
        tx.know_accounts(name, others, now)
    return 1


def tell(store: Store, law: Law, now: datetime, mint: Callable[[], str]) -> int:
    """One card a day to each administrator while anything waits; how many were made."""
    with store.begin() as tx:
        return apply(tx, _cards(tx, law, now), by="clock", at=now, mint=mint)


def _cards(tx: Tx, law: Law, now: datetime) -> list[Send]:
    here = Here(tx, law, now)
    card = card_of(here)
    if card is None:
        return []
    key, due = f"directory:{now:%Y%m%d}", here.disturbable(now)
    return [Send(admin.id, card, key, due=due) for admin in tx.people_with(Role.ADMIN, "*")]
