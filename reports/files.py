"""Names we make ourselves for files, and writing them whole or not at all (RELIABILITY M10, M11, T05)."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

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
    return f"{form}_{_shortened(_plain(project_name), room)}{tail}"


def _plain(name: str) -> str:
    words = re.sub(r"\s+", " ", _UNSAFE.sub(" ", name))
    return re.sub(r"\.{2,}", ".", words).strip(" ._") or "项目"


def _shortened(name: str, room: int) -> str:
    if len(name.encode()) <= room:
        return name
    return name.encode()[: room - 3].decode(errors="ignore").rstrip(" .") + "…"


def write_file(path: Path, content: bytes) -> None:
    """The file appears under its name only when all of it is on the disk. Raises OSError."""
    handle, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
