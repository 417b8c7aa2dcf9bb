"""Who may do what, as one table read from both sides: every action, every relation, own and other (S06, S07, S13)."""

from dataclasses import replace

import pytest

from bot.people import ALLOWED, Action, Subject, may
from regulation.roster import Duty, Person, Role

UNIT, OTHER_UNIT, DEPARTMENT, OTHER_DEPARTMENT = "u1", "u2", "d1", "d2"


def holding(role: Role, scope: str) -> Person:
    return Person(f"{role}:{scope}", "某人", (Duty(role, scope),))


#: who somebody is, as seen from the form of ``filler`` in u1 of d1.
PEOPLE = {
    "经办人本人": Person("filler", "张敏", (Duty(Role.FILLER, UNIT),)),
    "同单位别的经办人": holding(Role.FILLER, UNIT),
    "外单位经办人": holding(Role.FILLER, OTHER_UNIT),
    "本单位负责人": holding(Role.UNIT_HEAD, UNIT),
    "外单位负责人": holding(Role.UNIT_HEAD, OTHER_UNIT),
    "本部门预算科": holding(Role.BUDGET_OFFICE, DEPARTMENT),
    "外部门预算科": holding(Role.BUDGET_OFFICE, OTHER_DEPARTMENT),
    "本部门负责人": holding(Role.DEPARTMENT_HEAD, DEPARTMENT),
    "外部门负责人": holding(Role.DEPARTMENT_HEAD, OTHER_DEPARTMENT),
    "归口处室": holding(Role.FINANCE_DIVISION, "f1"),
    "绩效科": holding(Role.PERFORMANCE_OFFICE, "*"),
    "管理员": holding(Role.ADMIN, "*"),
    "没有职责的人": Person("nobody", "某人"),
}
FILED = Subject(DEPARTMENT, UNIT, "filler", filed=True)
NOT_FILED = replace(FILED, filed=False)
#: the matrix: who may, before and after filing; everybody not named may not.
MATRIX = {
    (Action.FILL, "未报送"): {"经办人本人", "本单位负责人"},
    (Action.FILL, "已报送"): {"经办人本人", "本单位负责人"},
    (Action.HAND_OVER, "未报送"): {"经办人本人"},
    (Action.HAND_OVER, "已报送"): {"经办人本人"},
    (Action.SEE_FORM, "未报送"): {"经办人本人", "本单位负责人", "本部门预算科", "本部门负责人"},
    (Action.SEE_FORM, "已报送"): {"经办人本人", "本单位负责人", "本部门预算科", "本部门负责人"},
    (Action.SEE_UNIT, "未报送"): {"本单位负责人", "本部门预算科", "本部门负责人"},
    (Action.SEE_UNIT, "已报送"): {"本单位负责人", "本部门预算科", "本部门负责人"},
    (Action.SEE_DEPARTMENT, "未报送"): {"本部门预算科", "本部门负责人"},
    (Action.SEE_DEPARTMENT, "已报送"): {"本部门预算科", "本部门负责人", "绩效科"},
    (Action.SEE_DISTRICT, "未报送"): set(),
    (Action.SEE_DISTRICT, "已报送"): {"绩效科"},
    (Action.NUDGE, "未报送"): {"本单位负责人", "本部门预算科", "本部门负责人"},
    (Action.NUDGE, "已报送"): {"本单位负责人", "本部门预算科", "本部门负责人"},
}
CELLS = [(action, when, who) for action, when in MATRIX for who in PEOPLE]


def test_the_matrix_is_whole():
    assert {action for action, _ in MATRIX} == set(Action) == set(ALLOWED)
    assert {role for p in PEOPLE.values() for role in (d.role for d in p.duties)} == set(Role)


@pytest.mark.parametrize(("action", "when", "who"), CELLS, ids=lambda v: str(v))
def test_s06_s07_who_may(action, when, who):
    subject = FILED if when == "已报送" else NOT_FILED
    assert may(PEOPLE[who], action, subject) is (who in MATRIX[(action, when)])


@pytest.mark.parametrize(("action", "when", "who"), CELLS, ids=lambda v: str(v))
def test_s13_somebody_who_left_may_nothing(action, when, who):
    subject = FILED if when == "已报送" else NOT_FILED
    assert may(replace(PEOPLE[who], active=False), action, subject) is False


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("action", sorted(set(Action) - {Action.SEE_DISTRICT, Action.SEE_DEPARTMENT}))
def test_a_subject_that_names_nothing_allows_nothing(action, who):
    """An empty id never matches a duty: no action falls on everything by accident."""
    assert may(PEOPLE[who], action, Subject()) is False


def test_s14_the_scope_decides_not_the_role():
    """Somebody with a duty in each of two departments acts in both and in no third."""
    both = Person("x", "某人", (Duty(Role.BUDGET_OFFICE, "d1"), Duty(Role.BUDGET_OFFICE, "d2")))
    assert [may(both, Action.NUDGE, Subject(department_id=d)) for d in ("d1", "d2", "d3")] == [
        True,
        True,
        False,
    ]


def test_a_filler_named_for_a_project_of_another_unit_may_fill_it():
    """第九条(一): the project's filler is asked, wherever they sit."""
    guest = Person("filler", "借调的人", (Duty(Role.FILLER, OTHER_UNIT),))
    assert may(guest, Action.FILL, FILED)
    assert not may(guest, Action.SEE_UNIT, FILED)
