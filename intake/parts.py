"""The parts of an uploaded workbook, unpacked under strict limits before anything parses them (X03–X05)."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

MAX_FILE = 5 * 1024 * 1024
MAX_ENTRIES = 200
MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 100
#: Small parts compress extremely well without harm; the ratio only matters above this size.
RATIO_FROM = 1024 * 1024
CHUNK = 64 * 1024

#: what office programs use; LZMA would let a file say how much memory opening it takes.
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

TOO_BIG = "文件超过 5 MB，读不了。请去掉图片和多余的表再传。"
BOMB = "文件解开后太大，为安全起见没有读。请从下载的模板重新填。"
OLD_FORMAT = "这是旧版 .xls 文件。请在 Excel 或 WPS 里另存为 .xlsx 再传。"
ENCRYPTED = "文件加了密码，读不了。请去掉密码再传。"
MACROS = "文件带宏（.xlsm），不能读入。请另存为不带宏的 .xlsx 再传。"
NOT_A_WORKBOOK = "这不是 .xlsx 工作簿。请用下载的模板填写，存为 .xlsx 再传。"
DAMAGED = "文件损坏，打不开。请在 Excel 或 WPS 里重新保存一次再传。"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the whole file was refused, in one sentence."""

    text: str


def unpacked(data: bytes, file_name: str, *, room: int = MAX_UNPACKED) -> dict[str, bytes] | Refusal:
    """The XML parts by name, together at most ``room`` bytes; everything binary is left behind unread."""
    refusal = _wrong_kind(data, file_name)
    if refusal:
        return refusal
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return (
                _too_much(archive.infolist()) or _wrong_inside(archive.infolist()) or _inflated(archive, room)
            )
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        return Refusal(DAMAGED)


def repacked(parts: dict[str, bytes]) -> bytes:
    """The same parts in a fresh archive, so that a second parser sees exactly the bytes counted here."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def _wrong_kind(data: bytes, file_name: str) -> Refusal | None:
    if len(data) > MAX_FILE:
        return Refusal(TOO_BIG)
    if data.startswith(OLE2):
        return Refusal(ENCRYPTED if ENCRYPTED_STREAM in data else OLD_FORMAT)
    if not data.startswith(b"PK\x03\x04"):
        return Refusal(NOT_A_WORKBOOK)
    return Refusal(MACROS) if file_name.lower().endswith((".xlsm", ".xltm", ".xlam")) else None


def _too_much(entries: Iterable[zipfile.ZipInfo]) -> Refusal | None:
    listed = list(entries)
    declared = sum(entry.file_size for entry in listed)
    packed = sum(entry.compress_size for entry in listed)
    if len(listed) > MAX_ENTRIES or declared > MAX_UNPACKED:
        return Refusal(BOMB)
    if any(entry.file_size > RATIO_FROM and _ratio_of(entry) > MAX_RATIO for entry in listed):
        return Refusal(BOMB)
    return Refusal(BOMB) if declared > RATIO_FROM and declared > MAX_RATIO * max(packed, 1) else None


def _ratio_of(entry: zipfile.ZipInfo) -> int:
    return entry.file_size // max(entry.compress_size, 1)


def _wrong_inside(entries: Iterable[zipfile.ZipInfo]) -> Refusal | None:
    listed = list(entries)
    names = [entry.filename.lower() for entry in listed]
    if any(entry.flag_bits & 1 for entry in listed):
        return Refusal(ENCRYPTED)
    if any(entry.compress_type not in PACKINGS for entry in listed):
        return Refusal(DAMAGED)
    if any(name.endswith("vbaproject.bin") for name in names):
        return Refusal(MACROS)
    if len(set(names)) < len(names):  # two parsers could each believe a different one
        return Refusal(DAMAGED)
    return None if "xl/workbook.xml" in names else Refusal(NOT_A_WORKBOOK)


def _inflated(archive: zipfile.ZipFile, room: int) -> dict[str, bytes] | Refusal:
    parts: dict[str, bytes] = {}
    for entry in archive.infolist():
        if not entry.filename.lower().endswith((".xml", ".rels")):
            continue
        content = _limited(archive, entry, room)
        if content is None:
            return Refusal(BOMB)
        room -= len(content)
        parts[entry.filename] = content
    return parts


def _limited(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes | None:
    """The entry's real bytes, None once they exceed ``room``; a size that lies fails its checksum."""
    pieces: list[bytes] = []
    size = 0
    with archive.open(entry) as stream:
        while piece := stream.read(CHUNK):
            size += len(piece)
            if size > room:
                return None
            pieces.append(piece)
    return b"".join(pieces)
