"""Texts made to fit: cut at a word boundary with …, or split into several messages (N23)."""

from __future__ import annotations

from collections.abc import Sequence

BREAKS = " \n，。、；：·）！？"


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` characters; a cut is shown by … and never falls inside a number or a Latin word."""
    if len(text) <= limit:
        return text
    return text[: _cut(text, limit - 1)].rstrip(BREAKS) + "…"


def _cut(text: str, room: int) -> int:
    """Where to cut: after the last break of the second half, else before the word that would be torn."""
    for at in range(room, room // 2, -1):
        if text[at - 1] in BREAKS:
            return at
    at = room
    while at > 1 and _sticks(text[at - 1], text[at]):
        at -= 1
    return at if at > 1 else room


def _sticks(left: str, right: str) -> bool:
    word = ".%-_/"
    return all(ch.isascii() and (ch.isalnum() or ch in word) for ch in (left, right))


def pieces(lines: Sequence[str], limit: int) -> tuple[str, ...]:
    """The lines as messages of at most ``limit`` UTF-8 bytes, whole lines as long as a line fits."""
    messages: list[str] = []
    current = ""
    for part in (part for line in lines for part in _fitting(line, limit)):
        joined = f"{current}\n{part}" if current else part
        if _bytes(joined) > limit:
            messages.append(current)
            joined = part
        current = joined
    return (*messages, current) if current else tuple(messages)


def _fitting(line: str, limit: int) -> list[str]:
    parts = []
    while _bytes(line) > limit:
        room = min(len(line) - 1, len(line.encode()[:limit].decode(errors="ignore")))
        at = _cut(line, room)
        parts.append(line[:at])
        line = line[at:]
    return [*parts, line]


def _bytes(text: str) -> int:
    return len(text.encode())
