"""进度: who has filed and who has not, as far as the asker may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.cards import status as cards
from bot.cards.card import Card
from bot.handlers import common, offering, waiting
from bot.people import Action, Subject, may
from bot.turn import Case, Duty, Handler, Turn
from regulation.filing import FilingState
from regulation.reporting import REPORT_STATE_LABELS
from regulation.roster import Person, Role

View = Callable[[Case, str], Card]


def show(case: Case) -> Turn:
    """One card per duty somebody holds, the widest first; their own forms when there is nothing wider."""
    views = [draw(case, scope) for role, draw in VIEWS for scope in _scopes(case, role)]
    own = common.mine(case)
    if own or not views:
        due = common.due_words(case, case.world.round, *common.departments_in(own))
        views.append(cards.mine(case.world.round, due, _lines(case, own), then=offering.after_filing(case)))
    return Turn(case.session, tuple(case.reply(card, f":{n}") for n, card in enumerate(views, 1)))


def _scopes(case: Case, role: Role) -> list[str]:
    """Where somebody holds that duty: perhaps in two departments at once (S14)."""
    return [duty.scope_id for duty in case.person.duties if duty.role is role]


def _district(case: Case, _scope: str) -> Card:
    duties = case.world.records.duties(case.world.round)
    by_department: dict[str, list[Duty]] = {}
    for duty in duties:
        by_department.setdefault(duty.department_id, []).append(duty)
    counts = [_with_report(case, department, group) for department, group in by_department.items()]
    return cards.many(case.world.round, "全区", common.due_words(case, case.world.round), counts)


def _division(case: Case, scope: str) -> Card:
    """The departments that file with this division: how many forms are in and where 附表2、3 are, never a figure."""
    departments = [
        d
        for d in case.world.records.departments()
        if d.division_id == scope
        and may(case.person, Action.SEE_COUNTS, Subject(department_id=d.id, division_id=scope, filed=False))
    ]
    counts = [
        _with_report(case, d.id, case.world.records.duties(case.world.round, department_id=d.id))
        for d in departments
    ]
    name = next((d.name for d in case.world.records.divisions() if d.id == scope), "归口处室")
    return cards.many(case.world.round, name, common.due_words(case, case.world.round), counts)


def _with_report(case: Case, department_id: str, duties: Sequence[Duty]) -> cards.Count:
    report = case.world.records.report(department_id, case.world.round)
    counted = _count(case.world.records.department(department_id).name, duties)
    late = "（逾期）" if report.late else ""
    return replace(counted, report=REPORT_STATE_LABELS[report.state] + late)


def _department(case: Case, scope: str) -> Card:
    duties = case.world.records.duties(case.world.round, department_id=scope)
    by_unit: dict[str, list[Duty]] = {}
    for duty in duties:
        by_unit.setdefault(duty.unit_id, []).append(duty)
    counts = [_count(case.world.records.unit(unit).name, group) for unit, group in by_unit.items()]
    name = case.world.records.department(scope).name
    may_nudge = may(case.person, Action.NUDGE, Subject(department_id=scope))
    limit = common.deadline(case, case.world.round, scope)
    late = limit.is_late(case.at) or limit.own_passed(case.at)
    return cards.many(
        case.world.round,
        name,
        common.due_words(case, case.world.round, scope),
        counts,
        nudge=f"nudge:{scope}" if may_nudge and late else "",
        review=_waits(case, scope, duties),
    )


def _waits(case: Case, scope: str, duties: Sequence[Duty]) -> bool:
    """Whether filed forms wait for this person to accept them."""
    mine = may(case.person, Action.REVIEW, Subject(department_id=scope))
    return mine and any(d.filing.state is FilingState.FILED for d in duties)


def _unit(case: Case, scope: str) -> Card:
    duties = case.world.records.duties(case.world.round, unit_id=scope)
    name = case.world.records.unit(scope).name
    return cards.mine(
        case.world.round,
        common.due_words(case, case.world.round, case.world.records.unit(scope).department_id),
        _lines(case, duties, with_filler=True),
        whose=name,
        then=(cards.CONFIRM,) if waiting.forms(case, scope) else (),
    )


def _count(name: str, duties: Sequence[Duty]) -> cards.Count:
    done = [d for d in duties if d.filing.state in common.REACHED]
    return cards.Count(name, len(done), len(duties), sum(d.filing.late for d in done))


def _lines(case: Case, duties: Sequence[Duty], *, with_filler: bool = False) -> tuple[tuple[str, str], ...]:
    return tuple(
        (d.project_name, common.state_words(d) + (_by(case, d.filler_id) if with_filler else ""))
        for d in duties
    )


def _by(case: Case, person_id: str) -> str:
    person: Person | None = case.world.records.person(person_id)
    return f"　{person.name}" if person else ""


#: the widest duty first.
VIEWS = (
    (Role.PERFORMANCE_OFFICE, _district),
    (Role.FINANCE_DIVISION, _division),
    (Role.DEPARTMENT_HEAD, _department),
    (Role.BUDGET_OFFICE, _department),
    (Role.UNIT_HEAD, _unit),
)

HANDLER = Handler(
    name="status",
    words={"进度": show, "看进度": show},
    actions={"status": show},
)
