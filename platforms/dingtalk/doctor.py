"""Whether an application is set up as we need it, checked at DingTalk itself; what is wrong is said with what to do."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.cards.card import Card, Tone
from platforms.dingtalk import requests
from platforms.dingtalk.drawing import draw
from platforms.dingtalk.markdown import plain
from platforms.dingtalk.openapi import (
    BATCH_SEND,
    CREATE_AND_DELIVER,
    DEPARTMENT_USERS,
    NOTICE_RESULT,
    SUB_DEPARTMENTS,
    UPDATE_CARD,
)
from platforms.dingtalk.platform import DingTalkPlatform
from platforms.dingtalk.refusals import NO_ANSWER, NOT_JSON, UNREACHABLE, Meaning, Refusal, Refused
from platforms.dingtalk.transport import OPEN, SUBSCRIPTIONS

NOBODY = "jixiao-check-nobody"
PERMISSION = "Forbidden.AccessDenied.AccessTokenPermissionDenied"
#: code -> what to do about it.
ADVICE = {
    "invalidClientIdOrSecret": "Client ID 或 Client Secret 不对。到开发者后台“凭证与基础信息”重新抄一遍。",
    "authFailed": "Client ID 或 Client Secret 不对，或者机器人没有选 Stream 模式。",
    "Forbidden.AccessDenied.IpNotInWhiteList": "这台服务器的出口 IP 不在应用的白名单里。到“安全设置”加上。",
    "60020": "这台服务器的出口 IP 不在应用的白名单里。到“安全设置”加上。",
    "60011": "没有权限。到“权限管理”申请这一项对应的权限，再发布一次版本。",
    "50004": "可使用范围没有包括要查的部门。到“版本管理与发布”把范围改成全体经办人。",
    "param.templateNotExist": "没有这个卡片模板。核对 JIXIAO_DINGTALK_TEMPLATE_ID，模板要关联到这个应用。",
    "param.templateUnpublished": "卡片模板还没发布。到卡片平台点“发布”。",
    "invalidParameter.robotCode.notExsit": "没有这个机器人。核对 JIXIAO_DINGTALK_ROBOT_CODE；应用里要有机器人并发布。",
    "robot.oto.notExist": "应用里还没有加机器人能力，或者没有发布。",
    "chatbotId.notAllow.sendOTO": "机器人还不能给人单独发消息。发布应用，再看权限 qyapi_robot_sendmsg。",
    "Forbidden.AccessDenied.ApiCountLimitForOrg": "本月接口调用次数用完了。到后台“用量”里看，加购或等下月。",
    "90020": "本月接口调用次数用完了。到后台“用量”里看，加购或等下月。",
    UNREACHABLE: "连不上。请网络管理员放行 api.dingtalk.com、oapi.dingtalk.com、"
    "wss-open-connection.dingtalk.com 的 443 端口；要走代理就设 HTTPS_PROXY。",
    "certificate": "对方的证书不对：中间可能有设备在解密。请网络管理员对钉钉的域名放行，程序不会关掉校验。",
    NOT_JSON: "回来的是网页，不是数据：多半是代理或防火墙拦下了。请网络管理员看一看。",
    "cannot be taken back": "撤不回：超过 24 小时，或者是卡片，或者没有这条。",
    "processQueryKey.expireTime": "撤不回：超过 24 小时了。",
    NO_ANSWER: "等了很久没有回答。过几分钟再试；一直这样就请网络管理员看出口。",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. ``mark`` is ✓, △ (works with less) or ✕."""

    mark: str
    what: str
    todo: str = ""

    def __str__(self) -> str:
        return f"{self.mark} {self.what}" + (f"：{self.todo}" if self.todo else "")


def advice(refusal: Refusal) -> str:
    """What to do about a refusal, in a sentence."""
    if refusal.code == PERMISSION:
        scopes = "、".join(refusal.scopes) or "这一项"
        return f"没有权限 {scopes}。到“权限管理”申请，再发布一次版本。"
    return ADVICE.get(refusal.code, f"钉钉说 {refusal.code}。按这个代码到开放平台文档里查。")


def told(code: str) -> str:
    """The same for a code alone."""
    return advice(Refusal(code, Meaning.NEVER))


class Doctor:
    """``examine`` asks; a handful of calls, no message to anybody unless ``to`` is named."""

    def __init__(self, platform: DingTalkPlatform) -> None:
        self._platform = platform
        self._own, self._openapi = platform.own, platform.openapi

    async def examine(self, to: str = "") -> list[Finding]:
        """Every finding; without good credentials the first is the only one."""
        first = await self._one("凭证", self._token)
        if first.mark == "✕":
            return [first]
        found = [first]
        for what, check in self._checks(to):
            found.append(await self._one(what, check))
        return [*found, self._clock(), *self._missing()]

    def _checks(self, to: str) -> list[tuple[str, Callable[[], Awaitable[Any]]]]:
        always = [
            ("长连接", self._stream),
            ("机器人", self._robot),
            ("通讯录：部门", self._departments),
            ("通讯录：人员", self._people),
        ]
        template = [("互动卡片和模板", self._template)] if self._own.template_id else []
        notices = [("工作通知", self._notices)] if self._own.agent_id else []
        trial = [(f"给 {to} 发一条试试", lambda: self._trial(to))] if to else []
        return [*always, *template, *notices, *trial]

    async def _one(self, what: str, check: Callable[[], Awaitable[Any]]) -> Finding:
        try:
            await check()
        except Refused as refused:
            return Finding("✕", what, advice(refused.refusal))
        return Finding("✓", what)

    def _clock(self) -> Finding:
        skew = abs(self._platform.wire.skew)
        if skew <= 300:
            return Finding("✓", "时钟")
        return Finding("✕", "时钟", f"这台服务器的钟和钉钉差 {skew // 60} 分钟。请校准（装 chrony 或 ntp）。")

    def _missing(self) -> list[Finding]:
        own, found = self._own, []
        if not own.template_id:
            todo = "没有设 JIXIAO_DINGTALK_TEMPLATE_ID，按钮是链接、填表靠回一条。要卡片，见手册“卡片模板”。"
            found.append(Finding("△", "互动卡片和模板", todo))
        if not own.agent_id:
            todo = "没有设 JIXIAO_DINGTALK_AGENT_ID，群发改由机器人发，调用次数是五倍。"
            found.append(Finding("△", "工作通知", todo))
        return found

    # -- the questions -------------------------------------------------------------------------------

    async def _token(self) -> None:
        await self._openapi.login()

    async def _stream(self) -> None:
        """The gateway gives a ticket, and its endpoint can be reached from here."""
        asked = {
            "clientId": self._own.client_id,
            "clientSecret": self._own.client_secret,
            "subscriptions": list(SUBSCRIPTIONS),
        }
        body = await self._platform.wire.json("POST", self._own.api + OPEN, json=asked)
        parts = urlsplit(str(body.get("endpoint", "")))
        port = parts.port or (443 if parts.scheme == "wss" else 80)
        if not await _reachable(parts.hostname or "", port, self._own.connect_seconds):
            raise Refused(Refusal(UNREACHABLE, Meaning.LATER))

    async def _robot(self) -> None:
        """A message to somebody who does not exist."""
        body = requests.batch(self._own, [NOBODY], *requests.markdown(_CARD.title, _CARD.text))
        await _understood(self._openapi.api("POST", BATCH_SEND, json=body))

    async def _departments(self) -> None:
        await self._openapi.oapi(SUB_DEPARTMENTS, json={"dept_id": 1})

    async def _people(self) -> None:
        await self._openapi.oapi(DEPARTMENT_USERS, json={"dept_id": 1, "cursor": 0, "size": 1})

    async def _template(self) -> None:
        """A card is made and shown to nobody."""
        values = draw(_CARD, "check", template=True).cards[0]
        body = requests.create_card(self._own, NOBODY, f"check.{uuid.uuid4().hex}", values, _CARD.title)
        made = {k: v for k, v in body.items() if k not in ("openSpaceId", "imRobotOpenDeliverModel")}
        await self._openapi.api("POST", UPDATE_CARD, json=made)

    async def _notices(self) -> None:
        asked = {"agent_id": int(self._own.agent_id), "task_id": 1}
        await _understood(self._openapi.oapi(NOTICE_RESULT, json=asked))

    async def _trial(self, to: str) -> None:
        if self._own.template_id:
            values = draw(_CARD, "check", template=True).cards[0]
            body = requests.create_card(self._own, to, f"check.{uuid.uuid4().hex}", values, _CARD.title)
            await self._openapi.api("POST", CREATE_AND_DELIVER, json=body)
            return
        message = requests.markdown(_CARD.title, plain(_CARD.text))
        outcome = (await self._platform.robot.send((to,), message))[to]
        if not isinstance(outcome, str):
            raise Refused(Refusal(outcome.code, Meaning.NEVER))


_CARD = Card("check", "绩监通试一试", text="收到这一条，就是接通了。不用回。", tone=Tone.GOOD)


async def _understood(call: Awaitable[Any]) -> None:
    """The question names nothing that exists; to be told so is good."""
    try:
        await call
    except Refused as refused:
        code = refused.refusal.code
        if code in ADVICE or code == PERMISSION:
            raise


async def _reachable(host: str, port: int, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True
