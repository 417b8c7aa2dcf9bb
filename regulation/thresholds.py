"""The lines between normal, yellow and red in force on a day, read from dated parameters (DOMAIN §3.5).

The 办法 fixes no number (第十五条 says 偏离较大), so every line is a parameter with its date and its reference. A newer
value never replaces an older one: a past round is judged again by the lines of its own time."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from regulation.rates import AdjustmentBasis, Denominator


@dataclass(frozen=True, slots=True)
class Rule:
    """When a rule came into force and on what it rests; enough for rules without a number."""

    since: str
    reference: str


@dataclass(frozen=True, slots=True)
class Mark(Rule):
    """A rule with one number."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Band(Rule):
    """A rule with two lines."""

    yellow: Decimal
    red: Decimal


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The values in force on one day, from regulation/parameters/thresholds.toml. ``version`` is the date of the
    newest of them and ``reference`` what those rest on; a Finding names the date and reference of the rule it used."""

    version: str
    reference: str
    pace: Band  # 预算执行率 ÷ 序时进度
    floor: Mark  # 三季度预算执行率
    zero: Rule
    arrival: Mark  # 序时进度 − 资金到位率
    quantity: Band  # 完成数 ÷ 阶段计划数
    level: Band  # 与目标的差距 ÷ 目标
    cap: Band  # 完成数 ÷ 上限
    due_days: Mark
    qualitative: Rule
    likelihood: Rule
    in_step: Mark
    out_of_step: Mark
    adjustment: Band
    over: Mark  # 完成数 ÷ 年度目标
    execution_rate: Rule
    adjustment_rate: Rule
    denominator: Denominator = Denominator.ADJUSTED
    basis: AdjustmentBasis = AdjustmentBasis.NET


_RULES = ("zero", "qualitative", "likelihood")
_MARKS = ("floor", "arrival", "due_days", "in_step", "out_of_step", "over")
_BANDS = ("pace", "quantity", "level", "cap", "adjustment")
_CHOICES = {"execution_rate": Denominator, "adjustment_rate": AdjustmentBasis}
_FORMS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_RULES, ()),
    **dict.fromkeys(_MARKS, ("value",)),
    **dict.fromkeys(_BANDS, ("yellow", "red")),
    **dict.fromkeys(_CHOICES, ("choice",)),
}
#: bands whose red line lies below the yellow one: less is worse.
_FALLING = ("pace", "quantity")


def parse_thresholds(text: str) -> tuple[Thresholds, ...]:
    """Every set of values the file knows, oldest first: one for each day on which some value changed.

    Raises ValueError naming the key for anything missing, unknown or of the wrong kind."""
    try:
        document: dict[str, Any] = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"thresholds.toml：不是正确的 TOML（{error}）") from error
    for key in document:
        if key not in _FORMS:
            raise ValueError(f"thresholds.toml：不认识 {key}，可用的有 {'、'.join(_FORMS)}")
    history = {key: _history(key, document.get(key)) for key in _FORMS}
    first = max(entries[0][0].since for entries in history.values())
    days = {rule.since for entries in history.values() for rule, _ in entries if rule.since >= first}
    return tuple(_on(history, day) for day in sorted(days))


def thresholds_on(all: tuple[Thresholds, ...], day: date) -> Thresholds:
    """The values in force on that day; judge a round by its last day. Raises ValueError for a day before them all."""
    found = [t for t in all if t.version <= day.isoformat()]
    if not found:
        raise ValueError(f"thresholds.toml：没有 {day.isoformat()} 生效的界线，请补一段更早的 from")
    return max(found, key=lambda t: t.version)


_History = dict[str, list[tuple[Rule, str]]]


def _on(history: _History, day: str) -> Thresholds:
    now = {key: [e for e in entries if e[0].since <= day][-1] for key, entries in history.items()}
    version = max(rule.since for rule, _ in now.values())
    newest = dict.fromkeys(rule.reference for rule, _ in now.values() if rule.since == version)
    rules: dict[str, Any] = {key: rule for key, (rule, _) in now.items()}
    return Thresholds(
        version=version,
        reference="；".join(newest),
        denominator=Denominator(now["execution_rate"][1]),
        basis=AdjustmentBasis(now["adjustment_rate"][1]),
        **rules,
    )


def _history(key: str, blocks: object) -> list[tuple[Rule, str]]:
    if not isinstance(blocks, list) or not blocks:
        raise ValueError(f"thresholds.toml：缺少 [[{key}]]")
    entries = [_entry(f"{key}[{n}]", key, block) for n, block in enumerate(blocks, 1)]
    days = [rule.since for rule, _ in entries]
    if days != sorted(set(days)):
        raise ValueError(f"thresholds.toml：{key} 的 from 要从早到晚，且不能重复")
    return entries


def _entry(where: str, key: str, block: object) -> tuple[Rule, str]:
    if not isinstance(block, dict):
        raise ValueError(f"thresholds.toml：{where} 要写成 [[{key}]] 一段")
    wanted = ("from", "reference", *_FORMS[key])
    for name in (*wanted, *block):
        if name not in block or name not in wanted:
            raise ValueError(f"thresholds.toml：{where}.{name} {'缺少' if name in wanted else '不认识'}")
    since, reference = _since(where, block["from"]), _reference(where, block["reference"])
    if key in _CHOICES:
        return Rule(since, reference), _choice(where, key, block["choice"])
    if key in _BANDS:
        return _band(where, key, since, reference, block), ""
    if key in _MARKS:
        return Mark(since, reference, _number(f"{where}.value", block["value"])), ""
    return Rule(since, reference), ""


def _since(where: str, value: object) -> str:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(f"thresholds.toml：{where}.from 要写成日期，例如 2026-01-01")
    return value.isoformat()


def _reference(where: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"thresholds.toml：{where}.reference 要写明依据")
    return value


def _choice(where: str, key: str, value: object) -> str:
    known = [str(member) for member in _CHOICES[key]]
    if value not in known:
        raise ValueError(f"thresholds.toml：{where}.choice 只能是 {'、'.join(known)}")
    return str(value)


def _band(where: str, key: str, since: str, reference: str, block: Mapping[str, object]) -> Band:
    yellow, red = (_number(f"{where}.{name}", block[name]) for name in ("yellow", "red"))
    if (red > yellow) if key in _FALLING else (red < yellow):
        raise ValueError(f"thresholds.toml：{where}.red 要比 yellow 更严重")
    return Band(since, reference, yellow, red)


def _number(where: str, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"thresholds.toml：{where} 要写成数字")
    number = Decimal(value)
    if not number.is_finite() or number < 0 or number > 1000:
        raise ValueError(f"thresholds.toml：{where} 要在 0 到 1000 之间")
    return number
