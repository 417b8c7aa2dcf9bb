"""What one round still owes on one day: by whom, since when, and in whose hands each form is (第九条(一))."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.turn import Duty, World
from regulation.covers import Cover, coverer
from regulation.filing import FilingState
from regulation.reporting import ReportAction, next_report_state
from regulation.returns import Return
from regulation.rounds import MonitoringRound

#: states in which a form is still to be filled by the unit.
OWING = (FilingState.NOT_STARTED, FilingState.DRAFT, FilingState.RETURNED)


@dataclass(frozen=True, slots=True)
class Owing:
    """``duties`` are all forms of the round, ``dated`` those sent back with a date of their own."""

    day: date
    duties: tuple[Duty, ...]
    dated: Mapping[str, Return]
    covers: tuple[Cover, ...]

    def asked_of(self, duty: Duty) -> str:
        """Who is asked today: the filler, or who stands in for them."""
        return coverer(self.covers, duty.filler_id)

    @property
    def outstanding(self) -> tuple[Duty, ...]:
        """What has not reached the department."""
        return tuple(d for d in self.duties if d.filing.state in (*OWING, FilingState.AWAITING_UNIT))

    @property
    def to_fill(self) -> tuple[Duty, ...]:
        """What the unit's own deadline asks for: a returned form goes by the date it was given."""
        return tuple(d for d in self.duties if d.filing.state in OWING and d.project_id not in self.dated)

    @property
    def awaiting(self) -> tuple[Duty, ...]:
        """What waits for a unit's head."""
        return tuple(d for d in self.duties if d.filing.state is FilingState.AWAITING_UNIT)

    @property
    def to_mend(self) -> tuple[tuple[Duty, Return], ...]:
        """What was sent back with a date."""
        return tuple((d, self.dated[d.project_id]) for d in self.duties if d.project_id in self.dated)

    def overdue(self) -> tuple[Duty, ...]:
        """What is late once the unit's deadline has passed; a returned form only when its own date has."""
        return tuple(
            d
            for d in self.outstanding
            if d.project_id not in self.dated or self.day > (self.dated[d.project_id].due or self.day)
        )


def look(world: World, round: MonitoringRound, day: date) -> Owing:
    """The round as it stands on that day."""
    records = world.records
    dated = {r.project_id: r for r in records.returns(round) if r.due}
    return Owing(day, tuple(records.duties(round)), dated, tuple(records.covers(day)))


def may_consolidate(world: World, department_id: str, round: MonitoringRound) -> bool:
    """Whether 附表2 and 附表3 lie with the budget office itself, so that 汇总 opens them."""
    state = world.records.report(department_id, round).state
    return next_report_state(state, ReportAction.SAVE) is not None


def several(duties: Iterable[Duty]) -> bool:
    """Whether they belong to more than one department: then each says which (S14)."""
    return len({d.department_id for d in duties}) > 1
