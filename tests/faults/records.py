"""What is left after a run: what every person saw, and every row that is stored, without what is random by design."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from platforms.simulator.phones import Phones
from rehearsal.stage import DATABASE
from rehearsal.transcript import card_lines
from storage.store import Store

#: columns that differ from run to run by design: hashes run over random tokens, tries count a killed attempt.
RANDOM = {
    "audit": ("prev", "hash"),
    "audit_head": ("hash",),
    "outbox": ("tries", "lease_until"),
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message as its reader met it: its words, and its files by what is in them."""

    key: str
    words: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """What one run left behind."""

    seen: dict[str, list[Message]]
    stored: dict[str, list[tuple[object, ...]]]
    broken_audit: int | None

    @property
    def repeats(self) -> int:
        """How many messages somebody saw once more."""
        return sum(len(all_of) - len(once(all_of)) for all_of in self.seen.values())


def once(messages: list[Message]) -> list[Message]:
    """The messages without repeats: a repeat has the same key, the same words and the same files."""
    return list(dict.fromkeys(messages))


def left(folder: Path) -> Left:
    """What is there in a folder nobody is playing on."""
    return Left(_seen(folder), _stored(folder), _audit(folder))


def _seen(folder: Path) -> dict[str, list[Message]]:
    seen: dict[str, list[Message]] = {}
    for line in Phones(folder / "phones.jsonl").everything():
        words = tuple(card_lines(line.card, line.files))
        files = tuple(file_id for _, file_id in line.files)
        seen.setdefault(line.user, []).append(Message(line.key, words, files))
    return seen


def _stored(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(folder / DATABASE)) as opened:
        tables = [name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tokens = dict(opened.execute("SELECT token, recipient || '/' || key FROM outbox"))
        return {name: _rows(opened, name, tokens) for name in tables}


def _rows(opened: sqlite3.Connection, table: str, tokens: dict[str, str]) -> list[tuple[object, ...]]:
    columns = [row[1] for row in opened.execute(f"PRAGMA table_info({table})")]
    kept = [name for name in columns if name not in RANDOM.get(table, ())]
    words = ", ".join(f'"{name}"' for name in kept)
    rows = opened.execute(f"SELECT {words} FROM {table}").fetchall()
    return sorted((tuple(_named(value, tokens) for value in row) for row in rows), key=repr)


def _named(value: object, tokens: dict[str, str]) -> object:
    """A random token by the message that carries it, wherever it stands."""
    if not isinstance(value, str):
        return value
    if value.startswith('{"') and '"token"' in value:
        raw = json.loads(value)
        return json.dumps({**raw, "token": tokens[raw["token"]]}, sort_keys=True)
    return tokens.get(value, value)


def _audit(folder: Path) -> int | None:
    store = Store(f"sqlite:///{folder / DATABASE}")
    with store.read() as tx:
        broken: int | None = tx.verify()
    store.close()
    return broken


def differences(golden: Left, found: Left) -> list[str]:
    """Everything in which a run differs from the golden one beyond repeated messages; readable, empty when nothing."""
    told = [f"审计链从第 {found.broken_audit} 条断了"] if found.broken_audit is not None else []
    for user in sorted({*golden.seen, *found.seen}):
        wanted, got = golden.seen.get(user, []), once(found.seen.get(user, []))
        if wanted != got:
            told.append(f"{user} 看到的：{_between([m.key for m in wanted], [m.key for m in got])}")
    for table in sorted({*golden.stored, *found.stored}):
        rows, others = golden.stored.get(table, []), found.stored.get(table, [])
        if rows != others:
            told.append(f"{table}：{_between(list(map(repr, rows)), list(map(repr, others)))}")
    return told


def _between(wanted: list[str], got: list[str]) -> str:
    missing, extra = Counter(wanted) - Counter(got), Counter(got) - Counter(wanted)
    if missing or extra:
        return f"少了 {list(missing)}，多了 {list(extra)}"
    return f"内容或次序不同：{wanted} / {got}"
