"""The fields of 附表1 in the order they are asked, and the figures behind what was entered (DOMAIN §1.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from regulation.annex1 import Entry, Field, FieldKind
from regulation.deviation import Reported
from regulation.grades import target_of
from regulation.roster import AttainmentLikelihood, FundSource, Indicator, Project

WAN_YUAN = "万元"
#: the texts of 附表1; ``note`` is ours: one sentence about something odd, printed inside 目标偏离情况及原因分析.
TEXTS = (
    ("situation", "项目实施情况"),
    ("reason", "目标偏离情况及原因分析"),
    ("plan", "改进计划"),
    ("note", "说明"),
)


def fields(project: Project) -> tuple[Field, ...]:
    """Every entered field of the project's 附表1, in the order they are asked.

    A 重点项目 with several sources is asked 已支出资金 source by source, because 附表3 prints them apart."""
    return (
        *_money(project),
        *_indicators(project),
        *(Field(key, label, FieldKind.TEXT) for key, label in TEXTS),
    )


def sources_asked(project: Project) -> tuple[FundSource, ...]:
    """The sources 已支出资金 is asked by; empty when one total is enough."""
    known = tuple(source for source, amount in project.sources if amount)
    return known if project.is_key and len(known) > 1 else ()


def reported(project: Project, entries: Mapping[str, Entry]) -> Reported:
    """The figures behind the entries, as Decimals and enums; ``spent`` sums the sources when asked by source, and is
    unknown until every source has its answer (half a sum would look like slow spending)."""
    by_source = {
        source: Decimal(entries[f"spent.{source.value}"].value)
        for source in sources_asked(project)
        if f"spent.{source.value}" in entries
    }
    return Reported(
        arrived=_amount(entries.get("arrived")),
        spent=_spent(project, entries, by_source),
        spent_by_source=by_source,
        actuals={i.position: e.value for i, e in _answered(project, entries, "actual")},
        likelihoods={
            i.position: AttainmentLikelihood(e.value) for i, e in _answered(project, entries, "likely")
        },
    )


def _money(project: Project) -> Iterator[Field]:
    yield Field("arrived", "已到位资金", FieldKind.MONEY, WAN_YUAN)
    asked = sources_asked(project)
    if not asked:
        yield Field("spent", "已支出资金", FieldKind.MONEY, WAN_YUAN)
    for source in asked:
        yield Field(f"spent.{source.value}", f"已支出资金（{source.label}）", FieldKind.MONEY, WAN_YUAN)


def _indicators(project: Project) -> Iterator[Field]:
    for indicator in project.indicators:
        unit = target_of(indicator).unit
        position = indicator.position
        yield Field(f"actual.{position}", indicator.name, FieldKind.ACTUAL, unit, indicator)
        label = f"{indicator.name}：完成目标可能性"
        yield Field(f"likely.{position}", label, FieldKind.LIKELIHOOD, "", indicator)


def _spent(
    project: Project, entries: Mapping[str, Entry], by_source: Mapping[FundSource, Decimal]
) -> Decimal | None:
    asked = sources_asked(project)
    if not by_source:  # one total, also where last round was asked before the project became a 重点项目
        return _amount(entries.get("spent"))
    return sum(by_source.values(), Decimal(0)) if len(by_source) == len(asked) else None


def _amount(entry: Entry | None) -> Decimal | None:
    return Decimal(entry.value) if entry else None


def _answered(project: Project, entries: Mapping[str, Entry], kind: str) -> Iterator[tuple[Indicator, Entry]]:
    for indicator in project.indicators:
        entry = entries.get(f"{kind}.{indicator.position}")
        if entry is not None:
            yield indicator, entry
