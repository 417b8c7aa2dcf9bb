"""The department's form machine: what its budget office typed, what is read into it, what the tables then say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from bot.batch import LIKELIHOOD_WORDS, SAME
from bot.forms import REVISIONS
from regulation.amounts import Question, parse_amount
from regulation.annexes import Entry, Field, FieldKind
from regulation.basis import Basis, UnitForm, key_projects
from regulation.completeness import Owed, owed
from regulation.consolidation import Tables, consolidate
from regulation.folding import clean_text, fold, shorten
from regulation.freezing import effective
from regulation.narratives import confirmed, edited, sentence_entries
from regulation.picking import candidates, parse_rows, row_entries
from regulation.problems import Problem, problem
from regulation.provenance import Passage, Sentence
from regulation.reconciliation import Imbalance, reconcile
from regulation.reportfields import ROWS, report_fields
from regulation.reporting import Report, ReportDraft
from regulation.shared import is_once_key, parse_once
from regulation.summing import shared_counts
from regulation.texts import parse_text
from regulation.thresholds import Thresholds

_ROWS = dict(ROWS)
#: the last part of a key that names a narrative.
_NARRATIVES = frozenset({"work", "deviation", "plan", "situation"})


@dataclass(frozen=True)
class Desk:
    """One department's report while its budget office works on it. ``previous`` are the entries filed in the round
    before, of the same year."""

    basis: Basis
    draft: ReportDraft
    report: Report
    rules: Thresholds
    previous: Mapping[str, Entry]

    @property
    def subject(self) -> str:
        """``2026Q3:d01``."""
        return f"{self.draft.round.code}:{self.draft.department_id}"

    @property
    def stamp(self) -> int:
        """What a card of this desk is bound to: the version and the draft's revision."""
        return self.draft.base_version * REVISIONS + self.draft.revision

    @cached_property
    def typed(self) -> dict[str, Entry]:
        """What somebody typed."""
        return dict(self.draft.entries)

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """What was typed, carried over or proposed."""
        return effective(self.basis, self.typed, self.previous)

    @cached_property
    def tables(self) -> Tables:
        """附表2 and 附表3 as they stand."""
        return consolidate(self.basis, self.entries, self.rules)

    @cached_property
    def owed(self) -> tuple[Owed, ...]:
        """What is still missing before the head may see it."""
        return owed(self.tables, self.basis, self.entries, self.rules)

    @cached_property
    def imbalances(self) -> tuple[Imbalance, ...]:
        """Where the forms and the tables do not agree."""
        return reconcile(self.tables, self.basis)

    @cached_property
    def forms(self) -> dict[str, UnitForm]:
        """The filed forms by project id."""
        return {form.project.id: form for form in self.basis.forms}

    @property
    def complete(self) -> bool:
        """Whether it may go to the head."""
        return not self.owed and not self.draft.proposals

    @cached_property
    def moved(self) -> tuple[str, ...]:
        """The projects whose 附表1 changed since somebody last looked at this draft."""
        before, now = dict(self.draft.basis), self.basis.versions
        return tuple(p for p in {**before, **now} if before and before.get(p) != now.get(p))

    @property
    def stale(self) -> tuple[Sentence, ...]:
        """Edited sentences whose source has been filed anew: marked △."""
        tables = self.tables
        passages: list[Passage] = [tables.annex2.work, tables.annex2.deviation, tables.annex2.plan]
        for each in tables.annex3:
            passages += [each.situation, each.deviation, each.plan]
        return tuple(sentence for passage in passages for sentence in passage.stale)


def passage_of(desk: Desk, key: str) -> Passage | None:
    """The narrative under that key (``work``, ``p002.plan``), None when the key names none."""
    project_id, _, kind = key.rpartition(".")
    if not project_id:
        found = getattr(desk.tables.annex2, kind, None) if kind in _NARRATIVES - {"situation"} else None
        return found if isinstance(found, Passage) else None
    annex3 = next((each for each in desk.tables.annex3 if each.project_id == project_id), None)
    found = getattr(annex3, kind, None) if annex3 and kind in _NARRATIVES else None
    return found if isinstance(found, Passage) else None


def offered_once(desk: Desk, key: str) -> tuple[str, ...]:
    """The counts of several units in one 附表3, in the order they are numbered for ``<project>.once``."""
    project_id = key.rpartition(".")[0]
    found = (each for each in key_projects(desk.basis.projects) if each.id == project_id)
    return next((shared_counts(each.forms(desk.basis)) for each in found), ())


def take(
    desk: Desk, answers: Iterable[tuple[str, str]], message: str, at: datetime
) -> tuple[Desk, dict[str, Problem]]:
    """The desk with these answers in it; an answer that cannot be used comes back as a Problem by key, one that must
    be confirmed becomes a proposal, and nothing else is touched."""
    entries, proposals, problems = dict(desk.typed), dict(desk.draft.proposals), {}
    known = {each.key: each for each in report_fields(desk.basis)}
    for key, text in answers:
        got = _read(desk, known.get(key), key, text, message)
        if isinstance(got, Problem):
            problems[key] = got
        elif isinstance(got, Question):
            proposals[key] = (got.proposed, got.text)
        else:
            proposals.pop(key, None)
            entries = {k: e for k, e in entries.items() if not _belongs(k, key)} | got
    draft = replace(
        desk.draft,
        entries=tuple(entries.items()),
        proposals=tuple(proposals.items()),
        basis=tuple(desk.basis.versions.items()),
        updated_at=at,
    )
    return replace(desk, draft=draft), problems


def accept(desk: Desk, message: str, at: datetime) -> Desk:
    """The person said yes to every proposal shown."""
    agreed = {key: Entry(value, text, message) for key, (value, text) in desk.draft.proposals}
    entries = desk.typed | agreed
    return replace(
        desk, draft=replace(desk.draft, entries=tuple(entries.items()), proposals=(), updated_at=at)
    )


def _belongs(key: str, field: str) -> bool:
    """Whether an entry is one of the field's parts: itself, ``works.3``, ``deviation.2``, ``works.none``."""
    if key == field:
        return True
    head, _, last = key.rpartition(".")
    return head == field and (last.isdecimal() or last == "none")


def _read(
    desk: Desk, known: Field | None, key: str, text: str, message: str
) -> dict[str, Entry] | Question | Problem:
    if known is None:
        return problem("form.no_such_field", key=shorten(key.rpartition(".")[2]))
    if known.kind is FieldKind.MONEY:
        return _money(desk, known, text, message)
    if known.kind is FieldKind.LIKELIHOOD:
        return _likelihood(known, text, message)
    if key in _ROWS and fold(text) not in SAME:
        return _rows(desk, key, text, message)
    if is_once_key(key) and fold(text) not in SAME:
        names = parse_once(text, offered_once(desk, key))
        return names if isinstance(names, Problem) else {key: Entry(names, clean_text(text), message)}
    passage = passage_of(desk, key)
    if fold(text) in SAME:
        return _let_stand(desk, key, passage, message)
    words = parse_text(text, label=known.label, least=2 if passage is not None else 0)
    if isinstance(words, Problem):
        return words
    if passage is None:
        return {key: Entry(words, clean_text(text), message)}
    return dict(sentence_entries(key, edited(passage, words, desk.forms), message))


def _let_stand(desk: Desk, key: str, passage: Passage | None, message: str) -> dict[str, Entry]:
    """同: what is shown stays; a sentence that turned yellow has been looked at."""
    if passage is None or not passage.stale:
        return {k: e for k, e in desk.typed.items() if _belongs(k, key)}
    return dict(sentence_entries(key, confirmed(passage, desk.forms), message))


def _money(desk: Desk, known: Field, text: str, message: str) -> dict[str, Entry] | Question | Problem:
    if fold(text) in SAME:
        before = desk.previous.get(known.key)
        if before is None:
            return problem("form.no_previous", label=known.label)
        return {known.key: Entry(before.value, clean_text(text), message)}
    amount = parse_amount(text)
    if not isinstance(amount, Decimal):
        return amount
    return {known.key: Entry(str(amount), clean_text(text), message)}


def _likelihood(known: Field, text: str, message: str) -> dict[str, Entry] | Problem:
    word = fold(text)
    value = word if word in LIKELIHOOD_WORDS.values() else LIKELIHOOD_WORDS.get(word)
    if value is None:
        return problem("form.likelihood_unknown", text=shorten(word))
    return {known.key: Entry(value, clean_text(text), message)}


def _rows(desk: Desk, key: str, text: str, message: str) -> dict[str, Entry] | Problem:
    offered = [reference for reference, _, _ in candidates(desk.basis, key)]
    rows = parse_rows(text, offered, label=_ROWS[key])
    if isinstance(rows, Problem):
        return rows
    said = clean_text(text)
    return dict(row_entries(key, rows, said, message)) or {f"{key}.none": Entry("无", said, message)}
