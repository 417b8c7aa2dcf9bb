"""File names of our own making (M10, M11) and files that are whole or absent (T05)."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reports.files import file_name, folder_name, whole_file, write_file
from tests.reports.sample_forms import Q2, Q3

NAMES = {
    "plain": ("新桥小学校舍安全改造", "附表1_新桥小学校舍安全改造_2026年三季度.xlsx"),
    "path": ("../../etc/passwd", "附表1_etc passwd_2026年三季度.xlsx"),
    "windows path": ("C:\\Windows\\CON", "附表1_C Windows CON_2026年三季度.xlsx"),
    "device": ("CON", "附表1_CON_2026年三季度.xlsx"),
    "dots": ("..", "附表1_项目_2026年三季度.xlsx"),
    "nothing": ("", "附表1_项目_2026年三季度.xlsx"),
    "header injection": ("a\r\nSet-Cookie: x", "附表1_a Set-Cookie x_2026年三季度.xlsx"),
    "control and bidi": ("a\x00b\u202ecod.exe", "附表1_a b cod.exe_2026年三季度.xlsx"),
    "quotes": ('"><img src=x>|*?', "附表1_img src=x_2026年三季度.xlsx"),
    "surrogate": ("a\ud800b", "附表1_a b_2026年三季度.xlsx"),
}


@pytest.mark.parametrize(("project", "expected"), NAMES.values(), ids=NAMES)
def test_m10_m11_file_names_are_our_own(project: str, expected: str, tmp_path: Path) -> None:
    name = file_name("附表1", project, Q3)
    assert name == expected
    (tmp_path / name).write_bytes(b"x")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("project", ["好" * 500, "a" * 5000, "👍" * 300])
def test_m10_long_names_are_shortened_between_characters(project: str) -> None:
    name = file_name("附表1", project, Q2, "png")
    assert len(name.encode()) <= 180
    assert name.startswith(f"附表1_{project[0]}")
    assert name.endswith("…_2026年二季度.png")
    assert "�" not in name


def test_t05_a_written_file_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "附表1.xlsx"
    write_file(path, b"old")
    write_file(path, b"new")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"附表1.xlsx": b"new"}


def test_t05_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "附表1.xlsx"
    write_file(path, b"old")
    with pytest.raises(TypeError):
        write_file(path, "not bytes")  # type: ignore[arg-type]
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"附表1.xlsx": b"old"}


KILLED = """
import os, signal, sys
from pathlib import Path
from reports import files
replace = files.os.replace
files.os.replace = lambda *paths: os.kill(os.getpid(), signal.SIGKILL)
files.write_file(Path(sys.argv[1]), b"new")
"""


def test_t05_killed_before_the_name_is_given_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "附表1.xlsx"
    write_file(path, b"old")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, path], env={**os.environ, "PYTHONPATH": os.getcwd()}, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.glob("*.xlsx")] == ["附表1.xlsx"]


def test_x11_two_that_write_the_same_file_at_once_never_mix(tmp_path: Path) -> None:
    path = tmp_path / "三季度.zip"
    with whole_file(path) as one:
        one.write(b"one, ")
        with whole_file(path) as two:
            two.write(b"two")
        assert path.read_bytes() == b"two"
        one.write(b"whole")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"三季度.zip": b"one, whole"}


def test_two_departments_of_one_name_have_two_folders() -> None:
    taken: set[str] = set()
    made = [
        folder_name(name, number, taken)
        for name, number in (("区/教育局", "d1"), ("区 教育局", "d2"), ("..", "d3"))
    ]
    assert made == ["区 教育局", "区 教育局_d2", "部门"]
    assert len(folder_name("好" * 300, "d4", taken).encode()) <= 120
