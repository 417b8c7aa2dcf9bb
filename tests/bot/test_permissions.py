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
    "别的处室": holding(Role.FINANCE_DIVISION, "f2"),
    "绩效科": holding(Role.PERFORMANCE_OFFICE, "*"),
    "管理员": holding(Role.ADMIN, "*"),
    "没有职责的人": Person("nobody", "某人"),
    "经办人请假时代班的": Person("cover", "吴芳", (Duty(Role.FILLER, UNIT),)),
    "负责人请假时代班的": Person("deputy", "副校长", (Duty(Role.FILLER, UNIT),)),
    "代填的预算科": Person("standing", "李强", (Duty(Role.BUDGET_OFFICE, DEPARTMENT),)),
    "代填后调走的": Person("moved", "李强", (Duty(Role.BUDGET_OFFICE, OTHER_DEPARTMENT),)),
}
FILED = Subject(
    DEPARTMENT,
    UNIT,
    "filler",
    filed=True,
    covers=frozenset({"cover"}),
    stand_ins=frozenset({"standing", "moved"}),
    head_covers=frozenset({"deputy", "filler"}),
    division_id="f1",
)
NOT_FILED = replace(FILED, filed=False)
#: the matrix: who may, before and after filing; everybody not named may not.
OFFICE = {"本部门预算科", "代填的预算科"}
FILLERS = {"经办人本人", "本单位负责人", "经办人请假时代班的", "代填的预算科"}
SEES = FILLERS | OFFICE | {"负责人请假时代班的", "本部门负责人"}
OWN = OFFICE | {"经办人本人", "经办人请假时代班的", "本单位负责人", "本部门负责人"}
#: the same before and after filing.
ALWAYS = {
    Action.FILL: FILLERS,
    Action.WITHDRAW: FILLERS,
    Action.HAND_OVER: {"经办人本人"},
    Action.SEE_FORM: SEES,
    Action.SEE_UNIT: OFFICE | {"本单位负责人", "本部门负责人"},
    Action.NUDGE: OFFICE | {"本单位负责人", "本部门负责人"},
    Action.CONFIRM: {"本单位负责人", "负责人请假时代班的"},
    Action.REVIEW: OFFICE,
    Action.STAND_IN: OFFICE,
    Action.TRANSFER: OFFICE | {"管理员"},
    Action.DIRECTORY: {"管理员"},
    Action.CONSOLIDATE: OFFICE,
    Action.APPROVE_REPORT: {"本部门负责人"},
    Action.SEE_COUNTS: OFFICE | {"本部门负责人", "归口处室", "绩效科"},
    Action.MARK_KEY: OFFICE | {"归口处室", "绩效科"},
    Action.UNMARK_KEY: OFFICE,
    Action.ANSWER: OFFICE,
    Action.PUBLISH: OFFICE | {"本部门负责人"},
}
MATRIX = {(action, when): who for action, who in ALWAYS.items() for when in ("未报送", "已报送")} | {
    (Action.SEE_DEPARTMENT, "未报送"): OFFICE | {"本部门负责人"},
    (Action.SEE_DEPARTMENT, "已报送"): OFFICE | {"本部门负责人", "归口处室", "绩效科"},
    (Action.ANNOUNCE, "未报送"): OFFICE,
    (Action.ANNOUNCE, "已报送"): OFFICE | {"归口处室", "绩效科"},
    (Action.ASK_FIGURES, "未报送"): OWN,
    (Action.ASK_FIGURES, "已报送"): OWN | {"归口处室", "绩效科"},
    (Action.TRACE, "未报送"): SEES,
    (Action.TRACE, "已报送"): SEES | {"归口处室", "绩效科"},
    (Action.SEE_REPORT, "未报送"): OFFICE | {"本部门负责人"},
    (Action.SEE_REPORT, "已报送"): OFFICE | {"本部门负责人", "归口处室", "绩效科"},
    (Action.EXAMINE, "未报送"): set(),
    (Action.EXAMINE, "已报送"): {"归口处室", "绩效科"},
    (Action.DISPOSE, "未报送"): OFFICE | {"本部门负责人"},
    (Action.DISPOSE, "已报送"): OFFICE | {"本部门负责人", "归口处室", "绩效科"},
    (Action.TRACK, "未报送"): OFFICE | {"本部门负责人"},
    (Action.TRACK, "已报送"): OFFICE | {"本部门负责人", "归口处室", "绩效科"},
    (Action.SEE_DISTRICT, "未报送"): set(),
    (Action.SEE_DISTRICT, "已报送"): {"绩效科"},
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


#: what some hold over the whole district, whatever is named.
EVERYWHERE = {
    Action.SEE_DISTRICT,
    Action.SEE_DEPARTMENT,
    Action.ANNOUNCE,
    Action.ASK_FIGURES,
    Action.TRANSFER,
    Action.DIRECTORY,
}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("action", sorted(set(Action) - EVERYWHERE))
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
