"""What the sheets' XML says beyond the values: formulas without a result, error cells, percentages, and how
far a sheet reaches, known before memory is spent on it (X03, X05, X07)."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from defusedxml.sax import parseString

from intake.parts import BOMB, DAMAGED, Refusal

MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELLS = 400_000
#: Characters a reader would hold after every shared string is copied into its cells.
MAX_CHARACTERS = 50 * 1024 * 1024

BUILT_IN_PERCENT = frozenset({"9", "10"})

Place = tuple[int, int]  # 1-based row and column


@dataclass(frozen=True, slots=True)
class Marks:
    """The cells of one sheet that need care, by (row, column)."""

    hollow: frozenset[Place] = field(default_factory=frozenset)  # a formula that was never calculated
    errors: frozenset[Place] = field(default_factory=frozenset)  # #REF!, #N/A …
    percent: frozenset[Place] = field(default_factory=frozenset)  # a number shown as a percentage


class _TooFar(SAXException):
    """The sheet reaches further than any roster does."""


def marks(parts: dict[str, bytes]) -> dict[str, Marks] | Refusal:
    """The marks of every sheet by its name, or why the workbook must not be parsed at all."""
    try:
        lengths = _string_lengths(_named(parts, "xl/sharedStrings.xml"))
        percent = _percent_styles(_named(parts, "xl/styles.xml"))
        budget = _Budget(MAX_CELLS, MAX_CHARACTERS)
        return {
            name: _marks_of(parts[part], lengths, percent, budget)
            for name, part in _sheet_parts(parts).items()
        }
    except _TooFar:
        return Refusal(BOMB)
    except (SAXException, ParseError, DefusedXmlException, LookupError, ValueError):
        return Refusal(DAMAGED)


def _named(parts: dict[str, bytes], name: str) -> bytes:
    return next((content for part, content in parts.items() if part.lower() == name.lower()), b"")


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


def _sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    """Sheet name -> part name, through the workbook's relationships."""
    links = {
        link.get("Id"): posixpath.normpath(posixpath.join("xl", link.get("Target", "")))
        if not link.get("Target", "").startswith("/")
        else link.get("Target", "")[1:]
        for link in fromstring(_named(parts, "xl/_rels/workbook.xml.rels"))
    }
    found: dict[str, str] = {}
    for sheet in fromstring(_named(parts, "xl/workbook.xml")).iter():
        if _local(sheet.tag) == "sheet":
            link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
            found[sheet.attrib["name"]] = links[link]  # a sheet without its link is a KeyError: damaged
    return {name: part for name, part in found.items() if part in parts}


def _percent_styles(styles: bytes) -> frozenset[str]:
    """The indexes of cell styles that show a percentage."""
    if not styles:
        return frozenset()
    root = fromstring(styles)
    formats = {
        node.get("numFmtId")
        for node in root.iter()
        if _local(node.tag) == "numFmt" and "%" in node.get("formatCode", "")
    } | BUILT_IN_PERCENT
    cells = next((list(node) for node in root.iter() if _local(node.tag) == "cellXfs"), [])
    return frozenset(str(at) for at, style in enumerate(cells) if style.get("numFmtId") in formats)


def _string_lengths(shared: bytes) -> list[int]:
    if not shared:
        return []
    handler = _Strings()
    parseString(shared, handler, forbid_dtd=True)
    return handler.lengths


class _Strings(ContentHandler):
    """Measures every shared string."""

    def __init__(self) -> None:
        super().__init__()
        self.lengths: list[int] = []

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        if _local(name) == "si":
            self.lengths.append(0)

    def characters(self, content: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(content)


@dataclass(slots=True)
class _Budget:
    """What is left to spend over all sheets."""

    cells: int
    characters: int

    def spend(self, characters: int) -> None:
        self.cells -= 1
        self.characters -= characters
        if self.cells < 0 or self.characters < 0:
            raise _TooFar("too much")


def _marks_of(sheet: bytes, lengths: list[int], percent: frozenset[str], budget: _Budget) -> Marks:
    handler = _Cells(lengths, percent, budget)
    parseString(sheet, handler, forbid_dtd=True)
    return Marks(frozenset(handler.hollow), frozenset(handler.errors), frozenset(handler.percent))


class _Cells(ContentHandler):
    """Walks the cells of one sheet in order."""

    def __init__(self, lengths: list[int], percent_styles: frozenset[str], budget: _Budget) -> None:
        super().__init__()
        self._lengths, self._percent_styles, self._budget = lengths, percent_styles, budget
        self._row = self._column = 0
        self._type = self._style = ""
        self._formula = self._valued = self._inside = False
        self._text: list[str] = []
        self.hollow: set[Place] = set()
        self.errors: set[Place] = set()
        self.percent: set[Place] = set()

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        match _local(name):
            case "row":
                self._row, self._column = int(attrs.get("r", str(self._row + 1))), 0
            case "c":
                self._open(attrs)
            case "f":
                self._formula = True
            case "v" | "t":
                self._inside = True

    def characters(self, content: str) -> None:
        if self._inside:
            self._text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        match _local(name):
            case "v" | "t":  # only a formula of type str may result in no words at all
                self._inside = False
                self._valued = self._valued or bool(self._text) or self._type == "str"
            case "c":
                self._close()

    def _open(self, attrs: AttributesImpl) -> None:
        self._row, self._column = place(attrs.get("r", ""), (self._row, self._column + 1))
        self._type, self._style = attrs.get("t", "n"), attrs.get("s", "0")
        self._formula = self._valued = False
        self._text = []

    def _close(self) -> None:
        at = (self._row, self._column)
        if self._valued or self._formula:
            if self._row > MAX_ROWS or self._column > MAX_COLUMNS:
                raise _TooFar("too far")
            self._budget.spend(self._length())
        if self._formula and not self._valued:
            self.hollow.add(at)
        elif self._type == "e":
            self.errors.add(at)
        elif self._type == "n" and self._style in self._percent_styles:
            self.percent.add(at)

    def _length(self) -> int:
        text = "".join(self._text)
        return (
            self._lengths[int(text)] if self._type == "s" and text.isdigit() and self._lengths else len(text)
        )


def place(reference: str, otherwise: Place) -> Place:
    """``C9`` -> (9, 3); ``otherwise`` when the cell does not say where it is."""
    if not reference:
        return otherwise
    found = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", reference)
    if not found:
        raise ValueError(reference)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column
