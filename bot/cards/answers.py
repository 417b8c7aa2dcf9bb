"""The cards that answer a question: a table with the definition used and the moment of the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.card import Attachment, Button, Card, Row, Tone
from bot.cards.words import names, short
from regulation.deviation import Finding, Level
from regulation.rounds import MonitoringRound
from regulation.tallies import KnownName

MARKS = {Level.RED: "✕", Level.YELLOW: "△", Level.INFO: ""}
KINDS = {"department": "部门", "unit": "单位", "project": "项目"}
#: so many choices are offered as buttons; with more, a longer name is asked for.
OFFERED = 8


def table(
    title: str,
    lead: str,
    rows: Sequence[Row],
    definition: str,
    *,
    good: bool = False,
    text: str = "",
    buttons: Sequence[Button] = (),
    picture: Attachment | None = None,
    files: Sequence[Attachment] = (),
) -> Card:
    """One answer. ``definition`` says how it was counted and when."""
    return Card(
        name="answers.table",
        title=title,
        lead=lead,
        tone=Tone.GOOD if good else Tone.WARN,
        rows=tuple(rows),
        text=text,
        buttons=tuple(buttons),
        picture=picture,
        files=tuple(files),
        note=definition,
    )


def which(words: str, found: Sequence[KnownName], action: str) -> Card:
    """Several places have that name: asked, never guessed. ``action`` is completed by kind and id."""
    offered = found[:OFFERED]
    more = f"还有 {len(found) - OFFERED} 个没列出，请把名称写长一点再问。" if len(found) > OFFERED else ""
    return Card(
        name="answers.which",
        title=f"“{words}”对得上 {len(found)} 个，您问哪一个？",
        rows=tuple(Row(f"{n}", f"{each.name}（{KINDS[each.kind]}）") for n, each in enumerate(offered, 1)),
        text=more,
        buttons=tuple(
            Button(f"{action}/{each.kind}/{each.id}", short(f"{n} {each.name}", 10))
            for n, each in enumerate(offered, 1)
        ),
    )


def why(title: str, lead: str, findings: Sequence[tuple[str, Finding]], late: int, definition: str) -> Card:
    """Every deviation with its sentence, its sum and its limit; ``late`` forms are overdue as well."""
    shown = findings[:5]
    rest = f"\n另有 {len(findings) - 5} 处，写项目名称再问可以看到。" if len(findings) > 5 else ""
    rows = [Row(short(name, 20), found.title, MARKS[found.level]) for name, found in findings[:20]]
    if late:
        rows.insert(0, Row("逾期", f"{late} 张附表1 过了期限还没报", "✕"))
    return Card(
        name="answers.why",
        title=title,
        lead=lead,
        tone=Tone.WARN if rows else Tone.GOOD,
        rows=tuple(rows),
        text="\n".join(_defended(found) for _, found in shown) + rest,
        note=definition,
    )


def _defended(found: Finding) -> str:
    numbers = "，".join(f"{label} {value}" for label, value in found.numbers)
    return f"{found.sentence}\n　算式：{found.formula}（{numbers}）；界线：{found.threshold}；依据：{found.article}"


@dataclass(frozen=True, slots=True)
class Glance:
    """The district in counts: forms, who is overdue with how many, and which departments' reports finance has."""

    forms: int
    filed: int
    overdue: tuple[tuple[str, int], ...]
    departments: int
    reports: int
    late_reports: int


def glance(seen: Glance, round: MonitoringRound, moment: int) -> Card:
    """The end of a workday for the performance office, with the strip picture."""
    late = names(tuple(name for name, _ in seen.overdue), 4)
    done = seen.filed == seen.forms
    shown = [Row(name, f"差 {count} 张", "✕") for name, count in seen.overdue[:12]]
    return Card(
        name="answers.glance",
        title=f"附表1 已报 {seen.filed}/{seen.forms}"
        + (f"，逾期 {len(seen.overdue)} 个部门" if late else ""),
        lead=f"{round.label}" + (f" · 逾期：{late}" if late else ""),
        tone=Tone.BAD if seen.late_reports else Tone.WARN if late else Tone.GOOD if done else Tone.PLAIN,
        rows=(
            Row("报财政", f"{seen.reports}/{seen.departments} 个部门" + _reports_late(seen.late_reports)),
            *shown,
        ),
        buttons=(Button("status", "看全部"), Button("notice_write", "写通知")),
        picture=Attachment("strip.png", f"{round.code}:*", moment, f"全区进度_{round.label}.png"),
        note="口径：按项目计，退回未重报的算没报。有变化的工作日下班前发一条。",
    )


def _reports_late(count: int) -> str:
    return f"，{count} 个逾期" if count else ""
