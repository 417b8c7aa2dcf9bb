"""The people of a rehearsed year as a platform: what each was shown, kept in a file that survives SIGKILL."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from bot.events import Event
from bot.ports import Delivery, SendFailed
from bot.turn import Records
from platforms.simulator.reading import read

#: how many cards with one kind of button a person still finds.
REMEMBERED = 40


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as its reader met it."""

    user: str
    key: str
    at: datetime
    name: str
    title: str
    token: str
    actions: tuple[str, ...]
    inputs: tuple[str, ...]
    subject: str = ""


class Crowd:
    """A connected platform that accepts everything and writes down what people saw; no duplicate check of its own,
    so that every repeat shows."""

    name = "simulator"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.latest: dict[str, Shown] = {}
        self._offers: dict[tuple[str, str, str], Shown] = {}
        self._seen: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
        for shown in recorded(path):
            self._remember(shown)
        self._out: IO[str] = path.open("a", encoding="utf-8", buffering=1)

    def read(self, message_id: str, payload: Mapping[str, Any], at: datetime) -> Event:
        """The simulator's own reading: the same path as on the page."""
        return read(message_id, payload, at)

    async def send(self, delivery: Delivery) -> str:
        """Write the message down at once, one line."""
        card = delivery.card
        shown = Shown(
            delivery.user_id,
            delivery.key,
            delivery.at,
            card.name,
            card.title,
            delivery.token,
            card.actions,
            tuple(each.key for each in card.inputs),
            card.subject,
        )
        raw = {**{f: getattr(shown, f) for f in Shown.__slots__}, "at": shown.at.isoformat()}
        self._out.write(json.dumps(raw, ensure_ascii=False) + "\n")
        self._remember(shown)
        return f"crowd-{delivery.key}"

    async def send_all(self, deliveries: Sequence[Delivery]) -> list[str | SendFailed]:
        """The same, several times."""
        return [await self.send(delivery) for delivery in deliveries]

    def _remember(self, shown: Shown) -> None:
        if shown.inputs or "submit" in shown.actions:
            self.latest[shown.user] = shown
        for action in shown.actions:
            self._offers[shown.user, action, shown.subject] = shown
            seen = self._seen.setdefault((shown.user, action.partition(":")[0]), [])
            seen.append((shown.title, shown.token, action))
            del seen[:-REMEMBERED]

    def offering(self, user: str, action: str, subject: str) -> Shown | None:
        """The newest card of that subject on a phone with that button."""
        return self._offers.get((user, action, subject))

    def offered(self, user: str, verb: str, words: str) -> tuple[str, str] | None:
        """Token and action of the newest card of that person whose title holds the words and that offers the verb."""
        found = [each[1:] for each in self._seen.get((user, verb), ()) if words in each[0]]
        return found[-1] if found else None

    def close(self) -> None:
        """Let go of the record."""
        self._out.close()


def recorded(path: Path) -> Iterator[Shown]:
    """Everything people saw, in order; a torn last line is not there."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            raw = json.loads(line)
        except ValueError:
            continue
        yield Shown(
            **{
                **raw,
                "at": datetime.fromisoformat(raw["at"]),
                "actions": tuple(raw["actions"]),
                "inputs": tuple(raw["inputs"]),
            }
        )


class NoFiles:
    """Reports of a rehearsed year: files are announced, not drawn (drawing has its own benchmark)."""

    def render(self, attachment: object, records: Records) -> bytes:
        """Nothing."""
        return b""
