"""What every simulated person saw and said: an append-only file of JSON lines, with the files beside it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger(__name__)

#: How long the platform remembers a key (企业微信 enable_duplicate_check, at most four hours).
DUPLICATE_WINDOW = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of somebody's conversation. ``mine`` is what the person sent; ``card`` is neutral, ``drawn`` by skin.

    ``used``: a button of it was tapped. ``replaced``: a later message stands in its place.
    """

    seq: int
    at: datetime
    user: str
    mine: bool = False
    key: str = ""
    token: str = ""
    replaces: str = ""
    card: Mapping[str, Any] = field(default_factory=dict)
    drawn: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[tuple[str, str], ...] = ()  # (name shown, id)
    payload: Mapping[str, Any] = field(default_factory=dict)
    used: bool = False
    replaced: bool = False


class Phones:
    """All phones of one rehearsal. ``seq`` is the number of the line, so ``cut(length())`` now is going back here.

    Survives SIGKILL: a line is written at once, a torn last line is dropped on opening.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = path.with_suffix(".files")
        self.read_path = path.with_suffix(".read.json")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(exist_ok=True)
        self._lines: list[dict[str, Any]] = []
        self._ends: list[int] = []
        self._load()
        self._read: dict[str, int] = self._load_read()

    # what there is

    def length(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def users(self) -> frozenset[str]:
        """Whoever got or said anything."""
        return frozenset(str(line["user"]) for line in self._lines if "user" in line)

    def messages(self, user: str) -> list[Seen]:
        """The conversation of one person, oldest first."""
        used = {line["token"] for line in self._lines if line["kind"] == "used"}
        found = [_seen(n, line) for n, line in enumerate(self._lines, 1) if line.get("user") == user]
        replaced = {seen.replaces for seen in found if seen.replaces}
        return [
            replace(seen, used=seen.token in used, replaced=bool(seen.token) and seen.token in replaced)
            for seen in found
        ]

    def everything(self, after: int = 0) -> list[Seen]:
        """Every line of every phone in the order it happened, those with a seq above ``after``."""
        return [
            _seen(n, line) for n, line in enumerate(self._lines[after:], after + 1) if line["kind"] != "used"
        ]

    def unread(self, user: str) -> int:
        """How many messages arrived after the last one read."""
        last = self._read.get(user, 0)
        return sum(
            line["kind"] == "shown" and line["user"] == user and n > last
            for n, line in enumerate(self._lines, 1)
        )

    def opened(self, user: str) -> list[Seen]:
        """What arrived after the last message read."""
        last = self._read.get(user, 0)
        return [
            _seen(n, line)
            for n, line in enumerate(self._lines[last:], last + 1)
            if line["kind"] == "shown" and line["user"] == user
        ]

    def shown_lately(self, user: str, key: str, at: datetime) -> bool:
        """Whether this key reached this person within the platform's duplicate window before ``at``."""
        return any(
            line["kind"] == "shown"
            and (line["user"], line["key"]) == (user, key)
            and abs(at - datetime.fromisoformat(line["at"])) <= DUPLICATE_WINDOW
            for line in reversed(self._lines)
        )

    def file(self, file_id: str) -> tuple[str, bytes] | None:
        """Name and content of a file somebody was shown; None when there is no such id."""
        names = {i: name for line in self._lines for name, i in line.get("files", ())}
        if file_id not in names:
            return None
        return names[file_id], (self.folder / file_id).read_bytes()

    # what happens

    def show(
        self,
        user: str,
        at: datetime,
        *,
        key: str,
        token: str,
        replaces: str,
        card: Mapping[str, Any],
        drawn: Mapping[str, Any],
        files: Mapping[str, bytes],
    ) -> int:
        """A message appears on a phone; its seq."""
        kept = [(name, self._keep(name, content)) for name, content in files.items()]
        line = {"kind": "shown", "user": user, "at": at.isoformat(), "key": key, "token": token}
        return self._append({**line, "replaces": replaces, "card": card, "drawn": drawn, "files": kept})

    def said(self, user: str, at: datetime, payload: Mapping[str, Any]) -> int:
        """The person sent something; its seq."""
        return self._append({"kind": "said", "user": user, "at": at.isoformat(), "payload": payload})

    def mark_used(self, token: str) -> None:
        """A button of this card was tapped."""
        if not any(line["kind"] == "used" and line["token"] == token for line in self._lines):
            self._append({"kind": "used", "token": token})

    def mark_read(self, user: str, seq: int) -> None:
        """The person has seen everything up to ``seq``; kept apart from the record, for it may be rewritten."""
        if self._read.get(user, 0) < seq:
            self._read[user] = seq
            self._save_read()

    def cut(self, length: int) -> None:
        """Go back to when there were ``length`` lines; ValueError when there never were."""
        if not 0 <= length <= len(self._lines):
            raise ValueError(f"no such length: {length}")
        os.truncate(self.path, self._ends[length - 1] if length else 0)
        del self._lines[length:], self._ends[length:]
        self._read = {user: min(seq, length) for user, seq in self._read.items()}
        self._save_read()

    # the files

    def _append(self, line: dict[str, Any]) -> int:
        raw = json.dumps(line, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
        with self.path.open("ab") as out:
            out.write(raw)
        self._lines.append(json.loads(raw))
        self._ends.append((self._ends[-1] if self._ends else 0) + len(raw))
        return len(self._lines)

    def _keep(self, name: str, content: bytes) -> str:
        """Under a name of our own making: what the sender calls a file never becomes a path."""
        file_id = hashlib.sha256(name.encode() + b"\0" + content).hexdigest()[:32]
        target = self.folder / file_id
        if not target.exists():
            torn = target.with_suffix(".part")
            torn.write_bytes(content)
            torn.replace(target)
        return file_id

    def _load(self) -> None:
        raw = self.path.read_bytes() if self.path.exists() else b""
        end = 0
        for text in raw.splitlines(keepends=True):
            line = _parsed(text)
            if line is None:
                log.warning("phones.torn_line_dropped", path=self.path.name, bytes=len(raw) - end)
                os.truncate(self.path, end)
                return
            end += len(text)
            self._lines.append(line)
            self._ends.append(end)

    def _load_read(self) -> dict[str, int]:
        try:
            raw = json.loads(self.read_path.read_bytes())
            return {str(user): min(int(seq), self.length()) for user, seq in raw.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}

    def _save_read(self) -> None:
        torn = self.read_path.with_suffix(".part")
        torn.write_text(json.dumps(self._read))
        torn.replace(self.read_path)


def _parsed(text: bytes) -> dict[str, Any] | None:
    """The line, or None for one that was not written to its end."""
    try:
        line = json.loads(text) if text.endswith(b"\n") else None
    except ValueError:
        return None
    return line if isinstance(line, dict) and "kind" in line else None


def _seen(seq: int, line: Mapping[str, Any]) -> Seen:
    return Seen(
        seq=seq,
        at=datetime.fromisoformat(line["at"]),
        user=line["user"],
        mine=line["kind"] == "said",
        key=line.get("key", ""),
        token=line.get("token", ""),
        replaces=line.get("replaces", ""),
        card=line.get("card", {}),
        drawn=line.get("drawn", {}),
        files=tuple((name, file_id) for name, file_id in line.get("files", ())),
        payload=line.get("payload", {}),
    )
