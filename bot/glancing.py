"""The performance office at the end of a workday: the district in counts, only when something changed (UX §4.4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.cards import answers as cards
from bot.cards.answers import Glance
from bot.effects import Send
from bot.scopes import WITH_FINANCE
from bot.turn import World
from regulation.deadlines import SHANGHAI, Annex
from regulation.reminders import Reminder
from regulation.roster import Role
from regulation.rounds import MonitoringRound


def performance_office(reminder: Reminder, world: World, now: datetime) -> Iterator[Send]:
    """One card to each; the key carries what the card counts, so an unchanged day is silent."""
    seen = look(world, reminder.round, now)
    if not seen.forms:
        return
    state = f"{seen.filed}:{seen.reports}:{len(seen.overdue)}:{seen.late_reports}"
    card = cards.glance(seen, reminder.round, moment(now))
    for person in world.records.people_with(Role.PERFORMANCE_OFFICE, "*"):
        yield Send(person.id, card, f"glance:{reminder.round.code}:{state}")


def look(world: World, round: MonitoringRound, now: datetime) -> Glance:
    """The counts of that round now: finance sees these before anything is filed with it."""
    counts = world.records.unit_counts(round)
    names = {each.id: each.name for each in world.records.departments()}
    with_finance = {r.department_id for r in world.records.reports(round) if r.state in WITH_FINANCE}
    owed: dict[str, int] = {}
    for each in counts:
        owed[each.department_id] = owed.get(each.department_id, 0) + each.owed
    late = world.deadline(round, Annex.UNIT).is_late(now)
    overdue = tuple((names[each], count) for each, count in owed.items() if count and late)
    reports_late = world.deadline(round, Annex.DEPARTMENT).is_late(now)
    missing = [each for each in owed if each not in with_finance]
    return Glance(
        forms=sum(each.forms for each in counts),
        filed=sum(each.filed for each in counts),
        overdue=tuple(sorted(overdue, key=lambda line: -line[1])),
        departments=len(owed),
        reports=len(owed) - len(missing),
        late_reports=len(missing) if reports_late else 0,
    )


def moment(now: datetime) -> int:
    """202610121730: the moment of the data as the version of a picture."""
    return int(f"{now.astimezone(SHANGHAI):%Y%m%d%H%M}")
