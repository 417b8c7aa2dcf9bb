"""A question with everything settled, and what every answer needs: the forms and deviations it may speak of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.audience import OWING
from bot.cards.card import Card
from bot.cards.plain import refusal
from bot.handlers import common
from bot.questions import Question
from bot.scopes import Scope, Sight
from bot.turn import Case, Duty, Raised
from regulation.deviation import Level
from regulation.problems import problem
from regulation.roster import Role
from regulation.rounds import MonitoringRound
from regulation.tallies import KnownName

#: so many lines on one card; the rest is said as a number.
LINES = 40
EXECUTION = "执行率 = 已支出资金 ÷ 预算总额（调整后）× 100%，只算已报送的附表1"
COUNTED = "按项目计，退回未重报的算没报"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with everything settled: about which round and part of the district, as of when."""

    question: Question
    round: MonitoringRound
    scope: Scope
    place: KnownName | None
    at: str

    def noted(self, definition: str) -> str:
        """The small print: how it was counted, and when."""
        return f"口径：{definition}。{self.at}。"


def raised_in(case: Case, asked: Asked) -> tuple[list[Raised], int]:
    """The open deviations there that the person may see, worst first, and how many departments are left out."""
    names = {
        each.id: each
        for each in case.world.records.names(asked.round, projects=True)
        if each.kind == "project"
    }
    sight = Sight(case.world, asked.round)
    only = asked.place.id if asked.place and asked.place.kind == "project" else ""
    inside = [
        (each, names[each.project_id])
        for each in case.world.records.findings(asked.round, department_id=asked.scope.one_department)
        if each.project_id in names
        and each.finding.level is not Level.INFO
        and only in ("", each.project_id)
        and asked.scope.holds(
            names[each.project_id].department_id,
            names[each.project_id].unit_id,
            names[each.project_id].filler_id,
        )
    ]
    seen = [each for each, about in inside if sight.may_see(case.person, about)]
    hidden = {about.department_id for _, about in inside if not sight.may_see(case.person, about)}
    return seen, len(hidden)


def sees_any(case: Case, asked: Asked) -> bool:
    """Whether the person may see figures of what was asked about, should there be any."""
    sight = Sight(case.world, asked.round)
    if asked.place and asked.place.kind == "project":
        return sight.may_see(case.person, asked.place)
    about = [
        KnownName("project", d.project_id, d.project_name, d.department_id, d.unit_id, d.filler_id)
        for d in duties_in(case, asked)
    ]
    return any(sight.may_see(case.person, each) for each in about)


def overdue(case: Case, asked: Asked) -> int:
    if not common.deadline(case, asked.round).is_late(case.at):
        return 0
    only = asked.place.id if asked.place and asked.place.kind == "project" else ""
    return sum(d.filing.state in OWING and only in ("", d.project_id) for d in duties_in(case, asked))


def duties_in(case: Case, asked: Asked) -> list[Duty]:
    scope = asked.scope
    every = case.world.records.duties(
        asked.round, filler_id=scope.filler or None, department_id=scope.one_department
    )
    return [d for d in every if scope.holds(d.department_id, d.unit_id, d.filler_id)]


def is_finance(case: Case) -> bool:
    return case.person.has(Role.PERFORMANCE_OFFICE) or case.person.has(Role.FINANCE_DIVISION)


def no_figures(asked: Asked, hidden: int) -> Card:
    """Nothing to show: not filed yet, or not filed with finance yet."""
    many = asked.scope.whole or asked.scope.division
    where = "各部门" if many else asked.scope.label
    if hidden and asked.place and asked.place.kind != "department":
        where = f"{where}所在的部门"
    found = problem("question.before_filing" if hidden else "question.nothing_filed", where=where)
    return refusal(found, title="现在还看不到数")


def left_out(hidden: int) -> str:
    return f"还没报财政的 {hidden} 个部门不在内。" if hidden else ""


def reds(raised: Iterable[Raised]) -> int:
    return sum(each.finding.level is Level.RED for each in raised)


def mark(raised: Sequence[Raised]) -> str:
    return "✕" if reds(raised) else "△" if raised else "✓"


def name_of(case: Case, person_id: str) -> str:
    person = case.world.records.person(person_id)
    return person.name if person else ""


def project_name(case: Case, project_id: str) -> str:
    project = case.world.records.project(project_id)
    return project.name if project else project_id
