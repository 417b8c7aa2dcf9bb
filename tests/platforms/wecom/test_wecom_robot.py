"""The bot's conversations: files in and out, what it cannot keep it says, and nothing is lost by a restart."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.events import Uploaded
from platforms.wecom import robot as robot_module
from platforms.wecom.configuration import Configuration
from platforms.wecom.robot import NOT_FETCHED, NOT_SAVED
from sandbox.wecom.faults import Fault
from tests.platforms.wecom.test_wecom_story import bot_phone, bot_quiet, bot_says, bot_taps
from tests.platforms.wecom.wecom_district import (
    BOT,
    LINE,
    application,
    later,
    play,
    robot,
    until,
    words,
)


def bot_only(box):
    return Configuration(robot=robot(box))


def both(box):
    return Configuration(application(box), robot(box))


def uploaded(d) -> list[Uploaded]:
    """The files that came in, as the conversation gets them."""
    with d.store.read() as tx:
        rows = list(tx.inbox_rows(50))
    found = [d.platform.read(row.key, json.loads(row.payload), row.at) for row in rows]
    return [event for event in found if isinstance(event, Uploaded)]


WORKBOOK = b"PK\3\4" + bytes(range(256)) * 40


@pytest.mark.parametrize("times", [1, 2], ids=["key with =", "key without ="])
def test_a_workbook_arrives_whole_and_decrypted(path, times):
    async def told(d):
        for _ in range(times):
            await bot_quiet(d, d.box.bot_hands.send_file("zhangmin", "附表1_三季度.xlsx", WORKBOOK))
        found = uploaded(d)
        assert len(found) == times
        assert (found[-1].kind, found[-1].name, found[-1].content) == ("file", "附表1_三季度.xlsx", WORKBOOK)
        with d.store.read() as tx:
            assert "aeskey" not in str([row.payload for row in tx.inbox_rows(9)])

    play(path, told, bot_only)


def test_a_file_from_elsewhere_or_too_late_is_not_fetched_and_the_person_is_told(path):
    async def told(d):
        d.platform.robot.robot = robot(d.box, file_hosts=("myqcloud.com",))
        await bot_says(d, "进度")
        await bot_quiet(d, d.box.bot_hands.send_file("zhangmin", "a.xlsx", WORKBOOK))
        assert uploaded(d) == []
        assert NOT_FETCHED in words(bot_phone(d))

    play(path, told, bot_only)


def test_a_restart_in_the_middle_of_fetching_goes_on(path):
    async def told(d):
        await bot_says(d, "进度")
        kept = d.box.bot_hands._kept("附表1.xlsx", WORKBOOK)
        body = {"msgid": "M77", "msgtype": "file", "from": {"userid": "zhangmin"}, "file": kept}
        shelf = d.platform.robot.shelf
        shelf.put(
            "download:bot-M77", json.dumps({"user": "zhangmin", "body": body}), d.now() + timedelta(minutes=5)
        )
        await d.restart()
        await until(lambda: uploaded(d))
        assert uploaded(d)[0].content == WORKBOOK
        assert list(shelf.keys("download:")) == []

    play(path, told, bot_only)


def test_the_form_comes_as_a_picture_and_a_workbook_in_chunks(path):
    async def told(d):
        await bot_says(d, "填报")
        await bot_says(d, LINE)
        await bot_taps(d, "招标晚")
        later(d, minutes=1)
        await bot_says(d, "改进：11月底前到货安装")
        await bot_taps(d, "确认提交")
        later(d, minutes=1)
        await bot_taps(d, "看表格")
        assert {"image", "file"} <= {item.kind for item in bot_phone(d)}
        uploads = [call for call in d.box.world.calls if call.path == "aibot_upload_media_finish"]
        later(d, minutes=1)
        await bot_says(d, "出表")
        again = [call for call in d.box.world.calls if call.path == "aibot_upload_media_finish"]
        assert len(again) <= len(uploads) + 1
        assert d.box.world.complaints == []

    play(path, told, bot_only)


def test_t09_what_cannot_be_kept_is_tried_again_and_then_said(path, monkeypatch):
    monkeypatch.setattr(robot_module, "RECEIVE_PAUSES", (0.01, 0.01))

    class Broken:
        def __init__(self) -> None:
            self.asked = 0

        async def receive(self, *args, **more):
            self.asked += 1
            raise OSError("disk")

    async def told(d):
        await bot_says(d, "进度")
        half = d.platform.robot
        real, half.inlet = half.inlet, Broken()
        await bot_quiet(d, d.box.bot_hands.say("zhangmin", "填报"))
        assert half.inlet.asked == 3
        assert NOT_SAVED in words(bot_phone(d))
        half.inlet = real
        await bot_says(d, "填报")
        assert "新桥小学校舍安全改造" in words(bot_phone(d))

    play(path, told, bot_only)


def test_t07_a_callback_that_comes_twice_has_one_effect(path):
    async def told(d):
        d.box.world.switches.duplicate_callbacks = 1
        await bot_says(d, "填报")
        await until(lambda: d.platform.robot.gateway.handled == 2)
        await d.settle()
        assert [i.kind for i in bot_phone(d)].count("template_card") == 1

    play(path, told, bot_only)


def test_a_card_that_is_not_replaced_in_its_five_seconds_is_sent(path):
    async def told(d):
        await bot_says(d, "进度")
        d.box.world.faults.arm(Fault("aibot_respond_update_msg", "code", code=846604))
        before = len(bot_phone(d))
        await bot_taps(d, "填报") if _has(d, "填报") else await bot_taps(d, _first(d))
        assert len(bot_phone(d)) > before
        assert d.waiting() == []

    play(path, told, bot_only)


def _labels(d):
    card = [i for i in bot_phone(d) if i.kind == "template_card" and "button_list" in i.body][-1]
    return [b["text"] for b in card.body["button_list"]]


def _has(d, label):
    return label in _labels(d)


def _first(d):
    return _labels(d)[0]


def test_somebody_who_never_came_waits_and_is_reached_once_he_has(path):
    async def told(d):
        d.box.world.clock.set(d.now().replace(hour=9, minute=7))
        await d.tick()
        assert bot_phone(d) == []
        row = next(r for r in d.waiting() if r.recipient == "zhangmin")
        assert "还没有打开过机器人" in row.error
        await bot_says(d, "进度")
        later(d, hours=4, minutes=5)
        await d.tick()
        assert "去填报" in words(bot_phone(d))

    play(path, told, bot_only)


def test_the_bot_says_nothing_in_a_group_to_nobody(path):
    """A callback without a sender, or of a shape nobody knows, is dropped without harm."""

    async def told(d):
        half = d.platform.robot
        for body in (
            {},
            {"msgid": "1", "from": "x"},
            {"msgid": "2", "msgtype": "file", "file": {}, "from": {}},
        ):
            await half._callback("aibot_msg_callback", "r", {"body": body})
        await d.settle()
        assert d.box.world.phones.chat("zhangmin", f"bot:{BOT}") == []

    play(path, told, bot_only)
