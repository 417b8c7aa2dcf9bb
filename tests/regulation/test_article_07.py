"""第七条　财政部门主要职责包括：（一）研究制定绩效监控管理制度办法，建立健全预算绩效管理跟踪机制；
（二）组织、指导预算部门开展绩效监控工作；（三）加强预算执行动态监控；
（四）推进绩效监控结果应用；（五）应当履行的其他绩效监控职责。

本文件核对财政部门在系统里能做什么、看到什么，和部门各管各的不混。
"""

from dataclasses import replace
from datetime import date

import pytest

from bot.people import Action, Subject, may
from regulation.deadlines import Annex, RoundOverride, deadline, override_refused
from regulation.parameters import read
from regulation.roster import Duty, Person, Role
from regulation.rounds import parse_round
from regulation.thresholds import parse_thresholds, thresholds_on
from regulation.tracking import Stage, StageAction, next_stage
from regulation.workdays import parse_workdays

WORKDAYS = parse_workdays(read("workdays.toml"))
Q3 = parse_round("2026Q3")
DIVISION = Person("teng", "滕辉", (Duty(Role.FINANCE_DIVISION, "f01"),))
PERFORMANCE = Person("chen", "陈静", (Duty(Role.PERFORMANCE_OFFICE, "*"),))
FILED = Subject(department_id="d01", division_id="f01", filed=True)


def test_finance_sets_the_rules_with_a_date_and_a_reference() -> None:
    """第一项：界线是带生效日期和依据的参数；后来改的不动以前的季度。"""
    newer = '\n[[pace]]\nfrom = 2026-07-01\nreference = "新北财绩〔2026〕9号"\nyellow = 0.90\nred = 0.70\n'
    rules = parse_thresholds(read("thresholds.toml") + newer)
    assert thresholds_on(rules, date(2026, 9, 30)).pace.reference == "新北财绩〔2026〕9号"
    assert thresholds_on(rules, date(2026, 6, 30)).pace.since == "2021-01-01"


def test_finance_organises_a_round_and_may_move_its_dates_by_notice() -> None:
    """第二项：按通知改期，要写文号；没有文号的不收。"""
    notice = RoundOverride(Q3, Annex.UNIT, date(2026, 10, 15), "新北财绩〔2026〕9号")
    assert override_refused(notice, WORKDAYS) is None
    assert deadline(Q3, Annex.UNIT, WORKDAYS, override=notice).nominal == date(2026, 10, 15)
    assert override_refused(replace(notice, notice_no=" "), WORKDAYS) is not None


@pytest.mark.parametrize("person", [DIVISION, PERFORMANCE], ids=["归口处室", "绩效科"])
def test_finance_guides_departments(person: Person) -> None:
    """第二项：群发通知、审核、发整改；只对报来的，不替部门填。"""
    assert may(person, Action.ANNOUNCE, FILED)
    assert may(person, Action.EXAMINE, FILED)
    assert not may(person, Action.CONSOLIDATE, FILED)
    assert not may(person, Action.FILL, replace(FILED, unit_id="u1", filler_id="zhang"))


def test_a_division_looks_after_its_own_departments() -> None:
    assert not may(DIVISION, Action.EXAMINE, replace(FILED, division_id="f02"))
    assert may(PERFORMANCE, Action.EXAMINE, replace(FILED, division_id="f02"))


@pytest.mark.parametrize("person", [DIVISION, PERFORMANCE], ids=["归口处室", "绩效科"])
def test_finance_watches_spending_as_it_happens_but_sees_figures_only_once_filed(person: Person) -> None:
    """第三项：个数随时看得到；金额和偏离，部门报送以后才看得到。"""
    waiting = replace(FILED, filed=False)
    assert may(person, Action.SEE_COUNTS, waiting)
    assert not may(person, Action.SEE_REPORT, waiting)
    assert may(person, Action.SEE_REPORT, FILED)


def test_what_was_found_is_followed_up_to_its_end() -> None:
    """第四项：偏离要有人办、办到底，办结要写怎么办的。"""
    stage = Stage.NEW
    for action in (StageAction.READ, StageAction.TAKE, StageAction.FINISH):
        stage = next_stage(stage, action) or stage
    assert stage is Stage.DONE
