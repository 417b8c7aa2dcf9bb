"""The tall district picture laid out in pixels: a line per department with its squares, its count and its bar."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from regulation.rates import percent
from reports.canvas import (
    AMBER,
    BLUE,
    BROWN,
    GREY,
    INK,
    PALE,
    RED,
    Canvas,
    Shape,
    Words,
    block,
    fitted,
    level,
    upright,
)
from reports.district import SQUARE_LABELS, DistrictPicture, Line, Square, slow_words
from reports.unitchart import chart, lines_of, pitch_for, sample

_WIDTH, _LEFT, _RIGHT = 1080, 40, 1040
_SQUARES, _ROOM = 256, 410  # where the squares begin, and how wide they may stand
_COUNT, _BAR, _LENGTH = 776, 808, 126
_FIRST, _LEAST = 342, 64
_LARGEST, _USUAL_LINES = 27, 3


def progress(picture: DistrictPicture) -> Canvas:
    """Where everything goes."""
    shapes, words = list(_top_shapes()), list(_top_words(picture))
    y = _FIRST
    for number, line in enumerate(picture.lines):
        height = _height(line)
        if number % 2:
            shapes.append(Shape(block(20, y, 1040, height), PALE, PALE, 8))
        shapes += _line_shapes(picture, line, y, height)
        words += _line_words(picture, line, y + height // 2 + 10)
        y += height
    if not picture.lines:
        words.append(Words(_LEFT, y + 40, "这一季没有要报附表1的项目", 30, GREY))
        y += _LEAST
    shapes += _legend_shapes(y + 24)
    words += _legend_words(picture, y + 24)
    return Canvas(_WIDTH, y + 84, tuple(shapes), tuple(words))


_BOXES = ((BLUE, "#e8f0fb"), (RED, "#fdebe9"), (BROWN, "#fff2de"))


def _top_shapes() -> Iterator[Shape]:
    for number, (_, ground) in enumerate(_BOXES):
        yield Shape(block(48 + number * 340, 160, 304, 100), ground, ground, 16)


def _top_words(picture: DistrictPicture) -> Iterator[Words]:
    yield Words(_LEFT, 76, fitted(picture.title, 42, 1000, bold=True), 42, INK, bold=True)
    yield Words(_LEFT, 124, fitted(picture.subtitle, 26, 1000), 26, GREY)
    for number, (figure, label) in enumerate(_headline(picture)):
        x = _LEFT + number * 340
        yield Words(x + 24, 226, figure, 56, _BOXES[number][0], bold=True)
        yield Words(x + 300, 224, label, 26, GREY, "end")
    heads = ((_LEFT, picture.who, "start"), (_SQUARES, "一格一个项目", "start"), (_COUNT, "已报", "end"))
    for x, text, anchor in heads:
        yield Words(x, 324, text, 24, GREY, anchor)
    yield Words(_BAR, 324, f"支出 | 时间进度{percent(picture.progress, 0)}", 24, GREY)


def _headline(picture: DistrictPicture) -> tuple[tuple[str, str], ...]:
    known = any(line.spent is not None for line in picture.lines)
    slow = (
        (str(len(picture.slow_lines)), f"支出偏慢{picture.who}")
        if known
        else ("—", "支出报财政后可见" if picture.who == "部门" else "支出还没有报")
    )
    return (
        (str(picture.count(Square.DONE)), f"已报 / 共{picture.owed}"),
        (str(picture.count(Square.OVERDUE)), "逾期"),
        slow,
    )


def _pitch(line: Line) -> int:
    one_line = pitch_for(line.owed, _ROOM, _LARGEST, _LARGEST, 14)
    if line.owed <= _ROOM // one_line:
        return one_line
    return pitch_for(line.owed, _ROOM, _USUAL_LINES * 14, 14, 8)


def _height(line: Line) -> int:
    pitch = _pitch(line)
    return max(_LEAST, lines_of(line.owed, _ROOM, pitch) * pitch + 26)


def _line_shapes(picture: DistrictPicture, line: Line, y: int, height: int) -> Iterator[Shape]:
    pitch, middle = _pitch(line), y + height // 2
    top = middle - lines_of(line.owed, _ROOM, pitch) * pitch // 2 + 2
    yield from chart(line.squares, _SQUARES, top, _ROOM, pitch)
    if line.spent is None:
        return
    yield Shape(level(_BAR + 7, middle, _LENGTH - 14), stroke="#e9eaee", width=14)
    if length := _pixels(line.spent):
        colour = AMBER if picture.is_slow(line) else BLUE
        yield Shape(level(_BAR + 7, middle, max(0, length - 14)), stroke=colour, width=14)
    tick = _BAR + _pixels(picture.progress)
    yield Shape(upright(tick, middle - 16, middle + 16), stroke=INK, width=4)


def _line_words(picture: DistrictPicture, line: Line, base: int) -> Iterator[Words]:
    overdue = bool(line.count(Square.OVERDUE))
    yield Words(_LEFT, base, fitted(line.name, 29, _SQUARES - _LEFT - 14), 29)
    done = f"{line.count(Square.DONE)}/{line.owed}"
    yield Words(_COUNT, base, done, 28, RED if overdue else INK, "end", bold=overdue)
    if line.spent is None:
        yield Words(_RIGHT, base, "未报", 24, GREY, "end")
        return
    yield Words(_RIGHT, base, percent(line.spent), 24, BROWN if picture.is_slow(line) else INK, "end")


def _legend_shapes(y: int) -> Iterator[Shape]:
    for number, status in enumerate(Square):
        yield from sample(status, _LEFT + number * 122, y, 22)


def _legend_words(picture: DistrictPicture, y: int) -> Iterator[Words]:
    for number, status in enumerate(Square):
        yield Words(_LEFT + 30 + number * 122, y + 20, SQUARE_LABELS[status], 24, GREY)
    yield Words(_RIGHT, y + 20, slow_words(picture), 24, GREY, "end")


def _pixels(rate: Decimal) -> int:
    """Length of a bar; over 100 % it stays full, below zero it is empty."""
    held = min(max(rate, Decimal(0)), Decimal(1))
    return int((held * _LENGTH).quantize(Decimal(1), ROUND_HALF_UP))
