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


@dataclass(frozen=True, slots=True)
class Subject:
    """Where the action falls: the project's filler, its unit and department; empty parts do not apply."""

    department_id: str = ""
    unit_id: str = ""
    filler_id: str = ""
    filed: bool = True  # finance sees figures only after filing (DOMAIN §4)


def _is_filler(person: Person, subject: Subject) -> bool:
    return bool(subject.filler_id) and person.id == subject.filler_id


def _heads_unit(person: Person, subject: Subject) -> bool:
    return person.has(Role.UNIT_HEAD, subject.unit_id)


def _in_department_office(person: Person, subject: Subject) -> bool:
    return person.has(Role.BUDGET_OFFICE, subject.department_id)


def _heads_department(person: Person, subject: Subject) -> bool:
    return person.has(Role.DEPARTMENT_HEAD, subject.department_id)


def _finance(person: Person, subject: Subject) -> bool:
    return subject.filed and person.has(Role.PERFORMANCE_OFFICE)


#: action -> the relations any one of which allows it.
ALLOWED = {
    Action.FILL: (_is_filler, _heads_unit),
    Action.HAND_OVER: (_is_filler,),
    Action.SEE_FORM: (_is_filler, _heads_unit, _in_department_office, _heads_department),
    Action.SEE_UNIT: (_heads_unit, _in_department_office, _heads_department),
    Action.SEE_DEPARTMENT: (_in_department_office, _heads_department, _finance),
    Action.SEE_DISTRICT: (_finance,),
    Action.NUDGE: (_heads_unit, _in_department_office, _heads_department),
}


def may(person: Person, action: Action, subject: Subject) -> bool:
    """Whether this person may do that; somebody who has left may do nothing."""
    return person.active and any(relation(person, subject) for relation in ALLOWED[action])
