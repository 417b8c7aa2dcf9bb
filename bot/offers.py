"""Projects offered to colleagues who have not answered, as the reminders say it to both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.owing import Owing
from bot.turn import Duty, World
from regulation.handovers import HandOverAsk
from regulation.rounds import MonitoringRound


@dataclass(frozen=True, slots=True)
class Offers:
    """The open questions about forms still owed, and the names of everybody and everything in them."""

    asks: tuple[HandOverAsk, ...]
    names: dict[str, str]

    @classmethod
    def of(cls, world: World, round: MonitoringRound, owed: Iterable[Duty]) -> Offers:
        """Those of the round that are about one of these forms."""
        projects = {duty.project_id: duty.project_name for duty in owed}
        asks = tuple(a for a in world.records.hand_over_asks(round) if a.project_id in projects)
        people = {who for ask in asks for who in (ask.giver_id, ask.taker_id)}
        known = ((who, world.records.person(who)) for who in sorted(people))
        return cls(asks, projects | {who: person.name if person else who for who, person in known})

    def given(self, person_id: str) -> tuple[str, ...]:
        """What this person offered, in words."""
        own = (ask for ask in self.asks if ask.giver_id == person_id)
        return tuple(f"{self.names[a.project_id]}已请{self.names[a.taker_id]}填，还没答" for a in own)

    def taken(self, person_id: str) -> tuple[tuple[str, str], ...]:
        """Who asks this person for what."""
        mine = (ask for ask in self.asks if ask.taker_id == person_id)
        return tuple((self.names[ask.giver_id], self.names[ask.project_id]) for ask in mine)

    def others(self, owing: Owing) -> tuple[str, ...]:
        """Who owes an answer and no form of their own."""
        filling = {owing.asked_of(duty) for duty in owing.to_fill}
        return tuple(dict.fromkeys(a.taker_id for a in self.asks if a.taker_id not in filling))
