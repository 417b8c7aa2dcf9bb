"""Logical rows of a form laid on sheet rows: heights from text length, very long texts over several merged rows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate

from reports.sheet import ROW_LIMIT, STYLES, Cell, Merge, Page, Sheet, empty, shown

#: Column widths count half-width characters of this size, in points.
_BODY = Decimal("10.5")
#: Height of one line of text by its font size; and the points of air above and below all of it.
_LEADING = Decimal("1.35")
_AIR = 6
#: A text too tall for one row is spread over rows of at most this height, so that pages can break inside it.
_STEP = 120


@dataclass(frozen=True, slots=True)
class Band:
    """One logical row: a cell per column, the spans (first, last column, 1-based) joined across, the least height."""

    cells: tuple[Cell, ...]
    spans: tuple[tuple[int, int], ...] = ()
    least: int = 24


@dataclass(frozen=True, slots=True)
class Group:
    """A column's cells joined downwards from one band to another (0-based, inclusive); the first one speaks."""

    column: int
    first: int
    last: int


#: (column, band) of every cell that belongs to a Group
Grouped = frozenset[tuple[int, int]]


def lay(
    name: str, bands: Sequence[Band], groups: Sequence[Group], widths: tuple[int, ...], heading: int
) -> Sheet:
    """The sheet of these bands; ``heading`` is the band repeated on every printed page."""
    grouped = frozenset((g.column, index) for g in groups for index in range(g.first, g.last + 1))
    heights = [_height(band, index, grouped, widths) for index, band in enumerate(bands)]
    counts = [1 if height <= ROW_LIMIT else -(-height // _STEP) for height in heights]
    starts = [*accumulate(counts, initial=1)]
    rows = [row for band, count in zip(bands, counts, strict=True) for row in _rows(band, count)]
    return Sheet(
        name,
        tuple(rows),
        tuple(sorted((*_across(bands, counts, starts, grouped), *_down(groups, starts)))),
        widths,
        tuple(
            -(-height // count) for height, count in zip(heights, counts, strict=True) for _ in range(count)
        ),
        Page(repeat=starts[heading]),
    )


def lines(text: str, width: int) -> int:
    """How many lines the text takes in a column of that many half-width characters."""
    if 2 * len(text) <= width and "\n" not in text:
        return 1
    # GBK has one byte per half-width and two per full-width character: its length is the width, at C speed.
    return sum(max(1, -(-len(part.encode("gbk", "replace")) // width)) for part in text.split("\n"))


def _height(band: Band, index: int, grouped: Grouped, widths: tuple[int, ...]) -> int:
    wide = dict(band.spans)
    tallest = band.least
    for column, cell in enumerate(band.cells, 1):
        if cell.value is None or (column, index) in grouped or STYLES[cell.style].shrink:
            continue
        room, leading = _measure(cell.style, sum(widths[column - 1 : wide.get(column, column)]))
        tallest = max(tallest, lines(shown(cell), room) * leading + _AIR)
    return tallest


@lru_cache(maxsize=256)
def _measure(style: str, width: int) -> tuple[int, int]:
    """(half-width characters on a line, its height in points) of that style in a column of that width."""
    size = STYLES[style].size
    room = (width - 1 - 2 * STYLES[style].indent) * _BODY // size
    return max(2, int(room)), math.ceil(size * _LEADING)


def _rows(band: Band, count: int) -> Iterator[tuple[Cell, ...]]:
    yield band.cells
    for _ in range(count - 1):
        yield tuple(empty(cell.style) for cell in band.cells)


def _across(
    bands: Sequence[Band], counts: Sequence[int], starts: Sequence[int], grouped: Grouped
) -> Iterator[Merge]:
    for index, (band, count) in enumerate(zip(bands, counts, strict=True)):
        top, bottom = starts[index], starts[index + 1] - 1
        yield from (Merge(top, left, bottom, right) for left, right in band.spans)
        if count > 1:
            yield from (
                Merge(top, column, bottom, column)
                for column in range(1, len(band.cells) + 1)
                if (column, index) not in grouped and not _spanned(band, column)
            )


def _down(groups: Sequence[Group], starts: Sequence[int]) -> Iterator[Merge]:
    for group in groups:
        top, bottom = starts[group.first], starts[group.last + 1] - 1
        if bottom > top:
            yield Merge(top, group.column, bottom, group.column)


def _spanned(band: Band, column: int) -> bool:
    return any(left <= column <= right for left, right in band.spans)
