"""The year's results as a file: a row per project, numbers as numbers, decisions in words."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from regulation.disposing import Disposal, DisposalRecord
from regulation.rounds import MonitoringRound
from rehearsal.stage import DATABASE, Stage
from reports.results import HEADINGS, results


@pytest.fixture
def stage(open_story: Callable[[], Stage]) -> Stage:
    stage = open_story()
    made = DisposalRecord(
        "x",
        "p001",
        MonitoringRound(2026, 3),
        Disposal.CONTINUE,
        Decimal(0),
        "局党委会",
        date(2026, 10, 8),
        "=会议纪要",
        False,
        "liqiang",
        stage.now(),
    )
    with stage.store.begin() as tx:
        tx.dispose(made, stage.now(), "liqiang")
    return stage


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_row_per_project_with_both_rounds(stage: Stage) -> None:
    with stage.store.read() as tx:
        rows = _rows(results(tx, 2026))
        assert len(rows) == len(tx.projects(2026))
    school = next(row for row in rows if row["项目名称"] == "新桥小学校舍安全改造")
    assert tuple(school) == HEADINGS
    assert (school["二季度执行率"], school["三季度执行率"]) == ("37.00%", "—")
    assert school["目标调整和处置"] == "继续（局党委会，=会议纪要）"


def test_one_department_or_a_plain_sentence(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    database = stage.folder / DATABASE
    stage.close()
    monkeypatch.setenv("JIXIAO_DATABASE", f"sqlite:///{database}")
    arguments = ["export", "--round", "2026Q3", "--what", "results", "--out", str(tmp_path / "年.csv")]
    done = CliRunner().invoke(app, [*arguments, "--department", "d01"])
    assert "已写出 2026 年各项目的结果" in done.output
    assert {row["部门"] for row in _rows((tmp_path / "年.csv").read_bytes())} == {"区教育局"}
    refused = CliRunner().invoke(app, [*arguments, "--department", "d99"])
    assert (refused.exit_code, "没有编号为 d99 的部门" in refused.output) == (1, True)
