"""The year's results as a file: a row per project, numbers as numbers, decisions in words."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from bot.__main__ import app
from regulation.disposing import Disposal, DisposalRecord
from regulation.rounds import MonitoringRound
from rehearsal.stage import DATABASE, Stage
from reports.results import HEADINGS, filed_results, results
from tests.reports.test_department_attachments import file_report


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


def _sheet(content: bytes) -> list[dict[str, object]]:
    heads, *rows = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    assert heads == HEADINGS
    return [dict(zip(HEADINGS, row, strict=True)) for row in rows]


def test_finance_has_only_what_was_filed_with_it(stage: Stage) -> None:
    with stage.store.read() as tx:
        assert _sheet(filed_results(tx, 2026, "*")) == []
    file_report(stage, "d01")
    with stage.store.read() as tx:
        whole, one, division, other = (
            _sheet(filed_results(tx, 2026, name))
            for name in ("*", "d01", tx.department("d01").division_id, "d02")
        )
    assert whole == one == division
    assert {row["部门"] for row in whole} == {"区教育局"}
    assert {row["二季度执行率"] for row in whole} == {"—"}, "the second quarter was never filed with finance"
    assert other == []


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
