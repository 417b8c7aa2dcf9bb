"""The simulator as a connected platform: reads payloads, draws both skins, and shows them on the phones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog

from bot.events import Event
from bot.ports import Delivery, SendFailed
from platforms.simulator.capabilities import SKINS
from platforms.simulator.drawing import draw, neutral
from platforms.simulator.faults import Faults, copies, refusal
from platforms.simulator.phones import Phones
from platforms.simulator.reading import read, reference

log = structlog.get_logger(__name__)


class SimulatorPlatform:
    """``faults`` may be set at any time; everything shown is kept in ``phones``."""

    name = "simulator"

    def __init__(self, phones: Phones, faults: Faults | None = None) -> None:
        self.phones = phones
        self.faults = faults or Faults()

    def read(self, message_id: str, payload: Mapping[str, Any], at: datetime) -> Event:
        """See :func:`platforms.simulator.reading.read`."""
        return read(message_id, payload, at)

    async def send(self, delivery: Delivery) -> str:
        """Show a message; the reference is ``sim-<key>``. Raises SendFailed as the switches say."""
        refused = refusal(self.faults, delivery.user_id, delivery.at)
        if refused:
            raise refused
        called = reference(delivery.key)
        if self.faults.duplicate_check and self.phones.shown_lately(
            delivery.user_id, delivery.key, delivery.at
        ):
            log.info("simulator.repeat_not_shown", card=delivery.card.name, key=delivery.key)
            return called
        times, self.faults = copies(self.faults)
        self._show(delivery, times)
        return called

    async def send_all(self, deliveries: Sequence[Delivery]) -> list[str | SendFailed]:
        """One phone after the other; what each of them said."""
        return [await self._tried(delivery) for delivery in deliveries]

    async def _tried(self, delivery: Delivery) -> str | SendFailed:
        try:
            return await self.send(delivery)
        except SendFailed as failed:
            return failed

    def _show(self, delivery: Delivery, times: int) -> None:
        drawn = {skin: draw(delivery.card, delivery.token, skin) for skin in SKINS}
        for skin, payload in drawn.items():
            if payload["degraded"]:
                log.info("card.degraded", card=delivery.card.name, skin=skin, parts=payload["degraded"])
        if not times:
            log.info("simulator.silently_dropped", card=delivery.card.name, key=delivery.key)
        for _ in range(times):
            self.phones.show(
                delivery.user_id,
                delivery.at,
                key=delivery.key,
                token=delivery.token,
                replaces=delivery.replaces,
                card=neutral(delivery.card),
                drawn=drawn,
                files=delivery.files,
            )
