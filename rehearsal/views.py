"""The rehearsal's rows as the simulator page shows them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from platforms.simulator.phones import Phones, Seen
from regulation.deadlines import Annex
from regulation.reminders import Audience, Occasion, Reminder
from regulation.roster import ROLE_LABELS, Person, Roster
from regulation.rounds import MonitoringRound
from regulation.workdays import Workdays
from web.ports import MessageView, Moment, PersonView

WHY = {
    Occasion.OPEN: "开始填报",
    Occasion.THREE_LEFT: "还剩3个工作日",
    Occasion.ONE_LEFT: "还剩1个工作日",
    Occasion.DUE_MORNING: "截止日上午",
    Occasion.DUE_AFTERNOON: "截止日下午",
    Occasion.PAST_OWN: "部门定的日期已过",
    Occasion.LATE: "逾期提醒",
    Occasion.COLLECTED: "收齐情况",
    Occasion.MEND: "退回的表到期",
    Occasion.GLANCE: "全区一眼",
    Occasion.CALENDAR: "放假安排待录入",
}
WHO = {
    Audience.FILLER: "经办人",
    Audience.UNIT_HEAD: "单位负责人",
    Audience.BUDGET_OFFICE: "预算科",
    Audience.DEPARTMENT_HEAD: "部门负责人",
    Audience.FINANCE_DIVISION: "归口业务处室",
    Audience.PERFORMANCE_OFFICE: "绩效科",
    Audience.ADMIN: "管理员",
    Audience.MENDER: "经办人",
}
WEEKDAYS = "一二三四五六日"


def weekday(day: date, workdays: Workdays) -> str:
    """``周四·上班`` / ``周六·休息``."""
    kind = "上班" if workdays.is_workday(day) else "休息"
    return f"周{WEEKDAYS[day.weekday()]}·{kind}"


def moments(planned: Iterable[Reminder]) -> list[Moment]:
    """Planned reminders of one instant as one line."""
    grouped: dict[datetime, dict[str, list[str]]] = {}
    for reminder in planned:
        what = ("" if reminder.annex is Annex.UNIT else "附表2、3 ") + WHY[reminder.occasion]
        grouped.setdefault(reminder.at, {}).setdefault(what, []).append(WHO[reminder.audience])
    return [Moment(at, _happening(group)) for at, group in grouped.items()]


def _happening(group: Mapping[str, Sequence[str]]) -> str:
    """``逾期提醒（经办人、单位负责人）；附表2、3 开始填报（预算科）``."""
    return "；".join(f"{what}（{'、'.join(dict.fromkeys(whom))}）" for what, whom in group.items())


def resends(rows: Sequence[Any], now: datetime) -> list[Moment]:
    """Messages that wait for their next try."""
    waiting = [row.due for row in rows if row.state == "waiting" and row.due > now]
    return [Moment(min(waiting), f"补发 {len(waiting)} 条")] if waiting else []


def notices(moment: datetime | None) -> list[Moment]:
    """The next notice the clock must look at."""
    return [Moment(moment, "定时通知，或第二人确认到时")] if moment else []


def people(roster: Roster, phones: Phones, cast: Sequence[str]) -> list[PersonView]:
    """The story's cast in its order, then everybody whose phone ever held anything: a phone that was read stays."""
    views = [_person(roster, person, phones) for person in roster.people if person.active]
    known = {*cast, *phones.users()}
    shown = [view for view in views if view.user in known]
    order = {user: n for n, user in enumerate(cast)}
    views = [replace(view, extra=view.user not in order) for view in shown]
    return sorted(views, key=lambda view: (order.get(view.user, len(order)), view.user))


def _person(roster: Roster, person: Person, phones: Phones) -> PersonView:
    user = dict(person.identities).get("simulator", person.id)
    duty = person.duties[0] if person.duties else None
    names = {
        thing.id: thing.name
        for group in (roster.units, roster.departments, roster.divisions)
        for thing in group
    }
    place = names.get(duty.scope_id, "区财政局") if duty else ""
    return PersonView(user, person.name, ROLE_LABELS[duty.role] if duty else "", place, phones.unread(user))


def messages(seen: Sequence[Seen], skin: str, saves: Mapping[int, str]) -> list[MessageView]:
    """One phone's lines in one skin; ``saves`` says after which line of all phones each save was made."""
    starts = _starts([s.seq for s in seen], saves)
    return [
        MessageView(
            s.seq,
            s.at,
            s.mine,
            s.payload if s.mine else s.drawn.get(skin, {}),
            s.payload if s.mine else s.card,
            tuple((name, file_id) for name, file_id in s.files),
            s.used,
            s.replaced,
            starts.get(s.seq, ""),
        )
        for s in seen
    ]


def _starts(lines: Sequence[int], saves: Mapping[int, str]) -> dict[int, str]:
    """The save to start again from after a line: the first one made after it, at the last line it follows."""
    lengths = sorted(saves)
    found: dict[str, int] = {}
    for line in lines:
        at = bisect_left(lengths, line)
        if at < len(lengths):
            found[saves[lengths[at]]] = line
    return {line: save for save, line in found.items()}


def act(payload: Mapping[str, Any]) -> str:
    """What somebody did, for the label of an automatic save."""
    return f"{payload.get('user', '')} {payload.get('type', '')}"


def outbox(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """The outbox as the inspector shows it."""
    return [
        {
            "编号": row.id,
            "收件": row.recipient or row.address,
            "键": row.key,
            "状态": row.state,
            "次数": row.tries,
            "到期": f"{row.due:%m-%d %H:%M}",
            "说明": row.error,
        }
        for row in rows
    ]


def inbox(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """The inbox as the inspector shows it."""
    return [
        {
            "编号": row.id,
            "来源": f"{row.source}:{row.key}",
            "状态": row.state,
            "次数": row.tries,
            "时间": f"{row.at:%m-%d %H:%M}",
            "原文": row.payload[:120],
        }
        for row in rows
    ]


def database(tx: Any, round: MonitoringRound) -> list[dict[str, Any]]:
    """Filings, open findings and the latest audit rows."""
    filings = [
        {
            "项目": d.project_name,
            "状态": d.filing.state,
            "版本": d.filing.version,
            "逾期": "是" if d.filing.late else "",
            "草稿": d.answered or "",
        }
        for d in tx.duties(round)
        if d.filing.version or d.answered
    ]
    findings = [
        {"项目": r.project_id, "字段": r.finding.field, "级别": r.finding.level, "说明": r.finding.sentence}
        for r in tx.findings(round)
    ]
    audit = [
        {"编号": a.id, "时间": f"{a.at:%m-%d %H:%M}", "谁": a.by, "动作": a.action, "对象": a.subject}
        for a in tx.audit_rows(30)
    ]
    return [
        {"table": f"已填的附表1（{round.label}）", "rows": filings},
        {"table": "未销的偏离", "rows": findings},
        {"table": "审计记录（最近30条）", "rows": audit},
    ]
