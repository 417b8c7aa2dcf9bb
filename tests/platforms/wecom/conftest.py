"""Every test gets a path for its own database, and no log lines between the dots."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.logs import configure


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    before = structlog.get_config()
    configure(logging.CRITICAL)
    yield
    structlog.configure(**before)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "district.sqlite"
