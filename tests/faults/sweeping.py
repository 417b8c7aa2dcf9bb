"""The failpoint sweep (RELIABILITY §3.2): the golden story once to list every pass, then once per pass with SIGKILL."""

from __future__ import annotations

import multiprocessing
import shutil
import signal
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.faults import golden_story
from tests.faults.golden_story import STEPS
from tests.faults.records import Left, differences, left

#: a kill between these two and the mark that the message went is the one window in which it goes out again.
REPEATING = ("send.after:", "sent.before_commit:")
PATIENCE = 60


@dataclass(frozen=True, slots=True)
class GoldenRun:
    """The story played undisturbed. ``before``: the folder as each step found it; ``passes``: the failpoints each
    step passed, in order; ``commits``: how often the store itself committed."""

    before: dict[str, Path]
    left: Left
    passes: dict[str, list[str]]
    commits: int

    def names(self) -> Counter[str]:
        """How often each failpoint was passed."""
        return Counter(each.partition(":")[0] for passes in self.passes.values() for each in passes)


def golden_run(folder: Path) -> GoldenRun:
    """Prepare the story in that folder and play it undisturbed, one process per step."""
    playing = folder / "playing"
    golden_story.open_stage(playing).close()
    before, passes, commits = {}, {}, 0
    for step in STEPS:
        before[step.name] = shutil.copytree(playing, folder / step.name)
        trace = folder / f"{step.name}.trace"
        assert run(playing, steps=1, trace=str(trace)) == 0
        passed = trace.read_text("utf-8").split()
        commits += sum(each.startswith("commit.done") for each in passed)
        passes[step.name] = [each for each in passed if not each.startswith("commit.")]
    return GoldenRun(before, left(playing), passes, commits)


def killed_at(step: str, passed: str, golden: GoldenRun, folder: Path) -> list[str]:
    """Take the step up, be killed at that pass, start again, play to the end; all that is not as in the golden run."""
    shutil.copytree(golden.before[step], folder)
    ended = run(folder, kill=passed), run(folder)
    if ended != (-signal.SIGKILL, 0):
        return [f"{step} {passed}：进程以 {ended} 结束"]
    wrong = judged(golden, folder, repeats=int(passed.startswith(REPEATING)))
    shutil.rmtree(folder)
    return [f"{step} {passed}：{each}" for each in wrong]


def judged(golden: GoldenRun, folder: Path, *, repeats: int) -> list[str]:
    """Everything in which what is left differs from the golden run beyond that many repeated messages."""
    found = left(folder)
    wrong = differences(golden.left, found)
    return (
        wrong if found.repeats == repeats else [*wrong, f"重复的消息 {found.repeats} 条，应为 {repeats} 条"]
    )


def run(
    folder: Path, *, steps: int = len(STEPS), kill: str = "", trace: str = "", waking: bool = False
) -> int | None:
    """One run of the program, forked from a process that has imported everything; its exit code."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([golden_story.__name__])
    how = {"steps": steps, "kill": kill, "trace": trace, "waking": waking}
    child = context.Process(target=golden_story.play, args=(folder,), kwargs=how)
    child.start()
    child.join(PATIENCE)
    if child.is_alive():
        child.kill()
        child.join()
    code = child.exitcode
    child.close()
    return code
