"""A clock that jumps, a machine that slept, two processes by mistake (C02, C03, T27)."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import create_engine

from bot.app import App, Arrived
from bot.wiring import connect
from platforms.simulator.phones import Phones
from platforms.simulator.platform import SimulatorPlatform
from rehearsal import story
from rehearsal.demo import forget
from rehearsal.stage import Stage
from storage.errors import StorageRefused
from storage.store import Store
from tests.bot.office import moment, words
from tests.faults.desk import Desk
from tests.storage.conftest import server

__all__ = ["server"]


def _reminded(desk: Desk) -> Counter[tuple[str, str]]:
    """How often each person was shown each unasked message."""
    kinds = ("remind:", "unit_late:", "office:", "head:", "calendar:")
    return Counter(
        (s.user, s.key) for s in desk.stage.phones.everything() if not s.mine and s.key.startswith(kinds)
    )


# -- the clock
def test_c02_the_clock_jumps_a_day_ahead_and_two_hours_back(desk: Desk) -> None:
    morning = moment("10-09 09:00")
    jumps = [timedelta(0), timedelta(days=1), timedelta(hours=-2), timedelta(minutes=1), timedelta(days=1)]
    keys = []
    for jump in (*jumps, timedelta(hours=6), timedelta(days=1, hours=3), timedelta(days=2)):
        keys += desk.tick(morning + jump)
        keys += desk.tick(morning + jump)
    assert keys
    assert set(_reminded(desk).values()) == {1}
    with desk.stage.store.read() as tx:
        acted = [r.subject for r in tx.audit_rows(10_000) if r.action == "reminder.acted"]
    assert len(acted) == len(set(acted))


def test_c02_what_was_queued_before_the_clock_went_back_goes_out_once(desk: Desk) -> None:
    ahead = moment("10-09 11:00")
    assert desk.app.tick(ahead) > 0
    assert desk.flush(ahead - timedelta(hours=2)) == 0, "its time has not come again yet"
    went = desk.flush(ahead + timedelta(minutes=1))
    assert went > 0
    assert desk.flush(ahead + timedelta(hours=5)) == 0
    assert set(_reminded(desk).values()) == {1}


def test_c02_a_claim_made_before_the_clock_went_back_holds_nothing_up_for_long(desk: Desk) -> None:
    ahead = moment("10-09 11:00")
    desk.app.tick(ahead)
    with desk.stage.store.begin() as tx:
        assert tx.claim(ahead, 1000, 60)
    desk.stage.reopen()
    assert desk.flush(ahead) > 0


def test_c03_asleep_across_the_deadline_hears_the_present_once(desk: Desk) -> None:
    before = desk.stage.phones.length()
    desk.tick(moment("10-13 09:30"))
    new = [s for s in desk.stage.phones.everything(before) if not s.mine]
    about = Counter(
        (s.user, *s.key.split(":")[:3]) for s in new
    )  # the round's reminder, a unit, a department
    assert set(about.values()) == {1}
    [mine] = [s for s in new if s.user == "zhangmin"]
    assert "逾期 3 天" in words([mine])
    assert "还剩" not in words([mine])
    assert desk.tick(moment("10-13 09:31")) == []


def test_c03_woken_at_night_it_waits_for_the_morning(desk: Desk) -> None:
    assert desk.tick(moment("10-13 03:00")) == []
    assert any(line.startswith("zhangmin remind:") for line in desk.tick(moment("10-13 09:00")))


# -- two instances
def test_t27_a_second_stage_on_the_same_folder_is_refused(desk: Desk) -> None:
    with pytest.raises(StorageRefused, match="另一个绩监通进程"):
        Stage(desk.stage.folder)
    with pytest.raises(StorageRefused, match="另一个绩监通进程"):
        forget(desk.stage.folder)
    assert desk.deliver("m1", desk.text("zhangmin", "填报 校舍")), "the first one is not disturbed"


def test_t27_a_rehearsal_nobody_plays_may_be_thrown_away(desk: Desk) -> None:
    desk.close()
    forget(desk.stage.folder)
    assert not desk.stage.folder.exists()
    forget(desk.stage.folder)


Instances = Callable[[int], list[App]]


@pytest.fixture(params=["sqlite", "postgresql"])
def instances(request: pytest.FixtureRequest, story_folder: Path, tmp_path: Path) -> Iterator[Instances]:
    """Applications, each with connections of its own, on one database and one set of phones."""
    with _database(request, story_folder, tmp_path) as url:
        platform = SimulatorPlatform(Phones(tmp_path / "phones.jsonl"))
        stores: list[Store] = []

        def start(count: int) -> list[App]:
            stores.extend(Store(url) for _ in range(count))
            return [connect(store, {platform.name: platform}) for store in stores]

        yield start
        for store in stores:
            store.close()


@contextmanager
def _database(request: pytest.FixtureRequest, story_folder: Path, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        shutil.copytree(story_folder, tmp_path / "story")
        yield f"sqlite:///{tmp_path / 'story' / 'rehearsal.sqlite'}"
        return
    url = request.getfixturevalue("server").format(name="two_instances")
    administer = create_engine(
        request.getfixturevalue("server")
        .format(name="postgres")
        .replace("postgresql:", "postgresql+psycopg:"),
        isolation_level="AUTOCOMMIT",
    )
    with administer.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE IF EXISTS two_instances WITH (FORCE)")
        connection.exec_driver_sql("CREATE DATABASE two_instances")
    administer.dispose()
    with closing(Store(url)) as store:
        store.migrate()
        story.prepare(store)
    yield url


def _at_once(apps: list[App], do: Callable[[App], object]) -> list[object]:
    together = Barrier(len(apps))

    def one(app: App) -> object:
        together.wait(30)
        return do(app)

    with ThreadPoolExecutor(len(apps)) as pool:
        return list(pool.map(one, apps))


@pytest.mark.parametrize("late", ["10-09 09:00", "10-12 09:00"])
def test_t27_two_instances_tick_at_once_and_nobody_is_reminded_twice(instances: Instances, late: str) -> None:
    apps = instances(4)
    sent = _at_once(apps, lambda app: app.tick(moment(late)))
    with apps[0].store.read() as tx:
        queued = [(row.recipient, row.key) for row in tx.outbox_rows(10_000) if row.state == "waiting"]
        assert tx.verify() is None
    assert sum(map(int, map(str, sent))) == len(queued) > 5
    people = Counter(person for person, key in queued if key.startswith("remind:"))
    assert set(people.values()) == {1}


def test_t27_t08_two_instances_get_the_same_delivery(instances: Instances) -> None:
    apps = instances(4)
    at: datetime = moment("10-08 09:10")
    arrived = Arrived("simulator", "m1", {"type": "text", "user": "zhangmin", "text": "填报 校舍"}, at)
    assert sorted(map(str, _at_once(apps, lambda app: app.handle(arrived)))) == ["False"] * 3 + ["True"]
    with apps[0].store.read() as tx:
        replies = [row for row in tx.outbox_rows(100) if row.key.startswith("reply:")]
        assert len(replies) == 1
        assert tx.verify() is None
