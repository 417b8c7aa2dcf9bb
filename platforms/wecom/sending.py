"""A delivery as calls of the application: a tapped card replaced, or messages to up to 1000 people at once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.ports import Delivery, SendFailed, Shelf
from platforms.wecom.budget import Budget, crowded, until_tomorrow
from platforms.wecom.capabilities import FILE_BYTES, PICTURE_BYTES, RECIPIENTS
from platforms.wecom.client import WecomClient
from platforms.wecom.codes import Codes
from platforms.wecom.drawing import draw, notice, replacement, task_id
from platforms.wecom.failures import (
    INVALID,
    LIMITED,
    TASK_USED,
    UNLICENSED,
    WecomError,
    send_failed,
)
from platforms.wecom.layout import Layout, lay_out

log = structlog.get_logger()

Outcome = str | SendFailed
#: keys of messages somebody waits for: they are not put off, and saying the same twice is meant.
PROMPTED = ("reply:", "sorry:")
#: what the grey button of a tapped card says once its answer follows below.
BELOW = "见下面"
PART = "part:"
DUPLICATE_SECONDS = 4 * 3600
#: after so many calls nobody answered, nothing is tried for so long: a queue of thousands must not wait on each (T20).
LOST_IN_A_ROW, QUIET = 3, timedelta(seconds=30)
MEDIA_GOOD_FOR = timedelta(days=2, hours=20)
#: pauses after 45009, in turn: the minute's block, the hour's, then the day's.
LIMITED_PAUSES = (60, 3600)


@dataclass(slots=True)
class Sender:
    """``hint`` is what a card without a way to call back tells people to do instead; '' when cards call back."""

    client: WecomClient
    agent: int
    shelf: Shelf
    codes: Codes
    budget: Budget
    now: Callable[[], datetime]
    home: str
    hint: str = ""
    limited: int = 0  # how often in a row 45009 was the answer
    lost: int = 0  # how often in a row nobody answered
    quiet_until: datetime | None = None  # nobody answered just now: not asked again for every message
    _uploads: dict[str, asyncio.Lock] = field(default_factory=dict)
    _begun: set[str] | None = None  # cards of which a part went out, read from the shelf once

    async def send_all(self, deliveries: Sequence[Delivery]) -> list[Outcome]:
        """The same card to these people, in their order: a reference or why not. Raises SendFailed for all alike."""
        self._allowed_now(deliveries)
        found: dict[str, Outcome] = {}
        laid = lay_out(deliveries[0].card)
        ready: list[Delivery] = []
        for delivery in deliveries:
            pause = self.budget.wait(delivery.user_id, laid.messages, self.now())
            if pause:
                found[delivery.user_id] = SendFailed(
                    "这个人这一分钟已收到很多", retryable=True, pause_seconds=pause
                )
            else:
                ready.append(delivery)
        for start in range(0, len(ready), RECIPIENTS):
            found |= await self._chunk(ready[start : start + RECIPIENTS], laid)
        return [found[delivery.user_id] for delivery in deliveries]

    def _allowed_now(self, deliveries: Sequence[Delivery]) -> None:
        at, first = self.now(), deliveries[0]
        if self.quiet_until and at < self.quiet_until:
            raise send_failed(WecomError("message/send", 0, "quiet"))
        pause = 0 if first.key.startswith(PROMPTED) else crowded(first.user_id, at)
        if pause:
            raise SendFailed("避开整点和半点", retryable=True, pause_seconds=pause)
        if self.budget.full_today(len(deliveries), at):
            raise SendFailed("今天的发送总量已用完", retryable=True, pause_seconds=until_tomorrow(at))

    async def _chunk(self, deliveries: Sequence[Delivery], laid: Layout) -> dict[str, Outcome]:
        """One call per message of the card; a failure is that of everybody still in it."""
        users = [delivery.user_id for delivery in deliveries]
        try:
            found = await self._messages(deliveries[0], users, laid)
        except WecomError as error:
            return dict.fromkeys(users, self._failed(error))
        self.limited, self.lost = 0, 0
        return found

    def _failed(self, error: WecomError) -> SendFailed:
        self.lost = self.lost + 1 if error.unreachable else 0
        if self.lost >= LOST_IN_A_ROW:
            self.quiet_until = self.now() + QUIET
        if error.code != LIMITED:
            failed = send_failed(error)
            level = log.warning if failed.retryable and error.unreachable else log.error
            level("wecom.send_failed", endpoint=error.endpoint, code=error.code, advice=failed.code)
            return failed
        self.limited += 1
        pauses = (*LIMITED_PAUSES, until_tomorrow(self.now()))
        return send_failed(error, pauses[min(self.limited, len(pauses)) - 1])

    # -- one card to one group of people ---------------------------------------------------------------

    async def _messages(self, delivery: Delivery, users: list[str], laid: Layout) -> dict[str, Outcome]:
        """Message after message; who is refused one gets no more of them. What went out before a failure is
        remembered, so that the next try goes on from there."""
        progress = _progress_key(delivery, users)
        done, reference = await self._done(progress)
        messages = self._drawn(delivery, users, laid)
        if not done and len(users) == 1 and await self._replaced(delivery, laid.messages == 1):
            done, reference = 1, f"update:{delivery.replaces}"
        refused: dict[str, Outcome] = {}
        for number, message in enumerate(messages[done:], done):
            left = [user for user in users if user not in refused]
            if not left:
                break
            try:
                answer = await self._post(message, left, delivery)
            except WecomError:
                await self._remember(progress, number, reference)
                raise
            refused |= _refused(answer, left)
            reference = reference or str(answer.get("msgid", ""))
        return {user: refused.get(user, reference) for user in users}

    def _drawn(self, delivery: Delivery, users: Sequence[str], laid: Layout) -> list[dict[str, Any]]:
        if self.hint:
            return notice(delivery.card, self.hint, self.home, laid)
        return draw(delivery.card, delivery.token, task_id(delivery.token, users), self.home, laid)

    async def _done(self, progress: str) -> tuple[int, str]:
        if self._begun is None:
            self._begun = set(await asyncio.to_thread(self.shelf.keys, PART))
        if progress not in self._begun:
            return 0, ""
        kept = await asyncio.to_thread(self.shelf.get, progress, self.now())
        number, _, reference = (kept or "0 ").partition(" ")
        return int(number), reference

    async def _remember(self, progress: str, number: int, reference: str) -> None:
        if number:
            self._begun = {*(self._begun or ()), progress}
            until = self.now() + timedelta(days=1)
            await asyncio.to_thread(self.shelf.put, progress, f"{number} {reference}", until)

    async def _replaced(self, delivery: Delivery, whole: bool) -> bool:
        """The tapped card changed into this one. Where more than a card is to be said, or the card cannot be changed
        any more, False: everything is sent below, and the old card's buttons are greyed as far as possible (T23)."""
        code = await self.codes.take(delivery.replaces, delivery.user_id) if delivery.replaces else None
        if code is None or self.hint:
            return False
        card = {"template_card": replacement(delivery.card, delivery.token, self.home)}
        body = {
            "userids": [delivery.user_id],
            "agentid": self.agent,
            "response_code": code,
            **(card if whole else {"button": {"replace_name": BELOW}}),
        }
        try:
            answer = await self.client.call("message/update_template_card", body)
        except WecomError as error:
            log.info("wecom.card_not_replaced", code=error.code)
            return False
        return whole and not answer.get("invaliduser")

    async def _post(self, message: Mapping[str, Any], users: list[str], delivery: Delivery) -> dict[str, Any]:
        at = self.now()
        ready = await self._with_media(message, delivery)
        unique = "task_id" in message.get("template_card", {})
        guarded = unique or not delivery.key.startswith(PROMPTED)
        body = {
            "touser": "|".join(users),
            "agentid": self.agent,
            **ready,
            **(
                {"enable_duplicate_check": 1, "duplicate_check_interval": DUPLICATE_SECONDS}
                if guarded
                else {}
            ),
        }
        try:
            answer = await self.client.call("message/send", body)
        except WecomError as error:
            if error.code != TASK_USED or not unique:
                raise
            answer = {}  # this very card went out before, and we did not hear so (T15)
        for user in users:
            self.budget.spend(user, at)
        self.budget.spend_today(len(users), at)
        if answer.get("response_code") and unique:
            owner = users[0] if len(users) == 1 else ""
            await self.codes.sent(delivery.token, owner, str(answer["response_code"]))
        return answer

    # -- files ----------------------------------------------------------------------------------------

    async def _with_media(self, message: Mapping[str, Any], delivery: Delivery) -> dict[str, Any]:
        """A message with its file uploaded; a file the platform would not take is said to be on the table command."""
        name = message.get("name")
        if name is None:
            return dict(message)
        kind, content = str(message["msgtype"]), delivery.files[name]
        if kind == "image" and len(content) > PICTURE_BYTES:
            kind = "file"
        if not 5 < len(content) <= FILE_BYTES:
            log.error("wecom.file_not_sent", bytes=len(content))
            return {"msgtype": "text", "text": {"content": f"{name} 太大，这里发不了，请向预算科要。"}}
        return {"msgtype": kind, kind: {"media_id": await self.media(kind, name, content)}}

    async def media(self, kind: str, name: str, content: bytes) -> str:
        """The id of an uploaded file; the same file is uploaded once within its three days (L13)."""
        key = "media:" + hashlib.sha256(f"{kind}\0{name}\0".encode() + content).hexdigest()
        async with self._uploads.setdefault(key, asyncio.Lock()):
            kept = await asyncio.to_thread(self.shelf.get, key, self.now())
            if kept is None:
                kept = await self.client.upload(kind, name, content)
                await asyncio.to_thread(self.shelf.put, key, kept, self.now() + MEDIA_GOOD_FOR)
        self._uploads.pop(key, None)
        return kept

    async def recall(self, reference: str) -> None:
        """Take a message back, within 24 hours. Raises WecomError."""
        await self.client.call("message/recall", {"msgid": reference})


def _refused(answer: Mapping[str, Any], users: Sequence[str]) -> dict[str, Outcome]:
    """Who of them the platform says did not get it; it answers in lower case (T13)."""
    found: dict[str, Outcome] = {}
    for name, why in (("invaliduser", INVALID), ("unlicenseduser", UNLICENSED)):
        told = {each.lower() for each in str(answer.get(name) or "").split("|")}
        found |= {u: SendFailed(why, retryable=False) for u in users if u.lower() in told}
    return found


def _progress_key(delivery: Delivery, users: Sequence[str]) -> str:
    return PART + task_id(delivery.token, users)


def lower(delivery: Delivery) -> Delivery:
    """User ids are the same in any case; ours are lower-case."""
    user = delivery.user_id.lower()
    return delivery if user == delivery.user_id else replace(delivery, user_id=user)
