"""The district strip of 1.8:1 laid out in pixels, for the head of a card: all squares, and a dot per department."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from regulation.rates import percent
from reports.canvas import AMBER, BLUE, BROWN, GREY, INK, RED, Canvas, Shape, Words, fitted, level, upright
from reports.district import SQUARE_LABELS, DistrictPicture, Square
from reports.typeset import face
from reports.unitchart import chart, pitch_for

#: WeCom takes card pictures between 1.3 and 2.25.
WIDTH, HEIGHT = 1080, 600
_LEFT, _LENGTH = 40, 1000
_TOP, _ROOM, _LARGEST = 184, 130, 24
_AXIS, _DOT, _STEP, _DEEPEST = 526, 20, 18, 54


def strip(picture: DistrictPicture) -> Canvas:
    """Where everything goes."""
    return Canvas(WIDTH, HEIGHT, tuple(_shapes(picture)), tuple(_words(picture)))


def _shapes(picture: DistrictPicture) -> Iterator[Shape]:
    counts = [(status, picture.count(status)) for status in Square]
    pitch = pitch_for(picture.owed, _LENGTH, _ROOM, _LARGEST)
    yield from chart(counts, _LEFT, _TOP, _LENGTH, pitch)
    yield Shape(level(_LEFT, _AXIS, _LENGTH), stroke="#d6d9de", width=4)
    for x, y, slow in _dots(picture):
        yield Shape(level(x, y, 0), stroke=AMBER if slow else BLUE, width=_DOT)
    tick = _place(picture.progress)
    yield Shape(upright(tick, 426, 538), stroke=INK, width=4)


def _dots(picture: DistrictPicture) -> Iterator[tuple[int, int, bool]]:
    """(x, y, slow) of every department's dot: one that would cover another stands higher, up to the tick's words."""
    taken: list[tuple[int, int]] = []
    for line in sorted(picture.lines, key=lambda line: line.spent or Decimal(0)):
        if line.spent is None:
            continue
        x, up = _place(line.spent), 0
        while any(abs(x - other) < _DOT and up == height for other, height in taken) and up < _DEEPEST:
            up += _STEP
        taken.append((x, up))
        yield x, _AXIS - 26 - up, picture.is_slow(line)


def _words(picture: DistrictPicture) -> Iterator[Words]:
    yield from _title(picture)
    overdue = [f"{line.name}{line.count(Square.OVERDUE)}" for line in picture.overdue]
    total = picture.count(Square.OVERDUE)
    said = f"逾期 {total}：{'、'.join(overdue)}" if total else _unfinished(picture)
    yield Words(_LEFT, 143, fitted(said, 28, _LENGTH, bold=True), 28, RED if total else GREY, bold=True)
    known = any(line.spent is not None for line in picture.lines)
    slow = len(picture.slow_lines)
    yield Words(_LEFT, 380, "支出进度", 30, bold=True)
    if known:
        colour = BROWN if slow else BLUE
        text = f"{slow} 个{picture.who}偏慢" if slow else "没有偏慢的"
        yield Words(_LEFT + 128, 380, text, 30, colour, bold=True)
        yield Words(1040, 380, f"一点一个{picture.who}", 26, GREY, "end")
    else:
        waits = "部门报财政后可见" if picture.who == "部门" else "还没有报"
        yield Words(_LEFT + 128, 380, waits, 28, GREY)
    tick = _place(picture.progress)
    yield Words(min(tick, 960), 416, f"时间进度 {percent(picture.progress, 0)}", 26, INK, "middle")
    yield Words(_LEFT, 568, "0%", 26, GREY)
    yield Words(1040, 568, "100%", 26, GREY, "end")


def _title(picture: DistrictPicture) -> Iterator[Words]:
    x = _LEFT
    parts = (("附表1 已报 ", INK, True), (f"{picture.count(Square.DONE)}", BLUE, True))
    for text, colour, bold in parts:
        yield Words(x, 84, text, 46, colour, bold=bold)
        x += face(bold).width(text) * 46 // 1000 + 4
    yield Words(x + 6, 84, f"/ {picture.owed} 个项目", 36, GREY)
    yield Words(1040, 84, fitted(picture.subtitle.partition(" · 应于")[0], 24, 400), 24, GREY, "end")


def _unfinished(picture: DistrictPicture) -> str:
    waiting = [(status, picture.count(status)) for status in (Square.FILLING, Square.UNTOUCHED)]
    said = "、".join(f"{SQUARE_LABELS[status]} {count}" for status, count in waiting if count)
    return f"没有逾期；{said}" if said else "全部已报，没有逾期"


def _place(rate: Decimal) -> int:
    held = min(max(rate, Decimal(0)), Decimal(1))
    return _LEFT + int((held * _LENGTH).quantize(Decimal(1), ROUND_HALF_UP))
