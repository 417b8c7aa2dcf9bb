"""重点项目: the list with its reasons; departments mark, finance may add, every change is logged (第五条(二))."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import keys as cards
from bot.cards.card import Card
from bot.cards.plain import refusal
from bot.effects import ChangeKey, Effect, Send
from bot.handlers import common, desks
from bot.people import Action, may
from bot.turn import Case, Handler, Turn
from regulation.basis import Basis
from regulation.folding import shorten
from regulation.problems import Problem, problem
from regulation.recommending import Recommended, recommended
from regulation.reporting import KeyChange
from regulation.roster import KeyBasis, Project, Role


def show(case: Case) -> Turn:
    """One card per department the person answers for; for finance, those it receives."""
    made = [_listing(case, department_id) for department_id in _departments(case)]
    if not made:
        return case.say(refusal(problem("person.may_not")))
    return Turn(case.session, tuple(case.reply(card, f":{n}") for n, card in enumerate(made[:6])))


def _departments(case: Case) -> list[str]:
    own = desks.own(case, Role.BUDGET_OFFICE, Role.DEPARTMENT_HEAD)
    if own:
        return own
    every = case.world.records.departments()
    return [d.id for d in every if may(case.person, Action.MARK_KEY, desks.permission(case, d.id))]


def _listing(case: Case, department_id: str) -> Card:
    records = case.world.records
    basis = records.basis(department_id, case.world.round)
    listed = [(p.name, p.key_basis.value if p.key_basis else "依据未写") for p in basis.projects if p.is_key]
    changes = sorted(
        (
            (p.name, _name(case, change.by), change)
            for p in basis.projects
            for change in records.key_changes(p.id)
        ),
        key=lambda found: found[2].at,
    )
    can_add, can_remove = (
        may(case.person, action, desks.permission(case, department_id))
        for action in (Action.MARK_KEY, Action.UNMARK_KEY)
    )
    offered = [
        cards.Offer(each.project.id, each.project.name, each.reasons)
        for each in _recommended(case, basis, inside=can_remove)
    ]
    return cards.listing(
        basis.department.name,
        case.world.round,
        listed,
        changes,
        offered if can_add else (),
        can_remove=can_remove,
    )


def _recommended(case: Case, basis: Basis, *, inside: bool) -> tuple[Recommended, ...]:
    """What the units filed speaks inside the department only: finance sees no figures before they are filed. What
    somebody took off the list is not brought up again."""
    found = recommended(basis, case.world.rules_of(basis.round), figures=inside)
    changes = {each.project.id: case.world.records.key_changes(each.project.id) for each in found}
    return tuple(each for each in found if all(change.is_key for change in changes[each.project.id][-1:]))


def pick(case: Case) -> Turn:
    """One project from the recommended ones: the reasons, and a tap for each basis."""
    found = _tapped(case, case.argument)
    if isinstance(found, Problem):
        return case.say(refusal(found))
    project, department_id = found
    basis = case.world.records.basis(department_id, case.world.round)
    inside = may(case.person, Action.UNMARK_KEY, desks.permission(case, department_id))
    why = next((r for r in _recommended(case, basis, inside=inside) if r.project.id == project.id), None)
    unit = case.world.records.unit(project.unit_id).name
    offer = cards.Offer(project.id, project.name, why.reasons if why else ())
    return case.say(cards.pick(offer, unit, project.budget_current, why.basis if why else None))


def add_picked(case: Case) -> Turn:
    """A tap on one basis: the project is on the list."""
    project_id, _, name = case.argument.partition(":")
    found = _tapped(case, project_id)
    if isinstance(found, Problem):
        return case.say(refusal(found))
    project, department_id = found
    basis = KeyBasis.__members__.get(name)
    if basis is None:
        return case.say(refusal(problem("card.unknown")))
    known = _recommended(case, case.world.records.basis(department_id, case.world.round), inside=False)
    reasons = next((r.reasons for r in known if r.project.id == project_id), ())
    reason = f"从推荐里选的：{'；'.join(reasons)}" if reasons else basis.value
    return _marked(case, project, department_id, basis, reason)


def _tapped(case: Case, project_id: str) -> tuple[Project, str] | Problem:
    """The project of a button, as long as the person may put it on the list and it is not there."""
    project = case.world.records.project(project_id)
    if project is None:
        return problem("card.unknown")
    department_id = common.department_of(case, project)
    if not may(case.person, Action.MARK_KEY, desks.permission(case, department_id)):
        return problem("person.may_not")
    if project.is_key:
        return problem("key.already", name=shorten(project.name, 20))
    return project, department_id


def add(case: Case) -> Turn:
    """加入重点 项目名 依据."""
    words = case.argument.split()
    basis = next((b for b in KeyBasis if words and words[-1] == b.value), None)
    if len(words) < 2 or basis is None:
        return case.say(refusal(problem("key.how", bases=cards.BASES)))
    return _change(case, "".join(words[:-1]), Action.MARK_KEY, basis, basis.value)


def remove(case: Case) -> Turn:
    """移出重点 项目名 原因."""
    name, _, reason = case.argument.partition(" ")
    if not reason.strip():
        return case.say(refusal(problem("key.why")))
    return _change(case, name, Action.UNMARK_KEY, None, reason.strip())


def _change(case: Case, name: str, action: Action, basis: KeyBasis | None, reason: str) -> Turn:
    found = _found(case, name, action)
    if len(found) != 1:
        code = "key.several" if found else "key.unknown"
        return case.say(refusal(problem(code, words=shorten(name))))
    (project, department_id) = found[0]
    if project.is_key is (basis is not None):
        code = "key.already" if basis else "key.not_listed"
        return case.say(refusal(problem(code, name=shorten(project.name, 20))))
    return _marked(case, project, department_id, basis, reason)


def _marked(case: Case, project: Project, department_id: str, basis: KeyBasis | None, reason: str) -> Turn:
    """On the list with a basis, off it without; the offices hear."""
    change = KeyChange(project.id, basis is not None, basis, reason, case.at, case.person.id)
    effect: Effect = ChangeKey(project.id, change.is_key, basis, reason)
    department = case.world.records.department(department_id)
    card = cards.changed(department.name, project.name, case.person.name, change)
    offices = case.world.records.people_with(Role.BUDGET_OFFICE, department_id)
    key = f"key:{project.id}:{case.event.id}"
    sends = tuple(Send(p.id, card, key) for p in offices if p.id != case.person.id)
    return Turn(case.session, (effect, *sends, case.reply(cards.onward(card))))


def _found(case: Case, name: str, action: Action) -> Sequence[tuple[Project, str]]:
    """The projects whose name holds these words, among the departments the person may change."""
    records = case.world.records
    allowed = {
        department.id
        for department in records.departments()
        if may(case.person, action, desks.permission(case, department.id))
    }
    named = [d for d in records.duties(case.world.round) if name and name in d.project_name]
    found = [(records.project(d.project_id), d.department_id) for d in named if d.department_id in allowed]
    wanted = [(project, department) for project, department in found if project]
    exact = [pair for pair in wanted if pair[0].name == name]
    return exact if len(exact) == 1 else wanted


def _name(case: Case, person_id: str) -> str:
    person = case.world.records.person(person_id)
    return person.name if person else "名册"


HANDLER = Handler(
    name="keys",
    words={"重点项目": show, "加入重点": add, "移出重点": remove},
    actions={"keys": show, "key_pick": pick, "key_add": add_picked},
)
