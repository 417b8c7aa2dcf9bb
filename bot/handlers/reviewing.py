"""审表: the budget office sees what its units filed, opens one form's figures, accepts it (第八条(二), UX B2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.cards import review as cards
from bot.cards.card import Button, Card, Style
from bot.cards.plain import refusal, told
from bot.cards.words import clock
from bot.effects import Effect, Note, SaveFigures
from bot.events import Text
from bot.handlers import common
from bot.handlers.confirming import opened_form
from bot.owing import may_consolidate
from bot.people import Action, Subject, may
from bot.turn import Case, Duty, Handler, Raised, Turn
from regulation.deviation import Level
from regulation.filing import STATE_LABELS, Filing, FilingAction, FilingState
from regulation.problems import Problem, problem
from regulation.roster import Role

ALL_READ = "报上来的都看完了。"
READABLE = (FilingState.FILED, FilingState.RETURNED, FilingState.ACCEPTED)
#: in which order the office reads: what waits for it, what it waits for, what is done.
ORDER = (
    FilingState.FILED,
    FilingState.RETURNED,
    FilingState.AWAITING_UNIT,
    FilingState.DRAFT,
    FilingState.NOT_STARTED,
    FilingState.ACCEPTED,
)
Findings = Mapping[str, Sequence[Raised]]


def show(case: Case) -> Turn:
    """The forms of each department the person reviews for; a name leads to one form, or to those of one unit."""
    if common.names_subject(case.argument):
        return see(case)
    scopes = [d.scope_id for d in case.person.duties if d.role is Role.BUDGET_OFFICE]
    if not scopes:
        return case.say(refusal(problem("person.may_not")))
    found = {scope: _matching(case, scope, case.argument) for scope in scopes}
    named = [duty for duties in found.values() for duty in duties] if case.argument else []
    if len(named) == 1 and named[0].filing.state in READABLE:
        return _see(case, common.subject_of(case.world.round, named[0].project_id))
    if case.argument and not named:
        return case.say(
            common.not_found(case, "您能看"), *(_list(case, s, _matching(case, s, "")) for s in scopes)
        )
    return case.say(*(_list(case, scope, duties) for scope, duties in found.items() if duties or not named))


def _matching(case: Case, department_id: str, words: str) -> list[Duty]:
    records = case.world.records
    duties = records.duties(case.world.round, department_id=department_id)
    if not words:
        return list(duties)
    return [d for d in duties if words in d.project_name or words in records.unit(d.unit_id).name]


def _list(case: Case, department_id: str, duties: Sequence[Duty]) -> Card:
    findings = _findings(case, department_id)
    ordered = sorted(duties, key=lambda d: (ORDER.index(d.filing.state), -_weight(findings, d)))
    filed = [d for d in duties if d.filing.state is FilingState.FILED]
    return cards.listed(
        case.world.records.department(department_id).name,
        case.world.round,
        [_line(case, findings, duty) for duty in ordered],
        waiting=len(filed),
        clean=sum(not findings.get(d.project_id) for d in filed),
        department_id=department_id,
    )


def _findings(case: Case, department_id: str) -> Findings:
    """Project id -> its open yellow and red findings."""
    found: dict[str, list[Raised]] = {}
    for raised in case.world.records.findings(case.world.round, department_id=department_id):
        if raised.finding.level is not Level.INFO:
            found.setdefault(raised.project_id, []).append(raised)
    return found


def _weight(findings: Findings, duty: Duty) -> int:
    return sum(10 if r.finding.level is Level.RED else 1 for r in findings.get(duty.project_id, ()))


def _line(case: Case, findings: Findings, duty: Duty) -> cards.Line:
    state = duty.filing.state
    found = findings.get(duty.project_id, ()) if state in READABLE else ()
    red = any(r.finding.level is Level.RED for r in found)
    words = common.state_words(duty)
    mark = "✕" if red else "△" if found else words[0] if words[0] in "✓△✕" else ""
    deviating = f" · {len(found)} 处偏离" if found else ""
    return cards.Line(
        common.subject_of(case.world.round, duty.project_id),
        duty.project_name,
        case.world.records.unit(duty.unit_id).name,
        words.lstrip("✓△✕ ") + deviating,
        mark,
        opens=state is FilingState.FILED,
    )


def see(case: Case) -> Turn:
    """One form's figures, with the buttons its state allows."""
    return _see(case, case.argument)


def _see(case: Case, subject: str) -> Turn:
    opened = opened_form(case, Action.REVIEW, subject)
    if isinstance(opened, Problem):
        return case.say(refusal(opened))
    project, round, present = opened
    if present.state not in READABLE:
        return case.say(refusal(problem("form.not_filed", state=STATE_LABELS[present.state])))
    records = case.world.records
    found = records.findings(round, project_id=project.id)
    by = records.person(present.filed_by)
    card = cards.form(
        project.name,
        records.unit(project.unit_id).name,
        round,
        by=f"{by.name if by else ''} {clock(present.filed_at) if present.filed_at else ''}",
        state=_state(case, present),
        findings=tuple(r.finding for r in found if r.finding.level is not Level.INFO),
        subject=subject,
        version=present.version,
        buttons=_buttons(present.state, subject),
    )
    note = Note(case.person.id, "table.read", subject, f"版本{present.version}")
    return Turn(case.session, (note, case.beside(card)))


def _state(case: Case, present: Filing) -> str:
    """``已接收（逾期）``, or why it was sent back and until when."""
    words = STATE_LABELS[present.state] + ("（逾期）" if present.late else "")
    why = case.world.records.last_return(present.project_id, present.round)
    if present.state is not FilingState.RETURNED or why is None:
        return words
    until = f"，{case.world.workdays.label(why.due)}前改好" if why.due else ""
    return f"{words}：{why.reason}{until}"


def _buttons(state: FilingState, subject: str) -> tuple[Button, ...]:
    accept = Button(f"receive:{subject}", "接收", Style.PRIMARY)
    back = Button(f"return:{subject}", "退回修改")
    table = Button(f"table:{subject}", "看表格")
    offered = {FilingState.FILED: (accept, back, table), FilingState.ACCEPTED: (back, table)}
    return offered.get(state, (table,))


def accept(case: Case) -> Turn:
    """接收: the figures go into 附表2 and 附表3; from now on only a return opens the form again."""
    opened = opened_form(case, Action.REVIEW)
    if isinstance(opened, Problem):
        return case.say(refusal(opened))
    project, round, present = opened
    if present.state is FilingState.ACCEPTED:
        return case.say(told("已经接收过了", f"{project.name}在您这里，要重改就退回。"))
    if present.state is not FilingState.FILED:
        return case.say(refusal(problem("form.not_filed", state=STATE_LABELS[present.state])))
    moved = SaveFigures(
        project.id, round, case.person.id, present.version, (), FilingAction.ACCEPT, late=present.late
    )
    department = common.department_of(case, project)
    waiting = [d for d in _filed(case, department) if d.project_id != project.id]
    following = tuple(
        Button(f"see:{common.subject_of(round, d.project_id)}", "审下一张", Style.PRIMARY)
        for d in waiting[:1]
    )
    rest = f"还有 {len(waiting)} 张等您看。" if waiting else ALL_READ
    onward = () if waiting else _onward(case, department)
    return Turn(case.session, (moved, case.reply(cards.accepted(project.name, rest, (*following, *onward)))))


def _onward(case: Case, department_id: str) -> tuple[Button, ...]:
    """What comes next when nothing waits any more: 附表2 and 附表3, as long as they lie with the office."""
    if not may_consolidate(case.world, department_id, case.world.round):
        return ()
    report = common.subject_of(case.world.round, department_id)
    return (Button(f"consolidate:{report}", "去汇总", Style.PRIMARY),)


def accept_all(case: Case) -> Turn:
    """Every filed form of a department without a yellow or red finding."""
    department = case.argument
    if not may(case.person, Action.REVIEW, Subject(department_id=department)):
        return case.say(refusal(problem("person.may_not")))
    findings = _findings(case, department)
    filed = _filed(case, department)
    clean = [d for d in filed if not findings.get(d.project_id)]
    moved: tuple[Effect, ...] = tuple(
        SaveFigures(
            d.project_id,
            case.world.round,
            case.person.id,
            d.filing.version,
            (),
            FilingAction.ACCEPT,
            late=d.filing.late,
        )
        for d in clean
    )
    left = len(filed) - len(clean)
    rest = f"还有 {left} 张有偏离，请逐张看。" if left else ALL_READ
    onward = () if left else _onward(case, department)
    return Turn(case.session, (*moved, case.reply(cards.accepted(f"{len(clean)} 张", rest, onward))))


def _filed(case: Case, department_id: str) -> list[Duty]:
    duties = case.world.records.duties(case.world.round, department_id=department_id)
    return [d for d in duties if d.filing.state is FilingState.FILED]


def said(case: Case) -> Turn | None:
    """接收, 退回 without a card: the list they are done from; None for other lines and other people."""
    if not isinstance(case.event, Text) or not case.person.has(Role.BUDGET_OFFICE):
        return None
    word, *rest = case.event.text.split(maxsplit=1) or [""]
    return show(replace(case, argument="".join(rest).strip())) if word in ("接收", "退回") else None


HANDLER = Handler(
    name="reviewing",
    words={"审表": show},
    actions={"review": show, "see": see, "receive": accept, "receive_all": accept_all},
)
