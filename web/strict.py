"""Bodies from the network, read strictly: size, depth, encoding, repeated keys and the exact fields of each call."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from web.ports import Refused

BODY_LIMIT = 1024 * 1024
DEPTH_LIMIT = 16
FIELDS_LIMIT = 400
UNREADABLE = "没看懂这次提交，请刷新页面再试。"


class TooLarge(Refused):
    """The body is longer than allowed (answered as 413)."""


def parse_json(body: bytes) -> dict[str, Any]:
    """The object in a JSON body. Raises Refused: NaN and Infinity, repeated keys, more than 400 keys in an object,
    depth over 16, lone surrogates, anything that is no object (M01, M04, M06, M07, N22)."""
    try:
        text = body.decode()
        _check_depth(text)
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refused(UNREADABLE) from None
    if not isinstance(found, dict):
        raise Refused(UNREADABLE)
    return found


def parse_form(body: bytes) -> dict[str, Any]:
    """The fields of a posted form; ``answer.<key>`` fields are gathered under ``answers``. Raises Refused."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS_LIMIT, errors="strict"
        )
        fields = _once(pairs)
    except ValueError:
        raise Refused(UNREADABLE) from None
    answers = {k.removeprefix("answer."): v for k, v in fields.items() if k.startswith("answer.")}
    plain = {k: v for k, v in fields.items() if not k.startswith("answer.")}
    return {**plain, "answers": answers} if answers else plain


def text(fields: Mapping[str, Any], name: str, limit: int, *, empty: bool = False) -> str:
    """One text field. Raises Refused when it is missing, no text, empty or too long."""
    value = fields.get(name)
    if not isinstance(value, str) or "\0" in value or len(value) > limit:
        raise Refused(_LONG if isinstance(value, str) and len(value) > limit else UNREADABLE)
    if not value.strip() and not empty:
        raise Refused("还没有写内容。")
    return value


def texts(fields: Mapping[str, Any], name: str, limit: int) -> dict[str, str]:
    """A field that is an object of texts. Raises Refused."""
    value = fields.get(name)
    if not isinstance(value, dict) or len(value) > FIELDS_LIMIT:
        raise Refused(UNREADABLE)
    return {_short(key): text(value, key, limit, empty=True) for key in value}


def exactly(fields: Mapping[str, Any], names: Iterable[str]) -> None:
    """Raises Refused unless these and only these fields are there."""
    if set(fields) != set(names):
        raise Refused(UNREADABLE)


_LONG = "写得太长了，请分几条发，每条 4000 字以内。"


def _short(key: str) -> str:
    if not 0 < len(key) <= 256:
        raise Refused(UNREADABLE)
    return key


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs) or len(pairs) > FIELDS_LIMIT:
        raise ValueError("repeated key, or too many")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _check_depth(source: str) -> None:
    depth, quoted, escaped = 0, False, False
    for ch in source:
        if quoted:
            quoted, escaped = escaped or ch != '"', ch == "\\" and not escaped
        elif ch == '"':
            quoted = True
        elif ch in "[{":
            depth += 1
        elif ch in "]}":
            depth -= 1
        if depth > DEPTH_LIMIT:
            raise ValueError("too deep")
