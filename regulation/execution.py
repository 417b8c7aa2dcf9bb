"""What the treasury system says of projects' money: a batch of cumulative figures, read whole or not at all.

The figures prefill 附表1 (办法第十条(一)): whoever fills sees where they come from and may write others over them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256

from regulation.annex1 import Entry
from regulation.fields import sources_asked
from regulation.folding import clean_text, shorten
from regulation.problems import Problem, problem
from regulation.roster import SOURCE_LABELS, FundSource, Project
from regulation.rounds import MonitoringRound

#: whole 万元 digits and decimals an amount may have, as amounts typed by people.
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
_BATCH = re.compile(r"[0-9A-Za-z_.-]{1,64}")
#: the most rows of one batch: more than any district has projects.
MOST_ROWS = 20_000
#: the message an imported figure says it came from: ``execution:<batch>``.
MARK = "execution:"


@dataclass(frozen=True, slots=True)
class Line:
    """One row as given. ``number`` is how its writer counts it; amounts are text in 万元, '' where not given."""

    number: int
    project: str  # number or code of the project
    arrived: str = ""
    spent: str = ""
    by_source: Mapping[FundSource, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as given. ``id`` is the sender's own: the same one again changes nothing. ``as_of`` is the day the
    figures run to, ``system`` the name people know the sending system by."""

    id: str
    round: MonitoringRound
    as_of: date
    system: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Execution:
    """One project's cumulative money in 万元 as a batch said it; None for what it did not say."""

    project_id: str
    round: MonitoringRound
    arrived: Decimal | None
    spent: Decimal | None
    by_source: tuple[tuple[FundSource, Decimal], ...]
    batch: str
    as_of: date
    system: str

    @property
    def origin(self) -> str:
        """``预算管理一体化 截至9月30日 批次 T20261008``."""
        return f"{self.system} 截至{self.as_of.month}月{self.as_of.day}日 批次 {self.batch}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a batch: the row as its writer counts it (0: the batch itself), its field, the sentence."""

    number: int
    field: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a batch: ``figures`` are there exactly when ``faults`` is empty."""

    figures: tuple[Execution, ...]
    faults: tuple[Fault, ...] = ()


def read_batch(batch: Batch, projects: Iterable[Project]) -> Reading:
    """Every line read against the year's projects; all faults at once, and nothing is taken while there is one."""
    known = _by_name(project for project in projects if project.year == batch.round.year)
    faults = list(_batch_faults(batch))
    if len(batch.lines) > MOST_ROWS:
        return Reading((), tuple(faults))  # a fault a row would be longer than the batch
    figures: list[Execution] = []
    seen: dict[str, int] = {}
    for line in batch.lines:
        project = known.get(clean_text(line.project))
        found = list(_line_faults(line, project, batch.round, seen))
        faults += found
        if project is not None:
            seen.setdefault(project.id, line.number)
            if not found:
                figures.append(_execution(batch, line, project))
    return Reading((), tuple(faults)) if faults else Reading(tuple(figures))


def digest_of(figures: Sequence[Execution]) -> str:
    """What a batch says as one hash: equal exactly when its figures, day and system are, whatever their order."""
    said = sorted(
        f"{each.project_id} {each.arrived} {each.spent} "
        + " ".join(f"{source}={amount}" for source, amount in each.by_source)
        for each in figures
    )
    head = [f"{figures[0].round.code} {figures[0].as_of.isoformat()} {figures[0].system}"] if figures else []
    return sha256("\n".join(head + said).encode("utf-8", "surrogatepass")).hexdigest()


def known_entries(project: Project, known: Execution) -> dict[str, Entry]:
    """The answers to 附表1 the figures give: 支出 by source where the form asks it so."""
    asked = sources_asked(project)
    amounts = {"arrived": known.arrived}
    if asked:
        by_source = dict(known.by_source)
        amounts |= {f"spent.{source.value}": by_source.get(source) for source in asked}
    else:
        amounts |= {"spent": known.spent}
    message = MARK + known.batch
    return {
        key: Entry(str(amount), str(amount), message) for key, amount in amounts.items() if amount is not None
    }


def _by_name(projects: Iterable[Project]) -> dict[str, Project]:
    """By number and, where it is nobody else's, by code."""
    listed = list(projects)
    codes = [project.code for project in listed if project.code]
    named = {project.code: project for project in listed if project.code and codes.count(project.code) == 1}
    return named | {project.id: project for project in listed}


def _batch_faults(batch: Batch) -> Iterator[Fault]:
    if not _BATCH.fullmatch(batch.id):
        yield Fault(0, "batch", problem("execution.batch", shown=shorten(batch.id)))
    last = batch.round.last_day
    if not date(batch.round.year, 1, 1) <= batch.as_of <= last:
        yield Fault(
            0, "as_of", problem("execution.as_of", day=batch.as_of, round=batch.round.short, last=last)
        )
    if not clean_text(batch.system) or len(batch.system) > 20:
        yield Fault(0, "system", problem("execution.system"))
    if not 0 < len(batch.lines) <= MOST_ROWS:
        yield Fault(0, "rows", problem("execution.rows", count=len(batch.lines), most=MOST_ROWS))


def _line_faults(
    line: Line, project: Project | None, round: MonitoringRound, seen: Mapping[str, int]
) -> Iterator[Fault]:
    if project is None:
        unknown = problem("execution.unknown", shown=shorten(clean_text(line.project)), year=round.year)
        yield Fault(line.number, "project", unknown)
        return
    if project.id in seen:
        twice = problem("execution.twice", name=shorten(project.name), first=seen[project.id])
        yield Fault(line.number, "project", twice)
    if not (line.arrived or line.spent or line.by_source):
        yield Fault(line.number, "spent", problem("execution.nothing"))
    for name, text in _amounts(line):
        if text and not _AMOUNT.fullmatch(text):
            yield Fault(line.number, name, problem("execution.amount", shown=shorten(text)))
            return
    yield from _source_faults(line, project)


def _source_faults(line: Line, project: Project) -> Iterator[Fault]:
    own = {source for source, amount in project.sources if amount}
    for source in line.by_source:
        if source not in own:
            foreign = problem("execution.source", source=SOURCE_LABELS[source])
            yield Fault(line.number, f"spent_{source.value}", foreign)
    summed = sum((Decimal(text) for text in line.by_source.values()), Decimal(0))
    if line.spent and line.by_source and summed != Decimal(line.spent):
        yield Fault(line.number, "spent", problem("execution.sum", total=line.spent, summed=summed))


def _amounts(line: Line) -> Sequence[tuple[str, str]]:
    by_source = [(f"spent_{source.value}", text) for source, text in line.by_source.items()]
    return [("arrived", line.arrived), ("spent", line.spent), *by_source]


def _execution(batch: Batch, line: Line, project: Project) -> Execution:
    by_source = tuple(
        (source, Decimal(line.by_source[source])) for source in FundSource if source in line.by_source
    )
    total = sum((amount for _, amount in by_source), Decimal(0)) if by_source else None
    return Execution(
        project.id,
        batch.round,
        Decimal(line.arrived) if line.arrived else None,
        Decimal(line.spent) if line.spent else total,
        by_source or _only_source(project, line),
        batch.id,
        batch.as_of,
        clean_text(batch.system),
    )


def _only_source(project: Project, line: Line) -> tuple[tuple[FundSource, Decimal], ...]:
    """Where all the money comes from one source, what was spent was spent from it."""
    own = [source for source, amount in project.sources if amount]
    return ((own[0], Decimal(line.spent)),) if line.spent and len(own) == 1 else ()
