"""A person's conversation as a value, and its versioned JSON form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]
VERSION = 1
#: from version -> how its JSON becomes the next version's
UPGRADES: dict[int, Upgrade] = {}


@dataclass(frozen=True, slots=True)
class Session:
    """``subject`` is the form in focus (``2026Q3:p017``); ``asking`` what the next plain line answers:
    a field key, or ``colleague`` while somebody is chosen to hand over to."""

    subject: str = ""
    asking: str = ""


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
