"""How instants, money and days are kept: exact text in every database, never a float and never a local clock."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

SHANGHAI = ZoneInfo("Asia/Shanghai")

#: A row number the database hands out.
Serial = BigInteger().with_variant(Integer, "sqlite")


@lru_cache(maxsize=1024)  # one turn writes the same instant some eight times
def instant_text(at: datetime) -> str:
    """UTC with six decimals, so that text order is time order. Raises ValueError for a naive datetime."""
    if at.tzinfo is None:
        raise ValueError(f"an instant needs its time zone: {at!r}")
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def read_instant(text: str) -> datetime:
    """The same instant on Asia/Shanghai's clock."""
    return datetime.fromisoformat(text).astimezone(SHANGHAI)


def money_text(amount: Decimal) -> str:
    """Every digit as given, no exponent. Raises ValueError for NaN, infinity and anything but Decimal."""
    if not isinstance(amount, Decimal) or not amount.is_finite():
        raise ValueError(f"not an amount: {amount!r}")
    return format(amount, "f")


class Instant(TypeDecorator[datetime]):
    """An aware datetime kept as UTC text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else instant_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else read_instant(value)


class Money(TypeDecorator[Decimal]):
    """A Decimal kept as text (SQLAlchemy's Numeric is a float on SQLite)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else money_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Day(TypeDecorator[date]):
    """A date kept as ISO text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)
