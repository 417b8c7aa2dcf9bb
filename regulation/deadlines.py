"""Who owes which annex by when, and who may move that date (第十二、十三、十八条; DOMAIN §1.2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

from regulation.problems import Problem, problem
from regulation.rounds import MonitoringRound
from regulation.workdays import Workdays, is_weekend, short

#: A fixed offset (no summer time since 1991), so that no host's zone files can move a deadline.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


class Annex(StrEnum):
    """The two clocks, both counted from quarter end."""

    UNIT = "annex1"  # 附表1, T+10
    DEPARTMENT = "annex23"  # 附表2、3, T+20

    @property
    def label(self) -> str:
        """附表1 or 附表2、3."""
        return CLAUSES[self].forms


@dataclass(frozen=True, slots=True)
class Clause:
    """What the 办法 says about one clock."""

    article: str
    days: int  # 日, counted from the day after quarter end; calendar days, the text does not say 工作日
    forms: str
    receiver: str


CLAUSES = {
    Annex.UNIT: Clause("第十二条", 10, "附表1", "本部门预算管理机构"),
    Annex.DEPARTMENT: Clause("第十三条", 20, "附表2、3", "财政部门归口业务处室"),
}


@dataclass(frozen=True, slots=True)
class RoundOverride:
    """A date finance fixed for one round by notice."""

    round: MonitoringRound
    annex: Annex
    due: date
    notice_no: str


@dataclass(frozen=True, slots=True)
class DepartmentRule:
    """An earlier date a department set for itself in one round, by its own document (第十八条)."""

    department_id: str
    round: MonitoringRound
    annex: Annex
    due: date
    reference: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """One due date with its reasons. On time means received before 24:00 of ``late_after``, Asia/Shanghai.

    ``nominal`` is what people are told, ``target`` is what reminders aim at (never a rest day), and 逾期
    begins only after ``late_after``: both readings of a due date on a rest day are kept (DOMAIN §1.2).
    ``overall`` is the district's day where ``nominal`` is a department's own earlier one (第十八条)."""

    round: MonitoringRound
    annex: Annex
    opens: date
    nominal: date
    target: date
    late_after: date
    explanation: tuple[str, ...]  # which article, which rule, 按周末推算 where estimated
    estimated: bool
    notice_no: str = ""
    overall: date | None = None

    @property
    def last(self) -> date:
        """The day the district asks for, whatever a department set for itself."""
        return self.overall or self.nominal

    def own_passed(self, at: datetime) -> bool:
        """Whether a department's own earlier day is over while the district's is not."""
        return self.overall is not None and in_shanghai(at).date() > self.nominal and not self.is_late(at)

    def is_late(self, at: datetime) -> bool:
        """Whether something received at that instant is 逾期. Raises ValueError for a time without a zone."""
        return in_shanghai(at).date() > self.late_after

    def days_late(self, day: date) -> int:
        """Calendar days after ``late_after``; 0 while on time."""
        return max(0, (day - self.late_after).days)

    def workdays_left(self, day: date, workdays: Workdays) -> int:
        """Workdays after ``day`` up to ``target``: 1 the workday before, 0 on the day and later."""
        return workdays.count(day + timedelta(days=1), self.target)


def in_shanghai(at: datetime) -> datetime:
    """The same instant on a Beijing clock. Raises ValueError for a naive datetime: it could mean any hour."""
    if at.utcoffset() is None:
        raise ValueError(f"a time without a zone cannot be compared with a deadline: {at.isoformat()}")
    return at.astimezone(SHANGHAI)


def deadline(
    round: MonitoringRound,
    annex: Annex,
    workdays: Workdays,
    *,
    roll: bool = True,
    override: RoundOverride | None = None,
) -> Deadline:
    """The dates of one clock in one round.

    ``roll`` lets a last day that is a rest day end with the next workday (民法典 203). An ``override``
    replaces the counted date. Raises ValueError when it belongs to another round or clock."""
    if override and (override.round, override.annex) != (round, annex):
        raise ValueError(f"the override is for {override.round.code} {override.annex}")
    counted = round.last_day + timedelta(days=CLAUSES[annex].days)
    nominal = override.due if override else counted
    limit = Deadline(
        round=round,
        annex=annex,
        opens=opening(round, workdays),
        nominal=nominal,
        target=workdays.on_or_before(nominal),
        late_after=workdays.on_or_after(nominal) if roll else nominal,
        explanation=(),
        estimated=workdays.is_estimated(nominal),
        notice_no=override.notice_no if override else "",
    )
    return replace(limit, explanation=_explained(limit, counted, workdays))


def opening(round: MonitoringRound, workdays: Workdays) -> date:
    """The day a round opens: the first workday from 1 July, or the last workday of September, because
    National Day leaves two to four workdays before 10 October (DOMAIN §1.2)."""
    if round.quarter == 3:
        return workdays.on_or_before(round.last_day)
    return workdays.on_or_after(round.last_day + timedelta(days=1))


def override_for(
    overrides: tuple[RoundOverride, ...], round: MonitoringRound, annex: Annex
) -> RoundOverride | None:
    """The notice in force for that clock: the last one wins."""
    found = [each for each in overrides if (each.round, each.annex) == (round, annex)]
    return found[-1] if found else None


def closes(
    round: MonitoringRound,
    workdays: Workdays,
    *,
    roll: bool = True,
    overrides: tuple[RoundOverride, ...] = (),
) -> date:
    """The last day on which a unit may correct a filed 附表1 by itself.

    The 办法 does not say. Decision: as long as the department itself may still report on time, that is its
    own ``late_after``; afterwards the figures stand in 附表2、3 and only the budget office can return it."""
    return max(
        deadline(round, annex, workdays, roll=roll, override=override_for(overrides, round, annex)).late_after
        for annex in Annex
    )


def round_at(day: date, workdays: Workdays) -> MonitoringRound:
    """The round being collected on that day: from the day it opens until the next one opens."""
    candidates = (
        MonitoringRound(day.year, 3),
        MonitoringRound(day.year, 2),
        MonitoringRound(day.year - 1, 3),
    )
    return next(round for round in candidates if opening(round, workdays) <= day)


def override_refused(override: RoundOverride, workdays: Workdays) -> Problem | None:
    """Why finance's date cannot be used: no notice number, or no workday of the next quarter before it."""
    if not override.notice_no.strip():
        return problem("deadline.no_notice")
    return _too_early(override.round, override.due, workdays)


def tightened(limit: Deadline, rule: DepartmentRule, workdays: Workdays) -> Deadline | Problem:
    """The deadline inside a department that set an earlier date; a later one is refused (第十八条).

    Reminders then aim at the department's date. 逾期 keeps its legal meaning: ``late_after`` stays, so no
    unit is recorded as late because of an internal rule. Raises ValueError for another clock."""
    if (rule.round, rule.annex) != (limit.round, limit.annex):
        raise ValueError(f"the rule is for {rule.round.code} {rule.annex}")
    if not rule.reference.strip():
        return problem("deadline.no_notice")
    if rule.due > limit.nominal:
        forms = CLAUSES[limit.annex].forms
        return problem("deadline.looser", forms=forms, limit=short(limit.nominal), due=short(rule.due))
    if early := _too_early(rule.round, rule.due, workdays):
        return early
    target = workdays.on_or_before(rule.due)
    sentence = (
        f"本部门按{rule.reference}提前到{workdays.label(rule.due)}（办法第十八条），"
        f"过了{short(limit.late_after)}才记逾期。"
    )
    return replace(
        limit,
        nominal=rule.due,
        target=target,
        explanation=(*limit.explanation, sentence),
        overall=limit.last,
    )


def inside(limit: Deadline, rules: tuple[DepartmentRule, ...], workdays: Workdays) -> Deadline:
    """The same inside a department with these dates; one that a notice has overtaken no longer counts."""
    for rule in rules:
        if (rule.round, rule.annex) == (limit.round, limit.annex):
            earlier = tightened(limit, rule, workdays)
            limit = earlier if isinstance(earlier, Deadline) else limit
    return limit


def _too_early(round: MonitoringRound, due: date, workdays: Workdays) -> Problem | None:
    if workdays.on_or_before(due) > round.last_day:
        return None
    return problem("deadline.too_early", due=short(due))


def _explained(limit: Deadline, counted: date, workdays: Workdays) -> tuple[str, ...]:
    clause = CLAUSES[limit.annex]
    sentences = [
        f"办法{clause.article}：{limit.round.short}终了后{clause.days}日内，"
        f"把{clause.forms}报送{clause.receiver}。",
        _dated(limit, counted, workdays),
        *_rest_day(limit, workdays),
        f"{short(limit.late_after)}24时前收到算按时，之后算逾期。",
    ]
    if limit.estimated:
        sentences.append(f"{limit.nominal.year}年节假日安排还没有录入，以上日期按周末推算。")
    return tuple(sentences)


def _dated(limit: Deadline, counted: date, workdays: Workdays) -> str:
    if limit.notice_no:
        return (
            f"财政部门{limit.notice_no}把截止日定为{workdays.label(limit.nominal)}，"
            f"原为{workdays.label(counted)}。"
        )
    first = limit.round.last_day + timedelta(days=1)
    days = CLAUSES[limit.annex].days
    return f"从{short(first)}起数第{days}日，截止日是{workdays.label(counted)}。"


def _rest_day(limit: Deadline, workdays: Workdays) -> tuple[str, ...]:
    """A last day on a weekend or holiday: a make-up workday stays, a rest day gets grace (民法典 203)."""
    day = limit.nominal
    if workdays.is_workday(day):
        if not is_weekend(day):
            return ()
        return (f"{short(day)}虽是周末，但调休上班（{workdays.notice(day.year)}），截止日不变。",)
    aimed = f"{short(day)}休息，请在{workdays.label(limit.target)}前报送，提醒按这一天安排。"
    if limit.late_after == day:
        return (aimed, f"本区不因休息日顺延，{short(day)}仍是最后一天。")
    grace = (
        f"最后一日是休息日的，休息日结束的次日为最后一日（参照民法典第二百零三条），"
        f"宽限到{workdays.label(limit.late_after)}。"
    )
    return (aimed, grace)
