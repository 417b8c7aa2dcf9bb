"""The application as a process that may be killed at any time: forked at once, or the command as it is typed."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from rehearsal.live import child
from sandbox.clock import GLANCE, SharedClock

ROOT = Path(__file__).parents[2]
#: loaded once, before the first process is forked from what has loaded them.
PRELOAD = (
    child.__name__,
    "platforms.dingtalk",
    "platforms.wecom.platform",
    "alembic.command",
    "uvicorn.loops.auto",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
    "websockets.asyncio.client",
)


@dataclass(frozen=True, slots=True)
class Given:
    """What a process is started with. At the pass ``fail_at`` of a failpoint it kills itself."""

    clock: Path
    settings: Mapping[str, Any]
    log: Path
    fail_at: str = ""


class Application(Protocol):
    """A running one; started by making it."""

    def tick(self) -> None: ...  # the clock was set: act on it
    def ticked(self, seconds: float) -> bool: ...  # waits about so long at most
    def ended(self, seconds: float) -> bool: ...  # by itself; waits so long at most
    def kill(self) -> None: ...  # SIGKILL


Start = Callable[[Given], Application]


class Forked:
    """The same runner in a process that is there in no time, and ticks when it is told to."""

    def __init__(self, given: Given) -> None:
        self._orders, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(PRELOAD))
        told = (given.clock, given.settings, theirs, given.log, given.fail_at)
        self._process = context.Process(target=child.run, args=told, daemon=True)
        self._process.start()
        theirs.close()

    def tick(self) -> None:
        """See above."""
        self._orders.send(child.TICK)

    def ticked(self, seconds: float) -> bool:
        """See above; also says that it has started."""
        return self._orders.poll(seconds) and self._orders.recv() == child.TICKED

    def ended(self, seconds: float) -> bool:
        """See above."""
        self._process.join(seconds)
        return not self._process.is_alive()

    def kill(self) -> None:
        """See above."""
        self._process.kill()
        self._process.join()
        self._orders.close()


class Typed:
    """``jixiao run``, set by its environment alone; it sees by itself that the clock was set, and always ticks on
    starting."""

    def __init__(self, given: Given) -> None:
        self._clock = SharedClock(given.clock)
        self._clock.beside.unlink(missing_ok=True)
        with given.log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=given.log.parent,
                env=_environment(given),
                stdout=log,
                stderr=log,
            )

    def tick(self) -> None:
        """Nothing to be said."""

    def ticked(self, seconds: float) -> bool:
        """Whether it has come as far as the clock; waits as long as it comes any nearer."""
        patience, last = time.monotonic() + seconds, self._clock.reached()
        while last is None or last.at < self._clock.now():
            if time.monotonic() > patience or self._process.poll() is not None:
                return False
            time.sleep(GLANCE)
            if (now := self._clock.reached()) != last:
                patience, last = time.monotonic() + seconds, now
        return True

    def ended(self, seconds: float) -> bool:
        """See above."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """See above."""
        self._process.kill()
        self._process.wait()


def _environment(given: Given) -> dict[str, str]:
    """An operator's: nothing of ours but the settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JIXIAO_")}
    own = {
        f"JIXIAO_{name.upper()}": str(value) for name, value in given.settings.items() if value is not None
    }
    fail = {"JIXIAO_FAIL": given.fail_at} if given.fail_at else {}
    return {**clean, "PYTHONPATH": str(ROOT), **own, "JIXIAO_CLOCK": str(given.clock), **fail}
