"""What an indicator is by nature: its customary sign, its direction and its kind (DOMAIN §3.2–3.5)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from regulation import names
from regulation.folding import fold
from regulation.measures import Direction, Kind, Operator
from regulation.units import Family, counts_per, family, same_unit

GE, LE, EQ = Operator.GE, Operator.LE, Operator.EQ

#: Things that happen are added up whatever they happen to (维护设备 12次).
EVENT = re.compile("次$|^[期场届批轮回遍趟起]$")
#: Concentrations and noise: what is measured in them is wanted low, whatever it is called.
POISON = re.compile("^(?:[mμ]?g/|[毫微]克/|分贝|d[Bb]|ppm|PPM)")
#: Sign and unit hidden at the end of the name: 苗木成活率(≥**%), 营造林总面积(亩) (DOMAIN §3.3).
HINT = re.compile(r"\((?P<sign>[≥≤=<>]{0,2})\**(?P<unit>[^()*0-9]{1,8})\)$")

SIGNS = {"≥": GE, ">=": GE, "≤": LE, "<=": LE, "=": EQ, ">": Operator.GT, "<": Operator.LT}


@dataclass(frozen=True, slots=True)
class Reading:
    """A number in its setting: what was written, what kind of indicator it stands in, and what its name says."""

    written: Operator | None
    value: Decimal
    unit: str
    loose: bool
    level2: str
    name: str  # folded, without the brackets of a hint; words around the number follow after |
    hinted: Operator | None = None
    family: Family = field(init=False)
    wants_less: bool = field(init=False)  # the name speaks of something of which less is better
    is_cost: bool = field(init=False)  # 二级指标 is a cost (成本指标, 经济成本指标)
    operator: Operator = field(init=False)  # the sign written, hidden in the name, or customary

    def __post_init__(self) -> None:
        put = object.__setattr__  # worked out once: every doubt asks for them again
        put(self, "family", family(self.unit))
        put(self, "wants_less", names.wants_less(self.name))
        put(self, "is_cost", "成本" in self.level2)
        put(self, "operator", self.written or self.hinted or _customary(self))

    @property
    def is_quantity(self) -> bool:
        """二级指标 is 数量指标."""
        return "数量" in self.level2

    @property
    def is_floor(self) -> bool:
        """≥ or >: the value must be reached."""
        return self.operator in (GE, Operator.GT)

    @property
    def is_price(self) -> bool:
        """Money to be paid under a cost indicator, not a 补助标准 people are to receive."""
        paid = self.is_cost and self.family in (Family.MONEY, Family.PER)
        return paid and not names.STANDARD.search(self.name)

    @property
    def is_swift(self) -> bool:
        """A time of which less is better (应急响应时间), not one that lasts (质保期)."""
        return self.family is Family.DURATION and _customary_duration(self) is LE

    @property
    def direction(self) -> Direction:
        """正向 for ≥ > =, 反向 for ≤ < and for = on costs and on things of which less is better (DOMAIN §3.2)."""
        less = self.operator.is_cap or (
            self.operator is EQ
            and (self.wants_less or self.value == 0 or self.is_price or self.is_swift or poisonous(self))
        )
        return Direction.LOWER_BETTER if less else Direction.HIGHER_BETTER


def hint(name: str) -> tuple[str, Operator | None, str]:
    """A folded name without the brackets at its end, and the sign and unit hidden in them, if they hold a unit."""
    found = HINT.search(name) if name.endswith(")") else None
    if not found or family(found["unit"]) is Family.UNKNOWN:
        return name, None, ""
    return name[: found.start()], SIGNS.get(found["sign"]), found["unit"]


def kind(reading: Reading) -> Kind:
    """How the number is to be judged; counts and volumes grow over the year, most other things do not."""
    return _KINDS[reading.family](reading)


def poisonous(r: Reading) -> bool:
    """mg/L, μg/m³, 分贝: of what is measured in them less is better (but for oxygen)."""
    return bool(POISON.search(r.unit)) and "氧" not in r.name.replace("需氧", "").replace("氧化", "")


def ranked(r: Reading) -> bool:
    """级, 折, and 类 or 名 on a scale: which end is the better one differs from scale to scale."""
    unit = same_unit(r.unit)
    return unit in ("级", "折", "位次", "名次", "等") or (
        unit in ("类", "名", "位") and bool(names.RANK.search(r.name))
    )


def _customary(r: Reading) -> Operator:
    if r.value == 0 or r.wants_less or poisonous(r):
        return LE
    if r.family is Family.DURATION:
        return _customary_duration(r)
    if r.is_cost and names.SAVING.search(r.name):
        return GE
    if r.is_cost or (r.family is Family.PER and not r.level2):
        return EQ if names.STANDARD.search(r.name) and not names.SPENDING.search(r.name) else LE
    if r.family is Family.MONEY:
        return LE if names.SPENDING.search(r.name) or not r.level2 else GE
    return GE


def _customary_duration(r: Reading) -> Operator:
    if names.SWIFT.search(r.name) or r.is_cost:
        return LE
    if r.is_quantity or names.lasts(r.name) or same_unit(r.unit) in ("年", "月", "学期"):
        return GE
    return LE


def stock_or_property(r: Reading) -> bool:
    """Things that are there or read off, unless what is counted is events or things newly made."""
    if r.family not in (Family.COUNT, Family.UNKNOWN, Family.NONE) or EVENT.search(same_unit(r.unit)):
        return False
    if names.PROPERTY.search(r.name):
        return True
    return bool(names.STOCK.search(r.name)) and not names.MADE.search(r.name)


def _kind_of_percent(_: Reading) -> Kind:
    return Kind.LEVEL


def _kind_of_money(r: Reading) -> Kind:
    if names.EACH.search(r.name):
        return Kind.LEVEL
    if r.direction is Direction.LOWER_BETTER:
        return Kind.CAP
    return Kind.LEVEL if r.is_cost and r.operator is EQ else Kind.CUMULATIVE


def _kind_of_duration(r: Reading) -> Kind:
    return Kind.CUMULATIVE if r.is_quantity and not r.operator.is_cap else Kind.LEVEL


def _kind_of_per(r: Reading) -> Kind:
    yearly = same_unit(r.unit).endswith(("/年", "每年")) and counts_per(r.unit)
    yearly = yearly and r.is_quantity and not r.operator.is_cap
    return Kind.CUMULATIVE if yearly else Kind.LEVEL


def _kind_of_count(r: Reading) -> Kind:
    if ranked(r):
        return Kind.LEVEL
    if r.direction is Direction.LOWER_BETTER:
        return Kind.LEVEL if names.PROPERTY.search(r.name) else Kind.CAP
    return Kind.LEVEL if stock_or_property(r) else Kind.CUMULATIVE


def _kind_without_unit(r: Reading) -> Kind:
    if names.RATE.search(r.name) or names.INDEX.search(r.name):
        return Kind.LEVEL
    if r.direction is Direction.LOWER_BETTER:
        return Kind.CAP
    if any(word in r.level2 for word in ("质量", "时效", "满意")) or (r.is_cost and r.operator is EQ):
        return Kind.LEVEL
    return _kind_of_count(r)


_KINDS: dict[Family, Callable[[Reading], Kind]] = {
    Family.PERCENT: _kind_of_percent,
    Family.STATE: _kind_of_percent,
    Family.MONEY: _kind_of_money,
    Family.DURATION: _kind_of_duration,
    Family.PER: _kind_of_per,
    Family.COUNT: _kind_of_count,
    Family.UNKNOWN: _kind_of_count,
    Family.NONE: _kind_without_unit,
}


def folded_name(name: str | None) -> str:
    """A name as the tables here expect it: folded, no blanks, its own comparison left in."""
    return "".join(fold(name or "").split())
