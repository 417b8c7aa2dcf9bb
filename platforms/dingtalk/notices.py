"""工作通知: the cheapest way to many, a hundred a call; who did not get it and who has read it is asked afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.ports import SendFailed
from platforms.dingtalk import requests
from platforms.dingtalk.capabilities import LIMITS
from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.openapi import NOTICE, NOTICE_RECALL, NOTICE_RESULT, OpenApi
from platforms.dingtalk.pacing import Pace
from platforms.dingtalk.refusals import Meaning, Refused, meaning_of

Outcome = str | SendFailed
REFERENCE = "notice:"
#: DingTalk drops these silently: the person is no longer there, may not be told, or has had this before.
LOST = ("invalid_user_id_list", "failed_user_id_list")
#: the same words the same day: ours are numbered, so the person has had this very message.
DUPLICATE = "143106"
DROPPED = SendFailed("notice dropped", retryable=False)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one sending, as far as DingTalk knows by now."""

    lost: Mapping[str, SendFailed]
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
        return {user: result.lost[user] for user in users if user in result.lost}

    async def result(self, reference: str) -> Result:
        """Within 24 hours. Refused."""
        asked = {"agent_id": int(self._own.agent_id), "task_id": int(reference.removeprefix(REFERENCE))}
        body = await self._openapi.oapi(NOTICE_RESULT, json=asked)
        found = body.get("send_result") or {}
        lost = {str(user): DROPPED for name in LOST for user in found.get(name) or ()}
        return Result(lost | _forbidden(found), tuple(map(str, found.get("read_user_id_list") or ())))

    async def recall(self, reference: str) -> None:
        """Take it back within 24 hours. Refused."""
        asked = {"agent_id": int(self._own.agent_id), "msg_task_id": int(reference.removeprefix(REFERENCE))}
        await self._openapi.oapi(NOTICE_RECALL, json=asked)


def _forbidden(found: Mapping[str, Any]) -> dict[str, SendFailed]:
    """Who was held back, and why: codes come with a count and one name each, so with several codes it is not said
    whose is whose; those are tried again, which costs nobody a second message."""
    codes = {str(each.get("userid")): str(each.get("code")) for each in found.get("forbidden_list") or ()}
    only = next(iter(codes.values())) if len(set(codes.values())) == 1 else ""
    held = {str(user): codes.get(str(user), only) for user in found.get("forbidden_user_id_list") or ()}
    return {user: _held(code) for user, code in held.items() if code != DUPLICATE}


def _held(code: str) -> SendFailed:
    meaning, pause = meaning_of(code) if code else (Meaning.LATER, 60)
    return SendFailed(code or "notice held", retryable=meaning is Meaning.LATER, pause_seconds=pause)
