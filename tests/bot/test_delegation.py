"""One-person units, people in two departments, heads on leave (F11, S14): who is asked and who is told."""

from dataclasses import replace

import pytest

from intake.demo import demo_roster
from regulation.filing import FilingState
from regulation.roster import Duty, Role
from tests.bot.office import FINE, Office, of, open_office, titles, with_person, words

ROSTER = demo_roster()


def filled_by(roster, unit_id, person_id):
    """The unit's projects asked of this person."""
    projects = tuple(replace(p, filler_id=person_id) if p.unit_id == unit_id else p for p in roster.projects)
    return replace(roster, projects=projects)


@pytest.fixture
def opened(tmp_path):
    offices: list[Office] = []

    def open_with(roster, **dates):
        offices.append(open_office(tmp_path, roster, **dates))
        return offices[-1]

    yield open_with
    for office in offices:
        office.close()


def test_f11_what_a_head_owes_goes_one_level_up_at_once(opened):
    office = opened(filled_by(ROSTER, "u0102", "sunxiao"))
    office.clock("10-12 09:05")
    assert office.heard("sunxiao", "unit_late:") == []
    (card,) = office.heard("liqiang", "unit_late:")
    assert titles([card]) == ["新桥小学逾期 2 天"]
    assert "经办人就是单位负责人" in words([card])
    office.tap("liqiang", "催一下")
    assert titles(office.heard("sunxiao", "nudge:")) == ["李强催您：还差 2 张附表1"]


def test_f11_not_even_to_the_budget_office_when_it_owes_itself(opened):
    chief = of(ROSTER, "liqiang")
    both = replace(chief, duties=(*chief.duties, Duty(Role.FILLER, "u0101"), Duty(Role.UNIT_HEAD, "u0101")))
    roster = with_person(with_person(ROSTER, both), replace(of(ROSTER, "zhaoming"), duties=()))
    office = opened(filled_by(roster, "u0101", "liqiang"))
    office.clock("10-12 09:05")
    assert office.heard("liqiang", "unit_late:") == []
    assert titles(office.heard("wangju", "unit_late:")) == ["区教育局本级逾期 2 天"]


def test_s14_forms_of_two_departments_say_which(opened):
    other = next(p for p in ROSTER.projects if not p.unit_id.startswith("u01"))
    unit = next(u for u in ROSTER.units if u.id == other.unit_id)
    name = next(d.name for d in ROSTER.departments if d.id == unit.department_id)
    roster = replace(
        ROSTER,
        projects=tuple(replace(p, filler_id="zhangmin") if p.id == other.id else p for p in ROSTER.projects),
    )
    office = opened(roster)
    (card,) = office.clock("10-09 09:00") and office.heard("zhangmin", "remind:2026Q3:one_left")
    assert f"{other.name}（{name}）" in words([card]) or "（区教育局）" in words([card])
    assert f" · {name}" in words(office.say("zhangmin", "换个项目"))
    assert " · 区教育局" in words(office.say("zhangmin", "换个项目"))


def test_s14_an_office_of_two_departments_is_asked_which(opened):
    second = ROSTER.departments[1]
    chief = of(ROSTER, "liqiang")
    both = replace(chief, duties=(*chief.duties, Duty(Role.BUDGET_OFFICE, second.id)))
    office = opened(with_person(ROSTER, both))
    office.clock("10-12 10:00")
    assert titles(office.say("liqiang", "催办")) == ["催哪里没报的？"]
    assert office.heard("zhangmin", "nudge:") == []
    office.tap("liqiang", "区教育局")
    assert len(office.heard("zhangmin", "nudge:")) == 1
    lists = titles(office.say("liqiang", "审表"))
    assert [title.split(" ")[0] for title in lists] == ["区教育局", second.name]


@pytest.fixture
def confirming(office):
    """The story's office, its units' heads confirming."""
    office.stage.law = replace(office.stage.law, head_confirms=True)
    office.stage.reopen()
    return office


def test_a_head_on_leave_is_stood_in_for(confirming):
    office = confirming
    office.say("sunxiao", "请假 10月8日到10月9日")
    office.tap("sunxiao", "吴芳")
    office.tap("wufang", "我来代班")
    office.file("zhangmin", FINE)
    assert office.filing().state is FilingState.AWAITING_UNIT
    assert office.heard("wufang", "confirm:")
    office.tap("wufang", "确认报送")
    assert office.filing().state is FilingState.FILED


def test_whoever_stands_in_for_the_head_does_not_confirm_their_own_form(confirming):
    office = confirming
    office.say("sunxiao", "请假 10月8日到10月9日")
    office.tap("sunxiao", "张敏")
    office.tap("zhangmin", "我来代班")
    office.file("zhangmin", FINE)
    assert office.filing().state is FilingState.AWAITING_UNIT
    assert office.heard("zhangmin", "confirm:") == []
    assert len(office.heard("sunxiao", "confirm:")) == 1


def test_what_waits_for_a_head_is_the_heads_to_hear_of(confirming):
    office = confirming
    office.file("zhangmin", FINE)
    office.clock("10-10 09:00")
    assert [c for c in office.heard("zhangmin", "remind:2026Q3:one_left") if "校舍" in words([c])] == []
    assert "新桥小学有 1 张附表1等您确认" in titles(office.heard("sunxiao", "remind:2026Q3:awaiting"))
    office.tap("sunxiao", "新桥小学校舍安全改造")
    office.clock("10-12 09:05")
    (card,) = office.heard("wangju", "head:")
    assert "等负责人确认" in words([card])
    office.tap("sunxiao", "确认报送")
    assert office.filing().late
