"""How much may be sent when: below what 企业微信 drops without a word, and never on the hour or half hour."""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

#: the platform drops a person's 31st message of a minute and 1001st of an hour silently; ours stay well below (T14).
PER_MINUTE = 20
PER_HOUR = 900
#: within these minutes of an hour sending is slow for everybody; what nobody waits for goes a little later.
CROWDED = (0, 30)
#: over how many seconds after a crowded minute it is spread.
SPREAD_SECONDS = 300


#: the day's number is written after so many people, not after each.
WRITE_EVERY = 100


@dataclass(slots=True)
class Budget:
    """What one application sent each person in the last hour. ``per_day`` is for all people together; ``counted``
    adds to the day's number and gives it."""

    per_day: int
    counted: Callable[[str, int], int]
    _sent: dict[str, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))
    _day: str = ""
    _total: int = 0
    _unwritten: int = 0

    def wait(self, user: str, parts: int, at: datetime) -> int:
        """Seconds until so many messages may go to this person; 0: now."""
        sent = self._sent[user]
        while sent and at - sent[0] >= timedelta(hours=1):
            sent.popleft()
        return max(
            _until_free(sent, parts, PER_HOUR, timedelta(hours=1), at),
            _until_free(sent, parts, PER_MINUTE, timedelta(minutes=1), at),
        )

    def spend(self, user: str, at: datetime) -> None:
        """One message went to this person."""
        self._sent[user].append(at)

    def full_today(self, people: int, at: datetime) -> bool:
        """Whether so many more would be too many for this day."""
        self._turn_page(at)
        return self._total + people > self.per_day

    def spend_today(self, people: int, at: datetime) -> None:
        """One call reached so many people."""
        self._turn_page(at)
        self._total += people
        self._unwritten += people
        if self._unwritten >= WRITE_EVERY:
            self.write()

    def write(self) -> None:
        """What is not written yet; also when the process stops. Lost with it if killed: the number is our own."""
        if self._unwritten:
            self.counted(f"sent:{self._day}", self._unwritten)
            self._unwritten = 0

    def _turn_page(self, at: datetime) -> None:
        day = f"{at:%Y-%m-%d}"
        if day != self._day:
            self.write()
            self._day, self._total = day, self.counted(f"sent:{day}", 0)


def _until_free(sent: deque[datetime], parts: int, most: int, window: timedelta, at: datetime) -> int:
    """Seconds until ``parts`` more fit below ``most`` within the window."""
    recent = [moment for moment in sent if at - moment < window]
    over = len(recent) + min(parts, most) - most
    return int((recent[over - 1] + window - at).total_seconds()) + 1 if over > 0 else 0


def crowded(user: str, at: datetime) -> int:
    """Seconds to wait in a crowded minute, people spread over the next minutes; 0 in any other. One person's messages
    wait equally long, so they keep their order."""
    if at.minute not in CROWDED:
        return 0
    spread = int.from_bytes(hashlib.sha256(user.encode()).digest()[:4], "big") % SPREAD_SECONDS
    return 60 - at.second + spread


def until_tomorrow(at: datetime) -> int:
    """Seconds until 00:07 of the next day."""
    morning = (at + timedelta(days=1)).replace(hour=0, minute=7, second=0, microsecond=0)
    return int((morning - at).total_seconds())
