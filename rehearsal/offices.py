"""What finance does with what departments file in a rehearsed year: review, return, rectify, adjust, announce."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from regulation.deadlines import Annex, deadline
from regulation.roster import Department, Project, Role, Roster
from regulation.rounds import MonitoringRound
from regulation.workdays import Workdays
from rehearsal.behaviour import SHANGHAI
from rehearsal.reporters import Reporting


class Verdict(StrEnum):
    """What finance makes of a department's report."""

    ACCEPT = "通过"
    RETURN = "退回"
    RECTIFY = "整改"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing one person does: a line, or a tap on their newest card that offers ``verb`` (and says ``on``)."""

    who: str
    text: str = ""
    verb: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    on: str = ""  # words of the card's title


@dataclass(frozen=True, slots=True)
class OfficeStep:
    """Something an office does at one moment, in parts."""

    number: int
    at: datetime
    round: MonitoringRound
    name: str
    department_id: str
    parts: tuple[Part, ...]
    form: str = ""  # the project it is about, where it is about one


def numbered(steps: Sequence[OfficeStep]) -> list[OfficeStep]:
    """In order of time, each with a number of its own."""
    ordered = sorted(steps, key=lambda step: (step.at, step.department_id, step.form))
    return [replace(step, number=n) for n, step in enumerate(ordered)]


def office_steps(
    reports: Sequence[Reporting], roster: Roster, year: int, seed: int, workdays: Workdays
) -> list[OfficeStep]:
    """Every step of finance and of the departments it deals with; the same for the same seed."""
    random = Random(f"offices:{seed}")
    departments = {each.id: each for each in roster.departments}
    steps = [step for quarter in (2, 3) for step in _notice(roster, MonitoringRound(year, quarter), workdays)]
    for one in reports:
        department = departments[one.department_id]
        division = next(p.id for p in roster.people if p.has(Role.FINANCE_DIVISION, department.division_id))
        steps += _reviewed(_Report(one, department, division, workdays), random, roster)
    return steps


@dataclass(frozen=True, slots=True)
class _Report:
    """One filed report and who deals with it."""

    one: Reporting
    department: Department
    division: str
    workdays: Workdays

    def step(self, days: int, name: str, *parts: Part) -> OfficeStep:
        """So many workdays after it was filed, each department at its own minute."""
        day = self.workdays.shift(self.one.at.date(), days)
        minute = int(self.department.id[1:]) % 200
        at = datetime.combine(day, time(10), SHANGHAI) + timedelta(minutes=minute)
        return OfficeStep(0, at, self.one.round, name, self.department.id, parts)


def _reviewed(report: _Report, random: Random, roster: Roster) -> Iterator[OfficeStep]:
    one, division, name = report.one, report.division, report.department.name
    look = Part(division, f"审核 {name}")
    if one.round.quarter == 3 and random.random() < 0.3:
        project = _of(roster, report.department, random)
        yield report.step(1, "申请调整", *_adjusts(one.office, project))
        yield report.step(2, "审定", Part(division, verb="adjust_approve", on=project.name))
    verdict = random.choices(list(Verdict), (7, 2, 2))[0]
    if verdict is Verdict.RECTIFY:
        demand = {"demand": "课桌椅等采购进度慢，请查明原因并补上", "due": ""}
        yield report.step(3, "整改通知", look, *_form(division, "order", demand))
        yield report.step(5, "反馈", *_form(one.office, "answer_order", {"answer": "已和供应商补签交货计划"}))
        yield report.step(6, "办结", *_form(division, "close_order", {"conclusion": "整改到位"}, name))
        return
    if verdict is Verdict.RETURN:
        why = {"reason": "附表2文字太简单，请写具体", "due": ""}
        yield report.step(3, "退回", look, *_form(division, "return_report", why))
        yield report.step(4, "重报", Part(one.office, "汇总"), Part(one.office, "报负责人审"))
        yield report.step(5, "再同意", Part(one.head, verb="report_approve"))
    yield report.step(6, "通过", look, Part(division, verb="accept_report"))


def _form(who: str, verb: str, answers: Mapping[str, str], on: str = "") -> tuple[Part, ...]:
    """A small form: opened, filled, confirmed."""
    return (
        Part(who, verb=verb, on=on),
        Part(who, verb=f"{verb}_check", answers=answers),
        Part(who, verb=f"{verb}_confirm"),
    )


def _adjusts(office: str, project: Project) -> tuple[Part, ...]:
    answers = {
        "target": "按调整后的计划完成",
        "cause": "policy",
        "reason": "上级政策调整，任务量减少",
        "change": "0",
    }
    return (
        Part(office, f"调整目标 {project.name}"),
        Part(office, verb="adjust_pick"),
        *_form(office, "adjust", answers),
    )


def _of(roster: Roster, department: Department, random: Random) -> Project:
    units = {unit.id for unit in roster.units if unit.department_id == department.id}
    return random.choice([project for project in roster.projects if project.unit_id in units])


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(10), SHANGHAI) + timedelta(minutes=minute)


def _notice(roster: Roster, round: MonitoringRound, workdays: Workdays) -> Iterator[OfficeStep]:
    """One notice a round to every budget office, agreed to by a second person of 绩效科 when it goes to many."""
    day = workdays.shift(deadline(round, Annex.UNIT, workdays).late_after, 1)
    office = [p.id for p in roster.people if p.has(Role.PERFORMANCE_OFFICE)]
    said = (
        f"标题：{round.short}附表2、3 报送安排 正文：请各部门按期汇总，口径为累计数，单位万元。 发给：预算科"
    )
    parts = (Part(office[0], "通知"), Part(office[0], said), Part(office[0], verb="notice_send"))
    yield OfficeStep(0, _at(day, 55), round, "通知", "", parts)
    if len(office) > 1:
        yield OfficeStep(0, _at(day, 58), round, "同意通知", "", (Part(office[1], verb="notice_agree"),))
    receives = [p.id for p in roster.people if p.has(Role.BUDGET_OFFICE)][::3]
    taps = tuple(Part(each, verb="received") for each in receives)
    yield OfficeStep(0, _at(workdays.shift(day, 1), 30), round, "收到", "", taps)
