"""The deviation picture laid out in pixels: title, headline, one block per bar, as high as its remark needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reports.deviation import Bar, DeviationPicture, Tone
from reports.sheet import printable
from reports.typeset import ellipsis, face, wrap

_WIDTH, _LEFT, _RIGHT = 1080, 40, 1040


@dataclass(frozen=True, slots=True)
class Tint:
    """Colours of one tone: text passes 4.5:1 on white (UX §3)."""

    band: str
    bar: str
    text: str


_TINTS = {
    Tone.PLAIN: Tint("#1b5fc1", "#1b5fc1", "#1f2329"),
    Tone.WARN: Tint("#e08b00", "#c77700", "#a85b00"),
    Tone.BAD: Tint("#b42318", "#b42318", "#b42318"),
}
_SHAPES = {Tone.PLAIN: "", Tone.WARN: "triangle", Tone.BAD: "cross"}


@dataclass(frozen=True, slots=True)
class Said:
    """A line of text at its baseline."""

    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One bar: ``bar`` and ``tick`` in pixels from the left edge, None where nothing is drawn."""

    y: int
    label: str
    done: str
    of: str
    bar: int | None
    tick: int | None
    tint: Tint
    shape: str
    remark: tuple[Said, ...]
    height: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole picture."""

    height: int
    tint: Tint
    title: tuple[Said, ...]
    subtitle: Said
    legend: str
    legend_x: int
    headline: Said
    rows: tuple[Row, ...]
    width: int = _WIDTH
    left: int = _LEFT
    right: int = _RIGHT


def plan(picture: DeviationPicture) -> Plan:
    """Where everything goes."""
    names = _at_most(3, wrap(printable(picture.title), 42, _RIGHT - _LEFT, bold=True), 42, bold=True)
    title = tuple(Said(84 + 56 * index, text) for index, text in enumerate(names))
    base = title[-1].y
    rows = _rows(picture.bars, base + 192)
    legend = _legend(picture.bars)
    end = rows[-1].y + rows[-1].height if rows else base + 240
    return Plan(
        end + 30,
        _TINTS[picture.tone],
        title,
        Said(base + 52, ellipsis(printable(picture.subtitle), 26, 600)),
        legend,
        _RIGHT - face(False).width(legend) * 26 // 1000 - 14,
        Said(base + 112, ellipsis(printable(picture.headline), 30, _RIGHT - _LEFT, bold=True)),
        rows,
    )


def _rows(bars: Sequence[Bar], y: int) -> tuple[Row, ...]:
    rows = []
    for bar in bars:
        row = _row(bar, y)
        rows.append(row)
        y += row.height
    return tuple(rows)


def _row(bar: Bar, y: int) -> Row:
    done, slash, of = printable(bar.value_text).replace("\n", " ").partition(" / ")
    done = ellipsis(done, 32, 300, bold=True)
    of = ellipsis(slash + of, 32, 560 - face(True).width(done) * 32 // 1000)
    used = (face(True).width(done) + face(False).width(of)) * 32 // 1000
    label = ellipsis(printable(bar.label).replace("\n", " "), 30, _RIGHT - _LEFT - used - 24)
    drawn = None if bar.ratio is None else _pixels(bar.ratio)
    tick = None if bar.tick is None or drawn is None else _pixels(bar.tick)
    below = y + (72 if drawn is not None else 40)
    lines = _remark(bar.remark, below)
    height = 104 if drawn is not None else 72
    if lines:
        height = lines[-1].y - y + 60
    return Row(y, label, done, of, drawn, tick, _TINTS[bar.tone], _SHAPES[bar.tone], lines, height)


def _remark(text: str, y: int) -> tuple[Said, ...]:
    if not text.strip():
        return ()
    lines = _at_most(3, wrap(printable(text), 26, _RIGHT - _LEFT - 36), 26)
    return tuple(Said(y + 36 * index, line) for index, line in enumerate(lines))


def _at_most(count: int, lines: tuple[str, ...], size: int, *, bold: bool = False) -> tuple[str, ...]:
    if len(lines) <= count:
        return lines
    rest = ellipsis("".join(lines[count - 1 :]), size, _RIGHT - _LEFT - 36, bold=bold)
    return (*lines[: count - 1], rest)


def _pixels(ratio: Decimal) -> int:
    """Length of a bar; beyond the target it stays full, below zero it is empty."""
    held = min(max(ratio, Decimal(0)), Decimal(1))
    return int((held * (_RIGHT - _LEFT)).quantize(Decimal(1), ROUND_HALF_UP))


def _legend(bars: Sequence[Bar]) -> str:
    ticks = {bar.tick for bar in bars if bar.tick is not None and bar.ratio is not None}
    if len(ticks) == 1:
        return f"时间进度 {(ticks.pop() * 100).quantize(Decimal(1), ROUND_HALF_UP)}%"
    return "应达进度" if ticks else ""
