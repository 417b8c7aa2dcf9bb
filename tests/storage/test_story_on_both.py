"""The whole spine on both databases: remind, fill in both styles, file, alert, overdue, nudge, correct."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.app import App, Arrived
from bot.law import shipped_law
from rehearsal import story
from rehearsal.crowd import Crowd, NoFiles, recorded
from rehearsal.story import SHANGHAI
from storage.store import Store

BATCH = (
    "支出201.35 到位256 1=36 2=930 3同 4同 5=99 6同 7=6.4 8=1260 9=96 10=2 原因：招标晚 改进：11月底前到货"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'story.sqlite'}"
    server: str = request.getfixturevalue("server")
    engine = create_engine(server.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as administrator:
        administrator.execute(text("CREATE DATABASE story"))
    engine.dispose()
    return server.format(name="story")


def test_the_story_is_the_same_on_both(empty_url: str, tmp_path: Path, opened: Callable[..., Store]) -> None:
    store = opened(empty_url)
    store.migrate()
    story.prepare(store)
    crowd = Crowd(tmp_path / "crowd.jsonl")
    app = App(store, {crowd.name: crowd}, NoFiles(), shipped_law())

    def say(number: int, user: str, line: str, at: datetime) -> None:
        payload = {"type": "text", "user": user, "text": line}
        app.handle(Arrived("simulator", f"m{number}", payload, at))
        asyncio.run(app.flush(at))

    opening = datetime(2026, 10, 8, 9, 0, tzinfo=SHANGHAI)
    app.tick(opening)
    asyncio.run(app.flush(opening))
    for number, line in enumerate(("填报 校舍", BATCH, BATCH, "确认提交", "更正", "2=2100", "确认提交")):
        say(number, "zhangmin", line, opening)
    late = datetime(2026, 10, 12, 9, 0, tzinfo=SHANGHAI)
    app.tick(late)
    asyncio.run(app.flush(late, 500))

    titles = [s.title for s in recorded(tmp_path / "crowd.jsonl") if s.user == "zhangmin"]
    assert titles[-2:] == ["✓ 已报送 三季度 附表1", "逾期 2 天，还差 1 个项目"]
    told = {s.user for s in recorded(tmp_path / "crowd.jsonl") if s.key.startswith(("alert:", "head:"))}
    assert {"liqiang", "sunxiao", "wangju"} <= told
    with store.read() as tx:
        filed = tx.filing("p001", story.Q2.next)
        assert (filed.version, filed.state.value, filed.late) == (2, "filed", False)
        assert tx.entries("p001", story.Q2.next)["actual.2"].value == "2100"
        assert tx.entries("p001", story.Q2.next, 1)["actual.2"].value == "930"
        assert tx.verify() is None
    crowd.close()
