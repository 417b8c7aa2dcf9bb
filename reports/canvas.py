"""A drawing as a value: filled paths and lines of text at whole pixels, and how squares become one path."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.sheet import printable
from reports.typeset import ellipsis

INK, GREY, BLUE, LIGHT, RED, BROWN = "#1f2329", "#646a73", "#1b5fc1", "#9dbff5", "#b42318", "#a85b00"
PALE, RULE, AMBER = "#f7f8fa", "#b3b7be", "#c77700"


@dataclass(frozen=True, slots=True)
class Shape:
    """One path. ``width`` is the stroke's; joins and ends are round."""

    d: str
    fill: str = "none"
    stroke: str = "none"
    width: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text at its baseline; ``anchor`` is SVG's start, middle or end."""

    x: int
    y: int
    text: str
    size: int = 26
    colour: str = INK
    anchor: str = "start"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Canvas:
    """The whole drawing, shapes below words."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    words: tuple[Words, ...]


def fitted(text: str, size: int, room: int, *, bold: bool = False) -> str:
    """Somebody's words on one line of that many pixels."""
    return ellipsis(printable(text).replace("\n", " "), size, room, bold=bold)


def squares(places: Iterable[tuple[int, int]], side: int) -> str:
    """One path of squares with these upper left corners."""
    return "".join(f"M{x} {y}h{side}v{side}h-{side}z" for x, y in places)


def crosses(places: Iterable[tuple[int, int]], side: int) -> str:
    """One path of ✕ inside such squares."""
    edge, arm = max(1, side // 3), side - 2 * max(1, side // 3)
    return "".join(f"M{x + edge} {y + edge}l{arm} {arm}m0 -{arm}l-{arm} {arm}" for x, y in places)


def level(x: int, y: int, length: int) -> str:
    """A horizontal line."""
    return f"M{x} {y}h{length}"


def upright(x: int, top: int, bottom: int) -> str:
    """A vertical line."""
    return f"M{x} {top}V{bottom}"


def block(x: int, y: int, width: int, height: int) -> str:
    """A rectangle."""
    return f"M{x} {y}h{width}v{height}h-{width}z"
