"""``jixiao sandbox``: local copies of the chat platforms, to try the running program without an account."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from regulation.roster import Roster
from web.serve import check_address

boxes = typer.Typer(help="本机的聊天平台：没有账号也能把正式运行走一遍", no_args_is_help=True)
AtOption = Annotated[datetime | None, typer.Option(help="从这个时刻开始，如 2026-10-08T09:00；不写就是现在")]


@boxes.command("roster")
def write_roster(path: Path) -> None:
    """写出演示区的名册工作簿，每个人都有本机钉钉、企业微信的账号。"""
    from rehearsal.local import local_roster, write_workbook

    write_workbook(local_roster(), path)
    typer.echo(f"已写出 {path}。接着运行：jixiao import roster {path}")


@boxes.command("wecom")
def wecom(
    port: int = 8092,
    callback: Annotated[str, typer.Option(help="绩监通的回调地址")] = "http://127.0.0.1:8080/callback/wecom",
    at: AtOption = None,
) -> None:
    """本机的企业微信：接口、回调、机器人长连接，和每个人的手机。"""
    from rehearsal.local import serve_wecom

    check_address("127.0.0.1", port)
    asyncio.run(serve_wecom(port, callback, at))


@boxes.command("dingtalk")
def dingtalk(
    port: int = 8093,
    roster: Annotated[Path | None, typer.Option(help="自己的名册；不写就是演示区")] = None,
    at: AtOption = None,
) -> None:
    """本机的钉钉：接口、Stream、互动卡片，和每个人的手机。"""
    from rehearsal.local import local_roster
    from rehearsal.local_dingtalk import serve_dingtalk

    check_address("127.0.0.1", port)
    found = _read(roster) if roster else local_roster()
    asyncio.run(serve_dingtalk(found, port, at))


def _read(path: Path) -> Roster:
    """The operator's own people, as they have been imported."""
    from intake.roster import read_roster

    reading = read_roster(path.read_bytes(), path.name)
    if reading.roster is None:
        for found in reading.problems:
            typer.echo(str(found), err=True)
        raise typer.Exit(1)
    return reading.roster
