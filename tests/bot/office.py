"""An office to try things in: the real application and storage on a virtual clock, and what each phone showed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from platforms.simulator.phones import Seen
from regulation.deadlines import SHANGHAI
from regulation.roster import Person, Roster
from regulation.rounds import MonitoringRound
from rehearsal import story
from rehearsal.stage import Stage
from storage.store import Store

Q2, Q3 = MonitoringRound(2026, 2), MonitoringRound(2026, 3)
#: one line that files 新桥小学校舍安全改造 with a red and a yellow finding.
SLOW = (
    "支出201.35 到位256 1=36 2=930 3同 4同 5=99 6同 7=6.4 8=1260 9=96 10=2 "
    "原因：招标晚，设备未到 改进：11月底前到货安装"
)
#: … and one with nothing to remark.
FINE = "支出240 到位256 1=46 2=2100 3同 4同 5=99 6同 7=6.1 8=1260 9=96 10=2 原因：无偏离 改进：按计划推进"


def moment(text: str) -> datetime:
    """``10-09 14:32`` of 2026, or a whole date, on a Beijing clock."""
    full = text if len(text) > 11 else f"2026-{text}"
    return datetime.fromisoformat(full).replace(tzinfo=SHANGHAI)


class Office:
    """A stage whose people can be made to say and tap things, one line each."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    # what people do
    def say(self, user: str, text: str) -> list[Seen]:
        """A line of chat; the cards it was answered with."""
        return self._deliver(user, {"type": "text", "user": user, "text": text})

    def send(self, payload: Mapping[str, Any]) -> list[Seen]:
        """Any payload, also one no phone would send."""
        return self._deliver(str(payload.get("user", "")), dict(payload))

    def tap(
        self, user: str, label: str, answers: Mapping[str, str] | None = None, *, on: str = ""
    ) -> list[Seen]:
        """The newest button of that label on the phone of ``on`` (the person's own), with what was filled in."""
        seen, action = self.button(on or user, label)
        payload = {"type": "tap", "user": user, "token": seen.token, "action": action}
        if answers is not None:
            payload |= {"type": "fill", "answers": dict(answers)}
        return self._deliver(user, payload)

    def _deliver(self, user: str, payload: dict[str, Any]) -> list[Seen]:
        before = self.stage.phones.length()
        asyncio.run(self.stage.deliver(payload))
        return [s for s in self.stage.phones.everything(before) if s.user == user and not s.mine and s.card]

    def clock(self, text: str) -> list[Seen]:
        """Time goes on to that moment; everything everybody was shown on the way."""
        before = self.stage.phones.length()
        asyncio.run(self.stage.set_clock(moment(text)))
        return [s for s in self.stage.phones.everything(before) if not s.mine and s.card]

    def file(self, user: str, line: str, form: str = "填报 校舍") -> list[Seen]:
        """Open, answer in one line, confirm; what the confirmation was answered with."""
        self.say(user, form)
        self.say(user, line)
        return self.say(user, "确认提交")

    # what can be seen
    def button(self, user: str, label: str) -> tuple[Seen, str]:
        """The newest card of that phone with that button, and the button's action."""
        for seen in reversed(self.stage.phones.messages(user)):
            for b in (seen.card.get("submit"), *seen.card.get("buttons", ())):
                if b and b["label"] == label:
                    return seen, str(b["action"])
        raise LookupError(f"{user}: {label}")

    def heard(self, user: str, prefix: str = "") -> list[Seen]:
        """The cards one phone showed so far, of one key prefix."""
        return [
            s for s in self.stage.phones.messages(user) if not s.mine and s.card and s.key.startswith(prefix)
        ]

    def filing(self, project: str = "p001", round: MonitoringRound = Q3):
        """Where a form is."""
        with self.stage.store.read() as tx:
            return tx.filing(project, round)

    def entries(self, project: str = "p001", round: MonitoringRound = Q3):
        """What is filed."""
        with self.stage.store.read() as tx:
            return tx.entries(project, round)

    def draft(self, user: str, project: str = "p001"):
        """What somebody has typed so far."""
        with self.stage.store.read() as tx:
            return tx.draft(project, Q3, user)

    def audited(self) -> int:
        """How many audit rows there are that say something was changed: sending and refusing change nothing."""
        with self.stage.store.read() as tx:
            rows = tx.audit_rows(10_000)
        return sum(
            not r.action.startswith(("message.", "reminder.acted", "card.refused", "table.read"))
            for r in rows
        )

    def unhandled(self) -> int:
        """How many deliveries wait or were put aside."""
        with self.stage.store.read() as tx:
            return sum(n for state, n in tx.inbox_counts().items() if state != "done")

    def close(self) -> None:
        """Let go of the database."""
        self.stage.close()


def titles(seen: list[Seen]) -> list[str]:
    """The title of each card."""
    return [str(s.card["title"]) for s in seen]


def words(seen: list[Seen]) -> str:
    """Everything those cards say, as one text."""
    return "\n".join(json.dumps(dict(s.card), ensure_ascii=False) for s in seen)


def of(roster: Roster, name: str) -> Person:
    """The person with that id."""
    return next(p for p in roster.people if p.id == name)


def without_second_quarter(roster: Roster):
    """A way to begin a stage with just this roster."""

    def prepare(store: Store) -> None:
        with store.begin() as tx:
            tx.set_kind("rehearsal", story.BEGINS, "demo")
            tx.import_roster(roster, story.BEGINS, "demo")

    return prepare


def open_office(
    folder: Path, roster: Roster, *, begins: str = "09-30 08:00", first: str = "10-08 09:00"
) -> Office:
    """An office of one's own with another roster, by default on the story's first morning."""
    office = Office(Stage(folder, begins=moment(begins), prepare=without_second_quarter(roster)))
    office.clock(first)
    return office


def with_person(roster: Roster, person: Person) -> Roster:
    """The roster with this person in place of the one of the same id."""
    return replace(roster, people=tuple(person if p.id == person.id else p for p in roster.people))
