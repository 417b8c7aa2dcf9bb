"""The card that says by when, and explains itself."""

from __future__ import annotations

from datetime import datetime

from bot.cards.card import Button, Card, Row, Style, Tone
from bot.cards.words import left
from regulation.deadlines import Deadline
from regulation.rounds import MonitoringRound
from regulation.workdays import Workdays, short


def lead(limit: Deadline, at: datetime, workdays: Workdays) -> str:
    """How long there is, or what day has passed."""
    if limit.is_late(at):
        return "已过期限，仍可填，记为逾期"
    if limit.own_passed(at):
        return f"本部门定的日期已过，{short(limit.last)}前报送仍算按时"
    return left(limit.workdays_left(at.date(), workdays))


def due(
    round: MonitoringRound,
    label: str,
    explanation: tuple[str, ...],
    lead: str,
    *,
    owed: int,
    asked: bool,
    late: bool,
) -> Card:
    """The due day, how long there is, each reason on its own line; ``asked``: whether forms are asked of the reader."""
    return Card(
        name="deadline.due",
        title=f"{round.short}附表1 {label}截止",
        lead=lead,
        tone=Tone.BAD if late and owed else Tone.PLAIN,
        rows=(Row("您的表", f"还差 {owed} 个项目" if owed else "都报齐了"),) if asked else (),
        text="\n".join(explanation),
        buttons=(Button("fill", "去填报", Style.PRIMARY),) if owed else (Button("status", "看进度"),),
    )
