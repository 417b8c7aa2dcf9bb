"""``jixiao rules try`` on a database with filed forms: it says what would change and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from regulation.parameters import read
from rehearsal.stage import DATABASE, Stage

STRICTER = '\n[[pace]]\nfrom = 2026-04-01\nreference = "测试通知"\nyellow = 0.99\nred = 0.98\n'


@pytest.fixture
def database(open_story: Callable[[], Stage], monkeypatch: pytest.MonkeyPatch) -> Path:
    stage = open_story()
    path = stage.folder / DATABASE
    stage.close()
    monkeypatch.setenv("JIXIAO_DATABASE", f"sqlite:///{path}")
    return path


def _try(path: Path, on: str = "2026Q2"):  # type: ignore[no-untyped-def]
    return CliRunner().invoke(app, ["rules", "try", str(path), "--on", on])


def test_it_lists_what_would_appear_and_changes_nothing(database: Path, tmp_path: Path) -> None:
    changed = tmp_path / "thresholds.toml"
    changed.write_text(read("thresholds.toml") + STRICTER, encoding="utf-8")
    before = database.read_bytes()
    done = _try(changed)
    assert done.exit_code == 0, done.output
    assert "新出现　— → red" in done.output
    assert "现行界线 2021-01-01 起，试的是 2026-04-01 起。什么也没有改。" in done.output
    assert database.read_bytes() == before


def test_the_same_rules_change_nothing(database: Path, tmp_path: Path) -> None:
    same = tmp_path / "thresholds.toml"
    same.write_text(read("thresholds.toml"), encoding="utf-8")
    assert "新出现 0 处，消失 0 处，变轻变重 0 处" in _try(same).output


@pytest.mark.parametrize(
    ("text", "on", "says", "code"),
    [
        ("[[pace]]\n", "2026Q2", "缺少", 1),
        ("", "2026Q4", "季度要写成 2026Q2", 2),
        ("\xff", "2026Q2", "thresholds.toml", 1),
    ],
)
def test_what_cannot_be_tried_is_said(
    database: Path, tmp_path: Path, text: str, on: str, says: str, code: int
) -> None:
    wrong = tmp_path / "thresholds.toml"
    wrong.write_text(text, encoding="latin-1")
    done = _try(wrong, on)
    assert (done.exit_code, says in done.output) == (code, True), done.output


def test_a_departments_own_rules_are_tried_with_their_effect(database: Path, tmp_path: Path) -> None:
    own = tmp_path / "departments.toml"
    own.write_text(
        '[[threshold]]\ndepartment = "d01"\nfrom = 2026-04-01\nreference = "教财3号"\n'
        "pace = { yellow = 0.99, red = 0.98 }\n"
        '[[date]]\ndepartment = "d01"\nround = "2026Q2"\nannex = "附表1"\ndue = 2026-07-08\nreference = "教财3号"\n'
        '[[date]]\ndepartment = "d01"\nround = "2026Q2"\nannex = "附表2、3"\ndue = 2026-07-16\nreference = "教财3号"\n'
        '[[date]]\ndepartment = "d01"\nround = "2026Q3"\nannex = "附表1"\ndue = 2026-10-09\nreference = "教财3号"\n'
        '[[date]]\ndepartment = "x9"\nround = "2026Q2"\nannex = "附表1"\ndue = 2026-07-08\nreference = "教财3号"\n',
        encoding="utf-8",
    )
    before = database.read_bytes()
    done = _try(own)
    assert done.exit_code == 0, done.output
    assert "区教育局　试了 10 张已报送的附表1：新出现" in done.output
    assert "区教育局附表1　7月10日（周五） → 7月8日（周三），已报的 10 张里" in done.output
    assert "区教育局附表2、3　7月20日（周一） → 7月16日（周四），已报的 " in done.output
    assert "10月9日" not in done.output
    assert "名册里没有部门 x9，这几段不起作用。" in done.output
    assert done.output.endswith("什么也没有改。\n")
    assert database.read_bytes() == before


def test_a_departments_looser_line_stops_the_program(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "departments.toml").write_text(
        '[[threshold]]\ndepartment = "d01"\nfrom = 2026-07-01\nreference = "教财3号"\n'
        "pace = { yellow = 0.50, red = 0.40 }\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("JIXIAO_RULES", str(tmp_path))
    done = CliRunner().invoke(app, ["calendar", "2026"])
    assert "比区里的界线宽了" in str(done.exception)
