"""确认报送 by a unit's head, and 撤回 by the unit (decision 0011)."""

from __future__ import annotations

from bot import forms
from bot.cards import alerts, confirm
from bot.cards import collect as choosing
from bot.cards.plain import refusal, told
from bot.cards.words import clock
from bot.effects import Effect, RaiseFindings, SaveFigures, Send
from bot.handlers import alerting, common, filing, gathering, heads
from bot.people import Action, may
from bot.sessions import Session
from bot.turn import Case, Handler, Turn
from regulation.filing import STATE_LABELS, Filing, FilingAction, FilingState
from regulation.problems import Problem, problem
from regulation.reporting import ReportState
from regulation.roster import Project
from regulation.rounds import MonitoringRound

#: where a unit's form can be taken back from.
WITHDRAWABLE = (FilingState.FILED, FilingState.AWAITING_UNIT)
#: states of 附表2、3 in which what they sum must stay.
CONSOLIDATED = tuple(
    state
    for state in ReportState
    if state not in (ReportState.NOT_STARTED, ReportState.DRAFT, ReportState.RETURNED)
)


def confirm_filing(case: Case) -> Turn:
    """The head says yes: only now the form has reached the department, and only now others hear what deviates."""
    opened = opened_form(case, Action.CONFIRM)
    if isinstance(opened, Problem):
        return case.say(refusal(opened))
    project, round, present = opened
    if present.state is not FilingState.AWAITING_UNIT:
        return case.say(refusal(problem("form.not_awaiting", state=STATE_LABELS[present.state])))
    form = common.filed_form(case, project, round)
    seen = forms.review(form, case.world.rules_for(form.project, form.round), case.at.date())
    late = filing.late_now(case, form, present)
    confirmed = SaveFigures(
        project.id, round, case.person.id, present.version, (), FilingAction.CONFIRM, late=late
    )
    to = filing.addressee(case, form)
    done = confirm.done(
        project.name, round, f"{case.person.name} {clock(case.at)}", to, present.version, late=late
    )
    key = f"confirmed:{form.subject}:v{present.version}"
    return Turn(
        case.session,
        (
            confirmed,
            RaiseFindings(project.id, round, present.version, forms.notable(seen)),
            case.reply(done),
            Send(present.filed_by, done, key),
            *alerting.alerts_of(case, form, seen, present.version),
            *gathering.last_form(case, project, round, present.version),
        ),
    )


def ask_again(case: Case) -> Turn:
    """The card that asks the head, from a reminder."""
    opened = opened_form(case, Action.CONFIRM)
    if isinstance(opened, Problem):
        return case.say(refusal(opened))
    project, round, present = opened
    if present.state is not FilingState.AWAITING_UNIT:
        return case.say(refusal(problem("form.not_awaiting", state=STATE_LABELS[present.state])))
    form = common.filed_form(case, project, round)
    seen = forms.review(form, case.world.rules_for(form.project, form.round), case.at.date())
    by = case.world.records.person(present.filed_by)
    named = f"{by.name if by else ''} {clock(present.filed_at) if present.filed_at else ''}"
    return Turn(case.session, (case.beside(heads.question(case, form, seen, present.version, named)),))


def withdraw(case: Case) -> Turn:
    """撤回: the named form, the only one that can be taken back, or a choice."""
    if common.names_subject(case.argument):
        return _withdraw(case)
    mine = [d for d in common.mine(case) if d.filing.state in WITHDRAWABLE]
    found = [d for d in mine if case.argument in d.project_name]
    if len(found) == 1:
        return _withdraw(case, common.subject_of(case.world.round, found[0].project_id))
    if not mine:
        return case.say(
            told(
                "没有可以撤回的表",
                "报送以后、预算科接收以前才能撤回。没报的表填错一个数，再回一次就行，如“2=930”。要看报了没有，回“进度”。",
            )
        )
    unknown = () if found else (common.not_found(case, "您能撤回"),)
    choices = common.choices(case, found or mine)
    return case.say(*unknown, choosing.pick(choices, case.world.round, "撤回", "withdraw"))


def _withdraw(case: Case, subject: str = "") -> Turn:
    opened = opened_form(case, Action.WITHDRAW, subject)
    if isinstance(opened, Problem):
        return case.say(refusal(opened))
    project, round, present = opened
    refused = _not_withdrawable(case, project, round, present)
    if refused:
        return case.say(alerts.closed(refused))
    subject = common.subject_of(round, project.id)
    card = confirm.withdrawn(project.name, round, common.due_of(case, project, round), subject)
    moved: Effect = SaveFigures(
        project.id, round, case.person.id, present.version, (), FilingAction.WITHDRAW, late=present.late
    )
    form = common.filed_form(case, project, round)
    return Turn(Session(subject), (moved, *alerting.withdrawn(case, form, present.version), case.reply(card)))


def _not_withdrawable(
    case: Case, project: Project, round: MonitoringRound, present: Filing
) -> Problem | None:
    """Accepted, not there to be taken back, already in what the department's head has before him, or closed (F03)."""
    if present.state is FilingState.ACCEPTED:
        return problem("form.accepted")
    if present.state not in WITHDRAWABLE:
        return problem("form.not_filed", state=STATE_LABELS[present.state])
    if case.world.records.report(common.department_of(case, project), round).state in CONSOLIDATED:
        return problem("form.consolidated")
    day = common.closing_day(case, round)
    if present.state is FilingState.FILED and case.at.date() > day:
        return problem("form.closed", round=round.short, date=f"{day.month}月{day.day}日")
    return None


def opened_form(
    case: Case, action: Action, subject: str = ""
) -> tuple[Project, MonitoringRound, Filing] | Problem:
    """The form a tap or a word is about, when this person may do that to it and the card is not of an older version."""
    named = subject or case.argument or (case.bound.subject if case.bound else "")
    if not common.names_subject(named):
        return problem("person.may_not")
    round, project_id = common.split(named)
    project = case.world.records.project(project_id)
    if project is None or not may(case.person, action, common.permission_subject(case, project, round=round)):
        return problem("person.may_not")
    present = case.world.records.filing(project_id, round)
    if case.bound and case.bound.version and case.bound.version != present.version:
        return problem("form.moved_on", version=present.version)
    return project, round, present


HANDLER = Handler(
    name="confirming",
    words={"撤回": withdraw, "撤销": withdraw},
    actions={"confirm": confirm_filing, "ask": ask_again, "withdraw": withdraw},
)
