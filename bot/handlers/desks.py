"""What the handlers of a department's report share: which department, its desk, its permission, its card's inputs."""

from __future__ import annotations

from collections.abc import Iterable

from bot import dues
from bot.cards.card import Input, InputKind, Tone
from bot.cards.collect import LIKELIHOODS
from bot.cards.plain import told
from bot.cards.report import Standing
from bot.desk import Desk, offered_once, passage_of
from bot.effects import Send
from bot.handlers import common
from bot.people import Action, Subject, may
from bot.tracing import handed_up
from bot.turn import Case
from regulation.annexes import Entry
from regulation.consolidation import Tables
from regulation.deadlines import Annex
from regulation.folding import shorten
from regulation.picking import candidates, kept
from regulation.problems import Problem, problem
from regulation.reportfields import AMOUNTS, NARRATIVES, PROJECT_NARRATIVES, RATES, ROWS
from regulation.reporting import SEEN_BY_FINANCE, Report, ReportDraft
from regulation.roster import Role
from regulation.rounds import MonitoringRound
from regulation.shared import NONE, counted_once, once_key

#: short names of the amounts and texts in a batch reply.
SHORTS = {
    "total": "总额",
    "assets.plan": "资产计划",
    "assets.done": "资产完成",
    "procurement.plan": "采购计划",
    "procurement.done": "采购执行",
    "works": "重点工作",
    "effects": "主要成效",
    "work": "工作情况",
    "situation": "实施",
    "deviation": "偏离",
    "plan": "改进",
}
RATE_SHORTS = {
    "arrival": "到位",
    "execution": "执行",
    "adjustment": "调整",
    "assets": "资产",
    "procurement": "采购",
}
DRAFTED = "按单位附表1 起草，可以改"


def subject_of(round: MonitoringRound, department_id: str) -> str:
    """``2026Q3:d01``."""
    return f"{round.code}:{department_id}"


def own(case: Case, *roles: Role) -> list[str]:
    """The departments the person holds one of these duties for, in order."""
    return list(dict.fromkeys(duty.scope_id for duty in case.person.duties if duty.role in roles))


def named(case: Case, *roles: Role) -> str:
    """The subject an action or word is about: its argument, the tapped card's, the person's department that was named,
    the one in focus, or the person's own department; empty when there is none."""
    departments = own(case, *roles)
    meant = _of_that_name(case, departments) if case.argument and case.bound is None else []
    by_name = subject_of(case.world.round, meant[0]) if meant else ""
    for subject in (
        case.argument,
        case.bound.subject if case.bound else "",
        by_name,
        case.session.subject,
    ):
        if common.names_subject(subject) and is_department(case, common.split(subject)[1]):
            return subject
    departments = departments or _said(case)
    return subject_of(case.world.round, departments[0]) if departments else ""


def _of_that_name(case: Case, departments: list[str]) -> list[str]:
    """Those whose name holds the words after the command; the first is meant where there are none."""
    return [d for d in departments if case.argument in case.world.records.department(d).name]


def elsewhere(case: Case, *roles: Role) -> Problem | None:
    """What to say of words after a command that name none of the person's own departments; None where nothing was
    named, or the person answers for none and may look at several."""
    departments = own(case, *roles)
    said = case.argument if case.bound is None and not common.names_subject(case.argument) else ""
    if not said or not departments or _of_that_name(case, departments):
        return None
    name = case.world.records.department(departments[0]).name
    return problem("department.not_yours", words=shorten(said), name=name)


def first_of_all(case: Case, *roles: Role) -> tuple[Send, ...]:
    """The same as a card above the one of their own department."""
    found = elsewhere(case, *roles)
    return (case.reply(told("只能看自己部门的", found.text, tone=Tone.WARN), ":else"),) if found else ()


def _said(case: Case) -> list[str]:
    """The one department whose name holds the words after the command, or the only one finance receives."""
    known = [
        d.id
        for d in case.world.records.departments()
        if case.argument in d.name and may(case.person, Action.SEE_COUNTS, permission(case, d.id))
    ]
    return known if len(known) == 1 else []


def is_department(case: Case, department_id: str) -> bool:
    """Whether that is the id of a department."""
    return any(each.id == department_id for each in case.world.records.departments())


def permission(case: Case, department_id: str, report: Report | None = None) -> Subject:
    """Where an action on that department falls; with its report, whether finance may read it."""
    division = case.world.records.department(department_id).division_id
    filed = report is None or report.state in SEEN_BY_FINANCE
    return Subject(department_id=department_id, division_id=division, filed=filed)


def allowed(case: Case, subject: str, action: Action) -> bool:
    """Whether the person may do that to the report of that subject."""
    if not subject:
        return False
    round, department_id = common.split(subject)
    report = case.world.records.report(department_id, round)
    return round <= case.world.round and may(case.person, action, permission(case, department_id, report))


def load(case: Case, subject: str) -> Desk:
    """The department's desk: its draft, or a fresh one, and what everything rests on now."""
    round, department_id = common.split(subject)
    records = case.world.records
    report = records.report(department_id, round)
    draft = records.report_draft(department_id, round) or ReportDraft(department_id, round, report.version)
    before: dict[str, Entry] = {}
    if round.previous.year == round.year:
        before = dict(records.report_entries(department_id, round.previous))
    return Desk(records.basis(department_id, round), draft, report, case.world.rules_of(round), before)


def frozen(case: Case, desk: Desk, version: int) -> Tables:
    """The tables of a version exactly as they were handed up."""
    draft = desk.draft
    return handed_up(case.world.records, desk.rules, draft.department_id, draft.round, version)[0]


def standing(case: Case, desk: Desk) -> Standing:
    """The words every card of this desk begins with."""
    basis = desk.basis
    return Standing(
        basis.department.name,
        basis.round,
        due_words(case, basis.round, basis.department.id),
        desk.subject,
        desk.stamp,
        len(basis.forms),
        len(basis.projects),
    )


def due_words(case: Case, round: MonitoringRound, department_id: str) -> str:
    """``10月20日（周二）前报财政``, or that it is late."""
    limit = case.world.deadline(round, Annex.DEPARTMENT, department_id)
    if limit.is_late(case.at):
        return f"已过 {case.world.workdays.label(limit.last)}期限，记为逾期"
    return dues.until(limit, case.at, case.world.workdays, "报财政")


# -- inputs ----------------------------------------------------------------------------------------


def desk_inputs(desk: Desk) -> tuple[Input, ...]:
    """The two and two amounts (and the total where the roster lacks it), the rows, the texts, and the likelihoods
    nobody could suggest."""
    asked = (
        []
        if desk.basis.total is not None and "total" not in desk.typed
        else [("total", "本年度预算资金总额")]
    )
    texts = [(key, label) for key, label in NARRATIVES]
    return (
        *(_amount(desk, key, label) for key, label in (*asked, *AMOUNTS)),
        *_likelihoods(desk, "", RATES),
        *(_rows(desk, key, label) for key, label in ROWS),
        *(_text(desk, key, label) for key, label in texts),
    )


def project_inputs(desk: Desk, project_id: str) -> tuple[Input, ...]:
    """The three texts of one 附表3, the likelihoods nobody could suggest, and which counts of several units are the
    same one."""
    return (
        *_once(desk, project_id),
        *_likelihoods(desk, f"{project_id}.", ("arrival", "execution", "adjustment")),
        *(_text(desk, f"{project_id}.{key}", label) for key, label in PROJECT_NARRATIVES),
    )


def _once(desk: Desk, project_id: str) -> tuple[Input, ...]:
    key = once_key(project_id)
    offered = offered_once(desk, key)
    if not offered:
        return ()
    once = counted_once(desk.entries, project_id)
    chosen = "、".join(str(n) for n, name in enumerate(offered, 1) if name in once)
    hint = "报的是同一个数的回编号，都要相加回“无”"
    value = chosen or NONE
    return (
        Input(key, "只算一次", "几个单位合计的指标", InputKind.TEXT, hint=hint, value=value, required=False),
    )


def _amount(desk: Desk, key: str, label: str) -> Input:
    said, before = desk.entries.get(key), desk.previous.get(key)
    carried = said is not None and key not in desk.typed
    return Input(
        key,
        SHORTS[key],
        label,
        InputKind.NUMBER,
        "万元",
        hint="上季带出，变了再改" if carried else "没有就写 0",
        last=f"上季 {before.value}" if before else "",
        value=said.value if said else "",
    )


def _likelihoods(desk: Desk, scope: str, rates: Iterable[str]) -> tuple[Input, ...]:
    missing = {each.key for each in desk.owed}
    return tuple(
        Input(
            f"likely.{scope}{rate}",
            f"{RATE_SHORTS[rate]}可能",
            f"{RATES[rate][0]}全年目标能完成吗",
            InputKind.CHOICE,
            options=LIKELIHOODS,
        )
        for rate in rates
        if f"likely.{scope}{rate}" in missing
    )


def _rows(desk: Desk, key: str, label: str) -> Input:
    said = picked_words(desk, key)
    mine = any(k.startswith(f"{key}.") for k in desk.typed)
    hint = "" if mine else "系统建议，可以改；" if said else ""
    return Input(
        key, SHORTS[key], label, InputKind.TEXT, hint=f"{hint}回编号或自己写", value=said, required=False
    )


def picked_words(desk: Desk, kind: str) -> str:
    """The chosen rows as the person would write them: numbers where all are picked, lines otherwise."""
    offered = {reference: n for n, (reference, _, _) in enumerate(candidates(desk.basis, kind), 1)}
    values = [entry.value for entry in kept(kind, desk.entries)]
    if values and all(value in offered for value in values):
        return "、".join(str(offered[value]) for value in values)
    tables = desk.tables.annex2
    rows = tables.works if kind == "works" else tables.effects
    return "；".join(f"{r.indicator}｜{r.target}｜{r.actual}｜{r.likelihood}".rstrip("｜") for r in rows)


def _text(desk: Desk, key: str, label: str) -> Input:
    passage = passage_of(desk, key)
    stale = bool(passage and passage.stale)
    written = any(k.startswith(f"{key}.") for k in desk.typed)
    hint = "△ 来源变了，请看一眼" if stale else "" if written else DRAFTED
    return Input(
        key,
        SHORTS[key.rpartition(".")[2]],
        label,
        InputKind.LONG_TEXT,
        hint=hint,
        value=passage.text if passage else "",
        required=key in {each.key for each in desk.owed},
    )


def fresh(inputs: Iterable[Input], answers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The answers of a page that say something new: an empty input, and one sent back as shown, say nothing."""
    shown = {each.key: each.value for each in inputs}
    return [(k, text) for k, text in answers if text.strip() and text.strip() != shown.get(k, "").strip()]
