"""Goldens of files that are not text."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def golden_bytes(request: pytest.FixtureRequest) -> Callable[[Path, bytes], None]:
    """``golden_bytes(path, made)``: equal to the file byte for byte, or rewritten with --update."""

    def compare(path: Path, made: bytes) -> None:
        if request.config.getoption("--update"):
            path.write_bytes(made)
        assert path.exists(), f"{path} is missing; run with --update once and look at it"
        assert made == path.read_bytes(), f"{path.name} looks different now; run with --update and look at it"

    return compare
