"""``jixiao export``: the forms of a round, the district summary, the fields of the national data standard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot import wiring
from bot.commands.options import RoundOption
from bot.law import Law
from bot.settings import load_settings
from reports import national, results, summary
from reports.files import write_file
from reports.writing import Scope, form_files, write_forms, write_zip
from storage.tx import Tx


class What(StrEnum):
    """What is written."""

    FORMS = "forms"
    SUMMARY = "summary"
    STANDARD = "standard"
    RESULTS = "results"


def export(
    out: Annotated[Path, typer.Option(help="写到哪里：文件夹，或 .zip、.xlsx 文件")],
    round: RoundOption,
    unit: Annotated[str, typer.Option(help="只要这个单位的附表1（编码）")] = "",
    department: Annotated[str, typer.Option(help="只要这个部门（编码）")] = "",
    what: Annotated[
        What, typer.Option(help="forms 三张表；summary 全区汇总；standard 国家数据标准；results 全年结果")
    ] = What.FORMS,
) -> None:
    """导出一个季度：三张表（文件夹或 zip）、全区汇总、国家数据标准。"""
    settings = load_settings()
    store, now = wiring.present_store(settings), wiring.clock(settings)()
    law = wiring.law_of(settings, store)
    with store.read() as tx:
        try:
            said = _WRITE[what](tx, Scope(round, department, unit), out, law, now)
        except LookupError as error:
            typer.echo(f"{_why(error)}，没有写出任何文件。", err=True)
            raise typer.Exit(1) from error
    with store.begin() as changed:
        changed.note("operator", f"export.{what}", round.code, f"{department}{unit}", now)
    typer.echo(said)


def _why(error: LookupError) -> str:
    """Storage only names an unknown unit."""
    return f"没有编号为 {error.args[0]} 的单位" if isinstance(error, KeyError) else str(error)


def _nothing(scope: Scope) -> LookupError:
    """Nothing was filed: an empty folder would look like a success."""
    of = "这个单位" if scope.unit_id else "这个部门" if scope.department_id else "全区"
    return LookupError(f"{scope.round.label}{of}还没有已报送的表")


def _empty(table: bytes) -> bool:
    """Whether a table has its heading only."""
    return table.count(b"\n") <= 1


def _forms(tx: Tx, scope: Scope, out: Path, law: Law, at: datetime) -> str:
    stamp = "演练" if tx.kind() == "rehearsal" else ""
    if next(form_files(tx, scope, law=law), None) is None:
        raise _nothing(scope)
    if out.suffix.lower() == ".zip":
        count = write_zip(tx, scope, out, law=law, stamp=stamp)
    else:
        count = len(write_forms(tx, scope, out, law=law, stamp=stamp))
    return f"已写出 {count} 张表到 {out}。"


def _summary(tx: Tx, scope: Scope, out: Path, law: Law, at: datetime) -> str:
    if scope.department_id or scope.unit_id:
        raise LookupError("汇总是全区的，不分部门和单位")
    stamp = "演练" if tx.kind() == "rehearsal" else ""
    if not tx.departments():
        raise LookupError("名册里还没有部门，先用 jixiao import roster 导入名册")
    out.parent.mkdir(parents=True, exist_ok=True)
    write_file(out, summary.summary(tx, scope.round, at, law=law, stamp=stamp))
    return f"已写出 {scope.round.label}汇总到 {out}。"


def _standard(tx: Tx, scope: Scope, out: Path, law: Law, at: datetime) -> str:
    if scope.unit_id:
        raise LookupError("国家数据标准可以只要一个部门，不能只要一个单位")
    tables = {
        "PAY_PERF_MONITOR_TASK.csv": national.task(tx, scope.round, law),
        "PAY_PERF_MONITOR_INFO.csv": national.info(
            tx, scope.round, tx.rectifications(scope.round), department_id=scope.department_id
        ),
    }
    if _empty(tables["PAY_PERF_MONITOR_INFO.csv"]):
        raise _nothing(scope)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in tables.items():
        write_file(out / name, content)
    return f"已写出 {'、'.join(tables)}到 {out}。"


def _results(tx: Tx, scope: Scope, out: Path, law: Law, at: datetime) -> str:
    if scope.unit_id:
        raise LookupError("全年结果可以只要一个部门，不能只要一个单位")
    table = results.results(tx, scope.round.year, department_id=scope.department_id)
    if _empty(table):
        raise LookupError(f"名册里还没有 {scope.round.year} 年的项目")
    out.parent.mkdir(parents=True, exist_ok=True)
    write_file(out, table)
    return f"已写出 {scope.round.year} 年各项目的结果到 {out}。"


_WRITE: Mapping[What, Callable[[Tx, Scope, Path, Law, datetime], str]] = {
    What.FORMS: _forms,
    What.SUMMARY: _summary,
    What.STANDARD: _standard,
    What.RESULTS: _results,
}
