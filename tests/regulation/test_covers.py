"""Leave: which days are meant, and who is asked on which day; and 催办 not too often."""

from datetime import date, datetime, timedelta

import pytest

from regulation.chasing import Nudge, chased, just_now
from regulation.covers import Cover, CoverState, coverer, read_leave
from regulation.deadlines import SHANGHAI

TODAY = date(2026, 10, 9)
LEAVE = Cover(1, "zhang", "wu", date(2026, 10, 12), date(2026, 10, 20), CoverState.AGREED)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("10月12日到10月20日", (2026, 10, 12), (2026, 10, 20)),
        ("10-12 10-20", (2026, 10, 12), (2026, 10, 20)),
        ("１０月１２日－１０月２０日", (2026, 10, 12), (2026, 10, 20)),
        ("10/12", (2026, 10, 12), (2026, 10, 12)),
        ("2026年10月9日至2026年10月9日", (2026, 10, 9), (2026, 10, 9)),
        ("12月28日到1月5日", (2026, 12, 28), (2027, 1, 5)),
    ],
)
def test_the_days_meant(text, first, last):
    assert read_leave(text, TODAY) == (date(*first), date(*last))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "leave.unreadable"),
        ("下周", "leave.unreadable"),
        ("2月30日", "leave.unreadable"),
        ("10月1日 10月2日 10月3日", "leave.unreadable"),
        ("10月20日到10月12日", "leave.backwards"),
        ("10月1日到10月8日", "leave.backwards"),
        ("2026年10月12日到2027年10月12日", "leave.too_long"),
    ],
)
def test_days_nobody_can_mean(text, code):
    assert read_leave(text, TODAY).code == code


@pytest.mark.parametrize(("day", "who"), [(11, "zhang"), (12, "wu"), (20, "wu"), (21, "zhang")])
def test_it_begins_and_ends_by_itself(day, who):
    standing = [each for each in (LEAVE,) if each.stands(date(2026, 10, day))]
    assert coverer(standing, "zhang") == who
    assert coverer(standing, "li") == "li"


@pytest.mark.parametrize("state", sorted(set(CoverState) - {CoverState.AGREED}))
def test_only_what_was_agreed_stands(state):
    assert not Cover(1, "a", "b", LEAVE.first, LEAVE.last, state).stands(LEAVE.first)


def test_how_often_and_by_whom_last():
    at = datetime(2026, 10, 12, 9, tzinfo=SHANGHAI)
    ledger = [Nudge("zhang", "d1", "wang", at), Nudge("zhang", "d1", "li", at + timedelta(hours=1))]
    assert [(c.times, c.by) for c in chased(ledger).values()] == [(2, "li")]
    assert just_now(at, at + timedelta(minutes=29))
    assert not just_now(at, at + timedelta(minutes=30))
    assert not just_now(None, at)
