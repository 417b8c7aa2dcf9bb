"""What the three official forms share: the head, the texts, and the blocks of indicator rows with their merges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Protocol, TypeVar

from regulation.rates import plain
from regulation.rounds import NUMERALS, MonitoringRound
from reports.bands import Band, Group
from reports.sheet import Cell, empty, fixed

BLANK_PERIOD = "（      年度   季度）"
HEADINGS = ("一级指标", "二级指标", "三级指标", "年度目标", "已完成情况", "完成目标可能性")
OUTPUTS = ("产出数量", "产出质量", "产出时效", "产出成本")
#: how the form prints an empty 效果 block (附表3)
BLANK_EFFECTS = ("效果指标1", "效果指标2", "……")
#: the note under 附表2 and 附表3
DEPARTMENT_NOTE = (
    "注：本表由预算部门在预算责任单位填报基础上汇总填报，并于二、三季度终了后20日报财政部门；"
    "完成目标可能性分为：确定能、可能性大、可能性小、不可能。"
)

_FIGURE = re.compile(r"-?(0|[1-9]\d{0,11})(\.\d{0,5}[1-9])?")


class Reported(Protocol):
    """One indicator row, of whichever form."""

    @property
    def level2(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def actual(self) -> str: ...
    @property
    def likelihood(self) -> str: ...


Row = TypeVar("Row", bound=Reported)
#: (二级指标, the row, None where the form prints an empty one)
Labelled = tuple[str, Reported | None]
#: 一级指标 and its rows
Block = tuple[str, tuple[Labelled, ...]]


def period(round: MonitoringRound) -> str:
    """``（2026年度三季度）``."""
    return f"（{round.year}年度{NUMERALS[round.quarter]}季度）"


def head(annex: str, title: str, said: str, columns: int, stamp: str) -> tuple[Band, ...]:
    """附表N with the stamp (演练) opposite, the title, the period."""
    first = (fixed(annex, "annex"), *(empty("annex"),) * (columns - 2), Cell(stamp, "stamp"))
    return Band(first, least=20), across(title, "title", columns, 34), across(said, "period", columns, 22)


def across(text: str, style: str, columns: int, least: int) -> Band:
    """One text over the whole width."""
    return Band((Cell(text, style), *(empty(style),) * (columns - 1)), ((1, columns),), least)


def entered(text: str, columns: int) -> tuple[Cell, ...]:
    """A text somebody wrote, over that many columns."""
    return (Cell(text, "text"), *(empty("text"),) * (columns - 1))


def texts(named: Iterable[tuple[str, str]], columns: int, *, least: int = 54) -> tuple[Band, ...]:
    """Label and text, the text over all columns but the first."""
    return tuple(
        Band((fixed(label), *entered(text, columns - 1)), ((2, columns),), least) for label, text in named
    )


def headings(words: Sequence[str]) -> Band:
    """The heading row of the indicators."""
    return Band(tuple(fixed(text) for text in words), least=26)


def output_rows(rows: Sequence[Row], dots: str) -> Iterator[Labelled]:
    """In printed order: the four official kinds, each at least once, then what stands for the dots."""
    for label in OUTPUTS:
        yield from _of(label, rows) or ((label, None),)
    others = [row for row in rows if row.level2 not in OUTPUTS]
    yield from _by_label(others) if others else ((dots, None),)


def effect_rows(rows: Sequence[Row]) -> Iterator[Labelled]:
    """In the order of their kinds; the printed placeholders when there are none."""
    yield from _by_label(rows) if rows else ((label, None) for label in BLANK_EFFECTS)


def lay_blocks(blocks: Iterable[Block], offset: int) -> tuple[list[Band], list[Group]]:
    """The bands of these blocks and the cells joined downwards, when the first band is number ``offset``."""
    bands: list[Band] = []
    groups: list[Group] = []
    for label, block in blocks:
        groups += _groups(block, offset + len(bands))
        bands += _block(label, block)
    return bands, groups


def figure(text: str, style: str = "entry") -> Cell:
    """A figure as a number, everything else as the words said; ``96.50`` stays as written."""
    value = Decimal(text) if _FIGURE.fullmatch(text) else None
    return Cell(text if value is None or plain(value) != text else value, style)


def _by_label(rows: Sequence[Row]) -> Iterator[Labelled]:
    for label in dict.fromkeys(row.level2 for row in rows):
        yield from _of(label, rows)


def _of(label: str, rows: Sequence[Row]) -> tuple[Labelled, ...]:
    return tuple((label, row) for row in rows if row.level2 == label)


def _groups(block: Sequence[Labelled], offset: int) -> Iterator[Group]:
    yield Group(1, offset, offset + len(block) - 1)
    first = offset
    for _, same in groupby(block, key=lambda labelled: labelled[0]):
        count = sum(1 for _ in same)
        if count > 1:
            yield Group(2, first, first + count - 1)
        first += count


def _block(level1: str, block: Sequence[Labelled]) -> Iterator[Band]:
    spoken: str | None = None
    for index, (label, row) in enumerate(block):
        said = (
            fixed(level1) if index == 0 else empty("label"),
            fixed(label) if label != spoken else empty("label"),
        )
        yield Band((*said, *_indicator(row)), least=24)
        spoken = label


def _indicator(row: Reported | None) -> tuple[Cell, ...]:
    if row is None:
        return (empty("text"), *(empty("entry"),) * 3)
    return (
        Cell(row.name, "text"),
        Cell(row.target, "entry"),
        figure(row.actual),
        fixed(row.likelihood, "entry"),
    )
