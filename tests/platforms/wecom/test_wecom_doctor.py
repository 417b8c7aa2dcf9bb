"""The doctor: every way an administrator can have set it up wrongly is named with what to do."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from aiohttp import web
from typer.testing import CliRunner

from bot.__main__ import app as command_line
from bot.settings import SettingsError, load_settings
from platforms.wecom.configuration import Configuration
from platforms.wecom.doctor import ADVICE, Doctor, Finding, advice
from platforms.wecom.failures import WecomError
from platforms.wecom.webhook import post
from sandbox.wecom.faults import Fault
from storage.shelf import StoredShelf
from tests.platforms.wecom.wecom_district import (
    AGENT,
    AT,
    BOT,
    KEYS,
    SECRET,
    application,
    play,
    robot,
)


def both(box):
    return Configuration(application(box), robot(box))


def doctor(d, own=None):
    return Doctor(own or d.own, StoredShelf(d.store, "wecom"), lambda: d.box.world.now())


def address(d):
    return f"http://127.0.0.1:{d.port}/callback/wecom"


def marks(findings):
    return {f.what.partition("：")[0]: f.mark for f in findings}


def test_everything_in_order_but_the_clock_of_this_test(path):
    async def told(d):
        found = await doctor(d).examine("zhangmin", address(d))
        assert {mark for what, mark in marks(found).items() if what != "时钟"} == {"✓"}
        assert len(found) == 8
        assert d.phone()[-1].body["main_title"]["title"] == "绩监通 试发"

    play(path, told, both)


WRONG = [
    ("secret", lambda d: setattr(d.box.world.corp.agents[AGENT], "secret", "other"), "凭证", "Secret 不对"),
    (
        "trusted ip",
        lambda d: setattr(d.box.world.corp.agents[AGENT], "trusted_ips", frozenset({"10.0.0.9"})),
        "可信 IP 和应用编号",
        "企业可信IP",
    ),
    (
        "no callback in the console",
        lambda d: setattr(d.box.world.corp.agents[AGENT], "url", ""),
        "接收消息的回调地址",
        "还没有设“接收消息”",
    ),
    (
        "disabled",
        lambda d: setattr(d.box.world.corp.agents[AGENT], "disabled", True),
        "可信 IP 和应用编号",
        "启用",
    ),
    (
        "nobody sees it",
        lambda d: d.box.world.faults.arm(Fault("department/simplelist", "code", code=60011)),
        "可见范围",
        "可见范围",
    ),
    ("a proxy's page", lambda d: d.box.world.faults.arm(Fault("gettoken", "html")), "凭证", "放行"),
]


@pytest.mark.parametrize(("what", "spoil", "where", "said"), WRONG, ids=[w[0] for w in WRONG])
def test_what_is_wrong_is_said_with_what_to_do(path, what, spoil, where, said):
    async def told(d):
        spoil(d)
        found = [f for f in await doctor(d).examine() if f.what.startswith(where)]
        assert [f.mark for f in found] == ["✕"]
        assert said in found[0].todo
        assert SECRET not in str(found)

    play(path, told)


def test_a_wrong_number_of_the_application_is_found(path):
    async def told(d):
        own = replace(d.own, application=replace(d.own.application, agent=77))
        found = await doctor(d, own).examine()
        assert marks(found)["可信 IP 和应用编号"] == "✕"

    play(path, told)


def test_the_bots_secret_is_tried_only_when_nobody_is_connected(path):
    async def told(d):
        opened = d.platform.robot.gateway.opened
        assert "正连着" in str(await doctor(d).examine())
        assert d.platform.robot.gateway.opened == opened
        assert d.platform.robot.gateway.is_open
        await d.platform.robot.gateway._finished()
        d.box.world.corp.bots[BOT].secret = "changed"
        assert "Bot ID 或 Secret 不对" in str((await doctor(d).examine())[-1])
        nowhere = Configuration(robot=robot(d.box, gateway="ws://127.0.0.1:9"))
        assert "openws" in str((await doctor(d, nowhere).examine())[-1])

    play(path, told, both)


def test_a_callback_address_that_is_not_ours_is_found(path):
    async def told(d):
        async def hello(_: web.Request) -> web.Response:
            return web.Response(text="nginx")

        server = web.Application()
        server.router.add_get("/", hello)
        runner = web.AppRunner(server)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        found = await doctor(d).examine(url=f"http://{host}:{port}/")
        assert "不是绩监通的回答" in str(found)
        assert "打不开" in str(await doctor(d).examine(url="http://127.0.0.1:9/"))
        await runner.cleanup()

    play(path, told)


@pytest.mark.parametrize("code", [*ADVICE, 99999, 81013])
def test_every_advice_is_plain_chinese(code):
    said = advice(WecomError("x", code))
    assert said.endswith("。")
    assert str(Finding("✕", "凭证", said)).startswith("✕ 凭证：")


def test_a_group_is_told_by_its_webhook_and_a_wrong_one_does_not_show_its_key(path):
    async def told(d):
        d.box.world.corp.hooks.add("hook-1")
        assert await post(f"{d.box.base}/cgi-bin/webhook/send?key=hook-1", "明天10点前请报完") == 1
        with pytest.raises(WecomError) as caught:
            await post(f"{d.box.base}/cgi-bin/webhook/send?key=secret-key", "x")
        assert "secret-key" not in str(caught.value)

    play(path, told)


# -- at the command line ----------------------------------------------------------------------------

AES = KEYS.aes_key
SETTINGS = [
    ({"CORP": "ww1"}, "JIXIAO_WECOM_AGENT"),
    ({"BOT_ID": "b"}, "JIXIAO_WECOM_BOT_SECRET"),
    ({"TOKEN": "t"}, "要一起设"),
    ({"OLD_TOKEN": "t"}, "JIXIAO_WECOM_OLD_AES_KEY"),
    ({"TOKEN": "t", "AES_KEY": "short"}, "43位"),
    ({"API": "qyapi"}, "JIXIAO_WECOM_API"),
    ({"BOT_GATEWAY": "http://x"}, "JIXIAO_WECOM_BOT_GATEWAY"),
    ({"DAILY": "0"}, "JIXIAO_WECOM_DAILY"),
]


@pytest.fixture
def setting(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def put(**values):
        for name, value in values.items():
            monkeypatch.setenv(f"JIXIAO_WECOM_{name}", value)

    return put


@pytest.mark.parametrize(("values", "said"), SETTINGS)
def test_a_wrong_setting_is_named_and_its_secret_is_not(setting, values, said):
    setting(SECRET="the-secret-itself", **values)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert said in str(caught.value)
    assert "the-secret-itself" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("check", "wecom"), "还没有设 JIXIAO_WECOM_CORP"),
        (("wecom", "recall", "m1"), "还没有设 JIXIAO_WECOM_CORP"),
        (("wecom", "group", "x"), "还没有设 JIXIAO_WECOM_WEBHOOK"),
    ],
)
def test_commands_without_settings_say_which(setting, line, said):
    done = CliRunner().invoke(command_line, line)
    assert done.exit_code == 1
    assert said in done.output


def test_the_commands_work_against_the_local_platform(setting, path):
    async def told(d):
        await d.say("填报")
        number = d.phone()[0].msgid
        d.box.world.corp.hooks.add("hook-1")
        setting(
            CORP=d.own.application.corp_id,
            AGENT=str(AGENT),
            SECRET=SECRET,
            API=d.own.application.api,
            WEBHOOK=f"{d.box.base}/cgi-bin/webhook/send?key=hook-1",
        )
        run = CliRunner()
        lines = (("wecom", "recall", number), ("wecom", "recall", "no-such"), ("wecom", "group", "请报完"))
        done = [await asyncio.to_thread(run.invoke, command_line, line) for line in lines]
        assert [each.exit_code for each in done] == [0, 1, 0]
        assert "没有办成" in done[1].output
        assert d.phone()[0].recalled
        checked = await asyncio.to_thread(run.invoke, command_line, ("check", "wecom"))
        assert "✓ 凭证" in checked.output
        assert SECRET not in checked.output

    play(path, told, at=AT)
