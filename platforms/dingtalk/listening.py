"""What is done with each frame before it is answered: kept, decided, and for a tap drawn into the answer itself."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any

import structlog

from bot.ports import Delivery, Inlet, Reply
from platforms.dingtalk import frames, requests
from platforms.dingtalk.carding import REFERENCE, Cards
from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.downloads import Downloads
from platforms.dingtalk.drawing import Drawn
from platforms.dingtalk.foreign import Foreign
from platforms.dingtalk.frames import Ack, Frame
from platforms.dingtalk.metering import Meter
from platforms.dingtalk.reading import CARD, ROBOT, attachment, body_of, over_quota, rich_text, sender
from platforms.dingtalk.sessions import Sessions

log = structlog.get_logger(__name__)

SUCCESS = {"status": "SUCCESS", "message": "OK"}
AGAIN = {"status": "LATER", "message": "try again"}
NOTHING: Mapping[str, Any] = {"response": None}
#: of DingTalk's two seconds, what is left for keeping a tap that is not decided yet.
KEEPING_SECONDS = 0.3
FAREWELL_SECONDS = 4
LATE_SECONDS = 60.0
Handle = Callable[[Frame, Mapping[str, Any]], Awaitable[Ack]]
Tap = tuple[str, Mapping[str, Any], datetime]


class Listener:
    """One connection's ears. ``drawn`` draws a reply as this tenant can show it."""

    def __init__(
        self,
        own: Configuration,
        inlet: Inlet,
        clock: Callable[[], datetime],
        meter: Meter,
        cards: Cards,
        downloads: Downloads,
        foreign: Foreign,
        sessions: Sessions,
        drawn: Callable[[Any], Drawn],
    ) -> None:
        self._own, self._inlet, self._clock = own, inlet, clock
        self._meter, self._cards, self._downloads, self._drawn = meter, cards, downloads, drawn
        self._foreign, self._sessions = foreign, sessions
        self._late, self._late_said = 0, -LATE_SECONDS  # taps too slow since it was said, and when
        self._tasks: set[asyncio.Task[Any]] = set()
        self._kept: set[asyncio.Task[Any]] = set()  # those a restart takes up again

    async def __call__(self, frame: Frame) -> Ack:
        """The answer to a frame. Raises when it was not kept: DingTalk is to deliver it again."""
        if frame.kind == frames.SYSTEM:
            return Ack(frame.message_id, data=_echo(frame))
        handle = self._handler(frame)
        if handle is None:
            log.warning("dingtalk.unknown_frame", kind=frame.kind[:20], topic=frame.topic[:80])
            return Ack(frame.message_id, frames.NOT_FOUND, NOTHING)
        self._meter.count("pushes", frame.event or frame.topic)
        body = body_of(frame.data)
        if self._foreign.sent(frame, body):
            return self._refused(frame, body)
        if over_quota(body):
            log.error("dingtalk.month_used_up")
            self._meter.exhausted("pushes")
        return await handle(frame, body)

    def _refused(self, frame: Frame, body: Mapping[str, Any]) -> Ack:
        """Answered, so that it does not come again."""
        if frame.topic == ROBOT:
            self._begin(self._foreign.told(body))
        refused: Mapping[str, Any] = SUCCESS if frame.kind == frames.EVENT else NOTHING
        return Ack(frame.message_id, data=refused)

    def _handler(self, frame: Frame) -> Handle | None:
        if frame.kind == frames.EVENT:
            return self._event
        if frame.kind != frames.CALLBACK:
            return None
        return {ROBOT: self._message, CARD: self._tap}.get(frame.topic)

    async def finished(self) -> None:
        """Returns when what was begun has ended, or may be left for the next start."""
        for task in self._kept & self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=FAREWELL_SECONDS)

    async def resume(self) -> None:
        """Files that were not fetched yet (after a start)."""
        await self._downloads.resume(self._inlet)

    # -- events --------------------------------------------------------------------------------------

    async def _event(self, frame: Frame, _body: Mapping[str, Any]) -> Ack:
        """The gateway wants a status in so many words; without it the event comes again."""
        if frame.event != frames.READ_EVENT:
            return Ack(frame.message_id, data=SUCCESS)
        payload = {"topic": "*", "event": frame.event, "user": "", "data": frame.data}
        try:
            message_id = _id("event", frame.event_id or frame.message_id or frame.data)
            await self._inlet.receive(message_id, payload, self._clock())
        except Exception:
            log.exception("dingtalk.event_failed", id=frame.message_id)
            return Ack(frame.message_id, frames.FAILED, AGAIN)  # a 200 would be remembered as done
        return Ack(frame.message_id, data=SUCCESS)

    # -- robot messages ------------------------------------------------------------------------------

    async def _message(self, frame: Frame, body: Mapping[str, Any]) -> Ack:
        payload = {"topic": ROBOT, "user": sender(ROBOT, body), "data": frame.data}
        message_id, at = _id("msg", str(body.get("msgId") or frame.message_id or frame.data)), self._clock()
        self._sessions.spoke(payload["user"], body)
        fetch = bool(payload["user"] and attachment(body))
        if fetch:
            await self._downloads.keep(message_id, payload, at)
            fetching = self._begin(self._downloads.hand_over(message_id, payload, at, self._inlet))
            self._kept.add(fetching)
            fetching.add_done_callback(self._kept.discard)
        if rich_text(body) or not fetch:
            await self._inlet.receive(f"{message_id}:text" if fetch else message_id, payload, at)
        return Ack(frame.message_id, data=NOTHING)

    # -- taps ----------------------------------------------------------------------------------------

    async def _tap(self, frame: Frame, body: Mapping[str, Any]) -> Ack:
        out_track = _out_track(body)
        payload = {"topic": CARD, "user": sender(CARD, body), "data": frame.data}
        message_id, at = _id("card", frame.message_id or frame.data), self._clock()
        hopeless = self._inlet.behind() > self._own.answer_within / 2
        deciding = self._begin(self._inlet.receive(message_id, payload, at, wants_reply=True))
        try:
            await asyncio.wait({deciding}, timeout=0 if hopeless else self._own.answer_within)
        except asyncio.CancelledError:  # the line broke: there is nothing left to answer
            self._begin(self._afterwards(out_track, deciding))
            raise
        if not deciding.done():
            return await self._too_slow(frame.message_id, out_track, (message_id, payload, at), deciding)
        reply = deciding.result()
        return (
            self._answered(frame.message_id, out_track, reply)
            if reply
            else Ack(frame.message_id, data={"response": {}})
        )

    def _answered(self, frame_id: str, out_track: str, reply: Reply) -> Ack:
        """The card that takes the tapped one's place, inside of the answer; any other goes its usual way after it."""

        async def declined() -> None:
            await self._inlet.declined(reply)

        delivery, drawn = reply.delivery, self._drawn(reply.delivery)
        self._cards.stands(delivery.replaces, out_track)
        if not (delivery.replaces and drawn.fits_in_an_answer and out_track):
            return Ack(frame_id, data={"response": {}}, went=declined, lost=declined)

        async def replied() -> None:
            self._cards.stands(delivery.token, out_track)
            await self._inlet.replied(reply, REFERENCE + out_track)
            self._begin(self._fade(delivery, out_track))

        response = requests.card_answer(drawn.cards[0])
        return Ack(frame_id, data={"response": response}, went=replied, lost=declined)

    async def _fade(self, delivery: Delivery, out_track: str) -> None:
        if not await self._meter.spent("fade"):
            await self._cards.fade_parts(delivery.replaces, delivery.user_id, but=out_track)

    async def _too_slow(
        self, frame_id: str, out_track: str, tap: Tap, deciding: asyncio.Task[Reply | None]
    ) -> Ack:
        """Deciding takes longer than DingTalk waits: the tap is kept, answered, and its card changed later (T24)."""
        self._say_late()
        keeping = self._begin(self._inlet.keep(*tap))
        self._begin(self._afterwards(out_track, deciding))
        await asyncio.wait({keeping}, timeout=KEEPING_SECONDS)
        good = keeping.done() and keeping.exception() is None
        return Ack(frame_id, frames.OK if good else frames.FAILED, {"response": {}})

    def _say_late(self) -> None:
        """One line a minute at most: a thousand would make it later still."""
        self._late += 1
        if (now := asyncio.get_running_loop().time()) >= self._late_said + LATE_SECONDS:
            log.warning("dingtalk.late", taps=self._late)
            self._late, self._late_said = 0, now

    async def _afterwards(self, out_track: str, deciding: asyncio.Task[Reply | None]) -> None:
        """The card is changed by a call, as there is no answer left to change it in."""
        reply = await deciding
        if reply:
            self._cards.stands(reply.delivery.replaces, out_track)
            await self._inlet.declined(reply)

    def _begin(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Something that goes on whatever becomes of the connection."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("dingtalk.work_failed", error=type(error).__name__)


def _out_track(body: Mapping[str, Any]) -> str:
    """Which card was tapped."""
    found = body.get("outTrackId")
    return found if isinstance(found, str) else ""


def _echo(frame: Frame) -> Mapping[str, Any]:
    return body_of(frame.data)


def _id(kind: str, found: str) -> str:
    """The same for every delivery of the same thing, and short."""
    return (
        f"{kind}:{found}" if 0 < len(found) <= 80 else f"{kind}:{hashlib.sha256(found.encode()).hexdigest()}"
    )
