"""``jixiao backup``, ``jixiao restore``, ``jixiao resend``: keeping the records, and sending what was put aside."""

from __future__ import annotations

from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot import wiring
from bot.settings import Settings, load_settings
from storage.store import Store


class Which(StrEnum):
    """Which messages are sent again: put aside after failing, or held back by a restored backup."""

    PARKED = "parked"
    HELD = "held"


_LABELS = {Which.PARKED: "放到一边的", Which.HELD: "恢复备份时扣住的"}


def backup(path: Annotated[Path, typer.Argument(help="备份写到哪个文件，不能已经有")]) -> None:
    """备份数据库：程序开着也可以；文件要么完整，要么没有。"""
    settings = load_settings()
    _only_sqlite(settings, f"pg_dump --format=custom --file={path}")
    if path.exists():
        _end(f"已经有 {path}，没有备份。请换一个名字，例如带上日期。")
    if not path.parent.is_dir():
        _end(f"没有 {path.parent} 这个文件夹，没有备份。")
    with closing(wiring.present_store(settings)) as store:
        _note(settings, store, "database.backup", path)
        store.snapshot(path)
    typer.echo(f"已备份到 {path}（{path.stat().st_size:,} 字节）。请把它存到别的机器上。")


def restore(path: Annotated[Path, typer.Argument(help="jixiao backup 写出的文件")]) -> None:
    """用备份换下数据库：先停掉程序；换下的留在旁边，没发出的消息扣住不发。"""
    settings = load_settings()
    _only_sqlite(settings, f"pg_restore --clean --dbname=库名 {path}")
    with closing(Store(settings.database_url)) as store:
        store.lock_instance()
        store.restore(path)
        store.check()
        store.migrate()
        _note(settings, store, "database.restore", path)
        with store.read() as tx:
            held = tx.outbox_counts().get(Which.HELD, 0)
    kept_back = f"扣住了 {held} 条没发出的消息，要发运行 jixiao resend --which held。" if held else ""
    typer.echo(
        f"已恢复，换下的数据库在旁边，名字加 .replaced。{kept_back}接着运行 jixiao audit verify 核对。"
    )


def resend(
    which: Annotated[
        Which, typer.Option(help="parked 发不出去放到一边的；held 恢复备份时扣住的")
    ] = Which.PARKED,
) -> None:
    """把放到一边的消息全部再排一次队；程序开着也可以。"""
    settings = load_settings()
    with closing(wiring.present_store(settings)) as store, store.begin() as tx:
        waiting = tx.outbox_counts().get(which, 0)
        if waiting:
            tx.release(which, wiring.clock(settings)(), "operator")
    if not waiting:
        _end(f"没有{_LABELS[which]}消息。")
    typer.echo(f"{_LABELS[which]} {waiting} 条已重新排队，jixiao run 在一分钟里发出。")


def _only_sqlite(settings: Settings, command: str) -> None:
    """PostgreSQL has its own tools, which keep what ours would not."""
    if not settings.database_url.startswith("sqlite:///"):
        _end(f"PostgreSQL 请用它自己的工具：{command}（连接照 JIXIAO_DATABASE）。")


def _note(settings: Settings, store: Store, what: str, path: Path) -> None:
    with store.begin() as tx:
        tx.note("operator", what, path.name, "", wiring.clock(settings)())


def _end(sentence: str) -> None:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
