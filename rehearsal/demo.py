"""The simulator served to a browser on this machine only."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType

from uvicorn import Server

import reports
from rehearsal import story
from rehearsal.stage import DATABASE, Stage
from scheduler.clock import now, ticking
from storage.errors import StorageRefused
from storage.store import Store
from web.app import create_app
from web.serve import server

#: what a rehearsal keeps in its folder, beside its database and the database's own companions.
OWN = frozenset(
    {
        "clock.txt",
        "clock.part",
        "saves",
        "phones.jsonl",
        "phones.files",
        "phones.read.json",
        "phones.read.part",
    }
)
FONTS = Path(reports.__file__).parent / "fonts"


def open_story(folder: Path) -> Stage:
    """The story played up to the morning the newcomer meets it, or where it was left."""
    stage = Stage(folder)
    asyncio.run(stage.catch_up())
    if stage.now() < story.START:
        asyncio.run(stage.set_clock(story.START))
    return stage


def forget(folder: Path) -> None:
    """Throw an earlier rehearsal away. Raises StorageRefused while another process is playing it (T27), and for a
    folder that holds anything a rehearsal did not make: what is somebody else's is never deleted."""
    strange = [path.name for path in folder.iterdir() if not _ours(path)] if folder.exists() else []
    if strange:
        raise StorageRefused(f"{folder} 里有不是演练的文件（{strange[0]}），没有删除。请换一个空文件夹。")
    if folder.exists():
        store = Store(f"sqlite:///{folder / DATABASE}")
        store.lock_instance()
        store.close()
        shutil.rmtree(folder)


def _ours(path: Path) -> bool:
    return path.name in OWN or path.name.startswith(f"{DATABASE}")


def serve_demo(folder: Path, host: str, port: int) -> None:
    """Serve until interrupted."""
    stage = open_story(folder)
    app = create_app(
        stage,
        font_path=FONTS / "NotoSansSC-Regular.woff2",
        bold_font_path=FONTS / "NotoSansSC-Bold.woff2",
    )
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, _leave)
    print(f"绩监通模拟器：http://{host}:{port}/　（按 Ctrl+C 结束）", flush=True)
    try:
        asyncio.run(_serve(stage, server(app, host, port)))
    finally:
        stage.close()


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Being asked to stop is no failure (D11): the server drains, then raises the signal it caught once more."""
    sys.exit(0)


async def _serve(stage: Stage, page: Server) -> None:
    """The page, and the same scheduler as in earnest: the rehearsal's minutes pass while somebody looks."""
    opened = now()

    async def minute(at: datetime) -> None:
        if at - opened > timedelta(seconds=1):  # the scheduler's first tick comes at once
            await stage.minute()

    clock = ticking(minute)
    clock.start()
    try:
        await page.serve()
    finally:
        clock.shutdown(wait=False)
