"""SIGKILL at every failpoint of the story's first half: 提醒、填报、回填、原因、确认 (T01–T04, D06, P1–P3)."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from tests.faults.golden_story import STEPS
from tests.faults.sweeping import REPEATING, GoldenRun, judged, killed_at, run
from tests.faults.test_sweep_overdue import OVERDUE

pytestmark = pytest.mark.slow
FILING = ("remind", "open", "fill", "reason", "plan", "confirm", "nudge", "correct")


@pytest.mark.parametrize("step", FILING)
def test_t01_t02_t03_t04_a_killed_process_leaves_no_trace_in_the_end(
    undisturbed: GoldenRun, tmp_path: Path, step: str
) -> None:
    wrong = []
    for number, passed in enumerate(undisturbed.passes[step]):
        wrong += killed_at(step, passed, undisturbed, tmp_path / str(number))
    assert wrong == []


def test_every_step_is_swept(undisturbed: GoldenRun) -> None:
    assert {*FILING, *OVERDUE} == {step.name for step in STEPS}
    assert all(undisturbed.passes.values())


def test_every_commit_and_every_send_has_a_failpoint_on_both_sides(undisturbed: GoldenRun) -> None:
    names = undisturbed.names()
    before = {n.partition(".")[0]: c for n, c in names.items() if n.endswith(".before_commit")}
    after = {n.partition(".")[0]: c for n, c in names.items() if n.endswith(".after_commit")}
    assert set(before) == {"turn", "retry", "tick", "claim", "sent", "put_back"}
    assert before == after
    assert sum(before.values()) == undisturbed.commits
    assert names["send.before"] == before["sent"] + before["put_back"]
    assert names["send.after"] == before["sent"]
    assert before["put_back"] == 2, "one message sent again later, one given up"


def test_the_golden_run_is_the_story(undisturbed: GoldenRun) -> None:
    seen = {user: "\n".join(m.words[0] for m in messages) for user, messages in undisturbed.left.seen.items()}
    for user, words in (
        ("zhangmin", "已报送"),
        ("liqiang", "偏离"),
        ("wangju", "逾期"),
        ("zhoulei", "催您"),
    ):
        assert words in seen[user]
    [filed] = [row for row in undisturbed.left.stored["filing"] if row[:3] == ("p001", 2026, 3)]
    assert filed[3:5] == ("filed", 2)
    assert undisturbed.left.repeats == 0
    assert undisturbed.left.broken_audit is None


@pytest.mark.parametrize(
    ("step", "passed", "repeats"), [("nudge", "send.before:2", 0), ("confirm", "send.after:1", 1)]
)
def test_p9_a_process_killed_again_while_it_recovers(
    undisturbed: GoldenRun, tmp_path: Path, step: str, passed: str, repeats: int
) -> None:
    killed, wrong = shutil.copytree(undisturbed.before[step], tmp_path / "killed"), []
    assert run(killed, kill=passed) == -signal.SIGKILL
    trace = tmp_path / "trace"
    assert run(shutil.copytree(killed, tmp_path / "traced"), steps=0, trace=str(trace), waking=True) == 0
    wakings = [each for each in trace.read_text("utf-8").split() if not each.startswith("commit.")]
    assert any(each.startswith("recover.") for each in wakings)
    for number, waking in enumerate(wakings):
        folder = shutil.copytree(killed, tmp_path / str(number))
        assert run(folder, kill=waking, waking=True) == -signal.SIGKILL
        assert run(folder) == 0
        more = int(waking.startswith(REPEATING))
        wrong += [f"{waking}：{each}" for each in judged(undisturbed, folder, repeats=repeats + more)]
    assert wrong == []
