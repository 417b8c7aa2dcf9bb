"""The form machine: takes one answer or a page of answers in any order, and says what is still needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from bot.batch import LIKELIHOOD_WORDS, SAME
from regulation import annexes, deviation
from regulation.actuals import parse_actual
from regulation.amounts import Question, parse_amount, parse_text
from regulation.annexes import Check, Entry, Field, FieldKind, Weight
from regulation.deviation import Finding, Level, Reported, Thresholds
from regulation.execution import MARK, Execution, known_entries
from regulation.filing import Draft
from regulation.folding import clean_text, fold, shorten
from regulation.problems import Problem, problem
from regulation.roster import Project
from regulation.rounds import MonitoringRound
from regulation.targets import Kind, Target, parse_target

#: texts a person may enter, and the least number of characters each needs.
TEXT_LEAST = {"situation": 10, "reason": 2, "plan": 2, "note": 2}
#: more revisions than any draft has.
REVISIONS = 100_000
SUGGESTED = "（按进度建议）"
SAME_AS_LAST = "（同上季）"
DRAFTED = "（按数字起草）"
#: texts of entries that were made for the person, not said by them.
MADE = (SUGGESTED, SAME_AS_LAST, DRAFTED)


@dataclass(frozen=True, slots=True)
class Form:
    """One project's 附表1 while somebody works on it. ``previous`` are the last round's filed entries,
    ``filed`` those of the version the draft started from, ``known`` what the treasury system says of the money,
    ``fields`` every field in order."""

    project: Project
    unit_name: str
    round: MonitoringRound
    draft: Draft
    previous: Mapping[str, Entry] = field(default_factory=dict)
    filed: Mapping[str, Entry] = field(default_factory=dict)
    known: Execution | None = None
    fields: tuple[Field, ...] = ()

    def __post_init__(self) -> None:
        """The fields follow from the project; they are worked out once and go along with every change."""
        if not self.fields:
            object.__setattr__(self, "fields", annexes.fields(self.project))

    @property
    def subject(self) -> str:
        """``2026Q3:p017``."""
        return f"{self.round.code}:{self.project.id}"

    @property
    def stamp(self) -> int:
        """What a card of this form is bound to: the filed version the draft stands on and the draft's own revision,
        so that a card from before a filing is never taken for one from after it."""
        return self.draft.base_version * REVISIONS + self.draft.revision

    @property
    def entries(self) -> dict[str, Entry]:
        """What has been answered so far."""
        return dict(self.draft.entries)

    @property
    def proposals(self) -> dict[str, tuple[str, str]]:
        """Readings that wait for a yes."""
        return dict(self.draft.proposals)


@dataclass(frozen=True, slots=True)
class Review:
    """What a form amounts to now: effective entries (with suggestions), what is missing, what stands out."""

    entries: Mapping[str, Entry]
    figures: Reported
    missing: tuple[Field, ...]
    required: frozenset[str]
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def open_draft(
    project: Project,
    round: MonitoringRound,
    person_id: str,
    *,
    base_version: int,
    filed: Mapping[str, Entry],
    previous: Mapping[str, Entry],
    known: Execution | None = None,
) -> Draft:
    """A fresh draft: a correction starts from what was filed, a first filing from what cannot have changed and what
    the treasury system says."""
    money = known_entries(project, known) if known else {}
    start = said_by_people(filed) or {**_settled(project, previous), **money}
    return Draft(project.id, round, person_id, base_version, tuple(start.items()))


def prefilled(draft: Draft, project: Project, known: Execution | None) -> Draft:
    """A kept draft with the newest imported figures where no person wrote others; a correction stays as it is."""
    if known is None or draft.base_version:
        return draft
    said = {key: entry for key, entry in draft.entries if not entry.message.startswith(MARK)}
    return replace(draft, entries=tuple({**known_entries(project, known), **said}.items()))


def said_by_people(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """The entries somebody chose; suggestions and drafts are made anew from changed numbers."""
    return {key: entry for key, entry in entries.items() if entry.text not in MADE}


def _settled(project: Project, previous: Mapping[str, Entry]) -> dict[str, Entry]:
    """Last round's answers that no later round can change: money fully arrived, dates already met."""
    kept = {}
    arrived = previous.get("arrived")
    if arrived and Decimal(arrived.value) == project.budget_current:
        kept["arrived"] = arrived
    for indicator in project.indicators:
        done = previous.get(f"actual.{indicator.position}")
        if done and target_of(project, indicator.position).kind is Kind.DATE and done.value != "未完成":
            kept[f"actual.{indicator.position}"] = done
    return kept


def target_of(project: Project, position: int) -> Target:
    """The read target of one indicator."""
    indicator = next(i for i in project.indicators if i.position == position)
    return parse_target(indicator.target_text, indicator.level2, indicator.name)


def take(
    form: Form, answers: Iterable[tuple[str, str]], message: str, at: datetime
) -> tuple[Form, dict[str, Problem]]:
    """The form with these answers in it; an answer that cannot be used comes back as a Problem by key,
    one that must be confirmed becomes a proposal, and nothing else is touched."""
    entries, proposals, problems = form.entries, form.proposals, {}
    by_key = {f.key: f for f in form.fields}
    for key, text in answers:
        known = by_key.get(key)
        got = parse(form, known, text) if known else _no_such_field(form, key)
        if isinstance(got, Problem):
            problems[key] = got
            continue
        proposals.pop(key, None)
        if isinstance(got, Question):
            proposals[key] = (got.proposed, got.text)
        elif not _repeats_import(entries.get(key), got):
            entries[key] = Entry(got, clean_text(text), message)
    draft = replace(
        form.draft,
        entries=tuple(entries.items()),
        proposals=tuple(proposals.items()),
        updated_at=at,
    )
    return replace(form, draft=draft), problems


def _repeats_import(entry: Entry | None, value: str) -> bool:
    """A form card sends every input back: an imported figure sent back as it was still is the imported one."""
    return entry is not None and entry.message.startswith(MARK) and entry.value == value


def _no_such_field(form: Form, key: str) -> Problem:
    if key.partition(".")[0] != "spent":
        return problem("form.no_such_field", key=shorten(key.rpartition(".")[2]))
    asked = [f.label.replace("已", "").replace("资金", "") for f in form.fields if f.key.startswith("spent")]
    return problem("form.spending_by_source", asked="、".join(asked))


def accept(form: Form, message: str, at: datetime) -> Form:
    """The person said yes to every proposal shown."""
    agreed = {key: Entry(value, text, message) for key, (value, text) in form.proposals.items()}
    draft = replace(
        form.draft, entries=tuple({**form.entries, **agreed}.items()), proposals=(), updated_at=at
    )
    return replace(form, draft=draft)


def rebase(form: Form, version: int, at: datetime) -> Form:
    """The same answers as a change to that filed version: what only the filed version has is taken over."""
    entries = {**said_by_people(form.filed), **form.entries}
    draft = replace(
        form.draft,
        base_version=version,
        entries=tuple(entries.items()),
        updated_at=at,
    )
    return replace(form, draft=draft)


def parse(form: Form, known: Field, text: str) -> str | Question | Problem:
    """The canonical value of one answer to one field."""
    if fold(text) in SAME:
        before = form.previous.get(known.key)
        return before.value if before else problem("form.no_previous", label=known.label)
    if known.kind is FieldKind.MONEY:
        amount = parse_amount(text)
        return str(amount) if isinstance(amount, Decimal) else amount
    if known.kind is FieldKind.LIKELIHOOD:
        return _likelihood(text)
    if known.kind is FieldKind.ACTUAL and known.indicator:
        return parse_actual(text, target_of(form.project, known.indicator.position), year=form.round.year)
    return parse_text(text, label=known.label, least=TEXT_LEAST.get(known.key, 0))


def _likelihood(text: str) -> str | Problem:
    word = fold(text)
    if word in LIKELIHOOD_WORDS.values():
        return word
    return LIKELIHOOD_WORDS.get(word) or problem("form.likelihood_unknown", text=shorten(word))


def review(form: Form, rules: Thresholds, on: date) -> Review:
    """Judge the answers so far, suggest what can be suggested and list what is missing."""
    entries = {**form.entries, **_suggestions(form, rules, on)}
    figures = annexes.reported(form.project, entries)
    before = annexes.reported(form.project, form.previous) if form.previous else None
    findings = deviation.judge(form.project, form.round, figures, rules, on)
    odd = annexes.checks(form.project, figures, before)
    required = annexes.required_texts(figures, findings, odd)
    if "situation" not in entries:
        text = annexes.draft_situation(form.project, form.round, figures)
        entries["situation"] = Entry(text, DRAFTED, latest_message(form))
    missing = tuple(f for f in form.fields if f.key not in entries and _needed(f, required))
    return Review(entries, figures, missing, required, findings, odd)


def _suggestions(form: Form, rules: Thresholds, on: date) -> dict[str, Entry]:
    suggested = {}
    for indicator in form.project.indicators:
        key, actual = f"likely.{indicator.position}", form.entries.get(f"actual.{indicator.position}")
        if actual is None or key in form.entries:
            continue
        level = deviation.suggest_likelihood(
            indicator, form.round, actual.value, rules, on, project=form.project
        )
        before = form.previous.get(f"actual.{indicator.position}")
        if level is not None:
            suggested[key] = Entry(level.value, SUGGESTED, actual.message)
        elif before and before.value == actual.value and key in form.previous:
            suggested[key] = Entry(form.previous[key].value, SAME_AS_LAST, actual.message)
    return suggested


def _needed(known: Field, required: frozenset[str]) -> bool:
    return known.kind is not FieldKind.TEXT or known.key in required


def latest_message(form: Form) -> str:
    """The message the newest answer came from."""
    return form.draft.entries[-1][1].message if form.draft.entries else ""


def notable(seen: Review) -> tuple[Finding, ...]:
    """The findings worth a mark on a card: yellow and red ones."""
    return tuple(f for f in seen.findings if f.level is not Level.INFO)


def worst(findings: Iterable[Finding]) -> Level | None:
    """RED over YELLOW over None."""
    levels = {f.level for f in findings}
    return next((level for level in (Level.RED, Level.YELLOW) if level in levels), None)


def must_explain(seen: Review) -> tuple[Check, ...]:
    """The odd things that need one sentence before filing."""
    return tuple(c for c in seen.checks if c.weight is Weight.NOTE)
