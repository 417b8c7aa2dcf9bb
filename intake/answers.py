"""A filled answer workbook read back into answers, or the plain sentences why it cannot be (X03–X08)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from intake.grid import BROKEN, HOLLOW
from intake.parts import DAMAGED, Refusal, repacked, unpacked
from intake.survey import Marks, marks
from regulation import worksheet as layout

OTHER_FILE = "这不是机器人发的填报表。回“表格填报”，我发一份给您，填好再发回来。"
OLD_LAYOUT = "这份填报表是旧格式的。回“表格填报”要一份新的，把数抄过去再发回来。"
MOVED = "表头改过了，认不出哪一列是“本季填写”。回“表格填报”要一份新的。"
EMPTY = "“本季填写”一列是空的，没有收下任何内容。"
_MARKER = re.compile(rf"{layout.MARKER} (20\d\dQ[23]:[\w.-]{{1,64}})")
MAX_ROWS = 500
#: the column of the answers as a workbook names it.
_COLUMN = chr(ord("A") + layout.ANSWER - 1)


@dataclass(frozen=True, slots=True)
class Answered:
    """What the workbook says. ``subject`` is the form it names (``2026Q3:p001``) and must not be believed for anything
    but finding it; ``problems`` name their rows, answers in other rows stand; ``cells`` says where each stands."""

    subject: str
    answers: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()
    cells: tuple[tuple[str, str], ...] = ()


def read_answers(data: bytes, file_name: str) -> Answered | Refusal:
    """The answers of a workbook that reports.worksheet made and a person filled."""
    parts = unpacked(data, file_name)
    if isinstance(parts, Refusal):
        return parts
    found = marks(parts)
    if isinstance(found, Refusal):
        return found
    if layout.SHEET not in found:
        return Refusal(OTHER_FILE)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(repacked(parts)))
        rows = book.get_sheet_by_name(layout.SHEET).to_python(skip_empty_area=False, nrows=MAX_ROWS)
    except (CalamineError, ValueError):
        return Refusal(DAMAGED)
    return _read([[_shown(value) for value in row] for row in rows], found[layout.SHEET])


def _shown(value: object) -> str:
    """As a person sees it: 256 for 256.0."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return format(value, ".15g")
    return str(value).strip()


def _read(rows: list[list[str]], flaws: Marks) -> Answered | Refusal:
    named = next((cell for row in rows[:10] for cell in row[:1] if cell.startswith("绩监通填报表")), "")
    if not named:
        return Refusal(OTHER_FILE)
    marker = _MARKER.fullmatch(named)
    if marker is None:
        return Refusal(OLD_LAYOUT)
    heading = next((at for at, row in enumerate(rows) if tuple(row[:6]) == layout.HEADINGS), None)
    if heading is None:
        return Refusal(MOVED)
    return _answers(marker[1], rows, heading, flaws)


def _answers(subject: str, rows: list[list[str]], heading: int, flaws: Marks) -> Answered | Refusal:
    answers: list[tuple[str, str]] = []
    cells: dict[str, str] = {}
    problems: list[str] = []
    for number, row in enumerate(rows[heading + 1 :], heading + 2):
        key = row[layout.KEY - 1] if len(row) >= layout.KEY else ""
        text = row[layout.ANSWER - 1] if len(row) >= layout.ANSWER else ""
        place = (number, layout.ANSWER)
        if place in flaws.hollow or place in flaws.errors:
            problems.append(f"第{number}行：{HOLLOW if place in flaws.hollow else BROKEN}")
        elif text and not key:
            problems.append(f"第{number}行是后来加的，没有收下“{text[:20]}”。")
        elif text:
            answers.append((key, f"{_percent(text)}" if place in flaws.percent else text))
            cells[key] = f"{_COLUMN}{number}"
    repeated = {key for key, _ in answers if sum(other == key for other, _ in answers) > 1}
    problems += [f"“{key}”填了两行，没有收下。" for key in sorted(repeated)]
    kept = tuple(pair for pair in answers if pair[0] not in repeated)
    where = tuple((key, cells[key]) for key, _ in kept)
    return Answered(subject, kept, tuple(problems), where) if kept or problems else Refusal(EMPTY)


def _percent(text: str) -> str:
    """A cell shown as 95% holds 0.95."""
    try:
        return format(float(text) * 100, ".15g") + "%"
    except ValueError:
        return text
