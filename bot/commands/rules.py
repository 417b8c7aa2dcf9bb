"""``jixiao rules``: what changed thresholds, or a department's own rules, would do before they take effect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot import wiring
from bot.commands.options import round_of
from bot.law import Law
from bot.settings import load_settings
from regulation import stricter
from regulation.annexes import reported
from regulation.deadlines import Annex, DepartmentRule, deadline, in_shanghai, inside, override_for
from regulation.deviation import parse_thresholds, thresholds_on
from regulation.rounds import MonitoringRound
from regulation.stricter import DepartmentRules, parse_department_rules
from regulation.thresholds import Thresholds
from regulation.trying import CHANGE_LABELS, Difference, Filed, differences
from storage.tx import Tx

ruling = typer.Typer(help="偏离界线和部门自定的日期", no_args_is_help=True)


@ruling.command("try")
def try_rules(
    path: Annotated[Path, typer.Argument(help="改过的 thresholds.toml 或 departments.toml")],
    on: Annotated[MonitoringRound, typer.Option("--on", parser=round_of, help="拿哪一季试，如 2026Q2")],
) -> None:
    """用改过的界线把一季已报送的附表1重新判断一遍，列出会新出现、消失、变轻变重的偏离；部门自定的日期，说提前几天、
    多少张赶不上；什么也不改。"""
    settings = load_settings()
    store = wiring.present_store(settings)
    law = wiring.law_of(settings, store)
    try:
        trial = _trial(path.read_text(encoding="utf-8"), law, on)
    except (ValueError, UnicodeDecodeError) as error:
        typer.echo(f"{path}：{error}", err=True)
        raise typer.Exit(1) from error
    with store.read() as tx:
        for line in trial(tx):
            typer.echo(line)


#: what one file would do to one round, line by line.
Trial = Callable[[Tx], Iterator[str]]


def _trial(text: str, law: Law, on: MonitoringRound) -> Trial:
    """Raises ValueError where the file cannot be used."""
    base = thresholds_on(law.thresholds, on.last_day)
    if stricter.is_department_rules(text):
        rules = parse_department_rules(text, base, law.workdays, roll=law.roll)
        return lambda tx: _departments(tx, law, on, rules)
    new = thresholds_on(parse_thresholds(text), on.last_day)
    return lambda tx: _district(tx, on, base, new)


def _district(tx: Tx, on: MonitoringRound, old: Thresholds, new: Thresholds) -> Iterator[str]:
    forms = list(_filed(tx, on))
    if not forms:
        typer.echo(f"{on.label}还没有已报送的附表1，试不出什么。", err=True)
        raise typer.Exit(1)
    found = list(differences(forms, on, old, new))
    names = _units(tx)
    yield from (_line(each, names) for each in found)
    yield f"{_summary(len(forms), found)}现行界线 {old.version} 起，试的是 {new.version} 起。什么也没有改。"


def _departments(tx: Tx, law: Law, on: MonitoringRound, rules: DepartmentRules) -> Iterator[str]:
    known = {department.id: department.name for department in tx.departments()}
    for each in rules.departments:
        if each not in known:
            yield f"名册里没有部门 {each}，这几段不起作用。"
            continue
        yield from _lines_of(tx, law, on, rules, each, known[each])
        for rule in rules.dates_of(each):
            if rule.round == on:
                yield _dated(tx, law, rule, known[each])
    yield "什么也没有改。"


def _lines_of(
    tx: Tx, law: Law, on: MonitoringRound, rules: DepartmentRules, department_id: str, name: str
) -> Iterator[str]:
    """What the department's lines would find in its forms, against those it has now."""
    if all(line.department_id != department_id for line in rules.lines):
        return
    base = thresholds_on(law.thresholds, on.last_day)
    units = {unit.id for unit in tx.units() if unit.department_id == department_id}
    forms = [form for form in _filed(tx, on) if form.project.unit_id in units]
    now, then = (each.on(base, department_id, on.last_day) for each in (law.departments, rules))
    found = list(differences(forms, on, now, then))
    names = _units(tx)
    yield from (_line(each, names) for each in found)
    yield f"{name}　{_summary(len(forms), found)}"


def _dated(tx: Tx, law: Law, rule: DepartmentRule, name: str) -> str:
    """``区教育局附表1　10月10日（周六·调休上班） → 10月9日（周五），已报的 12 张里 3 张在这之后。``"""
    notice = override_for(tuple(tx.overrides()), rule.round, rule.annex)
    limit = deadline(rule.round, rule.annex, law.workdays, roll=law.roll, override=notice)
    own = inside(limit, (rule,), law.workdays)
    head = f"{name}{rule.annex.label}　{law.workdays.label(limit.nominal)}"
    if own.overall is None:
        return f"{head}，自定的 {law.workdays.label(rule.due)} 比通知的日期晚，不起作用。"
    came = [day for day in _came(tx, rule) if day]
    after = sum(day > rule.due for day in came)
    return f"{head} → {law.workdays.label(rule.due)}，已报的 {len(came)} 张里 {after} 张在这之后。"


def _came(tx: Tx, rule: DepartmentRule) -> Iterator[date | None]:
    """The days on which what the date asks for came: the units' forms, or the department's own report."""
    if rule.annex is Annex.UNIT:
        forms = tx.duties(rule.round, department_id=rule.department_id)
        moments = [tx.submitted_at(duty.project_id, rule.round) for duty in forms]
    else:
        moments = [tx.report(rule.department_id, rule.round).filed_at]
    return (in_shanghai(at).date() if at else None for at in moments)


def _units(tx: Tx) -> dict[str, str]:
    return {unit.id: unit.name for unit in tx.units()}


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


def _summary(forms: int, found: list[Difference]) -> str:
    counts = Counter(each.change for each in found)
    said = "，".join(f"{label} {counts[change]} 处" for change, label in CHANGE_LABELS.items())
    return f"试了 {forms} 张已报送的附表1：{said}。"
