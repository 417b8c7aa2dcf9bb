"""Deadlines: 24:00 Beijing time to the tick, moved dates, missing calendars, wherever the machine stands."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.deadlines import (
    SHANGHAI,
    Annex,
    DepartmentRule,
    RoundOverride,
    closes,
    deadline,
    override_for,
    override_refused,
    round_at,
    tightened,
)
from regulation.parameters import read
from regulation.rounds import MonitoringRound, parse_round
from regulation.workdays import Workdays, parse_workdays

WORKDAYS = parse_workdays(read("workdays.toml"))
Q3 = parse_round("2026Q3")
UNIT = deadline(Q3, Annex.UNIT, WORKDAYS)
GOLDEN = Path(__file__).parent / "golden"
NEW_YORK = timezone(timedelta(hours=-4))
ROUNDS = st.builds(MonitoringRound, st.integers(2015, 2060), st.sampled_from([2, 3]))


def on(text: str) -> date:
    return date.fromisoformat(text)


def notice(round: str, annex: Annex, due: str, number: str = "新北财绩〔2026〕9号") -> RoundOverride:
    return RoundOverride(parse_round(round), annex, on(due), number)


@pytest.mark.parametrize(
    ("at", "late"),
    [
        pytest.param(
            datetime(2026, 10, 10, 23, 59, 59, 900_000, SHANGHAI), False, id="C07 last tenth of a second"
        ),
        pytest.param(datetime(2026, 10, 10, 23, 59, 59, 999_999, SHANGHAI), False, id="C07 last microsecond"),
        pytest.param(datetime(2026, 10, 11, 0, 0, 0, 0, SHANGHAI), True, id="C07 midnight"),
        pytest.param(datetime(2026, 10, 10, 15, 59, 59, 999_999, UTC), False, id="C01 the same tick in UTC"),
        pytest.param(datetime(2026, 10, 10, 16, 0, 0, 0, UTC), True, id="C01 midnight seen from UTC"),
        pytest.param(datetime(2026, 10, 10, 11, 59, 59, 0, NEW_YORK), False, id="C01 noon in New York"),
        pytest.param(datetime(2026, 10, 10, 12, 0, 0, 0, NEW_YORK), True, id="C01 after noon in New York"),
        pytest.param(datetime(2026, 7, 1, 0, 0, 0, 0, SHANGHAI), False, id="an early filing is never late"),
    ],
)
def test_late_begins_at_midnight_in_beijing(at: datetime, late: bool) -> None:
    assert UNIT.is_late(at) is late


def test_c01_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        UNIT.is_late(datetime(2026, 10, 10, 12, 0))  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize("zone", ["America/New_York", "UTC", "Pacific/Kiritimati"])
def test_c01_the_zone_of_the_host_changes_nothing(zone: str) -> None:
    program = (
        "import sys; from regulation.parameters import read; from regulation.workdays import parse_workdays\n"
        "from regulation.year import describe_year\n"
        "sys.stdout.buffer.write(describe_year(2026, parse_workdays(read('workdays.toml'))).encode())\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "TZ": zone}, capture_output=True, check=True
    )
    assert ran.stdout.decode() == (GOLDEN / "calendar_2026.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("day", "code"),
    [
        pytest.param("2026-06-30", "2025Q3", id="C06 the last day of June belongs to the round before"),
        pytest.param("2026-07-01", "2026Q2", id="C06 the first day of July opens"),
        pytest.param("2026-09-29", "2026Q2", id="the day before the last workday of September"),
        pytest.param("2026-09-30", "2026Q3", id="Q3 opens before National Day"),
        pytest.param("2023-09-27", "2023Q2", id="2023: not yet, the last workday is the 28th"),
        pytest.param("2023-09-28", "2023Q3", id="2023: 29 September is 中秋节"),
        pytest.param("2023-07-02", "2022Q3", id="2023: 1 July is a Saturday"),
        pytest.param("2023-07-03", "2023Q2", id="2023: opens on Monday"),
        pytest.param("2026-12-31", "2026Q3", id="C06 year end"),
        pytest.param("2027-01-01", "2026Q3", id="C06 year change"),
        pytest.param("2028-02-29", "2027Q3", id="C06 leap day"),
    ],
)
def test_the_round_being_collected(day: str, code: str) -> None:
    assert round_at(on(day), WORKDAYS).code == code


@pytest.mark.parametrize("quarter", [1, 4])
def test_c06_only_the_second_and_third_quarter_create_forms(quarter: int) -> None:
    with pytest.raises(ValueError, match="第十二条"):
        MonitoringRound(2026, quarter)


def test_c04_a_make_up_saturday_stays_the_last_day_and_says_why() -> None:
    assert (UNIT.nominal, UNIT.target, UNIT.late_after) == (on("2026-10-10"),) * 3
    assert "10月10日虽是周末，但调休上班（国办发明电〔2025〕7号），截止日不变。" in UNIT.explanation


def test_c05_an_unknown_year_is_estimated_aloud() -> None:
    limit = deadline(parse_round("2027Q3"), Annex.UNIT, WORKDAYS)
    assert limit.estimated
    assert any("按周末推算" in sentence for sentence in limit.explanation)
    assert not UNIT.estimated
    assert not any("推算" in sentence for sentence in UNIT.explanation)


@given(ROUNDS, st.sampled_from(list(Annex)), st.booleans())
def test_c05_dates_are_in_order_in_every_year(round: MonitoringRound, annex: Annex, roll: bool) -> None:
    for workdays in (WORKDAYS, Workdays(frozenset(), frozenset(), frozenset())):
        limit = deadline(round, annex, workdays, roll=roll)
        assert limit.opens < limit.target <= limit.nominal <= limit.late_after
        assert workdays.is_workday(limit.opens)
        assert workdays.is_workday(limit.target)
        assert limit.late_after == limit.nominal or (roll and workdays.is_workday(limit.late_after))
        assert round.last_day < limit.target


def test_without_roll_over_a_rest_day_is_still_the_last_day() -> None:
    limit = deadline(parse_round("2027Q2"), Annex.UNIT, WORKDAYS, roll=False)
    assert (limit.nominal, limit.target, limit.late_after) == (
        on("2027-07-10"),
        on("2027-07-09"),
        on("2027-07-10"),
    )
    assert "本区不因休息日顺延，7月10日仍是最后一天。" in limit.explanation
    assert limit.is_late(datetime(2027, 7, 11, tzinfo=SHANGHAI))


def test_c09_a_notice_after_the_fact_lifts_the_lateness() -> None:
    filed = datetime(2026, 10, 13, 10, 0, tzinfo=SHANGHAI)
    extended = deadline(Q3, Annex.UNIT, WORKDAYS, override=notice("2026Q3", Annex.UNIT, "2026-10-15"))
    assert UNIT.is_late(filed)
    assert not extended.is_late(filed)
    assert extended.notice_no == "新北财绩〔2026〕9号"
    assert (
        "财政部门新北财绩〔2026〕9号把截止日定为10月15日（周四），原为10月10日（周六·调休上班）。"
        in extended.explanation
    )
    assert extended.is_late(datetime(2026, 10, 16, tzinfo=SHANGHAI))


def test_a_notice_date_on_a_rest_day_is_aimed_at_and_rolled_like_any_other() -> None:
    limit = deadline(Q3, Annex.UNIT, WORKDAYS, override=notice("2026Q3", Annex.UNIT, "2026-10-17"))
    assert (limit.target, limit.nominal, limit.late_after) == (
        on("2026-10-16"),
        on("2026-10-17"),
        on("2026-10-19"),
    )


def test_the_last_notice_wins_and_touches_only_its_own_clock() -> None:
    first = notice("2026Q3", Annex.UNIT, "2026-10-13")
    second = notice("2026Q3", Annex.UNIT, "2026-10-15")
    notices = (first, second, notice("2026Q2", Annex.UNIT, "2026-07-15"))
    assert override_for(notices, Q3, Annex.UNIT) == second
    assert override_for(notices, Q3, Annex.DEPARTMENT) is None


@pytest.mark.parametrize("wrong", [("2026Q2", Annex.UNIT), ("2026Q3", Annex.DEPARTMENT)])
def test_a_notice_for_another_clock_is_our_mistake(wrong: tuple[str, Annex]) -> None:
    with pytest.raises(ValueError, match="the override is for"):
        deadline(Q3, Annex.UNIT, WORKDAYS, override=notice(*wrong, "2026-10-15"))


@pytest.mark.parametrize(
    ("due", "number", "code"),
    [
        ("2026-10-15", "新北财绩〔2026〕9号", None),
        ("2026-10-08", "新北财绩〔2026〕9号", None),
        ("2026-10-15", "  ", "deadline.no_notice"),
        ("2026-09-29", "新北财绩〔2026〕9号", "deadline.too_early"),
        ("2026-10-07", "新北财绩〔2026〕9号", "deadline.too_early"),
    ],
)
def test_finance_must_name_its_notice_and_leave_a_workday(due: str, number: str, code: str | None) -> None:
    refused = override_refused(notice("2026Q3", Annex.UNIT, due, number), WORKDAYS)
    assert (refused.code if refused else None) == code


@pytest.mark.parametrize(
    ("round", "overrides", "expected"),
    [
        ("2026Q3", (), "2026-10-20"),
        ("2024Q3", (), "2024-10-21"),
        ("2026Q3", (notice("2026Q3", Annex.DEPARTMENT, "2026-10-23"),), "2026-10-23"),
        ("2026Q3", (notice("2026Q3", Annex.UNIT, "2026-10-28"),), "2026-10-28"),
    ],
)
def test_units_may_correct_until_the_department_has_to_report(
    round: str, overrides: tuple[RoundOverride, ...], expected: str
) -> None:
    assert closes(parse_round(round), WORKDAYS, overrides=overrides) == on(expected)


@pytest.mark.parametrize(
    ("day", "left", "late"),
    [
        ("2026-09-30", 3, 0),
        ("2026-10-09", 1, 0),
        ("2026-10-10", 0, 0),
        ("2026-10-11", 0, 1),
        ("2026-10-13", 0, 3),
    ],
)
def test_days_left_and_days_late(day: str, left: int, late: int) -> None:
    assert UNIT.workdays_left(on(day), WORKDAYS) == left
    assert UNIT.days_late(on(day)) == late


def test_a_department_rule_without_a_document_is_refused_and_a_foreign_one_is_our_mistake() -> None:
    rule = DepartmentRule("edu", Q3, Annex.UNIT, on("2026-10-09"), "")
    refused = tightened(UNIT, rule, WORKDAYS)
    assert getattr(refused, "code", None) == "deadline.no_notice"
    with pytest.raises(ValueError, match="the rule is for"):
        tightened(UNIT, replace(rule, annex=Annex.DEPARTMENT), WORKDAYS)
