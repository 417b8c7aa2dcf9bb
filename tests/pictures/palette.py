"""A screenshot as a small PNG: few colours, one byte a pixel."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

Colour = tuple[int, ...]
SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: as many as letters with soft edges need.
MOST = 64
#: colours closer than this in every part are one.
STEP = 12


def small(png: bytes, most: int = MOST) -> bytes:
    """The same picture with at most so many colours. It takes what Chromium writes: 8 bits, RGB or RGBA."""
    chunks = list(_chunks(png))
    width, height, _, kind = struct.unpack(">IIBB", chunks[0][1][:10])
    data = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    rows = [_pixels(row, 4 if kind == 6 else 3) for row in _rows(data, width, height, 4 if kind == 6 else 3)]
    counts = Counter(pixel for row in rows for pixel in row)
    palette = _palette(counts, most)
    number = {colour: _nearest(colour, palette) for colour in counts}
    return _written(width, height, palette, [bytes(number[p] for p in row) for row in rows])


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _rows(data: bytes, width: int, height: int, size: int) -> Iterator[bytearray]:
    """Each row with its filter undone."""
    step, above = width * size, bytearray(width * size)
    for top in range(0, height * (step + 1), step + 1):
        row = bytearray(data[top + 1 : top + 1 + step])
        _unfilter(data[top], row, above, size)
        yield row
        above = row


def _unfilter(kind: int, row: bytearray, above: bytearray, size: int) -> None:
    """The PNG specification, §9.2."""
    for i in range(len(row)) if kind else ():
        left, up = row[i - size] if i >= size else 0, above[i]
        corner = above[i - size] if i >= size else 0
        guess = (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]
        row[i] = (row[i] + guess) & 255


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda each: abs(guess - each))


def _pixels(row: bytearray, size: int) -> list[Colour]:
    return list(zip(row[0::size], row[1::size], row[2::size], strict=True))


def _palette(counts: Counter[Colour], most: int) -> list[Colour]:
    """The commonest colours, none of them close to one that is more common."""
    found: list[Colour] = []
    for colour, _ in counts.most_common():
        if all(max(abs(a - b) for a, b in zip(colour, each, strict=True)) >= STEP for each in found):
            found.append(colour)
        if len(found) == most:
            break
    return found


def _nearest(colour: Colour, palette: list[Colour]) -> int:
    away = [sum((a - b) ** 2 for a, b in zip(colour, each, strict=True)) for each in palette]
    return away.index(min(away))


def _written(width: int, height: int, palette: list[Colour], rows: list[bytes]) -> bytes:
    depth = 4 if len(palette) <= 16 else 8
    lines = b"".join(b"\0" + (row if depth == 8 else _halves(row)) for row in rows)
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 3, 0, 0, 0)),
        (b"PLTE", bytes(part for colour in palette for part in colour)),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    ]
    return SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def _halves(row: bytes) -> bytes:
    even = row + b"\0" * (len(row) % 2)
    return bytes(a << 4 | b for a, b in zip(even[0::2], even[1::2], strict=True))
