"""附表1 ↔ 2 ↔ 3: each imbalance with its difference and the cell to look at first."""

from dataclasses import replace
from decimal import Decimal

import pytest

from regulation.reconciliation import reconcile
from regulation.suspects import Cell, suspect
from tests.regulation.sample_department import (
    MEALS_HQ,
    MEALS_MIDDLE,
    PROJECTS,
    REPAIR,
    TYPED,
    D,
    basis,
    filed,
    tables,
)


def found(made, of):
    return [(i.code, i.difference, i.cell, i.why) for i in reconcile(made, of)]


def test_a_department_in_balance_has_no_imbalance():
    assert reconcile(tables(), basis()) == ()


def test_f04_a_form_filed_anew_after_the_tables_were_made():
    now = basis(filed(MEALS_HQ), filed(MEALS_MIDDLE, 2, spent_district="69.5"), filed(REPAIR))
    assert found(tables(), now) == [
        (
            "source.changed",
            D("-20.0"),
            "滨河中学《学生营养改善》已支出资金 版本1",
            "原来 139.5 万元，现在 159.5 万元",
        ),
        (
            "source.changed",
            D("-20.0"),
            "滨河中学《学生营养改善》已支出资金 版本1",
            "原来 139.5 万元，现在 159.5 万元",
        ),
    ]


def test_a_form_taken_back_after_the_tables_were_made():
    codes = [code for code, *_ in found(tables(), basis(filed(MEALS_HQ), filed(REPAIR)))]
    assert set(codes) == {"source.changed", "source.words"}


def test_a_changed_word_is_shown_with_both_readings():
    now = basis(filed(MEALS_HQ), filed(MEALS_MIDDLE, 2, actual_1="900"), filed(REPAIR))
    (one,) = reconcile(tables(), now)
    assert one.text == (
        "附表3《学生营养改善》补助学生数量写的是“800人”，来源现在是“900人”。"
        "先看：滨河中学《学生营养改善》补助学生数量 版本1。"
    )


def test_a_total_below_its_projects_points_at_the_adjustment_that_explains_it():
    of = basis()
    assert found(tables(of, TYPED | {"total": "960"}), of) == [
        (
            "total.below_projects",
            D("-20"),
            "新桥小学《新桥小学校舍安全改造》预算总额",
            "正好等于它调整前后的差",
        )
    ]


def test_sources_that_do_not_add_up_point_at_the_source():
    odd = replace(MEALS_HQ, budget_current=D("700"), budget_initial=D("700"))
    projects = (odd, MEALS_MIDDLE, REPAIR)
    of = basis(filed(odd), filed(MEALS_MIDDLE), filed(REPAIR), projects=projects)
    assert found(tables(of), of) == [
        ("budget.sources", D("200"), "名册《学生营养改善》区级", "正好等于它，可能漏计或多计一次"),
        ("annex3.sources", D("200"), "附表3《学生营养改善》预算数", ""),
    ]


def test_done_beyond_the_plan_is_two_amounts_swapped():
    of = basis()
    made = tables(of, TYPED | {"assets.plan": "90", "assets.done": "120"})
    (one,) = reconcile(made, of)
    assert (one.code, one.difference, one.why) == ("plan.exceeded", D("30"), "两个数是不是填反了")


def test_the_list_of_key_projects_changed_after_the_tables_were_made():
    before = tables()
    forms = basis().forms  # filed versions keep the definition of their own time (F09)
    none = tuple(replace(project, is_key=False) for project in PROJECTS)
    assert [c for c, *_ in found(before, basis(*forms, projects=none))] == ["annex3.not_key"]
    more = (*PROJECTS[:2], replace(REPAIR, is_key=True))
    assert [c for c, *_ in found(before, basis(*forms, projects=more))] == ["annex3.missing"]


#: difference, cells as (where, value, before), expected cell and story
STORIES = [
    ("20", [("甲", "320", "300"), ("乙", "20", None)], "甲", "正好等于它调整前后的差"),
    ("49.5", [("甲", "12", None), ("乙", "49.5", None)], "乙", "正好等于它，可能漏计或多计一次"),
    ("99", [("甲", "49.5", None)], "甲", "正好是它的两倍，可能符号或方向反了"),
    ("120.56", [("甲", "1205600", None)], "", ""),
    ("1205479.44", [("甲", "1205600", None)], "甲", "像是按元填了"),
    ("90", [("甲", "100", None)], "甲", "像是小数点错了位"),
    ("27", [("甲", "36", None)], "甲", "像是相邻两位数字写反了"),
    ("7", [("甲", "36", None)], "", ""),
]


@pytest.mark.parametrize(("gap", "cells", "where", "why"), STORIES)
def test_the_most_likely_cell(gap, cells, where, why):
    made = [Cell(n, Decimal(v), Decimal(b) if b else None) for n, v, b in cells]
    assert suspect(Decimal(gap), made) == ((where, why) if where else None)
    assert suspect(-Decimal(gap), made) == ((where, why) if where else None)
