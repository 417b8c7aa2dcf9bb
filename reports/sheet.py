"""A printed form as a value: cells, merges, styles by name, sizes and print set-up, before any file format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from regulation.rates import plain, rounded

#: The most characters (UTF-16 units) one workbook cell can hold; more is refused, because readers cut it silently.
CELL_LIMIT = 32_767

#: The tallest row Excel and WPS can show, in points.
ROW_LIMIT = 409

COLUMNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# What XML 1.0 cannot carry, lone surrogates, and the bidi controls that make a printed line read differently.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


class SheetError(ValueError):
    """A form that cannot be printed whole."""


@dataclass(frozen=True, slots=True)
class Style:
    """How one kind of cell looks. ``size`` is in points; ``spread`` keeps two parts at the two edges."""

    font: str = "宋体"
    size: Decimal = Decimal("10.5")
    bold: bool = False
    align: str = "center"
    border: bool = True
    number: str = "General"
    spread: bool = False
    indent: int = 0  # characters kept free at the left
    shrink: bool = False  # a number with words before it: shown smaller rather than as ####


#: 字体、字号 are not prescribed by the 办法; these follow DOMAIN §1.5 (title 18 bold, body 10.5, thin borders).
STYLES: dict[str, Style] = {
    "annex": Style(align="left", border=False),
    "stamp": Style(bold=True, align="right", border=False),
    "title": Style(size=Decimal(18), bold=True, border=False),
    "period": Style(border=False),
    "unit": Style(align="left", border=False, spread=True),
    "label": Style(),
    "text": Style(font="仿宋", align="left", indent=1),
    "entry": Style(font="仿宋"),
    "money": Style(font="仿宋", number="0.00"),
    "note": Style(align="left", border=False),
    # the hints of 附表3 stay in front of the numbers they ask for (DOMAIN §1.4 d)
    "sublabel": Style(align="left"),
    "budget": Style(font="仿宋", number='"（预算数）"0.00', shrink=True),
    "outturn": Style(font="仿宋", number='"（执行数）"0.00', shrink=True),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: text, an exact number, or nothing; ``style`` is a key of :data:`STYLES`.

    Raises SheetError for text that does not fit a cell or a number that is not finite."""

    value: str | Decimal | None
    style: str

    def __post_init__(self) -> None:
        if isinstance(self.value, Decimal):
            if not self.value.is_finite():
                raise SheetError(f"表格里不能写 {self.value}")
        elif self.value is not None:
            clean = printable(self.value)
            object.__setattr__(self, "value", clean if clean.strip() else None)

    @property
    def quoted(self) -> bool:
        """Whether a spreadsheet program could take the text for a formula when somebody edits it (X01)."""
        return isinstance(self.value, str) and self.value[0] in "=+-@\t\n"


@dataclass(frozen=True, slots=True, order=True)
class Merge:
    """Cells shown as one, 1-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def ref(self) -> str:
        """``A2:F2``."""
        return f"{COLUMNS[self.left - 1]}{self.top}:{COLUMNS[self.right - 1]}{self.bottom}"


@dataclass(frozen=True, slots=True)
class Page:
    """A4 portrait, one page wide. Margins in inches; ``repeat`` is the heading row printed on every page."""

    repeat: int
    side: Decimal = Decimal("0.6")
    top: Decimal = Decimal("0.6")
    bottom: Decimal = Decimal("0.7")
    footer: str = "第&P页，共&N页"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook. ``rows`` is a full grid; widths are in characters, heights in points."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merges: tuple[Merge, ...]
    widths: tuple[int, ...]
    heights: tuple[int, ...]
    page: Page

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\w{1,31}", self.name):
            raise SheetError(f"工作表名不能是“{self.name}”")

    @property
    def area(self) -> str:
        """The printed cells, ``$A$1:$F$17``."""
        return f"$A$1:${COLUMNS[len(self.widths) - 1]}${len(self.rows)}"


@cache
def empty(style: str) -> Cell:
    """A cell of that style with nothing in it."""
    return Cell(None, style)


@lru_cache(maxsize=256)
def fixed(text: str, style: str = "label") -> Cell:
    """A printed word of a form; the same value every time, because every form says it."""
    return Cell(text, style)


def printable(text: str) -> str:
    """The text without what no file or picture can carry; line ends as ``\\n``. Raises SheetError when too long."""
    clean = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(clean) * 2 > CELL_LIMIT and len(clean.encode("utf-16-le")) // 2 > CELL_LIMIT:
        raise SheetError(f"一格最多 {CELL_LIMIT} 个字，这里有 {len(clean)} 个")
    return clean


def shown(cell: Cell) -> str:
    """What a reader sees in the cell; numbers as their style shows them, halves rounded up (N18)."""
    if not isinstance(cell.value, Decimal):
        return cell.value or ""
    hint, places, _ = STYLES[cell.style].number.partition("0.00")
    return hint.replace('"', "") + str(rounded(cell.value)) if places else plain(cell.value)
