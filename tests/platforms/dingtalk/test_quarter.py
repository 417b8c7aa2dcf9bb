"""A whole third quarter on DingTalk by what the phones show: opened, filed, alerted, overdue, reported, closed.

It is ``jixiao run`` itself, killed before each thing people do."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from regulation.reporting import ReportState
from rehearsal import story
from rehearsal.live.dingtalk import DingTalkHands, dingtalk_hands, rehearsal_world
from rehearsal.live.opening import prepare
from rehearsal.live.process import Typed
from rehearsal.live.stage import DATABASE, LiveStage, live_stage
from rehearsal.local import local_roster
from sandbox.dingtalk import World
from sandbox.dingtalk.phones import Phone
from storage.store import Store

pytestmark = pytest.mark.slow

AMOUNTS = "资产计划=120 资产完成=90 采购计划=400 采购执行=310.5"
RESULTS = "重点工作：1 主要成效：校园环境改善｜明显改善｜已改善｜确定能"
ACTUALS = ("36", "930", "100", "99", "99", "100", "6.4", "1260", "96", "2")


class Cast:
    """People at their phones; the application is killed before each thing they do."""

    def __init__(self, world: World, stage: LiveStage) -> None:
        self.world, self.stage = world, stage

    def shows(self, user: str, words: str) -> bool:
        """Whether that stands on the phone now."""
        return words in json.dumps(Phone(self.world, user).screen(), ensure_ascii=False)

    def card(self, user: str, label: str) -> dict[str, Any]:
        """The newest card with that button."""
        for message in reversed(Phone(self.world, user).screen()):
            for each in message.get("elements", ()):
                if label in (each.get("text"), each.get("submit")):
                    return message
        raise AssertionError(f"{user} has no {label}")

    async def at(self, moment: datetime) -> None:
        self.stage.reopen()
        await self.stage.set_clock(moment)

    async def say(self, user: str, text: str) -> None:
        await self._restarted()
        await asyncio.wait_for(Phone(self.world, user).say(text).done.wait(), 30)
        await self.stage.settled()

    async def tap(self, user: str, label: str) -> None:
        await self._restarted()
        outcome = await Phone(self.world, user).tap(self.card(user, label)["id"], label)
        assert outcome.answered
        await self.stage.settled()

    async def fill(self, user: str, label: str, answers: dict[str, str]) -> None:
        """Fill by the words the fields begin with, and send."""
        await self._restarted()
        message = self.card(user, label)
        form = next(e for e in message["elements"] if e["kind"] == "form")
        fields = [(f["name"], f["label"]) for f in form["fields"]]
        typed = {n: text for n, label in fields for w, text in answers.items() if label.startswith(w)}
        assert len(typed) == len(answers)
        assert (await Phone(self.world, user).submit(message["id"], typed)).answered
        await self.stage.settled()

    async def _restarted(self) -> None:
        self.stage.reopen()
        await self.stage.running()


async def quarter(cast: Cast) -> None:
    await cast.at(datetime(2026, 10, 8, 9, 10, tzinfo=story.SHANGHAI))
    await cast.tap("zhangmin", "去填报")
    actuals = {f"{n}. ": text for n, text in enumerate(ACTUALS, 1)}
    await cast.fill("zhangmin", "填好了", {"已到位资金": "256", "已支出资金": "201.35", **actuals})
    reasons = {"目标偏离情况及原因分析": "招标晚，设备未到货", "改进计划": "11月底前到货安装"}
    await cast.fill("zhangmin", "补好了", reasons)
    await cast.fill("zhangmin", "确认提交", {})
    assert cast.shows("zhangmin", "已报送 三季度 附表1")
    assert cast.shows("liqiang", "新桥小学校舍安全改造 有 1 处偏离")
    assert cast.shows("liqiang", "sampleImageMsg")
    assert not cast.shows("wangju", "逾期")
    await cast.at(datetime(2026, 10, 12, 9, 30, tzinfo=story.SHANGHAI))
    assert cast.shows("zhoulei", "逾期")
    assert cast.shows("wangju", "个单位逾期")
    before = len(Phone(cast.world, "zhoulei").screen())
    await cast.tap("wangju", "一键催办")
    assert len(Phone(cast.world, "zhoulei").screen()) > before
    await reported(cast)
    await cast.at(datetime(2026, 11, 3, 9, 0, tzinfo=story.SHANGHAI))


async def reported(cast: Cast) -> None:
    """The budget office consolidates, the head agrees, finance accepts."""
    await cast.say("liqiang", "汇总")
    await cast.say("liqiang", f"{AMOUNTS} {RESULTS}")
    await cast.fill("liqiang", "报负责人审", {})
    assert cast.shows("wangju", "区教育局三季度附表2、3 请您定")
    await cast.tap("wangju", "同意报送")
    assert cast.shows("liqiang", "已报送财政 三季度 附表2、3")
    await cast.say("chenjing", "审核 教育")
    await cast.tap("chenjing", "审核通过")
    assert cast.shows("liqiang", "审核通过")


def test_the_third_quarter(tmp_path: Path) -> None:
    prepare(tmp_path)
    world = rehearsal_world(local_roster(), story.BEGINS)

    async def play() -> tuple[DingTalkHands, LiveStage]:
        async with dingtalk_hands(world) as hands, live_stage(tmp_path, hands, Typed) as stage:
            stage.write_clock(story.BEGINS)
            await quarter(Cast(world, stage))
            return hands, stage

    _, stage = asyncio.run(play())
    assert stage.killed >= 14
    assert world.complaints == []
    store = Store(f"sqlite:///{tmp_path / DATABASE}")
    with store.read() as tx:
        assert tx.verify() is None
        assert set(tx.outbox_counts()) == {"sent"}
        assert set(tx.inbox_counts()) == {"done"}
        shown = {row.token for row in tx.told(0)}
        assert tx.report("d01", story.MonitoringRound(2026, 3)).state is ReportState.APPROVED
    tokens = {card.public["token"] for card in world.cards.known.values()}
    assert len(shown) > 100
    assert tokens <= shown
    months = sorted(world.quota.calls)
    assert months[:2] == ["202609", "202610"]
    assert world.clock.now() - stage.now() < timedelta(minutes=5)
    store.close()
