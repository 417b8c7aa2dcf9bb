"""Every figure of 附表2 and 附表3 by name, with the cells of 附表1 it rests on, project by project (数字来源)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from regulation.amounts import format_wan
from regulation.annex2 import Annex2
from regulation.annex3 import Annex3
from regulation.annexes import Field, FieldKind, fields
from regulation.basis import CELLS
from regulation.consolidation import Tables
from regulation.disclosure import without_numbers
from regulation.folding import fold
from regulation.provenance import Passage, Source
from regulation.rates import DASH, plain
from regulation.reportfields import AMOUNTS
from regulation.roster import Project

_RATES = ("arrival", "execution", "adjustment")
_TEXTS2 = (("work", "年度重点工作实施情况"), ("deviation", "核心目标偏离及原因"), ("plan", "改进计划"))
_TEXTS3 = (("situation", "项目实施情况"), ("deviation", "目标偏离及原因"), ("plan", "改进计划"))
#: what people call a figure -> the last part of its key; the longer word is looked for first.
NAMES: Mapping[str, str] = {
    "资金到位率": "arrival",
    "到位率": "arrival",
    "预算执行率": "execution",
    "执行率": "execution",
    "支出进度": "execution",
    "预算调整率": "adjustment",
    "调整率": "adjustment",
    "资产": "assets",
    "年度计划完成率": "assets",
    "采购": "procurement",
    "年度计划执行率": "procurement",
    "预算资金总额": "total",
    "总额": "total",
    "工作情况": "work",
    "偏离原因": "deviation",
    "偏离": "deviation",
    "改进计划": "plan",
    "改进": "plan",
    "重点工作": "works",
    "主要成效": "effects",
}
#: the same for one project's 附表1 -> its cells.
CELL_NAMES: Mapping[str, tuple[str, ...]] = {
    "资金到位率": ("arrived", "budget_current"),
    "到位率": ("arrived", "budget_current"),
    "已到位资金": ("arrived",),
    "到位": ("arrived",),
    "预算执行率": ("spent", "budget_current"),
    "执行率": ("spent", "budget_current"),
    "支出进度": ("spent", "budget_current"),
    "已支出资金": ("spent",),
    "支出": ("spent",),
    "预算调整率": ("budget_current", "budget_initial"),
    "调整率": ("budget_current", "budget_initial"),
    "预算总额": ("budget_current",),
    "预算": ("budget_current",),
    "偏离原因": ("reason",),
    "偏离": ("reason",),
    "原因": ("reason",),
    "改进计划": ("plan",),
    "改进": ("plan",),
    "实施情况": ("situation",),
}
#: every word that may stand at the end of a question about where a figure comes from, longest first.
WORDS = tuple(sorted({*NAMES, *CELL_NAMES}, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Traced:
    """One figure or text of a department's tables. ``key`` is ``2.execution`` or ``3.p001.m1``; ``stale``: a sentence
    of it was changed by hand and the cell behind it has been filed anew since."""

    key: str
    form: str  # 附表2, or 附表3 and the project's name
    label: str
    value: str
    formula: str = ""
    sources: tuple[Source, ...] = ()
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What one project (``project_id`` empty: the department itself) gives to a figure: its cells at one version."""

    unit: str
    project_id: str
    project: str
    version: int
    sources: tuple[Source, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The cells, each once."""
        return tuple(dict.fromkeys(source.key for source in self.sources))


@dataclass(frozen=True, slots=True)
class Filed:
    """Which version, when and by whom; ``stood_in``: that person filled it for the unit, and why (第八条(二))."""

    version: int
    at: datetime | None
    by: str
    action: str
    stood_in: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """One cell: its canonical value, and where that came from. ``how`` is the manner (发消息、发表格、名册…),
    ``said`` the words of this cell, ``cell`` the workbook's cell, ``message`` the whole message."""

    key: str
    label: str
    value: str
    shown: str  # the value as people read it: 201.35万元, 930套
    how: str
    said: str = ""
    who: str = ""
    at: datetime | None = None
    platform: str = ""
    cell: str = ""
    message: str = ""


def traced(tables: Tables, department: str) -> tuple[Traced, ...]:
    """Every figure and text in printed order; whoever asks where it comes from needs nobody's phone."""
    known = (
        *_second(tables.annex2, department),
        *(each for annex3 in tables.annex3 for each in _third(annex3)),
    )
    return tuple(replace(each, value=without_numbers(each.value)) for each in known)


def called(figures: Iterable[Traced], words: str) -> list[Traced]:
    """Those of 附表2 and the 附表3 people mean by these words: by key, by the usual names, else by the label."""
    known = list(figures)
    exact = [each for each in known if each.key == words]
    if exact:
        return exact
    last = NAMES.get(fold(words).strip())
    if last:
        return [each for each in known if each.key.split(".")[-1] == last or f".{last}." in each.key]
    return [each for each in known if words and fold(words) in fold(each.label)]


def cells_called(project: Project, words: str) -> tuple[str, ...]:
    """The cells of a project's 附表1 meant by these words: a usual name, else the one indicator whose name holds
    them; empty when none or several are meant."""
    usual = CELL_NAMES.get(fold(words).strip())
    if usual:
        return usual
    found = [i.position for i in project.indicators if words and fold(words) in fold(i.name)]
    return (f"actual.{found[0]}",) if len(found) == 1 else ()


def parts(sources: Iterable[Source], versions: Mapping[str, int]) -> tuple[Part, ...]:
    """The sources by project, the largest amount first; ``versions`` says which version a project's cells are of."""
    grouped: dict[str, list[Source]] = {}
    for source in sources:
        grouped.setdefault(source.project_id, []).append(source)
    made = [
        Part(
            found[0].unit,
            project_id,
            found[0].project,
            versions.get(project_id, 0) if project_id else 0,
            tuple(dict.fromkeys(found)),
        )
        for project_id, found in grouped.items()
    ]
    return tuple(sorted(made, key=_size, reverse=True))


def _size(part: Part) -> Decimal:
    value = part.sources[0].value.replace(".", "", 1)
    return Decimal(part.sources[0].value) if value.isdecimal() and value.isascii() else Decimal(0)


def expanded(keys: Sequence[str], entries: Iterable[str]) -> tuple[str, ...]:
    """The keys as stored: ``spent`` of a form that is asked source by source is ``spent.district`` and the others."""
    known = list(entries)
    found: list[str] = []
    for key in keys:
        inside = [each for each in known if each.startswith(f"{key}.")]
        found += [key] if key in known or not inside else inside
    return tuple(dict.fromkeys(found))


def cell_of(project: Project, key: str) -> Field:
    """The cell of the project's 附表1 under that key, also one nobody types."""
    known = next((each for each in fields(project) if each.key == key), None)
    label = CELLS.get(key) or {"deviation": "目标偏离情况"}.get(key, key)
    kind = FieldKind.MONEY if key in ("arrived", "spent") or key.startswith("budget") else FieldKind.TEXT
    return known or Field(key, label, kind)


def amount_of(project: Project, key: str) -> str:
    """What the project itself says under a budget key, as plain digits in 万元; '' for any other key."""
    amounts = {"budget_current": project.budget_current, "budget_initial": project.budget_initial}
    return plain(amounts[key]) if key in amounts else ""


def unit_figure(label: str, value: str, formula: str, sources: Sequence[Source]) -> Traced:
    """A figure over some forms of a department that stands in none of its tables (a unit's 执行率)."""
    return Traced("", "各单位附表1", label, value, formula, tuple(sources))


def _second(annex2: Annex2, department: str) -> Iterator[Traced]:
    own = dict(AMOUNTS)
    total = annex2.total
    typed = _own(department, "total", "本年度预算资金总额", DASH if total is None else plain(total))
    shown = DASH if total is None else f"{format_wan(total)}万元"
    yield Traced("2.total", "附表2", "本年度预算资金总额", shown, "", (typed,))
    keys = (*_RATES, "assets", "procurement")
    for key, row in zip(keys, (*annex2.execution, annex2.assets, annex2.procurement), strict=True):
        sources = tuple(_named(each, own) for each in row.sources)
        yield Traced(f"2.{key}", "附表2", row.indicator, row.actual, row.formula, sources)
    for kind, rows in (("works", annex2.works), ("effects", annex2.effects)):
        for number, row in enumerate(rows, 1):
            sources = row.sources or (_own(department, f"{kind}.{number}", row.indicator, row.actual),)
            yield Traced(f"2.{kind}.{number}", "附表2", row.indicator, row.actual, row.formula, sources)
    for (key, label), passage in zip(_TEXTS2, (annex2.work, annex2.deviation, annex2.plan), strict=True):
        yield _text(f"2.{key}", "附表2", label, passage, department, key)


def _third(annex3: Annex3) -> Iterator[Traced]:
    form, scope = f"附表3 {annex3.project_name}", f"3.{annex3.project_id}"
    for number, money in enumerate((annex3.total, *annex3.money)):
        if money.budget or money.spent:
            spent = DASH if money.spent is None else f"{format_wan(money.spent)}万元"
            value = f"执行 {spent} / 预算 {format_wan(money.budget)}万元"
            yield Traced(f"{scope}.m{number}", form, money.label, value, "", money.sources)
    for key, row in zip(_RATES, annex3.process, strict=True):
        yield Traced(f"{scope}.{key}", form, row.name, row.actual, row.formula, row.sources)
    for number, row in enumerate((*annex3.outputs, *annex3.effects), 1):
        yield Traced(f"{scope}.r{number}", form, row.name, row.actual or DASH, row.formula, row.sources)
    passages = (annex3.situation, annex3.deviation, annex3.plan)
    for (key, label), passage in zip(_TEXTS3, passages, strict=True):
        yield _text(
            f"{scope}.{key}", form, label, passage, annex3.department_name, f"{annex3.project_id}.{key}"
        )


def _text(key: str, form: str, label: str, passage: Passage, department: str, kept: str) -> Traced:
    """A narrative: each sentence from a unit's cell, or the department's own."""
    sources = tuple(
        replace(sentence.source, value=sentence.text)
        if sentence.source
        else _own(department, f"{kept}.{number}", label, sentence.text)
        for number, sentence in enumerate(passage.sentences, 1)
    )
    return Traced(key, form, label, passage.text, "", sources, stale=bool(passage.stale))


def _own(department: str, key: str, cell: str, value: str) -> Source:
    """Something the department wrote itself."""
    return Source(department, "", "", key, cell, value, 0)


def _named(source: Source, labels: Mapping[str, str]) -> Source:
    """A typed amount under the name the department was asked for it by."""
    if source.project_id:
        return source
    return _own(source.unit, source.key, labels.get(source.key, source.cell), source.value)
