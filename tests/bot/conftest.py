"""An office on the story's first morning, for every test its own, and no log lines between the dots."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
import structlog

from bot.logs import configure
from rehearsal.stage import Stage
from tests.bot.office import Office


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Other folders look at the log, so it is put back as it was."""
    before = structlog.get_config()
    configure(logging.CRITICAL)
    yield
    structlog.configure(**before)


@pytest.fixture
def office(open_story: Callable[[], Stage]) -> Iterator[Office]:
    """2026-10-08 09:00, the second quarter filed, 张敏 has a card."""
    opened = Office(open_story())
    yield opened
    opened.close()
