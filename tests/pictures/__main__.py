"""``make pictures``: the pictures of the manual, taken of our own pages while a quarter is played on them."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.pictures.camera import CHROMIUM
from tests.pictures.places import PLACES


def main(wanted: list[str]) -> None:
    """All places, or those named."""
    if not CHROMIUM:
        sys.exit("拍图要用 Chromium，请先安装：apt-get install chromium")
    for place, photograph in PLACES.items():
        if not wanted or place in wanted:
            with tempfile.TemporaryDirectory() as folder:
                asyncio.run(photograph(Path(folder)))  # type: ignore[arg-type]


if __name__ == "__main__":
    main(sys.argv[1:])
