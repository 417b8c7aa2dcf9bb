"""``jixiao dingtalk``: what an operator does in 钉钉 by hand: take a message back, write to a group."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import dingtalk, wiring
from bot.logs import configure
from bot.ports import SendFailed
from bot.settings import load_settings
from storage.shelf import StoredShelf

if TYPE_CHECKING:
    from platforms.dingtalk.platform import DingTalkPlatform

in_dingtalk = typer.Typer(help="钉钉：撤回一条、往群里说一句", no_args_is_help=True)


@in_dingtalk.command("recall")
def recall(number: str) -> None:
    """撤回一条消息：编号是发件箱里的“平台编号”，只能撤 24 小时以内的；卡片撤不回。"""
    _do(lambda platform: platform.recall(number), f"已撤回 {number}。")


@in_dingtalk.command("group")
def group(
    conversation: Annotated[str, typer.Argument(help="群的 openConversationId")],
    text: str,
    at: Annotated[list[str] | None, typer.Option(help="点名的人的 userid，可以写几次；要有卡片模板")] = None,
    file: Annotated[Path | None, typer.Option(help="再发一个文件：xlsx、pdf、doc、docx、zip")] = None,
) -> None:
    """往机器人所在的一个群里发一段文字，可以带一个文件。"""
    content = (file.name, file.read_bytes()) if file else None
    _do(lambda platform: platform.to_group(conversation, text, content, at or ()), "已发到群里。")


def _do(what: Callable[[DingTalkPlatform], Awaitable[object]], done: str) -> None:
    from platforms.dingtalk.doctor import told
    from platforms.dingtalk.platform import DingTalkPlatform

    configure(logging.ERROR)
    settings = load_settings()
    if not dingtalk.configured(settings):
        typer.echo("还没有设 JIXIAO_DINGTALK_CLIENT_ID。", err=True)
        raise typer.Exit(1)
    shelf = StoredShelf(wiring.open_store(settings), "dingtalk")
    platform = DingTalkPlatform(dingtalk.configuration(settings), shelf, wiring.clock(settings))

    async def counted() -> None:
        try:
            await what(platform)
        finally:
            await platform.meter.flush()

    try:
        asyncio.run(counted())
    except SendFailed as error:
        typer.echo(f"没有办成：{told(error.code)}", err=True)
        raise typer.Exit(1) from error
    typer.echo(done)
