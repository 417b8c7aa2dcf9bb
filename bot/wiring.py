"""The only module that names concrete classes and puts them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.app import App
from bot.law import Law, shipped_law
from bot.ports import Connected, Platform, Shelf
from bot.running import Runner
from bot.settings import Settings, SettingsError
from reports.render import Renderer
from scheduler.clock import now, ticking
from storage.health import make_directory
from storage.shelf import StoredShelf
from storage.store import Store
from web.serve import server
from web.service import Vitals, create_service


def open_store(settings: Settings) -> Store:
    """The database of this installation, checked and brought up to date."""
    url = settings.database_url
    if url.startswith("sqlite:///"):
        make_directory(Path(url.removeprefix("sqlite:///")).parent)
    store = Store(url)
    store.check()
    store.migrate()
    return store


def law(settings: Settings) -> Law:
    """The law in force, with the operator's choice about rest days."""
    return shipped_law(roll=settings.roll)


@dataclass(frozen=True, slots=True)
class Connector:
    """One platform this program can be connected to: whether its settings are there, and how it is made of them."""

    name: str
    configured: Callable[[Settings], bool]
    make: Callable[[Settings, Shelf, Callable[[], datetime]], Connected]


#: one line per platform.
CONNECTORS: tuple[Connector, ...] = ()


def configured(settings: Settings) -> tuple[Connector, ...]:
    """The platforms whose settings are there. Raises SettingsError when there are none; nothing is opened."""
    found = tuple(each for each in CONNECTORS if each.configured(settings))
    if not found:
        raise SettingsError(
            "还没有设置钉钉或企业微信，不能正式运行（数据库没有动）。要设的项见 docs/manual/operator.md；"
            "想先看看，用 jixiao demo 打开模拟器演练。"
        )
    return found


def platforms(settings: Settings, store: Store) -> Mapping[str, Connected]:
    """The chat platforms this installation is connected to. Raises SettingsError as :func:`configured`."""
    return {
        each.name: each.make(settings, StoredShelf(store, each.name), now) for each in configured(settings)
    }


def connect(store: Store, platforms: Mapping[str, Platform], law: Law | None = None) -> App:
    """One district's bot on that store and those platforms."""
    return App(store, platforms, Renderer(), law or shipped_law())


def runner(settings: Settings, store: Store) -> Runner:
    """The whole running process: platforms, clock, web service."""
    connected = platforms(settings, store)
    district = connect(store, connected, law(settings))
    district.recover()
    running = Runner(district, ticking, now, tuple(connected.values()))
    vitals = Vitals(now, lambda: running.ticked, lambda: queues(store))
    callbacks = {f"/callback/{name}": each.callback for name, each in connected.items() if each.callback}
    running.service = server(create_service(vitals, callbacks), *settings.address)
    return running


def queues(store: Store) -> dict[tuple[str, str], int]:
    """Queue and state -> how many rows."""
    with store.read() as tx:
        counts = (("inbox", tx.inbox_counts()), ("outbox", tx.outbox_counts()))
    return {(queue, state): count for queue, states in counts for state, count in states.items()}
