"""What happens inside units and between them and their budget office in a rehearsed year: leave, projects offered to a
colleague, forms taken back and filed again, forms reviewed and sent back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from regulation.deadlines import Annex, Deadline, deadline
from regulation.roster import Project, Role, Roster
from regulation.rounds import MonitoringRound
from regulation.workdays import Workdays
from rehearsal.behaviour import SHANGHAI, Manner, Step
from rehearsal.offices import OfficeStep, Part


class Matter(StrEnum):
    """What comes up in a unit; at most one of these in a round."""

    NOTHING = ""
    LEAVE = "请假代班"
    CALLED_OFF = "不请假了"
    TAKEN = "移交"
    DECLINED = "没接"
    KEPT = "不移交了"
    UNANSWERED = "没人答"


#: out of a hundred units in one round.
WEIGHTS = {
    Matter.NOTHING: 74,
    Matter.LEAVE: 8,
    Matter.CALLED_OFF: 3,
    Matter.TAKEN: 6,
    Matter.DECLINED: 4,
    Matter.KEPT: 3,
    Matter.UNANSWERED: 2,
}
OFFERS = (Matter.TAKEN, Matter.DECLINED, Matter.KEPT, Matter.UNANSWERED)
#: of the forms filed at once: how many are taken back the same hour, and how many the office sends back.
WITHDRAWN, RETURNED = 0.05, 0.06
WITHDRAWAL, REVIEW, RETURN = "撤回再报", "审表接收", "退回附表1"


@dataclass(frozen=True, slots=True)
class Inside:
    """The year as people really file it, what else they do, and who did whose work on which days."""

    steps: tuple[Step, ...]
    others: tuple[OfficeStep, ...]
    away: tuple[tuple[str, str, date, date], ...]  # clerk, who stands in, first and last day
    moved: tuple[tuple[str, str, datetime], ...] = ()  # project, who took it, when
    offered: tuple[tuple[str, str], ...] = ()  # project, who was asked to take it


class _Year:
    """Draws what happens; everything from one seed."""

    def __init__(self, roster: Roster, planned: Sequence[Step], seed: int, workdays: Workdays) -> None:
        self.roster, self.planned, self.workdays = roster, planned, workdays
        self.random = Random(f"units:{seed}")
        self.department = {unit.id: unit.department_id for unit in roster.units}
        self.heads = self._holders(Role.UNIT_HEAD)
        self.offices = self._holders(Role.BUDGET_OFFICE)
        self.by: dict[tuple[int, int], str] = {}  # (quarter, step number) of a planned step -> who does it
        self.fillers = {project.id: project.filler_id for project in roster.projects}
        self.others: list[OfficeStep] = []
        self.away: list[tuple[str, str, date, date]] = []
        self.answers: list[Step] = []
        self.moved: list[tuple[str, str, datetime]] = []
        self.offered: list[tuple[str, str]] = []

    def _holders(self, role: Role) -> dict[str, str]:
        return {d.scope_id: p.id for p in self.roster.people for d in p.duties if d.role is role}

    def play(self, round: MonitoringRound) -> None:
        """One round: first what comes up in units, then what is taken back and sent back."""
        due = deadline(round, Annex.UNIT, self.workdays)
        mine = [step for step in self.planned if step.round == round]
        for unit in self.roster.units:
            self._unit(unit.id, round, due, [s for s in mine if s.project.unit_id == unit.id])
        for step in mine:
            self.by.setdefault((round.quarter, step.number), self.fillers[step.project.id])
        self._forms(round, due, mine)

    def _unit(self, unit_id: str, round: MonitoringRound, due: Deadline, mine: list[Step]) -> None:
        matter = self.random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        projects = [p for p in self.roster.projects if p.unit_id == unit_id]
        clerk, head = projects[0].filler_id, self.heads[unit_id]
        if any(self.fillers[p.id] != clerk for p in projects):
            return  # one of them has moved already
        if matter in (Matter.LEAVE, Matter.CALLED_OFF):
            self._leave(clerk, head, round, due, mine, called_off=matter is Matter.CALLED_OFF)
        free = [p for p in projects if all(s.at.date() > due.opens for s in mine if s.project == p)]
        if matter in OFFERS and free:
            self._offer(matter, self.random.choice(free), head, round, due)

    def _leave(
        self,
        clerk: str,
        head: str,
        round: MonitoringRound,
        due: Deadline,
        mine: list[Step],
        *,
        called_off: bool,
    ) -> None:
        first, last = (self.workdays.shift(due.opens, days) for days in (1, 3))
        asks = (
            Part(clerk, f"请假 {first.month}月{first.day}日到{last.month}月{last.day}日"),
            Part(clerk, verb="cover"),
            Part(head, verb="cover_yes"),
        )
        if called_off:
            self._do(round, due, Matter.CALLED_OFF, *asks, Part(clerk, "不请假了"))
            return
        self._do(round, due, Matter.LEAVE, *asks)
        self.away.append((clerk, head, first, last))
        for step in mine:
            if first <= step.at.date() <= last:
                self.by[round.quarter, step.number] = head

    def _offer(
        self, matter: Matter, project: Project, head: str, round: MonitoringRound, due: Deadline
    ) -> None:
        clerk = project.filler_id
        answers = {
            Matter.TAKEN: (Part(head, verb="take"),),
            Matter.DECLINED: (Part(head, verb="decline"),),
            Matter.KEPT: (Part(clerk, verb="keep"),),
        }
        ask = (Part(clerk, f"不归我填 {round.code}:{project.id}"), Part(clerk, verb="give"))
        self._do(round, due, matter, *ask, *answers.get(matter, ()), of=project)
        self.offered.append((project.id, head))
        if matter is Matter.TAKEN:
            self.fillers[project.id] = head
            self.moved.append((project.id, head, self.others[-1].at))

    def _forms(self, round: MonitoringRound, due: Deadline, mine: list[Step]) -> None:
        review = _at(self.workdays.shift(due.late_after, 2), 15, 0)
        at_once = [s for s in mine if s.manner is Manner.PROMPT and s.at < review]
        parts: tuple[Part, ...]
        for step in at_once:
            chance, who = self.random.random(), self.by[round.quarter, step.number]
            if chance < WITHDRAWN:
                parts = (Part(who, f"撤回 {round.code}:{step.project.id}"), Part(who, "确认提交"))
                back = _step(step.at + timedelta(minutes=2), round, WITHDRAWAL, parts)
                self.others.append(replace(back, form=step.project.id))
            elif chance < WITHDRAWN + RETURNED:
                self._sent_back(step, review)
        for office in self.offices.values():
            one = (Part(office, "审表"), Part(office, verb="see"), Part(office, verb="receive"))
            parts = (Part(office, "审表"), Part(office, verb="receive_all"), *one)
            self.others.append(_step(review + timedelta(minutes=30), round, REVIEW, parts))

    def _sent_back(self, step: Step, review: datetime) -> None:
        """The office sends it back; whoever fills it then answers the next workday, with the same figures."""
        office = self.offices[self.department[step.project.unit_id]]
        why = {"reason": "数字请和台账核对后再报", "field": "", "due": ""}
        parts = (
            Part(office, f"审表 {step.project.name}"),
            Part(office, verb="return", on=f"（{int(step.project.id[1:])}）"),
            Part(office, verb="send_back", answers=why),
            Part(office, verb="send_back_sure"),
        )
        self.others.append(replace(_step(review, step.round, RETURN, parts), form=step.project.id))
        day = self.workdays.shift(review.date(), 1)
        again = replace(step, at=_at(day, 10, int(step.project.id[1:]) % 50), correction=True, returned=True)
        self.answers.append(replace(again, by=self.fillers[step.project.id]))

    def _do(
        self, round: MonitoringRound, due: Deadline, matter: Matter, *parts: Part, of: Project | None = None
    ) -> None:
        minute = len(self.others) % 50
        self.others.append(
            replace(
                _step(_at(due.opens, 9, 2 + minute), round, matter.value, parts), form=of.id if of else ""
            )
        )


def inside(roster: Roster, planned: Sequence[Step], seed: int, workdays: Workdays) -> Inside:
    """The planned filings with who really does them, and everything that happens around them."""
    year = _Year(roster, planned, seed, workdays)
    for round in sorted({step.round for step in planned}):
        year.play(round)
    steps = [replace(s, by=year.by[s.round.quarter, s.number]) for s in planned] + year.answers
    away, moved, offered = tuple(year.away), tuple(year.moved), tuple(year.offered)
    return Inside(tuple(_numbered(steps)), tuple(year.others), away, moved, offered)


def _numbered(steps: Sequence[Step]) -> Iterator[Step]:
    ordered = sorted(steps, key=lambda step: (step.at, step.project.id))
    return (replace(step, number=n) for n, step in enumerate(ordered))


def _step(at: datetime, round: MonitoringRound, name: str, parts: tuple[Part, ...]) -> OfficeStep:
    return OfficeStep(0, at, round, name, "", parts)


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)
