"""What phones on a real platform showed, as neutral cards: each state of a message once, matched to what was sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.cards import card as cards
from platforms.simulator.drawing import neutral
from platforms.simulator.phones import Seen
from rehearsal.live.hands import Hands, OnPhone
from storage.outbox import OutgoingRow
from storage.store import Store


@dataclass(frozen=True, slots=True)
class _Sent:
    """One message the application says it sent, and to which user of the platform."""

    row: OutgoingRow
    user: str


class LiveScreens:
    """``Seen.card`` is the card that was sent, with a line ``✕ 手机上……`` for all that the phone shows differently."""

    def __init__(self, hands: Hands, store: Store) -> None:
        self.hands, self.store = hands, store
        self._log: list[Seen] = []
        self._places: dict[int, str] = {}
        self._known: set[tuple[str, str, str]] = set()
        self._told: set[int] = set()

    def length(self) -> int:
        """How many states there are."""
        return len(self._log)

    def messages(self, user: str) -> list[Seen]:
        """Everything one phone ever showed, oldest first."""
        return [seen for seen in self._log if seen.user == user]

    def everything(self, after: int = 0) -> list[Seen]:
        """What is new since then."""
        return self._log[after:]

    def place(self, seen: Seen) -> str:
        """The message in which a card stood."""
        return self._places[seen.seq]

    def look(self, at: datetime) -> None:
        """Take down what the phones show now that they did not before, in the order it was sent."""
        on_phones = self.hands.on_phones()
        fresh = [each for each in on_phones if (each.user, each.place, each.token) not in self._known]
        self._known |= {(each.user, each.place, each.token) for each in fresh}
        for sent in self._sent():
            if sent.row.id not in self._told:
                self._told.add(sent.row.id)
                self._take(sent, [each for each in fresh if each.user == sent.user], at)

    def _sent(self) -> list[_Sent]:
        with self.store.read() as tx:
            rows, people = tx.told(0), tx.roster().people
        users = {p.id: user for p in people for name, user in p.identities if name == self.hands.name}
        known = ((row, users.get(row.recipient) or _user(row, self.hands.name)) for row in rows)
        return [_Sent(row, user) for row, user in known if user]

    def _take(self, sent: _Sent, fresh: Sequence[OnPhone], at: datetime) -> None:
        card = cards.load(json.loads(sent.row.card))
        shown = neutral(card)
        names = [a.name for a in (*card.files, *((card.picture,) if card.picture else ()))]
        own = [each for each in fresh if each.token == sent.row.token]
        loose = [each for each in fresh if not each.token]
        wrong = self.hands.lacks(shown, [*own, *loose])
        files, missing = _attached(names, loose)
        text = "\n".join(filter(None, (shown.get("text", ""), *_crossed([*wrong, *missing]))))
        seq = len(self._log) + 1
        self._places[seq] = own[0].place if own else ""
        seen = Seen(seq=seq, at=at, user=sent.user, key=sent.row.key, token=sent.row.token)
        self._log.append(replace(seen, card={**shown, "text": text}, files=files))


def _user(row: OutgoingRow, platform: str) -> str:
    """Who a message to somebody we do not know went to."""
    name, _, user = row.address.partition(":")
    return user if name == platform else ""


def _attached(names: Iterable[str], on: Sequence[OnPhone]) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    """The files of a card that are on the phone, and a phrase for each that is not."""
    there = [name for each in on for name in each.files]
    found = [name for name in names if name in there]
    return tuple((name, "") for name in found), [f"没有附件 {name}" for name in names if name not in there]


def _crossed(phrases: Iterable[str]) -> list[str]:
    return [f"✕ 手机上{phrase}" for phrase in phrases]
