"""How fast we may go: calls a second for each interface, messages a minute for each person, notices a minute."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence

from pyrate_limiter import Duration, InMemoryBucket, Limiter, Rate
from pyrate_limiter.limiter import SingleBucketFactory

MINUTE = 60.0


class Pace:
    """Waits instead of being refused. In memory: what a restart forgets is one minute at most."""

    def __init__(self, qps: int, person_minute: int, notice_minute: int) -> None:
        self._qps, self._person = qps, person_minute
        self._calls: dict[str, _Turnstile] = {}
        self._people: dict[str, deque[float]] = {}
        self._notices = _Turnstile(notice_minute, Duration.MINUTE)

    async def call(self, interface: str) -> None:
        """One call of an interface."""
        if interface not in self._calls:
            self._calls[interface] = _Turnstile(self._qps, Duration.SECOND)
        await self._calls[interface].through(1)

    async def notices(self, people: int) -> None:
        """``people`` recipients of 工作通知."""
        await self._notices.through(people)

    def crowded(self, users: Sequence[str], now: float | None = None) -> frozenset[str]:
        """Those who have had their messages for this minute; for the others one more is counted."""
        at = time.monotonic() if now is None else now
        return frozenset(user for user in users if not self._one_more(user, at))

    def _one_more(self, user: str, at: float) -> bool:
        lately = self._people.setdefault(user, deque())
        while lately and at - lately[0] >= MINUTE:
            lately.popleft()
        if len(lately) >= self._person:
            return False
        lately.append(at)
        return True


class _Turnstile:
    """So many an interval. The bucket is emptied here: the library would start a thread for each."""

    def __init__(self, limit: int, interval: Duration) -> None:
        self._limit = limit
        self._bucket = InMemoryBucket([Rate(limit, interval)])
        self._limiter = Limiter(SingleBucketFactory(self._bucket, schedule_leak=False))

    async def through(self, weight: int) -> None:
        await self._limiter.try_acquire_async("one", weight=weight)
        if len(self._bucket.items) > 4 * self._limit:
            self._bucket.leak(self._bucket.now())  # type: ignore[no-untyped-call]
