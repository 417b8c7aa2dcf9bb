"""A classified project is counted and nothing else: its name is nowhere in what comes back (第十七条, A06)."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from intake.roster import Reading, read_roster
from tests.intake.rosters import add, changed, put, small

NAME = "绝不能出现的名称"


def secret(book: Workbook, level: str = "秘密", **more: object) -> None:
    cells = {
        "项目编码": "S1",
        "项目名称": NAME,
        "单位编码": "U02",
        "经办人编码": NAME,
        "年度": NAME,
        "区级": NAME,
        "密级": level,
    }
    add(book, "项目", **{**cells, **more})
    add(book, "指标", 项目编码=more.get("项目编码", "S1"), 序号="甲", 三级指标=NAME, 年度目标=NAME)


def read(**more: object) -> Reading:
    return read_roster(changed(lambda book: secret(book, **more)), "名册.xlsx")  # type: ignore[arg-type]


@pytest.mark.parametrize("level", ["秘密", "机密", "绝密", "内部", "涉密", "是", "否", "公开？"])
def test_refused_and_only_counted_by_unit(level: str) -> None:
    """A06: whatever is not empty or 公开 counts as classified"""
    reading = read(level=level)
    assert reading.roster is not None
    assert reading.roster.offline == (("U02", 1),)
    assert reading.refused_classified == 1
    assert [project.id for project in reading.roster.projects] == ["P1", "P2"]
    assert NAME not in repr(reading)
    assert [str(found) for found in reading.warnings] == [
        "《项目》第 4 行“密级”：按涉密处理：这一行没有读入，只计了数。请从表里删去，线下报送（第十七条）。"
    ]


def test_added_to_what_the_unit_declared() -> None:
    def change(book: Workbook) -> None:
        secret(book)
        put(book, "单位", 3, "线下报送项目数", 2)

    reading = read_roster(changed(change), "名册.xlsx")
    assert reading.roster is not None
    assert reading.roster.offline == (("U02", 3),)


@pytest.mark.parametrize("level", ["公开", " 公开 ", None])
def test_public_rows_are_read(level: str | None) -> None:
    reading = read_roster(changed(lambda book: put(book, "项目", 2, "密级", level)), "名册.xlsx")
    assert reading.roster == small()
    assert reading.refused_classified == 0


def test_a_level_that_cannot_be_read_counts_as_classified() -> None:
    reading = read_roster(changed(lambda book: put(book, "项目", 2, "密级", "=A1")), "名册.xlsx")
    assert reading.refused_classified == 1
    assert "校舍改造" not in repr(reading)


def test_a_mark_in_any_cell_counts_as_classified() -> None:
    """A06, A07: 秘密★10年 in the name, the level left empty"""
    reading = read_roster(
        changed(lambda book: put(book, "项目", 2, "项目名称", "某工程 秘密★10年")), "名册.xlsx"
    )
    assert reading.roster is not None
    assert reading.roster.offline == (("U01", 1),)
    assert "某工程" not in repr(reading)


def test_an_unknown_unit_stops_the_import_without_naming_anything() -> None:
    reading = read(单位编码=NAME)
    assert reading.roster is None
    assert [(found.row, found.column) for found in reading.problems] == [(4, "单位编码")]
    assert NAME not in repr(reading)


def test_a_public_project_may_not_share_its_code() -> None:
    """Otherwise the indicators of the one could be taken for the other's."""
    reading = read(项目编码="P1")
    assert reading.roster is None
    assert any("这个编码和一个涉密项目相同" in str(found) for found in reading.problems)
    assert NAME not in repr(reading)
