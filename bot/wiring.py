"""The only module that names concrete classes and puts them together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.types import ASGIApp

from bot import dingtalk, wecom
from bot.app import App
from bot.events import Event, Sheet
from bot.hearing import PLATFORMS, Hearing, Read
from bot.importing import take_batch
from bot.law import Law, shipped_law
from bot.ports import Connected, Platform, Shelf
from bot.running import Clock, Runner
from bot.settings import Settings, SettingsError, far
from bot.tracing import Whole, every
from bot.turn import Records
from intake.answers import read_answers
from intake.parts import Refusal
from regulation.rounds import MonitoringRound
from regulation.thresholds import thresholds_on
from reports.render import Renderer
from scheduler.clock import now, ticking
from storage.errors import StorageRefused
from storage.health import check_directory, make_directory
from storage.shelf import StoredShelf
from storage.store import Store
from web.serve import server
from web.service import Vitals, create_service
from web.tokens import parse_tokens

if TYPE_CHECKING:
    from sandbox.clock import SharedClock

#: makes the clock that ticks.
Ticking = Callable[[Callable[[datetime], Awaitable[None]]], Clock]
#: what the folder JIXIAO_RULES may hold.
RULE_FILES = ("thresholds.toml", "departments.toml")


def open_store(settings: Settings) -> Store:
    """The database of this installation, checked and brought up to date."""
    url = settings.database_url
    if url.startswith("sqlite:///"):
        make_directory(Path(url.removeprefix("sqlite:///")).parent)
    store = Store(url)
    store.check()
    store.migrate()
    return store


def present_store(settings: Settings) -> Store:
    """The same for a command that only looks into what is there: a slip in the name must not make an empty database
    and find everything in order. Raises SettingsError where the file is missing."""
    url = settings.database_url
    path = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:///") and not path.exists():
        if path.parent.is_dir():
            check_directory(path)
        raise SettingsError(
            f"没有这个数据库：{path.absolute()}。"
            "请核对 JIXIAO_DATABASE、JIXIAO_DATA 和启动目录；还没有用过的，先导入名册。"
        )
    return open_store(settings)


def law(settings: Settings) -> Law:
    """The law in force, with the operator's choices about rest days and unit heads and the district's own rules.
    Raises SettingsError naming the file and what in it cannot be used."""
    _check_rules(settings.rules)
    try:
        return shipped_law(
            roll=settings.roll,
            head_confirms=settings.confirm,
            thresholds_text=_own_rules(settings, RULE_FILES[0]),
            departments=_own_rules(settings, RULE_FILES[1]),
        )
    except ValueError as error:
        raise SettingsError(f"JIXIAO_RULES（{settings.rules}）：{error}") from error


def law_of(settings: Settings, store: Store) -> Law:
    """The same, held against the roster: a department's own rule for a department nobody knows would say nothing.
    Raises SettingsError naming the file, the code and the codes there are."""
    found = law(settings)
    with store.read() as tx:
        known = {each.id: each.name for each in tx.departments()}
    for department_id in found.departments.departments:
        if department_id not in known:
            there = "、".join(f"{code} {name}" for code, name in known.items()) or "名册里还没有部门"
            raise SettingsError(
                f"JIXIAO_RULES（{settings.rules}）：{RULE_FILES[1]}：没有编码为 {department_id} 的部门。"
                f"名册里的有：{there}。"
            )
    return found


def _own_rules(settings: Settings, name: str) -> str:
    """The text of one file in the folder of own rules, empty where there is none."""
    path = settings.rules / name if settings.rules else None
    try:
        return path.read_text(encoding="utf-8") if path and path.exists() else ""
    except UnicodeDecodeError as error:
        raise ValueError(f"{name} 要存成 UTF-8") from error


def _check_rules(folder: Path | None) -> None:
    if folder and not any((folder / name).is_file() for name in RULE_FILES):
        raise SettingsError(f"JIXIAO_RULES（{folder}）：这个文件夹里没有 {' 或 '.join(RULE_FILES)}。")


def clock(settings: Settings) -> Callable[[], datetime]:
    """What says the time: the machine, or the clock of a rehearsal. Raises SettingsError where that is missing."""
    return _rehearsed(settings.clock).now if settings.clock else now


def timing(settings: Settings, store: Store) -> tuple[Callable[[], datetime], Ticking]:
    """The same with what ticks by it."""
    if settings.clock is None:
        return now, ticking
    from rehearsal.following import Followed

    followed = Followed(_rehearsed(settings.clock), store, law(settings))
    return followed.now, followed.ticking


def _rehearsed(file: Path) -> SharedClock:
    from sandbox.clock import SharedClock

    try:
        return SharedClock(file)
    except FileNotFoundError as error:
        raise SettingsError(
            f"没有这个演练的钟：{file.absolute()}（JIXIAO_CLOCK）。"
            "先在另一个窗口运行 jixiao sandbox dingtalk 或 jixiao sandbox wecom；正式运行请去掉这一项。"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"JIXIAO_CLOCK（{file.absolute()}）不是 jixiao sandbox 写的钟。") from error


def claim(settings: Settings, store: Store) -> None:
    """From its first run on a database is a rehearsal's or the real one. Raises StorageRefused for the other."""
    if not settings.clock and not far(settings):
        return
    kind = "rehearsal" if settings.clock else "production"
    with store.begin() as tx:
        if settings.clock and tx.kind() is None and (tx.inbox_counts() or tx.outbox_counts()):
            raise StorageRefused(
                "这个数据库已经收发过消息，不能拿来演练。请另设一个，例如 JIXIAO_DATABASE=sqlite:///演练.sqlite"
            )
        tx.set_kind(kind, clock(settings)(), "operator")


@dataclass(frozen=True, slots=True)
class Connector:
    """One platform this program can be connected to: whether its settings are there, and how it is made of them."""

    name: str
    label: str  # as people call it
    configured: Callable[[Settings], bool]
    make: Callable[[Settings, Shelf, Callable[[], datetime]], Connected]


def _dingtalk(settings: Settings, shelf: Shelf, now: Callable[[], datetime]) -> Connected:
    from platforms.dingtalk.platform import DingTalkPlatform

    return DingTalkPlatform(dingtalk.configuration(settings), shelf, now)


def _wecom(settings: Settings, shelf: Shelf, now: Callable[[], datetime]) -> Connected:
    from platforms.wecom.platform import WecomPlatform

    return WecomPlatform(wecom.configuration(settings), shelf, now)


#: one line per platform.
CONNECTORS: tuple[Connector, ...] = (
    Connector("dingtalk", "钉钉", dingtalk.configured, _dingtalk),
    Connector("wecom", "企业微信", wecom.configured, _wecom),
)


def configured(settings: Settings) -> tuple[Connector, ...]:
    """The platforms whose settings are there. Raises SettingsError when there are none; nothing is opened."""
    found = tuple(each for each in CONNECTORS if each.configured(settings))
    if not found:
        raise SettingsError(
            "还没有设置钉钉或企业微信，不能正式运行（数据库没有动）。要设的项见 docs/manual/operator.md；"
            "想先看看，用 jixiao demo 打开模拟器演练。"
        )
    return found


def platforms(
    settings: Settings, store: Store, clock: Callable[[], datetime] = now
) -> Mapping[str, Connected]:
    """The chat platforms this installation is connected to. Raises SettingsError as :func:`configured`."""
    return {
        each.name: each.make(settings, StoredShelf(store, each.name), clock) for each in configured(settings)
    }


def connect(store: Store, platforms: Mapping[str, Platform], law: Law | None = None) -> App:
    """One district's bot on that store and those platforms."""
    known = law or shipped_law()
    return App(store, platforms, Renderer(law=known), known, workbooks=read_workbook, hearing=hearing())


def read_workbook(data: bytes, name: str) -> Sheet:
    """A workbook somebody sent, as the conversation takes it."""
    found = read_answers(data, name)
    if isinstance(found, Refusal):
        return Sheet(refused=found.text)
    return Sheet(found.subject, found.answers, found.problems, cells=found.cells)


def hearing() -> Hearing:
    """How every platform's deliveries are read again, connected now or not."""
    return Hearing({name: _reader(name) for name in PLATFORMS}, read_workbook)


def _reader(name: str) -> Read:
    """Loaded when something of that platform is read: most commands need none."""

    def read(key: str, payload: Mapping[str, Any], at: datetime) -> Event:
        reading = import_module(f"platforms.{name}.reading")
        event: Event = reading.read(key, payload, at)
        return event

    return read


def runner(
    settings: Settings,
    store: Store,
    clock: Callable[[], datetime] = now,
    ticks: Ticking = ticking,
) -> Runner:
    """The whole running process: platforms, clock, web service. A rehearsal brings a clock of its own."""
    connected = platforms(settings, store, clock)
    district = connect(store, connected, law_of(settings, store))
    district.recover()
    running = Runner(district, ticks, clock, tuple(connected.values()))
    vitals = Vitals(clock, lambda: running.ticked, lambda: queues(store), lambda: links(running))
    callbacks = {f"/callback/{name}": each.callback for name, each in connected.items() if each.callback}
    mounts = callbacks | interface(settings, store, clock)
    running.service = server(create_service(vitals, mounts), *settings.address)
    return running


def links(running: Runner) -> dict[str, tuple[str, str]]:
    """Platform -> (state, why), for the web."""
    return {name: (link.state.value, link.why) for name, link in running.links().items()}


def interface(settings: Settings, store: Store, clock: Callable[[], datetime] = now) -> dict[str, ASGIApp]:
    """The interface below /api; nothing there while nobody holds a token."""
    if not settings.api_tokens:
        return {}
    from web.api import (  # FastAPI takes a third of a second to import: only when it is used
        Behind,
        create_api,
    )

    try:
        tokens = parse_tokens(settings.api_tokens)
    except ValueError as error:
        raise SettingsError(f"设置有误：JIXIAO_API_TOKENS：{error}。") from error
    lines, known = law(settings).thresholds, hearing()

    def followed_in(tx: Records, round: MonitoringRound, department: str, words: str) -> Sequence[Whole]:
        rules = thresholds_on(lines, round.last_day)
        return every(tx, lambda message: known.of(tx, message), rules, department, round, words)

    def note(by: str, what: str) -> None:
        with store.begin() as tx:
            tx.note(by, "api.read", what, "", clock())

    behind = Behind(
        store.read, lambda batch, by: take_batch(store, batch, clock(), by), note, tokens, followed_in
    )
    return {"/api": create_api(behind)}


def queues(store: Store) -> dict[tuple[str, str], int]:
    """Queue and state -> how many rows."""
    with store.read() as tx:
        counts = (("inbox", tx.inbox_counts()), ("outbox", tx.outbox_counts()))
    return {(queue, state): count for queue, states in counts for state, count in states.items()}
