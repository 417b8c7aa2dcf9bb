"""The command line: what an operator types, one function per command."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot import wiring
from bot.commands import slips
from bot.commands.check import checking
from bot.commands.dingtalk import in_dingtalk
from bot.commands.exporting import export
from bot.commands.keeping import backup, resend, restore
from bot.commands.options import day_of, round_of
from bot.commands.quota import quota
from bot.commands.rules import ruling
from bot.commands.sandbox import boxes
from bot.commands.tracing import trace
from bot.commands.treasury import apis, import_execution
from bot.commands.wecom import by_hand
from bot.logs import configure, hush_libraries
from bot.settings import SettingsError, load_settings
from regulation.deadlines import Annex, RoundOverride
from regulation.rounds import MonitoringRound
from storage.errors import StorageRefused
from web.serve import AddressRefused, check_address

app = typer.Typer(
    help="绩监通：区级部门预算绩效运行监控",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
importing = typer.Typer(help="导入名册、执行数", no_args_is_help=True)
auditing = typer.Typer(help="审计记录", no_args_is_help=True)
rounding = typer.Typer(help="季度期限", no_args_is_help=True)
app.add_typer(importing, name="import")
app.add_typer(auditing, name="audit")
app.add_typer(rounding, name="round")
app.add_typer(boxes, name="sandbox")
app.add_typer(checking, name="check")
app.add_typer(by_hand, name="wecom")
app.add_typer(in_dingtalk, name="dingtalk")
app.command()(quota)
app.add_typer(apis, name="api")
app.command()(export)
app.command()(trace)
app.command()(backup)
app.command()(restore)
app.command()(resend)
importing.command("execution")(import_execution)
app.add_typer(ruling, name="rules")


def _annex(text: str) -> Annex:
    if text not in list(Annex):
        raise typer.BadParameter(f"只有 annex1（附表1）和 annex23（附表2、3），没有“{text}”")
    return Annex(text)


@app.command()
def demo(
    host: str = "127.0.0.1",
    port: int = 8000,
    folder: Path = Path("var/demo"),
    keep: Annotated[bool, typer.Option(help="接着上次的演练，不从头开始")] = False,
) -> None:
    """打开模拟器：一个虚构的区，从2026年10月8日开始。"""
    from rehearsal.demo import forget, serve_demo

    configure(logging.WARNING)
    check_address(host, port)
    if not keep:
        forget(folder)
    serve_demo(folder, host, port)


@app.command()
def calendar(year: int, as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False) -> None:
    """打印一年的每个期限和每次提醒。"""
    from regulation.year import describe_year, describe_year_json

    law = wiring.law(load_settings())
    if as_json:
        typer.echo(
            json.dumps(describe_year_json(year, law.workdays, roll=law.roll), ensure_ascii=False, indent=1)
        )
    else:
        typer.echo(describe_year(year, law.workdays, roll=law.roll))


@importing.command("template")
def import_template(path: Path) -> None:
    """写出一份空白名册工作簿。"""
    from intake.template import write_template

    write_template(path)
    typer.echo(f"已写出 {path}。填好后运行：jixiao import roster {path}")


@importing.command("roster")
def import_roster(path: Path) -> None:
    """读入名册：全部正确才导入，错误按工作表、行、列列出。"""
    from intake.roster import read_roster

    reading = read_roster(path.read_bytes(), path.name)
    for found in (*reading.problems, *reading.warnings):
        typer.echo(str(found), err=True)
    if reading.roster is None:
        typer.echo(f"没有导入：{len(reading.problems)} 处错误。", err=True)
        raise typer.Exit(1)
    settings = load_settings()
    store, now = wiring.open_store(settings), wiring.clock(settings)()
    with store.begin() as tx:
        tx.import_roster(reading.roster, now, "operator")
    roster = reading.roster
    typer.echo(
        f"已导入 {len(roster.departments)} 个部门、{len(roster.units)} 个单位、{len(roster.people)} 人、"
        f"{len(roster.projects)} 个项目；{sum(n for _, n in roster.offline)} 个涉密项目未存，线下报送。"
    )


@rounding.command("set")
def set_round(
    round: Annotated[MonitoringRound, typer.Argument(parser=round_of, help="季度，如 2026Q3")],
    due: Annotated[date, typer.Option(parser=day_of, help="新的截止日，如 2026-10-15")],
    notice: Annotated[str, typer.Option(help="通知文号")],
    annex: Annotated[
        Annex, typer.Option(parser=_annex, help="annex1（附表1）或 annex23（附表2、3）")
    ] = Annex.UNIT,
) -> None:
    """按财政局通知改一个季度的期限；被提醒过逾期的人会收到“已延期”。"""
    from bot.extending import extend

    settings = load_settings()
    override = RoundOverride(round, annex, due, notice)
    now = wiring.clock(settings)()
    found = extend(wiring.present_store(settings), wiring.law(settings), override, now)
    typer.echo(found.text if found else f"{round.label}的期限已改为 {due}（{notice}）。")
    raise typer.Exit(1 if found else 0)


@auditing.command("verify")
def audit_verify() -> None:
    """核对审计链；断了就指出第一条断的记录。"""
    store = wiring.present_store(load_settings())
    with store.read() as tx:
        broken, altered = tx.verify(), [*tx.altered_figures(), *tx.altered_reports()]
        batches = tx.altered_batches()
        length = tx.audit_count()
    if broken is not None:
        typer.echo(f"审计链从第 {broken} 条起对不上。", err=True)
        raise typer.Exit(1)
    if altered:
        project_id, round, version = altered[0]
        first = f"{round.code}:{project_id} 版本 {version}"
        typer.echo(f"有 {len(altered)} 张表的数字和审计记录对不上，第一张是 {first}。", err=True)
        raise typer.Exit(1)
    if batches:
        typer.echo(f"有 {len(batches)} 批执行数和审计记录对不上，第一批是 {batches[0]}。", err=True)
        raise typer.Exit(1)
    typer.echo(f"审计链完整，共 {length} 条，数字和记录对得上。")


@app.command()
def rehearse(
    year: int = 2026,
    units: int = 600,
    seed: int = 1,
    projects: Annotated[int, typer.Option(help="每个单位几个项目；0 是两三个")] = 0,
    chaos: Annotated[bool, typer.Option(help="随机杀进程再接着演")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """在虚拟时钟上演一整年，并核对每一条不变量；有一条不成立就以非零退出。"""
    from rehearsal.year import rehearse_year

    raise typer.Exit(rehearse_year(year, units, seed, chaos=chaos, as_json=as_json, projects=projects))


@app.command()
def run() -> None:
    """正式运行：按时提醒、收表、报警（要先设好钉钉或企业微信）；设了演练的钟就是演练。"""
    from bot.running import run_until_stopped

    hush_libraries()
    settings = load_settings()
    names = "、".join(each.label for each in wiring.configured(settings))
    wiring.law(settings)
    store = wiring.open_store(settings)
    wiring.law_of(settings, store)
    with closing(store.lock_instance()):
        check_address(*settings.address)
        wiring.claim(settings, store)
        now, ticks = wiring.timing(settings, store)
        typer.echo(f"绩监通开始运行：接{names}，听在 {settings.listen}（按 Ctrl+C 结束）。")
        if settings.clock:
            typer.echo(f"演练时钟：现在是 {now():%Y-%m-%d %H:%M}，跟着 {settings.clock} 走，不是真的时间。")
        asyncio.run(run_until_stopped(wiring.runner(settings, store, now, ticks)))


@app.command()
def play(
    path: Path,
    update: Annotated[bool, typer.Option(help="用演出来的结果改写文件")] = False,
    on: Annotated[str, typer.Option(help="在哪里演：simulator 或 dingtalk")] = "simulator",
) -> None:
    """演一份 .chat 对话文件，并和它写的比一比。"""
    from rehearsal.playing import PLACES, play_file, play_on_dingtalk

    configure(logging.WARNING)
    if on not in PLACES or (update and on != "simulator"):
        raise typer.BadParameter("--on 是 simulator 或 dingtalk；只能用模拟器演出来的改写")
    if on == "dingtalk":
        raise typer.Exit(asyncio.run(play_on_dingtalk(path)))
    raise typer.Exit(asyncio.run(play_file(path, update=update)))


def _explain(slip: Exception) -> None:
    """Words without a command are answered with the help of what they name."""
    if type(slip).__name__ == "NoArgsIsHelpError":
        slip.show()  # type: ignore[attr-defined]
    else:
        typer.echo(slips.said(slip), err=True)


def main() -> None:
    """The console script: what the operator must do is one Chinese sentence, not a stack."""
    configure()
    os.umask(0o077)  # the records, their backups and what is exported are for this user's eyes only
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except slips.UsageError as error:
        _explain(error)
        sys.exit(2)
    except typer.Abort:
        sys.exit(1)
    except (SettingsError, StorageRefused, AddressRefused) as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    except OSError as error:
        typer.echo(slips.unusable(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
