"""Frames of another organisation than the configured one (somebody of a shared group, a wrong application): nothing of
them is kept, and a person hears why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.frames import Frame
from platforms.dingtalk.reading import CARD, ROBOT
from platforms.dingtalk.refusals import Refused
from platforms.dingtalk.sessions import SESSION
from platforms.dingtalk.wire import Wire

log = structlog.get_logger(__name__)

SAID = "这个机器人只给本单位的人用。您这条消息没有处理，也没有保存。"
#: where a frame says whose it is, by topic; an event says it in its head.
CORPS = {ROBOT: "senderCorpId", CARD: "corpId"}


class Foreign:
    """Nobody is foreign while no organisation is configured, or when a frame does not say."""

    def __init__(self, own: Configuration, wire: Wire) -> None:
        self._own, self._wire = own, wire

    def sent(self, frame: Frame, body: Mapping[str, Any]) -> bool:
        """Whether another organisation's member, or event, is behind this frame."""
        said = frame.corp or body.get(CORPS.get(frame.topic, ""), "")
        foreign = bool(self._own.corp_id and said and said != self._own.corp_id)
        if foreign:
            log.warning("dingtalk.foreign", topic=frame.topic[:80], id=frame.message_id)
        return foreign

    async def told(self, body: Mapping[str, Any]) -> None:
        """Where the question was asked; the robot cannot write to people of other organisations."""
        url = body.get("sessionWebhook")
        if not isinstance(url, str) or not url.startswith(self._own.oapi + SESSION):
            return
        try:
            await self._wire.json("POST", url, json={"msgtype": "text", "text": {"content": SAID}})
        except Refused as refused:
            log.warning("dingtalk.foreign_not_told", code=refused.refusal.code)
