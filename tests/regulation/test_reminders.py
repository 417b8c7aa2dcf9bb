"""The reminder plan: whom, when and why; never at rest or at night; what is left after a machine slept."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulation.deadlines import SHANGHAI, Annex, DepartmentRule, RoundOverride
from regulation.occasions import OCCASIONS, Row
from regulation.parameters import read
from regulation.reminders import (
    INSIDE,
    Audience,
    Occasion,
    Reminder,
    current,
    mending,
    mending_days,
    next_moments,
    plan,
    plan_of_all,
)
from regulation.rhythm import parse_rhythm, rhythm_on
from regulation.roster import Role
from regulation.rounds import MonitoringRound, parse_round
from regulation.workdays import Workdays, parse_workdays

WORKDAYS = parse_workdays(read("workdays.toml"))
CALENDAR = read("calendar.toml")
Q3 = parse_round("2026Q3")
PLAN = plan(Q3, WORKDAYS)
MINUTE = timedelta(minutes=1)


def on(text: str) -> date:
    return date.fromisoformat(text)


#: one department's own dates (第十八条).
OWN = (
    DepartmentRule("edu", Q3, Annex.UNIT, on("2026-10-08"), "教财〔2026〕3号"),
    DepartmentRule("edu", Q3, Annex.DEPARTMENT, on("2026-10-16"), "教财〔2026〕3号"),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def lines(
    reminders: tuple[Reminder, ...], annex: Annex, audience: Audience, *occasions: Occasion
) -> list[str]:
    return [
        f"{each.at:%m-%d %H:%M} {each.occasion}"
        for each in reminders
        if (each.annex, each.audience) == (annex, audience) and (not occasions or each.occasion in occasions)
    ]


def heard(now: str, reminders: tuple[Reminder, ...] = PLAN, workdays: Workdays = WORKDAYS) -> list[str]:
    return [
        f"{each.annex} {each.audience} {each.occasion} 剩{each.workdays_left} 逾{each.days_late}"
        for each in current(reminders, at(now), workdays)
    ]


# --- the plan -------------------------------------------------------------------------------------------


def test_the_third_quarter_as_a_filler_hears_it() -> None:
    assert lines(PLAN, Annex.UNIT, Audience.FILLER) == [
        "09-30 09:00 open",  # T-3 is the same morning: said once
        "10-09 09:00 one_left",
        "10-10 09:00 due_morning",  # C04: a Saturday, but a workday
        "10-10 15:00 due_afternoon",
        "10-12 09:00 late",
        "10-13 09:00 late",
        "10-14 09:00 late",
        "10-15 09:00 late",
        "10-16 09:00 late",
        "10-19 09:00 late",
        "10-20 09:00 late",  # the form closes
        "10-26 09:00 late",  # four weeks, the first workday of each
        "11-02 09:00 late",
        "11-09 09:00 late",
        "11-16 09:00 late",
    ]


@pytest.mark.parametrize(
    ("annex", "audience", "occasion", "expected"),
    [
        (
            Annex.UNIT,
            Audience.UNIT_HEAD,
            Occasion.LATE,
            ["10-12", "10-13", "10-14", "10-15", "10-16", "10-19", "10-20"],
        ),
        (
            Annex.UNIT,
            Audience.BUDGET_OFFICE,
            Occasion.LATE,
            ["10-13", "10-14", "10-15", "10-16", "10-19", "10-20"],
        ),
        (Annex.UNIT, Audience.DEPARTMENT_HEAD, Occasion.LATE, ["10-12", "10-14", "10-16", "10-20"]),
        (
            Annex.UNIT,
            Audience.BUDGET_OFFICE,
            Occasion.COLLECTED,
            ["10-10", "10-12", "10-13", "10-14", "10-15", "10-16", "10-19", "10-20"],
        ),
        (Annex.DEPARTMENT, Audience.BUDGET_OFFICE, Occasion.OPEN, ["10-12"]),
        (Annex.DEPARTMENT, Audience.BUDGET_OFFICE, Occasion.THREE_LEFT, ["10-15"]),
        (Annex.DEPARTMENT, Audience.BUDGET_OFFICE, Occasion.ONE_LEFT, ["10-19"]),
        (Annex.DEPARTMENT, Audience.BUDGET_OFFICE, Occasion.DUE_MORNING, ["10-20"]),
        (Annex.DEPARTMENT, Audience.BUDGET_OFFICE, Occasion.DUE_AFTERNOON, ["10-20"]),
        (Annex.DEPARTMENT, Audience.DEPARTMENT_HEAD, Occasion.LATE, []),
    ],
)
def test_the_dense_days_up_to_the_closing_of_the_forms(
    annex: Annex, audience: Audience, occasion: Occasion, expected: list[str]
) -> None:
    dense = tuple(each for each in PLAN if each.at.date() <= on("2026-10-20"))
    assert [line[:5] for line in lines(dense, annex, audience, occasion)] == expected


@pytest.mark.parametrize("audience", [Audience.DEPARTMENT_HEAD, Audience.FINANCE_DIVISION])
def test_a_late_department_is_told_to_its_head_and_to_finance(audience: Audience) -> None:
    assert [line[:5] for line in lines(PLAN, Annex.DEPARTMENT, audience)] == [
        *("10-21", "10-23", "10-27", "10-29", "11-02"),  # every second workday for ten workdays
        *("11-09", "11-16", "11-23", "11-30"),  # then weekly
    ]


def test_counts_of_days() -> None:
    counted = {each.key: (each.workdays_left, each.days_late) for each in PLAN}
    assert counted["2026Q3:annex1:filler:open:202609300900"] == (3, 0)
    assert counted["2026Q3:annex1:filler:late:202610120900"] == (0, 2)  # Saturday to Monday: calendar days
    assert counted["2026Q3:annex23:budget_office:open:202610120900"] == (6, 0)


def test_a_due_day_at_a_weekend_is_reminded_on_the_workday_before() -> None:
    second = plan(parse_round("2027Q2"), WORKDAYS)
    due = lines(second, Annex.UNIT, Audience.FILLER, Occasion.DUE_MORNING, Occasion.DUE_AFTERNOON)
    assert due == ["07-09 09:00 due_morning", "07-09 15:00 due_afternoon"]
    assert lines(second, Annex.UNIT, Audience.FILLER, Occasion.LATE)[0] == "07-13 09:00 late"


@pytest.mark.parametrize(
    ("round", "expected"),
    [
        pytest.param("2025Q3", [], id="2026 is known"),
        pytest.param("2026Q3", ["12-01 09:00 calendar"], id="C05 2027 is not"),
        pytest.param("2026Q2", [], id="asked once a year"),
        pytest.param(
            "2030Q3", ["12-02 09:00 calendar"], id="C05 the first workday, 1 December 2030 is a Sunday"
        ),
    ],
)
def test_the_administrator_is_asked_for_next_years_holidays(round: str, expected: list[str]) -> None:
    planned = plan(parse_round(round), WORKDAYS)
    assert lines(planned, Annex.UNIT, Audience.ADMIN) == expected


def test_c05_national_day_stays_quiet_even_when_nobody_arranged_it() -> None:
    third = plan(parse_round("2027Q3"), WORKDAYS)
    silent = [each for each in third if (10, 1) <= (each.at.month, each.at.day) <= (10, 7)]
    assert WORKDAYS.is_workday(on("2027-10-05"))
    assert silent == []
    assert current(third, at("2027-10-05 10:00"), WORKDAYS) == ()
    assert heard("2027-10-08 09:00", third) == ["annex1 filler due_morning 剩0 逾0"]


@pytest.mark.parametrize("row", OCCASIONS, ids=lambda row: f"{row.annex}-{row.audience}-{row.occasion}")
def test_every_line_of_the_table_is_heard_in_2026(row: Row) -> None:
    inside = plan_of_all(Q3, WORKDAYS, rules=OWN)
    both = (*plan(parse_round("2026Q2"), WORKDAYS), *PLAN, *inside)
    planned = {(each.annex, each.audience, each.occasion) for each in both}
    assert (row.annex, row.audience, row.occasion) in planned


def test_every_audience_is_a_duty_of_the_roster() -> None:
    duties = {
        each.value for each in Audience if each is not Audience.MENDER
    }  # named by forms, not by the roster
    assert duties <= {each.value for each in Role}


@st.composite
def overrides(draw: st.DrawFn) -> tuple[MonitoringRound, tuple[RoundOverride, ...]]:
    round = MonitoringRound(draw(st.integers(2021, 2040)), draw(st.sampled_from([2, 3])))
    notices = [
        RoundOverride(round, annex, round.last_day + timedelta(days=draw(st.integers(8, 45))), "号")
        for annex in Annex
        if draw(st.booleans())
    ]
    return round, tuple(notices)


@given(overrides(), st.booleans())
@settings(max_examples=200, deadline=None)
def test_nobody_is_disturbed_at_rest_or_at_night_whatever_finance_moves(
    case: tuple[MonitoringRound, tuple[RoundOverride, ...]], roll: bool
) -> None:
    round, notices = case
    planned = plan(round, WORKDAYS, roll=roll, overrides=notices)
    assert all(WORKDAYS.is_workday(each.at.date()) for each in planned)
    assert all(time(8, 30) <= each.at.time() < time(18) for each in planned)
    assert all(a.at <= b.at for a, b in pairwise(planned))
    assert len({each.key for each in planned}) == len(planned)  # C02: one key, one moment
    heads = [each.at.date() for each in planned if each.audience is Audience.DEPARTMENT_HEAD]
    assert len(set(heads)) == len(heads)


def test_a_department_that_set_an_earlier_date_is_reminded_earlier() -> None:
    rule = DepartmentRule("edu", Q3, Annex.UNIT, on("2026-10-09"), "教财〔2026〕3号")
    planned = plan(Q3, WORKDAYS, rules=(rule,))
    assert lines(planned, Annex.UNIT, Audience.FILLER)[:4] == [
        "09-30 09:00 open",
        "10-08 09:00 one_left",
        "10-09 09:00 due_morning",
        "10-09 15:00 due_afternoon",
    ]
    assert lines(planned, Annex.UNIT, Audience.FILLER, Occasion.LATE)[0] == "10-12 09:00 late"


def test_after_its_own_day_a_department_is_reminded_until_the_districts_day() -> None:
    planned = plan(Q3, WORKDAYS, rules=OWN)
    assert lines(planned, Annex.UNIT, Audience.FILLER, Occasion.PAST_OWN) == [
        "10-09 09:00 past_own",
        "10-10 09:00 past_own",
    ]
    assert lines(planned, Annex.DEPARTMENT, Audience.BUDGET_OFFICE, Occasion.PAST_OWN) == [
        "10-19 09:00 past_own",
        "10-20 09:00 past_own",
    ]
    left = {each.at.day: each.workdays_left for each in planned if each.occasion is Occasion.PAST_OWN}
    assert left == {9: 1, 10: 0, 19: 1, 20: 0}
    assert not any(each.occasion is Occasion.PAST_OWN for each in PLAN)


def test_the_plan_of_all_speaks_to_every_department_at_its_own_moments_only() -> None:
    planned = plan_of_all(Q3, WORKDAYS, rules=OWN)
    own = [each for each in planned if each.department == "edu"]
    assert [(each.annex, each.audience, each.occasion, each.at) for each in own] == [
        (each.annex, each.audience, each.occasion, each.at)
        for each in plan(Q3, WORKDAYS, rules=OWN)
        if each.audience in INSIDE
    ]
    district = [each for each in planned if not each.department]
    assert [each.key for each in district] == [each.key for each in PLAN]
    assert not any(each.concerns("edu") for each in district)
    assert all(each.concerns("health") for each in district)
    assert not any(each.concerns("health") for each in own)
    assert len({each.key for each in planned}) == len(planned)
    assert plan_of_all(parse_round("2026Q2"), WORKDAYS, rules=OWN) == plan(parse_round("2026Q2"), WORKDAYS)


def test_what_is_true_now_is_told_apart_by_department() -> None:
    now = current(plan_of_all(Q3, WORKDAYS, rules=OWN), at("2026-10-09 09:00"), WORKDAYS)
    fillers = {each.department: each.occasion for each in now if each.audience is Audience.FILLER}
    assert fillers == {"": Occasion.ONE_LEFT, "edu": Occasion.PAST_OWN}


def test_a_department_rule_overtaken_by_an_earlier_notice_no_longer_counts() -> None:
    rule = DepartmentRule("edu", Q3, Annex.UNIT, on("2026-10-10"), "教财〔2026〕3号")
    notice = RoundOverride(Q3, Annex.UNIT, on("2026-10-09"), "新北财绩〔2026〕9号")
    with_rule = plan(Q3, WORKDAYS, overrides=(notice,), rules=(rule,))
    assert with_rule == plan(Q3, WORKDAYS, overrides=(notice,))


# --- what is true now -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param("2026-09-30 08:59", [], id="not yet"),
        pytest.param("2026-09-30 09:00", ["annex1 filler open 剩3 逾0"], id="on the minute"),
        pytest.param("2026-10-08 08:30", ["annex1 filler open 剩2 逾0"], id="C03 missed before the holiday"),
        pytest.param("2026-10-05 10:00", [], id="holiday"),
        pytest.param("2026-10-11 10:00", [], id="Sunday"),
        pytest.param("2026-10-09 08:29", [], id="before hours"),
        pytest.param(
            "2026-10-09 17:59",
            ["annex1 filler one_left 剩1 逾0", "annex1 performance_office glance 剩1 逾0"],
            id="last minute of the day",
        ),
        pytest.param("2026-10-09 18:00", [], id="after hours"),
        pytest.param("2026-10-10 09:30", ["annex1 filler due_morning 剩0 逾0"], id="C04 a make-up Saturday"),
        pytest.param(
            "2026-10-10 15:00", ["annex1 filler due_afternoon 剩0 逾0"], id="afternoon replaces morning"
        ),
        pytest.param(
            "2026-10-13 09:05",
            [
                "annex1 department_head late 剩0 逾3",
                "annex23 budget_office open 剩5 逾0",
                "annex1 filler late 剩0 逾3",
                "annex1 unit_head late 剩0 逾3",
                "annex1 budget_office late 剩0 逾3",
            ],
            id="C03 asleep since Friday: only the lateness, once each, counted as of today",
        ),
    ],
)
def test_what_is_true_now(now: str, expected: list[str]) -> None:
    assert heard(now) == expected


def test_c03_a_leftover_waits_when_the_next_one_is_due_today() -> None:
    assert heard("2026-10-10 08:40") == []  # one_left of Friday would be wrong now; due_morning comes at nine
    assert heard("2026-10-10 09:00") == ["annex1 filler due_morning 剩0 逾0"]


def test_c03_t20_a_leftover_sent_a_day_later_counts_from_the_day_it_is_sent() -> None:
    second = plan(parse_round("2026Q2"), WORKDAYS)
    assert heard("2026-07-07 09:00", second) == ["annex1 filler three_left 剩3 逾0"]
    assert heard("2026-07-08 10:00", second) == ["annex1 filler three_left 剩2 逾0"]


def test_c03_old_reminders_are_not_caught_up_after_two_weeks() -> None:
    assert any("annex1 filler late" in line for line in heard("2026-11-27 10:00"))
    assert not any("annex1 filler" in line for line in heard("2026-12-01 10:00"))
    assert heard("2027-01-20 10:00") == []


def test_c09_after_an_extension_the_same_people_are_no_longer_late() -> None:
    before = current(PLAN, at("2026-10-13 10:00"), WORKDAYS)
    assert Occasion.LATE in {each.occasion for each in before if each.audience is Audience.FILLER}
    notice = RoundOverride(Q3, Annex.UNIT, on("2026-10-15"), "新北财绩〔2026〕9号")
    extended = plan(Q3, WORKDAYS, overrides=(notice,))
    assert heard("2026-10-13 10:00", extended) == ["annex1 filler three_left 剩2 逾0"]
    assert lines(extended, Annex.UNIT, Audience.FILLER, Occasion.LATE)[0] == "10-16 09:00 late"
    assert not {each.key for each in before} & {
        each.key for each in extended if each.occasion is Occasion.OPEN
    }


def test_a_now_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        current(PLAN, datetime(2026, 10, 9, 10, 0), WORKDAYS)  # noqa: DTZ001 - that is the point


def test_c01_now_may_come_in_any_zone() -> None:
    now = at("2026-10-09 09:30")
    assert current(PLAN, now.astimezone(tz=None), WORKDAYS) == current(PLAN, now, WORKDAYS)


def test_the_next_moments() -> None:
    coming = next_moments(PLAN, at("2026-10-09 09:00"), 4)
    assert [each.key.partition(":")[2] for each in coming] == [
        "annex1:performance_office:glance:202610091730",
        "annex1:filler:due_morning:202610100900",
        "annex1:filler:due_afternoon:202610101500",
        "annex1:budget_office:collected:202610101700",
    ]
    assert next_moments(PLAN, at("2027-01-01 00:00"), 3) == ()


@given(st.integers(0, 100 * 24 * 60))
def test_current_agrees_with_its_definition(minutes: int) -> None:
    now = at("2026-09-20 00:00") + minutes * MINUTE
    rhythm = rhythm_on(now.date())
    pairs = {(each.annex, each.audience) for each in PLAN}
    expected = set()
    if rhythm.may_disturb(now, WORKDAYS):
        for pair in pairs:
            own = [each for each in PLAN if (each.annex, each.audience) == pair]
            past = [each for each in own if each.at <= now]
            today = [each for each in own if each.at.date() == now.date()]
            fresh = past and (now - past[-1].at).days < rhythm.stale_days
            if fresh and (past[-1] in today or not today):
                expected.add(past[-1].key)
    assert {each.key for each in current(PLAN, now, WORKDAYS)} == expected


def test_c02_a_year_of_ticks_acts_on_each_reminder_once_and_at_its_moment() -> None:
    reminders = (*plan(parse_round("2026Q2"), WORKDAYS), *PLAN)
    acted: dict[str, datetime] = {}
    ticks = [at("2026-01-01 00:00") + tick * 10 * MINUTE for tick in range(365 * 24 * 6)]
    for now in ticks:
        set_back = [now - 70 * MINUTE] if now.hour == 11 else []  # the machine's clock is not steady
        for moment in [now, *set_back]:
            for each in current(reminders, moment, WORKDAYS):
                acted.setdefault(each.key, moment)
    assert acted == {each.key: each.at for each in reminders}


# --- the pace -------------------------------------------------------------------------------------------


def test_a_changed_pace_counts_from_its_day_and_leaves_history_alone() -> None:
    changed = CALENDAR + '\n[[warnings]]\nfrom = 2027-01-01\nfirst = 5\nlast = 2\nreference = "新办法"\n'
    assert parse_rhythm(changed, on("2026-12-31")).first_warning == 3
    assert parse_rhythm(changed, on("2027-01-01")).first_warning == 5
    planned = plan(parse_round("2026Q2"), WORKDAYS, rhythm=parse_rhythm(changed, on("2027-01-01")))
    assert lines(planned, Annex.UNIT, Audience.FILLER, Occasion.THREE_LEFT) == ["07-03 09:00 three_left"]


def test_a_day_before_the_first_values_uses_them() -> None:
    assert rhythm_on(on("2015-01-01")) == rhythm_on(on("2026-01-01"))


def test_every_hour_of_the_plan_is_within_working_hours() -> None:
    rhythm = rhythm_on(on("2026-01-01"))
    hours = [rhythm.morning, rhythm.afternoon, rhythm.evening]
    assert rhythm.working_from <= hours[0] < hours[1] < hours[2] < rhythm.working_until


def test_a_week_without_a_workday_is_skipped() -> None:
    resting = frozenset(on("2026-10-26") + timedelta(days=n) for n in range(5))
    planned = plan(Q3, replace(WORKDAYS, rest=WORKDAYS.rest | resting))
    assert lines(planned, Annex.UNIT, Audience.FILLER, Occasion.LATE)[-3:] == [
        "11-02 09:00 late",
        "11-09 09:00 late",
        "11-16 09:00 late",
    ]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("[[silence]]", "[[quiet]]", "缺 [[silence]]"),
        ("morning = 09:00:00", 'morning = "九点"', "hours.morning 应写成 time"),
        ("first = 3 ", "first = 3.5 ", "warnings.first 应写成 int"),
        ('last = "10-07"', 'last = "10-77"', "silence.last 应写成 10-01 这样"),
        ("reference", "because", "hours.reference 应写成 str"),
    ],
)
def test_an_unreadable_pace_is_refused_with_its_name(old: str, new: str, complaint: str) -> None:
    assert old in CALENDAR
    with pytest.raises(ValueError, match=re.escape(complaint)):
        parse_rhythm(CALENDAR.replace(old, new), on("2026-01-01"))


def test_a_returned_form_is_heard_of_before_on_and_after_its_own_day() -> None:
    due, until = date(2026, 10, 15), date(2026, 10, 20)
    days = mending_days(due, until, WORKDAYS)
    assert [d.day for d in days[:5]] == [14, 15, 16, 19, 20]
    assert days[-1] == date(2026, 10, 22)  # a week past it, though the forms have closed


def test_returned_forms_make_one_moment_a_day_and_none_in_silence() -> None:
    moments = mending(
        Q3, [date(2026, 10, 9), date(2026, 10, 9), date(2026, 10, 12)], date(2026, 10, 20), WORKDAYS
    )
    assert len({m.at for m in moments}) == len(moments)
    assert {m.audience for m in moments} == {Audience.MENDER}
    assert min(m.at for m in moments).day == 8  # the workday before the 9th
