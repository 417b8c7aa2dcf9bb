"""SIGKILL at every failpoint of the story's second half: 逾期、补发、改数、新版本 (T01–T04, D06, P1–P3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.sweeping import GoldenRun, killed_at

pytestmark = pytest.mark.slow
OVERDUE = ("overdue", "resend", "change", "version")


@pytest.mark.parametrize("step", OVERDUE)
def test_t01_t02_t03_t04_a_killed_process_leaves_no_trace_in_the_end(
    undisturbed: GoldenRun, tmp_path: Path, step: str
) -> None:
    wrong = []
    for number, passed in enumerate(undisturbed.passes[step]):
        wrong += killed_at(step, passed, undisturbed, tmp_path / str(number))
    assert wrong == []
