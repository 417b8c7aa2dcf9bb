"""How often something happened lately: sliding windows, the shape of every limit of the platform."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


class Windows:
    """Times of happening by name."""

    def __init__(self) -> None:
        self._times: dict[str, deque[datetime]] = {}

    def within(self, name: str, now: datetime, span: timedelta) -> int:
        """How often within ``span`` before now."""
        return sum(now - at < span for at in self._times.get(name, ()) if at <= now)

    def hit(self, name: str, now: datetime, by: int = 1) -> None:
        """It happens now; what is older than a day is forgotten."""
        times = self._times.setdefault(name, deque())
        while times and now - times[0] > timedelta(days=1):
            times.popleft()
        times.extend([now] * by)

    def allows(self, name: str, now: datetime, limits: tuple[tuple[timedelta, int], ...]) -> bool:
        """Whether one more is within every limit; counted when it is."""
        if any(self.within(name, now, span) >= most for span, most in limits):
            return False
        self.hit(name, now)
        return True
