"""The questions of a card as the field list of DingTalk's form component, cut into parts that fit one value."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.cards.card import Input, InputKind

#: a field's name must survive templates that read a dot as a path.
DOT = "__"
TYPES = {InputKind.TEXT: "TEXT", InputKind.LONG_TEXT: "TEXT_AREA", InputKind.CHOICE: "SELECT"}


def name_of(key: str) -> str:
    """``actual.3`` -> ``actual__3``."""
    return key.replace(".", DOT)


def key_of(name: str) -> str:
    """``actual__3`` -> ``actual.3``."""
    return name.replace(DOT, ".")


def fields(inputs: Sequence[Input], number: str) -> list[dict[str, Any]]:
    """One field for each question. Nothing is required by the client: a part may be sent, the rest is asked again.
    ``number`` is the type for numbers: TEXT takes 同 and 1.3亿 as well, NUMBER brings the keypad."""
    return [_field(question, number) for question in inputs]


def _field(question: Input, number: str) -> dict[str, Any]:
    known = {"defaultValue": _default(question)} if question.value else {}
    options = [{"value": value, "text": label} for value, label in question.options]
    return {
        "name": name_of(question.key),
        "label": _label(question),
        "type": TYPES.get(question.kind, number),
        "placeholder": "" if question.value else _aside(question),
        **({"options": options} if options else {}),
        **known,
    }


def _default(question: Input) -> Any:
    if question.kind is not InputKind.CHOICE:
        return question.value
    values = [value for value, _ in question.options]
    return {"index": values.index(question.value) if question.value in values else 0, "value": question.value}


def _label(question: Input) -> str:
    """What is asked, in which unit, what stood there before once it can no longer stand inside, what is wrong."""
    unit = question.unit if question.unit not in question.label else ""
    aside = _aside(question) if question.value else ""
    details = "，".join(filter(None, (unit, aside)))
    wrong = f" △ {question.problem}" if question.problem else ""
    return f"{question.label}（{details}）{wrong}" if details else f"{question.label}{wrong}"


def _aside(question: Input) -> str:
    return "，".join(filter(None, (question.hint, question.last)))


def value(found: Sequence[dict[str, Any]]) -> str:
    """The template's ``form`` value."""
    return compact({"fields": list(found)})


def compact(value: object) -> str:
    """JSON as DingTalk wants it inside of JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def parts(found: Sequence[dict[str, Any]], limit: int) -> list[list[dict[str, Any]]]:
    """The fields in order, in as few values of at most ``limit`` bytes as it takes; a field is never cut."""
    whole: list[list[dict[str, Any]]] = []
    current: list[dict[str, Any]] = []
    room = limit - len(value(()))
    for each in found:
        size = len(compact(each).encode()) + 1
        if current and size > room:
            whole.append(current)
            current, room = [], limit - len(value(()))
        current.append(each)
        room -= size
    return [*whole, current]
