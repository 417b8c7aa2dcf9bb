"""JSON from outside: duplicate keys, NaN, half a surrogate pair, NUL and bottomless nesting are refused."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

MAX_BYTES = 1 << 20
MAX_DEPTH = 12
_UNSOUND = re.compile("[\0\ud800-\udfff]")


class Refused(Exception):
    """Not one of ours; the words are for the log and quote nothing of what was sent."""


def parsed(raw: object, what: str) -> Any:
    """The value of a JSON text. Raises Refused (M01, M06, M07, N22)."""
    if not isinstance(raw, str):
        raise Refused(f"{what}: not a text")
    if len(raw) > MAX_BYTES:
        raise Refused(f"{what}: too long")
    try:
        value = json.loads(raw, object_pairs_hook=_once, parse_constant=_constant, parse_float=Decimal)
        _check(value, what, MAX_DEPTH)
    except (
        ValueError,
        RecursionError,
        InvalidOperation,
    ) as error:  # the last: an exponent no Decimal can hold
        raise Refused(f"{what}: not JSON") from error
    return value


def mapping(value: object, what: str) -> Mapping[str, Any]:
    """An object. Raises Refused."""
    if not isinstance(value, Mapping):
        raise Refused(f"{what}: not an object")
    return value


def text(value: object, what: str, limit: int, *, empty: bool = False) -> str:
    """A text that may be stored and shown. Raises Refused."""
    if not isinstance(value, str):
        raise Refused(f"{what}: not a text")
    if len(value) > limit:
        raise Refused(f"{what}: too long")
    if not value.strip() and not empty:
        raise Refused(f"{what}: empty")
    if not sound(value):
        raise Refused(f"{what}: not valid text")
    return value


def sound(value: str) -> bool:
    """Whether a text can be stored: no NUL, no half pair."""
    return not _UNSOUND.search(value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _constant(_name: str) -> Any:
    raise ValueError("not a number")


def _check(value: object, what: str, depth: int) -> None:
    if depth == 0:
        raise Refused(f"{what}: too deep")
    if isinstance(value, str) and not sound(value):
        raise Refused(f"{what}: not valid text")
    if isinstance(value, dict):
        for key, inner in value.items():
            _check(key, what, depth)
            _check(inner, what, depth - 1)
    if isinstance(value, list):
        for inner in value:
            _check(inner, what, depth - 1)
