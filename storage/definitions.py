"""Projects, entries and findings as JSON and back; amounts are strings in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from regulation.annexes import Entry
from regulation.deviation import Finding, Level
from regulation.roster import FundSource, Indicator, KeyBasis, Project
from storage.types import money_text

Pairs = Iterable[tuple[str, Entry]]


#: compact JSON, Chinese as it is; one encoder, because json.dumps makes a new one for each call.
dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def sources_text(sources: Sequence[tuple[FundSource, Decimal]]) -> str:
    """``[["district","300.00"]]``."""
    return dumps([[source.value, money_text(amount)] for source, amount in sources])


def read_sources(text: str) -> tuple[tuple[FundSource, Decimal], ...]:
    """The inverse of :func:`sources_text`."""
    return tuple((FundSource(source), Decimal(amount)) for source, amount in json.loads(text))


def _optional(amount: Decimal | None) -> str | None:
    return None if amount is None else money_text(amount)


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def indicators_text(indicators: Sequence[Indicator]) -> str:
    """One array per indicator, in the order of its fields."""
    return dumps(
        [
            [
                i.position,
                i.level1,
                i.level2,
                i.name,
                i.target_text,
                _optional(i.stage_q2),
                _optional(i.stage_q3),
            ]
            for i in indicators
        ]
    )


def read_indicators(text: str) -> tuple[Indicator, ...]:
    """The inverse of :func:`indicators_text`."""
    return tuple(
        Indicator(position, level1, level2, name, target, _amount(q2), _amount(q3))
        for position, level1, level2, name, target, q2, q3 in json.loads(text)
    )


#: the columns of table ``project`` in the order of :func:`read_project`.
PROJECT_COLUMNS = (
    "id",
    "year",
    "unit_id",
    "filler_id",
    "name",
    "budget_initial",
    "budget_current",
    "sources",
    "indicators",
    "code",
    "is_key",
    "key_basis",
    "starts",
    "ends",
    "has_ongoing_procurement",
)


def project_columns(project: Project) -> dict[str, Any]:
    """A project as its row."""
    columns = {name: getattr(project, name) for name in PROJECT_COLUMNS}
    columns["sources"] = sources_text(project.sources)
    columns["indicators"] = indicators_text(project.indicators)
    columns["key_basis"] = project.key_basis and project.key_basis.value
    return columns


def read_project(row: Sequence[Any]) -> Project:
    """A row as its project."""
    columns = dict(zip(PROJECT_COLUMNS, row, strict=True))
    columns["sources"] = read_sources(columns["sources"])
    columns["indicators"] = read_indicators(columns["indicators"])
    columns["key_basis"] = KeyBasis(columns["key_basis"]) if columns["key_basis"] else None
    return Project(**columns)


def definition_text(project: Project) -> str:
    """A project as it stands now, kept with a filed version (F09)."""
    columns = project_columns(project)
    for name in ("budget_initial", "budget_current"):
        columns[name] = money_text(columns[name])
    for name in ("starts", "ends"):
        columns[name] = columns[name] and columns[name].isoformat()
    return dumps(columns)


def read_definition(text: str) -> Project:
    """The inverse of :func:`definition_text`."""
    columns = json.loads(text)
    for name in ("budget_initial", "budget_current"):
        columns[name] = Decimal(columns[name])
    for name in ("starts", "ends"):
        columns[name] = columns[name] and date.fromisoformat(columns[name])
    return read_project([columns[name] for name in PROJECT_COLUMNS])


def entries_text(entries: Pairs) -> str:
    """A draft's answers, in order."""
    return dumps([[key, entry.value, entry.text, entry.message] for key, entry in entries])


def read_entries(text: str) -> tuple[tuple[str, Entry], ...]:
    """The inverse of :func:`entries_text`."""
    return tuple((key, Entry(*rest)) for key, *rest in json.loads(text))


def proposals_text(proposals: Iterable[tuple[str, tuple[str, str]]]) -> str:
    """A draft's readings waiting for a yes."""
    return dumps([[key, value, text] for key, (value, text) in proposals])


def read_proposals(text: str) -> tuple[tuple[str, tuple[str, str]], ...]:
    """The inverse of :func:`proposals_text`."""
    return tuple((key, (value, words)) for key, value, words in json.loads(text))


def finding_text(finding: Finding) -> str:
    """A finding with everything needed to defend it."""
    return dumps(asdict(finding))


def read_finding(text: str) -> Finding:
    """The inverse of :func:`finding_text`."""
    raw: Mapping[str, Any] = json.loads(text)
    numbers = tuple((name, value) for name, value in raw["numbers"])
    return Finding(**{**raw, "level": Level(raw["level"]), "numbers": numbers})
