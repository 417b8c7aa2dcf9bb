"""第十二条　预算责任单位每年二、三季度终了后10日内填制附表1，报送本部门预算管理机构。

本文件逐条核对软件怎样执行这一条：哪一天截止，遇到休息日怎么办，什么时候算逾期。
条文写的是“日”，不是“工作日”，所以按日历日计算；季度终了当天不计入，从次日起数。
"""

from datetime import date, datetime

import pytest

from regulation.deadlines import CLAUSES, SHANGHAI, Annex, deadline
from regulation.parameters import read
from regulation.rounds import MonitoringRound, parse_round
from regulation.workdays import parse_workdays

WORKDAYS = parse_workdays(read("workdays.toml"))

#: 季度、截止日（10日）、提醒对准的工作日、过了哪天算逾期、开放当天之后还有几个工作日
DATES = """
2021Q2  2021-07-10  2021-07-09  2021-07-12  6
2021Q3  2021-10-10  2021-10-09  2021-10-11  2
2022Q2  2022-07-10  2022-07-08  2022-07-11  5
2022Q3  2022-10-10  2022-10-10  2022-10-10  3
2023Q2  2023-07-10  2023-07-10  2023-07-10  5
2023Q3  2023-10-10  2023-10-10  2023-10-10  4
2024Q2  2024-07-10  2024-07-10  2024-07-10  7
2024Q3  2024-10-10  2024-10-10  2024-10-10  3
2025Q2  2025-07-10  2025-07-10  2025-07-10  7
2025Q3  2025-10-10  2025-10-10  2025-10-10  2
2026Q2  2026-07-10  2026-07-10  2026-07-10  7
2026Q3  2026-10-10  2026-10-10  2026-10-10  3
2027Q2  2027-07-10  2027-07-09  2027-07-12  6
2027Q3  2027-10-10  2027-10-08  2027-10-11  5
"""
ROWS = [line.split() for line in DATES.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_due_within_ten_days_of_quarter_end(row: list[str]) -> None:
    """截止日总是7月10日、10月10日；遇休息日，提醒提前到前一个工作日，逾期从下一个工作日之后起算。"""
    limit = deadline(parse_round(row[0]), Annex.UNIT, WORKDAYS)
    dates = [limit.nominal, limit.target, limit.late_after]
    assert [day.isoformat() for day in dates] == row[1:4]
    assert limit.workdays_left(limit.opens, WORKDAYS) == int(row[4])


@pytest.mark.parametrize("quarter", [1, 4])
def test_only_the_second_and_third_quarter_are_asked(quarter: int) -> None:
    """一季度、四季度不产生填报任务。"""
    with pytest.raises(ValueError, match="只要求二、三季度"):
        MonitoringRound(2026, quarter)


def test_c04_a_saturday_made_up_as_a_workday_stays_the_last_day() -> None:
    """国务院办公厅安排2026年10月10日（周六）调休上班，当天是工作日，不顺延。"""
    limit = deadline(parse_round("2026Q3"), Annex.UNIT, WORKDAYS)
    assert WORKDAYS.label(limit.nominal) == "10月10日（周六·调休上班）"
    assert limit.target == limit.nominal == limit.late_after == date(2026, 10, 10)


@pytest.mark.parametrize(
    ("received", "late"),
    [
        ("2026-10-10 23:59:59", False),
        ("2026-10-11 00:00:00", True),
        ("2026-07-01 09:00:00", False),
    ],
)
def test_c07_on_time_until_midnight_of_the_last_day(received: str, late: bool) -> None:
    """“内”包括最后一天，到24时为止；时间以服务器收到为准，不看手机上的钟。"""
    limit = deadline(parse_round("2026Q3"), Annex.UNIT, WORKDAYS)
    assert limit.is_late(datetime.fromisoformat(received).replace(tzinfo=SHANGHAI)) is late


def test_the_third_quarter_opens_before_national_day() -> None:
    """国庆节后到10月10日只有2至4个工作日，所以9月最后一个工作日就开放填报；二季度7月第一个工作日开放。"""
    opened = [deadline(parse_round(row[0]), Annex.UNIT, WORKDAYS).opens.isoformat() for row in ROWS]
    assert opened == [
        *("2021-07-01", "2021-09-30", "2022-07-01", "2022-09-30"),
        *("2023-07-03", "2023-09-28", "2024-07-01", "2024-09-30"),
        *("2025-07-01", "2025-09-30", "2026-07-01", "2026-09-30"),
        *("2027-07-01", "2027-09-30"),
    ]


def test_the_explanation_names_the_receiver() -> None:
    """附表1报送本部门预算管理机构，不直接报财政。"""
    assert CLAUSES[Annex.UNIT].receiver == "本部门预算管理机构"
    limit = deadline(parse_round("2026Q3"), Annex.UNIT, WORKDAYS)
    assert limit.explanation[0] == "办法第十二条：三季度终了后10日内，把附表1报送本部门预算管理机构。"


def test_the_grace_for_a_rest_day_names_its_basis() -> None:
    """办法没有写遇休息日怎么办，软件参照民法典第二百零三条给宽限，并把依据写给填报人看。"""
    limit = deadline(parse_round("2027Q2"), Annex.UNIT, WORKDAYS)
    assert any("民法典第二百零三条" in sentence for sentence in limit.explanation)
    assert "7月10日休息，请在7月9日（周五）前报送，提醒按这一天安排。" in limit.explanation
