"""企业微信 as a connected platform: the application pushes and is called back, the 智能机器人 talks; either alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.events import Event
from bot.ports import Contact, Delivery, Inlet, Link, LinkState, SendFailed, Shelf
from platforms.wecom import contacts, reading
from platforms.wecom.budget import Budget
from platforms.wecom.callback import Callback
from platforms.wecom.client import WecomClient
from platforms.wecom.codes import Codes
from platforms.wecom.configuration import Application, Configuration, Robot
from platforms.wecom.crypto import KeySet
from platforms.wecom.drawing import HOME
from platforms.wecom.failures import WecomError, meaning
from platforms.wecom.robot import RobotHalf
from platforms.wecom.sending import Outcome, Sender, lower
from platforms.wecom.upkeep import Upkeep

log = structlog.get_logger()

BOT_KEYS = ("reply:wecom:bot-", "sorry:wecom:bot-")
PLAIN_GOOD_FOR = timedelta(days=30)
NO_WAY = SendFailed("这个人在企业微信里够不着", retryable=False)


class WecomPlatform:
    """See bot.ports.Connected."""

    name = "wecom"

    def __init__(self, own: Configuration, shelf: Shelf, now: Callable[[], datetime]) -> None:
        self._own, self._shelf, self._now = own, shelf, now
        self._inlet: Inlet | None = None
        self.codes = Codes(shelf, now)
        self.client = self._client(own.application) if own.application else None
        self.robot = self._robot(own.robot) if own.robot else None
        self.callback = self._callback(own.application) if own.application and own.application.keys else None
        self.sender = self._sender(own.application, self.client) if own.application and self.client else None
        self.upkeep = Upkeep(shelf, now, self._alarm)

    def _client(self, app: Application) -> WecomClient:
        return WecomClient(app.corp_id, app.secret, shelf=self._shelf, now=self._now, base_url=app.api)

    def _callback(self, app: Application) -> Callback:
        keys = [KeySet(each.token, each.aes_key, app.corp_id) for each in app.keys]
        return Callback(keys, self._now, app.passive, app.home, self.codes, self._first, self._noticed)

    def _sender(self, app: Application, client: WecomClient) -> Sender:
        hint = "" if app.keys else _hint(self._own.robot)
        budget = Budget(app.per_day, self._shelf.count)
        return Sender(client, app.agent, self._shelf, self.codes, budget, self._now, app.home or HOME, hint)

    def _robot(self, robot: Robot) -> RobotHalf:
        budget = Budget(1_000_000, self._shelf.count)
        return RobotHalf(robot, self._shelf, self._now, budget, self._plain, self._alarm)

    # -- in -----------------------------------------------------------------------------------------

    def read(self, message_id: str, payload: Mapping[str, Any], at: datetime) -> Event:
        """See :func:`platforms.wecom.reading.read`."""
        return reading.read(message_id, payload, at)

    async def run(self, inlet: Inlet, stop: asyncio.Event) -> None:
        """Listen until ``stop``."""
        self._inlet = inlet
        if self.client:
            self.client.open()
        if self.callback:
            self.callback.inlet = inlet
        if self.robot:
            self.robot.inlet = inlet
        working = [asyncio.ensure_future(each) for each in self._work(stop)]
        try:
            await asyncio.gather(*working)
        finally:
            for task in working:
                task.cancel()
            if self.sender:
                self.sender.budget.write()
            if self.client:
                await self.client.close()

    def _work(self, stop: asyncio.Event) -> list[Any]:
        tending = [self.upkeep.run(stop)] if self.client else []
        return [stop.wait(), *tending, *([self.robot.run(stop)] if self.robot else [])]

    async def _first(self, user: str) -> bool:
        """Whether somebody opens the application for the first time; from now on no more."""
        key = f"app.met:{user}"
        if await asyncio.to_thread(self._shelf.get, key, self._now()) is not None:
            return False
        await asyncio.to_thread(self._shelf.put, key, self._now().isoformat())
        return True

    async def _noticed(self, body: Mapping[str, Any]) -> None:
        await self.upkeep.noticed(str(body.get("Event", "")).lower())

    async def _alarm(self, code: str) -> None:
        """An administrator hears of it, once a day."""
        if self._inlet is None:
            return
        at = self._now()
        payload = {"via": reading.SYSTEM, "user": "", "body": {"code": code}}
        await self._inlet.receive(f"alarm-{code}-{at:%Y%m%d}", payload, at)

    async def _plain(self, user: str) -> str:
        """The plain id of an encrypted one; an id the application cannot convert is taken to be plain already."""
        key = f"plain:{user}"
        kept = await asyncio.to_thread(self._shelf.get, key, self._now())
        if kept is not None or self.client is None or not user:
            return kept or user
        try:
            found = await self.client.call("batch/openuserid_to_userid", {"open_userid_list": [user]})
        except WecomError as error:
            log.warning("wecom.userid_not_converted", code=error.code)
            return user
        listed = {each.get("open_userid"): each.get("userid") for each in found.get("userid_list", ())}
        plain = str(listed.get(user) or user)
        await asyncio.to_thread(self._shelf.put, key, plain, self._now() + PLAIN_GOOD_FOR)
        return plain

    def link(self) -> Link:
        """How the bot's line is, and whether the application's secret is the right one."""
        wrong = self.client.refused() if self.client else None
        if wrong:
            return Link(LinkState.REFUSED, meaning(wrong).advice)
        if self.robot and not self.robot.gateway.is_open:
            return Link(LinkState.DOWN, "机器人的长连接没有连上，正在重连")
        return Link(LinkState.UP)

    # -- out ----------------------------------------------------------------------------------------

    async def send(self, delivery: Delivery) -> str:
        """One message to one person; its reference. Raises SendFailed."""
        (found,) = await self.send_all((delivery,))
        if isinstance(found, SendFailed):
            raise found
        return found

    async def send_all(self, deliveries: Sequence[Delivery]) -> list[Outcome]:
        """Each the way that reaches the person: as many of them together as a call allows."""
        ready = [lower(delivery) for delivery in deliveries]
        ways = [await self._by_robot(delivery) for delivery in ready]
        found: dict[int, Outcome] = {}
        for by_robot in (False, True):
            chosen = [n for n, way in enumerate(ways) if way is by_robot]
            if chosen:
                outcomes = await self._send_by(by_robot, [ready[n] for n in chosen])
                found |= dict(zip(chosen, outcomes, strict=True))
        return [found[n] for n in range(len(ready))]

    async def _send_by(self, by_robot: bool, deliveries: Sequence[Delivery]) -> Sequence[Outcome]:
        way = self.robot if by_robot else self.sender
        if way is None:
            return [NO_WAY] * len(deliveries)
        return await way.send_all(deliveries)

    async def _by_robot(self, delivery: Delivery) -> bool:
        """An answer goes the way the question came. Else the application, unless its card could not call back and
        the person talks with the bot."""
        if self.robot is None:
            return False
        if self.sender is None or delivery.key.startswith(BOT_KEYS):
            return True
        asks = bool(delivery.card.actions)
        return bool(self.sender.hint) and asks and await self.robot.knows(delivery.user_id)

    async def recall(self, reference: str) -> None:
        """Take a message of the application back, within 24 hours. Raises WecomError."""
        if self.sender is None or self.client is None:
            raise WecomError("message/recall", 0, "no application")
        try:
            await self.sender.recall(reference)
        finally:
            await self.client.close()

    async def directory(self) -> Sequence[Contact] | None:
        """Everybody the application may see; None without one, or when it may not."""
        if self.client is None:
            return None
        try:
            return await contacts.directory(self.client)
        except WecomError as error:
            log.warning("wecom.directory", code=error.code)
            return None


def _hint(robot: Robot | None) -> str:
    """What a card says that cannot be answered on the spot."""
    if robot is None:
        return "这张卡只通知。请和本单位联系人联系办理。"
    return f"要填报或查看：打开“{robot.name}”机器人，发“填报”。"
