"""What every member has on the screen: chats with the app, with the bot, and what changed when."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Item:
    """One message on one phone. ``body`` is the body of its type; of a card, the card as this person sees it now.

    ``dead``: the text its grey button shows. ``chosen``: what was chosen when it was submitted."""

    seq: int
    at: datetime
    userid: str
    chat: str  # app:1000002, bot:ID, hook:KEY
    kind: str
    body: Mapping[str, Any]
    mine: bool = False
    msgid: str = ""
    task_id: str = ""
    dead: str = ""
    recalled: bool = False
    files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """Something new on a phone: a message came, changed, or was taken back. The item is as it was right then."""

    number: int
    what: str  # new, updated, recalled
    item: Item


class Phones:
    """All phones of the organisation. ``changes`` is everything that happened on them, in order."""

    def __init__(self) -> None:
        self._items: list[Item] = []
        self.changes: list[Change] = []

    def show(
        self,
        userid: str,
        at: datetime,
        chat: str,
        kind: str,
        body: Mapping[str, Any],
        *,
        mine: bool = False,
        msgid: str = "",
        task_id: str = "",
        files: tuple[tuple[str, bytes], ...] = (),
    ) -> Item:
        """A message appears."""
        seq = len(self._items) + 1
        kept = copy.deepcopy(dict(body))
        item = Item(seq, at, userid, chat, kind, kept, mine, msgid, task_id, files=files)
        self._items.append(item)
        self._changed("new", item)
        return item

    def item(self, seq: int) -> Item | None:
        """The message with that number, on whatever phone."""
        return self._items[seq - 1] if 1 <= seq <= len(self._items) else None

    def chat(self, userid: str, chat: str = "") -> list[Item]:
        """The conversation of one member, oldest first; all chats when none is named."""
        return [i for i in self._items if i.userid == userid.lower() and chat in ("", i.chat)]

    def copies(self, msgid: str) -> list[Item]:
        """Every phone's copy of one message."""
        return [i for i in self._items if i.msgid == msgid and not i.mine]

    def update(self, seq: int, body: Mapping[str, Any], dead: str) -> Item:
        """A card changes its look on one phone."""
        changed = replace(self._items[seq - 1], body=copy.deepcopy(dict(body)), dead=dead)
        return self._put(changed, "updated")

    def recall(self, seq: int) -> Item:
        """A message is taken back."""
        return self._put(replace(self._items[seq - 1], recalled=True), "recalled")

    def since(self, number: int) -> list[Change]:
        """What changed after the change with that number."""
        return self.changes[number:]

    def _put(self, item: Item, what: str) -> Item:
        self._items[item.seq - 1] = item
        self._changed(what, item)
        return item

    def _changed(self, what: str, item: Item) -> None:
        self.changes.append(Change(len(self.changes) + 1, what, item))
