"""One message to one person, part by part; what went is remembered, so that a repetition goes on where it stopped."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.ports import Delivery, SendFailed, Shelf
from platforms.dingtalk import requests
from platforms.dingtalk.carding import Cards
from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.drawing import Drawn, draw
from platforms.dingtalk.media import Media
from platforms.dingtalk.metering import Meter, answers
from platforms.dingtalk.pacing import Pace
from platforms.dingtalk.refusals import Refused
from platforms.dingtalk.robot import Robot
from platforms.dingtalk.sessions import Sessions

log = structlog.get_logger(__name__)

IN_SESSION = "session"  # the reference of an answer that has no receipt
NO_FILES = "本月钉钉的接口调用用完了，附件发不出。下月再说一次就有。"
REMEMBERED = timedelta(days=3)
#: our own pace, not a failure: it goes later however often it has to wait.
CROWDED = SendFailed("minute full", retryable=True, pause_seconds=30, outage=True)
Part = Callable[[], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Sender:
    """The way to one person."""

    own: Configuration
    cards: Cards
    robot: Robot
    media: Media
    pace: Pace
    meter: Meter
    sessions: Sessions
    shelf: Shelf
    clock: Callable[[], datetime]

    async def send(self, delivery: Delivery) -> str:
        """The reference its read receipt will carry. Raises SendFailed."""
        if await self.meter.spent(delivery.key):
            return await self._without_a_call(delivery)
        if self.pace.crowded((delivery.user_id,)):
            raise CROWDED
        try:
            return await self._in_parts(delivery, self.parts(delivery, self.drawn(delivery)))
        except Refused as refused:
            failed = refused.refusal.failed()
        finally:
            await self.meter.flush()
        raise failed

    async def _without_a_call(self, delivery: Delivery) -> str:
        """The month is used up: somebody who wrote is answered in that chat, the rest waits. Raises SendFailed."""
        if answers(delivery.key):
            drawn = draw(delivery.card, delivery.token, template=False)
            left_out = [("附件", NO_FILES)] if drawn.pictures or drawn.files else []
            if await self.sessions.answer(delivery.user_id, [*drawn.messages, *left_out]):
                return IN_SESSION
        await self.meter.admit(delivery.key)
        raise AssertionError("what is spent is not admitted")

    def drawn(self, delivery: Delivery) -> Drawn:
        """As this tenant can show it."""
        own = self.own
        found = draw(
            delivery.card,
            delivery.token,
            template=bool(own.template_id),
            limits=own.limits,
            number=own.number_field,
        )
        if found.degraded:
            log.info("card.degraded", card=delivery.card.name, platform="dingtalk", parts=found.degraded)
        return found

    def parts(self, delivery: Delivery, drawn: Drawn) -> list[Part]:
        """Every call it takes, in the order the person sees them."""
        first, *rest = self._card_parts(delivery, drawn)
        said = [self._said(delivery.user_id, requests.markdown(*m)) for m in drawn.messages]
        pictures = [self._attached(delivery, name, "image") for name in drawn.pictures]
        files = [self._attached(delivery, name, "file") for name in drawn.files]
        return [each for each in (first, *rest, *said, *pictures, *files) if each]

    def _card_parts(self, delivery: Delivery, drawn: Drawn) -> list[Part | None]:
        return [self._card(delivery, drawn, n) for n in range(len(drawn.cards))] or [None]

    def _card(self, delivery: Delivery, drawn: Drawn, part: int) -> Part:
        user, token, values = delivery.user_id, delivery.token, drawn.cards[part]

        async def go() -> str:
            if part == 0:
                return await self._first_card(delivery, drawn)
            return await self.cards.deliver(user, requests.track(token, user, part), values, drawn.summary)

        return go

    async def _first_card(self, delivery: Delivery, drawn: Drawn) -> str:
        """In the place of the card it replaces, if that can still be changed."""
        user, token = delivery.user_id, delivery.token
        place, reference = requests.track(token, user), None
        if delivery.replaces:
            there = self.cards.place_of(delivery)
            reference = await self.cards.change(delivery, drawn.cards[0])
            await self.cards.fade_parts(delivery.replaces, user, but=there)
            place = there if reference else place
        reference = reference or await self.cards.deliver(user, place, drawn.cards[0], drawn.summary)
        if len(drawn.cards) > 1:
            others = (requests.track(token, user, n) for n in range(1, len(drawn.cards)))
            await self.cards.remember_parts(token, user, (place, *others))
        return reference

    def _said(self, user: str, message: tuple[str, dict[str, str]]) -> Part:
        async def go() -> str:
            return await self._to(user, message)

        return go

    def _attached(self, delivery: Delivery, name: str, kind: str) -> Part:
        async def go() -> str:
            media_id = await self.media.upload(kind, name, delivery.files[name])
            message = requests.picture(media_id) if kind == "image" else requests.file(media_id, name)
            return await self._to(delivery.user_id, message)

        return go

    async def _to(self, user: str, message: tuple[str, dict[str, str]]) -> str:
        outcome = (await self.robot.send((user,), message))[user]
        if isinstance(outcome, SendFailed):
            raise outcome
        return outcome

    async def _in_parts(self, delivery: Delivery, parts: list[Part]) -> str:
        """A message of one part needs no memory: its card has an outTrackId, or it is all or nothing."""
        if len(parts) == 1:
            return await parts[0]()
        key = f"went:{delivery.key}:{delivery.user_id}"
        kept = await asyncio.to_thread(self.shelf.get, key, self.clock())
        done: list[str] = json.loads(kept) if kept else []
        for part in parts[len(done) :]:
            done.append(await part())
            until = self.clock() + REMEMBERED
            await asyncio.to_thread(self.shelf.put, key, json.dumps(done), until)
        return done[0]
