"""What a documented request may contain, as values, and the first place where a request departs from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Check = Callable[[Any, str], str]


@dataclass(frozen=True, slots=True)
class Text:
    """A string; ``limit`` counts characters, ``bytes`` its UTF-8 length."""

    limit: int = 0
    bytes: int = 0
    empty: bool = False
    among: tuple[str, ...] = ()

    def wrong(self, value: Any, path: str) -> str:
        """Why the value is not one of these; '' when it is."""
        if not isinstance(value, str):
            return f"{path}: a string, not {_kind(value)}"
        if not value and not self.empty:
            return f"{path}: empty"
        if self.among and value not in self.among:
            return f"{path}: {value!r} is none of {', '.join(self.among)}"
        return self._too_long(value, path)

    def _too_long(self, value: str, path: str) -> str:
        if self.limit and len(value) > self.limit:
            return f"{path}: {len(value)} characters, at most {self.limit}"
        size = len(value.encode("utf-8", "replace"))
        return f"{path}: {size} bytes, at most {self.bytes}" if self.bytes and size > self.bytes else ""


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number within bounds; ``spelled`` also takes it written as a string."""

    least: int = 0
    most: int = 2**63 - 1
    spelled: bool = False

    def wrong(self, value: Any, path: str) -> str:
        """Why the value is not one of these; '' when it is."""
        if self.spelled and isinstance(value, str) and value.isdecimal():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            return f"{path}: a whole number, not {_kind(value)}"
        return "" if self.least <= value <= self.most else f"{path}: {value} is not {self.least}…{self.most}"


@dataclass(frozen=True, slots=True)
class Truth:
    """true or false."""

    def wrong(self, value: Any, path: str) -> str:
        """Why the value is not one of these; '' when it is."""
        return "" if isinstance(value, bool) else f"{path}: true or false, not {_kind(value)}"


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever JSON it is."""

    def wrong(self, _value: Any, _path: str) -> str:
        """Nothing is wrong."""
        return ""


@dataclass(frozen=True, slots=True)
class Many:
    """An array of ``of``."""

    of: Any
    least: int = 0
    most: int = 10_000

    def wrong(self, value: Any, path: str) -> str:
        """Why the value is not one of these; '' when it is."""
        if not isinstance(value, list):
            return f"{path}: an array, not {_kind(value)}"
        if not self.least <= len(value) <= self.most:
            return f"{path}: {len(value)} entries, {self.least}…{self.most} allowed"
        return next(filter(None, (self.of.wrong(each, f"{path}[{n}]") for n, each in enumerate(value))), "")


@dataclass(frozen=True, slots=True)
class Map:
    """An object with keys of the caller's choice."""

    of: Any
    key: Text = field(default_factory=Text)

    def wrong(self, value: Any, path: str) -> str:
        """Why the value is not one of these; '' when it is."""
        if not isinstance(value, dict):
            return f"{path}: an object, not {_kind(value)}"
        found = (
            self.key.wrong(k, f"{path}: key {k!r}") or self.of.wrong(v, f"{path}.{k}")
            for k, v in value.items()
        )
        return next(filter(None, found), "")


@dataclass(frozen=True, slots=True)
class Object:
    """An object with documented keys only. A key that ends in ``!`` must be there."""

    keys: Mapping[str, Any]

    def wrong(self, value: Any, path: str = "") -> str:
        """Why the value is not one of these; '' when it is."""
        if not isinstance(value, dict):
            return f"{path or 'body'}: an object, not {_kind(value)}"
        known = {name.removesuffix("!"): shape for name, shape in self.keys.items()}
        for name in value:
            if name not in known:
                return f"{_at(path, name)}: there is no such field"
        missing = [name[:-1] for name in self.keys if name.endswith("!") and name[:-1] not in value]
        if missing:
            return f"{_at(path, missing[0])}: missing"
        return next(filter(None, (known[k].wrong(v, _at(path, k)) for k, v in value.items())), "")


@dataclass(frozen=True, slots=True)
class Written:
    """JSON written into a string, itself of shape ``of``."""

    of: Any
    bytes: int = 0

    def wrong(self, value: Any, path: str) -> str:
        """Why the value is not one of these; '' when it is."""
        return Text(bytes=self.bytes).wrong(value, path) or self._inside(value, path)

    def _inside(self, value: str, path: str) -> str:
        try:
            return str(self.of.wrong(json.loads(value), path))
        except (ValueError, RecursionError):
            return f"{path}: not JSON"


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a truth value", type(None): "null"}
    return names.get(type(value), "a number")
