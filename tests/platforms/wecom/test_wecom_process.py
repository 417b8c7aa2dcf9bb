"""``jixiao run`` as a process of its own, with both platforms configured, against the local 企业微信."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import aiohttp

from bot import wiring
from bot.settings import load_settings
from platforms.dingtalk.platform import DingTalkPlatform
from platforms.wecom.platform import WecomPlatform
from sandbox.clock import Clock
from sandbox.wecom.box import Box
from tests.platforms.wecom.wecom_district import (
    AGENT,
    BOT,
    BOT_SECRET,
    CORP,
    KEYS,
    SECRET,
    _free_port,
    corporation,
    prepare,
    until,
    words,
)

ROOT = Path(__file__).parents[3]


def environment(box: Box, path: Path, port: int) -> dict[str, str]:
    return {
        "JIXIAO_DATABASE": f"sqlite:///{path}",
        "JIXIAO_LISTEN": f"127.0.0.1:{port}",
        "JIXIAO_WECOM_CORP": CORP,
        "JIXIAO_WECOM_AGENT": str(AGENT),
        "JIXIAO_WECOM_SECRET": SECRET,
        "JIXIAO_WECOM_TOKEN": KEYS.token,
        "JIXIAO_WECOM_AES_KEY": KEYS.aes_key,
        "JIXIAO_WECOM_API": f"{box.base}/cgi-bin/",
        "JIXIAO_WECOM_BOT_ID": BOT,
        "JIXIAO_WECOM_BOT_SECRET": BOT_SECRET,
        "JIXIAO_WECOM_BOT_GATEWAY": box.wire,
    }


async def healthy(port: int) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(60):
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/health") as answer:
                    if answer.status in (200, 503):
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)


def test_the_running_program_answers_by_the_application_and_by_the_bot(path, tmp_path):
    prepare(path).close()

    async def told() -> bytes:
        async with Box(corporation(), clock=Clock()) as box:
            port = _free_port()
            box.world.corp.agents[AGENT].url = f"http://127.0.0.1:{port}/callback/wecom"
            env = {**os.environ, "PYTHONPATH": str(ROOT), **environment(box, path, port)}
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "run",
                cwd=tmp_path,
                env=env,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            try:
                await healthy(port)
                await until(lambda: box.gateway.lines, 60)
                phones = box.world.phones
                assert (await box.hands.say("zhangmin", "帮助")).taken
                await until(lambda: [i for i in phones.chat("zhangmin", f"app:{AGENT}") if not i.mine], 60)
                assert await box.bot_hands.say("zhangmin", "帮助")
                await until(lambda: [i for i in phones.chat("zhangmin", f"bot:{BOT}") if not i.mine], 60)
                assert "填报" in words(phones.chat("zhangmin"))
            finally:
                process.send_signal(signal.SIGTERM)
                out, _ = await asyncio.wait_for(process.communicate(), 30)
            assert process.returncode == 0
            return out

    out = asyncio.run(told()).decode()
    assert "Traceback" not in out
    for secret in (SECRET, BOT_SECRET, KEYS.token, KEYS.aes_key):
        assert secret not in out


def test_one_district_may_have_both_platforms(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, value in (
        ("DINGTALK_CLIENT_ID", "ding1"),
        ("DINGTALK_CLIENT_SECRET", "s"),
        ("WECOM_CORP", CORP),
        ("WECOM_AGENT", "1"),
        ("WECOM_SECRET", "s"),
    ):
        monkeypatch.setenv(f"JIXIAO_{name}", value)
    store = prepare(path)
    made = wiring.platforms(load_settings(), store)
    assert {name: type(each) for name, each in made.items()} == {
        "dingtalk": DingTalkPlatform,
        "wecom": WecomPlatform,
    }
    store.close()
