"""The robot's ordinary messages: to people twenty at a time, to groups, taken back, and who has read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.ports import SendFailed
from platforms.dingtalk import requests
from platforms.dingtalk.capabilities import LIMITS
from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.openapi import (
    BATCH_RECALL,
    BATCH_SEND,
    GROUP_READ,
    GROUP_RECALL,
    GROUP_SEND,
    READ_STATUS,
    OpenApi,
)
from platforms.dingtalk.refusals import Meaning, Refused, meaning_of
from platforms.dingtalk.unsure import Message, Unsure, marked

Outcome = str | SendFailed


class Robot:
    """What it cannot do for one person does not keep it from the others."""

    def __init__(self, own: Configuration, openapi: OpenApi, unsure: Unsure) -> None:
        self._own, self._openapi, self._unsure = own, openapi, unsure

    async def send(self, users: Sequence[str], message: Message) -> dict[str, Outcome]:
        """User -> the processQueryKey, or why not. Whoever may have it already is told so."""
        perhaps = await self._unsure.among(users, message)
        found: dict[str, Outcome] = {}
        for some, said in ((perhaps, marked(message)), ([u for u in users if u not in perhaps], message)):
            for start in range(0, len(some), LIMITS.users):
                found |= await self._batch(some[start : start + LIMITS.users], message, said)
        return found

    async def _batch(self, users: Sequence[str], message: Message, said: Message) -> dict[str, Outcome]:
        try:
            body = await self._openapi.api("POST", BATCH_SEND, json=requests.batch(self._own, users, *said))
        except Refused as refused:
            if refused.refusal.meaning is Meaning.UNKNOWN:
                await self._unsure.note(users, message)
            return dict.fromkeys(users, refused.refusal.failed())
        return {user: _outcome(user, body) for user in users}

    async def to_group(self, conversation: str, message: Message) -> str:
        """The processQueryKey. SendFailed."""
        try:
            body = await self._openapi.api(
                "POST", GROUP_SEND, json=requests.group(self._own, conversation, *message)
            )
        except Refused as refused:
            raise refused.refusal.failed() from None
        return str(body.get("processQueryKey", ""))

    async def recall(self, keys: Sequence[str], conversation: str = "") -> frozenset[str]:
        """Take messages back within 24 hours, of a group when one is named; those that are gone. Refused."""
        path = GROUP_RECALL if conversation else BATCH_RECALL
        gone: set[str] = set()
        for start in range(0, len(keys), LIMITS.recall_keys):
            asked: dict[str, Any] = {
                "robotCode": self._own.robot,
                "processQueryKeys": list(keys[start : start + LIMITS.recall_keys]),
            }
            if conversation:
                asked["openConversationId"] = conversation
            body = await self._openapi.api("POST", path, json=asked)
            gone.update(map(str, body.get("successResult") or ()))
        return frozenset(gone)

    async def readers(self, key: str) -> tuple[str, ...]:
        """Who has opened a message, within 24 hours of its sending. Refused."""
        params = {"robotCode": self._own.robot, "processQueryKey": key}
        body = await self._openapi.api("GET", READ_STATUS, params=params)
        infos = body.get("messageReadInfoList") or ()
        return tuple(str(i["userId"]) for i in infos if i.get("readStatus") == "READ")

    async def group_readers(self, conversation: str, key: str) -> tuple[str, ...]:
        """Who has opened a message to a group. Refused."""
        found: list[str] = []
        page = ""
        while True:
            asked = {
                "robotCode": self._own.robot,
                "openConversationId": conversation,
                "processQueryKey": key,
                "maxResults": LIMITS.group_readers,
                **({"nextToken": page} if page else {}),
            }
            body = await self._openapi.api("POST", GROUP_READ, json=asked)
            found += map(str, body.get("readUserIds") or ())
            page = str(body.get("nextToken") or "")
            if not body.get("hasMore") or not page:
                return tuple(found)


def _outcome(user: str, body: Mapping[str, Any]) -> Outcome:
    """Success is per person: inside HTTP 200 somebody may be unknown, or have had too many (T13)."""
    if user in (body.get("invalidStaffIdList") or ()):
        return SendFailed("invalidStaffId", retryable=False)
    if user in (body.get("flowControlledStaffIdList") or ()):
        _, pause = meaning_of("flowControlled")
        return SendFailed("flowControlled", retryable=True, pause_seconds=pause)
    return str(body.get("processQueryKey", ""))
