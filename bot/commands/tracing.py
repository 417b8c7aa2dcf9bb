"""``jixiao trace``: a figure of a department's tables, followed to the words it came from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, NoReturn

import typer

from bot import wiring
from bot.cards.words import clock
from bot.commands.options import round_of
from bot.naming import matching
from bot.settings import load_settings
from bot.tracing import Followed, every
from regulation.roster import Department
from regulation.rounds import MonitoringRound
from regulation.thresholds import thresholds_on
from regulation.tracing import Origin, Traced
from scheduler.clock import now
from storage.tx import Tx


def trace(
    round: Annotated[MonitoringRound, typer.Argument(parser=round_of, help="季度，如 2026Q3")],
    department: Annotated[str, typer.Argument(help="部门编码或名称")],
    figure: Annotated[str, typer.Argument(help="哪个数，如 执行率；不写就是全部")] = "",
    version: Annotated[int, typer.Option(help="附表2、3 的哪一版；不写就是最新一版")] = 0,
) -> None:
    """附表2、附表3 的一个数从哪个项目哪一格来，谁、什么时候、在哪里、原话怎么说。"""
    settings = load_settings()
    store, law = wiring.present_store(settings), wiring.law(settings)
    hearing = wiring.hearing()
    with store.read() as tx:
        about = _department(tx, department)
        rules = thresholds_on(law.thresholds, round.last_day)
        found = every(tx, lambda message: hearing.of(tx, message), rules, about.id, round, figure, version)
        if not found:
            _refuse(f"{about.name}{round.label}没有报审过这一版附表2、附表3，或者没有叫“{figure}”的数。")
        typer.echo("\n".join(line for whole in found for line in _told(*whole)))
    with store.begin() as changed:
        changed.note("operator", "trace.read", f"{round.code}:{about.id}", figure, now())


def _department(tx: Tx, words: str) -> Department:
    every = tx.departments()
    found = [each for each in every if each.id == words] or matching(words, every)
    if len(found) != 1:
        _refuse(f"“{words}”对得上 {len(found)} 个部门，请写编码或全名。")
    return found[0]


def _refuse(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(1)


def _told(figure: Traced, sources: tuple[Followed, ...]) -> Iterator[str]:
    yield f"{figure.form} {figure.label}　{figure.formula or figure.value}"
    for each in sources:
        part, filed = each.part, each.filed
        where = f"{part.unit}《{part.project}》附表1 版本 {part.version}" if filed else f"{part.unit}自己填"
        by = f"　{filed.by} {clock(filed.at)} {filed.action}" if filed and filed.at else ""
        yield f"  {where}{by}" + (f"　代填：{filed.stood_in}" if filed and filed.stood_in else "")
        yield from (f"    {_said(origin)}" for origin in each.origins)
        yield from dict.fromkeys(f"    原话：“{o.message}”" for o in each.origins if o.message)


def _said(origin: Origin) -> str:
    at = clock(origin.at) if origin.at else ""
    where = " ".join(filter(None, (origin.who, at, origin.platform, origin.how, origin.cell)))
    return f"{origin.label} {origin.shown} ← {where}" + (f"　“{origin.said}”" if origin.said else "")
