"""汇总: open the department's desk, take amounts, rows and texts by page or by line, hand it to the head."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot import desk as desks_of
from bot.cards import approval
from bot.cards import report as cards
from bot.cards.card import Card
from bot.cards.plain import refusal
from bot.desk import Desk
from bot.desk_batch import parse_desk_line
from bot.effects import Effect, MoveReport, SaveReportDraft, Send
from bot.events import Filled
from bot.handlers import approve, desks
from bot.people import Action
from bot.sessions import Session
from bot.turn import Case, Handler, Turn
from regulation.freezing import freeze
from regulation.picking import candidates
from regulation.problems import Problem, problem
from regulation.reportfields import ROWS
from regulation.reporting import REPORT_STATE_LABELS, ReportAction, ReportState, next_report_state
from regulation.roster import Role

#: what Session.asking says while a line is read as a department's answers; a key project's id may follow.
ASKING = "report"


def start(case: Case) -> Turn:
    """汇总: the desk of the person's department."""
    subject = desks.named(case, Role.BUDGET_OFFICE)
    if not desks.allowed(case, subject, Action.CONSOLIDATE):
        return case.say(refusal(problem("person.may_not")))
    shown = _show(case, desks.load(case, subject))
    return replace(shown, effects=(*desks.first_of_all(case, Role.BUDGET_OFFICE), *shown.effects))


def check(case: Case) -> Turn:
    """A page of answers came: keep them and say where the tables stand."""
    desk = _opened(case)
    if desk is None:
        return case.say(refusal(problem("person.may_not")))
    project_id = _project_in_focus(case)
    inputs = desks.project_inputs(desk, project_id) if project_id else desks.desk_inputs(desk)
    answers = case.answers.items()
    return _with(case, desk, desks.fresh(inputs, answers) if isinstance(case.event, Filled) else answers)


def line(case: Case) -> Turn | None:
    """A line of chat as answers to the desk in focus; None when it is not that."""
    marker, _, project_id = case.session.asking.partition(":")
    text = getattr(case.event, "text", "")
    if marker != ASKING or not text:
        return None
    pairs = parse_desk_line(text, project_id)
    if not pairs or not desks.allowed(case, case.session.subject, Action.CONSOLIDATE):
        return None
    return _with(case, desks.load(case, case.session.subject), pairs)


def accept(case: Case) -> Turn:
    """对，就按这个: every proposed reading counts from now on."""
    desk = _opened(case)
    if desk is None:
        return case.say(refusal(problem("person.may_not")))
    if _stale(case, desk):
        return _again(case, desk)
    return _keep(case, desks_of.accept(desk, case.event.id, case.at), {})


def submit(case: Case) -> Turn:
    """报负责人审: take what came along, freeze it, and put it before the head."""
    desk = _opened(case) if case.bound else _by_word(case)
    if desk is None:
        return case.say(refusal(problem("person.may_not")))
    locked = _locked(desk)
    if locked:
        return case.say(refusal(locked))
    if _stale(case, desk):
        return _again(case, desk)
    answers = desks.fresh(desks.desk_inputs(desk), case.answers.items())
    taken, problems = desks_of.take(desk, answers, case.event.id, case.at)
    if problems or not taken.complete:
        return _keep(case, taken, problems)
    return _hand_up(case, taken)


def _hand_up(case: Case, desk: Desk) -> Turn:
    """A frozen version before the head, and the draft standing on it."""
    version = desk.report.version + 1
    whole = freeze(desk.basis, desk.entries, desk.tables)
    move: Effect = MoveReport(
        desk.draft.department_id,
        desk.draft.round,
        ReportAction.SUBMIT,
        desk.report.state,
        desk.report.version,
        whole,
        desk.basis,
    )
    heads = case.world.records.people_with(Role.DEPARTMENT_HEAD, desk.draft.department_id)
    if not heads:
        return case.say(refusal(problem("report.no_head", department=desk.basis.department.name)))
    at = desks.standing(case, desk)
    draft: Effect = SaveReportDraft(
        replace(desk.draft, base_version=version, basis=tuple(desk.basis.versions.items()))
    )
    sends = tuple(
        Send(
            head.id,
            approve.head_card(case, desk, version),
            f"report:{desk.subject}:v{version}",
            due=case.world.disturbable(case.at),
        )
        for head in heads
    )
    card = approval.asked(at, tuple(head.name for head in heads), version)
    return Turn(Session(), (draft, move, *sends, case.reply(card)))


def rows(case: Case) -> Turn:
    """选重点工作、选主要成效: what the units' forms offer."""
    subject = desks.named(case, Role.BUDGET_OFFICE)
    if not desks.allowed(case, subject, Action.CONSOLIDATE):
        return case.say(refusal(problem("person.may_not")))
    desk = desks.load(case, subject)
    at = desks.standing(case, desk)
    made = tuple(_offer(case, at, desk, kind, label) for kind, label in ROWS)
    return case.say(*made, session=Session(subject, ASKING))


def _offer(case: Case, at: cards.Standing, desk: Desk, kind: str, label: str) -> Card:
    offered = [
        (f"{form.project.name}：{i.name}", f"{form.unit.name}　目标 {i.target_text}")
        for _, form, i in candidates(desk.basis, kind)
    ]
    return cards.rows_to_pick(at, kind, label, offered, desks.picked_words(desk, kind))


def projects(case: Case) -> Turn:
    """附表3: the list of key projects, or the one named."""
    subject = desks.named(case, Role.BUDGET_OFFICE)
    if not desks.allowed(case, subject, Action.CONSOLIDATE):
        return case.say(refusal(problem("person.may_not")))
    desk = desks.load(case, subject)
    found = [a for a in desk.tables.annex3 if case.argument and case.argument in a.project_name]
    if len(found) == 1:
        return _project(case, desk, found[0].project_id)
    return case.say(
        cards.projects(desks.standing(case, desk), desk.tables.annex3), session=Session(subject, ASKING)
    )


def project(case: Case) -> Turn:
    """One 附表3, opened from the list."""
    desk = _opened(case)
    if desk is None:
        return case.say(refusal(problem("person.may_not")))
    return _project(case, desk, case.argument)


def _project(case: Case, desk: Desk, project_id: str, problems: Mapping[str, Problem] | None = None) -> Turn:
    annex3 = next((a for a in desk.tables.annex3 if a.project_id == project_id), None)
    if annex3 is None:
        return case.say(refusal(problem("card.unknown")))
    inputs = desks.project_inputs(desk, project_id)
    said = tuple(f"✕ {found.text}" for found in (problems or {}).values())
    card = cards.project(desks.standing(case, desk), annex3, inputs, said)
    return case.say(card, session=Session(desk.subject, f"{ASKING}:{project_id}"))


# -- keeping and showing -----------------------------------------------------------------------------


def _with(case: Case, desk: Desk, answers: Iterable[tuple[str, str]]) -> Turn:
    locked = _locked(desk)
    if locked:
        return case.say(refusal(locked))
    if _stale(case, desk):
        return _again(case, desk)
    taken, problems = desks_of.take(desk, answers, case.event.id, case.at)
    return _keep(case, taken, problems)


def _keep(case: Case, desk: Desk, problems: Mapping[str, Problem]) -> Turn:
    draft: Effect = SaveReportDraft(desk.draft)
    saved = replace(desk, draft=replace(desk.draft, revision=desk.draft.revision + 1))
    project_id = _project_in_focus(case)
    shown = _project(case, saved, project_id, problems) if project_id else _show(case, saved, problems)
    return Turn(shown.session, (draft, *shown.effects))


def _show(case: Case, desk: Desk, problems: Mapping[str, Problem] | None = None) -> Turn:
    locked = _locked(desk)
    if locked and problems is None:
        return case.say(refusal(locked, title="现在不能改"))
    card = cards.desk(
        desks.standing(case, desk),
        desk.tables.annex2,
        inputs=desks.desk_inputs(desk),
        owed=desk.owed,
        imbalances=len(desk.imbalances),
        stale=len(desk.stale),
        moved=len(desk.moved),
        annex3=desk.tables.annex3,
        problems=tuple(f"✕ {found.text}" for found in (problems or {}).values()),
        proposals=tuple(text for _, (_, text) in desk.draft.proposals),
    )
    return case.say(card, session=Session(desk.subject, ASKING))


def _locked(desk: Desk) -> Problem | None:
    """Why nothing can be typed now: what lies before the head or with finance is taken back first."""
    if next_report_state(desk.report.state, ReportAction.SAVE):
        return None
    code = "report.with_head" if desk.report.state is ReportState.AWAITING_HEAD else "report.with_finance"
    return problem(code, state=REPORT_STATE_LABELS[desk.report.state])


def _opened(case: Case) -> Desk | None:
    subject = case.bound.subject if case.bound else ""
    return desks.load(case, subject) if desks.allowed(case, subject, Action.CONSOLIDATE) else None


def _by_word(case: Case) -> Desk | None:
    if desks.elsewhere(case, Role.BUDGET_OFFICE):
        return None
    subject = desks.named(case, Role.BUDGET_OFFICE)
    return desks.load(case, subject) if desks.allowed(case, subject, Action.CONSOLIDATE) else None


def _project_in_focus(case: Case) -> str:
    if case.bound:
        return case.bound.data if case.bound.name == "report.project" else ""
    marker, _, project_id = case.session.asking.partition(":")
    return project_id if marker == ASKING else ""


def _stale(case: Case, desk: Desk) -> bool:
    return case.bound is not None and case.bound.version != desk.stamp


def _again(case: Case, desk: Desk) -> Turn:
    stale = refusal(problem("card.stale"), title="这张卡是旧的")
    shown = _show(case, desk)
    return Turn(shown.session, (*shown.effects, case.reply(stale, ":old")))


HANDLER = Handler(
    name="consolidate",
    words={
        "汇总": start,
        "去汇总": start,
        "报负责人审": submit,
        "报审": submit,
        "附表3": projects,
        "选重点工作": rows,
    },
    actions={
        "consolidate": start,
        "report_check": check,
        "report_accept": accept,
        "report_submit": submit,
        "report_rows": rows,
        "report_projects": projects,
        "report_project": project,
    },
)
