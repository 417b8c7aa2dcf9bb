"""A Sheet laid out in pixels for a phone: text wrapped by measured width, rows as tall as they need."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.sheet import STYLES, Cell, Merge, Sheet, Style, shown
from reports.typeset import balanced, face, wrap

_MARGIN, _PADDING, _AIR = 24, 7, 10
_LEAST = 48  # pixels, one line of text with air
_GAP = re.compile(r"[ \u3000]{2,}")
#: how a shortened text ends, in the longest words its cell has room for
_MORE = ("…（全文见表格文件）", "…见表格", "…")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text at its baseline; ``anchor`` is SVG's start, middle or end."""

    x: int
    y: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Box:
    """One visible cell."""

    x: int
    y: int
    width: int
    height: int
    border: bool
    size: int
    bold: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The whole picture."""

    width: int
    height: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """A cell before its place is known; rows and columns are 0-based, the last ones exclusive."""

    cell: Cell
    top: int
    bottom: int
    left: int
    right: int
    lines: tuple[str, ...]
    apart: bool  # two lines that stand at the two edges of one

    @property
    def style(self) -> Style:
        return STYLES[self.cell.style]

    @property
    def size(self) -> int:
        return _pixels(self.style)

    @property
    def leading(self) -> int:
        return self.size * 4 // 3

    @property
    def needs(self) -> int:
        lines = 1 if self.apart else len(self.lines)
        return max(_LEAST, lines * self.leading + 2 * _AIR)


def grid(sheet: Sheet, *, width: int = 1080, most_lines: int = 60) -> Grid:
    """Where everything goes. A text of more than ``most_lines`` ends with a word on where to read the rest."""
    edges = _edges(sheet.widths, width)
    blocks = [_block(cell, span, edges, most_lines) for cell, span in _visible(sheet)]
    tops = _tops(blocks, len(sheet.rows))
    boxes = tuple(_box(block, edges, tops) for block in blocks)
    return Grid(width, tops[-1] + _MARGIN, boxes)


def _edges(widths: Sequence[int], width: int) -> list[int]:
    usable, total = width - 2 * _MARGIN, sum(widths)
    return [_MARGIN + usable * sum(widths[:index]) // total for index in range(len(widths) + 1)]


def _visible(sheet: Sheet) -> list[tuple[Cell, Merge]]:
    """Every cell not covered by another, with the cells it spreads over, in reading order."""
    merges: Mapping[tuple[int, int], Merge] = {(m.top, m.left): m for m in sheet.merges}
    covered = {
        (row, column)
        for m in sheet.merges
        for row in range(m.top, m.bottom + 1)
        for column in range(m.left, m.right + 1)
    } - merges.keys()
    return [
        (cell, merges.get((row, column), Merge(row, column, row, column)))
        for row, cells in enumerate(sheet.rows, 1)
        for column, cell in enumerate(cells, 1)
        if (row, column) not in covered
    ]


def _block(cell: Cell, span: Merge, edges: Sequence[int], most: int) -> _Block:
    style = STYLES[cell.style]
    room = edges[span.right] - edges[span.left - 1] - 2 * _PADDING - style.indent * _PADDING
    text = shown(cell)
    parts = tuple(_GAP.split(text)) if style.spread else ()
    apart = len(parts) == 2 and face(style.bold).fits("　".join(parts), _pixels(style), room)
    lines = parts if apart else _broken("　".join(parts) or text, style, room)
    if len(lines) > most:
        more = next(
            words for words in _MORE if face(style.bold).fits(words, _pixels(style), room) or words == "…"
        )
        lines = (*lines[: most - 1], more)
    return _Block(cell, span.top - 1, span.bottom, span.left - 1, span.right, lines, apart)


def _broken(text: str, style: Style, room: int) -> tuple[str, ...]:
    """A label that is printed on two lines is broken anew where one of them is too long for the phone."""
    size, broken = _pixels(style), balanced if style.align == "center" else wrap
    label = style.font == STYLES["label"].font
    if label and not all(face(style.bold).fits(line, size, room) for line in text.split("\n")):
        text = text.replace("\n", "")
    return broken(text, size, room, bold=style.bold)


def _tops(blocks: Sequence[_Block], rows: int) -> list[int]:
    """Where each row begins, and where the last one ends; a cell over several rows stretches its last row."""
    heights = [0] * rows
    for block in sorted(blocks, key=lambda block: block.bottom):
        missing = block.needs - sum(heights[block.top : block.bottom])
        heights[block.bottom - 1] += max(0, missing)
    tops = [_MARGIN]
    for height in heights:
        tops.append(tops[-1] + height)
    return tops


def _box(block: _Block, edges: Sequence[int], tops: Sequence[int]) -> Box:
    x, y = edges[block.left], tops[block.top]
    width, height = edges[block.right] - x, tops[block.bottom] - y
    lines = _apart(block, x, y, width, height) if block.apart else _lines(block, x, y, width, height)
    return Box(x, y, width, height, block.style.border, block.size, block.style.bold, lines)


def _lines(block: _Block, x: int, y: int, width: int, height: int) -> tuple[Line, ...]:
    places = {
        "left": (x + _PADDING + block.style.indent * _PADDING, "start"),
        "center": (x + width // 2, "middle"),
    }
    at, anchor = places.get(block.style.align, (x + width - _PADDING, "end"))
    first = y + (height - len(block.lines) * block.leading) // 2 + block.leading - block.size * 2 // 5
    return tuple(
        Line(at, first + index * block.leading, text, anchor) for index, text in enumerate(block.lines)
    )


def _apart(block: _Block, x: int, y: int, width: int, height: int) -> tuple[Line, ...]:
    base = y + height // 2 + block.size * 7 // 20
    left, right = block.lines
    return (Line(x + _PADDING, base, left, "start"), Line(x + width - _PADDING, base, right, "end"))


def _pixels(style: Style) -> int:
    """Type size on a 1080 pixel wide picture: 10.5 points become 24 pixels."""
    return int(style.size * 16 / 7)
