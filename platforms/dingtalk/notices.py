"""工作通知: the cheapest way to many, a hundred a call; who did not get it and who has read it is asked afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.ports import SendFailed
from platforms.dingtalk import requests
from platforms.dingtalk.capabilities import LIMITS
from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.openapi import NOTICE, NOTICE_RECALL, NOTICE_RESULT, OpenApi
from platforms.dingtalk.pacing import Pace
from platforms.dingtalk.refusals import Refused

Outcome = str | SendFailed
REFERENCE = "notice:"
#: DingTalk drops these silently: the person is no longer there, may not be told, or has had this before.
LOST = ("invalid_user_id_list", "forbidden_user_id_list", "failed_user_id_list")
DUPLICATE = 143106


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one sending, as far as DingTalk knows by now."""

    lost: frozenset[str]
    readers: tuple[str, ...]


class Notices:
    """``agent_id`` must be configured."""

    def __init__(self, own: Configuration, openapi: OpenApi, pace: Pace) -> None:
        self._own, self._openapi, self._pace = own, openapi, pace

    async def send(self, users: Sequence[str], msg: str) -> dict[str, Outcome]:
        """User -> ``notice:<task>``, or why not. Those DingTalk took and then dropped are found at the end, when it
        has had its time."""
        found: dict[str, Outcome] = {}
        for start in range(0, len(users), LIMITS.notice_users):
            some = users[start : start + LIMITS.notice_users]
            await self._pace.notices(len(some))
            found |= await self._some(some, msg)
        tasks = dict.fromkeys(ref for ref in found.values() if isinstance(ref, str))
        for reference in tasks:
            found |= await self._dropped(reference, [u for u, ref in found.items() if ref == reference])
        return found

    async def _some(self, users: Sequence[str], msg: str) -> dict[str, Outcome]:
        asked = requests.notice_form(self._own, users, msg)
        try:
            body = await self._openapi.oapi(NOTICE, json=asked)
        except Refused as refused:
            return dict.fromkeys(users, refused.refusal.failed())
        return dict.fromkeys(users, f"{REFERENCE}{body['task_id']}")

    async def _dropped(self, reference: str, users: Sequence[str]) -> dict[str, Outcome]:
        try:
            result = await self.result(reference)
        except Refused:
            return {}  # whether somebody was dropped is then only seen by who has not read it
        failed = SendFailed("notice dropped", retryable=False)
        return {user: failed for user in users if user in result.lost}

    async def result(self, reference: str) -> Result:
        """Within 24 hours. Refused."""
        asked = {"agent_id": int(self._own.agent_id), "task_id": int(reference.removeprefix(REFERENCE))}
        body = await self._openapi.oapi(NOTICE_RESULT, json=asked)
        found = body.get("send_result") or {}
        lost = {str(user) for name in LOST for user in found.get(name) or ()}
        lost |= {
            str(f.get("userid")) for f in found.get("forbidden_list") or () if f.get("code") != DUPLICATE
        }
        return Result(frozenset(lost), tuple(map(str, found.get("read_user_id_list") or ())))

    async def recall(self, reference: str) -> None:
        """Take it back within 24 hours. Refused."""
        asked = {"agent_id": int(self._own.agent_id), "msg_task_id": int(reference.removeprefix(REFERENCE))}
        await self._openapi.oapi(NOTICE_RECALL, json=asked)
