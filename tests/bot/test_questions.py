"""The grammar of questions: what is read as one, what is not, and never too much."""

import time

import pytest

from bot.questions import MOST, PATTERNS, Ask, examples, round_of, understood
from regulation.roster import Role
from regulation.rounds import MonitoringRound

Q2, Q3 = MonitoringRound(2026, 2), MonitoringRound(2026, 3)


@pytest.mark.parametrize(
    ("line", "ask", "who", "quarter", "count"),
    [
        ("还有谁没交", Ask.OWING, "", 0, 10),
        ("逾期", Ask.OWING, "", 0, 10),
        ("逾期的单位有哪些？", Ask.OWING, "", 0, 10),
        ("还没报", Ask.OWING, "", 0, 10),
        ("教育局没报的单位", Ask.OWING, "教育局", 0, 10),
        ("还有谁没有报送？", Ask.OWING, "", 0, 10),
        ("还有谁没交 教育局", Ask.OWING, "教育局", 0, 10),
        ("教育局还有哪些单位没交", Ask.OWING, "教育局", 0, 10),
        ("二季度谁没报", Ask.OWING, "", 2, 10),
        ("教育局为什么红", Ask.WHY, "教育局", 0, 10),
        ("为什么新桥小学黄了？", Ask.WHY, "新桥小学", 0, 10),
        ("三季度支出最慢的10个项目", Ask.SLOWEST, "", 3, 10),
        ("第２季度支出最慢的三个项目", Ask.SLOWEST, "", 2, 3),
        ("教育局二季度支出最慢的十二个项目", Ask.SLOWEST, "教育局", 2, 12),
        ("支出最慢的9999个项目", Ask.SLOWEST, "", 0, MOST),
        ("支出最慢的0个项目", Ask.SLOWEST, "", 0, 1),
        ("偏离最大的", Ask.WORST, "", 0, 10),
        ("校舍安全改造现在怎么样了", Ask.HOW, "校舍安全改造", 0, 10),
        ("导出三张表", Ask.EXPORT, "", 0, 10),
        ("教育局导出三张表", Ask.EXPORT, "教育局", 0, 10),
        ("导出附表一 新桥", Ask.EXPORT_FORMS, "新桥", 0, 10),
        ("全区进度", Ask.PROGRESS, "", 0, 10),
        ("谁没打开过", Ask.UNOPENED, "", 0, 10),
        ("谁催过", Ask.NUDGED, "", 0, 10),
    ],
)
def test_what_is_asked(line, ask, who, quarter, count):
    found = understood(line)
    assert (found.ask, found.who, found.quarter, found.count) == (ask, who, quarter, count)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "你好",
        "支出201.35 1=36 2=930",
        "原因：招标怎么样没定",
        "支出：最慢的项目",
        "1=36 怎么样",
        "谁",
        "为什么",
        "为什么红",
        "进度",
        "请问" + "很" * 100 + "怎么样",
        "通知：还有谁没交\n明天交",
    ],
)
def test_what_is_no_question_is_left_to_others(line):
    assert understood(line) is None


def test_every_kind_has_an_example_that_is_understood_as_it():
    assert {ask for ask, _, _ in PATTERNS} == set(Ask)
    for ask, _, example in PATTERNS:
        assert understood(example).ask is ask, example


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.FILLER, Role.ADMIN}))
def test_every_duty_that_may_ask_has_examples(role):
    assert examples({role})


def test_the_quarter_is_the_latest_one_that_has_opened():
    assert round_of(understood("二季度谁没交"), Q3) == Q2
    assert round_of(understood("三季度谁没交"), Q2) == MonitoringRound(2025, 3)
    assert round_of(understood("谁没交"), Q3) == Q3


def test_a_hostile_line_takes_no_time():
    begun = time.process_time()
    for line in ("还有谁没交" * 400, "谁" * 4000, "为什么" * 26 + "红", "最慢的" * 26, " " * 4000):
        understood(line)
    assert time.process_time() - begun < 1
