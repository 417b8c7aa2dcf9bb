"""The reminder and escalation cards: who owes what by when, and one tap to act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.card import Button, Card, Row, Style, Tone
from bot.cards.handing import ANSWER, asked_rows
from bot.cards.words import MARK_BY_LEVEL, left, names, short
from regulation.deviation import Finding
from regulation.reminders import Occasion, Reminder

FILL = Button("fill", "去填报", Style.PRIMARY)


@dataclass(frozen=True, slots=True)
class Owed:
    """What one filler still owes."""

    projects: tuple[str, ...]
    answered: int  # answers already in drafts
    offered: tuple[str, ...] = ()  # who was asked to take which of them and has not answered, in words
    asked: tuple[tuple[str, str], ...] = ()  # who asks them to take which project


@dataclass(frozen=True, slots=True)
class Overdue:
    """One unit that is late, as its superiors see it."""

    unit: str
    filler: str
    projects: int
    nudges: int = 0
    unopened: bool = False
    days: int = 0  # past its own date, where that is not the unit's


@dataclass(frozen=True, slots=True)
class Deviating:
    """One deviation a head has not been told of."""

    project: str
    finding: Finding


def filler(reminder: Reminder, due: str, owed: Owed) -> Card:
    """To somebody who still owes; the wording changes with how much time is left."""
    count = len(owed.projects)
    title, tone = _heading(reminder, count)
    started = (Row("已填", f"{owed.answered} 项，点开接着填"),) if owed.answered else ()
    return Card(
        name=f"remind.{reminder.occasion}",
        title=title,
        lead=f"{due} · {_left(reminder)}",
        tone=tone,
        rows=(
            Row("要填", f"附表1 · {count} 个项目"),
            Row("项目", short(names(owed.projects), 60)),
            *started,
            *((Row("移交", short(names(owed.offered, 2), 60)),) if owed.offered else ()),
            *asked_rows(owed.asked),
            Row("用时", "每个项目约 2 分钟"),
        ),
        buttons=(
            Button("fill", "接着填" if owed.answered else "去填报", Style.PRIMARY),
            *((ANSWER,) if owed.asked else ()),
            Button("not_mine", "不归我填"),
            *(() if reminder.days_late else (Button("busy", "在办"),)),
        ),
        note=_note(reminder),
    )


def _heading(reminder: Reminder, count: int) -> tuple[str, Tone]:
    match reminder.occasion:
        case Occasion.OPEN:
            return f"{reminder.round.short}绩效监控开始填报", Tone.PLAIN
        case Occasion.LATE:
            return f"逾期 {reminder.days_late} 天，还差 {count} 个项目", Tone.BAD
        case Occasion.PAST_OWN:
            return f"过了部门定的日期，还差 {count} 个项目", Tone.WARN
        case Occasion.DUE_AFTERNOON:
            return f"今天截止，还差 {count} 个项目没报", Tone.WARN
        case _:
            return f"还差 {count} 个项目没报", Tone.WARN


def _left(reminder: Reminder) -> str:
    return "现在填仍可报送，记为逾期" if reminder.days_late else left(reminder.workdays_left)


def _note(reminder: Reminder) -> str:
    if reminder.occasion is not Occasion.OPEN:
        return ""
    return f"数据截至{reminder.round.last_day.month}月{reminder.round.last_day.day}日。目标、预算、上季数已带出。"


def unit_head(reminder: Reminder, due: str, unit: str, fillers: tuple[str, ...], projects: int) -> Card:
    """To the head of a unit that is late."""
    return Card(
        name="remind.unit_head",
        title=f"{unit}逾期 {reminder.days_late} 天",
        lead=f"附表1 {due}",
        tone=Tone.BAD,
        rows=(Row("没报", f"{projects} 个项目"), Row("经办", names(fillers))),
        text="已经提醒过经办人。您也可以自己填，填了算您报的。",
        buttons=(Button("status", "看哪些没报", Style.PRIMARY), Button("fill", "我来填")),
    )


def unit_above(
    reminder: Reminder, due: str, unit: str, fillers: tuple[str, ...], projects: int, unit_id: str
) -> Card:
    """To the level above a late unit whose head fills its forms: nobody in the unit can press for them (F11)."""
    return Card(
        name="remind.unit_above",
        title=f"{unit}逾期 {reminder.days_late} 天",
        lead=f"附表1 {due}",
        tone=Tone.BAD,
        rows=(Row("没报", f"{projects} 个项目"), Row("经办", names(fillers))),
        text="经办人就是单位负责人，单位里没有别人可催，所以直接告诉您。",
        buttons=(Button(f"nudge:{unit_id}", "催一下", Style.PRIMARY), Button("status", "看全部")),
    )


def unreachable(due: str, people: Sequence[tuple[str, str]]) -> Card:
    """To the budget office: whom the reminder could not reach (T21)."""
    more = (Row("另有", f"{len(people) - 6} 人"),) if len(people) > 6 else ()
    return Card(
        name="remind.unreachable",
        title=f"{len(people)} 个经办人联系不上",
        lead=f"附表1 {due}",
        tone=Tone.WARN,
        rows=(*(Row(name, words, "✕") for name, words in people[:6]), *more),
        text="他们没有可用的账号，提醒没有发出。请让管理员补账号，或回“移交 原经办人 给 同事”。",
        buttons=(Button("status", "看进度"),),
    )


def awaiting(due: str, unit: str, forms: tuple[tuple[str, str], ...]) -> Card:
    """To a unit's head: what waits for a word, with a way to each form."""
    return Card(
        name="remind.awaiting",
        title=f"{unit}有 {len(forms)} 张附表1等您确认",
        lead=due,
        tone=Tone.WARN,
        rows=tuple(Row(str(n), name) for n, (_, name) in enumerate(forms[:6], 1)),
        text="您点“确认报送”，部门预算科才收到；按那一刻算按时还是逾期。",
        buttons=tuple(
            Button(f"ask:{subject}", short(name, 10), Style.PRIMARY) for subject, name in forms[:4]
        ),
    )


def office(
    title: str,
    due: str,
    *,
    late: tuple[Overdue, ...],
    missing: tuple[str, ...],
    deviating: tuple[Deviating, ...],
    department_id: str,
    can_nudge: bool,
    waiting: int = 0,
    begin: str = "",
) -> Card:
    """To the department's budget office: collected so far, who is missing, what deviates; ``begin`` is the
    report that can be consolidated now, empty while there is none."""
    rows = tuple(Row(o.unit, f"{o.projects} 个项目 · {o.filler}{_nudges(o)}", "✕") for o in late[:6])
    if missing and not late:
        rows = (Row("没报", names(missing, 4), "△"),)
    return Card(
        name="remind.office",
        title=title,
        lead=f"附表1 {due}",
        tone=Tone.BAD if late else Tone.WARN if missing or deviating else Tone.GOOD,
        rows=rows + _deviating_rows(deviating),
        buttons=(
            *((Button(f"nudge:{department_id}", "催没交的", Style.PRIMARY),) if can_nudge else ()),
            *((Button("review", "审表"),) if waiting else ()),
            *(
                (Button(f"consolidate:{begin}", "去汇总", Style.PLAIN if can_nudge else Style.PRIMARY),)
                if begin
                else ()
            ),
            Button("status", "看全部"),
        ),
    )


def head(
    department: str,
    due: str,
    *,
    late: tuple[Overdue, ...],
    deviating: tuple[Deviating, ...],
    days_late: int,
    department_id: str,
    days_to_finance: int,
) -> Card:
    """To the department head: at most one a day, everything merged (UX §4.3)."""
    parts = []
    if late:
        parts.append(f"{len({o.unit for o in late})} 个单位逾期")
    if deviating:
        parts.append(f"{len({d.project for d in deviating})} 个项目可能完不成")
    rows = tuple(
        Row(o.unit, f"{o.filler} · {o.projects} 个项目 · 逾期 {o.days or days_late} 天{_nudges(o)}", "✕")
        for o in late[:5]
    )
    nudge = (Button(f"nudge:{department_id}", "一键催办", Style.PRIMARY),) if late else ()
    return Card(
        name="remind.head",
        title=f"{department} {'，'.join(parts)}",
        lead=f"附表1 {due}",
        tone=Tone.BAD,
        rows=rows + _deviating_rows(deviating),
        text=f"20日内要报财政，还剩 {days_to_finance} 天。" if days_to_finance > 0 else "",
        buttons=(*nudge, Button("status", "看全部")),
    )


def _nudges(overdue: Overdue) -> str:
    pressed = f" · 已催 {overdue.nudges} 次" if overdue.nudges else ""
    return pressed + (" · 未打开过" if overdue.unopened else "")


def _deviating_rows(deviating: tuple[Deviating, ...]) -> tuple[Row, ...]:
    rows = tuple(
        Row(d.project, short(d.finding.sentence, 60), MARK_BY_LEVEL[d.finding.level]) for d in deviating[:5]
    )
    more = len(deviating) - len(rows)
    return (*rows, Row("另有", f"{more} 处偏离，见“看全部”")) if more > 0 else rows


def calendar_missing(year: int) -> Card:
    """To the administrator: next year's holidays are not known here yet (C05)."""
    return Card(
        name="remind.calendar",
        title=f"{year}年放假安排还没有录入",
        tone=Tone.WARN,
        text=(
            f"国务院办公厅公布后，请把{year}年的放假、调休日补进 workdays.toml。"
            f"没补之前，{year}年的期限按周末推算，并在卡片上注明。"
        ),
    )


def extended(round_label: str, due: str, notice_no: str) -> Card:
    """To somebody who was told they were late, before finance moved the date (C09)."""
    return Card(
        name="remind.extended",
        title=f"已延期至{due}",
        lead=f"{round_label} 附表1",
        tone=Tone.GOOD,
        text=f"依据{notice_no}。此前的逾期提醒作废，逾期标记已重算。",
        buttons=(FILL,),
    )
