"""Counts of several units in 附表3: added up, or counted once where the office says they are the same (第四条)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from regulation.annex3 import Annex3Row
from regulation.problems import Problem
from regulation.roster import Indicator
from regulation.shared import counted_once, parse_once
from regulation.summing import indicator_rows, shared_counts
from tests.regulation.sample_department import MEALS_HQ, MEALS_MIDDLE, entries, filed, tables

COUNT, RATE = "补助学生数量", "食材抽检合格率"


def outputs(**typed: str) -> list[Annex3Row]:
    said = {key.replace("_", "."): value for key, value in typed.items()}
    (annex3,) = tables(typed=said).annex3
    return list(annex3.outputs)


def test_counts_are_added_up_by_default() -> None:
    row = outputs()[0]
    assert (row.name, row.target, row.actual, row.likelihood) == (COUNT, "≥4200人", "3200人", "可能性小")
    assert row.formula == "区教育局本级 2400 + 滨河中学 800 = 3200人"


def test_one_and_the_same_count_is_taken_from_the_leading_unit_and_says_what_the_others_said() -> None:
    row = outputs(p1_once=COUNT)[0]
    assert (row.name, row.target, row.actual, row.likelihood) == (COUNT, "≥3000人", "2400人", "可能性小")
    assert row.formula == "只算一次，取区教育局本级的 2400人；滨河中学 报 800人"
    assert [source.unit for source in row.sources] == ["区教育局本级", "滨河中学"]


def test_the_other_rows_stay_as_they_were() -> None:
    assert outputs(p1_once=COUNT)[1:] == outputs()[1:]
    assert outputs(p1_once="别的指标") == outputs(p2_once=COUNT) == outputs()


def test_only_counts_of_several_units_are_offered() -> None:
    forms = (filed(MEALS_HQ), filed(MEALS_MIDDLE))
    assert shared_counts(forms) == (COUNT,)
    assert shared_counts(forms[:1]) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1", "甲"),
        ("2、1", "乙\n甲"),
        ("１ 和 2", "甲\n乙"),
        ("1，1", "甲"),
        ("无", "无"),
        ("没有", "无"),
        ("3", None),
        ("0、1", None),
        ("补助学生", None),
        ("", None),
    ],
)
def test_what_the_office_writes(text: str, found: str | None) -> None:
    read = parse_once(text, ("甲", "乙"))
    assert read == found if found else isinstance(read, Problem) and read.code == "once.no_such"


def test_none_of_them_is_nothing() -> None:
    assert counted_once(entries({"p1.once": "无"}), "p1") == counted_once({}, "p1") == frozenset()
    assert counted_once(entries({"p1.once": "甲\n乙"}), "p1") == {"甲", "乙"}


@pytest.mark.parametrize(
    ("target", "actual", "names"),
    [
        ("≥190天", "98", ["供餐时间（区教育局本级）", "供餐时间（滨河中学）"]),
        ("≥60次", "30", ["供餐时间"]),
    ],
)
def test_days_do_not_add_up_over_units(target: str, actual: str, names: list[str]) -> None:
    days = Indicator(1, "产出指标", "数量指标", "供餐时间", target)
    projects = tuple(replace(p, indicators=(days, *p.indicators[1:])) for p in (MEALS_HQ, MEALS_MIDDLE))
    rows = indicator_rows([filed(project, actual_1=actual) for project in projects])
    assert [row.name for row in rows if row.dimension.label == "产出数量"] == names
