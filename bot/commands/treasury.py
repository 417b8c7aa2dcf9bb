"""``jixiao import execution`` and ``jixiao api``: figures of the treasury system, by file or by interface."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from bot import wiring
from bot.commands.options import RoundOption, day_of
from bot.importing import take_batch
from bot.settings import load_settings
from intake.figures import read_figures
from regulation.execution import Batch, Fault

apis = typer.Typer(help="给别的系统用的接口", no_args_is_help=True)


def import_execution(
    path: Path,
    round: RoundOption,
    as_of: Annotated[
        date | None, typer.Option(parser=day_of, help="数据截至哪天，不写就是季度最后一天")
    ] = None,
    system: Annotated[str, typer.Option(help="数据来自哪个系统，会显示给经办人")] = "预算管理一体化",
    batch: Annotated[str, typer.Option(help="批次号，不写就由文件内容算出")] = "",
) -> None:
    """读入一批执行数（到位、支出）：全部正确才收，填报卡上会带出来。"""
    data = path.read_bytes()
    reading = read_figures(data, path.name)
    for found in reading.problems:
        typer.echo(str(found), err=True)
    if reading.problems:
        typer.echo(f"没有导入：{len(reading.problems)} 处错误。", err=True)
        raise typer.Exit(1)
    named = batch or f"file-{sha256(data).hexdigest()[:12]}"
    given = Batch(named, round, as_of or round.last_day, system, reading.lines)
    settings = load_settings()
    taken = take_batch(wiring.open_store(settings), given, wiring.clock(settings)(), "operator")
    for fault in taken.faults:
        typer.echo(_said(fault), err=True)
    if taken.faults:
        typer.echo(f"没有导入：{len(taken.faults)} 处错误。", err=True)
        raise typer.Exit(1)
    typer.echo(f"批次 {named}：{'已导入' if taken.fresh else '以前收过，没有变'}，{taken.rows} 个项目。")


def _said(fault: Fault) -> str:
    return f"第 {fault.number} 行：{fault.problem.text}" if fault.number else fault.problem.text


@apis.command("schema")
def schema(
    out: Annotated[Path | None, typer.Option(help="写到哪个文件，不写就打印")] = None,
) -> None:
    """写出接口的 OpenAPI 说明。"""
    from web.api import describe

    text = json.dumps(describe(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        typer.echo(f"已写出 {out}。")


@apis.command("token")
def token(
    name: Annotated[str, typer.Argument(help="给哪个系统用，如 yitihua")],
    write: Annotated[bool, typer.Option(help="可以导入执行数；不写只能读")] = False,
) -> None:
    """生成一个接口令牌：令牌只显示这一次，设置里写它的摘要。"""
    from web.tokens import Token, mint, parse_tokens

    secret = mint()
    made = Token(name, "write" if write else "read", sha256(secret.encode()).hexdigest())
    try:
        parse_tokens(made.text)
    except ValueError as error:
        raise typer.BadParameter("名称写 1 到 40 个字、字母、数字、_ 或 -") from error
    typer.echo(f"令牌（只显示这一次，交给对方）：{secret}")
    typer.echo(f"写进设置：JIXIAO_API_TOKENS={made.text}")
    typer.echo("已有别的令牌时用分号隔开。改了设置要重启。")
