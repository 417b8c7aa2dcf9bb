"""不归我填: hand a project over to a colleague who agrees; both and the budget office hear of it (第九条(一))."""

from __future__ import annotations

import json
import re

from bot.cards import handing
from bot.cards.collect import pick
from bot.cards.plain import refusal, told
from bot.effects import Effect, HandOver, Note, Send
from bot.handlers import common
from bot.people import Action, may
from bot.sessions import Session
from bot.turn import Case, Handler, Turn
from regulation.problems import problem
from regulation.roster import Person, Project, Role

#: 转给吴芳, 请吴芳: a name is read with the word people put before it.
_GIVEN = re.compile(r"^(?:移交给|交接给|转交给|转给|交给|给|请|让)\s*")


def start(case: Case) -> Turn:
    """Whom should it go to? The project is the named one, the one being talked about or the only one owed; among
    several the person chooses, nothing is guessed."""
    subject = case.argument if common.names_subject(case.argument) else _focus(case)
    owed = common.mine(case, owing_only=True)
    if not subject and len(owed) > 1:
        return case.say(pick(common.choices(case, owed), case.world.round, "移交", "not_mine"))
    subject = subject or common.subject_of(case.world.round, owed[0].project_id) if owed else subject
    project = _project(case, subject)
    if project is None or not _may_give(case, project):
        return case.say(refusal(problem("person.may_not")))
    card = handing.choose(project.name, subject, _colleagues(case, project))
    return case.say(card, session=Session(subject, "colleague"))


def give(case: Case) -> Turn:
    """A colleague was chosen on the card."""
    subject = case.bound.subject if case.bound else ""
    return _ask(case, subject, case.world.records.person(case.argument))


def named(case: Case) -> Turn | None:
    """A colleague was named in a line of chat; None when the line names nobody of the unit."""
    project = _project(case, case.session.subject)
    if project is None or case.session.asking != "colleague":
        return None
    name = _GIVEN.sub("", getattr(case.event, "text", "").strip())
    found = [p for p in _colleagues(case, project) if p.name == name]
    return _ask(case, case.session.subject, found[0]) if len(found) == 1 else None


def _ask(case: Case, subject: str, colleague: Person | None) -> Turn:
    project = _project(case, subject)
    if project is None or colleague is None or not _may_give(case, project):
        return case.say(refusal(problem("person.may_not")))
    if colleague.id not in {p.id for p in _colleagues(case, project)}:
        return case.say(refusal(problem("person.may_not")))
    round, _ = common.split(subject)
    data = json.dumps({"from": case.person.id})
    card = handing.ask(project.name, round, common.due_words(case, round), case.person.name, subject, data)
    effects: tuple[Effect, ...] = (
        Note(case.person.id, "handover.ask", subject, colleague.id),
        Send(colleague.id, card, f"handover:{case.event.id}"),
        case.reply(handing.asked(colleague.name)),
    )
    return Turn(Session(), effects)


def take(case: Case) -> Turn:
    """我来填: the project changes hands, if it still is with the one who asked."""
    subject, giver_id = _asked(case)
    project = _project(case, subject)
    if project is not None and project.filler_id == case.person.id:
        return case.say(told("已经归您填了", f"{project.name}现在就在您名下，回“填报”接着填。"))
    if project is None or project.filler_id != giver_id:
        return case.say(told("已经换过人了", "这个项目现在不归对方填，没有改动。"))
    giver = case.world.records.person(giver_id)
    names = (project.name, giver.name if giver else "", case.person.name)
    card, mine = handing.moved(*names), handing.moved(*names, subject)
    department = case.world.records.unit(project.unit_id).department_id
    office = case.world.records.people_with(Role.BUDGET_OFFICE, department)
    others = {p.id for p in office} | {giver_id}
    tell = tuple(Send(person, card, f"handed:{case.event.id}") for person in sorted(others))
    return Turn(Session(subject), (HandOver(project.id, giver_id, case.person.id), case.reply(mine), *tell))


def decline(case: Case) -> Turn:
    """The colleague says no; it stays where it is."""
    subject, giver_id = _asked(case)
    project = _project(case, subject)
    if project is None:
        return case.say(refusal(problem("card.unknown")))
    back = handing.declined(project.name, case.person.name, subject)
    thanks = told("好的，没有移交", f"{project.name}仍归原经办人填。")
    return Turn(
        case.session,
        (
            Note(case.person.id, "handover.decline", subject, giver_id),
            Send(giver_id, back, f"declined:{case.event.id}"),
            case.reply(thanks),
        ),
    )


def _asked(case: Case) -> tuple[str, str]:
    if case.bound is None or not case.bound.data:
        return "", ""
    return case.bound.subject, str(json.loads(case.bound.data)["from"])


def _project(case: Case, subject: str) -> Project | None:
    return case.world.records.project(subject.partition(":")[2]) if subject else None


def _focus(case: Case) -> str:
    """The form being talked about, when this person may give it away; a card without a form leaves it open."""
    subject = case.session.subject if case.bound is None else ""
    project = _project(case, subject)
    return subject if project and _may_give(case, project) else ""


def _may_give(case: Case, project: Project) -> bool:
    return may(case.person, Action.HAND_OVER, common.permission_subject(case, project))


def _colleagues(case: Case, project: Project) -> tuple[Person, ...]:
    everyone = case.world.records.people_of_unit(project.unit_id)
    return tuple(p for p in everyone if p.id != case.person.id and p.active)


HANDLER = Handler(
    name="handover",
    words={"不归我填": start},
    actions={"not_mine": start, "give": give, "take": take, "decline": decline},
)
