"""What a version handed up again says otherwise: a few lines on the deciding card, all of it on a card of its own."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.card import Button, Card, Row
from bot.cards.report import Standing
from bot.cards.words import short
from regulation.revising import Changed, Revision

#: so many figures and passages stand on the card on which somebody decides; the rest is behind the button.
FIGURES, TEXTS = 4, 2
#: so many lines on the card of all of them.
LINES = 40
BUTTON = Button("report_changes", "看改了什么")


def brief(found: Revision, base: int) -> tuple[Row, ...]:
    """How much changed since the version the reader knows, and the first of it."""
    if not found.count:
        return (Row("改动", f"和版本{base}一样，一处没改", "△"),)
    figures, texts = len(found.figures), len(found.texts)
    parts = [f"{figures} 个数"] * bool(figures) + [f"{texts} 段文字"] * bool(texts)
    shown = (*found.figures[:FIGURES], *found.texts[:TEXTS])
    return (
        Row("改动", f"和版本{base}比，改了 {'、'.join(parts)}"),
        *(Row("改动", short(_line(each), 90)) for each in shown),
    )


def whole(at: Standing, found: Revision, base: int, version: int) -> Card:
    """Every change, old → new; of a text the sentences that went and came."""
    every = (*found.figures, *found.texts)
    return Card(
        name="revising.whole",
        title=f"{at.department}附表2、3 改了 {found.count} 处"
        if every
        else f"{at.department}附表2、3 一处没改",
        lead=f"{at.round.label} · 版本 {base} → 版本 {version}",
        rows=tuple(Row(str(n), short(_line(each), 230)) for n, each in enumerate(every[:LINES], 1)),
        text=f"另有 {len(every) - LINES} 处没列出，见表格。" if len(every) > LINES else "",
        subject=at.subject,
        version=version,
    )


def _line(each: Changed) -> str:
    """``附表2 预算执行率 62.92% → 75.00%``."""
    return f"{each.table} {each.cell}：{each.old} → {each.new}"


def button(rows: Sequence[Row]) -> tuple[Button, ...]:
    """The way to all of it, where there is anything to compare."""
    return (BUTTON,) if rows else ()
