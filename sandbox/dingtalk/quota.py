"""How many calls and pushes the month has left, how many a second takes, and who is banned for a while."""

from __future__ import annotations

from collections import Counter, deque
from datetime import datetime, timedelta

from sandbox.clock import Clock
from sandbox.dingtalk.refusals import Refused, too_fast, used_up
from sandbox.dingtalk.rules import Rules

BAN = timedelta(minutes=5)
BAN_WINDOW = timedelta(seconds=20)


class Banned(Exception):
    """The whole machine is shut out and gets a page instead of JSON."""


class Quota:
    """Counts by month; the windows are by API and by machine."""

    def __init__(self, clock: Clock, rules: Rules) -> None:
        self.clock = clock
        self.rules = rules
        self.calls: Counter[str] = Counter()
        self.pushes: Counter[str] = Counter()
        self._recent: dict[tuple[str, str], deque[datetime]] = {}
        self._sent: dict[str, deque[datetime]] = {}
        self._from_machine: deque[datetime] = deque()
        self._banned_until: datetime | None = None

    def month(self) -> str:
        """``202610``."""
        return f"{self.clock.now():%Y%m}"

    def admit(self, app: str, api: str) -> None:
        """A call may be looked at. Raises Refused beyond what a second takes."""
        now = self.clock.now()
        recent = self._recent.setdefault((app, api), deque())
        _forget(recent, now - timedelta(seconds=1))
        if len(recent) >= self.rules.qps:
            raise too_fast()
        recent.append(now)

    def knock(self) -> None:
        """A machine calls, whoever it is. Raises Banned when it has called too often."""
        now = self.clock.now()
        if self._banned_until and now < self._banned_until:
            raise Banned
        _forget(self._from_machine, now - BAN_WINDOW)
        self._from_machine.append(now)
        if len(self._from_machine) > self.rules.calls_per_ip:
            self._banned_until = now + BAN
            raise Banned

    def left(self) -> None:
        """Raises Refused when the month's calls are spent."""
        if self.calls[self.month()] >= self.rules.calls_a_month:
            raise used_up()

    def spend(self) -> None:
        """A call that counts was answered."""
        self.calls[self.month()] += 1

    def push(self) -> bool:
        """A push goes out; False when it is beyond the month's number."""
        self.pushes[self.month()] += 1
        return self.pushes[self.month()] <= self.rules.pushes_a_month

    def robot_has_room(self, robot: str) -> bool:
        """Whether one more person may get a message of that robot this minute; then it is counted."""
        sent = self._sent.setdefault(robot, deque())
        now = self.clock.now()
        _forget(sent, now - timedelta(minutes=1))
        if self.rules.sends_a_minute and len(sent) >= self.rules.sends_a_minute:
            return False
        sent.append(now)
        return True


def _forget(moments: deque[datetime], before: datetime) -> None:
    while moments and moments[0] <= before:
        moments.popleft()


__all__ = ["Banned", "Quota", "Refused"]
