"""One district on DingTalk and on 企业微信, application and bot, through a quarter; ``jixiao run``, killed often."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from regulation.roster import Roster
from rehearsal import story
from rehearsal.live.dingtalk import dingtalk_hands, rehearsal_world
from rehearsal.live.hands import Hands, OnPhone
from rehearsal.live.process import Typed
from rehearsal.live.stage import DATABASE, LiveStage
from rehearsal.live.wecom import AppHands, BotHands
from rehearsal.local import AGENT, BOT, local_roster, wecom_corp
from sandbox.clock import Clock
from sandbox.dingtalk.phones import Phone
from sandbox.wecom import drawing
from sandbox.wecom.box import Box
from sandbox.wecom.hands import buttons
from sandbox.wecom.world import World
from storage.store import Store

pytestmark = pytest.mark.slow

#: who is on both; the others are on one of them, by turns, the clerks of the story on 企业微信 only.
ON_BOTH = ("zhangmin", "liqiang")
ONLY_HERE = ("zhoulei", "wangju")
APP_CHAT, BOT_CHAT = f"app:{AGENT}", f"bot:{BOT}"
REST = "到位256 2=930 3同 4同 5=99 6同 7=6.4 8=1260 9=96 10=2 原因：招标晚 改进：11月底前到货"


def divided() -> Roster:
    """The district: two people on both platforms, everybody else on one."""
    roster = local_roster()
    people = []
    for number, person in enumerate(roster.people):
        own = dict(person.identities)
        user = own.get("wecom", "")
        here = user in ONLY_HERE or (user not in ON_BOTH and number % 2)
        names = ("dingtalk", "wecom") if user in ON_BOTH else ("wecom",) if here else ("dingtalk",)
        people.append(replace(person, identities=tuple((n, own[n]) for n in names if n in own)))
    return replace(roster, people=tuple(people))


class Both:
    """Two sandboxes as what one installation is connected to; what people do there is done at each of them."""

    name = "both"

    def __init__(self, *each: Hands) -> None:
        self.each = each

    @property
    def settings(self) -> Mapping[str, Any]:
        return {name: value for hands in self.each for name, value in hands.settings.items()}

    @property
    def complaints(self) -> Sequence[str]:
        return [complaint for hands in self.each for complaint in hands.complaints]

    def set_clock(self, at: datetime) -> None:
        for hands in self.each:
            hands.set_clock(at)

    async def connected(self) -> None:
        for hands in self.each:
            await hands.connected()

    async def gone(self) -> None:
        for hands in self.each:
            await hands.gone()

    async def do(self, *_: Any, **__: Any) -> bool:
        raise NotImplementedError

    async def read(self, user: str) -> None:
        raise NotImplementedError

    def on_phones(self) -> Sequence[OnPhone]:
        return ()

    def lacks(self, *_: Any) -> list[str]:
        return []


class Cast:
    """People at their phones."""

    def __init__(self, stage: LiveStage, ding: Any, box: Box) -> None:
        self.stage, self.ding, self.box = stage, ding, box

    # on DingTalk

    def ding_shows(self, user: str, words: str) -> bool:
        return words in json.dumps(Phone(self.ding, user).screen(), ensure_ascii=False)

    def ding_card(self, user: str, label: str) -> dict[str, Any]:
        for message in reversed(Phone(self.ding, user).screen()):
            if any(label in (e.get("text"), e.get("submit")) for e in message.get("elements", ())):
                return message
        raise AssertionError(f"{user} has no {label}")

    async def ding_tap(self, user: str, label: str) -> None:
        await self._restarted()
        assert (await Phone(self.ding, user).tap(self.ding_card(user, label)["id"], label)).answered
        await self.stage.settled()

    async def ding_fill(self, user: str, label: str, answers: dict[str, str]) -> None:
        await self._restarted()
        message = self.ding_card(user, label)
        form = next(e for e in message["elements"] if e["kind"] == "form")
        fields = [(f["name"], f["label"]) for f in form["fields"]]
        typed = {n: text for n, shown in fields for w, text in answers.items() if shown.startswith(w)}
        assert len(typed) == len(answers)
        assert (await Phone(self.ding, user).submit(message["id"], typed)).answered
        await self.stage.settled()

    # on 企业微信

    def shows(self, user: str, words: str, chat: str = "") -> bool:
        items = [i for i in self.box.world.phones.chat(user, chat) if not i.mine]
        return any(words in line for item in items for line in drawing.lines(item))

    async def say(self, user: str, text: str) -> None:
        await self._restarted()
        assert (await self.box.hands.say(user, text)).taken
        await self.stage.settled()

    async def say_to_bot(self, user: str, text: str) -> None:
        await self._restarted()
        before = len(self.box.world.phones.chat(user, BOT_CHAT))
        assert await self.box.bot_hands.say(user, text)
        await self._answered(user, before + 2)

    async def tap(self, user: str, label: str) -> None:
        await self._restarted()
        assert (await self.box.hands.tap(*self._button(user, label, APP_CHAT))).taken
        await self.stage.settled()

    async def tap_on_bot(self, user: str, label: str) -> None:
        await self._restarted()
        before = len(self.box.world.phones.chat(user, BOT_CHAT))
        assert await self.box.bot_hands.tap(*self._button(user, label, BOT_CHAT))
        await self._answered(user, before + 1)

    def _button(self, user: str, label: str, chat: str) -> tuple[int, str]:
        cards = [
            i for i in self.box.world.phones.chat(user, chat) if i.kind == "template_card" and not i.dead
        ]
        item = next(i for i in reversed(cards) if label in buttons(i.body).values())
        return item.seq, next(k for k, text in buttons(item.body).items() if text == label)

    async def _answered(self, user: str, length: int) -> None:
        """The bot's line carries what is said and the answers; there is no callback to wait for."""
        async with asyncio.timeout(60):
            while len(self.box.world.phones.chat(user, BOT_CHAT)) < length:
                await asyncio.sleep(0.01)
        await self.stage.settled()

    # for all

    async def at(self, *moment: int) -> None:
        self.stage.reopen()
        await self.stage.set_clock(datetime(2026, *moment, tzinfo=story.SHANGHAI))

    async def _restarted(self) -> None:
        self.stage.reopen()
        self.stage.write_clock(self.stage.now().replace(second=(self.stage.now().second + 7) % 60))
        await self.stage.running()


async def quarter(cast: Cast) -> None:
    """Begun on DingTalk, finished with the application of 企业微信; then the deadline passes, on both."""
    await cast.at(10, 8, 9, 10)
    await cast.ding_tap("zhangmin", "去填报")
    await cast.ding_fill("zhangmin", "填好了", {"已支出资金": "201.35", "1. ": "36"})
    assert cast.ding_shows("zhangmin", "还差 10 项没填")
    assert not cast.shows("zhangmin", "新桥小学")
    await cast.say("zhangmin", "填报 校舍")
    assert cast.shows("zhangmin", "支出（万元，上季118.40，已填201.35）")
    await cast.say("zhangmin", REST)
    await cast.tap("zhangmin", "确认提交")
    assert cast.shows("zhangmin", "✓ 已报送 三季度 附表1")
    assert cast.ding_shows("liqiang", "新桥小学校舍安全改造 有 1 处偏离")
    assert not cast.shows("wangju", "逾期")
    await cast.at(10, 12, 9, 45)
    assert cast.shows("zhoulei", "逾期")
    assert cast.shows("wangju", "个单位逾期")
    before = len(cast.box.world.phones.chat("zhoulei"))
    await cast.tap("wangju", "一键催办")
    assert len(cast.box.world.phones.chat("zhoulei")) > before
    await by_the_bot(cast)
    await cast.at(11, 3, 9, 20)


async def by_the_bot(cast: Cast) -> None:
    """Late, and in the bot's chat from the first word to the receipt; what is unasked comes from the application."""
    await cast.say_to_bot("zhoulei", "填报 保育员")
    assert cast.shows("zhoulei", "实验幼儿园保育员聘用", BOT_CHAT)
    await cast.say_to_bot("zhoulei", "到位48.6 支出47.9 1=18 2=100 3同 4=2.66 5=97")
    await cast.tap_on_bot("zhoulei", "确认提交")
    assert cast.shows("zhoulei", "✓ 已报送 三季度 附表1", BOT_CHAT)
    assert not cast.shows("zhoulei", "✓ 已报送 三季度 附表1", APP_CHAT)
    assert not cast.shows("zhoulei", "逾期 ", BOT_CHAT)


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Cast]:
    roster = divided()
    ding = rehearsal_world(roster, story.BEGINS)
    world = World(wecom_corp(roster, ""), Clock(story.BEGINS, speed=0))
    async with Box(world.corp, world=world) as box, dingtalk_hands(ding) as hands:
        app = AppHands(box)
        stage = LiveStage(folder, Both(hands, app, BotHands(box)), Typed)
        app.listens_at(stage.port)
        try:
            stage.write_clock(story.BEGINS)
            yield Cast(stage, ding, box)
        finally:
            stage.close()


def test_a_quarter_on_both(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / DATABASE}")
    store.migrate()
    story.prepare(store, divided())

    async def play() -> tuple[int, list[str]]:
        async with running(tmp_path) as cast:
            await quarter(cast)
            return cast.stage.killed, list(cast.stage.platform.complaints)

    killed, complaints = asyncio.run(play())
    assert killed == 11
    assert complaints == []
    with store.read() as tx:
        assert tx.verify() is None
        assert set(tx.outbox_counts()) == {"sent"}
        assert set(tx.inbox_counts()) == {"done"}
        sources = {row.source for row in tx.inbox_rows(100)}
        assert {"dingtalk", "wecom"} <= sources
        filed = [tx.filing(each, story.MonitoringRound(2026, 3)) for each in ("p001", "p006")]
    assert [(filing.version, filing.late) for filing in filed] == [(1, False), (1, True)]
    store.close()
