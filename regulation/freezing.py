"""What stands in a department's report: typed, carried over or proposed, and all of it frozen when it goes up (F04)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from regulation.annex1 import Entry
from regulation.annex2 import Annex2Row
from regulation.annex3 import Annex3Row
from regulation.basis import Basis
from regulation.consolidation import Tables
from regulation.narratives import sentence_entries
from regulation.picking import kept, proposed, row_entries
from regulation.reportfields import PROCESS, RATES, ROWS
from regulation.roster import LIKELIHOOD_LABELS
from regulation.shared import is_once_key

CARRIED = "（上季带出）"
PROPOSED = "（系统建议）"
#: amounts of the whole year: planned once, the same in both rounds.
YEARLY = ("total", "assets.plan", "procurement.plan")
_LEVELS = {label: level.value for level, label in LIKELIHOOD_LABELS.items()}


def effective(
    basis: Basis, typed: Mapping[str, Entry], previous: Mapping[str, Entry] | None = None
) -> dict[str, Entry]:
    """What was typed, completed by what last round of the same year settled and by proposed rows. ``previous`` are the
    entries filed then."""
    found: dict[str, Entry] = {}
    for key in YEARLY:
        if previous and key in previous and not (key == "total" and basis.total is not None):
            found[key] = Entry(previous[key].value, CARRIED, previous[key].message)
    found.update(
        (key, Entry(entry.value, CARRIED, entry.message))
        for key, entry in (previous or {}).items()
        if is_once_key(key)
    )
    for kind, _ in ROWS:
        if not kept(kind, typed) and f"{kind}.none" not in typed:
            found.update(row_entries(kind, proposed(basis, kind), PROPOSED, ""))
    return found | dict(typed)


def freeze(basis: Basis, entries: Mapping[str, Entry], tables: Tables) -> tuple[tuple[str, Entry], ...]:
    """Everything ``tables`` say that is not computed from ``basis``, so that they can be made again exactly:
    ``entries`` are the effective ones they were made with."""
    rows = {key: entry for key, entry in entries.items() if not _is_sentence(key)}
    return tuple((rows | dict(_made(tables, basis)) | _texts(tables, entries)).items())


def _is_sentence(key: str) -> bool:
    """``deviation.1`` or ``p002.plan.3``; not ``assets.plan`` or ``works.1``."""
    head, _, last = key.rpartition(".")
    return last.isdecimal() and head.rpartition(".")[2] in ("work", "deviation", "plan", "situation")


def _made(tables: Tables, basis: Basis) -> Iterator[tuple[str, Entry]]:
    annex2 = tables.annex2
    if annex2.total is not None:
        yield "total", Entry(str(annex2.total), "名册" if basis.total is not None else "", "")
    yield from _rates(tuple(RATES), (*annex2.execution, annex2.assets, annex2.procurement), "")
    for annex3 in tables.annex3:
        yield from _rates(PROCESS, annex3.process, f"{annex3.project_id}.")


def _rates(
    keys: Sequence[str], rows: Sequence[Annex2Row | Annex3Row], scope: str
) -> Iterator[tuple[str, Entry]]:
    for key, row in zip(keys, rows, strict=True):
        yield f"target.{scope}{key}", Entry(row.target, "", "")
        if row.likelihood:
            yield f"likely.{scope}{key}", Entry(_LEVELS[row.likelihood], "", "")


def _texts(tables: Tables, entries: Mapping[str, Entry]) -> dict[str, Entry]:
    annex2 = tables.annex2
    named = [("work", annex2.work), ("deviation", annex2.deviation), ("plan", annex2.plan)]
    for each in tables.annex3:
        scope = each.project_id
        named += [
            (f"{scope}.situation", each.situation),
            (f"{scope}.deviation", each.deviation),
            (f"{scope}.plan", each.plan),
        ]
    made: dict[str, Entry] = {}
    for key, passage in named:
        for name, entry in sentence_entries(key, passage):
            said = entries.get(name)
            written = said.message if said and said.value == entry.value else ""
            made[name] = Entry(entry.value, entry.text, written or entry.message)
    return made
