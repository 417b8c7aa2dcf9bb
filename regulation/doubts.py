"""Every reason not to be sure of a read target; in doubt a number is shown to a person or not judged at all."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from regulation import names
from regulation.measures import Confidence, Operator
from regulation.natures import Reading, poisonous, ranked, stock_or_property
from regulation.units import Family, counts_per, same_unit

#: Below this share a rate nobody listed may as well be a bad one (≥12% 跌倒率), from here on hardly.
SMALL_SHARE = 50


def confidence(reading: Reading) -> Confidence:
    """NONE when the text contradicts itself or its name, ASSUMED when anything was supplied by us, else SURE."""
    if any(contradicts(reading) for contradicts in CONTRADICTIONS):
        return Confidence.NONE
    if reading.written is None or reading.loose or any(doubts(reading) for doubts in DOUBTS):
        return Confidence.ASSUMED
    return Confidence.SURE


def damaged(reading: Reading) -> bool:
    """A percentage that cannot be: 290% was ≥90% before a sign was lost on the way (DOMAIN §3.3 J)."""
    if reading.family is not Family.PERCENT or _percents(reading) <= 100:
        return False
    if names.HIGHER.search(reading.name) or "满意" in reading.level2:
        return True
    bare = reading.written is None or names.RATE.search(reading.name)
    return bool(bare) and not names.GROWTH.search(reading.name)


def _percents(r: Reading) -> Decimal:
    return r.value * {"比例": Decimal(100), "‰": Decimal("0.1")}.get(same_unit(r.unit), Decimal(1))


def _more_of_a_bad_thing(r: Reading) -> bool:
    """逾期发放率 >=100%: the writer turned the sign round."""
    return r.wants_less and r.written is not None and r.is_floor


def _less_of_a_good_thing(r: Reading) -> bool:
    if r.wants_less or not r.operator.is_cap or r.value == 0:
        return False
    return "满意" in r.level2 or bool(names.HIGHER.search(r.name))


def _rate_in_things(r: Reading) -> bool:
    """参保率 24694人."""
    return r.family in (Family.COUNT, Family.MONEY, Family.DURATION) and bool(names.RATE.search(r.name))


def _spending_as_much_as_possible(r: Reading) -> bool:
    """项目总投入 ≥6070 under 成本: a plan or a limit, nobody can tell."""
    money = r.is_cost and r.is_floor and r.family in (Family.MONEY, Family.NONE)
    return money and not names.STANDARD.search(r.name)


def _sign_against_name(r: Reading) -> bool:
    if r.hinted is None or r.written in (None, Operator.EQ):
        return False
    return r.operator.is_cap != r.hinted.is_cap


def _no_less_than_nothing(r: Reading) -> bool:
    """≥0 is met by everything."""
    return r.value == 0 and r.operator is Operator.GE


CONTRADICTIONS: tuple[Callable[[Reading], bool], ...] = (
    _more_of_a_bad_thing,
    _less_of_a_good_thing,
    _rate_in_things,
    _spending_as_much_as_possible,
    _sign_against_name,
    _no_less_than_nothing,
)


def _unit_in_doubt(r: Reading) -> bool:
    halves = r.unit.startswith("/") or r.unit in ("M", "万", "亿", "月")
    return halves or r.family in (Family.NONE, Family.UNKNOWN) or ranked(r)


def _cost_upside_down(r: Reading) -> bool:
    return r.is_cost and not r.operator.is_cap


def _equal_to_the_day(r: Reading) -> bool:
    """= of money, of time, or of a bad thing: hardly meant to the yuan and the day."""
    if r.operator is not Operator.EQ:
        return False
    return r.family in (Family.MONEY, Family.DURATION) or (r.wants_less and r.value != 0) or poisonous(r)


def _level_or_growing(r: Reading) -> bool:
    if r.family is Family.DURATION:
        return (r.is_quantity or not r.level2) and not r.operator.is_cap
    paced = r.family is Family.PERCENT and names.PACED.search(r.name)
    return bool(paced) and not names.ON_TIME.search(r.name)


def _odd_percentage(r: Reading) -> bool:
    """A share of a count, one beyond 100%, or very little of something good."""
    if r.family is not Family.PERCENT:
        return False
    percents = _percents(r)
    if not 0 <= percents <= 100 or names.COUNTED.search(r.name):
        return True
    return 0 < percents <= 10 and bool(names.HIGHER.search(r.name))


def _number_in_name(r: Reading) -> bool:
    return bool(names.NUMBER_INSIDE.search(r.name))


def _counted_or_per_year(r: Reading) -> bool:
    return r.family is Family.PER and (counts_per(r.unit) or r.unit.endswith(("/年", "每年")))


def _each(r: Reading) -> bool:
    """≥500元(每人): money or people for each of nobody knows how many."""
    return any(word in r.unit for word in "每各均")


def _floor_in_doubt(r: Reading) -> bool:
    """≥ of something that may be bad: a small share of an unlisted rate, a slow answer, incidents, a concentration."""
    if not r.is_floor:
        return False
    if r.family is Family.PERCENT:
        return _percents(r) < SMALL_SHARE and _unlisted_rate(r)
    if r.family is Family.DURATION:
        return not names.SHORTER.search(r.name) and (
            bool(names.SWIFT.search(r.name)) or not names.lasts(r.name)
        )
    if r.family is Family.MONEY:
        return bool(names.SPENDING.search(r.name)) and not names.INCOME.search(r.name)
    return poisonous(r) or _unlisted_count(r)


def _unlisted_rate(r: Reading) -> bool:
    if not names.RATE.search(r.name) or "满意" in r.level2:
        return False
    return not (names.HIGHER.search(r.name) or names.RELIEF.search(r.name) or names.SMALL.search(r.name))


def _unlisted_count(r: Reading) -> bool:
    """Outside 数量指标 what is counted may be bad (≥12人 逃学); incidents are everywhere."""
    if r.family is not Family.COUNT or names.RELIEF.search(r.name):
        return False
    if same_unit(r.unit) == "起":
        return True
    return bool(r.level2) and not r.is_quantity and not names.GAIN.search(r.name)


def _cap_in_doubt(r: Reading) -> bool:
    """≤ of something that is neither a cost nor bad nor a price: it may be good (≤90% 出勤率, ≤20万元 村集体收入)."""
    if not r.operator.is_cap or r.wants_less or r.is_cost or r.value == 0 or not r.name:
        return False
    if r.family is Family.PERCENT:
        return _percents(r) >= SMALL_SHARE
    return _CAPPED.get(r.family, _never)(r)


def _long_lived(r: Reading) -> bool:
    return names.lasts(r.name) and not names.SWIFT.search(r.name)


def _no_price(r: Reading) -> bool:
    if names.INCOME.search(r.name):
        return True
    return not (names.SPENDING.search(r.name) or names.STANDARD.search(r.name) or names.EACH.search(r.name))


def _marks(r: Reading) -> bool:
    return same_unit(r.unit) == "分" or bool(names.INDEX.search(r.name))


def _always(_: Reading) -> bool:
    return True


def _never(_: Reading) -> bool:
    return False


#: When a cap on something that is not known to be bad is doubtful, by what it is measured in.
_CAPPED: dict[Family, Callable[[Reading], bool]] = {
    Family.DURATION: _long_lived,
    Family.MONEY: _no_price,
    Family.STATE: _marks,
    Family.COUNT: _always,
}


def _satisfied_things(r: Reading) -> bool:
    return "满意" in r.level2 and not r.wants_less and r.family not in (Family.PERCENT, Family.STATE)


def _below_zero(r: Reading) -> bool:
    return r.value < 0


DOUBTS: tuple[Callable[[Reading], bool], ...] = (
    _unit_in_doubt,
    _cost_upside_down,
    _equal_to_the_day,
    stock_or_property,
    _level_or_growing,
    _odd_percentage,
    _number_in_name,
    _counted_or_per_year,
    _each,
    _floor_in_doubt,
    _cap_in_doubt,
    _satisfied_things,
    _below_zero,
)
