"""Whether 企业微信 is set up as the program needs it, asked of 企业微信 itself; what is wrong comes with what to do."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
from websockets.asyncio.client import connect

from bot.cards.card import Button, Card
from bot.ports import Shelf
from platforms.wecom import frames
from platforms.wecom.client import SKEW, WecomClient
from platforms.wecom.configuration import Application, Configuration, Keys, Robot
from platforms.wecom.crypto import KeySet, _Cipher
from platforms.wecom.drawing import draw, replacement, task_id, template
from platforms.wecom.failures import NOBODY, WecomError
from platforms.wecom.gateway import LEASE_KEY

STRANGER = "jixiao-check-nobody"
#: 企业微信 itself waits no longer when 保存 is pressed.
VERIFY_SECONDS = 1.0
TRIAL = Card("plain.told", "绩监通 试发", text="看到这一条，说明应用能给您发消息。不用回。")
TAPPED = Card("plain.told", "绩监通 试发", text="这张不会发给任何人。", buttons=(Button("status", "看进度"),))
#: code -> what to do about it; the rest is looked up.
ADVICE = {
    0: "连不上接口地址。请网络管理员放行 qyapi.weixin.qq.com 的 443 端口；要走代理就设 HTTPS_PROXY；"
    "证书被中间设备换掉的，也在这里失败，程序不会关掉核对。",
    40001: "Secret 不对，或应用已停用。到管理后台“应用管理”重新看一遍 Secret；连错几次会被封一小时。",
    40013: "企业 ID 不对。到“我的企业 → 企业信息”最下面重新抄。",
    40056: "AgentId 不对。到应用详情页最上面抄。",
    301002: "AgentId 和 Secret 不是同一个应用的。两样都到同一个应用的详情页抄。",
    43012: "应用还没有设“接收消息”的回调地址，带按钮的卡片发不出去。照手册第一节第 3 步设；"
    "不打算设，就不要设 TOKEN 和 AES_KEY。",
    45009: "这个接口刚才问得太多，被限流了。过一小时再查。",
    48002: "应用没有这个接口的权限。用的是不是“通讯录同步”的 Secret？要用自建应用的。",
    48006: "应用长时间没用，权限被收回。请企业管理员在管理后台重新启用。",
    50003: "应用已停用。到“应用管理”里启用。",
    60011: "应用没有通讯录权限。把要填报的人放进应用的“可见范围”。",
    60020: "这台服务器的出口 IP 不在“企业可信IP”里。到应用详情页最下面加上，约一分钟生效。"
    "后台不让加的，先设好回调地址或可信域名。",
    853000: "机器人的 Bot ID 或 Secret 不对。到机器人的 API 设置里重新抄。",
    846601: "机器人没有选“长连接”。到机器人的 API 设置里切换；切换以后回调方式就不能用了。",
}
NO_GATEWAY = (
    "连不上长连接地址。请网络管理员放行 openws.work.weixin.qq.com 的 443 端口；要走代理就设 HTTPS_PROXY。"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. ``mark`` is ✓, △ (works with less) or ✕."""

    mark: str
    what: str
    todo: str = ""

    def __str__(self) -> str:
        return f"{self.mark} {self.what}" + (f"：{self.todo}" if self.todo else "")


@dataclass(frozen=True, slots=True)
class Doctor:
    """A handful of calls; nobody gets a message unless ``to`` is named, and a running connection is left alone.

    ``url`` is the callback's public address: it is asked what 企业微信 asks when 保存 is pressed.
    """

    own: Configuration
    shelf: Shelf
    now: Callable[[], datetime]

    async def examine(self, to: str = "", url: str = "") -> list[Finding]:
        """Every finding."""
        found: list[Finding] = []
        if self.own.application:
            app = self.own.application
            client = WecomClient(app.corp_id, app.secret, shelf=self.shelf, now=self.now, base_url=app.api)
            try:
                found += await self._application(app, client, to, url)
            finally:
                await client.close()
        else:
            found.append(
                Finding("△", "自建应用", "没有设。只能给和机器人说过话的人发消息，群发和第一次提醒发不到。")
            )
        if self.own.robot:
            found.append(await self._robot(self.own.robot))
        return found

    async def _application(self, app: Application, client: WecomClient, to: str, url: str) -> list[Finding]:
        """Without good credentials the first finding is the only one."""
        first = await _one("凭证", client.token)
        if first.mark == "✕":
            return [first]
        found = [first, await _one("可信 IP 和应用编号", lambda: self._send(app, client, TRIAL, STRANGER))]
        found += [await self._callback_set(app, client), await self._people(client)]
        if url and app.keys:
            found.append(await _verified(url, app.keys[0], app.corp_id, self.now()))
        if to:
            found.append(await _one(f"给 {to} 发一条试试", lambda: self._send(app, client, TRIAL, to)))
        return [*found, _clock(client)]

    async def _send(self, app: Application, client: WecomClient, card: Card, user: str) -> None:
        """To somebody who does not exist every check but the last passes; that one is what is expected."""
        token = secrets.token_urlsafe(16)
        message = draw(card, token, task_id(token, (user,)), app.home)[0]
        body = {"touser": user, "agentid": app.agent, **message}
        try:
            await client.call("message/send", body)
        except WecomError as error:
            if user != STRANGER or error.code != NOBODY:
                raise

    async def _callback_set(self, app: Application, client: WecomClient) -> Finding:
        """A card with a button is refused while no address is set in the console."""
        what = "接收消息的回调地址"
        if not app.keys:
            return Finding("△", what, "没有设 TOKEN 和 AES_KEY：应用只推送，卡片上没有按钮，填报用机器人。")
        token = secrets.token_urlsafe(16)
        card = replacement(TAPPED, token, app.home) | {"task_id": task_id(token, (STRANGER,))}
        body = {"touser": STRANGER, "agentid": app.agent, **template(card)}

        async def ask() -> None:
            try:
                await client.call("message/send", body)
            except WecomError as error:
                if error.code != NOBODY:
                    raise

        return await _one(what, ask)

    async def _people(self, client: WecomClient) -> Finding:
        """The scope is what the directory shows."""
        try:
            found = await client.ask("department/simplelist")
            departments = [int(each["id"]) for each in found.get("department_id", ())]
            people = set()
            for department in departments:
                listed = await client.ask("user/simplelist", department_id=department)
                people |= {str(each["userid"]).lower() for each in listed.get("userlist", ())}
        except WecomError as error:
            return Finding("✕", "可见范围", advice(error))
        if not people:
            return Finding("✕", "可见范围", "应用谁也看不见。到应用详情页“可见范围”加上要填报的人。")
        return Finding("✓", f"可见范围：{len(departments)} 个部门，{len(people)} 人")

    async def _robot(self, robot: Robot) -> Finding:
        """Subscribing throws a running connection out, so none is opened while somebody holds the lease."""
        if await asyncio.to_thread(self.shelf.get, LEASE_KEY, self.now()) is not None:
            return Finding("✓", "智能机器人：jixiao run 正连着，没有另开连接去试")
        try:
            async with (
                asyncio.timeout(10),
                connect(robot.gateway, max_size=frames.FRAME_BYTES, ping_interval=None) as socket,
            ):
                body = {"bot_id": robot.bot_id, "secret": robot.secret}
                await socket.send(frames.frame(frames.SUBSCRIBE, "check", body))
                _, _, answer = frames.parsed(await socket.recv())
        except Exception:
            return Finding("✕", "智能机器人", NO_GATEWAY)
        code = answer.get("errcode", 0)
        if code:
            return Finding("✕", "智能机器人", advice(WecomError("bot", int(code))))
        note = "" if self.own.application else "没有自建应用，机器人要由超级管理员创建，否则认不出人。"
        return Finding("△" if note else "✓", "智能机器人", note)


async def _one(what: str, check: Callable[[], Awaitable[Any]]) -> Finding:
    try:
        await check()
    except WecomError as error:
        return Finding("✕", what, advice(error))
    return Finding("✓", what)


def advice(error: WecomError) -> str:
    """What to do about an error, in a sentence."""
    if error.code == NOBODY:
        return "这个账号不存在，或不在应用的“可见范围”里。"
    return ADVICE.get(error.code, f"企业微信说 {error.code}。按这个代码到开发者中心“全局错误码”里查。")


async def _verified(url: str, keys: Keys, corp_id: str, at: datetime) -> Finding:
    """The address answers as it must: the decrypted text, bare, within a second."""
    what, own = "回调地址从外面能打开", KeySet(keys.token, keys.aes_key, corp_id)
    expected, nonce = str(secrets.randbelow(10**18)), secrets.token_hex(8)
    sealed = _Cipher(own.key).encrypt(expected, corp_id).decode()
    query = {"timestamp": str(int(at.timestamp())), "nonce": nonce, "echostr": sealed}
    query["msg_signature"] = own.signature(query["timestamp"], nonce, sealed)
    try:
        timeout = aiohttp.ClientTimeout(total=VERIFY_SECONDS * 5)
        began = asyncio.get_running_loop().time()
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
            session.get(url, params=query, allow_redirects=False) as response,
        ):
            answer = await response.content.read(4096)
            seconds = asyncio.get_running_loop().time() - began
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return Finding(
            "✕", what, "打不开这个地址。jixiao run 开着吗？反向代理有没有把 /callback/wecom 转给它？"
        )
    if response.status != 200 or answer != expected.encode():
        todo = f"地址答了（HTTP {response.status}），但不是绩监通的回答：转错了地方，或两边的 Token、AESKey 不一样。"
        return Finding("✕", what, todo)
    if seconds > VERIFY_SECONDS:
        return Finding("✕", what, f"用了 {seconds:.1f} 秒，企业微信只等 1 秒。看看中间的网络。")
    return Finding("✓", what)


def _clock(client: WecomClient) -> Finding:
    if abs(client.skew) <= SKEW:
        return Finding("✓", "时钟")
    minutes = int(abs(client.skew).total_seconds()) // 60
    return Finding(
        "✕", "时钟", f"这台服务器的钟和企业微信差 {minutes} 分钟，回调会被当成旧的。请校准（chrony 或 ntp）。"
    )
