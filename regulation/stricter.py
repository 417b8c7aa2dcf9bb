"""What a department set for itself: stricter lines and earlier dates, never looser ones (办法 第十八条)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from regulation.deadlines import Annex, DepartmentRule, deadline, tightened
from regulation.problems import Problem
from regulation.rounds import parse_round
from regulation.thresholds import Band, Mark, Thresholds
from regulation.workdays import Workdays

#: which way is stricter: +1 a larger number finds more, −1 a smaller one. What is not here a department cannot set.
STRICTER: Mapping[str, int] = {
    "pace": 1,
    "floor": 1,
    "arrival": -1,
    "quantity": 1,
    "level": -1,
    "cap": -1,
    "due_days": 1,
    "adjustment": -1,
}
FILE = "departments.toml"
#: what the file may hold.
BLOCKS = ("threshold", "date")
#: what a ``[[date]]`` block says.
DATED = ("department", "round", "annex", "due", "reference")


@dataclass(frozen=True, slots=True)
class StricterLine:
    """One line of one department from a day on, with the paper it rests on."""

    department_id: str
    key: str
    rule: Band | Mark


@dataclass(frozen=True, slots=True)
class DepartmentRules:
    """Everything departments set for themselves."""

    lines: tuple[StricterLine, ...] = ()
    dates: tuple[DepartmentRule, ...] = ()

    def dates_of(self, department_id: str) -> tuple[DepartmentRule, ...]:
        """The earlier dates of one department, in the order of the file."""
        return tuple(rule for rule in self.dates if rule.department_id == department_id)

    @property
    def departments(self) -> tuple[str, ...]:
        """Whoever set anything, each once."""
        said = (*(line.department_id for line in self.lines), *(rule.department_id for rule in self.dates))
        return tuple(dict.fromkeys(said))

    def on(self, base: Thresholds, department_id: str, day: date) -> Thresholds:
        """The lines inside a department on a day: the district's, each replaced by the department's newest one where
        that is at least as strict; one that has become looser than the district's no longer counts."""
        for line in self.lines:
            if (
                line.department_id == department_id
                and line.rule.since <= day.isoformat()
                and fits(base, line)
            ):
                changed: dict[str, Any] = {line.key: line.rule}
                base = replace(base, **changed)
        return base


def fits(base: Thresholds, line: StricterLine) -> bool:
    """Whether the line is at least as strict as the one in force."""
    sign = STRICTER[line.key]
    return all(sign * ours >= sign * theirs for ours, theirs in _pairs(line.rule, getattr(base, line.key)))


def _pairs(ours: Band | Mark, theirs: Band | Mark) -> tuple[tuple[Decimal, Decimal], ...]:
    if isinstance(ours, Band) and isinstance(theirs, Band):
        return (ours.yellow, theirs.yellow), (ours.red, theirs.red)
    if isinstance(ours, Mark) and isinstance(theirs, Mark):
        return ((ours.value, theirs.value),)
    raise ValueError(f"{FILE}：一条线和两条线不能互换")


def parse_department_rules(
    text: str, base: Thresholds, workdays: Workdays, *, roll: bool = True
) -> DepartmentRules:
    """The operator's file: ``[[threshold]]`` blocks, each with department, reference and its values; ``[[date]]``
    blocks, each with department, round, annex, due and reference.

    Raises ValueError naming the block for anything missing, unknown, of the wrong kind, looser than ``base`` or later
    than the 办法 says; a date finance moves by notice is looked at when it counts."""
    document = _parsed(text)
    if unknown := set(document) - set(BLOCKS):
        raise ValueError(f"{FILE}：不认识 {'、'.join(sorted(unknown))}，只有 {' 和 '.join(BLOCKS)}")
    lines = [
        line for n, block in enumerate(document.get("threshold", ()), 1) for line in _lines(n, block, base)
    ]
    dates = [_date(n, block, workdays, roll) for n, block in enumerate(document.get("date", ()), 1)]
    return DepartmentRules(tuple(sorted(lines, key=lambda line: line.rule.since)), _once(dates))


def is_department_rules(text: str) -> bool:
    """Whether a file of rules is one of departments, by its blocks. Raises ValueError where it is no TOML."""
    return not set(BLOCKS).isdisjoint(_parsed(text))


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{FILE}：不是正确的 TOML（{error}）") from error


def _lines(n: int, block: Mapping[str, Any], base: Thresholds) -> list[StricterLine]:
    where = f"{FILE}：threshold[{n}]"
    department, reference = _named(where, block, "department"), _named(where, block, "reference")
    since = block.get("from")
    if type(since) is not date:
        raise ValueError(f"{where}.from 要写成日期，例如 2026-01-01")
    keys = [key for key in block if key not in ("department", "reference", "from")]
    if not keys:
        raise ValueError(f"{where} 没有写任何界线，可以写 {'、'.join(STRICTER)}")
    return [_line(where, department, key, block[key], since.isoformat(), reference, base) for key in keys]


def _line(
    where: str, department: str, key: str, value: object, since: str, reference: str, base: Thresholds
) -> StricterLine:
    if key not in STRICTER:
        raise ValueError(f"{where}.{key} 部门不能自定，可以自定的有 {'、'.join(STRICTER)}")
    present = getattr(base, key)
    if isinstance(present, Band):
        if not isinstance(value, dict) or set(value) != {"yellow", "red"}:
            raise ValueError(f"{where}.{key} 要写成 {{ yellow = 数, red = 数 }}")
        rule: Band | Mark = Band(
            since, reference, *(_number(where, value[part]) for part in ("yellow", "red"))
        )
    else:
        rule = Mark(since, reference, _number(where, value))
    line = StricterLine(department, key, rule)
    if not fits(base, line):
        raise ValueError(f"{where}.{key} 比区里的界线宽了。部门细则只能更严，不能放宽（办法第十八条）")
    return line


def _date(n: int, block: Mapping[str, Any], workdays: Workdays, roll: bool) -> DepartmentRule:
    where = f"{FILE}：date[{n}]"
    department, reference = _named(where, block, "department"), _named(where, block, "reference")
    if unknown := set(block) - set(DATED):
        raise ValueError(f"{where} 不认识 {'、'.join(sorted(unknown))}，只有 {'、'.join(DATED)}")
    annexes = {annex.label: annex for annex in Annex}
    annex = annexes.get(str(block.get("annex")))
    if annex is None:
        raise ValueError(f"{where}.annex 要写 {' 或 '.join(annexes)}")
    try:
        round = parse_round(str(block.get("round")))
    except ValueError as error:
        raise ValueError(f"{where}.round 要写成 2026Q3，只有二、三季度") from error
    due = block.get("due")
    if type(due) is not date:
        raise ValueError(f"{where}.due 要写成日期，例如 2026-10-08")
    rule = DepartmentRule(department, round, annex, due, reference)
    refused = tightened(deadline(round, annex, workdays, roll=roll), rule, workdays)
    if isinstance(refused, Problem):
        raise ValueError(f"{where}：{refused.text}")
    return rule


def _once(dates: list[DepartmentRule]) -> tuple[DepartmentRule, ...]:
    """One date for one department, round and annex: two would leave it open which counts."""
    seen: dict[tuple[str, str, str], int] = {}
    for n, rule in enumerate(dates, 1):
        first = seen.setdefault((rule.department_id, rule.round.code, rule.annex), n)
        if first != n:
            raise ValueError(f"{FILE}：date[{first}] 和 date[{n}] 说的是同一件事，只留一段")
    return tuple(dates)


def _number(where: str, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        raise ValueError(f"{where} 的界线要写成数字")
    return Decimal(value)


def _named(where: str, block: Mapping[str, Any], name: str) -> str:
    value = block.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where}.{name} 要写明")
    return value
