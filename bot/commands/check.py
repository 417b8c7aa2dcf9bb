"""``jixiao check``: whether a chat platform is set up as the program needs it, and what to do where it is not."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Annotated

import typer

from bot import dingtalk, wecom, wiring
from bot.logs import configure
from bot.settings import load_settings

checking = typer.Typer(help="核对平台的设置", no_args_is_help=True)


@checking.callback()
def about() -> None:
    """核对平台的设置：逐项问平台，不对的说怎么办。"""


@checking.command("dingtalk")
def check_dingtalk(
    to: Annotated[str, typer.Option(help="给这个 userid 发一张试试的卡")] = "",
    settings: Annotated[Path | None, typer.Option(help="设置写在哪个文件，默认当前目录的 .env")] = None,
) -> None:
    """核对钉钉：凭证、网络、机器人、模板、权限、时钟。"""
    from platforms.common.memory import MemoryShelf
    from platforms.dingtalk.doctor import Doctor
    from platforms.dingtalk.platform import DingTalkPlatform

    configure(logging.ERROR)
    found = load_settings(settings)
    if not dingtalk.configured(found):
        typer.echo("还没有设 JIXIAO_DINGTALK_CLIENT_ID。要设的项见 docs/manual/dingtalk.md。", err=True)
        raise typer.Exit(1)
    platform = DingTalkPlatform(dingtalk.configuration(found), MemoryShelf(), wiring.clock(found))
    findings = asyncio.run(Doctor(platform).examine(to))
    for finding in findings:
        typer.echo(str(finding))
    wrong = sum(finding.mark == "✕" for finding in findings)
    typer.echo(f"还有 {wrong} 项要办。" if wrong else "都对上了，可以运行 jixiao run。")
    raise typer.Exit(1 if wrong else 0)


@checking.command("wecom")
def check_wecom(
    to: Annotated[str, typer.Option(help="给这个 userid 发一张试试的卡")] = "",
    url: Annotated[str, typer.Option(help="回调的公网地址，照企业微信的样子去核对一次")] = "",
    settings: Annotated[Path | None, typer.Option(help="设置写在哪个文件，默认当前目录的 .env")] = None,
) -> None:
    """核对企业微信：凭证、可信 IP、回调地址、可见范围、机器人、时钟。"""
    from platforms.wecom.doctor import Doctor
    from storage.shelf import StoredShelf

    configure(logging.ERROR)
    found = load_settings(settings)
    if not wecom.configured(found):
        typer.echo(
            "还没有设 JIXIAO_WECOM_CORP 或 JIXIAO_WECOM_BOT_ID。要设的项见 docs/manual/wecom.md。", err=True
        )
        raise typer.Exit(1)
    shelf = StoredShelf(wiring.open_store(found), "wecom")
    findings = asyncio.run(Doctor(wecom.configuration(found), shelf, wiring.clock(found)).examine(to, url))
    for finding in findings:
        typer.echo(str(finding))
    wrong = sum(finding.mark == "✕" for finding in findings)
    typer.echo(f"还有 {wrong} 项要办。" if wrong else "都对上了，可以运行 jixiao run。")
    raise typer.Exit(1 if wrong else 0)
