"""What a JSON object may hold, as tables; anything else in it is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.wecom.errors import Refusal


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its type, whether it must be there, its limits, and the return code when it is wrong.

    ``most`` counts characters, items of a list, or with ``in_bytes`` UTF-8 bytes. ``advised`` is a length the
    documentation recommends: longer is cut on the phone, and refused while the platform is strict."""

    type: type
    need: bool = False
    least: int = 0
    most: int = 0
    in_bytes: bool = False
    advised: int = 0
    choices: tuple[Any, ...] = ()
    code: int = 40058
    count_code: int = 0
    inside: Mapping[str, Field] | None = None  # None: looked into elsewhere


Shape = dict[str, Field]


def text(most: int = 0, **more: Any) -> Field:
    """A text of at most ``most`` characters."""
    return Field(str, most=most, **more)


def advised(length: int, **more: Any) -> Field:
    """A text with a recommended length only."""
    return Field(str, advised=length, **more)


def octets(most: int, **more: Any) -> Field:
    """A text of at most ``most`` UTF-8 bytes."""
    return Field(str, most=most, in_bytes=True, **more)


def one_of(*choices: Any, **more: Any) -> Field:
    """One of a few values, all of one type."""
    return Field(type(choices[0]), choices=choices, **more)


def number(**more: Any) -> Field:
    """A whole number."""
    return Field(int, **more)


def flag() -> Field:
    """true or false."""
    return Field(bool)


def thing(inside: Mapping[str, Field], **more: Any) -> Field:
    """An object."""
    return Field(dict, inside=inside, **more)


def things(inside: Mapping[str, Field], least: int, most: int, **more: Any) -> Field:
    """A list of objects."""
    return Field(list, inside=inside, least=least, most=most, **more)


def texts(most: int = 0, **more: Any) -> Field:
    """A list of texts."""
    return Field(list, most=most, **more)


class Checker:
    """Checks values against tables. ``complaints`` collects what a lenient platform only cuts."""

    def __init__(self, *, strict: bool = True) -> None:
        self.strict = strict
        self.complaints: list[str] = []

    def check(self, value: Mapping[str, Any], shape: Mapping[str, Field], where: str = "") -> None:
        """Raises Refusal for the first thing wrong."""
        unknown = [name for name in value if name not in shape]
        if unknown:
            raise Refusal(40035, f"no such field: {_path(where, unknown[0])}")
        for name, rule in shape.items():
            if name in value:
                self._field(value[name], rule, _path(where, name))
            elif rule.need:
                raise Refusal(rule.code, f"missing: {_path(where, name)}")

    def _field(self, value: Any, rule: Field, path: str) -> None:
        if not isinstance(value, rule.type) or (rule.type is int and isinstance(value, bool)):
            raise Refusal(40035, f"Warning: wrong json format. {path} is not {rule.type.__name__}")
        if rule.choices and value not in rule.choices:
            raise Refusal(rule.code, f"{path}: {value!r}")
        if isinstance(value, (str, list)):
            self._length(value, rule, path)
        if isinstance(value, dict) and rule.inside is not None:
            self.check(value, rule.inside, path)
        elif isinstance(value, list):
            self._items(value, rule, path)

    def _items(self, value: list[Any], rule: Field, path: str) -> None:
        for number, item in enumerate(value):
            if rule.inside is not None and not isinstance(item, dict):
                raise Refusal(40035, f"Warning: wrong json format. {path}[{number}] is not an object")
            if rule.inside is not None:
                self.check(item, rule.inside, f"{path}[{number}]")

    def _length(self, value: str | list[Any], rule: Field, path: str) -> None:
        size = len(value.encode()) if rule.in_bytes and isinstance(value, str) else len(value)
        if rule.need and not size:
            raise Refusal(rule.code, f"empty: {path}")
        if size < rule.least or (rule.most and size > rule.most):
            raise Refusal(rule.count_code or rule.code, f"{path}: {size}, allowed {rule.least}..{rule.most}")
        if rule.advised and size > rule.advised:
            self._advise(f"{path}: {size} characters, recommended {rule.advised}")

    def _advise(self, complaint: str) -> None:
        if self.strict:
            raise Refusal(40058, complaint)
        self.complaints.append(complaint)


def _path(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
