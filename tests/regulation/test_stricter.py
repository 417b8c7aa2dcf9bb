"""第十八条, the lines: a department may be stricter, never looser, and names its paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from regulation.deadlines import Annex, DepartmentRule
from regulation.parameters import read
from regulation.rounds import MonitoringRound
from regulation.stricter import STRICTER, DepartmentRules, parse_department_rules
from regulation.thresholds import Band
from regulation.workdays import parse_workdays
from tests.regulation.sample_projects import RULES

WORKDAYS = parse_workdays(read("workdays.toml"))
HEAD = 'department = "d01"\nfrom = 2026-07-01\nreference = "教财〔2026〕3号"\n'
TEXT = f"""
[[threshold]]
{HEAD}
pace = {{ yellow = 0.90, red = 0.70 }}
floor = 0.55
"""
DAY = date(2026, 9, 30)


def test_inside_the_department_its_own_lines_count() -> None:
    rules = parse_department_rules(TEXT, RULES, WORKDAYS)
    inside = rules.on(RULES, "d01", DAY)
    assert (inside.pace.yellow, inside.pace.red, inside.floor.value) == (
        Decimal("0.90"),
        Decimal("0.70"),
        Decimal("0.55"),
    )
    assert inside.pace.reference == "教财〔2026〕3号"
    assert inside.quantity == RULES.quantity


def test_elsewhere_and_earlier_they_do_not() -> None:
    rules = parse_department_rules(TEXT, RULES, WORKDAYS)
    assert rules.on(RULES, "d02", DAY) == RULES
    assert rules.on(RULES, "d01", date(2026, 6, 30)) == RULES
    assert DepartmentRules().on(RULES, "d01", DAY) == RULES


def test_a_line_the_district_has_overtaken_no_longer_counts() -> None:
    newer = replace(RULES, pace=Band("2026-08-01", "新通知", Decimal("0.95"), Decimal("0.80")))
    assert parse_department_rules(TEXT, RULES, WORKDAYS).on(newer, "d01", DAY).pace == newer.pace


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ("pace = { yellow = 0.70, red = 0.60 }", "比区里的界线宽了"),
        ("pace = { yellow = 0.90, red = 0.50 }", "比区里的界线宽了"),
        ("level = { yellow = 0.1, red = 0.2 }", "比区里的界线宽了"),
        ("arrival = 0.30", "比区里的界线宽了"),
        ("pace = 0.9", "要写成 { yellow = 数, red = 数 }"),
        ("floor = { yellow = 1, red = 1 }", "界线要写成数字"),
        ("floor = nan", "界线要写成数字"),
        ("floor = true", "界线要写成数字"),
        ("likelihood = 1", "部门不能自定"),
        ("", "没有写任何界线"),
    ],
)
def test_what_is_refused(block: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("{", r"\{").replace("}", r"\}")):
        parse_department_rules(f"[[threshold]]\n{HEAD}{block}\n", RULES, WORKDAYS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[other]\n", "只有 threshold 和 date"),
        ("pace = = 1", "不是正确的 TOML"),
        ('[[threshold]]\nfrom = 2026-07-01\nreference = "a"\nfloor = 0.6\n', "department 要写明"),
        ('[[threshold]]\ndepartment = "d"\nfrom = "x"\nreference = "a"\nfloor = 0.6\n', "要写成日期"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_department_rules(text, RULES, WORKDAYS)


DATE = """
[[date]]
department = "d01"
round = "2026Q3"
annex = "附表1"
due = 2026-10-09
reference = "教财〔2026〕3号"
"""


def test_an_earlier_date_is_kept_for_its_department() -> None:
    rules = parse_department_rules(TEXT + DATE, RULES, WORKDAYS)
    expected = DepartmentRule(
        "d01", MonitoringRound(2026, 3), Annex.UNIT, date(2026, 10, 9), "教财〔2026〕3号"
    )
    assert rules.dates_of("d01") == (expected,)
    assert rules.dates_of("d02") == ()
    assert rules.departments == ("d01",)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2026-10-09", "2026-10-11", "附表1最迟10月10日报送，部门自定的10月11日晚了"),
        ("2026-10-09", "2026-10-07", "10月7日"),
        ("2026-10-09", '"10月9日"', "due 要写成日期"),
        ("附表1", "附表2", "annex 要写 附表1 或 附表2、3"),
        ("2026Q3", "2026Q1", "round 要写成 2026Q3"),
        ('department = "d01"', "", "department 要写明"),
        ("教财〔2026〕3号", " ", "reference 要写明"),
        ("due =", "dew = 1\ndue =", "不认识 dew"),
    ],
)
def test_a_date_that_cannot_count_says_why(old: str, new: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        parse_department_rules(DATE.replace(old, new), RULES, WORKDAYS)
    assert "date[1]" in str(refused.value)


def test_two_dates_for_the_same_thing_are_refused() -> None:
    with pytest.raises(ValueError, match=r"date\[1\] 和 date\[2\] 说的是同一件事"):
        parse_department_rules(DATE + DATE.replace("10-09", "10-08"), RULES, WORKDAYS)


def test_every_line_that_can_be_set_is_one_of_the_districts() -> None:
    assert all(hasattr(RULES, key) for key in STRICTER)
