"""The workbook one 附表1 can be answered in: where it says which form it is, and which cells are to be filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from regulation.annex1 import Entry, Field, FieldKind
from regulation.fields import fields
from regulation.roster import Project
from regulation.rounds import MonitoringRound

SHEET = "填报"
#: what stands in the first cell of the hidden row, before the form's name: changed when the layout changes.
MARKER = "绩监通填报表1"
TITLE_ROW, ABOUT_ROW, HINT_ROW, MARKER_ROW, HEADING_ROW = 1, 2, 3, 4, 5
HEADINGS = ("编号", "要填的", "年度目标", "上季", "本季填写", "单位")
#: 1-based columns: what a person writes, and the hidden one that says which field the row is.
ANSWER, KEY = 5, 7
HINT = "只填“本季填写”这一列，填从1月1日起的累计数；{same}不填的留空。填好把文件发回聊天里就行。"


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the field's key, its number as in a batch reply, what is asked, and what is known."""

    key: str
    short: str
    label: str
    target: str
    last: str
    unit: str
    kind: FieldKind


def marker(project_id: str, round: MonitoringRound) -> str:
    """``绩监通填报表1 2026Q3:p001``."""
    return f"{MARKER} {round.code}:{project_id}"


def lines(project: Project, previous: Mapping[str, Entry]) -> tuple[Line, ...]:
    """The rows in the order of the form."""
    return tuple(_line(known, previous) for known in fields(project))


def hint(lines: Sequence[Line]) -> str:
    """How to fill it in; 同 only where the last round has a number it can stand for."""
    return HINT.format(same="没变的写“同”，" if any(line.last for line in lines) else "")


def _line(known: Field, previous: Mapping[str, Entry]) -> Line:
    indicator = known.indicator
    last = previous[known.key].value if known.key in previous and known.kind in _NUMBERS else ""
    return Line(
        known.key,
        _short(known),
        known.label,
        indicator.target_text if indicator and known.kind is FieldKind.ACTUAL else "",
        last,
        known.unit,
        known.kind,
    )


_NUMBERS = (FieldKind.MONEY, FieldKind.ACTUAL)


def _short(known: Field) -> str:
    if known.indicator is None:
        return ""
    return f"{'可能' if known.kind is FieldKind.LIKELIHOOD else ''}{known.indicator.position}"
