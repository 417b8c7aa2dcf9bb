"""What becomes of a message when the process or the platform gives way while it is on its way (T01, T02, T04, T15,
T16). The process is only said to die here; in the sweep it is killed."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.ports import Delivery, SendFailed
from platforms.simulator.phones import Phones
from platforms.simulator.platform import SimulatorPlatform
from tests.bot.office import titles
from tests.faults.desk import Desk


class Killed(BaseException):
    """The process is gone: nothing of ours catches this."""


class Fragile(SimulatorPlatform):
    """Takes ``left`` messages, then goes wrong: before or after the message is on the phone."""

    def __init__(self, phones: Phones, left: int, wrong: BaseException, *, shown: bool) -> None:
        super().__init__(phones)
        self.left, self.wrong, self.shown = left, wrong, shown

    async def send(self, delivery: Delivery) -> str:
        self.left -= 1
        if self.left != -1:
            return await super().send(delivery)
        if self.shown:
            await super().send(delivery)
        raise self.wrong


def _becomes(desk: Desk, platform: SimulatorPlatform) -> None:
    desk.stage.app = replace(desk.stage.app, platforms={platform.name: platform})


def _restart(desk: Desk, *, duplicate_check: bool) -> None:
    desk.stage.reopen()
    desk.stage.platform.faults = replace(desk.stage.platform.faults, duplicate_check=duplicate_check)


def _left_over(desk: Desk) -> list[str]:
    return [state for _, _, state in desk.outbox() if state != "sent"]


def test_t01_committed_and_not_yet_sent(desk: Desk) -> None:
    assert desk.app.handle(desk.arrived("m1", desk.text("zhangmin", "填报 校舍")))
    desk.stage.reopen()
    assert desk.flush() == 1
    assert titles(desk.heard("zhangmin", "reply:")) == ["新桥小学校舍安全改造"]
    assert desk.flush() == 0
    assert _left_over(desk) == []


@pytest.mark.parametrize(("duplicate_check", "shown"), [(True, 1), (False, 2)])
def test_t02_the_platform_took_it_and_we_died_before_noting_it(
    desk: Desk, duplicate_check: bool, shown: int
) -> None:
    _becomes(desk, Fragile(desk.stage.phones, 0, Killed(), shown=True))
    with pytest.raises(Killed):
        desk.deliver("m1", desk.text("zhangmin", "填报 校舍"))
    _restart(desk, duplicate_check=duplicate_check)
    assert desk.flush() == 1, "its claim does not have to run out first"
    seen = desk.heard("zhangmin", "reply:")
    assert len(seen) == shown
    assert len({(s.key, s.token, str(s.card)) for s in seen}) == 1, (
        "a repeat is the same message in every word"
    )
    assert _left_over(desk) == []


def test_t04_killed_in_the_middle_of_a_broadcast(desk: Desk) -> None:
    desk.clock("10-12 09:05")
    before = len(desk.stage.phones.everything())
    _becomes(desk, Fragile(desk.stage.phones, 3, Killed(), shown=False))
    with pytest.raises(Killed):
        desk.deliver("m1", desk.press("wangju", "一键催办"))
    _restart(desk, duplicate_check=False)
    desk.flush()
    got = Counter(s.user for s in desk.stage.phones.everything(before) if s.key.startswith("nudge:"))
    assert got == {"zhangmin": 1, "qianyun": 1, "zhoulei": 1, "chenyu": 1, "weiping": 1}
    assert not desk.deliver("m1", {"type": "text", "user": "wangju", "text": "again"})
    assert _left_over(desk) == []


def _announced(desk: Desk) -> None:
    """陈静 has written to every filler in the district and looks at the preview."""
    desk.clock("10-12 10:05")
    desk.say("chenjing", "通知")
    desk.tap("chenjing", "看样子", {"title": "三季度催报", "text": "请今天报送附表1。", "whom": "经办人"})


@pytest.mark.parametrize("shown", [False, True])
def test_t04_killed_in_the_middle_of_a_notice_to_many(desk: Desk, shown: bool) -> None:
    """The rest get it after the restart, and the panel counts everybody; one at most was shown it twice, because the
    process died between the platform's yes and our note of it."""
    _announced(desk)
    _becomes(desk, Fragile(desk.stage.phones, 12, Killed(), shown=shown))
    with pytest.raises(Killed):
        desk.deliver("m1", desk.press("chenjing", "确认发送"))
    _restart(desk, duplicate_check=True)
    desk.flush()
    got = Counter(s.user for s in desk.stage.phones.everything() if s.key.startswith("notice:"))
    assert len(got) == 31
    assert set(got.values()) == {1}
    assert _left_over(desk) == []
    desk.clock("10-12 10:06")
    assert titles(desk.heard("chenjing", "notice-author:")) == ["已发完：送达 31/31"]


def test_t13_t22_half_delivered_and_pressed_again(desk: Desk) -> None:
    """Those the platform refused are on the panel at once; pressing again reaches them and nobody else twice."""
    _announced(desk)
    desk.platform.faults = replace(desk.platform.faults, broken=frozenset({"zhangmin", "qianyun"}))
    desk.deliver("m1", desk.press("chenjing", "确认发送"))
    desk.clock("10-12 14:00")
    panel = desk.heard("chenjing", "notice-author:")[-1]
    assert panel.card["title"] == "已发完：送达 29/31"
    desk.platform.faults = replace(desk.platform.faults, broken=frozenset())
    desk.deliver("m2", desk.press("chenjing", "重发失败的"))
    assert not desk.deliver("m2", desk.text("chenjing", "again"))
    got = Counter(s.user for s in desk.stage.phones.everything() if s.key.startswith("notice:"))
    assert len(got) == 31
    assert set(got.values()) == {1}
    desk.clock("10-12 14:01")
    assert desk.heard("chenjing", "notice-author:")[-1].card["title"] == "已发完：送达 31/31"


def test_t20_a_notice_a_platform_never_took_is_on_the_panel_and_can_be_sent_again(desk: Desk) -> None:
    """A platform that is down longer than we try: nothing is lost, the author is told and sends it again."""
    _announced(desk)
    until = desk.stage.now() + timedelta(hours=3)
    desk.platform.faults = replace(desk.platform.faults, rate_limited_until=until)
    desk.deliver("m1", desk.press("chenjing", "确认发送"))
    desk.clock("10-12 15:00")
    desk.say("chenjing", "群发记录")
    (panel,) = desk.tap("chenjing", "看第 1 条")
    assert panel.card["title"] == "已发完：送达 0/31"
    desk.deliver("m2", desk.press("chenjing", "重发失败的"))
    desk.clock("10-12 15:01")
    assert desk.heard("chenjing", "notice-author:")[-1].card["title"] == "已发完：送达 31/31"
    assert len(desk.heard("zhangmin", "notice:")) == 1


def test_t15_taken_by_the_platform_but_the_answer_never_came(desk: Desk) -> None:
    lost = Fragile(desk.stage.phones, 0, SendFailed("timeout", retryable=True), shown=True)
    lost.faults = replace(lost.faults, duplicate_check=True)
    _becomes(desk, lost)
    desk.deliver("m1", desk.text("zhangmin", "填报 校舍"))
    assert _left_over(desk) == ["waiting"]
    desk.clock("10-08 09:05")
    assert len(desk.heard("zhangmin", "reply:")) == 1, "sent again under the same key, so not shown again"
    assert _left_over(desk) == []


def test_t16_a_rate_limit_delays_everything_and_loses_nothing(desk: Desk) -> None:
    until = desk.stage.now() + timedelta(minutes=2)
    desk.platform.faults = replace(desk.platform.faults, rate_limited_until=until)
    lines = ["填报 校舍", "支出201.35", "到位256", "1=36"]
    for number, line in enumerate(lines):
        desk.deliver(f"m{number}", desk.text("zhangmin", line))
    assert desk.heard("zhangmin", "reply:") == []
    assert _left_over(desk) == ["waiting"] * len(lines)
    desk.clock("10-08 09:10")
    keys = [s.key for s in desk.heard("zhangmin", "reply:")]
    assert keys == [f"reply:simulator:m{number}" for number in range(len(lines))]
    assert _left_over(desk) == []


def test_t16_a_message_that_is_put_back_is_a_commit_of_its_own(desk: Desk) -> None:
    """SQLite refuses to commit while an answer is unread: putting back alone once failed for that."""
    with desk.stage.store.begin() as tx:
        tx.enqueue("k", "zhangmin", '{"name": "x", "title": "x"}', "t", "", desk.stage.now())
    with desk.stage.store.begin() as tx:
        [row] = tx.claim(desk.stage.now(), 9, 60)
    with desk.stage.store.begin() as tx:
        tx.retry(row.id, desk.stage.now(), "45009")
    assert asyncio.run(desk.app.flush(desk.stage.now())) == 1
