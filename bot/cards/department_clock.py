"""The cards of the department's clock: what is owed to finance by when, and who is late with it (第十三条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.card import Button, Card, Row, Style, Tone
from bot.cards.remind import Deviating, Overdue
from bot.cards.words import MARK_BY_LEVEL, left, names, short
from regulation.reminders import Occasion, Reminder


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one department is: state in words, forms in and asked, units still missing."""

    department: str
    state: str
    filed: int
    projects: int
    missing: tuple[str, ...] = ()

    @property
    def row(self) -> Row:
        """``区教育局　待汇总　附表1 7/9``: counts only, never a figure."""
        mark = "✓" if self.filed == self.projects else "△"
        return Row(self.department, f"{self.state}　附表1 {self.filed}/{self.projects}", mark)


def office(reminder: Reminder, due: str, at: Progress, *, department_id: str, subject: str) -> Card:
    """To the budget office: the tables that are still owed to finance."""
    title, tone = _heading(reminder)
    press = (Button(f"nudge:{department_id}", "催没交的"),) if at.missing else ()
    return Card(
        name="department_clock.office",
        title=title,
        lead=f"{due} · {_left(reminder)}",
        tone=tone,
        rows=(
            Row("现在", at.state),
            Row(
                "收齐",
                f"附表1 {at.filed}/{at.projects} 个项目",
                "✓" if at.filed == at.projects else "△",
            ),
            *((Row("没报", names(at.missing, 4), "△"),) if at.missing else ()),
        ),
        buttons=(Button("consolidate", "去汇总", Style.PRIMARY), *press),
        note="率由系统算好，要填的只有四个金额和几段文字。",
        subject=subject,
    )


def _heading(reminder: Reminder) -> tuple[str, Tone]:
    match reminder.occasion:
        case Occasion.OPEN:
            return f"{reminder.round.short}附表2、3 可以汇总了", Tone.PLAIN
        case Occasion.LATE:
            return f"附表2、3 逾期 {reminder.days_late} 天没报财政", Tone.BAD
        case Occasion.PAST_OWN:
            return "附表2、3 过了部门定的日期，还没报财政", Tone.WARN
        case Occasion.DUE_MORNING | Occasion.DUE_AFTERNOON:
            return "附表2、3 今天截止，还没报财政", Tone.WARN
        case _:
            return "附表2、3 还没报财政", Tone.WARN


def _left(reminder: Reminder) -> str:
    return "现在报记为逾期" if reminder.days_late else left(reminder.workdays_left)


def head(
    reminder: Reminder,
    due: str,
    at: Progress,
    *,
    late_units: Sequence[Overdue],
    deviating: Sequence[Deviating],
    subject: str,
    version: int,
    waiting: bool,
) -> Card:
    """To the head of a late department, everything of the day in one message; what waits for a word can be decided
    on it."""
    decide = (
        (
            Button("report_approve", "同意报送", Style.PRIMARY),
            Button("report_back", "退回并说明", Style.DANGER),
        )
        if waiting
        else ()
    )
    units = tuple(
        Row(o.unit, f"{o.filler} · {o.projects} 个项目没报附表1{_nudges(o)}", "✕") for o in late_units[:4]
    )
    reds = tuple(
        Row(d.project, short(d.finding.sentence, 60), MARK_BY_LEVEL[d.finding.level]) for d in deviating[:4]
    )
    return Card(
        name="department_clock.head",
        title=f"{at.department}附表2、3 逾期 {reminder.days_late} 天",
        lead=f"{due} · 报财政局归口业务处室",
        tone=Tone.BAD,
        rows=(Row("现在", at.state, "△"), *units, *reds),
        text="报审的版本在等您定。" if waiting else "预算科还没有报审。",
        buttons=(*decide, Button("status", "看全部")),
        subject=subject,
        version=version,
    )


def _nudges(overdue: Overdue) -> str:
    return f" · 已催 {overdue.nudges} 次" if overdue.nudges else ""


def division(reminder: Reminder, due: str, late: Sequence[Progress], *, whole: bool) -> Card:
    """To the division, and merged to the performance office: which departments are late. Counts only."""
    return Card(
        name="department_clock.division",
        title=f"{'全区' if whole else '归口'} {len(late)} 个部门附表2、3 逾期 {reminder.days_late} 天",
        lead=due,
        tone=Tone.BAD,
        rows=tuple(each.row for each in late[:20]),
        text=f"另有 {len(late) - 20} 个部门。" if len(late) > 20 else "",
        buttons=(Button("status", "看进度"),),
        note="报送以前只有个数，没有金额。",
    )


def extended(round_label: str, due: str, notice_no: str) -> Card:
    """To an office that was told it is late, before finance moved the date (C09)."""
    return Card(
        name="department_clock.extended",
        title=f"附表2、3 已延期至{due}",
        lead=round_label,
        tone=Tone.GOOD,
        text=f"依据{notice_no}。此前的逾期提醒作废，逾期标记已重算。",
        buttons=(Button("consolidate", "去汇总", Style.PRIMARY),),
    )
