"""A year played: the virtual clock, the people's steps, the real engine and storage, and what was checked."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from bot.app import App, Arrived
from bot.law import Here, Law, shipped_law
from intake.demo import district
from regulation.roster import Roster
from regulation.rounds import MonitoringRound
from regulation.workdays import Workdays
from rehearsal import chaos as monkey
from rehearsal.behaviour import SHANGHAI, Manner, Step, steps
from rehearsal.crowd import Crowd, NoFiles, recorded
from rehearsal.invariants import Evidence, Verdict, check_all
from rehearsal.office_invariants import check_offices
from rehearsal.offices import OfficeStep, Part, numbered, office_steps
from rehearsal.reporters import Reporting, Way, reportings
from rehearsal.telling import tell
from rehearsal.unit_invariants import check_units
from rehearsal.units import Inside, inside
from storage.store import Store

#: a message id names its step and what part of it, so a step taken up again after a kill is recognised.
PARTS = ("open", "wrong", "answers", "accept", "texts", "submit", "again")


#: messages that go out together.
TOGETHER = 200

Moment = tuple[datetime, Step | Reporting | OfficeStep | None]
KINDS = (Step, Reporting, OfficeStep)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be played and where it is kept."""

    folder: Path
    year: int
    units: int
    seed: int
    projects: int = 0  # of every unit; 0: two or three

    def roster(self) -> Roster:
        """The generated district."""
        if not self.projects:
            return district(self.units, self.seed, self.year)
        return district(self.units, self.seed, self.year, projects_per_unit=(self.projects, self.projects))

    @property
    def database(self) -> Path:
        """The rehearsal's database file."""
        return self.folder / "year.sqlite"

    @property
    def record(self) -> Path:
        """What people saw."""
        return self.folder / "crowd.jsonl"

    @property
    def progress(self) -> Path:
        """How many moments have been played, for going on after a kill."""
        return self.folder / "progress.txt"


@dataclass(frozen=True, slots=True)
class Cast:
    """Everything people are going to do in the year."""

    inside: Inside
    reports: list[Reporting]
    others: list[OfficeStep]


def cast(plan: Plan, roster: Roster, workdays: Workdays) -> Cast:
    """The same for the same plan."""
    what = (roster, plan.year, plan.seed, workdays)
    reports = reportings(*what)
    within = inside(roster, steps(*what), plan.seed, workdays)
    return Cast(within, reports, numbered([*office_steps(reports, *what), *within.others]))


class Playing:
    """The year in the hands of one process; a new one goes on where a killed one stopped."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.law: Law = shipped_law()
        self.store = Store(f"sqlite:///{plan.database}")
        self.store.migrate()
        self.roster = plan.roster()
        self.crowd = Crowd(plan.record)
        self.app = App(self.store, {self.crowd.name: self.crowd}, NoFiles(), self.law)
        with self.store.begin() as tx:
            if tx.kind() is None:
                tx.set_kind("rehearsal", _start(plan.year), "rehearsal")
                tx.import_roster(self.roster, _start(plan.year), "rehearsal")

    def timeline(self) -> list[Moment]:
        """Every planned moment of the clock and every step of the people, in order of time."""
        moments: list[Moment] = []
        with self.store.read() as tx:
            for quarter in (2, 3):
                round = MonitoringRound(self.plan.year, quarter)
                here = Here(tx, self.law, _noon(round.last_day + timedelta(days=1)))
                moments += [(at, None) for at in sorted({r.at for r in here.plan_of(round)})]
        planned = cast(self.plan, self.roster, self.law.workdays)
        moments += [(step.at, step) for step in planned.inside.steps]
        moments += [(one.at, one) for one in planned.reports]
        moments += [(step.at, step) for step in planned.others]
        moments += [(at, None) for at in _mornings(self.plan.year, self.law.workdays)]
        return sorted(moments, key=_order)

    async def go_on(self) -> Iterator[int] | None:
        """Play from where it stopped to the end."""
        timeline = self.timeline()
        done = _done(self.plan.progress)
        for number in range(done, len(timeline)):
            at, step = timeline[number]
            if step is None:
                self.app.tick(at)
                await self._flush(at)
            elif isinstance(step, OfficeStep):
                await self._office(step)
            elif isinstance(step, Reporting):
                await self._report(step)
            else:
                await self._step(step)
            if number % 20 == 0:
                _mark(self.plan.progress, number)
        last = timeline[-1][0] + timedelta(hours=2)
        self.app.retry(last)
        await self._flush(last)
        _mark(self.plan.progress, len(timeline))
        return None

    def close(self) -> None:
        """Let go of the files."""
        self.store.close()
        self.crowd.close()

    async def _flush(self, at: datetime) -> None:
        """Everything that is due: fewer than asked for were the last."""
        while await self.app.flush(at, TOGETHER) >= TOGETHER:
            pass

    async def _step(self, step: Step) -> None:
        """One person files one form, the way they do."""
        times = 3 if step.manner is Manner.TWICE else 1
        order = ["open", "answers", "accept", "texts", "submit"]
        if step.manner is Manner.WRONG:
            order.insert(1, "wrong")
        if step.manner is Manner.DISORDER:
            order = ["open", "submit", "answers", "accept", "texts", "again"]
        if step.manner is Manner.BUSY:
            await self._deliver(step, "busy", {"type": "text", "text": "在办"}, 1)
        for part in order:
            payload = self._payload(step, part)
            if payload:
                await self._deliver(step, part, payload, times)

    async def _report(self, one: Reporting) -> None:
        """One department consolidates, and its head decides."""
        times = 3 if one.way is Way.TWICE else 1
        for part, person, what in one.script():
            payload: dict[str, Any] | None = {"type": "text", "text": what}
            if what.startswith("tap:"):
                action = what.removeprefix("tap:")
                shown = self.crowd.offering(person, action, f"{one.round.code}:{one.department_id}")
                payload = {"type": "tap", "token": shown.token, "action": action} if shown else None
            if payload:
                full = payload | {"user": person}
                arrived = Arrived(self.crowd.name, f"r{one.number}-{part}", full, one.at)
                self.app.handle_all((arrived,) * times)
                await self._flush(one.at)

    async def _office(self, step: OfficeStep) -> None:
        """One office does one thing, part by part, on whatever card it was shown last."""
        for number, part in enumerate(step.parts):
            payload = self._part(part)
            if payload:
                arrived = Arrived(self.crowd.name, f"o{step.number}-{number}", payload, step.at)
                self.app.handle_all((arrived,))
                await self._flush(step.at)

    def _part(self, part: Part) -> dict[str, Any] | None:
        if part.text:
            return {"type": "text", "user": part.who, "text": part.text}
        offered = self.crowd.offered(part.who, part.verb, part.on)
        if offered is None:
            return None
        tap = {"type": "tap", "user": part.who, "token": offered[0], "action": offered[1]}
        return tap | {"type": "fill", "answers": dict(part.answers)} if part.answers else tap

    async def _deliver(self, step: Step, part: str, payload: dict[str, Any], times: int) -> None:
        full = payload | {"user": step.by}
        arrived = Arrived(self.crowd.name, f"s{step.number}-{part}", full, step.at)
        self.app.handle_all((arrived,) * times)
        await self._flush(step.at)

    def _payload(self, step: Step, part: str) -> dict[str, Any] | None:
        answers = dict(step.answers)
        match part:
            case "open":
                word = "更正" if step.correction and not step.returned else "填报"
                return {"type": "text", "text": f"{word} {step.round.code}:{step.project.id}"}
            case "wrong":
                return {"type": "text", "text": "支出 NaN 1=约50"}
            case "answers":
                return self._page(step, answers) if step.by_page else self._line(answers)
            case "accept":
                return self._tap(step, "accept")
            case "texts":
                texts = "　".join(
                    f"{w}：{answers[k]}" for w, k in (("原因", "reason"), ("改进", "plan"), ("说明", "note"))
                )
                return {"type": "text", "text": texts.replace("　", " ")}
            case _:
                return {"type": "text", "text": "确认提交"}

    def _line(self, answers: dict[str, str]) -> dict[str, Any]:
        said = [f"到位={answers['arrived']}"]
        for key, text in answers.items():
            head, _, tail = key.partition(".")
            if head == "spent":
                said.append(f"支出{_SOURCES.get(tail, '')}={text}")
            elif head == "actual":
                said.append(f"{tail}={text}")
            elif head == "likely":
                said.append(f"可能{tail}={text}")
        return {"type": "text", "text": " ".join(said)}

    def _page(self, step: Step, answers: dict[str, str]) -> dict[str, Any] | None:
        shown = self.crowd.latest.get(step.by)
        if shown is None or "check" not in shown.actions:
            return self._line(answers)
        numbers = {key: text for key, text in answers.items() if key not in ("reason", "plan", "note")}
        return {"type": "fill", "token": shown.token, "action": "check", "answers": numbers}

    def _tap(self, step: Step, action: str) -> dict[str, Any] | None:
        shown = self.crowd.latest.get(step.by)
        if shown is None or action not in shown.actions:
            return None
        return {"type": "tap", "token": shown.token, "action": action}


_SOURCES = {
    "": "",
    "central": "中央",
    "provincial": "省级",
    "municipal": "市级",
    "district": "区级",
    "other": "其他",
}


def _order(moment: Moment) -> tuple[datetime, int, int]:
    """The clock before people; units, departments, finance; each in the order planned."""
    at, step = moment
    rank = next((n for n, kind in enumerate(KINDS, 1) if isinstance(step, kind)), 0)
    return at, rank, step.number if step else -1


def _mornings(year: int, workdays: Workdays) -> Iterator[datetime]:
    """When open orders are asked for again: half past nine of every workday of the summer and the autumn."""
    for month in (7, 8, 10, 11):
        days = (date(year, month, day) for day in range(1, 31))
        yield from (datetime.combine(d, time(9, 30), SHANGHAI) for d in days if workdays.is_workday(d))


def _start(year: int) -> datetime:
    return datetime(year, 6, 1, 9, 0, tzinfo=SHANGHAI)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, 0, tzinfo=SHANGHAI)


def _done(path: Path) -> int:
    return int(path.read_text() or 0) if path.exists() else 0


def _mark(path: Path, number: int) -> None:
    torn = path.with_suffix(".part")
    torn.write_text(str(number))
    torn.replace(path)


def rehearse_year(year: int, units: int, seed: int, *, chaos: bool, as_json: bool, projects: int = 0) -> int:
    """Play, check, print; 0 when every invariant holds, 1 otherwise."""
    with tempfile.TemporaryDirectory(prefix="jixiao-") as folder:
        plan = Plan(Path(folder), year, units, seed, projects)
        kills = _play(plan, chaos=chaos, quiet=as_json)
        outcome = _outcome(plan, kills)
    if as_json:
        print(json.dumps(outcome, ensure_ascii=False, indent=1, default=str))
    else:
        tell(outcome)
    return int(any(v["broken"] for v in outcome["invariants"]))


def _play(plan: Plan, *, chaos: bool, quiet: bool) -> int:
    """Through a supervised child process; how often it was killed."""
    console = Console(stderr=True, quiet=quiet)
    with Progress(console=console, disable=quiet or not console.is_terminal) as progress:
        bar = progress.add_task("演练", total=None)

        def say(done: int, total: int) -> None:
            progress.update(bar, completed=done, total=total)

        return monkey.supervise(
            plan.folder,
            (plan.year, plan.units, plan.seed, plan.projects),
            plan.progress,
            chaos=chaos,
            say=say,
        )


def _outcome(plan: Plan, kills: int) -> dict[str, Any]:
    playing = Playing(plan)
    shown = list(recorded(plan.record))
    planned = cast(plan, playing.roster, playing.law.workdays)
    all_steps, reports, office = planned.inside.steps, planned.reports, planned.others
    with playing.store.read() as tx:
        evidence = Evidence(
            playing.roster,
            all_steps,
            shown,
            tx,
            playing.law.workdays,
            kills,
            reports,
            playing.law.thresholds,
            planned.inside,
        )
        verdicts = [*check_all(evidence), *check_units(evidence), *check_offices(evidence, office)]
        counts = tx.inbox_counts()
    playing.close()
    per_person = Counter(s.user for s in shown)
    return {
        "year": plan.year,
        "units": plan.units,
        "seed": plan.seed,
        "projects": len(playing.roster.projects),
        "people": len(playing.roster.people),
        "kills": kills,
        "deliveries": sum(counts.values()),
        "messages": len(shown),
        "by_kind": dict(Counter(s.key.split(":")[0] for s in shown).most_common()),
        "offices": dict(Counter(s.name for s in office).most_common()),
        "ways": dict(Counter(one.way.value for one in reports).most_common()),
        "manners": dict(Counter(s.manner.value for s in all_steps).most_common()),
        "per_person": _spread(sorted(per_person.values())),
        "timeline": _days(shown),
        "invariants": [_shown(v) for v in verdicts],
    }


def _spread(values: list[int]) -> dict[str, int]:
    if not values:
        return {}
    return {"median": values[len(values) // 2], "p95": values[len(values) * 95 // 100], "most": values[-1]}


def _days(shown: list[Any]) -> list[dict[str, Any]]:
    unasked = [s for s in shown if s.key.split(":")[0] not in ("reply", "sorry")]
    days = Counter((s.at.date().isoformat(), s.key.split(":")[0]) for s in unasked)
    return [{"day": day, "kind": kind, "messages": n} for (day, kind), n in sorted(days.items())]


def _shown(verdict: Verdict) -> dict[str, Any]:
    return {"name": verdict.name, "checked": verdict.checked, "broken": list(verdict.broken)}


def main(folder: str, year: str, units: str, seed: str, projects: str) -> None:
    """The child process: play on until the end."""
    playing = Playing(Plan(Path(folder), int(year), int(units), int(seed), int(projects)))
    total = len(playing.timeline())
    (Path(folder) / "total.txt").write_text(str(total))
    asyncio.run(playing.go_on())
    playing.close()
