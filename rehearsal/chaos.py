"""The child process that plays a year, and the monkey that kills it at random and starts it again."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

#: the monkey stops killing after this, so that the year ends.
MOST_KILLS = 12
POLL_SECONDS = 0.1


def supervise(
    folder: Path,
    plan: tuple[int, int, int, int],
    progress: Path,
    *,
    chaos: bool,
    say: Callable[[int, int], None],
) -> int:
    """Run the child until it ends well; how often it was killed. ``plan``: year, units, seed, projects of a unit.
    Raises RuntimeError when it fails by itself."""
    random = Random(f"monkey:{plan[2]}")
    arguments = (str(folder), *map(str, plan))
    kills = 0
    while True:
        child = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import sys; from rehearsal.year import main; main(*sys.argv[1:])",
                *arguments,
            ]
        )
        patience = random.uniform(2.0, 6.0) if chaos and kills < MOST_KILLS else float("inf")
        code = _watch(child, patience, lambda: say(*_progress(folder, progress)))
        if code == 0:
            return kills
        if code != -signal.SIGKILL:
            raise RuntimeError(f"the rehearsal's process ended with {code}")
        kills += 1


def _watch(child: subprocess.Popen[bytes], patience: float, look: Callable[[], None]) -> int:
    """The child's exit code; killed when patience runs out."""
    begun = time.monotonic()
    while child.poll() is None:
        time.sleep(POLL_SECONDS)
        look()
        if time.monotonic() - begun > patience:
            child.send_signal(signal.SIGKILL)
            return child.wait()
    return child.returncode


def _progress(folder: Path, progress: Path) -> tuple[int, int]:
    total = folder / "total.txt"
    if not (progress.exists() and total.exists()):
        return 0, 0
    return int(progress.read_text() or 0), int(total.read_text() or 0)
