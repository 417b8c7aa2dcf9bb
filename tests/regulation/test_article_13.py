"""第十三条　预算部门每年二、三季度终了后20日内填报附表2、3，报送财政部门归口业务处室。

本文件核对部门这一步的日期、怎么在单位填报的基础上汇总、报给谁。两个期限都从季度终了起算：20日不是从单位报送之后再数。
附表2、3的注写“终了后20日报”，少一个“内”字，以条文为准，提前报送不受限制。
"""

from datetime import date, datetime

import pytest

from regulation.annex2 import ASSETS, EFFECTS, EXECUTION, PROCUREMENT, WORKS
from regulation.completeness import owed
from regulation.consolidation import consolidate
from regulation.deadlines import SHANGHAI, Annex, RoundOverride, closes, deadline
from regulation.freezing import effective
from regulation.parameters import read
from regulation.reminders import Audience, Occasion, plan
from regulation.rounds import parse_round
from regulation.workdays import parse_workdays
from tests.regulation.sample_department import (
    MEALS_HQ,
    MEALS_MIDDLE,
    REPAIR,
    TYPED,
    basis,
    entries,
    filed,
    tables,
)
from tests.regulation.sample_projects import RULES

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


# -- 在预算责任单位日常监控基础上 ----------------------------------------------------------------------


def test_both_tables_rest_on_what_the_units_filed() -> None:
    """“在预算责任单位日常监控基础上”：单位没有填过的数，部门的率里不会有；单位更正了，率跟着变。"""
    before = tables().annex2.execution[1]
    assert {source.unit for source in before.sources} == {"区教育局本级", "滨河中学", "新桥小学"}
    after = tables(basis(filed(MEALS_HQ), filed(MEALS_MIDDLE), filed(REPAIR, 2, spent="301.35")))
    assert (before.actual, after.annex2.execution[1].actual) == ("71.57%", "81.77%")
    assert {s.version for s in after.annex2.execution[1].sources if s.key == "spent"} == {1, 2}


def test_problems_come_first() -> None:
    """“以问题为导向”：偏离一栏先说可能完不成的，每一句都写明是哪个单位哪个项目。"""
    forms = (filed(MEALS_HQ, reason="资金下达晚"), filed(MEALS_MIDDLE), filed(REPAIR))
    sentences = tables(basis(*forms)).annex2.deviation.sentences
    assert [sentence.source.unit for sentence in sentences if sentence.source] == ["滨河中学", "区教育局本级"]


def test_reasons_and_measures_are_asked_where_something_departs() -> None:
    """“发现问题、提出下一步改进措施”：有偏离而没有写原因和措施，不能报审。"""
    silent = basis(filed(MEALS_HQ), filed(MEALS_MIDDLE, reason="无偏离", plan="无"), filed(REPAIR))
    missing = [each.key for each in owed(tables(silent), silent, entries(TYPED), RULES)]
    assert missing == ["deviation", "plan", "p1.deviation", "p1.plan"]


def test_the_department_form_has_the_rows_of_the_annex() -> None:
    """“部门整体预算绩效运行监控表”：预算执行三行、资产一行、采购一行，再是重点工作和主要成效。"""
    of = basis()
    made = consolidate(of, effective(of, entries(TYPED)), RULES).annex2
    contents = list(dict.fromkeys(row.content for row in made.rows))
    assert contents == [EXECUTION, ASSETS, PROCUREMENT, WORKS, EFFECTS]
    assert next(row.indicator for row in made.works) == "学生营养改善：补助学生数量"


def test_one_form_for_each_key_project() -> None:
    """“部门重点项目预算绩效运行监控表”：一个重点项目一张；预算数、执行数按来源分，合计等于各来源之和。"""
    (annex3,) = tables().annex3
    assert annex3.total.budget == sum(row.budget for row in annex3.money)
    assert annex3.total.spent == sum(row.spent or 0 for row in annex3.money)
    assert [row.name for row in annex3.process] == ["资金到位率", "预算执行率", "预算调整率"]
