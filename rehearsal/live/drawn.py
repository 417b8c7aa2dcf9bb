"""Phones that draw a card their own way: each message as the lines a person reads there, matched to what was sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.cards import card as cards
from platforms.simulator.drawing import neutral
from platforms.simulator.phones import Seen
from rehearsal.live.hands import Hands
from rehearsal.live.screens import LiveScreens
from storage.store import Store

NOTHING = "✕ 手机上什么也没有"


@dataclass(frozen=True, slots=True)
class Drawn:
    """One thing that is new on a phone. ``place`` is its message, ``keys`` what its buttons send, ``heading`` the
    title of a card, '' for what only goes along with one."""

    user: str
    place: str
    lines: tuple[str, ...]
    keys: tuple[str, ...] = ()
    heading: str = ""


class DrawingHands(Hands, Protocol):
    """Hands whose phones draw."""

    def fresh(self) -> Sequence[Drawn]: ...  # what came or changed on all phones since the last question


class DrawnScreens(LiveScreens):
    """``Seen.drawn["lines"]`` is what the phone shows of a message; ``Seen.card`` the card it was made of."""

    def __init__(self, hands: DrawingHands, store: Store) -> None:
        super().__init__(hands, store)
        self.drawing = hands
        self._waiting: list[list[Drawn]] = []

    def look(self, at: datetime) -> None:
        """Take down what is new, in the order it was sent; then what nobody says was sent."""
        self._waiting += _grouped(self.drawing.fresh())
        for sent in self._sent():
            if sent.row.id not in self._told:
                self._told.add(sent.row.id)
                card = cards.load(json.loads(sent.row.card))
                group = self._group(sent.user, sent.row.token, card.title)
                lines = [line for each in group for line in each.lines] or [NOTHING]
                self._note(at, sent.user, lines, group, key=sent.row.key, token=sent.row.token, card=card)
        for group in self._waiting:
            self._note(at, group[0].user, [line for each in group for line in each.lines], group)
        self._waiting = []

    def _group(self, user: str, token: str, title: str) -> list[Drawn]:
        """The group that shows that card: by what its buttons send, else by its title, else whatever came."""
        own = [group for group in self._waiting if group[0].user == user]
        by_key = (g for g in own if token and any(k.startswith(f"{token}.") for d in g for k in d.keys))
        by_title = (g for g in own if not g[0].keys and _same(g[0].heading, title))
        found = next(by_key, None) or next(by_title, None) or []
        self._waiting = [group for group in self._waiting if group is not found]
        return found

    def _note(
        self,
        at: datetime,
        user: str,
        lines: Sequence[str],
        group: Sequence[Drawn],
        *,
        key: str = "",
        token: str = "",
        card: cards.Card | None = None,
    ) -> None:
        seq = len(self._log) + 1
        self._places[seq] = next((d.place for d in group if d.keys), "")
        shown = neutral(card) if card else {"title": ""}
        drawn = {"lines": list(lines)}
        self._log.append(Seen(seq=seq, at=at, user=user, key=key, token=token, card=shown, drawn=drawn))


def _same(heading: str, title: str) -> bool:
    return heading == title or (heading.endswith("…") and title.startswith(heading[:-1]))


def _grouped(fresh: Iterable[Drawn]) -> list[list[Drawn]]:
    """By person; a card begins a group, and what goes along with it follows it."""
    groups: dict[str, list[list[Drawn]]] = {}
    for each in fresh:
        own = groups.setdefault(each.user, [])
        if each.heading or not own:
            own.append([each])
        else:
            own[-1].append(each)
    return [group for own in groups.values() for group in own]
