"""An office whose deliveries carry their platform's own message ids, so that they can be repeated and mixed up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.app import App, Arrived
from bot.events import Event
from platforms.simulator.phones import Phones
from platforms.simulator.platform import SimulatorPlatform
from tests.bot.office import Office


class Desk(Office):
    """The platform's own duplicate check is off, so that every repeat is seen."""

    def __init__(self, stage: Any) -> None:
        super().__init__(stage)
        self.platform = stage.platform
        self.platform.faults = replace(self.platform.faults, duplicate_check=False)

    @property
    def app(self) -> App:
        """The application behind the desk."""
        return self.stage.app

    def arrived(self, message_id: str, payload: Mapping[str, Any]) -> Arrived:
        """That payload as the platform hands it over now."""
        return Arrived(self.platform.name, message_id, dict(payload), self.stage.now())

    def deliver(self, message_id: str, payload: Mapping[str, Any]) -> bool:
        """One delivery and everything that goes out because of it; whether it was acted upon."""
        done = self.app.handle(self.arrived(message_id, payload))
        self.flush()
        return done

    def flush(self, now: datetime | None = None) -> int:
        """Send what waits; how many messages went."""
        went = 0
        while sent := asyncio.run(self.app.flush(now or self.stage.now())):
            went += sent
        return went

    def tick(self, now: datetime) -> list[str]:
        """The clock as it comes, and what goes out; the keys of it."""
        before = self.stage.phones.length()
        self.app.tick(now)
        self.app.retry(now)
        self.flush(now)
        return [f"{s.user} {s.key}" for s in self.stage.phones.everything(before) if not s.mine]

    def text(self, user: str, words: str) -> dict[str, Any]:
        """The payload of a line of chat."""
        return {"type": "text", "user": user, "text": words}

    def press(self, user: str, label: str) -> dict[str, Any]:
        """The payload of a tap on the newest button of that label."""
        seen, action = self.button(user, label)
        return {"type": "tap", "user": user, "token": seen.token, "action": action}

    def inbox(self) -> dict[str, str]:
        """What became of each delivery: message id -> state."""
        with self.stage.store.read() as tx:
            return {row.key: row.state for row in tx.inbox_rows(1000)}

    def outbox(self) -> list[tuple[str, str, str]]:
        """(person, key, state) of every message, oldest first."""
        with self.stage.store.read() as tx:
            return [(r.recipient or r.address, r.key, r.state) for r in reversed(tx.outbox_rows(10_000))]

    def whole(self) -> bool:
        """Whether the audit log is unbroken."""
        with self.stage.store.read() as tx:
            return tx.verify() is None


class Stumbling(SimulatorPlatform):
    """A platform of which some payloads make us fail: those whose text has ``word``, ``times`` times."""

    def __init__(self, phones: Phones, word: str, times: int) -> None:
        super().__init__(phones)
        self.word, self.times = word, times

    def read(self, message_id: str, payload: Mapping[str, Any], at: datetime) -> Event:
        if self.word in str(payload.get("text", "")) and self.times > 0:
            self.times -= 1
            raise RuntimeError("a mistake of ours")
        return super().read(message_id, payload, at)


def stumble(desk: Desk, word: str, times: int) -> None:
    """From now on that many deliveries with the word in them make the application fail."""
    desk.platform = Stumbling(desk.stage.phones, word, times)
    desk.stage.app = replace(desk.stage.app, platforms={desk.platform.name: desk.platform})
