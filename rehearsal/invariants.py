"""What must hold of a rehearsed year whatever went wrong, told by people's own steps and what they saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from regulation.consolidation import consolidate
from regulation.deadlines import Annex, deadline
from regulation.roster import Role, Roster
from regulation.rounds import MonitoringRound
from regulation.thresholds import Thresholds, thresholds_on
from regulation.workdays import Workdays
from rehearsal.behaviour import Manner, Step
from rehearsal.crowd import Shown
from rehearsal.reporters import Reporting
from rehearsal.units import Inside

#: what we send unasked; replies to a person's own act may come at any hour.
UNASKED = (
    "remind:",
    "unit_late:",
    "office:",
    "head:",
    "calendar:",
    "nudge:",
    "alert:",
    "cleared:",
    "department:",
    "division:",
    "performance:",
)
WORKING = (time(8, 30), time(18, 0))


@dataclass(frozen=True, slots=True)
class Verdict:
    """One invariant: what it says, how many cases it was checked on, what broke it."""

    name: str
    checked: int
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything the checks look at."""

    roster: Roster
    steps: Sequence[Step]
    shown: Sequence[Shown]
    tx: Any  # a read transaction
    workdays: Workdays
    kills: int
    reports: Sequence[Reporting] = ()
    thresholds: tuple[Thresholds, ...] = ()
    inside: Inside = field(default_factory=lambda: Inside((), (), ()))


def check_all(evidence: Evidence) -> list[Verdict]:
    """Every invariant in order."""
    return [check(evidence) for check in CHECKS]


def _verdict(name: str, checked: int, broken: Iterable[str]) -> Verdict:
    return Verdict(name, checked, tuple(broken)[:10])


def _nothing_lost(e: Evidence) -> Verdict:
    """Every form somebody confirmed is stored with the figures they typed last."""
    last: dict[tuple[str, str], Step] = {}
    for step in e.steps:
        last[(step.project.id, step.round.code)] = step
    broken = []
    for (project, code), step in last.items():
        entries = e.tx.entries(project, step.round)
        said = dict(step.answers)
        wrong = [key for key in said if key in entries and not _same(entries[key].text, said[key])]
        if not entries or wrong:
            broken.append(f"{code}:{project} {step.manner} {'没有报上' if not entries else wrong}")
    return _verdict("一个数也没丢", len(last), broken)


def _same(stored: str, said: str) -> bool:
    return stored == said or stored.startswith("（")


def _nobody_twice(e: Evidence) -> Verdict:
    """No message reaches anybody twice, but for one per kill."""
    counts = Counter((s.user, s.key) for s in e.shown)
    twice = [f"{user} {key} ×{n}" for (user, key), n in counts.items() if n > 1]
    extra = sum(n - 1 for n in counts.values())
    return _verdict(
        f"没人收到重复消息（杀 {e.kills} 次，允许重复 {e.kills} 条，实际 {extra}）",
        len(e.shown),
        twice if extra > e.kills else (),
    )


def _only_who_owes(e: Evidence) -> Verdict:
    """A reminder to a filler finds something still owed, by our own account of receipts."""
    receipts = _first_receipts(e)
    back = {(r.project_id, r.round.code): r.at for round in _rounds(e) for r in _returns(e, round)}
    broken, checked = [], 0
    for s in e.shown:
        if not s.key.startswith("remind:"):
            continue
        checked += 1
        code = s.key.split(":")[1]
        left = [
            p
            for p in _asked_of(e, s.user, s.at)
            if receipts.get((p, code), s.at) >= s.at or back.get((p, code), s.at) < s.at
        ]
        if not left:
            broken.append(f"{s.at:%m-%d %H:%M} {s.user} {s.title}")
    return _verdict("不欠表的人没有收到催报", checked, broken)


def _asked_of(e: Evidence, user: str, at: datetime) -> list[str]:
    """The projects somebody may be asked about at that moment: their own, those they were offered, and those of whom
    they stand in for."""
    taken = {project: (who, since) for project, who, since in e.inside.moved}
    offered = {project for project, who in e.inside.offered if who == user}
    away = {clerk for clerk, who, first, last in e.inside.away if who == user and first <= at.date() <= last}
    found = []
    for project in e.roster.projects:
        who, since = taken.get(project.id, (project.filler_id, at))
        filler = who if at > since else project.filler_id
        if filler == user or filler in away or (project.id in offered and project.id not in taken):
            found.append(project.id)
    return found


def _returns(e: Evidence, round: MonitoringRound) -> Iterator[Any]:
    """The last return of every form that was ever sent back in that round."""
    found = (e.tx.last_return(project.id, round) for project in e.roster.projects)
    return (each for each in found if each)


def _first_receipts(e: Evidence) -> dict[tuple[str, str], datetime]:
    """When each form was first filed, by the storage's own revision row of version 1."""
    found = {}
    for step in e.steps:
        revisions = e.tx.revisions(step.project.id, step.round)
        if revisions:
            found[(step.project.id, step.round.code)] = min(r.at for r in revisions)
    return found


def _heads_once_a_day(e: Evidence) -> Verdict:
    """A department head hears at most one unasked message a day."""
    heads = {p.id for p in e.roster.people if p.has(Role.DEPARTMENT_HEAD)}
    fillers = {p.filler_id for p in e.roster.projects}
    counts = Counter(
        (s.user, s.at.date()) for s in e.shown if s.user in heads - fillers and s.key.startswith(UNASKED)
    )
    broken = [f"{user} {day} ×{n}" for (user, day), n in counts.items() if n > 1]
    return _verdict("部门负责人一天最多一条", len(counts), broken if len(broken) > e.kills else ())


def _quiet(e: Evidence) -> Verdict:
    """Nothing unasked on rest days or outside working hours."""
    unasked = [s for s in e.shown if s.key.startswith(UNASKED)]
    broken = [
        f"{s.at:%Y-%m-%d %H:%M} {s.user} {s.key}"
        for s in unasked
        if not e.workdays.is_workday(s.at.date())
        or not WORKING[0] <= s.at.timetz().replace(tzinfo=None) <= WORKING[1]
    ]
    return _verdict("休息日和夜里不打扰", len(unasked), broken)


def _late_is_late(e: Evidence) -> Verdict:
    """逾期 is marked exactly on forms first filed after the deadline."""
    broken, checked = [], 0
    for step in e.steps:
        if step.correction:
            continue
        checked += 1
        filing = e.tx.filing(step.project.id, step.round)
        due = deadline(step.round, Annex.UNIT, e.workdays)
        if filing.version and filing.late != (step.at.date() > due.late_after):
            broken.append(f"{step.round.code}:{step.project.id} late={filing.late}")
    return _verdict("逾期标记都对", checked, broken)


def _never_stays_open(e: Evidence) -> Verdict:
    """What nobody filed is not filed."""
    filed = {(s.project.id, s.round.code) for s in e.steps}
    rounds = sorted({s.round for s in e.steps})
    missing = [(p, r) for r in rounds for p in e.roster.projects if (p.id, r.code) not in filed]
    broken = [f"{r.code}:{p.id}" for p, r in missing if e.tx.filing(p.id, r).version]
    return _verdict("没报的没有变成已报", len(missing), broken)


def _heads_heard(e: Evidence) -> Verdict:
    """Every department with a late unit had its head told."""
    broken, checked = [], 0
    told = {
        (s.user, s.at.date() >= _due(e, r).late_after, r.code)
        for s in e.shown
        if s.key.startswith("head:")
        for r in _rounds(e)
    }
    units = {u.id: u.department_id for u in e.roster.units}
    for round in _rounds(e):
        late = {s.project.id for s in e.steps if s.manner is Manner.LATE and s.round == round}
        for department in {units[p.unit_id] for p in e.roster.projects if p.id in late}:
            for head in e.roster.people:
                if head.has(Role.DEPARTMENT_HEAD, department):
                    checked += 1
                    if (head.id, True, round.code) not in told:
                        broken.append(f"{round.code} {department} {head.id}")
    return _verdict("有逾期的部门，负责人都知道", checked, broken)


def _rounds(e: Evidence) -> list[MonitoringRound]:
    return sorted({s.round for s in e.steps})


def _due(e: Evidence, round: MonitoringRound) -> Any:
    return deadline(round, Annex.UNIT, e.workdays)


def _everything_went_out(e: Evidence) -> Verdict:
    """Nothing waits in the outbox, nothing is stuck in the inbox."""
    outbox, inbox = e.tx.outbox_counts(), e.tx.inbox_counts()
    broken = [f"outbox {state}={n}" for state, n in outbox.items() if state != "sent" and n]
    broken += [f"inbox {state}={n}" for state, n in inbox.items() if state != "done" and n]
    return _verdict("收发箱都清空了", sum(outbox.values()) + sum(inbox.values()), broken)


def _audit_whole(e: Evidence) -> Verdict:
    """The audit chain verifies from its first row to its last."""
    broken = e.tx.verify()
    return _verdict("审计链完整", e.tx.audit_count(), () if broken is None else (f"第 {broken} 条",))


def _reports_arrived(e: Evidence) -> Verdict:
    """Every department whose head agreed is with finance, 逾期 exactly when it was; nobody else is."""
    agreed = {(one.department_id, one.round): one for one in e.reports}
    broken, checked = [], 0
    for round in sorted({one.round for one in e.reports}):
        due = deadline(round, Annex.DEPARTMENT, e.workdays)
        for department in e.roster.departments:
            checked += 1
            one, report = agreed.get((department.id, round)), e.tx.report(department.id, round)
            late = one is not None and one.at.date() > due.late_after
            if bool(report.filed_at) != bool(one) or (one and report.late != late):
                broken.append(f"{round.code}:{department.id} {one.way if one else '没有报'} {report.state}")
    return _verdict("部门报的都到了财政，逾期标记都对", checked, broken)


def _reports_add_up(e: Evidence) -> Verdict:
    """The 预算执行率 a department filed is the sum of what its units had filed by then, counted anew by hand."""
    broken = []
    for one in e.reports:
        version = e.tx.report(one.department_id, one.round).version
        basis = e.tx.basis_at(one.department_id, one.round, version)
        entries = e.tx.report_entries(one.department_id, one.round, version)
        rules = thresholds_on(e.thresholds, one.round.last_day)
        shown = consolidate(basis, entries, rules, frozen=True).annex2.execution[1].actual
        stood, _ = e.tx.report_basis(one.department_id, one.round, version)
        spent = budget = Decimal(0)
        for project_id, form_version, _ in stood:
            if form_version:
                said = e.tx.entries(project_id, one.round, form_version)
                spent += sum((Decimal(v.value) for k, v in said.items() if k.startswith("spent")), Decimal(0))
                budget += e.tx.definition(project_id, one.round, form_version).budget_current
        exact = f"{(spent / budget * 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}%" if budget else "—"
        if shown != exact:
            broken.append(f"{one.round.code}:{one.department_id} {shown} 应是 {exact}")
    return _verdict("部门的执行率等于单位的数相加", len(e.reports), broken)


def _finance_told_once(e: Evidence) -> Verdict:
    """The division hears of each version its department filed, once, and of nothing before it was filed."""
    told = Counter(
        (s.user, s.key) for s in e.shown if s.name == "approval.arrived" and s.key.endswith(":filed")
    )
    divisions = {d.id: d.division_id for d in e.roster.departments}
    broken, checked = [], 0
    for one in e.reports:
        version = e.tx.report(one.department_id, one.round).version
        key = f"report:{one.round.code}:{one.department_id}:v{version}:filed"
        for person in e.roster.people:
            if person.active and person.has(Role.FINANCE_DIVISION, divisions[one.department_id]):
                checked += 1
                if not told[person.id, key]:
                    broken.append(f"{person.id} {key}")
    return _verdict("归口处室收到每一份报来的表", checked, broken)


CHECKS: tuple[Callable[[Evidence], Verdict], ...] = (
    _nothing_lost,
    _nobody_twice,
    _only_who_owes,
    _heads_once_a_day,
    _quiet,
    _late_is_late,
    _never_stays_open,
    _heads_heard,
    _reports_arrived,
    _reports_add_up,
    _finance_told_once,
    _everything_went_out,
    _audit_whole,
)
