"""The same message to many in the fewest calls: 工作通知 by the hundred, the robot by twenty, cards one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.cards.card import Card
from bot.ports import Delivery, SendFailed
from platforms.dingtalk import requests
from platforms.dingtalk.capabilities import LIMITS
from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.drawing import Drawn, draw
from platforms.dingtalk.notices import Notices
from platforms.dingtalk.refusals import Refused
from platforms.dingtalk.sending import CROWDED, Sender

Outcome = str | SendFailed
#: how many cards are under way together.
TOGETHER = 10


class Way(StrEnum):
    """How a card reaches many."""

    NOTICE = "notice"  # 工作通知, 100 people a call, nothing to tap
    ROBOT = "robot"  # Markdown, 20 people a call, links to tap
    CARD = "card"  # one call each


def way(card: Card, own: Configuration) -> Way:
    """The cheapest way that does the job."""
    if card.inputs and own.template_id:
        return Way.CARD
    if card.actions and own.template_id and not own.links:
        return Way.CARD
    plain = not (card.actions or card.inputs or card.files or card.picture)
    drawn = draw(card, "", template=False)
    if plain and own.agent_id and len(drawn.messages) == 1 and _fits(drawn):
        return Way.NOTICE
    return Way.ROBOT


def _fits(drawn: Drawn) -> bool:
    title, text = drawn.messages[0]
    return len(requests.notice(title, text, "").encode()) <= LIMITS.notice_bytes


def people_a_call(found: Way) -> int:
    """How many people one call reaches."""
    return {Way.NOTICE: LIMITS.notice_users, Way.ROBOT: LIMITS.users, Way.CARD: 1}[found]


@dataclass(frozen=True, slots=True)
class Broadcaster:
    """The way to many."""

    sender: Sender
    notices: Notices

    async def send_all(self, deliveries: Sequence[Delivery]) -> list[Outcome]:
        """For each its reference or why not."""
        first = deliveries[0]
        found = way(first.card, self.sender.own)
        if found is Way.CARD:
            return await self._cards(deliveries)
        await self.sender.meter.admit(first.key)
        crowded = self.sender.pace.crowded([d.user_id for d in deliveries])
        users = [d.user_id for d in deliveries if d.user_id not in crowded]
        sent = await (self._notice if found is Way.NOTICE else self._robot)(first, users)
        await self.sender.meter.flush()
        return [sent.get(d.user_id, CROWDED) for d in deliveries]

    async def _notice(self, first: Delivery, users: Sequence[str]) -> Mapping[str, Outcome]:
        ((title, text),) = draw(first.card, first.token, template=False).messages
        return await self.notices.send(users, requests.notice(title, text, first.key))

    async def _robot(self, first: Delivery, users: Sequence[str]) -> Mapping[str, Outcome]:
        """Every part to those who got the one before; the first part's reference stands for all."""
        outcomes: dict[str, Outcome] = {}
        for message in await self._messages(first):
            left = [u for u in users if not isinstance(outcomes.get(u), SendFailed)]
            sent = await self.sender.robot.send(left, message)
            for user, outcome in sent.items():
                if user not in outcomes or isinstance(outcome, SendFailed):
                    outcomes[user] = outcome
        return outcomes

    async def _messages(self, first: Delivery) -> list[tuple[str, dict[str, str]]]:
        drawn = draw(first.card, first.token, template=False)
        try:
            pictures = [requests.picture(await self._media(first, n, "image")) for n in drawn.pictures]
            files = [requests.file(await self._media(first, n, "file"), n) for n in drawn.files]
        except Refused as refused:
            raise refused.refusal.failed() from None
        return [*(requests.markdown(*m) for m in drawn.messages), *pictures, *files]

    async def _media(self, first: Delivery, name: str, kind: str) -> str:
        return await self.sender.media.upload(kind, name, first.files[name])

    async def _cards(self, deliveries: Sequence[Delivery]) -> list[Outcome]:
        found: list[Outcome] = []
        for start in range(0, len(deliveries), TOGETHER):
            some = deliveries[start : start + TOGETHER]
            found += await asyncio.gather(*(self._one(delivery) for delivery in some))
        return found

    async def _one(self, delivery: Delivery) -> Outcome:
        try:
            return await self.sender.send(delivery)
        except SendFailed as error:
            return error
