"""Measures and breaks text by the bundled font's own advance widths; whole numbers only, so pictures never vary."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

FAMILY = "Noto Sans SC"
_FILES = {False: "NotoSansSC-Regular.ttf", True: "NotoSansSC-Bold.ttf"}

#: 避头尾: these never start a line, those never end one.
_CLOSING = "、，。；：？！）》〉」』】〕”’％%…·,.;:?!)]}"
_OPENING = "（《〈「『【〔“‘([{"
_WORD = re.compile(r"[0-9A-Za-z\u00c0-\u00ff.,+\-/_@#&%]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Face:
    """One weight of the font: advance widths in thousandths of an em."""

    advances: Mapping[int, int]
    missing: int  # the width of the box drawn for a character the font does not have

    def width(self, text: str) -> int:
        """Width of the text at size 1, in thousandths."""
        advances, missing = self.advances, self.missing
        return sum(advances.get(ord(letter), missing) for letter in text)

    def fits(self, text: str, size: int, width: int) -> bool:
        """Whether the text at that size takes at most ``width`` pixels."""
        return self.width(text) * size <= width * 1000


def font_path(*, bold: bool) -> str:
    """Where the font file of that weight lies."""
    return str(files("reports") / "fonts" / _FILES[bold])


@lru_cache(maxsize=2)
def face(bold: bool) -> Face:
    """The widths of that weight, read from the font file once."""
    data = (files("reports") / "fonts" / _FILES[bold]).read_bytes()
    tables = _tables(data)
    (em,) = struct.unpack_from(">H", data, tables["head"] + 18)
    (measured,) = struct.unpack_from(">H", data, tables["hhea"] + 34)
    (glyphs,) = struct.unpack_from(">H", data, tables["maxp"] + 4)
    pairs = struct.unpack_from(f">{measured * 2}H", data, tables["hmtx"])[::2]
    widths = [width * 1000 // em for width in pairs] + [pairs[-1] * 1000 // em] * (glyphs - measured)
    return Face({code: widths[glyph] for code, glyph in _characters(data, tables["cmap"])}, widths[0])


def ellipsis(text: str, size: int, width: int, *, bold: bool = False) -> str:
    """The text, or as much of it as fits before a final …."""
    if face(bold).fits(text, size, width):
        return text
    room, advances = width * 1000 // size - face(bold).width("…"), face(bold).advances
    for index, letter in enumerate(text):
        room -= advances.get(ord(letter), face(bold).missing)
        if room < 0:
            return text[:index].rstrip() + "…"
    return text


def wrap(text: str, size: int, width: int, *, bold: bool = False) -> tuple[str, ...]:
    """Lines of at most ``width`` pixels; breaks between Chinese characters and words, never before a closing mark."""
    if "\n" not in text and face(bold).fits(text, size, width):
        return (text.rstrip(),)
    return tuple(
        line for paragraph in text.split("\n") for line in _fill(paragraph, width * 1000 // size, face(bold))
    )


def balanced(text: str, size: int, width: int, *, bold: bool = False) -> tuple[str, ...]:
    """As few lines as :func:`wrap` makes, but of about the same length: centred labels without a lonely last one."""
    least = wrap(text, size, width, bold=bold)
    for narrower in range(max(size, width // max(1, len(least))), width, size):
        lines = wrap(text, size, narrower, bold=bold)
        if len(lines) == len(least):
            return lines
    return least


def _fill(paragraph: str, room: int, letters: Face) -> Iterator[str]:
    line, used = "", 0
    for piece in _pieces(paragraph, room, letters):
        width = letters.width(piece)
        if line and used + letters.width(piece.rstrip()) > room:
            yield line.rstrip()
            line, used, piece = "", 0, piece.lstrip()
            width = letters.width(piece)
        line, used = line + piece, used + width
    yield line.rstrip()


def _pieces(paragraph: str, room: int, letters: Face) -> Iterator[str]:
    """What may not be broken: a word, a character with the closing marks after it and the opening ones before it."""
    held = ""
    for token in _WORD.findall(paragraph):
        if held and (token in _CLOSING or held[-1] in _OPENING) and letters.width(held + token) <= room:
            held += token
            continue
        if held:
            yield held
        *whole, held = _chopped(token, room, letters)
        yield from whole
    if held:
        yield held


def _chopped(token: str, room: int, letters: Face) -> list[str]:
    """The token itself, or slices of a word that is longer than a whole line."""
    if letters.width(token) <= room:
        return [token]
    step = max(1, room // max(1, max(map(letters.width, token))))
    return [token[start : start + step] for start in range(0, len(token), step)]


def _tables(data: bytes) -> dict[str, int]:
    (count,) = struct.unpack_from(">H", data, 4)
    records = (struct.unpack_from(">4sIII", data, 12 + 16 * index) for index in range(count))
    return {tag.decode("ascii"): offset for tag, _, offset, _ in records}


def _characters(data: bytes, cmap: int) -> Iterator[tuple[int, int]]:
    """(character, glyph) of the font's format 12 table, the one that covers all of Unicode."""
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    for index in range(count):
        (offset,) = struct.unpack_from(">I", data, cmap + 4 + 8 * index + 4)
        table = cmap + offset
        if struct.unpack_from(">H", data, table)[0] == 12:
            (groups,) = struct.unpack_from(">I", data, table + 12)
            for first, last, glyph in struct.iter_unpack(">III", data[table + 16 : table + 16 + 12 * groups]):
                yield from zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True)
            return
    raise ValueError("字体里没有全字符的对照表")
