"""What a unit's head and filler are asked and told when somebody else of them acts (decision 0011)."""

from __future__ import annotations

from bot import forms
from bot.cards import confirm as cards
from bot.cards.card import Card, Row
from bot.cards.words import clock
from bot.effects import Effect, Send
from bot.forms import Form, Review
from bot.handlers import common
from bot.turn import Case
from regulation.roster import Person, Project, Role


def confirmers(case: Case, project: Project) -> tuple[Person, ...]:
    """Who may confirm this person's filing: the unit's heads and who stands in for them. Nobody when the person is
    a head, or of the budget office: nobody confirms to themselves, and the department confirms nothing to itself."""
    records = case.world.records
    people = records.people_with(Role.UNIT_HEAD, project.unit_id)
    office = case.person.has(Role.BUDGET_OFFICE, common.department_of(case, project))
    if office or case.person.id in {p.id for p in people}:
        return ()
    heads = {p.id for p in people}
    covers = records.covers(case.at.date()) if people else ()
    deputies = (records.person(c.cover_id) for c in covers if c.person_id in heads)
    everybody = {p.id: p for p in (*people, *filter(None, deputies))}
    return tuple(p for p in everybody.values() if p.id not in (case.person.id, project.filler_id))


def asked(case: Case, form: Form, seen: Review, version: int, *, late: bool) -> tuple[Effect, ...]:
    """One card to each who may confirm, and word to the filler where the form is now."""
    people = confirmers(case, form.project)
    card = question(case, form, seen, version, f"{case.person.name} {clock(case.at)}")
    due = case.world.disturbable(case.at)
    key = f"confirm:{form.subject}:v{version}"
    waiting = cards.waiting(
        form.project.name, form.round, "、".join(p.name for p in people), form.subject, version, late=late
    )
    return (*(Send(p.id, card, key, due=due) for p in people), case.reply(waiting))


def question(case: Case, form: Form, seen: Review, version: int, by: str) -> Card:
    """The card with which the head is asked."""
    return cards.ask(
        form.project.name,
        form.unit_name,
        form.round,
        by=by,
        due=common.due_of(case, form.project, form.round),
        findings=forms.notable(seen),
        subject=form.subject,
        version=version,
    )


def corrected(case: Case, form: Form, version: int, changed: tuple[Row, ...]) -> tuple[Effect, ...]:
    """A form the head had confirmed is another version now: the head hears what changed."""
    card = cards.corrected(form.project.name, form.round, case.person.name, version, changed, form.subject)
    due = case.world.disturbable(case.at)
    key = f"corrected:{form.subject}:v{version}"
    return tuple(Send(p.id, card, key, due=due) for p in confirmers(case, form.project))


def stood_in(case: Case, form: Form, why: str, version: int) -> tuple[Effect, ...]:
    """The budget office filed for the unit: its filler and its heads hear who did and why."""
    records = case.world.records
    card = cards.stood_in(form.project.name, form.round, case.person.name, why, version, form.subject)
    heads = {p.id for p in records.people_with(Role.UNIT_HEAD, form.project.unit_id)}
    people = ({form.project.filler_id} | heads) - {case.person.id}
    due = case.world.disturbable(case.at)
    key = f"stood_in:{form.subject}:v{version}"
    return tuple(Send(person, card, key, due=due) for person in sorted(people))
