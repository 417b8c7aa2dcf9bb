"""What a version handed up again says otherwise: a few lines on the deciding card, all of it on a card of its own."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cards.card import Button, Card, Row
from bot.cards.report import Standing
from bot.cards.words import short
from regulation.revising import Changed, Revision

#: so many changes stand on the card on which somebody decides; the rest is behind the button.
SHOWN = 5
#: so many lines on the card of all of them.
LINES = 40
BUTTON = Button("report_changes", "看改了什么")


@dataclass(frozen=True, slots=True)
class Against:
    """What changed since the version ``base``, which the reader knows."""

    base: int
    found: Revision

    @property
    def row(self) -> Row:
        """``比版本1改了 2 个数、1 段文字``."""
        counts = (len(self.found.figures), "个数"), (len(self.found.texts), "段文字")
        said = "、".join(f"{count} {what}" for count, what in counts if count)
        return (
            Row("改动", f"比版本{self.base}改了 {said}")
            if said
            else Row("改动", f"和版本{self.base}一样，一处没改", "△")
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """The first of it, figures before texts."""
        every = (*self.found.figures, *self.found.texts)
        more = (f"另有 {len(every) - SHOWN} 处，点“{BUTTON.label}”。",) if len(every) > SHOWN else ()
        return (*(f"改：{short(_line(each), 90)}" for each in every[:SHOWN]), *more)


def row_of(changed: Against | None) -> tuple[Row, ...]:
    """Nothing for a first version."""
    return (changed.row,) if changed else ()


def lines_of(changed: Against | None) -> tuple[str, ...]:
    """Nothing for a first version."""
    return changed.lines if changed else ()


def button_of(changed: Against | None) -> tuple[Button, ...]:
    """The way to all of it, where there is anything to compare."""
    return (BUTTON,) if changed else ()


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
