"""Trying a changed threshold: what appears, what vanishes, what changes its colour, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from regulation.findings import Reported
from regulation.thresholds import Band
from regulation.trying import Change, Filed, differences
from tests.regulation.sample_projects import OCTOBER, Q3, RULES, of

SLOW = Filed(of(), Reported(arrived=Decimal(256), spent=Decimal(200)), OCTOBER)  # 62.5% ÷ 75% = 83.3%


def pace(yellow: str, red: str):  # type: ignore[no-untyped-def]
    return replace(RULES, pace=Band("2026-07-01", "测试通知", Decimal(yellow), Decimal(red)))


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        (pace("0.80", "0.60"), pace("0.90", "0.60"), [Change.APPEARS]),
        (pace("0.90", "0.60"), pace("0.80", "0.60"), [Change.VANISHES]),
        (pace("0.90", "0.60"), pace("0.95", "0.85"), [Change.LEVEL]),
        (pace("0.90", "0.60"), pace("0.95", "0.60"), []),
    ],
)
def test_what_becomes_of_a_deviation(old, new, changes) -> None:  # type: ignore[no-untyped-def]
    found = list(differences([SLOW], Q3, old, new))
    assert [each.change for each in found] == changes
    assert all(each.finding.code == "money.pace" for each in found)
