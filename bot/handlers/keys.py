"""重点项目: the list with its reasons; departments mark, finance may add, every change is logged (第五条(二))."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import keys as cards
from bot.cards.card import Card
from bot.cards.plain import refusal
from bot.effects import ChangeKey, Effect, Send
from bot.handlers import desks
from bot.people import Action, may
from bot.turn import Case, Handler, Turn
from regulation.folding import shorten
from regulation.problems import problem
from regulation.reporting import KeyChange
from regulation.roster import KeyBasis, Project, Role

#: how many projects are proposed by their size (UX §4.2).
LARGEST = 3


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
    largest = sorted(basis.projects, key=lambda p: -p.budget_current)[:LARGEST]
    proposed = [p.name for p in largest if not p.is_key]
    can_remove = may(case.person, Action.UNMARK_KEY, desks.permission(case, department_id))
    return cards.listing(
        basis.department.name, case.world.round, listed, changes, proposed, can_remove=can_remove
    )


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
    change = KeyChange(project.id, basis is not None, basis, reason, case.at, case.person.id)
    effect: Effect = ChangeKey(project.id, change.is_key, basis, reason)
    department = case.world.records.department(department_id)
    card = cards.changed(department.name, project.name, case.person.name, change)
    offices = case.world.records.people_with(Role.BUDGET_OFFICE, department_id)
    key = f"key:{project.id}:{case.event.id}"
    sends = tuple(Send(p.id, card, key) for p in offices if p.id != case.person.id)
    return Turn(case.session, (effect, *sends, case.reply(card)))


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


HANDLER = Handler(name="keys", words={"重点项目": show, "加入重点": add, "移出重点": remove}, actions={})
