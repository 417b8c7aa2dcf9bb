"""Notices: when they go, whom the words mean, who may not be left alone to send to many, and nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot import notice_form
from bot.law import Here, shipped_law
from bot.naming import matching
from intake.demo import demo_roster
from regulation.deadlines import SHANGHAI
from regulation.filing import FilingState
from regulation.notices import TRANSITIONS, NoticeState, Outcome, Result, Tally, tally
from regulation.problems import problem
from regulation.roster import Department
from tests.bot.office import Q3, Office, open_office, titles, words

NOW = datetime(2026, 10, 12, 10, 5, tzinfo=SHANGHAI)
MANY = {
    "title": "三季度培训",
    "text": "10月13日15:00线上讲解附表1 怎么填。",
    "whom": "所有人",
    "state": "全部",
}


def when(text: str, office: Office) -> str:
    """The moment read, or the problem's code."""
    with office.stage.store.read() as tx:
        here = Here(tx, shipped_law(), NOW)
        answers = {"title": "标题", "text": "正文", "whom": "经办人", "state": "全部", "when": text}
        found, problems = notice_form.read(answers, tx.person("chenjing"), here, "n1", NOW)
    if problems:
        return "past" if "已经过去" in problems["when"] else "unreadable"
    return f"{found.due:%m-%d %H:%M}" if found.due else "now"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", "now"),
        ("现在", "now"),
        ("10-13 09:00", "10-13 09:00"),
        ("10月13日9点", "10-13 09:00"),
        ("10月13日 9点30分", "10-13 09:30"),
        ("１０－１３ ０９：００", "10-13 09:00"),
        ("明天9点", "10-13 09:00"),
        ("后天 14:30", "10-14 14:30"),
        ("15:00", "10-12 15:00"),
        ("9:00", "past"),
        ("10-12 09:00", "past"),
        ("下周一", "unreadable"),
        ("10-32 09:00", "unreadable"),
        ("2月30日9点", "unreadable"),
        ("25:00", "unreadable"),
        ("99999999999999", "unreadable"),
    ],
)
def test_when_it_goes(office: Office, text: str, read: str) -> None:
    assert when(text, office) == read


PLACES = tuple(
    Department(n, n, "") for n in ("区教育局", "区教育考试院", "区水利局", "区城管局", "区应急管理局")
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("区教育局", ["区教育局"]),
        ("教育局", ["区教育局"]),
        ("教育", ["区教育局", "区教育考试院"]),
        (" 水 利 ", ["区水利局"]),
        ("新北区水利局", ["区水利局"]),
        ("管", ["区城管局", "区应急管理局"]),
        ("区", []),
        ("", []),
        ("%", []),
        ("财政局", []),
    ],
)
def test_names_are_matched_tolerantly_and_never_guessed(said: str, meant: list[str]) -> None:
    assert [each.name for each in matching(said, PLACES)] == meant


def test_every_state_is_reached_and_the_last_ones_are_last() -> None:
    reached = {after for actions in TRANSITIONS.values() for after in actions.values()}
    assert reached == set(NoticeState)
    assert [state for state, actions in TRANSITIONS.items() if not actions] == [
        NoticeState.DROPPED,
        NoticeState.RECALLED,
    ]


def test_whoever_pressed_received_has_read_it_and_got_it() -> None:
    results = (Result.RECEIVED, Result.READ, Result.DELIVERED, Result.FAILED, Result.WAITING)
    outcomes = [Outcome(str(n), "某人", result) for n, result in enumerate(results)]
    assert tally(outcomes) == Tally(meant=5, delivered=3, read=2, received=1, failed=1, waiting=1)


def test_fifty_and_nobody_to_agree_is_said_and_not_sent(tmp_path: Path) -> None:
    roster = demo_roster()
    alone = replace(roster, people=tuple(p for p in roster.people if p.id != "shenyi"))
    office = open_office(tmp_path, alone)
    office.say("chenjing", "通知")
    office.tap("chenjing", "看样子", MANY)
    (said,) = office.tap("chenjing", "请第二人确认")
    refused = problem("notice.second_missing", count=77, office="区财政局绩效科")
    assert refused.text in words([said])
    assert office.heard("zhangmin", "notice:") == []
    office.close()


def test_nobody_left_to_tell_at_its_hour_sends_nothing(office: Office) -> None:
    """T20: what lost its meaning is not sent; the list is checked again when the hour comes."""
    office.say("liqiang", "通知")
    office.tap(
        "liqiang",
        "看样子",
        {
            "title": "请今天报",
            "text": "请今天报送。",
            "whom": "经办人",
            "state": "未报",
            "where": "新桥",
            "when": "10-08 15:00",
        },
    )
    office.tap("liqiang", "确认发送")
    with office.stage.store.begin() as tx:
        for project in ("p001", "p002"):
            tx.set_state(project, Q3, FilingState.FILED, office.stage.now(), "zhangmin")
    seen = office.clock("10-08 15:01")
    assert office.heard("zhangmin", "notice:") == []
    assert "通知没有发出：名单空了" in titles(seen)
