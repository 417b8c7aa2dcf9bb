"""分类处置: 继续、调减、暂停、停拨 as a person's recorded decision, only ever proposed by us (办法 第十五条)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from regulation.amounts import parse_amount
from regulation.findings import Finding
from regulation.problems import Problem, problem
from regulation.roster import Project
from regulation.rounds import MonitoringRound
from regulation.texts import parse_text


class Disposal(StrEnum):
    """What was decided."""

    CONTINUE = "continue"
    CUT = "cut"
    SUSPEND = "suspend"
    STOP_PAYMENT = "stop_payment"


DISPOSAL_LABELS = {
    Disposal.CONTINUE: "继续",
    Disposal.CUT: "调减预算",
    Disposal.SUSPEND: "暂停",
    Disposal.STOP_PAYMENT: "停拨",
}
#: the paragraph each decision rests on.
ARTICLES = {
    Disposal.CONTINUE: "第十五条",
    Disposal.CUT: "第十五条(一)",
    Disposal.SUSPEND: "第十五条(二)",
    Disposal.STOP_PAYMENT: "第十五条(二)",
}


@dataclass(frozen=True, slots=True)
class DisposalRecord:
    """One decision about one project. ``amount`` 万元, the cut, zero otherwise; ``decider`` who decided, as the paper
    says it (区政府常务会议, a person); ``has_ongoing_procurement``: 已开始执行的政府采购按相关程序办理."""

    id: str
    project_id: str
    round: MonitoringRound
    disposal: Disposal
    amount: Decimal
    decider: str
    decided_on: date
    basis: str
    has_ongoing_procurement: bool
    by: str
    at: datetime


def candidates(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that suggest to study 第十五条(二); a suggestion, never a decision."""
    return tuple(found for found in findings if found.is_disposal_candidate)


def parse_cut(text: str, disposal: Disposal, project: Project) -> Decimal | Problem:
    """The cut in 万元: asked for with 调减, at most the present budget; zero for every other decision."""
    if disposal is not Disposal.CUT:
        return Decimal(0)
    amount = parse_amount(text)
    if isinstance(amount, Problem):
        return amount
    if not isinstance(amount, Decimal):
        return problem("disposal.cut_exact", text=text.strip()[:20])
    if not 0 < amount <= project.budget_current:
        return problem("disposal.cut_range", budget=f"{project.budget_current:,.2f}")
    return amount


def parse_decider(text: str) -> str | Problem:
    """Who decided: a meeting or a person."""
    return parse_text(text, label="决定人", least=2)


def parse_basis(text: str) -> str | Problem:
    """On what the decision rests: a paper, a set of minutes."""
    return parse_text(text, label="依据", least=4)


def parse_decided_on(text: str, today: date) -> date | Problem:
    """The day of the decision: ISO, or ``10-20`` of this year; empty is today; never in the future."""
    words = text.strip()
    if not words:
        return today
    try:
        day = date.fromisoformat(words if words.count("-") == 2 else f"{today.year}-{words}")
    except ValueError:
        return problem("disposal.day_unreadable", text=words[:20])
    return day if day <= today else problem("disposal.day_ahead", day=day.isoformat())
