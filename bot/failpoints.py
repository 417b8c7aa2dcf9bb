"""Named places where a test may kill the process; nothing happens unless one is armed."""

from __future__ import annotations

import os
import signal
from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Armed:
    """What this process is to do at its failpoints, and how often it has passed each."""

    kill: str
    trace: str
    passed: Counter[str] = field(default_factory=Counter)


_armed = _Armed(os.environ.get("JIXIAO_FAIL", ""), os.environ.get("JIXIAO_FAIL_TRACE", ""))


def arm(*, kill: str = "", trace: str = "") -> None:
    """The same as the two environment variables, for a process that was forked from a prepared one."""
    _armed.kill, _armed.trace = kill, trace
    _armed.passed.clear()


def failpoint(name: str) -> None:
    """``JIXIAO_FAIL=name:n`` kills the process at the n-th pass; ``JIXIAO_FAIL_TRACE=file`` records every pass."""
    if not (_armed.kill or _armed.trace):
        return
    _armed.passed[name] += 1
    here = f"{name}:{_armed.passed[name]}"
    if _armed.trace:
        with open(_armed.trace, "a", encoding="utf-8") as trace:
            trace.write(here + "\n")
    if here == _armed.kill:
        os.kill(os.getpid(), signal.SIGKILL)
