"""``jixiao rules``: what a changed threshold would find, before it takes effect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot import wiring
from bot.commands.options import round_of
from bot.settings import load_settings
from regulation.annexes import reported
from regulation.deadlines import in_shanghai
from regulation.deviation import parse_thresholds, thresholds_on
from regulation.rounds import MonitoringRound
from regulation.thresholds import Thresholds
from regulation.trying import CHANGE_LABELS, Difference, Filed, differences
from storage.tx import Tx

ruling = typer.Typer(help="偏离界线", no_args_is_help=True)


@ruling.command("try")
def try_rules(
    path: Annotated[Path, typer.Argument(help="改过的 thresholds.toml")],
    on: Annotated[MonitoringRound, typer.Option("--on", parser=round_of, help="拿哪一季试，如 2026Q2")],
) -> None:
    """用改过的界线把一季已报送的附表1重新判断一遍，列出会新出现、消失、变轻变重的偏离；什么也不改。"""
    try:
        new = thresholds_on(parse_thresholds(path.read_text(encoding="utf-8")), on.last_day)
    except (ValueError, UnicodeDecodeError) as error:
        typer.echo(f"{path}：{error}", err=True)
        raise typer.Exit(1) from error
    settings = load_settings()
    store = wiring.present_store(settings)
    old = thresholds_on(wiring.law_of(settings, store).thresholds, on.last_day)
    with store.read() as tx:
        forms = list(_filed(tx, on))
        if not forms:
            typer.echo(f"{on.label}还没有已报送的附表1，试不出什么。", err=True)
            raise typer.Exit(1)
        found = list(differences(forms, on, old, new))
        names = {unit.id: unit.name for unit in tx.units()}
    for each in found:
        typer.echo(_line(each, names))
    typer.echo(_summary(len(forms), found, old, new))


def _filed(tx: Tx, round: MonitoringRound) -> Iterator[Filed]:
    for project_id, entries in tx.round_entries(round).items():
        filing = tx.filing(project_id, round)
        project = tx.definition(project_id, round, filing.version)
        if project is not None and filing.filed_at is not None:
            yield Filed(project, reported(project, entries), in_shanghai(filing.filed_at).date())


def _line(each: Difference, units: dict[str, str]) -> str:
    before, after = (f.level.value if f else "—" for f in (each.before, each.after))
    where = f"{units.get(each.project.unit_id, each.project.unit_id)}《{each.project.name}》"
    return f"{CHANGE_LABELS[each.change]}　{before} → {after}　{where}　{each.finding.title}"


def _summary(forms: int, found: list[Difference], old: Thresholds, new: Thresholds) -> str:
    counts = Counter(each.change for each in found)
    said = "，".join(f"{label} {counts[change]} 处" for change, label in CHANGE_LABELS.items())
    return f"试了 {forms} 张已报送的附表1：{said}。现行界线 {old.version} 起，试的是 {new.version} 起。什么也没有改。"
