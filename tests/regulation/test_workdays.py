"""Workdays: the shipped arrangement against an independent calendar, missing years, unreadable files."""

import re
from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.holidays import holidays_toml
from regulation.parameters import read
from regulation.problems import Problem
from regulation.workdays import Workdays, parse_workdays

TEXT = read("workdays.toml")
WORKDAYS = parse_workdays(TEXT)
YEARS = range(2021, 2027)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def on(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_the_published_calendar(year: int) -> None:
    day = date(year, 1, 1)
    while day.year == year:
        assert WORKDAYS.is_workday(day) is chinese_calendar.is_workday(day), day
        assert not WORKDAYS.is_estimated(day)
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "label"),
    [
        ("2026-10-09", "10月9日（周五）"),
        pytest.param("2026-10-10", "10月10日（周六·调休上班）", id="C04"),
        ("2026-09-20", "9月20日（周日·调休上班）"),
        ("2026-10-01", "10月1日（周四·放假）"),
        ("2026-10-03", "10月3日（周六）"),
        ("2026-10-17", "10月17日（周六）"),
        pytest.param("2027-10-01", "10月1日（周五·放假）", id="C05 statutory day of an unknown year"),
        pytest.param("2027-10-10", "10月10日（周日）", id="C05 no make-up day is invented"),
        ("2024-02-29", "2月29日（周四）"),
    ],
)
def test_label(day: str, label: str) -> None:
    assert WORKDAYS.label(on(day)) == label


@pytest.mark.parametrize(
    ("day", "works", "estimated"),
    [
        pytest.param("2026-10-10", True, False, id="C04 Saturday made up"),
        pytest.param("2026-10-11", False, False, id="ordinary Sunday"),
        pytest.param("2027-01-01", False, True, id="C05 元旦 is statutory"),
        pytest.param("2027-10-01", False, True, id="C05 国庆 first day"),
        pytest.param("2027-10-04", True, True, id="C05 a Monday nobody has arranged yet"),
        pytest.param("2027-10-09", False, True, id="C05 Saturday"),
        pytest.param("2028-05-02", False, True, id="劳动节 has two days since 2025"),
        pytest.param("2019-05-02", True, True, id="劳动节 had one day before"),
        pytest.param("1999-10-01", True, True, id="before the oldest rule only weekends"),
    ],
)
def test_workday(day: str, works: bool, estimated: bool) -> None:
    assert (WORKDAYS.is_workday(on(day)), WORKDAYS.is_estimated(on(day))) == (works, estimated)


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        ("2026-10-10", "2026-10-10", "2026-10-10"),
        ("2026-10-03", "2026-09-30", "2026-10-08"),
        ("2025-10-08", "2025-09-30", "2025-10-09"),
        pytest.param("2022-12-31", "2022-12-30", "2023-01-03", id="C06 year change"),
        pytest.param("2027-01-01", "2026-12-31", "2027-01-04", id="C06 from a known into an unknown year"),
    ],
)
def test_nearest_workdays(day: str, before: str, after: str) -> None:
    assert WORKDAYS.on_or_before(on(day)) == on(before)
    assert WORKDAYS.on_or_after(on(day)) == on(after)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-10-10", -3, "2026-09-30"),
        ("2026-10-10", 1, "2026-10-12"),
        ("2026-10-10", 0, "2026-10-10"),
        ("2026-10-04", 0, "2026-10-04"),
        pytest.param("2028-02-28", 2, "2028-03-01", id="C06 over 29 February"),
    ],
)
def test_shift(day: str, count: int, expected: str) -> None:
    assert WORKDAYS.shift(on(day), count) == on(expected)


@given(DAYS, st.integers(1, 60))
def test_counting_undoes_shifting(day: date, count: int) -> None:
    later, earlier = WORKDAYS.shift(day, count), WORKDAYS.shift(day, -count)
    assert WORKDAYS.count(day + timedelta(days=1), later) == count
    assert WORKDAYS.count(earlier, day - timedelta(days=1)) == count
    assert WORKDAYS.is_workday(later)
    assert WORKDAYS.is_workday(earlier)


def test_counting_an_empty_stretch() -> None:
    assert WORKDAYS.count(on("2026-10-11"), on("2026-10-10")) == 0
    assert WORKDAYS.count(on("2026-10-11"), on("2026-07-01")) == 0


@given(st.dates(date(1950, 1, 1), date(2190, 1, 1)))
def test_c05_a_year_without_data_never_fails(day: date) -> None:
    bare = Workdays(frozenset(), frozenset(), frozenset())
    for workdays in (WORKDAYS, bare):
        assert workdays.on_or_before(day) <= day <= workdays.on_or_after(day)
        assert workdays.label(day).endswith("）")
    assert bare.is_estimated(day)


@pytest.mark.parametrize("year", YEARS)
def test_each_year_names_its_notice(year: int) -> None:
    assert WORKDAYS.notice(year).startswith(f"国办发明电〔{year - 1}〕")


def test_an_unknown_year_has_no_notice() -> None:
    assert WORKDAYS.notice(2027) == ""


YEAR = '[[year]]\nyear = 2026\nreference = "x"\n'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[year]]\nyear = \nrest = []\n", "line 2"),
        ('[[year]]\nreference = "x"\n', "第1行：缺 year"),
        ("[[year]]\nyear = 2026\n", "第2行：2026年缺 reference"),
        (YEAR + YEAR, "第5行：2026年写了两次"),
        (
            YEAR + "rest = [\n  2026-10-02,\n  2026-10-03,\n]\n",
            "第6行：rest 里只写周一至周五的日子，2026-10-03 是周六",
        ),
        (YEAR + "work = [2026-10-09]\n", "第4行：work 里只写周末的日子，2026-10-09 是周五"),
        (YEAR + "rest = [2027-10-01]\n", "第4行：2027-10-01 不属于2026年"),
        (YEAR + 'rest = ["2026-10-01"]\n', "第4行：“2026-10-01”不是日期"),
        (YEAR + "rest = [2026-10-01T00:00:00]\n", "不是日期"),
        ('[[statutory]]\nfrom = 2025\ndays = ["13-01"]\nreference = "x"\n', "第3行：“13-01”不是月-日"),
        ('[[statutory]]\nfrom = 2025\ndays = ["10-01"]\n', "第1行：法定节假日要有 from"),
    ],
)
def test_an_unreadable_file_is_refused_with_its_line(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        parse_workdays(text)


def test_a_notice_may_move_days_of_the_december_before() -> None:
    moved = parse_workdays(
        '[[year]]\nyear = 2019\nreference = "x"\nrest = [2018-12-31]\nwork = [2018-12-29]\n'
    )
    assert not moved.is_workday(on("2018-12-31"))
    assert moved.is_workday(on("2018-12-29"))


def test_the_shipped_file_is_what_the_generator_writes() -> None:
    written = holidays_toml(YEARS, {year: WORKDAYS.notice(year) for year in YEARS})
    assert isinstance(written, str)
    assert TEXT.endswith(written)


def test_the_generator_keeps_days_moved_for_new_year_with_their_notice() -> None:
    written = holidays_toml([2019], {2019: "国办发明电〔2018〕15号"})
    assert isinstance(written, str)
    assert "2018-12-31, 2019-01-01,  # 元旦" in written
    assert "2018-12-29,  # 元旦" in written


@pytest.mark.parametrize(
    ("year", "notices", "code"),
    [
        pytest.param(
            2199, {2199: "国办发明电〔2198〕1号"}, "holidays.unknown_year", id="C05 package too old"
        ),
        pytest.param(2026, {}, "holidays.no_notice", id="no notice number"),
    ],
)
def test_the_generator_refuses(year: int, notices: dict[int, str], code: str) -> None:
    refused = holidays_toml([year], notices)
    assert isinstance(refused, Problem)
    assert refused.code == code
    assert str(year) in refused.text
