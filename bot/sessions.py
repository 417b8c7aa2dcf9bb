"""A person's conversation as a value, and its versioned JSON form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

#: what a whole sentence is the answer to; a command or a tap in between gives the question up.
SENTENCES = ("return", "stand_in", "report_why", "leave")
#: how ``asking`` begins while a small form is open (bot.small_forms): its verb, subject and answers follow as JSON.
SMALL_FORM = "ask:"
Upgrade = Callable[[dict[str, Any]], dict[str, Any]]
VERSION = 1
#: from version -> how its JSON becomes the next version's
UPGRADES: dict[int, Upgrade] = {}


@dataclass(frozen=True, slots=True)
class Session:
    """``subject`` is the form in focus (``2026Q3:p017``); ``asking`` what the next plain line answers:
    ``colleague`` while somebody is chosen to hand over to, or one of SENTENCES."""

    subject: str = ""
    asking: str = ""

    @property
    def moved_on(self) -> Session:
        """The same after a command or a tap: no later line is taken for the sentence that was asked for."""
        open_question = self.asking in SENTENCES or self.asking.startswith(SMALL_FORM)
        return replace(self, asking="") if open_question else self


EMPTY = Session()


def dump(session: Session) -> str:
    """JSON with its version."""
    return json.dumps({"v": VERSION, "s": session.subject, "a": session.asking}, ensure_ascii=False)


def load(text: str | None) -> Session:
    """The session of that JSON, upgraded when it is older; None is a fresh one, and so is what a newer program wrote
    before it was taken back (T28): the form in focus is asked for again, drafts are kept elsewhere."""
    if text is None:
        return EMPTY
    raw = upgraded(json.loads(text), VERSION, UPGRADES)
    return Session(raw["s"], raw["a"]) if raw["v"] == VERSION else EMPTY


def upgraded(raw: dict[str, Any], version: int, upgrades: Mapping[int, Upgrade]) -> dict[str, Any]:
    """The JSON brought to that version one step at a time; every older version has its step."""
    while raw["v"] < version:
        raw = upgrades[raw["v"]](raw)
    return raw
