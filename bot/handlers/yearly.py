"""全年结果: the year department by department, for the next adjustment and the next budget (办法 第十四条)."""

from __future__ import annotations

from decimal import Decimal

from bot.cards import answers as cards
from bot.cards.card import Attachment, Row
from bot.cards.words import wan
from bot.glancing import moment
from bot.handlers import desks
from bot.handlers.inquiry import LINES, Asked, no_figures
from bot.people import Action
from bot.scopes import WITH_FINANCE
from bot.turn import Case, Turn
from regulation.adjusting import AdjustmentState
from regulation.basis import Basis
from regulation.results import DEFINITION, DepartmentYear, rounds_result
from regulation.roster import Department, Role
from regulation.rounds import MonitoringRound

QUARTERS = {2: "二季度", 3: "三季度"}
NOTHING = Decimal(0)


def results(case: Case, asked: Asked) -> Turn:
    """One line per department that has filed with finance, and every project of theirs in a file."""
    year = asked.question.year or asked.round.year
    rounds = {q: MonitoringRound(year, q) for q in QUARTERS}
    every = [each for each in case.world.records.departments() if _asked_about(asked, each)]
    rows = [made for each in every if (made := _year(case, each, rounds)) is not None]
    if not rows:
        return case.say(no_figures(asked, len(every)))
    hidden = len(every) - len(rows)
    label = "" if asked.scope.whole or asked.scope.division else asked.scope.label
    return case.say(
        cards.table(
            f"{label or ('全区' if asked.scope.whole else '归口部门')} {year}年结果",
            f"{len(rows)} 个部门" + (f"，{hidden} 个还没报财政，不在内" if hidden else ""),
            [Row(each.name, _words(each), _mark(each)) for each in rows[:LINES]],
            asked.noted(DEFINITION),
            files=(_file(case, asked, rounds[3], label),),
        )
    )


def _asked_about(asked: Asked, department: Department) -> bool:
    return asked.scope.whole or department.id in asked.scope.departments


def _year(case: Case, department: Department, rounds: dict[int, MonitoringRound]) -> DepartmentYear | None:
    records = case.world.records
    seen = [q for q, r in rounds.items() if _may_see(case, department, r)]
    if not seen:
        return None
    bases: dict[int, Basis] = {q: records.basis(department.id, rounds[q]) for q in seen}
    found = {q: records.findings(rounds[q], department_id=department.id) for q in seen}
    projects = bases[seen[0]].projects
    mine = {project.id for project in projects}
    wishes = [w for r in rounds.values() for w in records.adjustments(r) if w.project_id in mine]
    return DepartmentYear(
        department.name,
        sum((project.budget_initial for project in projects), start=NOTHING),
        sum((project.budget_current for project in projects), start=NOTHING),
        {q: rounds_result(bases[q].forms, (raised.finding for raised in found[q])) for q in seen},
        sum(wish.state is AdjustmentState.APPROVED for wish in wishes),
        sum(step.project_id in mine for r in rounds.values() for step in records.disposals(r)),
    )


def _may_see(case: Case, department: Department, round: MonitoringRound) -> bool:
    """Whether finance has that round before it, and this person may read it."""
    filed = case.world.records.report(department.id, round).state in WITH_FINANCE
    return filed and desks.allowed(case, desks.subject_of(round, department.id), Action.SEE_REPORT)


def _words(each: DepartmentYear) -> str:
    rates = "，".join(
        f"{QUARTERS[q]} {r.execution}（{r.red} 红 {r.yellow} 黄）" for q, r in sorted(each.rounds.items())
    )
    decided = [f"调整目标 {each.adjusted} 个"] if each.adjusted else []
    decided += [f"处置 {each.disposed} 个"] if each.disposed else []
    changed = "" if each.initial == each.present else f"，年初 {wan(each.initial)}"
    return "　".join((rates, f"预算 {wan(each.present)}{changed}", *decided))


def _mark(each: DepartmentYear) -> str:
    last = each.rounds[max(each.rounds)]
    return "✕" if last.red else "△" if last.yellow else "✓"


def _file(case: Case, asked: Asked, round: MonitoringRound, label: str) -> Attachment:
    """Every project in a row; whose, is read again when it is drawn."""
    divisions = [d.scope_id for d in case.person.duties if d.role is Role.FINANCE_DIVISION]
    name = asked.scope.one_department or ("*" if asked.scope.whole else divisions[0])
    shown = label or ("全区" if asked.scope.whole else "归口部门")
    return Attachment(
        "results.xlsx",
        f"{round.code}:{name}",
        moment(case.at),
        f"全年结果_{shown}_{round.year}年.xlsx",
    )
