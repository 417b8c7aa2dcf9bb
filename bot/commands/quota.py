"""``jixiao quota``: what this month has cost so far, and what a round will cost before it opens."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated

import typer

from bot import dingtalk, wiring
from bot.forecasting import Demand, demand
from bot.settings import Settings, load_settings
from regulation.reminders import Occasion, plan
from regulation.rounds import MonitoringRound, parse_round
from regulation.year import audience_label
from storage.shelf import StoredShelf

#: what each reminder is called in the table.
_OCCASIONS = {
    Occasion.OPEN: "开始",
    Occasion.THREE_LEFT: "截止前几天",
    Occasion.ONE_LEFT: "截止前一天",
    Occasion.DUE_MORNING: "截止当天上午",
    Occasion.DUE_AFTERNOON: "截止当天下午",
    Occasion.PAST_OWN: "过了部门定的日期",
    Occasion.LATE: "逾期",
    Occasion.COLLECTED: "收齐情况",
    Occasion.MEND: "退回的快到期限",
    Occasion.GLANCE: "全区情况",
    Occasion.CALENDAR: "节假日还没录入",
}
PLAN = "一季要用多少：写季度，如 2026Q3"


@dataclass(frozen=True, slots=True)
class Wave:
    """One message to a number of people (platforms.dingtalk.planning.Wave)."""

    month: str
    what: str
    people: int
    same: bool = False
    taps: int = 0


def quota(plan: Annotated[str, typer.Option(help=PLAN)] = "") -> None:
    """钉钉用量：这个月用了多少；加 --plan 看一季大概要用多少。"""
    settings = load_settings()
    if not plan:
        _so_far(settings)
        return
    try:
        round = parse_round(plan)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    raise typer.Exit(0 if _forecast(settings, round) else 1)


def _so_far(settings: Settings) -> None:
    from platforms.dingtalk.platform import DingTalkPlatform

    store = wiring.present_store(settings)
    shelf, now = StoredShelf(store, "dingtalk"), wiring.clock(settings)
    platform = DingTalkPlatform(dingtalk.configuration(settings), shelf, now)
    found = platform.quota()
    typer.echo(
        f"{found.month} 接口调用 {found.calls}/{found.calls_limit}，推送 {found.pushes}/{found.pushes_limit}。"
    )
    for name, count in found.by:
        typer.echo(f"  {name}　{count}")
    asyncio.run(platform.wire.close())


def _forecast(settings: Settings, round: MonitoringRound) -> bool:
    from platforms.dingtalk.planning import cost, months, verdict

    own, law = dingtalk.configuration(settings), wiring.law(settings)
    with wiring.present_store(settings).read() as tx:
        roster, overrides = tx.roster(), tx.overrides()
    reminders = plan(round, law.workdays, roll=law.roll, overrides=tuple(overrides))
    waves = waves_of(demand(roster, reminders))
    typer.echo(f"{round.label}：{len(roster.projects)} 张附表1，按还没报的人数估算。")
    for wave in waves:
        one = cost(wave, own)
        typer.echo(f"  {wave.month}　{wave.what}　{wave.people} 人　调用 {one.calls}　推送 {one.pushes}")
    totals = months(waves, own)
    for month, total in totals.items():
        typer.echo(
            f"{month} 合计：调用 {total.calls}/{own.monthly_calls}，推送 {total.pushes}/{own.monthly_pushes}。"
            f"{verdict(total, own)}"
        )
    return not any(verdict(total, own).startswith("✕") for total in totals.values())


def waves_of(found: Demand) -> list[Wave]:
    """The reminders, one notice to everybody when the round opens, and the filing itself in the month it opens."""
    told = [
        Wave(
            f"{m.at:%Y-%m}",
            f"{m.at:%m-%d %H:%M} {_OCCASIONS[m.occasion]}（{audience_label(m.audience)}）",
            m.likely,
        )
        for m in found.moments
        if m.likely
    ]
    if not found.moments:
        return []
    due = max(
        (m for m in found.moments if m.occasion == "due_morning"),
        key=lambda m: m.at,
        default=found.moments[0],
    )
    opens = found.moments[0]
    return [
        Wave(f"{opens.at:%Y-%m}", "群发通知一次", found.people, same=True),
        *told,
        Wave(f"{due.at:%Y-%m}", "填报和确认", 0, taps=found.taps),
        Wave(f"{due.at:%Y-%m}", "偏离告诉单位负责人", found.forms),
    ]
