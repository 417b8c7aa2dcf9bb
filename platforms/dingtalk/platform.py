"""DingTalk as a connected platform: its parts put together, listening until told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog

from bot.cards.card import Card
from bot.events import Event
from bot.ports import Contact, Delivery, Inlet, Link, LinkState, SendFailed, Shelf
from platforms.common.shorten import shorten
from platforms.dingtalk import requests
from platforms.dingtalk.broadcasting import Broadcaster
from platforms.dingtalk.carding import Cards
from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.contacts import directory, name_of
from platforms.dingtalk.downloads import Downloads
from platforms.dingtalk.drawing import draw
from platforms.dingtalk.foreign import Foreign
from platforms.dingtalk.listening import Listener
from platforms.dingtalk.markdown import plain
from platforms.dingtalk.media import Media
from platforms.dingtalk.metering import Meter, Quota
from platforms.dingtalk.notices import REFERENCE as NOTICE
from platforms.dingtalk.notices import Notices
from platforms.dingtalk.openapi import OpenApi
from platforms.dingtalk.pacing import Pace
from platforms.dingtalk.reading import read
from platforms.dingtalk.receipts import Receipts
from platforms.dingtalk.refusals import Refused
from platforms.dingtalk.robot import Robot
from platforms.dingtalk.sending import Sender
from platforms.dingtalk.sessions import Sessions
from platforms.dingtalk.tokens import Tokens
from platforms.dingtalk.transport import Stream
from platforms.dingtalk.unsure import Unsure
from platforms.dingtalk.wire import Wire

log = structlog.get_logger(__name__)

CHORES_SECONDS = 30.0


class DingTalkPlatform:
    """One application of one organisation."""

    name = "dingtalk"
    callback = None

    def __init__(self, own: Configuration, shelf: Shelf, clock: Callable[[], datetime]) -> None:
        self.own, self._shelf, self._clock = own, shelf, clock
        self.wire = Wire(clock, own.connect_seconds)
        self.meter = Meter(shelf, clock, own.monthly_calls, own.monthly_pushes, own.replies_when_used_up)
        self._tokens = Tokens(own, self.wire, shelf, clock)
        self._stream: Stream | None = None
        pace = Pace(own.qps, own.person_minute, own.notice_minute)
        self.openapi = OpenApi(own, self.wire, self._tokens, pace, self.meter)
        self.robot = Robot(own, self.openapi, Unsure(shelf, clock))
        self.notices = Notices(own, self.openapi, pace)
        self.cards = Cards(own, self.openapi, shelf, clock)
        self.media = Media(self.openapi, shelf, clock)
        self.sessions = Sessions(own, self.wire, clock)
        self.sender = Sender(
            own, self.cards, self.robot, self.media, pace, self.meter, self.sessions, shelf, clock
        )
        self._broadcaster = Broadcaster(self.sender, self.notices)
        self._receipts = Receipts(self.notices, self.robot, shelf, clock)

    def read(self, message_id: str, payload: Mapping[str, Any], at: datetime) -> Event:
        """See :func:`platforms.dingtalk.reading.read`."""
        return read(message_id, payload, at)

    async def send(self, delivery: Delivery) -> str:
        """The reference a read receipt will carry. Raises SendFailed."""
        return await self.sender.send(delivery)

    async def send_all(self, deliveries: Sequence[Delivery]) -> Sequence[str | SendFailed]:
        """The same card to many; see :class:`Broadcaster`."""
        outcomes = await self._broadcaster.send_all(deliveries)
        await self._receipts.sent(outcomes)
        return outcomes

    def link(self) -> Link:
        """How the stream is, and whether the secret is the right one."""
        stream = self._stream.link() if self._stream else Link(LinkState.STARTING)
        return self._tokens.link() or stream

    async def directory(self) -> Sequence[Contact] | None:
        """Everybody the application may see; None when it may not."""
        return await directory(self.openapi)

    async def recall(self, reference: str) -> None:
        """Take a message back within 24 hours; a card cannot be. Raises SendFailed."""
        try:
            if reference.startswith(NOTICE):
                await self.notices.recall(reference)
                return
            gone = await self.robot.recall([reference])
        except Refused as refused:
            raise refused.refusal.failed() from None
        if reference not in gone:
            raise SendFailed("cannot be taken back", retryable=False)

    async def to_group(
        self,
        conversation: str,
        text: str,
        file: tuple[str, bytes] | None = None,
        at: Sequence[str] = (),
    ) -> None:
        """A text, and a file after it, to a group the robot is in; ``at`` are the user ids of those it calls by name,
        which takes a card. Raises SendFailed."""
        if at:
            await self._call_in_group(conversation, text, at)
        else:
            await self.robot.to_group(conversation, requests.markdown(shorten(text, 60), plain(text)))
        if file:
            try:
                media_id = await self.media.upload("file", *file)
            except Refused as refused:
                raise refused.refusal.failed() from None
            await self.robot.to_group(conversation, requests.file(media_id, file[0]))

    async def _call_in_group(self, conversation: str, text: str, at: Sequence[str]) -> None:
        if not self.own.template_id:
            raise SendFailed("no template", retryable=False)
        drawn = draw(Card("group", shorten(text, 60), text=text), "", limits=self.own.limits)
        try:
            names = {user: await name_of(self.openapi, user) for user in at}
            await self.cards.to_group(conversation, drawn, names)
        except Refused as refused:
            raise refused.refusal.failed() from None

    def quota(self) -> Quota:
        """The month so far. Reads the shelf: call it from a thread."""
        return self.meter.quota()

    async def run(self, inlet: Inlet, stop: asyncio.Event) -> None:
        """Listen until told to stop; what was begun is finished, what was counted is written."""
        downloads = Downloads(self.own, self.wire, self.openapi, self._shelf, self._clock)
        listener = Listener(
            self.own,
            inlet,
            self._clock,
            self.meter,
            self.cards,
            downloads,
            Foreign(self.own, self.wire),
            self.sessions,
            self.sender.drawn,
        )
        self.wire.open()
        beside = [asyncio.create_task(listener.resume()), asyncio.create_task(self._chores(inlet))]
        try:
            self._stream = Stream(self.own, self.wire, listener)
            await self._stream.until(stop)
        finally:
            for task in beside:
                task.cancel()
            try:
                await asyncio.gather(*beside, return_exceptions=True)
                await listener.finished()
                await self.meter.flush()
            finally:
                await self.wire.close()

    async def _chores(self, inlet: Inlet) -> None:
        """Read lists that are due, and the counters."""
        while True:
            await asyncio.sleep(CHORES_SECONDS)
            try:
                await self._receipts.ask(inlet)
                await self.meter.flush()
            except Exception:
                log.exception("dingtalk.chores_failed")
