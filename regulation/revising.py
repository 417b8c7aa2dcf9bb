"""What a report handed up anew says otherwise than the version before: figures old → new, and sentences (第十六条)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from regulation.amounts import format_wan
from regulation.annex2 import Annex2, Annex2Row
from regulation.annex3 import Annex3, Annex3Row
from regulation.consolidation import Tables
from regulation.provenance import Passage
from regulation.rates import DASH

NOTHING = "无"
#: how the narratives of both tables are called on the printed forms.
WORK, SITUATION, DEVIATION, PLAN = "重点工作实施情况", "项目实施情况", "偏离情况及原因", "改进计划"
#: (table, cell)
Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Changed:
    """One cell that says something else now; 无 on the side that has no such cell. ``table`` is 附表2 or 附表3 with the
    project's name."""

    table: str
    cell: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Revision:
    """Everything in which one version differs from another."""

    figures: tuple[Changed, ...]
    texts: tuple[Changed, ...]

    @property
    def count(self) -> int:
        """How many cells and passages."""
        return len(self.figures) + len(self.texts)


def revised(old: Tables, new: Tables) -> Revision:
    """The differences in printed order; of a text only the sentences that went and came."""
    return Revision(
        tuple(_differing(dict(_figures(old)), dict(_figures(new)))),
        tuple(_reworded(dict(_texts(old)), dict(_texts(new)))),
    )


def _differing(old: Mapping[Cell, str], new: Mapping[Cell, str]) -> Iterator[Changed]:
    for table, cell in dict.fromkeys((*new, *old)):
        was, now = old.get((table, cell), ""), new.get((table, cell), "")
        if was != now:
            yield Changed(table, cell, was or NOTHING, now or NOTHING)


def _reworded(old: Mapping[Cell, Passage], new: Mapping[Cell, Passage]) -> Iterator[Changed]:
    for table, cell in dict.fromkeys((*new, *old)):
        was, now = (_sentences(side.get((table, cell), Passage())) for side in (old, new))
        gone, come = ("".join(s for s in a if s not in b) for a, b in ((was, now), (now, was)))
        if gone or come:
            yield Changed(table, cell, gone or NOTHING, come or NOTHING)


def _sentences(passage: Passage) -> tuple[str, ...]:
    return tuple(sentence.text for sentence in passage.sentences)


def _figures(tables: Tables) -> Iterator[tuple[Cell, str]]:
    yield from _of_annex2(tables.annex2)
    for annex3 in tables.annex3:
        yield from _of_annex3(annex3, _name(annex3))


def _of_annex2(annex2: Annex2) -> Iterator[tuple[Cell, str]]:
    total = annex2.total
    yield ("附表2", "本年度预算资金总额"), "" if total is None else f"{format_wan(total)}万元"
    for row in annex2.execution:
        yield from _cells("附表2", row.indicator, row)
    for row in (annex2.assets, annex2.procurement):
        yield from _amounts(row)
        yield from _cells("附表2", f"{row.content}{row.indicator}", row)
    for row in (*annex2.works, *annex2.effects):
        yield from _cells("附表2", row.indicator, row)


def _amounts(row: Annex2Row) -> Iterator[tuple[Cell, str]]:
    """What was typed behind a rate, read back from ``已完成金额 90.00 ÷ 年度计划金额 120.00``."""
    for term in row.formula.partition(" = ")[2].partition(" × 100%")[0].split(" ÷ "):
        name, _, amount = term.rpartition(" ")
        yield ("附表2", f"{row.content}{name}"), "" if amount == DASH else f"{amount}万元"


def _of_annex3(annex3: Annex3, table: str) -> Iterator[tuple[Cell, str]]:
    for money in (annex3.total, *annex3.money):
        yield (table, f"{money.label}预算数"), f"{format_wan(money.budget)}万元"
        yield (table, f"{money.label}执行数"), "" if money.spent is None else f"{format_wan(money.spent)}万元"
    for row in (*annex3.process, *annex3.outputs, *annex3.effects):
        yield from _cells(table, row.name, row)


def _cells(table: str, name: str, row: Annex2Row | Annex3Row) -> Iterator[tuple[Cell, str]]:
    yield (table, f"{name}目标"), row.target
    yield (table, name), row.actual
    yield (table, f"{name}可能性"), row.likelihood


def _texts(tables: Tables) -> Iterator[tuple[Cell, Passage]]:
    annex2 = tables.annex2
    yield ("附表2", WORK), annex2.work
    yield ("附表2", DEVIATION), annex2.deviation
    yield ("附表2", PLAN), annex2.plan
    for annex3 in tables.annex3:
        yield (_name(annex3), SITUATION), annex3.situation
        yield (_name(annex3), DEVIATION), annex3.deviation
        yield (_name(annex3), PLAN), annex3.plan


def _name(annex3: Annex3) -> str:
    return f"附表3 {annex3.project_name}"
