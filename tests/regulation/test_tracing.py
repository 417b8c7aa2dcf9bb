"""数字来源: which figures there are, what people call them, which projects are behind one, the largest first."""

import pytest

from bot.cards.gallery_reports import ANNEX2, ANNEX3
from regulation.consolidation import Tables
from regulation.provenance import Source
from regulation.tracing import called, cells_called, expanded, parts, traced
from tests.regulation.sample_projects import SCHOOL

FIGURES = traced(Tables(ANNEX2, (ANNEX3,)), "区教育局")


def test_every_figure_has_a_name_of_its_own() -> None:
    keys = [each.key for each in FIGURES]
    assert len(keys) == len(set(keys))
    assert {"2.total", "2.execution", "2.procurement", "2.plan"} <= set(keys)
    assert {each.form for each in FIGURES} == {"附表2", f"附表3 {ANNEX3.project_name}"}
    assert [each.key for each in FIGURES if each.stale] == ["2.deviation"]


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("执行率", ["2.execution", f"3.{ANNEX3.project_id}.execution"]),
        ("2.arrival", ["2.arrival"]),
        ("采购", ["2.procurement"]),
        ("总额", ["2.total"]),
        ("年度计划执行率", ["2.procurement"]),
        ("利润", []),
        ("", []),
    ],
)
def test_a_figure_is_found_by_what_people_call_it(words: str, keys: list[str]) -> None:
    assert [each.key for each in called(FIGURES, words)] == keys


@pytest.mark.parametrize(
    ("words", "cells"),
    [
        ("执行率", ("spent", "budget_current")),
        ("到位", ("arrived",)),
        ("课桌椅", ("actual.2",)),
        ("原因", ("reason",)),
        ("没有的指标", ()),
        ("", ()),
    ],
)
def test_a_cell_of_a_project_is_found_too(words: str, cells: tuple[str, ...]) -> None:
    assert cells_called(SCHOOL, words) == cells


def test_the_projects_behind_a_figure_the_largest_first_each_once() -> None:
    def cell(project: str, key: str, value: str) -> Source:
        return Source("单位", project, project, key, key, value, 0)

    found = parts(
        [
            cell("p1", "spent", "9"),
            cell("p2", "spent", "100.5"),
            cell("p1", "budget_current", "900"),
            cell("p3", "spent", "—"),
        ],
        {"p1": 2, "p2": 1},
    )
    assert [(each.project_id, each.version, each.keys) for each in found] == [
        ("p2", 1, ("spent",)),
        ("p1", 2, ("spent", "budget_current")),
        ("p3", 0, ("spent",)),
    ]


def test_spending_asked_source_by_source_is_all_its_cells() -> None:
    entries = ("arrived", "spent.district", "spent.central")
    assert expanded(("spent", "budget_current"), entries) == (
        "spent.district",
        "spent.central",
        "budget_current",
    )
    assert expanded(("spent",), ("spent",)) == ("spent",)
