"""A desk of one's own for every test, and the golden run of the sweep once per worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from rehearsal.stage import Stage
from tests.faults.desk import Desk
from tests.faults.sweeping import GoldenRun, golden_run


@pytest.fixture
def desk(open_story: Callable[[], Stage]) -> Iterator[Desk]:
    """The story's first morning, 2026-10-08 09:00: 张敏 has a card."""
    opened = Desk(open_story())
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> GoldenRun:
    """The golden story played without a kill."""
    return golden_run(tmp_path_factory.mktemp("sweep"))
