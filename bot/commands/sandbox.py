"""``jixiao sandbox``: local copies of the chat platforms, to try the running program without an account."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from regulation.roster import Roster
from web.serve import check_address

if TYPE_CHECKING:
    from sandbox.clock import SharedClock

boxes = typer.Typer(help="本机的聊天平台：没有账号也能把正式运行走一遍", no_args_is_help=True)
CLOCK = Path("var/clock.json")
SHANGHAI = ZoneInfo("Asia/Shanghai")
PORTS = {"dingtalk": 8093, "wecom": 8092}
LABELS = {"dingtalk": "钉钉", "wecom": "企业微信"}
AtOption = Annotated[
    datetime | None,
    typer.Option(help="把钟拨到这个时刻，如 2026-10-08T09:00；不写就接着走，没有钟就从现在开始"),
]
ClockOption = Annotated[Path, typer.Option(help="钟记在哪个文件；几个平台和 jixiao run 用同一个")]
RosterOption = Annotated[Path | None, typer.Option(help="自己的名册；不写就是演示区")]


@boxes.command("roster")
def write_roster(path: Path) -> None:
    """写出演示区的名册工作簿，每个人都有本机钉钉、企业微信的账号。"""
    from rehearsal.local import local_roster, write_workbook

    write_workbook(local_roster(), path)
    typer.echo(f"已写出 {path}。接着运行：jixiao import roster {path}")


@boxes.command("settings")
def settings(
    platforms: Annotated[list[str] | None, typer.Argument(help="dingtalk、wecom；不写就两样都设")] = None,
    clock: ClockOption = CLOCK,
) -> None:
    """打印连到本机聊天平台要设的各项：jixiao sandbox settings > .env。"""
    from rehearsal.local import clock_setting, lines, wecom_settings
    from rehearsal.local_dingtalk import dingtalk_settings

    known = {"dingtalk": dingtalk_settings, "wecom": wecom_settings}
    if unknown := set(platforms or ()) - set(known):
        raise typer.BadParameter(f"只有 dingtalk 和 wecom，没有“{unknown.pop()}”")
    found = dict(clock_setting(clock))
    for name in platforms or known:
        found |= known[name](f"http://127.0.0.1:{PORTS[name]}")
    typer.echo("\n".join(lines(found)))


@boxes.command("wecom")
def wecom(
    port: int = PORTS["wecom"],
    callback: Annotated[str, typer.Option(help="绩监通的回调地址")] = "http://127.0.0.1:8080/callback/wecom",
    roster: RosterOption = None,
    at: AtOption = None,
    clock: ClockOption = CLOCK,
) -> None:
    """本机的企业微信：接口、回调、机器人长连接，和每个人的手机。"""
    from rehearsal.local import serve_wecom

    found = _organisation("wecom", port, roster)
    asyncio.run(serve_wecom(found, port, callback, _clock(clock, at)))


@boxes.command("dingtalk")
def dingtalk(
    port: int = PORTS["dingtalk"],
    roster: RosterOption = None,
    at: AtOption = None,
    clock: ClockOption = CLOCK,
) -> None:
    """本机的钉钉：接口、Stream、互动卡片，和每个人的手机。"""
    from rehearsal.local_dingtalk import serve_dingtalk

    found = _organisation("dingtalk", port, roster)
    asyncio.run(serve_dingtalk(found, port, _clock(clock, at)))


def _clock(file: Path, at: datetime | None) -> SharedClock:
    from sandbox.clock import shared_clock

    return shared_clock(file, at.replace(tzinfo=at.tzinfo or SHANGHAI) if at else None)


def _organisation(platform: str, port: int, path: Path | None) -> Roster:
    """Whose phones there are. Refuses a port in use, and a roster nobody of which is there."""
    from rehearsal.local import local_roster

    check_address("127.0.0.1", port)
    found = _read(path) if path else local_roster()
    if not any(name == platform for person in found.people for name, _ in person.identities):
        typer.echo(f"名册里没有人有{LABELS[platform]}的账号，演练不起来。", err=True)
        raise typer.Exit(1)
    return found


def _read(path: Path) -> Roster:
    """The operator's own people, as they have been imported."""
    from intake.roster import read_roster

    reading = read_roster(path.read_bytes(), path.name)
    if reading.roster is None:
        for found in reading.problems:
            typer.echo(str(found), err=True)
        raise typer.Exit(1)
    return reading.roster
