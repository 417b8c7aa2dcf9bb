"""``jixiao wecom``: what an operator does in 企业微信 by hand: take a message back, say something to the group."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

import typer

from bot import wecom, wiring
from bot.logs import configure
from bot.settings import load_settings

by_hand = typer.Typer(help="企业微信：撤回一条、往群里说一句", no_args_is_help=True)


@by_hand.command("recall")
def recall(number: str) -> None:
    """撤回一条消息：编号是发件箱里的“平台编号”，只能撤 24 小时以内的。"""
    from platforms.wecom.platform import WecomPlatform
    from storage.shelf import StoredShelf

    configure(logging.ERROR)
    settings = load_settings()
    if not settings.wecom_corp:
        typer.echo("还没有设 JIXIAO_WECOM_CORP，没有应用可以撤回消息。", err=True)
        raise typer.Exit(1)
    shelf = StoredShelf(wiring.open_store(settings), "wecom")
    platform = WecomPlatform(wecom.configuration(settings), shelf, wiring.clock(settings))
    _do(platform.recall(number), f"已撤回 {number}。")


@by_hand.command("group")
def group(text: str) -> None:
    """往设好的群里发一段文字。"""
    from platforms.wecom.webhook import post

    configure(logging.ERROR)
    address = load_settings().wecom_webhook.get_secret_value()
    if not address:
        typer.echo("还没有设 JIXIAO_WECOM_WEBHOOK。", err=True)
        raise typer.Exit(1)
    _do(post(address, text), "已发到群里。")


def _do(what: Coroutine[Any, Any, object], done: str) -> None:
    from platforms.wecom.doctor import advice
    from platforms.wecom.failures import WecomError

    try:
        asyncio.run(what)
    except WecomError as error:
        typer.echo(f"没有办成：{advice(error)}", err=True)
        raise typer.Exit(1) from error
    typer.echo(done)
