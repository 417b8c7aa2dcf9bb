"""What a version handed up again says otherwise: every kind of cell, and sentences one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from regulation.annex2 import EFFECTS, Annex2Row
from regulation.consolidation import Tables
from regulation.provenance import Passage, Sentence
from regulation.revising import Changed, revised
from tests.regulation.sample_department import MEALS_HQ, MEALS_MIDDLE, REPAIR, TYPED, basis, filed, tables

FIRST = tables()
MEALS = "附表3 学生营养改善"


def typed(**changes: str) -> Tables:
    """The same department with other amounts typed."""
    return tables(typed=TYPED | {key.replace("_", "."): value for key, value in changes.items()})


def refiled(**changes: str) -> Tables:
    """The same department after the middle school corrected its form."""
    return tables(basis(filed(MEALS_HQ), filed(MEALS_MIDDLE, 2, **changes), filed(REPAIR)))


def with_effect(target: str) -> Tables:
    row = Annex2Row(EFFECTS, "家长满意度", target, "96%", "确定能")
    return replace(FIRST, annex2=replace(FIRST.annex2, effects=(row,)))


@pytest.mark.parametrize(
    ("old", "new", "figures"),
    [
        (FIRST, typed(), []),
        (
            FIRST,
            typed(procurement_done="340"),
            [
                Changed("附表2", "采购管理已执行金额", "310.50万元", "340.00万元"),
                Changed("附表2", "采购管理年度计划执行率", "77.63%", "85.00%"),
            ],
        ),
        (
            FIRST,
            typed(total="5100.5"),
            [Changed("附表2", "本年度预算资金总额", "5,000.00万元", "5,100.50万元")],
        ),
        (
            FIRST,
            tables(typed={key: value for key, value in TYPED.items() if key != "assets.done"}),
            [
                Changed("附表2", "资产管理已完成金额", "90.00万元", "无"),
                Changed("附表2", "资产管理年度计划完成率", "75.00%", "—"),
                Changed("附表2", "资产管理年度计划完成率可能性", "确定能", "无"),
            ],
        ),
        (with_effect("≥95%"), with_effect("≥90%"), [Changed("附表2", "家长满意度目标", "≥95%", "≥90%")]),
        (
            with_effect("≥95%"),
            FIRST,
            [
                Changed("附表2", "家长满意度目标", "≥95%", "无"),
                Changed("附表2", "家长满意度", "96%", "无"),
                Changed("附表2", "家长满意度可能性", "确定能", "无"),
            ],
        ),
    ],
)
def test_figures(old: Tables, new: Tables, figures: list[Changed]) -> None:
    assert list(revised(old, new).figures) == figures


def test_a_corrected_form_shows_in_both_tables() -> None:
    found = {
        (each.table, each.cell): (each.old, each.new)
        for each in revised(FIRST, refiled(spent_district="60")).figures
    }
    assert found["附表2", "预算执行率"][0] != found["附表2", "预算执行率"][1]
    assert found[MEALS, "项目总金额执行数"] == ("500.00万元", "510.50万元")
    assert found[MEALS, "区级财政执行数"] == ("160.00万元", "170.50万元")
    assert {table for table, _ in found} == {"附表2", MEALS}


def test_of_a_text_only_the_sentences_that_went_and_came() -> None:
    found = revised(FIRST, refiled(reason="设备晚到一个月"))
    assert found.figures == ()
    assert [(each.table, each.cell) for each in found.texts] == [
        ("附表2", "偏离情况及原因"),
        (MEALS, "偏离情况及原因"),
    ]
    assert all("食堂启用晚了两个月" in each.old and "设备晚到一个月" in each.new for each in found.texts)
    assert found.count == 2


def test_a_sentence_that_only_moved_is_no_change() -> None:
    first, second = Sentence("甲。"), Sentence("乙。")
    old, new = (
        replace(FIRST, annex2=replace(FIRST.annex2, plan=Passage(each)))
        for each in ((first, second), (second, first))
    )
    assert revised(old, new).count == 0


def test_a_project_that_is_no_key_project_any_more_goes_as_a_whole() -> None:
    found = revised(FIRST, replace(FIRST, annex3=()))
    assert {each.table for each in (*found.figures, *found.texts)} == {MEALS}
    assert {each.new for each in (*found.figures, *found.texts)} == {"无"}
