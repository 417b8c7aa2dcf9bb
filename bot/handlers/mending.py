"""What a returned form was sent back for, shown at that field, until it is changed or explained."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cards.words import figure
from bot.forms import Form, review, said_by_people
from bot.turn import Case
from regulation.annexes import Entry
from regulation.filing import FilingState
from regulation.problems import Problem, problem
from regulation.returns import Return

WHOLE = "整张表"


def sent_back(case: Case, form: Form) -> Return | None:
    """Why the form stands 退回 now; None when it does not."""
    records = case.world.records
    if records.filing(form.project.id, form.round).state is not FilingState.RETURNED:
        return None
    return records.last_return(form.project.id, form.round)


def label_of(form: Form, key: str) -> str:
    """The field as people call it: ``2 采购课桌椅``."""
    known = next((f for f in form.fields if f.key == key), None)
    if known is None:
        return WHOLE
    return f"{known.indicator.position} {known.label}" if known.indicator else known.label


def shown_value(form: Form, key: str) -> str:
    """What is filed there, with its unit."""
    known = next((f for f in form.fields if f.key == key), None)
    return figure(known, form.filed[key].value) if known and key in form.filed else ""


def words(case: Case, form: Form, why: Return) -> str:
    """``李强：和合同数对不上 · 10月15日（周四）前改好``."""
    by = case.world.records.person(why.by)
    until = f" · {case.world.workdays.label(why.due)}前改好" if why.due else ""
    return f"{by.name if by else ''}：{why.reason}{until}"


def at_field(form: Form, why: Return | None, entries: Mapping[str, Entry]) -> dict[str, str]:
    """The sentence for the field the return points at, while it waits to be changed."""
    if why is None or not why.field or not waits(form, why, entries):
        return {}
    return {why.field: f"退回：{why.reason}"}


def waits(form: Form, why: Return, entries: Mapping[str, Entry]) -> bool:
    """Whether nothing was done about it yet: the field is as it was filed, and no new sentence explains it."""
    if _said(entries, "note") != _said(form.filed, "note"):
        return False
    if why.field:
        return _said(entries, why.field) == _said(form.filed, why.field)
    return said_by_people(entries) == said_by_people(form.filed)


def unmended(case: Case, form: Form) -> dict[str, Problem]:
    """The one problem that keeps a returned form from being filed as it was, by field."""
    why = sent_back(case, form)
    if why is None or not waits(
        form, why, review(form, case.world.rules_for(form.project, form.round), case.at.date()).entries
    ):
        return {}
    return {why.field: problem("form.unchanged", label=label_of(form, why.field))}


def _said(entries: Mapping[str, Entry], key: str) -> str:
    return entries[key].value if key in entries else ""
