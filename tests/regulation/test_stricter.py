"""第十八条, the lines: a department may be stricter, never looser, and names its paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from regulation.stricter import STRICTER, DepartmentRules, parse_department_rules
from regulation.thresholds import Band
from tests.regulation.sample_projects import RULES

HEAD = 'department = "d01"\nfrom = 2026-07-01\nreference = "教财〔2026〕3号"\n'
TEXT = f"""
[[threshold]]
{HEAD}
pace = {{ yellow = 0.90, red = 0.70 }}
floor = 0.55
"""
DAY = date(2026, 9, 30)


def test_inside_the_department_its_own_lines_count() -> None:
    rules = parse_department_rules(TEXT, RULES)
    inside = rules.on(RULES, "d01", DAY)
    assert (inside.pace.yellow, inside.pace.red, inside.floor.value) == (
        Decimal("0.90"),
        Decimal("0.70"),
        Decimal("0.55"),
    )
    assert inside.pace.reference == "教财〔2026〕3号"
    assert inside.quantity == RULES.quantity


def test_elsewhere_and_earlier_they_do_not() -> None:
    rules = parse_department_rules(TEXT, RULES)
    assert rules.on(RULES, "d02", DAY) == RULES
    assert rules.on(RULES, "d01", date(2026, 6, 30)) == RULES
    assert DepartmentRules().on(RULES, "d01", DAY) == RULES


def test_a_line_the_district_has_overtaken_no_longer_counts() -> None:
    newer = replace(RULES, pace=Band("2026-08-01", "新通知", Decimal("0.95"), Decimal("0.80")))
    assert parse_department_rules(TEXT, RULES).on(newer, "d01", DAY).pace == newer.pace


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
        parse_department_rules(f"[[threshold]]\n{HEAD}{block}\n", RULES)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[other]\n", "只有 threshold"),
        ("pace = = 1", "不是正确的 TOML"),
        ('[[threshold]]\nfrom = 2026-07-01\nreference = "a"\nfloor = 0.6\n', "department 要写明"),
        ('[[threshold]]\ndepartment = "d"\nfrom = "x"\nreference = "a"\nfloor = 0.6\n', "要写成日期"),
        ('[[date]]\ndepartment = "d"\nreference = "a"\n', "date 还不起作用"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_department_rules(text, RULES)


def test_every_line_that_can_be_set_is_one_of_the_districts() -> None:
    assert all(hasattr(RULES, key) for key in STRICTER)
