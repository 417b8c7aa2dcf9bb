"""The computed rates: exact inside, half up outside, and a dash where nothing can be divided."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_projects import Q2, Q3, SCHOOL

from regulation.rates import (
    AdjustmentBasis,
    Denominator,
    Pace,
    adjustment_rate,
    execution_rate,
    funds_arrival_rate,
    money,
    pace_of,
    percent,
    plain,
    points,
    ratio,
    usable,
)

D = Decimal


def test_funds_arrival_rate_shows_its_own_arithmetic():
    rate = funds_arrival_rate(D("256"), D("320"))
    assert rate.text == "80.00%"
    assert rate.formula == "资金到位率 = 已到位资金 256.00 ÷ 预算总额 320.00 × 100% = 80.00%"


@pytest.mark.parametrize(
    ("denominator", "text", "of"),
    [
        (Denominator.ADJUSTED, "62.92%", "预算总额 320.00"),
        (Denominator.ARRIVED, "78.65%", "已到位资金 256.00"),
        (Denominator.INITIAL, "67.12%", "年初预算 300.00"),
    ],
)
def test_execution_rate_divides_by_what_the_parameter_says(denominator, text, of):
    rate = execution_rate(
        D("201.35"), D("320"), arrived=D("256"), budget_initial=D("300"), denominator=denominator
    )
    assert rate.text == text
    assert of in rate.formula


def test_a_real_figure_from_a_public_table():
    assert execution_rate(D("4772.58"), D("5372.5833")).text == "88.83%"


@pytest.mark.parametrize(
    ("initial", "current", "changes", "basis", "text"),
    [
        ("320", "430", [], AdjustmentBasis.NET, "34.38%"),
        ("320", "240", [], AdjustmentBasis.NET, "-25.00%"),
        ("320", "320", ["100", "-100"], AdjustmentBasis.NET, "0.00%"),
        ("320", "320", ["100", "-100"], AdjustmentBasis.GROSS, "62.50%"),
        ("320", "240", [], AdjustmentBasis.GROSS, "25.00%"),
        ("0", "100", [], AdjustmentBasis.NET, "—"),
    ],
)
def test_adjustment_rate_net_and_gross(initial, current, changes, basis, text):
    rate = adjustment_rate(D(initial), D(current), adjustments=[D(c) for c in changes], basis=basis)
    assert rate.text == text


@pytest.mark.parametrize(
    "rate",
    [
        funds_arrival_rate(D("5"), D("0")),
        execution_rate(D("5"), D("0")),
        execution_rate(D("5"), D("320"), arrived=None, denominator=Denominator.ARRIVED),
        execution_rate(None, D("320")),
    ],
)
def test_n16_nothing_to_divide_by_is_a_dash(rate):
    assert rate.value is None
    assert rate.text == "—"
    assert rate.formula.endswith("记“—”")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.02345", "2.35%"),
        ("0.02335", "2.34%"),
        ("-0.02345", "-2.35%"),
        ("1", "100.00%"),
        ("0.99995", "100.00%"),
    ],
)
def test_n18_half_up_when_shown(value, text):
    assert percent(D(value)) == text


def test_n17_rounding_happens_only_when_shown():
    parts = [ratio(D(1), D(3))] * 3
    assert [percent(p) for p in parts] == ["33.33%"] * 3
    assert percent(sum(p for p in parts if p)) == "100.00%"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("256", "256.00"),
        ("38.766462", "38.766462"),
        ("153.5184", "153.5184"),
        ("0", "0.00"),
        ("2.50", "2.50"),
    ],
)
def test_money_keeps_every_place_it_has(value, text):
    assert money(D(value)) == text


@pytest.mark.parametrize(
    ("value", "text"), [("36", "36"), ("62.90", "62.9"), ("1E+3", "1000"), ("0.00", "0")]
)
def test_plain_numbers_have_no_exponent_and_no_trailing_zero(value, text):
    assert plain(D(value)) == text


def test_the_gap_to_time_is_told_in_points():
    assert points(D("0.6292"), Q3.time_progress) == "-12.08个百分点"
    assert points(D("0.7735"), Q3.time_progress) == "+2.35个百分点"
    assert points(None, Q3.time_progress) == "—"


@pytest.mark.parametrize(
    ("starts", "ends", "q2", "q3"),
    [
        (None, None, (6, 12), (9, 12)),
        (date(2026, 1, 1), date(2026, 12, 31), (6, 12), (9, 12)),
        (date(2025, 3, 1), date(2028, 6, 30), (6, 12), (9, 12)),
        (date(2026, 4, 15), None, (3, 9), (6, 9)),
        (date(2026, 4, 15), date(2026, 8, 31), (3, 5), (5, 5)),
        (date(2026, 8, 1), date(2026, 12, 31), (0, 5), (2, 5)),
        (date(2026, 10, 8), None, (0, 3), (0, 3)),
        (date(2024, 1, 1), date(2025, 12, 31), (6, 12), (9, 12)),
        (date(2026, 9, 1), date(2026, 3, 1), (6, 12), (9, 12)),
    ],
)
def test_time_progress_counts_the_months_in_force(starts, ends, q2, q3):
    project = replace(SCHOOL, starts=starts, ends=ends)
    assert (pace_of(project, Q2), pace_of(project, Q3)) == (Pace(*q2), Pace(*q3))


@given(st.decimals())
def test_n03_showing_a_usable_number_never_raises(value):
    if usable(value):
        assert percent(value).endswith("%")
        assert plain(value)
        assert money(value)


@given(st.decimals(allow_nan=True, allow_infinity=True), st.decimals(allow_nan=True, allow_infinity=True))
def test_n16_dividing_never_raises(part, whole):
    found = ratio(part, whole)
    assert found is None or found.is_finite()
