"""From a cell of a filed form or a department's own entry to the message, the page, the workbook or the roster it
came from: nothing is guessed, what is not kept any more is said to be so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.cards.words import figure
from bot.forms import DRAFTED, MADE
from bot.hearing import Heard
from bot.turn import Records
from regulation.adjusting import AdjustmentState
from regulation.annexes import Entry, Field, FieldKind
from regulation.basis import Basis
from regulation.consolidation import Tables, consolidate
from regulation.disclosure import without_numbers
from regulation.execution import MARK
from regulation.filing import ACTION_LABELS
from regulation.freezing import CARRIED, PROPOSED
from regulation.reportfields import report_fields
from regulation.roster import Project
from regulation.rounds import MonitoringRound
from regulation.thresholds import Thresholds
from regulation.tracing import (
    Filed,
    Origin,
    Part,
    Traced,
    amount_of,
    called,
    cell_of,
    expanded,
    parts,
    traced,
)

Hear = Callable[[str], Heard | None]


def filed(records: Records, round: MonitoringRound, project_id: str, version: int) -> Filed:
    """How that version of the form was filed."""
    found = next((r for r in records.revisions(project_id, round) if r.version == version), None)
    if found is None:
        return Filed(version, None, "", "")
    helper = next((s for s in records.stand_ins(project_id, round) if s.person_id == found.by), None)
    return Filed(
        version,
        found.at,
        _name(records, found.by),
        ACTION_LABELS[found.action],
        without_numbers(helper.reason) if helper else "",
    )


def origins(
    records: Records, hear: Hear, round: MonitoringRound, project: Project, version: int, keys: Iterable[str]
) -> tuple[Origin, ...]:
    """The cells of one filed version; ``project`` as it was defined with it. ``*`` is every cell there is."""
    entries = records.entries(project.id, round, version)
    wanted = tuple(keys)
    wanted = tuple(entries) if wanted == ("*",) else expanded(wanted, entries)
    return tuple(_cells(records, hear, round, project, version, entries, wanted))


def _cells(
    records: Records,
    hear: Hear,
    round: MonitoringRound,
    project: Project,
    version: int,
    entries: Mapping[str, Entry],
    keys: Iterable[str],
) -> Iterator[Origin]:
    for key in keys:
        cell = cell_of(project, key)
        if amount := amount_of(project, key):
            yield _budget(records, round, project, version, cell, amount)
        elif key in entries:
            yield origin(hear, cell, entries[key])


def origin(hear: Hear, cell: Field, entry: Entry) -> Origin:
    """One entry, as what it was made of says."""
    known = Origin(cell.key, cell.label, _kept(entry.value), _kept(figure(cell, entry.value)), "")
    if entry.message.startswith(MARK):
        return replace(known, how="从财政系统导入", cell=f"批次 {entry.message.removeprefix(MARK)}")
    heard, made = hear(entry.message) if entry.message else None, _made(entry)
    said = "" if made else _kept(entry.text)
    if heard is None:
        return replace(known, how=made or ("原话没有留下" if entry.message else "系统起草"), said=said)
    place = heard.cells.get(cell.key, "")
    return replace(
        known,
        how=made or heard.kind,
        said="" if made else heard.answers.get(cell.key, "") or said,
        who=heard.person.name if heard.person else "",
        at=heard.at,
        platform=heard.platform,
        cell=f"{heard.words} {place}".strip() if place else "",
        message="" if heard.answers else heard.words,
    )


def _kept(text: str) -> str:
    """Without phones and the like, which a reader of figures has no need of."""
    return without_numbers(text)


def _made(entry: Entry) -> str:
    """What nobody said in words of their own: drafted, suggested or carried over, and agreed to by filing."""
    if entry.text == DRAFTED:
        return "系统按数字起草，报送人认可"
    if entry.text in (*MADE, CARRIED, PROPOSED):
        return f"系统{entry.text.strip('（）')}，报送人认可"
    return ""


def _budget(
    records: Records, round: MonitoringRound, project: Project, version: int, cell: Field, amount: str
) -> Origin:
    """A budget is no unit's word: it stands in the roster, less what finance decided before that version."""
    stood = filed(records, round, project.id, version).at
    known = Origin(cell.key, cell.label, amount, figure(cell, amount), "名册导入")
    decided = [
        each
        for each in records.adjustments(round)
        if each.project_id == project.id
        and each.state is AdjustmentState.APPROVED
        and each.budget_change
        and any((i.position, i.target_text) == (each.position, each.new_target) for i in project.indicators)
    ]
    if cell.key != "budget_current" or not decided:
        return replace(known, at=records.roster_read(stood) if stood else None)
    last = decided[-1]
    cut = f"调减{figure(cell, f'{abs(last.budget_change):f}')}：{_kept(last.reason)}"
    return replace(
        known, how="财政审定调整", said=cut, who=_name(records, last.decided_by), at=last.decided_at
    )


def _name(records: Records, person_id: str) -> str:
    person = records.person(person_id)
    return person.name if person else ""


# -- a department's tables, followed to the end ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Followed:
    """What one project (or the department itself: ``filed`` None) gives to a figure, with the words behind it."""

    part: Part
    filed: Filed | None
    origins: tuple[Origin, ...]


def handed_up(
    records: Records, rules: Thresholds, department_id: str, round: MonitoringRound, version: int
) -> tuple[Tables, Basis]:
    """The tables of that version of a department's report exactly as they were handed up, and what they rest on."""
    basis = records.basis_at(department_id, round, version)
    entries = records.report_entries(department_id, round, version)
    return consolidate(basis, entries, rules, frozen=True), basis


def followed(records: Records, hear: Hear, basis: Basis, version: int, found: Traced) -> tuple[Followed, ...]:
    """Every source of one figure of that version, the largest first."""
    entries = records.report_entries(basis.department.id, basis.round, version)
    labels = {each.key: each for each in report_fields(basis)}
    made = []
    for part in parts(found.sources, basis.versions):
        if not part.project_id:
            own = tuple(origin(hear, own_cell(labels, k), entries[k]) for k in part.keys if k in entries)
            made.append(Followed(part, None, own))
            continue
        form = next((each for each in basis.forms if each.project.id == part.project_id), None)
        said = origins(records, hear, basis.round, form.project, part.version, part.keys) if form else ()
        made.append(Followed(part, filed(records, basis.round, part.project_id, part.version), said))
    return tuple(made)


#: a figure with everything it rests on.
Whole = tuple[Traced, tuple[Followed, ...]]


def every(
    records: Records,
    hear: Hear,
    rules: Thresholds,
    department_id: str,
    round: MonitoringRound,
    words: str = "",
    version: int = 0,
) -> tuple[Whole, ...]:
    """The figures of that name (all of them for no name) of a version handed up, the one in force by default; empty
    when there is none of either."""
    version = version or records.report(department_id, round).version
    if not version or not records.report_entries(department_id, round, version):
        return ()
    tables, basis = handed_up(records, rules, department_id, round, version)
    known = traced(tables, basis.department.name)
    found = called(known, words) if words else known
    return tuple((each, followed(records, hear, basis, version, each)) for each in found)


def own_cell(labels: Mapping[str, Field], key: str) -> Field:
    """``plan.2`` is the second sentence of 改进计划."""
    return labels.get(key) or replace(
        labels.get(key.rpartition(".")[0], Field(key, key, FieldKind.TEXT)), key=key, kind=FieldKind.TEXT
    )
