"""Writers of one process wait in the order they came. SQLite lets in whoever asks at the right moment, so that a busy
writer would keep the others out for seconds."""

from __future__ import annotations

from collections import deque
from threading import Lock

from storage.errors import StorageUnavailable


class Line:
    """``enter`` and ``leave`` around whatever only one may do."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock, self._taken = Lock(), False
        self._waiting: deque[Lock] = deque()

    def enter(self) -> None:
        """Returns when it is one's turn. Raises StorageUnavailable after ``seconds``."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if not mine.acquire(timeout=self._seconds):
            self._give_up(mine)

    def _give_up(self, mine: Lock) -> None:
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
                raise StorageUnavailable("busy", "the writers before this one did not end")

    def leave(self) -> None:
        """The next one's turn."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
