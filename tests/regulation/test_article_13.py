"""第十三条　预算部门每年二、三季度终了后20日内填报附表2、3，报送财政部门归口业务处室。

本文件核对部门这一步的日期。两个期限都从季度终了起算：20日不是从单位报送之后再数。
附表2、3的注写“终了后20日报”，少一个“内”字，以条文为准，提前报送不受限制。
"""

from datetime import date, datetime

import pytest

from regulation.deadlines import SHANGHAI, Annex, RoundOverride, closes, deadline
from regulation.parameters import read
from regulation.reminders import Audience, Occasion, plan
from regulation.rounds import parse_round
from regulation.workdays import parse_workdays

WORKDAYS = parse_workdays(read("workdays.toml"))

#: 季度、截止日（20日）、提醒对准的工作日、过了哪天算逾期
DATES = """
2021Q2  2021-07-20  2021-07-20  2021-07-20
2021Q3  2021-10-20  2021-10-20  2021-10-20
2022Q2  2022-07-20  2022-07-20  2022-07-20
2022Q3  2022-10-20  2022-10-20  2022-10-20
2023Q2  2023-07-20  2023-07-20  2023-07-20
2023Q3  2023-10-20  2023-10-20  2023-10-20
2024Q2  2024-07-20  2024-07-19  2024-07-22
2024Q3  2024-10-20  2024-10-18  2024-10-21
2025Q2  2025-07-20  2025-07-18  2025-07-21
2025Q3  2025-10-20  2025-10-20  2025-10-20
2026Q2  2026-07-20  2026-07-20  2026-07-20
2026Q3  2026-10-20  2026-10-20  2026-10-20
2027Q2  2027-07-20  2027-07-20  2027-07-20
2027Q3  2027-10-20  2027-10-20  2027-10-20
"""
ROWS = [line.split() for line in DATES.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_due_within_twenty_days_of_quarter_end(row: list[str]) -> None:
    """截止日总是7月20日、10月20日；遇休息日与第十二条同样处理。"""
    limit = deadline(parse_round(row[0]), Annex.DEPARTMENT, WORKDAYS)
    assert [day.isoformat() for day in (limit.nominal, limit.target, limit.late_after)] == row[1:]


def test_the_twenty_days_count_from_quarter_end_not_from_the_units() -> None:
    """财政部门推迟单位的日期，部门的20日不跟着动，除非通知里也写了部门的日期。"""
    later = RoundOverride(parse_round("2026Q3"), Annex.UNIT, date(2026, 10, 15), "新北财绩〔2026〕9号")
    unit = deadline(parse_round("2026Q3"), Annex.UNIT, WORKDAYS, override=later)
    department = deadline(parse_round("2026Q3"), Annex.DEPARTMENT, WORKDAYS)
    assert unit.nominal == date(2026, 10, 15)
    assert department.nominal == date(2026, 10, 20)


def test_both_steps_open_on_the_same_day() -> None:
    """部门可以边收边汇总，不必等单位报齐。"""
    for code in ("2026Q2", "2026Q3"):
        round = parse_round(code)
        unit, department = (deadline(round, annex, WORKDAYS) for annex in Annex)
        assert unit.opens == department.opens


def test_the_explanation_names_the_receiver() -> None:
    """附表2、3报送财政部门归口业务处室。"""
    limit = deadline(parse_round("2026Q3"), Annex.DEPARTMENT, WORKDAYS)
    assert limit.explanation[0] == "办法第十三条：三季度终了后20日内，把附表2、3报送财政部门归口业务处室。"


def test_c07_on_time_until_midnight_of_the_last_day() -> None:
    """10月20日23时59分59秒按时，10月21日0时逾期。"""
    limit = deadline(parse_round("2026Q3"), Annex.DEPARTMENT, WORKDAYS)
    assert not limit.is_late(datetime(2026, 10, 20, 23, 59, 59, tzinfo=SHANGHAI))
    assert limit.is_late(datetime(2026, 10, 21, tzinfo=SHANGHAI))


def test_a_late_department_is_told_to_its_head_and_to_the_division_that_waits() -> None:
    """收件的是归口业务处室，所以部门逾期除了预算科和部门负责人，也告诉归口业务处室，不告诉单位。"""
    late = [
        each
        for each in plan(parse_round("2026Q3"), WORKDAYS)
        if each.annex is Annex.DEPARTMENT and each.occasion is Occasion.LATE
    ]
    assert {each.audience for each in late if each.at.date() == date(2026, 10, 21)} == {
        Audience.BUDGET_OFFICE,
        Audience.DEPARTMENT_HEAD,
        Audience.FINANCE_DIVISION,
    }
    assert min(each.at for each in late) == datetime(2026, 10, 21, 9, tzinfo=SHANGHAI)


def test_units_correct_by_themselves_only_until_the_department_is_due() -> None:
    """办法没有写单位能更正到哪天。软件的处理：到部门报送期限为止，之后由预算科退回再改。"""
    assert closes(parse_round("2026Q3"), WORKDAYS) == date(2026, 10, 20)
    assert closes(parse_round("2024Q2"), WORKDAYS) == date(2024, 7, 22)
