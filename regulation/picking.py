"""重点工作 and 主要成效 of 附表2: rows picked from the units' indicators, or written (DOMAIN §1.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from regulation.annex1 import Entry
from regulation.annex2 import Annex2Row
from regulation.basis import Basis, UnitForm
from regulation.dimensions import dimension_of
from regulation.folding import clean_text, fold
from regulation.problems import Problem, problem
from regulation.roster import LIKELIHOOD_LABELS, Indicator
from regulation.summing import one_row
from regulation.texts import looks_classified

#: at most so many rows are proposed by themselves, and offered to pick from.
PROPOSED, OFFERED = 5, 20
#: a row taken from a unit's form: ``p002:3``; anything else is ``名称｜年度目标｜已完成情况｜可能性``.
REFERENCE = re.compile(r"([\w.-]+):(\d+)")
_BAR = re.compile(r"\s*[|｜]\s*")
_NUMBERS = re.compile(r"[\d\s、,，;；.和第项]+")
_LABELS = frozenset(LIKELIHOOD_LABELS.values())
LONGEST = 120


def candidates(basis: Basis, kind: str) -> tuple[tuple[str, UnitForm, Indicator], ...]:
    """What can be picked for ``works`` (outputs) or ``effects``: (reference, form, indicator), key projects first."""
    forms = sorted(basis.forms, key=lambda form: (not form.project.is_key, -form.project.budget_current))
    found = [
        (f"{form.project.id}:{indicator.position}", form, indicator)
        for form in forms
        for indicator in form.project.indicators
        if dimension_of(indicator.level1, indicator.level2).is_output is (kind == "works")
    ]
    return tuple(found[:OFFERED])


def proposed(basis: Basis, kind: str) -> tuple[str, ...]:
    """The references proposed while nobody has picked: the first of each key project, in the order offered."""
    first: dict[str, str] = {}
    for reference, form, _ in candidates(basis, kind):
        if form.project.is_key:
            first.setdefault(form.project.id, reference)
    return tuple(first.values())[:PROPOSED]


def picked(
    kind: str, content: str, entries: Mapping[str, Entry], forms: Mapping[str, UnitForm]
) -> tuple[Annex2Row, ...]:
    """The printed rows of one kind; a row picked from a unit's form always shows what that form says now."""
    return tuple(
        row for entry in kept(kind, entries) if (row := _row(content, entry.value, forms)) is not None
    )


def kept(kind: str, entries: Mapping[str, Entry]) -> tuple[Entry, ...]:
    """The entries ``works.1``, ``works.2``… in order."""
    found: list[Entry] = []
    while (entry := entries.get(f"{kind}.{len(found) + 1}")) is not None:
        found.append(entry)
    return tuple(found)


def _row(content: str, value: str, forms: Mapping[str, UnitForm]) -> Annex2Row | None:
    reference = REFERENCE.fullmatch(value)
    if not reference:
        name, target, actual, likelihood = (*value.split("｜"), "", "", "")[:4]
        return Annex2Row(content, name, target, actual, likelihood)
    form = forms.get(reference[1])
    indicator = (
        next((i for i in form.project.indicators if i.position == int(reference[2])), None) if form else None
    )
    if form is None or indicator is None:
        return None
    made = one_row(form, indicator, _name(form, indicator), dimension_of(indicator.level1, indicator.level2))
    return Annex2Row(content, made.name, made.target, made.actual, made.likelihood, "", made.sources)


def _name(form: UnitForm, indicator: Indicator) -> str:
    return f"{form.project.name}：{indicator.name}"


def parse_rows(text: str, offered: Sequence[str], *, label: str) -> tuple[str, ...] | Problem:
    """What a person wrote for 重点工作 or 主要成效: numbers of what was offered, or lines of their own."""
    cleaned = clean_text(text)
    if looks_classified(cleaned):
        return problem("text.classified", label=label)
    if cleaned in ("无", "没有", "0"):
        return ()
    folded = fold(cleaned)
    if _NUMBERS.fullmatch(folded):
        return _chosen([int(digits) for digits in re.findall(r"\d+", folded)], offered, label)
    return _written(cleaned, label)


def _chosen(numbers: Iterable[int], offered: Sequence[str], label: str) -> tuple[str, ...] | Problem:
    if not offered:
        return problem("rows.none", label=label)
    found = list(dict.fromkeys(numbers))
    unknown = [number for number in found if not 1 <= number <= len(offered)]
    if unknown or not found:
        return problem("rows.no_such", label=label, number=unknown[0] if unknown else 0, most=len(offered))
    return tuple(offered[number - 1] for number in found)


def _written(text: str, label: str) -> tuple[str, ...] | Problem:
    rows = []
    for line in filter(None, (line.strip() for line in re.split(r"[\n；;]", text))):
        parts = _BAR.split(line)
        if len(parts) > 4 or any(len(part) > LONGEST for part in parts) or not parts[0]:
            return problem("rows.shape", label=label)
        if len(parts) == 4 and parts[3] not in _LABELS:
            return problem("form.likelihood_unknown", text=parts[3][:20])
        rows.append("｜".join((*parts, "", "", "")[:4]))
    return tuple(rows) or problem("rows.shape", label=label)


def row_entries(kind: str, rows: Iterable[str], text: str, message: str) -> Iterator[tuple[str, Entry]]:
    """The rows as entries to keep."""
    for position, row in enumerate(rows, 1):
        yield f"{kind}.{position}", Entry(row, text, message)
