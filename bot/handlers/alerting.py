"""Who is told at once of what deviates in a form just filed, and of deviations a correction took away (DOMAIN §4)."""

from __future__ import annotations

from bot import forms
from bot.cards import alerts
from bot.cards.words import clock
from bot.effects import Effect, RaiseFindings, Send
from bot.forms import Form, Review
from bot.handlers import common
from bot.turn import Case
from regulation.deviation import Finding, Level
from regulation.roster import Person, Role


def alerts_of(case: Case, form: Form, seen: Review, version: int) -> tuple[Effect, ...]:
    """Red at once to the budget office and the unit head, 第十五条(二) candidates to the department head too, but
    not what they were told word for word of an earlier version; a correction that clears every finding says so to
    whoever was alerted. Yellow waits for the digest."""
    findings = forms.notable(seen)
    if forms.worst(findings) is not Level.RED:
        return _cleared(case, form, version) if not findings else ()
    people = [*_offices(case, form), *_unit_heads(case, form)]
    if any(is_grave(f) for f in findings):
        people += case.world.records.people_with(
            Role.DEPARTMENT_HEAD, common.department_of(case, form.project)
        )
    unique = {person.id: person for person in people if person.id != case.person.id}
    red = {_words(found) for found in findings if found.level is Level.RED}
    fresh = (person for person in unique.values() if red - _told(case, form, person.id))
    return tuple(_alert(case, form, seen, version, person) for person in fresh)


def _told(case: Case, form: Form, person_id: str) -> set[tuple[str, str, str]]:
    """What this person has heard of the form, as it then read."""
    found = case.world.records.findings
    untold = {raised.id for raised in found(form.round, project_id=form.project.id, untold_to=person_id)}
    standing = found(form.round, project_id=form.project.id)
    return {_words(raised.finding) for raised in standing if raised.id not in untold}


def _words(found: Finding) -> tuple[str, str, str]:
    return found.field, found.code, found.sentence


def is_grave(finding: Finding) -> bool:
    """不可能, or what 第十五条(二) speaks of: the department head hears it at once (DOMAIN §4)."""
    return finding.level is Level.RED and (
        finding.code.endswith("impossible") or "第十五条" in finding.article
    )


def _alert(case: Case, form: Form, seen: Review, version: int, person: Person) -> Send:
    due = case.world.disturbable(case.at)
    head = person.has(Role.DEPARTMENT_HEAD, common.department_of(case, form.project))
    key = f"head:{due.date()}" if head else f"alert:{form.subject}:v{version}"
    card = alerts.deviation(
        form.project.name,
        form.unit_name,
        form.round,
        findings=forms.notable(seen),
        reason=_said(seen, "reason"),
        plan=_said(seen, "plan"),
        by=f"{case.person.name} {clock(case.at)}",
        subject=form.subject,
        version=version,
    )
    return Send(person.id, card, key, tells=form.subject, due=due)


def _said(seen: Review, key: str) -> str:
    entry = seen.entries.get(key)
    return entry.value if entry else ""


def _cleared(case: Case, form: Form, version: int) -> tuple[Effect, ...]:
    open_before = case.world.records.findings(form.round, project_id=form.project.id)
    if not any(raised.finding.level is Level.RED for raised in open_before):
        return ()
    card = alerts.cleared(form.project.name, form.unit_name, form.round, version, case.person.name)
    people = {p.id for p in (*_offices(case, form), *_unit_heads(case, form))} - {case.person.id}
    key, due = f"cleared:{form.subject}:v{version}", case.world.disturbable(case.at)
    return tuple(Send(person, card, key, due=due) for person in sorted(people))


def withdrawn(case: Case, form: Form, version: int) -> tuple[Effect, ...]:
    """The deviations of a form its unit took back count no more; the office and the unit's head are told, if they had
    heard of them. Filed again, what still deviates is told anew."""
    if not case.world.records.findings(form.round, project_id=form.project.id):
        return ()
    people = {p.id for p in (*_offices(case, form), *_unit_heads(case, form))} - {case.person.id}
    heard = {person: len(_told(case, form, person)) for person in sorted(people)}
    key, due = f"withdrawn:{form.subject}:v{version}", case.world.disturbable(case.at)
    name, unit, by = form.project.name, form.unit_name, case.person.name
    return (
        RaiseFindings(form.project.id, form.round, version, ()),
        *(
            Send(person, alerts.withdrawn(name, unit, form.round, by, count), key, due=due)
            for person, count in heard.items()
            if count
        ),
    )


def _offices(case: Case, form: Form) -> list[Person]:
    return list(case.world.records.people_with(Role.BUDGET_OFFICE, common.department_of(case, form.project)))


def _unit_heads(case: Case, form: Form) -> list[Person]:
    return list(case.world.records.people_with(Role.UNIT_HEAD, form.project.unit_id))
