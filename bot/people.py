"""Who may do what to which subject: the one authority on permission (办法 第五、八、九、十二条)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from regulation.roster import Person, Role


class Action(StrEnum):
    """What somebody may want to do."""

    FILL = "fill"  # enter and file a project's 附表1
    HAND_OVER = "hand_over"  # say 不归我填
    SEE_FORM = "see_form"  # read a project's figures and its table
    SEE_UNIT = "see_unit"  # see who in a unit has filed
    SEE_DEPARTMENT = "see_department"
    SEE_DISTRICT = "see_district"
    NUDGE = "nudge"  # 催办
    CONFIRM = "confirm"  # a unit head's word before a form is filed
    WITHDRAW = "withdraw"  # take a filed form back
    REVIEW = "review"  # 接收 and 退回 (第八条(二))
    STAND_IN = "stand_in"  # 代填: fill for a unit, with a reason
    TRANSFER = "transfer"  # move somebody's projects to a colleague
    DIRECTORY = "directory"  # decide what a platform's directory says otherwise
    ANNOUNCE = "announce"  # write a notice to many
    ASK_FIGURES = (
        "ask_figures"  # be answered with figures and reasons of forms (finance: once the department filed)
    )
    TRACE = "trace"  # follow a figure to the message it came from (finance: once the department filed)
    CONSOLIDATE = "consolidate"  # type and hand up 附表2 and 附表3 (第十三条)
    APPROVE_REPORT = "approve_report"  # the department head's word before finance has it
    SEE_REPORT = "see_report"  # read the figures of 附表2 and 附表3
    SEE_COUNTS = "see_counts"  # how many forms are in, without a figure
    MARK_KEY = "mark_key"  # put a project on the list of key projects (第五条(二))
    UNMARK_KEY = "unmark_key"  # take it off
    EXAMINE = "examine"  # finance's review, orders and decisions on what a department filed (第十六条)
    ANSWER = "answer"  # answer an order, apply for an adjusted target (第十五条(一))
    DISPOSE = "dispose"  # put a decision about a project on record (第十五条)
    TRACK = "track"  # say how far a deviation has been dealt with
    PUBLISH = "publish"  # propose a package for publication, or let it out (第十七条)


@dataclass(frozen=True, slots=True)
class Subject:
    """Where the action falls: the project's filler, its unit and department; empty parts do not apply."""

    department_id: str = ""
    unit_id: str = ""
    filler_id: str = ""
    filed: bool = True  # finance sees figures only after filing (DOMAIN §4)
    covers: frozenset[str] = frozenset()  # who stands in for the filler today, by leave cover
    stand_ins: frozenset[str] = frozenset()  # who of the budget office fills this form, with a reason given
    head_covers: frozenset[str] = frozenset()  # who stands in for the unit's head today
    division_id: str = ""  # 归口业务处室 of the department


def _is_filler(person: Person, subject: Subject) -> bool:
    return bool(subject.filler_id) and person.id == subject.filler_id


def _heads_unit(person: Person, subject: Subject) -> bool:
    return person.has(Role.UNIT_HEAD, subject.unit_id)


def _covers_filler(person: Person, subject: Subject) -> bool:
    return person.id in subject.covers


def _covers_head(person: Person, subject: Subject) -> bool:
    return person.id in subject.head_covers and not _is_filler(person, subject)


def _stands_in(person: Person, subject: Subject) -> bool:
    return person.id in subject.stand_ins and _in_department_office(person, subject)


def _administers(person: Person, subject: Subject) -> bool:
    return person.has(Role.ADMIN)


def _in_department_office(person: Person, subject: Subject) -> bool:
    return person.has(Role.BUDGET_OFFICE, subject.department_id)


def _heads_department(person: Person, subject: Subject) -> bool:
    return person.has(Role.DEPARTMENT_HEAD, subject.department_id)


def _finance(person: Person, subject: Subject) -> bool:
    return subject.filed and person.has(Role.PERFORMANCE_OFFICE)


def _in_division(person: Person, subject: Subject) -> bool:
    return (
        subject.filed and bool(subject.division_id) and person.has(Role.FINANCE_DIVISION, subject.division_id)
    )


def _performance_office(person: Person, subject: Subject) -> bool:
    """The counts of every department, filed or not."""
    return bool(subject.department_id) and person.has(Role.PERFORMANCE_OFFICE)


def _division(person: Person, subject: Subject) -> bool:
    return bool(subject.division_id) and person.has(Role.FINANCE_DIVISION, subject.division_id)


def _receives(person: Person, subject: Subject) -> bool:
    """The division and the performance office read figures once they have been filed, never before."""
    return _in_division(person, subject) or (subject.filed and _performance_office(person, subject))


def _examines(person: Person, subject: Subject) -> bool:
    """绩效科 looks at every department's report, never at one that names none."""
    return bool(subject.department_id) and _finance(person, subject)


#: action -> the relations any one of which allows it.
ALLOWED = {
    Action.FILL: (_is_filler, _heads_unit, _covers_filler, _stands_in),
    Action.HAND_OVER: (_is_filler,),
    Action.SEE_FORM: (
        _is_filler,
        _heads_unit,
        _covers_filler,
        _covers_head,
        _in_department_office,
        _heads_department,
    ),
    Action.SEE_UNIT: (_heads_unit, _in_department_office, _heads_department),
    Action.SEE_DEPARTMENT: (_in_department_office, _heads_department, _in_division, _finance),
    Action.SEE_DISTRICT: (_finance,),
    Action.NUDGE: (_heads_unit, _in_department_office, _heads_department),
    Action.CONFIRM: (_heads_unit, _covers_head),
    Action.WITHDRAW: (_is_filler, _heads_unit, _covers_filler, _stands_in),
    Action.REVIEW: (_in_department_office,),
    Action.STAND_IN: (_in_department_office,),
    Action.TRANSFER: (_in_department_office, _administers),
    Action.DIRECTORY: (_administers,),
    Action.ANNOUNCE: (_in_department_office, _in_division, _finance),
    Action.ASK_FIGURES: (
        _is_filler,
        _covers_filler,
        _heads_unit,
        _in_department_office,
        _heads_department,
        _in_division,
        _finance,
    ),
    Action.TRACE: (
        _is_filler,
        _covers_filler,
        _covers_head,
        _heads_unit,
        _in_department_office,
        _heads_department,
        _in_division,
        _examines,
    ),
    Action.CONSOLIDATE: (_in_department_office,),
    Action.APPROVE_REPORT: (_heads_department,),
    Action.SEE_REPORT: (_in_department_office, _heads_department, _receives),
    Action.SEE_COUNTS: (_in_department_office, _heads_department, _division, _performance_office),
    Action.MARK_KEY: (_in_department_office, _division, _performance_office),
    Action.UNMARK_KEY: (_in_department_office,),
    Action.EXAMINE: (_in_division, _examines),
    Action.ANSWER: (_in_department_office,),
    Action.DISPOSE: (_in_department_office, _heads_department, _in_division, _examines),
    Action.TRACK: (_in_department_office, _heads_department, _in_division, _examines),
    Action.PUBLISH: (_in_department_office, _heads_department),
}


#: whoever holds one of these as well fills or approves forms.
_AT_DEPARTMENTS = (Role.FILLER, Role.UNIT_HEAD, Role.BUDGET_OFFICE, Role.DEPARTMENT_HEAD)


def only_finance(person: Person) -> bool:
    """Whether somebody is at the finance bureau and fills or approves no forms: what they are offered is another."""
    at_finance = person.has(Role.PERFORMANCE_OFFICE) or person.has(Role.FINANCE_DIVISION)
    return at_finance and not any(duty.role in _AT_DEPARTMENTS for duty in person.duties)


def may(person: Person, action: Action, subject: Subject) -> bool:
    """Whether this person may do that; somebody who has left may do nothing."""
    return person.active and any(relation(person, subject) for relation in ALLOWED[action])
