"""The cards of 进度."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.card import Button, Card, Row, Style, Tone
from regulation.rounds import MonitoringRound

#: forms of the unit wait for its head.
CONFIRM = Button("awaiting", "去确认", Style.PRIMARY)


@dataclass(frozen=True, slots=True)
class Count:
    """How many forms a unit or department owes and has filed, and how many of those were late."""

    name: str
    filed: int
    owed: int
    late: int
    report: str = ""  # where the department's 附表2、3 is, in words

    @property
    def mark(self) -> str:
        """✓ when all are in."""
        return "✓" if self.filed == self.owed else "△"


def mine(
    round: MonitoringRound,
    due: str,
    lines: Sequence[tuple[str, str]],
    *,
    whose: str = "我",
    then: tuple[Button, ...] = (),
) -> Card:
    """One line per form; ``then`` is what can be done once everything is filed."""
    owed = sum(not state.startswith("✓") for _, state in lines)
    head = f"还差 {owed} 个没报" if owed else "都报齐了"
    return Card(
        name="status.mine",
        title=f"{whose}的{round.short}：{head if lines else '没有要填的表'}",
        lead=f"附表1 · {due}",
        tone=Tone.WARN if owed else Tone.GOOD,
        rows=tuple(_line(name, state) for name, state in lines),
        buttons=(Button("fill", "去填报", Style.PRIMARY),) if owed and whose == "我" else then,
    )


def _line(name: str, state: str) -> Row:
    """The state's own mark becomes the row's, so that it is drawn once."""
    mark = state[0] if state[0] in "✓△✕" else ""
    return Row(name, state.removeprefix(mark).strip(), mark)


def many(
    round: MonitoringRound,
    whose: str,
    due: str,
    counts: Sequence[Count],
    *,
    nudge: str = "",
    review: bool = False,
) -> Card:
    """One line per unit or department, the missing ones first; ``review``: forms wait for the reader."""
    filed, owed = sum(c.filed for c in counts), sum(c.owed for c in counts)
    ordered = sorted(counts, key=lambda c: (c.filed == c.owed, c.name))
    rows = tuple(
        Row(c.name, f"{c.filed}/{c.owed}{_late(c)}{f'　附表2、3 {c.report}' if c.report else ''}", c.mark)
        for c in ordered
    )
    return Card(
        name="status.many",
        title=f"{whose} {round.short}附表1 已报 {filed}/{owed}",
        lead=due,
        tone=Tone.GOOD if filed == owed else Tone.WARN,
        rows=rows,
        buttons=(
            *((Button(nudge, "催没交的", Style.PRIMARY),) if nudge and filed < owed else ()),
            *((Button("review", "审表"),) if review else ()),
        ),
        note="口径：按项目计，退回未重报、等单位负责人确认的算没报。",
    )


def _late(count: Count) -> str:
    return f"　其中逾期 {count.late}" if count.late else ""
