"""What the platform asked a bot and waits for: one req_id each, and until when which answer is good."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.wecom.errors import Refusal
from sandbox.wecom.phones import Item
from sandbox.wecom.world import World

REPLY_HOURS = 24
STREAM_MINUTES = 6


@dataclass(slots=True)
class Asked:
    """One callback a bot got. ``item`` is the tapped card, ``event`` '' for a message."""

    req_id: str
    bot_id: str
    userid: str
    event: str
    at: datetime
    item: Item | None = None
    answered: bool = False
    stream: str = ""  # the id of the stream being written
    shown: int = 0  # its place on the phone
    since: float = field(default_factory=time.monotonic)


class Asking:
    """Every question so far."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._asked: dict[str, Asked] = {}

    def note(self, asked: Asked) -> None:
        """It was asked."""
        self._asked[asked.req_id] = asked

    def of(self, req_id: str, bot_id: str) -> Asked:
        """The question answered with this req_id; Refusal when there is none or it was answered."""
        asked = self._asked.get(req_id)
        if asked is None or asked.bot_id != bot_id:
            raise Refusal(846605, req_id)
        if asked.answered:
            raise Refusal(846606, req_id)
        return asked

    def in_time(self, asked: Asked) -> None:
        """A message may be answered for a day, a stream be written for minutes."""
        if self.world.now() - asked.at > timedelta(hours=REPLY_HOURS):
            raise Refusal(846604, asked.req_id)
        if asked.stream and self.world.now() - asked.at > timedelta(minutes=STREAM_MINUTES):
            raise Refusal(846608, asked.stream)

    def at_once(self, asked: Asked) -> None:
        """A welcome and the change of a card are good for five seconds of real time."""
        if time.monotonic() - asked.since > self.world.switches.bot_seconds:
            raise Refusal(846604, asked.req_id)
