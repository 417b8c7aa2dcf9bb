"""Who hears what, when, and who does not: the third quarter of the story, message by message (DOMAIN §1.2, §4)."""

from dataclasses import replace
from datetime import time

import pytest

from bot.reminding import SPEAKERS
from intake.demo import demo_roster
from regulation.deadlines import Annex
from regulation.occasions import OCCASIONS, Audience
from regulation.roster import Role
from tests.bot.office import FINE, SLOW, Office, of, open_office, titles, with_person, words

ROSTER = demo_roster()
WORKDAYS_ONLY = (time(8, 30), time(18, 0))
#: what comes unasked.
UNASKED = ("remind:", "unit_late:", "office:", "head:", "calendar:")


def heard_between(office: Office, start: str, end: str, *people: str) -> list[tuple[str, str, str]]:
    """(when, whose phone, key's first part) of what came unasked between two moments."""
    office.clock(start)
    shown = office.clock(end)
    return [
        (f"{s.at:%m-%d %H:%M}", s.user, s.key.partition(":")[0])
        for s in shown
        if s.user in people and s.key.startswith(UNASKED)
    ]


def test_every_planned_moment_has_a_speaker():
    planned = {(row.annex, row.audience) for row in OCCASIONS}
    assert set(SPEAKERS) == planned | {(Annex.UNIT, Audience.MENDER)}  # returned forms have their own dates


#: 区教育局 with nothing filed: who hears what at each moment of the round.
PLAN = [
    ("09-30 09:00", {"zhangmin": "三季度绩效监控开始填报"}),
    ("10-09 09:00", {"zhangmin": "还差 2 个项目没报"}),
    ("10-10 09:00", {"zhangmin": "还差 2 个项目没报"}),
    ("10-10 15:00", {"zhangmin": "今天截止，还差 2 个项目没报"}),
    ("10-10 17:00", {"liqiang": "区教育局附表1 收齐 0/10"}),
    (
        "10-12 09:00",
        {
            "zhangmin": "逾期 2 天，还差 2 个项目",
            "sunxiao": "新桥小学逾期 2 天",
            "wangju": "区教育局 5 个单位逾期",
            "liqiang": "三季度附表2、3 可以汇总了",
        },
    ),
    ("10-12 17:00", {"liqiang": "区教育局附表1 收齐 0/10"}),
    (
        "10-13 09:00",
        {
            "zhangmin": "逾期 3 天，还差 2 个项目",
            "sunxiao": "新桥小学逾期 3 天",
            "liqiang": "区教育局附表1 收齐 0/10",
        },
    ),
    (
        "10-14 09:00",
        {
            "zhangmin": "逾期 4 天，还差 2 个项目",
            "sunxiao": "新桥小学逾期 4 天",
            "liqiang": "区教育局附表1 收齐 0/10",
            "wangju": "区教育局 5 个单位逾期",
        },
    ),
]


def test_who_hears_what(office: Office):
    office.clock("10-14 18:00")
    watched = ("zhangmin", "sunxiao", "liqiang", "wangju")
    found: dict[str, dict[str, str]] = {}
    for s in office.stage.phones.everything():
        if not s.mine and s.user in watched:
            found.setdefault(f"{s.at:%m-%d %H:%M}", {})[s.user] = str(s.card["title"])
    assert found == dict(PLAN)


def test_a_finance_division_hears_of_late_departments_and_the_administrator_of_nothing(office: Office):
    office.clock("10-30 18:00")
    assert office.heard("admin") == []
    assert {s.key.split(":")[0] for s in office.heard("tenghui")} == {"division"}


def test_the_performance_office_glances_at_the_end_of_a_day_on_which_something_changed(office: Office):
    office.clock("10-08 18:00")
    assert [f"{s.at:%m-%d %H:%M}" for s in office.heard("chenjing", "glance:")] == ["09-30 17:30"]
    office.file("zhangmin", FINE)
    office.clock("10-10 18:00")
    office.clock("10-12 18:00")
    office.clock("10-16 18:00")
    seen = office.heard("chenjing", "glance:")[1:]
    assert [f"{s.at:%m-%d}" for s in seen] == ["10-09", "10-12"]
    assert titles(seen) == ["附表1 已报 1/67", "附表1 已报 1/67，逾期 9 个部门"]
    assert all(name.endswith(".png") for s in seen for name, _ in s.files)


def test_the_administrator_hears_once_of_the_missing_holidays(office: Office):
    office.clock("12-31 18:00")
    assert titles(office.heard("admin")) == ["2027年放假安排还没有录入"]


# -- 在办 -------------------------------------------------------------------------------------------


def reminded(office: Office, who: str) -> list[str]:
    return [s.key.split(":")[2] for s in office.heard(who, "remind:")]


def test_busy_silences_the_two_before_the_due_day_and_nothing_else(office: Office):
    office.say("zhangmin", "在办")
    office.clock("10-13 18:00")
    assert reminded(office, "zhangmin") == ["open", "due_morning", "due_afternoon", "late", "late"]
    assert reminded(office, "zhoulei") == ["open", "one_left", "due_morning", "due_afternoon", "late", "late"]


def test_busy_in_the_second_quarter_silences_three_left_too(tmp_path):
    office = open_office(tmp_path / "q2", ROSTER, begins="07-01 08:00", first="07-01 09:05")
    try:
        office.say("zhangmin", "在办")
        office.clock("07-10 18:00")
        assert reminded(office, "zhangmin") == ["open", "due_morning", "due_afternoon"]
        assert reminded(office, "zhoulei") == [
            "open",
            "three_left",
            "one_left",
            "due_morning",
            "due_afternoon",
        ]
    finally:
        office.close()


def test_busy_does_not_last_into_the_next_round(tmp_path):
    office = open_office(tmp_path / "two", ROSTER, begins="07-01 08:00", first="07-01 09:05")
    try:
        office.say("zhangmin", "在办")
        office.clock("10-09 18:00")
        assert reminded_in(office, "zhangmin", "2026Q3") == ["open", "one_left"]
    finally:
        office.close()


def reminded_in(office: Office, who: str, round: str) -> list[str]:
    return [s.key.split(":")[2] for s in office.heard(who, f"remind:{round}")]


def test_busy_with_nothing_owed_says_so_and_keeps_nothing(office: Office):
    before = office.audited()
    assert titles(office.say("liqiang", "在办")) == ["没有要填的表"]
    assert office.audited() == before


# -- only who still owes ----------------------------------------------------------------------------


def test_who_has_filed_everything_hears_nothing(office: Office):
    office.file("zhangmin", SLOW)
    office.file(
        "zhangmin",
        "支出市级48 支出区级96 到位180 1=4200 2=3600 3=100 4=8月20日 5=225 6=1260 7=92 原因：无 改进：按计划",
        "填报 操场",
    )
    office.say("zhangmin", "原因：没有偏离")
    office.say("zhangmin", "确认提交")
    assert office.filing("p002").version == 1
    office.clock("10-20 18:00")
    assert reminded(office, "zhangmin") == ["open"]
    assert office.heard("sunxiao", "unit_late:") == []
    assert not any(
        "新桥小学" in words([s]) for s in office.heard("wangju", "head:") if "逾期" in s.card["title"]
    )


def test_the_card_counts_what_is_left_and_what_was_begun(office: Office):
    office.file("zhangmin", SLOW)
    office.say("zhangmin", "填报 操场")
    office.say("zhangmin", "到位180 1=4200")
    office.clock("10-09 18:00")
    last = office.heard("zhangmin", "remind:")[-1]
    assert last.card["title"] == "还差 1 个项目没报"
    assert {"label": "已填", "value": "2 项，点开接着填", "mark": ""} in last.card["rows"]
    assert last.card["buttons"][0]["label"] == "接着填"


def test_a_project_handed_over_is_asked_of_its_new_filler(office: Office):
    office.say("zhangmin", "填报 操场")
    office.tap("zhangmin", "不归我填")
    office.tap("zhangmin", "吴芳")
    office.tap("wufang", "我来填")
    office.clock("10-12 18:00")
    for who, project in (("zhangmin", "新桥小学校舍安全改造"), ("wufang", "新桥小学操场翻新")):
        last = office.heard(who, "remind:")[-1]
        assert [r["value"] for r in last.card["rows"] if r["label"] == "项目"] == [project]
    (late,) = office.heard("sunxiao", "unit_late:")
    assert {r["value"] for r in late.card["rows"]} == {"2 个项目", "吴芳、张敏"}


def test_t21_somebody_without_an_account_is_not_silently_dropped(tmp_path):
    """The message is put aside with its reason, the budget office hears of it, the head as of any late unit."""
    nowhere = replace(of(ROSTER, "zhangmin"), identities=())
    office = open_office(tmp_path / "nowhere", with_person(ROSTER, nowhere))
    try:
        office.clock("10-12 18:00")
        assert office.heard("zhangmin") == []
        with office.stage.store.read() as tx:
            parked = [row for row in tx.outbox_rows(500) if row.recipient == "zhangmin"]
        assert {row.state for row in parked} == {"parked"}
        assert {row.error for row in parked} == {"没有可用账号"}
        assert "新桥小学逾期 2 天" in titles(office.heard("sunxiao"))
        told = office.heard("liqiang", "unreachable:")
        assert set(titles(told)) == {"1 个经办人联系不上"}
    finally:
        office.close()


# -- heads ------------------------------------------------------------------------------------------


def heads_of(office: Office) -> list[str]:
    return [p.id for p in ROSTER.people if p.has(Role.DEPARTMENT_HEAD)]


def test_a_head_hears_at_most_one_message_a_day(office: Office):
    impossible = SLOW.replace("2=930", "2=930 可能2=不可能")
    office.file("zhangmin", impossible)  # at once, 10-08
    office.clock("10-12 09:30")
    office.file("zhangmin", impossible.replace("2=930", "2=931").replace("原因", "说明：补报 原因"), "更正")
    office.clock("10-30 18:00")
    for head in heads_of(office):
        days = [s.at.date() for s in office.heard(head, "head:")]
        assert len(days) == len(set(days)), head


def test_a_head_hears_what_cannot_be_met_at_once(office: Office):
    office.file("zhangmin", SLOW.replace("2=930", "2=930 可能2=不可能"))
    (alert,) = office.heard("wangju")
    assert alert.card["title"].startswith("新桥小学校舍安全改造 有 ")
    assert f"{alert.at:%m-%d %H:%M}" == "10-08 09:00"
    office.clock("10-12 09:05")
    merged = office.heard("wangju")[-1]
    assert merged.card["title"] == "区教育局 5 个单位逾期"  # the deviation was told, it is not said again
    assert len(office.heard("wangju")) == 2


def test_a_head_hears_other_red_findings_in_the_evening_digest(office: Office):
    office.file("zhangmin", SLOW)
    assert office.heard("wangju") == []
    office.clock("10-10 18:00")
    (digest,) = office.heard("wangju")
    assert digest.card["title"] == "区教育局 1 个项目可能完不成"
    assert f"{digest.at:%m-%d %H:%M}" == "10-10 17:00"


def test_a_head_gets_overdue_and_deviating_in_one_message(office: Office):
    office.clock("10-11 10:00")
    office.file("zhangmin", SLOW)
    office.clock("10-12 09:05")
    (merged,) = office.heard("wangju")
    assert merged.card["title"] == "区教育局 5 个单位逾期，1 个项目可能完不成"


def test_f07_two_impossible_forms_on_one_day_are_one_message_and_the_rest_in_the_digest(office: Office):
    office.file("zhangmin", SLOW.replace("2=930", "2=930 可能2=不可能"))
    second = (
        "支出市级1 支出区级1 到位180 1=1 2=1 3=100 4未完成 5=225 6=1260 7=92 可能1=不可能 "
        "原因：停工 改进：复工 说明：上季多计"
    )
    office.file("zhangmin", second, "填报 操场")
    assert office.filing("p002").version == 1
    assert len(office.heard("wangju")) == 1
    office.clock("10-10 18:00")
    late = office.heard("wangju")[-1]
    assert "新桥小学操场翻新" in words([late])


# -- the budget office ------------------------------------------------------------------------------


def test_the_budget_office_hears_in_the_evening_only_when_something_changed(office: Office):
    office.clock("10-12 18:00")
    evenings = [s for s in office.heard("liqiang", "office:") if s.at.hour == 17]
    assert [f"{s.at:%m-%d}" for s in evenings] == ["10-10", "10-12"]  # 未报 became 逾期
    office.clock("10-14 18:00")
    assert [s for s in office.heard("liqiang", "office:") if s.at.hour == 17] == evenings
    office.file("zhangmin", FINE)
    office.clock("10-15 18:00")
    assert len([s for s in office.heard("liqiang", "office:") if s.at.hour == 17]) == 3
    assert office.heard("liqiang", "office:")[-1].card["title"] == "区教育局附表1 收齐 1/10"


def test_the_budget_office_hears_yellow_findings_in_the_digest_and_only_once(office: Office):
    yellow = FINE.replace("1=46", "1=28")
    office.file("zhangmin", yellow)
    assert office.heard("liqiang") == []
    office.clock("10-10 18:00")
    (digest,) = office.heard("liqiang")
    assert "改造教室数量完成 28/48 间" in words([digest])
    office.clock("10-13 18:00")
    assert not any("28/48" in words([s]) for s in office.heard("liqiang")[1:])


def test_other_departments_hear_nothing_of_this_one(office: Office):
    office.file("zhangmin", SLOW)
    office.clock("10-14 18:00")
    for person in ROSTER.people:
        if any(
            d.role in (Role.BUDGET_OFFICE, Role.DEPARTMENT_HEAD) and d.scope_id != "d01"
            for d in person.duties
        ):
            assert "新桥小学" not in words(office.heard(person.id)), person.id


# -- rest days and nights ---------------------------------------------------------------------------


def test_nothing_comes_unasked_on_rest_days_or_at_night(office: Office):
    office.file("zhangmin", SLOW)
    office.clock("12-31 18:00")
    workdays = office.stage.law.workdays
    unasked = [s for s in office.stage.phones.everything() if s.key.startswith(UNASKED)]
    assert len(unasked) > 500
    assert [s for s in unasked if not workdays.is_workday(s.at.date())] == []
    assert [s for s in unasked if not WORKDAYS_ONLY[0] <= s.at.time() <= WORKDAYS_ONLY[1]] == []


def test_a_form_filed_at_night_alerts_in_the_morning(office: Office):
    office.clock("10-08 22:30")
    office.file("zhangmin", SLOW)
    assert office.heard("liqiang") == []
    office.clock("10-09 08:00")
    assert office.heard("liqiang") == []
    office.clock("10-09 10:00")
    (alert,) = office.heard("liqiang")
    assert alert.card["title"].startswith("新桥小学校舍安全改造 有 ")


def test_c03_a_machine_that_slept_says_what_is_true_now_once(tmp_path, open_story):
    """Off from 8 October to the morning of the 14th: one message per person, with today's count."""
    office = Office(open_story())
    try:
        office.stage._set_time(office.stage.now().replace(month=10, day=14, hour=10))
        shown = office.clock("10-14 10:00")
        mine = [s for s in shown if s.user == "zhangmin"]
        assert titles(mine) == ["逾期 4 天，还差 2 个项目"]
    finally:
        office.close()


@pytest.mark.parametrize("who", ["liqiang", "wangju"])
def test_nudging_reaches_who_owes_once_in_half_an_hour(office: Office, who):
    office.clock("10-12 09:05")
    office.say(who, "进度")
    (answer,) = office.tap(who, "催没交的")
    assert "已催 5 人" in answer.card["text"]
    assert len(office.heard("zhangmin", "nudge:")) == 1
    office.clock("10-12 09:34")
    office.say(who, "进度")
    assert "没有新发" in words(office.tap(who, "催没交的"))
    office.clock("10-12 09:40")
    office.say(who, "进度")
    assert "已催 5 人" in words(office.tap(who, "催没交的"))
