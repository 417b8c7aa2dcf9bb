"""Squares for projects: how large they can be in a given room, where each stands, and how each status looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reports.canvas import BLUE, LIGHT, RED, RULE, Shape, crosses, squares
from reports.district import Square

#: fill and outline of each status: told apart by lightness and shape too, for black and white and the colour blind.
LOOKS: Mapping[Square, tuple[str, str]] = {
    Square.DONE: (BLUE, BLUE),
    Square.FILLING: (LIGHT, LIGHT),
    Square.UNTOUCHED: ("#ffffff", RULE),
    Square.OVERDUE: (RED, RED),
}
Counts = Sequence[tuple[Square, int]]


def pitch_for(count: int, width: int, height: int, largest: int, smallest: int = 3) -> int:
    """The largest distance between squares at which ``count`` of them fit; never below ``smallest``."""
    for pitch in range(largest, smallest, -1):
        if (width // pitch) * (height // pitch) >= count:
            return pitch
    return smallest


def lines_of(count: int, width: int, pitch: int) -> int:
    """How many lines of squares that makes."""
    return max(1, -(-count // (width // pitch)))


def chart(counts: Counts, x: int, y: int, width: int, pitch: int) -> Iterator[Shape]:
    """The squares of these counts from the left upper corner on, line after line."""
    per, side = width // pitch, max(2, pitch - max(1, pitch // 5))
    begun = 0
    for status, count in counts:
        places = [(x + n % per * pitch, y + n // per * pitch) for n in range(begun, begun + count)]
        begun += count
        yield from _marks(status, places, side)


def sample(status: Square, x: int, y: int, side: int) -> Iterator[Shape]:
    """One square for a legend."""
    return _marks(status, [(x, y)], side)


def _marks(status: Square, places: Sequence[tuple[int, int]], side: int) -> Iterator[Shape]:
    if not places:
        return
    fill, stroke = LOOKS[status]
    # the stroke rounds the corners: it stands half outside, so the square inside is that much smaller
    soft = 4 if side >= 14 else 2 if side >= 8 else 0
    inner = [(x + soft // 2, y + soft // 2) for x, y in places]
    yield Shape(
        squares(inner, side - soft),
        fill,
        stroke if soft else ("none" if fill == stroke else stroke),
        soft or 1,
    )
    if status is Square.OVERDUE and side >= 8:
        yield Shape(crosses(places, side), "none", "#ffffff", 3 if side >= 14 else 2)
