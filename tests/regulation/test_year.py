"""The printed year against its golden files; UPDATE_GOLDEN=1 rewrites them for review."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from regulation.deadlines import Annex, RoundOverride
from regulation.parameters import read
from regulation.reminders import plan
from regulation.rounds import parse_round
from regulation.workdays import parse_workdays
from regulation.year import describe_year, describe_year_json

WORKDAYS = parse_workdays(read("workdays.toml"))
GOLDEN = Path(__file__).parent / "golden"


def same_as_golden(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("year", [2026, pytest.param(2027, id="C05 2027 is estimated")])
def test_the_year_as_text(year: int) -> None:
    same_as_golden(f"calendar_{year}.txt", describe_year(year, WORKDAYS))


def test_the_year_as_data() -> None:
    data = describe_year_json(2026, WORKDAYS)
    same_as_golden("calendar_2026.json", json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def test_c05_an_estimated_year_says_so_at_the_top_and_at_each_deadline() -> None:
    text = describe_year(2027, WORKDAYS)
    assert "按周末推算" in text.splitlines()[1]
    assert text.count("2027年节假日安排还没有录入，以上日期按周末推算。") == 4
    assert "推算" not in describe_year(2026, WORKDAYS)
    assert describe_year_json(2027, WORKDAYS)["estimated"] is True


def test_every_reminder_of_the_plan_is_in_the_data() -> None:
    rounds = describe_year_json(2026, WORKDAYS)["rounds"]
    for data in rounds:
        planned = plan(parse_round(data["round"]), WORKDAYS)
        assert [each["key"] for each in data["reminders"]] == [each.key for each in planned]


def test_a_notice_of_finance_is_printed_with_the_new_dates() -> None:
    extended = RoundOverride(parse_round("2026Q3"), Annex.UNIT, date(2026, 10, 15), "新北财绩〔2026〕9号")
    text = describe_year(2026, WORKDAYS, overrides=(extended,))
    assert "附表1：10月15日（周四）截止" in text
    assert "财政部门新北财绩〔2026〕9号把截止日定为10月15日（周四）" in text


def test_columns_line_up_on_a_chinese_terminal() -> None:
    lines = [line for line in describe_year(2026, WORKDAYS).splitlines() if "09:00" in line]
    columns = {len(line[: line.index("09:00")].replace("·", ".").encode("gbk")) for line in lines}
    assert columns == {28}
