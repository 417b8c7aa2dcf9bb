"""退回: what must be said, which days may be given, when it is then late (第八条(二), 第十二、十三条)."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from regulation.deadlines import SHANGHAI, Annex, deadline
from regulation.filing import Filing, FilingState
from regulation.parameters import read
from regulation.returns import Return, days_offered, is_late, latest_due, refused, usual_due
from regulation.rounds import MonitoringRound
from regulation.workdays import parse_workdays

WORKDAYS = parse_workdays(read("workdays.toml"))
Q3 = MonitoringRound(2026, 3)
UNIT, DEPARTMENT = (deadline(Q3, annex, WORKDAYS) for annex in Annex)
DAY = date(2026, 10, 12)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


RETURN = Return("p1", Q3, 1, at("10-12 09:00"), "li", "actual.2", "和合同对不上", date(2026, 10, 15))


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 10, 12), date(2026, 10, 20)),
        (date(2026, 10, 19), date(2026, 10, 20)),
        (date(2026, 10, 20), date(2026, 10, 27)),  # the department's own day: five workdays
        (date(2026, 10, 23), date(2026, 10, 30)),
    ],
)
def test_no_later_than_the_department_itself(today, last):
    assert latest_due(DEPARTMENT, today, WORKDAYS) == last


def test_only_workdays_are_offered_and_three_are_usual():
    days = days_offered(DEPARTMENT, date(2026, 10, 15), WORKDAYS)
    assert [d.day for d in days] == [16, 19, 20]
    assert usual_due(DEPARTMENT, date(2026, 10, 15), WORKDAYS) == date(2026, 10, 20)
    assert usual_due(DEPARTMENT, DAY, WORKDAYS) == date(2026, 10, 15)
    assert days_offered(DEPARTMENT, date(2026, 10, 19), WORKDAYS) == (date(2026, 10, 20),)


@pytest.mark.parametrize(
    ("reason", "due", "code"),
    [
        ("和合同对不上", date(2026, 10, 15), None),
        ("和合同对不上", None, None),
        ("和合同对不上", DAY, None),
        ("和合同对不上", date(2026, 10, 20), None),
        ("不对", date(2026, 10, 15), "return.no_reason"),
        ("", None, "return.no_reason"),
        ("长" * 301, date(2026, 10, 15), "text.long"),
        ("和合同对不上", date(2026, 10, 11), "return.bad_date"),
        ("和合同对不上", date(2026, 10, 21), "return.bad_date"),
    ],
)
def test_what_cannot_be_sent_back(reason, due, code):
    found = refused(reason, due, DEPARTMENT, DAY, WORKDAYS)
    assert (found.code if found else None) == code


FILED = Filing("p1", Q3, FilingState.RETURNED, 1, at("10-09 10:00"), "zhang")


@pytest.mark.parametrize(
    ("present", "sent_back", "when", "late"),
    [
        (Filing("p1", Q3), None, "10-10 23:59:59", False),
        (Filing("p1", Q3), None, "10-11 00:00", True),
        (FILED, RETURN, "10-15 23:59:59", False),  # its own new date, past the unit's
        (FILED, RETURN, "10-16 00:00", True),
        (replace(FILED, late=True), RETURN, "10-13 09:00", True),  # late once stays late
        (FILED, replace(RETURN, due=None), "10-10 12:00", False),  # it never left the unit
        (FILED, replace(RETURN, due=None), "10-11 09:00", True),
        (
            replace(FILED, state=FilingState.DRAFT),
            None,
            "10-12 09:00",
            True,
        ),  # taken back, came again too late
    ],
)
def test_late_after_a_return(present, sent_back, when, late):
    assert is_late(present, sent_back, UNIT, at(when)) is late
