"""不归我填: hand a project over to a colleague who agrees; both and the budget office hear of it (第九条(一))."""

from __future__ import annotations

import json
import re

from bot.cards import handing
from bot.cards.card import Card
from bot.cards.collect import pick
from bot.cards.plain import refusal, told
from bot.effects import AskHandOver, Effect, EndHandOver, HandOver, Send
from bot.handlers import common
from bot.people import Action, may
from bot.sessions import Session
from bot.turn import Case, Duty, Handler, Turn
from regulation.handovers import HandOverAsk, HandOverEnd
from regulation.problems import problem
from regulation.roster import Person, Project, Role

#: 转给吴芳, 请吴芳: a name is read with the word people put before it.
#: no more questions than that in one answer.
MOST = 4
NOT_ASKED = told("不用答了", "对方没有再请您填这个项目，没有改动。")
_GIVEN = re.compile(r"^(?:移交给|交接给|转交给|转给|交给|给|请|让)\s*")


def start(case: Case) -> Turn:
    """Whom should it go to? The project is the named one, the one being talked about or the only one owed; among
    several the person chooses, nothing is guessed."""
    owed = common.mine(case, owing_only=True)
    subject = case.argument if common.names_subject(case.argument) else _said(case, owed) or _focus(case)
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
    ask = HandOverAsk(project.id, round, case.person.id, colleague.id, case.at)
    effects: tuple[Effect, ...] = (
        AskHandOver(ask),
        Send(colleague.id, _question(case, ask, project), f"handover:{case.event.id}"),
        case.reply(handing.asked(colleague.name, subject, colleague.id)),
    )
    return Turn(Session(), effects)


def _question(case: Case, ask: HandOverAsk, project: Project) -> Card:
    giver, subject = case.world.records.person(ask.giver_id), common.subject_of(ask.round, project.id)
    data, due = json.dumps({"from": ask.giver_id}), common.due_of(case, project, ask.round)
    return handing.ask(project.name, ask.round, due, giver.name if giver else "", subject, data)


def asked(case: Case) -> Turn:
    """Every question that waits for this person, each with its buttons."""
    cards = questions(case)
    return case.say(*(cards or (told("没有等您答的", "没有人请您接项目。"),)))


def questions(case: Case) -> tuple[Card, ...]:
    """The cards of what this person was asked to take and has not answered."""
    records = case.world.records
    asks = [ask for ask in records.hand_over_asks(case.world.round) if ask.taker_id == case.person.id]
    projects = ((ask, records.project(ask.project_id)) for ask in asks[:MOST])
    return tuple(_question(case, ask, project) for ask, project in projects if project)


def offered(case: Case, subject: str) -> str:
    """Whom this person asked to take that form and who has not answered, by name; empty for nobody."""
    records = case.world.records
    asks = [a for a in records.hand_over_asks(case.world.round) if a.giver_id == case.person.id]
    people = (records.person(a.taker_id) for a in asks if common.subject_of(a.round, a.project_id) == subject)
    return "、".join(person.name for person in people if person)


def keep(case: Case) -> Turn:
    """不移交了: the colleague is not asked any more and hears of it."""
    subject = case.bound.subject if case.bound else ""
    project, ask = _project(case, subject), _open(case, subject, case.person.id, case.argument)
    if project is None or ask is None:
        return case.say(told("没有在问的移交", "对方已经答过了，回“进度”看现在归谁填。"))
    card = handing.kept(project.name, case.person.name)
    return Turn(
        Session(subject),
        (
            EndHandOver(ask, HandOverEnd.WITHDRAWN),
            Send(ask.taker_id, card, f"kept:{case.event.id}"),
            case.reply(handing.kept(project.name, case.person.name, subject)),
        ),
    )


def _open(case: Case, subject: str, giver_id: str, taker_id: str) -> HandOverAsk | None:
    """The question about that form between these two, while nobody has answered."""
    asks = case.world.records.hand_over_asks(common.split(subject)[0]) if subject else ()
    wanted = (subject, giver_id, taker_id)
    return next(
        (a for a in asks if (common.subject_of(a.round, a.project_id), a.giver_id, a.taker_id) == wanted),
        None,
    )


def take(case: Case) -> Turn:
    """我来填: the project changes hands, if it still is with the one who asked."""
    subject, giver_id = _asked(case)
    project = _project(case, subject)
    if project is not None and project.filler_id == case.person.id:
        return case.say(told("已经归您填了", f"{project.name}现在就在您名下，回“填报”接着填。"))
    if project is None or project.filler_id != giver_id:
        return case.say(told("已经换过人了", "这个项目现在不归对方填，没有改动。"))
    if _open(case, subject, giver_id, case.person.id) is None:
        return case.say(NOT_ASKED)
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
    ask = _open(case, subject, giver_id, case.person.id)
    if project is None or ask is None:
        return case.say(NOT_ASKED)
    back = handing.declined(project.name, case.person.name, subject)
    thanks = told("好的，没有移交", f"{project.name}仍归原经办人填。")
    return Turn(
        case.session,
        (
            EndHandOver(ask, HandOverEnd.DECLINED),
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


def _said(case: Case, owed: list[Duty]) -> str:
    """The form whose name holds the words after 不归我填; empty when none or several do."""
    found = [d for d in owed if case.argument and case.argument in d.project_name]
    return common.subject_of(case.world.round, found[0].project_id) if len(found) == 1 else ""


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
    actions={
        "not_mine": start,
        "give": give,
        "take": take,
        "decline": decline,
        "keep": keep,
        "asked": asked,
    },
)
