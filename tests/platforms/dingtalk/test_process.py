"""``jixiao run`` as an operator starts it, connected to a local DingTalk by its settings alone; and outages."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivering import MAX_SENDS
from intake.demo import demo_roster
from sandbox.dingtalk import faults, serving
from sandbox.dingtalk.phones import Phone
from storage.store import Store
from tests.platforms.dingtalk.house import APP, SECRET, TEMPLATE, as_dingtalk, new_world

ROOT = Path(__file__).parents[3]


def settings(base: str, folder: Path, database: Path) -> dict[str, str]:
    """The environment of an operator."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "NO_PROXY": "127.0.0.1",
        "JIXIAO_DATABASE": f"sqlite:///{database}",
        "JIXIAO_DATA": str(folder),
        "JIXIAO_LISTEN": "127.0.0.1:0",
        "JIXIAO_DINGTALK_CLIENT_ID": APP.client_id,
        "JIXIAO_DINGTALK_CLIENT_SECRET": SECRET,
        "JIXIAO_DINGTALK_API": base,
        "JIXIAO_DINGTALK_OAPI": base,
        "JIXIAO_DINGTALK_AGENT_ID": str(APP.agent_id),
        "JIXIAO_DINGTALK_TEMPLATE_ID": TEMPLATE,
    }


def test_k08_d11_the_program_runs_answers_stops_and_logs_no_secret(database, tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'real.sqlite'}")
    store.migrate()
    from scheduler.clock import now

    with store.begin() as tx:
        tx.import_roster(as_dingtalk(demo_roster()), now(), "operator")
    store.close()

    async def told() -> bytes:
        world = new_world(as_dingtalk(demo_roster()), now())
        async with serving(world) as base:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "run",
                env=settings(base, tmp_path, tmp_path / "real.sqlite"),
                cwd=tmp_path,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
            try:
                await asyncio.wait_for(world.gateway.until_live(), 60)
                phone = Phone(world, "zhangmin")
                await asyncio.wait_for(phone.say("进度机密12345").done.wait(), 20)
                async with asyncio.timeout(20):
                    while not any(not m["mine"] for m in phone.screen()):
                        await asyncio.sleep(0.05)
                token = world.tokens._tokens[APP.client_id].value
                process.send_signal(signal.SIGTERM)
                _, said = await asyncio.wait_for(process.communicate(), 30)
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
            assert process.returncode == 0
            assert world.complaints == []
            assert token.encode() not in said
            return said

    said = asyncio.run(told())
    for secret in (SECRET, "12345", "zhangmin", "张敏", "ticket="):
        assert secret.encode() not in said


def test_t20_after_six_hours_without_dingtalk_everybody_hears_the_present_once(play, world):
    async def told(house):
        faults.arm(world, "*", "html502", 100_000)
        begins = world.clock.now()
        for minutes in (0, 5, 60, 120, 240, 359):
            world.clock.set(begins + timedelta(minutes=minutes))
            await house.tick()
        assert all(house.phone(user).screen() == [] for user in world.directory.people)
        world.faults.clear()
        world.clock.set(begins + timedelta(hours=6, minutes=1))
        await house.tick()

        def heard() -> dict[str, int]:
            return {
                u: len(house.phone(u).screen()) for u in world.directory.people if house.phone(u).screen()
            }

        await house.until(heard)
        world.clock.set(begins + timedelta(hours=8))
        await house.tick()
        assert set(heard().values()) == {1}, heard()

    play(told)


@pytest.mark.parametrize("kind", ["html", "html502", "busy", "cut"])
def test_t20_after_three_days_nothing_was_given_up_and_everything_arrives_once(play, world, kind):
    """More tries than a message is given up after; then all of it, each once, and nothing has to be pressed."""

    async def told(house):
        faults.arm(world, "*", kind, 100_000)
        people = list(world.directory.people)[:6]
        for user in people:
            await house.said(user, "帮助")
        begins = world.clock.now()
        for hours in (0, 1, 2, 3, 5, 8, 12, 24, 36, 72):
            world.clock.set(begins + timedelta(hours=hours, seconds=hours))
            await house.tick()
        with house.store.read() as tx:
            rows = tx.outbox_rows(999)
        assert {row.state for row in rows} == {"waiting", "withdrawn"}, "a reminder made way for a newer one"
        assert max(row.tries for row in rows) > MAX_SENDS
        world.faults.clear()
        world.clock.set(begins + timedelta(hours=73, minutes=10))
        await house.tick()
        for user in people:
            await house.until(lambda user=user: len(_answers(house, user)) == 1)
        world.clock.set(begins + timedelta(hours=74))
        await house.tick()
        assert [len(_answers(house, user)) for user in people] == [1] * len(people)
        with house.store.read() as tx:
            rows = tx.outbox_rows(999)
        assert {row.state for row in rows} == {"sent", "withdrawn"}
        reminded = Counter(r.recipient for r in rows if r.key.startswith("remind:") and r.state == "sent")
        assert set(reminded.values()) == {1}, "of three reminders the one that still holds"
        assert {r.key.split(":")[0] for r in rows if r.state == "withdrawn"} <= {"remind", "department"}

    play(told, person_minute=1000)  # the story's hours are seconds


def _answers(house, user):
    return [
        m
        for m in house.phone(user).screen()
        if not m["mine"] and "可以这样说" in json.dumps(m, ensure_ascii=False)
    ]


def test_t23_a_card_that_can_no_longer_be_changed_is_sent_anew(play, world):
    async def told(house):
        from tests.platforms.dingtalk.test_sending import CARD, Desk

        desk = Desk(world, house.store)
        desk.platform = house.platform
        delivery = replace(desk.delivery(), replaces="GoneGoneGoneGoneGoneGo")
        await house.platform.send(delivery)
        (shown,) = house.phone("zhangmin").screen()
        assert shown["summary"] == CARD.title

    play(told)


def test_the_running_program_says_how_its_line_is(play, world):
    async def told(house):
        await house.until(lambda: house.runner.links()["dingtalk"].state == "up")
        faults.arm(world, "open", "html502", 9)
        for connection in list(world.gateway.connections):
            connection.line.abort()
        await house.until(lambda: house.runner.links()["dingtalk"].state == "down")
        world.faults.clear()
        await house.until(lambda: house.runner.links()["dingtalk"].state == "up")

    play(told)


def test_t25_messages_go_on_after_the_server_cuts_the_line(play, world):
    async def told(house):
        for connection in list(world.gateway.connections):
            connection.line.abort()
        await asyncio.wait_for(world.gateway.until_gone(), 10)
        await asyncio.wait_for(world.gateway.until_live(), 10)
        await house.said("zhangmin", "进度")
        await house.shown("zhangmin", "我的三季度")

    play(told)
