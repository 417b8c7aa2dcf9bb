"""Names as people say them matched against the names on record: tolerant of what is left out, never guessing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from regulation.folding import fold


class Named(Protocol):
    """Something with a name people use."""

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Named)

#: what people leave out at the front of a name.
FRONT = ("常州市新北区", "新北区", "区")


def bare(name: str) -> str:
    """The name as it is compared: variants of a character folded, no blanks, without 区 in front."""
    text = "".join(fold(name).split()).lower()
    return next(
        (text.removeprefix(front) for front in FRONT if text.startswith(front) and text != front), text
    )


def matching(words: str, candidates: Iterable[T]) -> list[T]:
    """Those meant by the words: the ones of exactly that name, else all whose name holds them. More than one: ask."""
    wanted = bare(words)
    if not wanted:
        return []
    known = [(bare(each.name), each) for each in candidates]
    exact = [each for name, each in known if name == wanted]
    return exact or [each for name, each in known if wanted in name]
