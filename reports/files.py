"""Names we make ourselves for files, and writing them whole or not at all (RELIABILITY M10, M11, T05)."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from regulation.rounds import MonitoringRound

#: 255 bytes is what common file systems allow; the rest is left for a folder's own prefix or a browser's "(1)".
_MOST_BYTES = 180
_UNSAFE = re.compile(
    r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+'
)


def file_name(form: str, project_name: str, round: MonitoringRound, suffix: str = "xlsx") -> str:
    """``附表1_新桥小学校舍安全改造_2026年三季度.xlsx``; never a path, a device name, or too long."""
    tail = f"_{round.label}.{suffix}"
    room = _MOST_BYTES - len(f"{form}_{tail}".encode())
    return f"{form}_{_shortened(plain_name(project_name) or '项目', room)}{tail}"


def plain_name(name: str) -> str:
    """Somebody's words as part of a file name; empty when nothing usable is in them."""
    words = re.sub(r"\s+", " ", _UNSAFE.sub(" ", name))
    return re.sub(r"\.{2,}", ".", words).strip(" ._")


def folder_name(name: str, number: str, taken: set[str]) -> str:
    """A department's folder; two of one name are told apart by their number."""
    made = _shortened(plain_name(name) or "部门", 120)
    if made in taken:
        made = f"{made}_{plain_name(number)}"
    taken.add(made)
    return made


def _shortened(name: str, room: int) -> str:
    if len(name.encode()) <= room:
        return name
    return name.encode()[: room - 3].decode(errors="ignore").rstrip(" .") + "…"


def write_file(path: Path, content: bytes) -> None:
    """The file appears under its name only when all of it is on the disk. Raises OSError."""
    with whole_file(path) as file:
        file.write(content)


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write piece by piece, under a name of its own until all of it is on the disk: two that write the same
    path never mix (X11). Raises OSError."""
    handle, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
