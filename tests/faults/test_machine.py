"""What the machine does to us: kills a writer, forbids a directory, asks to stop (T05, D10, D11)."""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: a big file is begun; the kernel ends the process when the first 4 KiB of it are on the disk.
KILLED_WRITING = """
    import resource, signal, sys
    from pathlib import Path
    from reports.files import write_file
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL if sys.argv[2] == "kill" else signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    write_file(Path(sys.argv[1]), b"new" * 100_000)
"""
#: root may write anywhere; without these two of its powers (DAC_OVERRIDE, DAC_READ_SEARCH) it is like anybody.
AS_ANYBODY = """
    import ctypes, os, sys
    if os.geteuid() == 0:
        for power in (1, 2):
            assert ctypes.CDLL(None).prctl(24, power, 0, 0, 0) == 0
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def _python(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


# -- T05
@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX limits")
@pytest.mark.parametrize("before", [None, b"old and whole"])
def test_t05_killed_in_the_middle_of_a_file(tmp_path: Path, before: bytes | None) -> None:
    path = tmp_path / "附表1_项目_2026年三季度.xlsx"
    if before:
        path.write_bytes(before)
    ended = _python(KILLED_WRITING, str(path), "kill")
    assert ended.returncode == -signal.SIGXFSZ
    assert (path.read_bytes() if path.exists() else None) == before
    [torn] = tmp_path.glob(".*.part")
    assert torn.stat().st_size == 4096, "it really was killed halfway"
    assert list(tmp_path.glob("*.xlsx")) == ([path] if before else [])


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX limits")
def test_t05_a_file_that_cannot_be_finished_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "附表1.xlsx"
    path.write_bytes(b"old and whole")
    ended = _python(KILLED_WRITING, str(path), "refuse")
    assert "OSError" in ended.stderr
    assert path.read_bytes() == b"old and whole"
    assert list(tmp_path.iterdir()) == [path]


# -- D10
@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux capabilities when run by root")
@pytest.mark.parametrize(
    "command",
    [
        ("audit", "verify"),
        ("export", "--out", "{folder}", "--round", "2026Q3"),
        ("round", "set", "2026Q3", "--due", "2026-10-15", "--notice", "财通〔2026〕1号"),
        ("demo", "--folder", "{folder}"),
        ("demo", "--keep", "--folder", "{folder}"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("place", ["data", "data/missing"])
def test_d10_a_directory_that_may_not_be_written_is_named(
    tmp_path: Path, command: tuple[str, ...], place: str
) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o555)
    arguments = [part.format(folder=tmp_path / place) for part in command]
    ended = _python(
        AS_ANYBODY, "-m", "bot", *arguments, JIXIAO_DATA=str(tmp_path / place), JIXIAO_DATABASE=""
    )
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1, "one sentence, no stack"
    assert str(tmp_path / place) in ended.stderr
    looks = command[0] != "demo" and place != "data"  # only looks into what is there, and nothing is
    assert ("没有这个数据库" if looks else "请检查权限") in ended.stderr
    assert list(data.iterdir()) == []


# -- D11
@contextmanager
def _demo(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["-m", "bot", "demo", "--port", str(port), "--folder", str(folder)]
    child = subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert "绩监通模拟器" in _line(child)
        yield child, port
    finally:
        child.kill()
        child.communicate()


def _line(child: subprocess.Popen[str]) -> str:
    assert child.stdout
    ready, _, _ = select.select([child.stdout], [], [], 60)
    return child.stdout.readline() if ready else ""


def _connected(port: int) -> socket.socket:
    """A connection as soon as somebody listens."""
    until = time.monotonic() + 30
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=10)
        except ConnectionRefusedError:
            assert time.monotonic() < until
            select.select([], [], [], 0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_d11_asked_to_stop_while_a_page_is_watching(tmp_path: Path, number: signal.Signals) -> None:
    with _demo(tmp_path / "demo") as (child, port):
        with _connected(port) as page:
            page.sendall(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            assert re.match(rb"HTTP/1\.1 200", page.recv(4096))
            child.send_signal(number)
            assert child.wait(10) == 0
        folder = tmp_path / "demo"
        assert not list(folder.glob("*.part"))
    with _demo(folder) as (again, _):
        again.terminate()
        assert again.wait(10) == 0, "also before anybody has come"
