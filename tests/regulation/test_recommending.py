"""第五条(二): what is recommended for the list of key projects, why, and by which basis."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from regulation.basis import Basis
from regulation.recommending import recommended
from regulation.roster import FundSource, KeyBasis, Project
from tests.regulation.sample_department import (
    EDUCATION,
    MEALS_HQ,
    MEALS_MIDDLE,
    REPAIR,
    UNITS,
    basis,
    filed,
)
from tests.regulation.sample_projects import Q3, RULES


def project(
    name: str, budget: str, source: FundSource = FundSource.DISTRICT, *, is_key: bool = False
) -> Project:
    amount = Decimal(budget)
    return replace(
        REPAIR,
        id=name,
        name=name,
        budget_initial=amount,
        budget_current=amount,
        sources=((source, amount),),
        is_key=is_key,
    )


A, B, C, E = (project(*each) for each in (("甲", "500"), ("乙", "400"), ("丙", "300"), ("戊", "100")))
SMALL = replace(project("小的", "10"), id="p3")
LARGE = tuple(replace(p, is_key=False, key_basis=None) for p in (MEALS_HQ, MEALS_MIDDLE))
FROM_ABOVE = project("丁", "200", FundSource.PROVINCIAL)


def reasons(*projects: Project) -> dict[str, tuple[tuple[str, ...], KeyBasis | None]]:
    return said(Basis(EDUCATION, Q3, projects, (), UNITS))


def said(on: Basis, *, figures: bool = True) -> dict[str, tuple[tuple[str, ...], KeyBasis | None]]:
    return {each.project.name: (each.reasons, each.basis) for each in recommended(on, RULES, figures=figures)}


def test_the_three_largest_and_what_comes_from_above() -> None:
    assert reasons(E, FROM_ABOVE, C, B, A) == {
        "甲": (("金额排第 1",), KeyBasis.MAJOR_SPENDING),
        "乙": (("金额排第 2",), KeyBasis.MAJOR_SPENDING),
        "丙": (("金额排第 3",), KeyBasis.MAJOR_SPENDING),
        "丁": (("有中央、省级资金，可能是重大部署",), KeyBasis.MAJOR_DECISION),
    }


def test_with_most_reasons_first() -> None:
    largest = project("丁", "450", FundSource.CENTRAL)
    assert list(reasons(A, B, largest)) == ["丁", "甲", "乙"]
    assert reasons(largest)["丁"] == (
        ("金额排第 1", "有中央、省级资金，可能是重大部署"),
        KeyBasis.MAJOR_DECISION,
    )


def test_what_is_on_the_list_is_not_recommended_and_keeps_its_place() -> None:
    assert list(reasons(project("甲", "500", is_key=True), B, C, E)) == ["乙", "丙"]


@pytest.mark.parametrize(
    ("spent", "reason"),
    [
        ("9", ()),
        ("9.1", ("执行率比时间进度快 16.0 个百分点",)),
        ("5", ("执行率比时间进度慢 25.0 个百分点",)),
        ("7", ()),
    ],
)
def test_far_from_the_time_that_passed(spent: str, reason: tuple[str, ...]) -> None:
    on = basis(*(filed(p) for p in LARGE), filed(SMALL, spent=spent), projects=(*LARGE, A, SMALL))
    expected = {"小的": (reason, None)} if reason else {}
    assert {name: found for name, found in said(on).items() if name == "小的"} == expected
    assert "小的" not in said(on, figures=False)  # finance sees no figures before they are filed
