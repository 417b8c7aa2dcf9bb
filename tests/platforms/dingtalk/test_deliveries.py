"""Deliveries that come often, late, in disorder, or make us fail, as frames of the stream (RELIABILITY T08–T11, T26,
T27, S03)."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path

from bot import engine
from bot.app import App
from bot.events import Text
from sandbox.dingtalk import serving
from storage.errors import StorageUnavailable
from storage.store import Store
from tests.platforms.dingtalk.test_process import ROOT, settings

LINE = "支出240 到位256 1=46 2=2100 3同 4同 5=99 6同 7=6.1 8=1260 9=96 10=2 原因：无偏离 改进：按计划推进"
CONFIRM = "确认提交"


def counts(house):
    with house.store.read() as tx:
        return tx.inbox_counts()


def filed(house):
    """(version, what the second indicator was filed as) of the story's form."""
    from regulation.rounds import MonitoringRound

    with house.store.read() as tx:
        version = tx.filing("p001", MonitoringRound(2026, 3)).version
        entries = tx.entries("p001", MonitoringRound(2026, 3)) if version else {}
    return version, entries["actual.2"].value if entries else ""


async def asked_to_confirm(house, line=LINE, known=()):
    """The newest card with 确认提交 on it."""
    await house.said("zhangmin", line)

    def found():
        cards = [m for m in house.phone("zhangmin").screen() if not m["mine"] and m["id"] not in known]
        return next((m for m in reversed(cards) if CONFIRM in json.dumps(m, ensure_ascii=False)), None)

    return await house.until(found)


async def confirm(house, card):
    """确认提交 as a phone sends it that has this card on the screen, whatever became of it meanwhile."""
    element = next(e for e in card["elements"] if CONFIRM in json.dumps(e, ensure_ascii=False))
    action = element["id"] if element["kind"] == "button" else "form"
    outcome = await house.phone("zhangmin").tap_again(
        card["id"], action, {**element["params"], **_form(element)}
    )
    await asyncio.wait_for(outcome.push.done.wait(), 20)
    return outcome


def _form(element):
    return {"form": {}} if element["kind"] == "form" else {}


async def opened(house):
    await house.said("zhangmin", "填报 校舍")
    await house.shown("zhangmin", "新桥小学校舍安全改造")


def test_t08_the_same_tap_ten_times_at_once_files_once(play, world):
    async def told(house):
        await opened(house)
        outcome = await confirm(house, await asked_to_confirm(house))
        assert filed(house) == (1, "2100")
        again = [world.gateway.repeat(outcome.push) for _ in range(9)]
        for push in again:
            await asyncio.wait_for(push.done.wait(), 20)
        assert [push.ack.code for push in again] == [200] * 9
        assert filed(house) == (1, "2100")
        assert counts(house) == {"done": 3}

    play(told)


def test_t08_a_message_ten_times_at_once_is_answered_once(play, world):
    async def told(house):
        first = house.phone("zhangmin").say("帮助")
        again = [world.gateway.repeat(first) for _ in range(9)]
        for push in (first, *again):
            await asyncio.wait_for(push.done.wait(), 20)
        assert counts(house) == {"done": 1}
        await house.shown("zhangmin", "可以这样说")
        assert len([m for m in house.phone("zhangmin").screen() if not m["mine"]]) == 1

    play(told)


def test_t09_what_could_not_be_kept_is_delivered_again_and_decided_once(play, world, monkeypatch):
    """The database is away for a moment; DingTalk repeats what nobody answered after its minute."""
    whole, failing = App.answer_all, [True]

    def stumbling(app, deliveries):
        if failing:
            raise StorageUnavailable("busy", "away")
        return whole(app, deliveries)

    monkeypatch.setattr(App, "answer_all", stumbling)

    async def told(house):
        push = house.phone("zhangmin").say("帮助")
        await house.until(lambda: len(world.gateway.pushes) == 1)
        await asyncio.sleep(0.3)
        assert not push.acks
        assert counts(house) == {}
        failing.clear()
        for _ in range(2):  # its patience, then its pause
            world.clock.set(world.clock.now() + timedelta(seconds=61))
            await asyncio.sleep(0.2)
        await asyncio.wait_for(push.done.wait(), 20)
        assert counts(house) == {"done": 1}
        await house.shown("zhangmin", "可以这样说")

    play(told)


def stumble(monkeypatch, word, times):
    """Deciding a line of chat fails so often."""
    whole, left = engine.decide, [times]

    def decide(event, *given):
        if isinstance(event, Text) and event.text == word and left[0]:
            left[0] -= 1
            raise RuntimeError("our own mistake")
        return whole(event, *given)

    monkeypatch.setattr(engine, "decide", decide)


def test_t09_a_turn_that_fails_is_taken_back_and_tried_again(play, monkeypatch):
    stumble(monkeypatch, "帮助", 1)

    async def told(house):
        await house.said("zhangmin", "帮助")
        await house.shown("zhangmin", "稍等一下")
        assert counts(house) == {"failed": 1}
        await house.tick()
        await house.shown("zhangmin", "可以这样说")
        assert counts(house) == {"done": 1}

    play(told)


def test_t10_the_confirmation_of_an_older_card_comes_after_the_newer_one(play):
    async def told(house):
        await opened(house)
        older = await asked_to_confirm(house)
        newer = await asked_to_confirm(house, "2=2050", known=[older["id"]])
        await confirm(house, newer)
        assert filed(house) == (1, "2050")
        await confirm(house, older)
        assert filed(house) == (1, "2050")
        await house.shown("zhangmin", "已经报送过了")

    play(told)


def test_t11_a_withdrawal_that_overtakes_the_confirmation_changes_nothing(play):
    async def told(house):
        await opened(house)
        card = await asked_to_confirm(house)
        await house.said("zhangmin", "撤回")
        assert filed(house) == (0, "")
        await confirm(house, card)
        assert filed(house) == (1, "2100")

    play(told)


def test_t26_poison_is_put_aside_after_three_tries_and_the_rest_flows(play, monkeypatch):
    stumble(monkeypatch, "帮助", 99)

    async def told(house):
        await house.said("zhangmin", "帮助")
        await house.said("liqiang", "进度")
        await house.shown("liqiang", "三季度")
        for _ in range(3):
            await house.tick()
        assert counts(house)["dead"] == 1
        with house.store.read() as tx:
            admins = {row.recipient for row in tx.outbox_rows(99) if row.key.startswith("dead:")}
        assert admins
        user = min(admins)
        await house.shown(user, "稍等一下")

    play(told)


def test_t27_a_second_process_is_refused_before_it_connects(world, database, tmp_path):
    async def told(holding):
        async with serving(world) as base:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "bot", "run"),
                env=settings(base, tmp_path, Path(database)),
                cwd=ROOT,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            said, _ = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 2
        assert "另一个绩监通进程" in said.decode()
        assert not world.gateway.connections
        holding.close()

    store = Store(f"sqlite:///{database}")
    store.lock_instance()
    asyncio.run(told(store))


def test_s03_fields_the_form_did_not_ask_are_refused_by_name(play):
    async def told(house):
        await opened(house)
        form = await house.shown("zhangmin", "填好了")
        hostile = {"actual__1": "36", "version": "9", "person_id": "liqiang", "actual__77": "1"}
        await house.phone("zhangmin").submit_anyhow(form["id"], hostile)
        await house.shown("zhangmin", "这张表没有第“version”项")
        from regulation.rounds import MonitoringRound

        with house.store.read() as tx:
            draft = tx.draft("p001", MonitoringRound(2026, 3), "zhangmin")
        assert [key for key, _ in draft.entries] == ["actual.1"]

    play(told)
