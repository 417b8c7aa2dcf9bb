"""The computed rates and the time progress they are held against, exact until they are shown (DOMAIN §3.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum

from regulation.roster import Project
from regulation.rounds import MonitoringRound

DASH = "—"  # what stands for a rate whose denominator is zero
HUNDRED = Decimal(100)
#: wide enough for any usable number, and without traps: showing a number never raises.
_SHOWN = Context(prec=80, rounding=ROUND_HALF_UP, traps=[])


class Denominator(StrEnum):
    """What 预算执行率 divides by; sources differ, so it is a dated parameter."""

    ADJUSTED = "adjusted"
    ARRIVED = "arrived"
    INITIAL = "initial"


DENOMINATOR_LABELS = {
    Denominator.ADJUSTED: "预算总额",
    Denominator.ARRIVED: "已到位资金",
    Denominator.INITIAL: "年初预算",
}


class AdjustmentBasis(StrEnum):
    """What 预算调整率 counts: the net change, or the sum of every single change."""

    NET = "net"
    GROSS = "gross"


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as an exact ratio (None when its denominator is zero) with its formula in words and numbers."""

    label: str
    value: Decimal | None
    formula: str

    @property
    def text(self) -> str:
        """As printed in 已完成情况: ``62.92%`` or ``—``."""
        return percent(self.value)


def usable(value: Decimal | None) -> bool:
    """Whether a number may be calculated with: finite and of a size money and counts can have (N03, N10)."""
    return value is not None and value.is_finite() and (not value or -12 <= value.adjusted() <= 15)


def ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """part ÷ whole; None when either is missing or the denominator is zero (N16)."""
    if part is None or not whole or not usable(part) or not usable(whole):
        return None
    return part / whole


def rounded(value: Decimal, places: int = 2) -> Decimal:
    """Half up to that many places, for showing only (N18)."""
    return value.quantize(Decimal(1).scaleb(-places), context=_SHOWN)


def percent(value: Decimal | None, places: int = 2) -> str:
    """``0.629219`` -> ``62.92%``; None -> ``—``."""
    return DASH if value is None else f"{rounded(value * HUNDRED, places)}%"


def money(value: Decimal) -> str:
    """万元 with two places, more where the figure has them (38.766462 stays as it is, DOMAIN §1.3)."""
    return str(rounded(value)) if value == rounded(value) else plain(value)


def plain(value: Decimal) -> str:
    """A number as people write it: no exponent, no trailing zeros."""
    return f"{value.normalize(_SHOWN):f}" if value else "0"


def points(value: Decimal | None, progress: Decimal) -> str:
    """The gap between a rate and the time progress in 百分点, negative when behind: ``-12.08个百分点``."""
    return DASH if value is None else f"{rounded((value - progress) * HUNDRED):+}个百分点"


def funds_arrival_rate(arrived: Decimal | None, budget: Decimal) -> Rate:
    """资金到位率 = 已到位资金 ÷ 预算总额 (附表2、3)."""
    return _rate("资金到位率", ("已到位资金", arrived), ("预算总额", budget))


def execution_rate(
    spent: Decimal | None,
    budget_current: Decimal,
    *,
    arrived: Decimal | None = None,
    budget_initial: Decimal | None = None,
    denominator: Denominator = Denominator.ADJUSTED,
) -> Rate:
    """预算执行率 = 已支出资金 ÷ the denominator in force; 调整后预算 by default, as 附表3 prints the two together."""
    whole = {
        Denominator.ADJUSTED: budget_current,
        Denominator.ARRIVED: arrived,
        Denominator.INITIAL: budget_initial,
    }[denominator]
    return _rate("预算执行率", ("已支出资金", spent), (DENOMINATOR_LABELS[denominator], whole))


def adjustment_rate(
    initial: Decimal,
    current: Decimal,
    *,
    adjustments: Iterable[Decimal] = (),
    basis: AdjustmentBasis = AdjustmentBasis.NET,
) -> Rate:
    """预算调整率 ÷ 年初预算: net (调整后 − 年初, with its sign), or gross (every change without its sign)."""
    if basis is AdjustmentBasis.GROSS:
        changed = sum((abs(a) for a in adjustments), Decimal(0)) or abs(current - initial)
        return _rate("预算调整率", ("各次调整绝对值之和", changed), ("年初预算", initial))
    return _rate("预算调整率", ("预算调整数", current - initial), ("年初预算", initial))


def _rate(label: str, part: tuple[str, Decimal | None], whole: tuple[str, Decimal | None]) -> Rate:
    value = ratio(part[1], whole[1])
    words = f"{label} = {_named(part)} ÷ {_named(whole)}"
    return Rate(
        label, value, f"{words} × 100% = {percent(value)}" if value is not None else f"{words}，记“{DASH}”"
    )


def _named(term: tuple[str, Decimal | None]) -> str:
    name, value = term
    return f"{name} {DASH if value is None else money(value)}"


@dataclass(frozen=True, slots=True)
class Pace:
    """序时进度 as whole months, so that comparing needs no division: ``elapsed`` of ``planned`` months."""

    elapsed: int
    planned: int

    @property
    def share(self) -> Decimal:
        """As a ratio: 0.5 or 0.75 for a project that runs all year."""
        return Decimal(self.elapsed) / self.planned


def pace_of(project: Project | None, round: MonitoringRound) -> Pace:
    """The time progress of one project: months elapsed of its plan ÷ its planned months in the year (DOMAIN §1.4-k).

    Dates that leave no month in the year, or end before they start, are no plan: the whole year counts."""
    year, starts = round.year, project.starts if project else None
    ends = project.ends if project else None
    first = starts.month if starts and starts.year == year else 1
    last = ends.month if ends and ends.year == year else 12
    outside = (starts and starts.year > year) or (ends and ends.year < year)
    if outside or last < first:
        return Pace(round.months, 12)
    return Pace(max(0, min(round.months, last) - first + 1), last - first + 1)
