"""A form as one plain text: the questions as a list to answer in a single message, for a skin without inputs."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.card import Input, InputKind

#: how the list begins; the second where the last round has numbers that 同 can stand for.
OPENING, UNCHANGED = "照着回一条就行：", "照着回一条就行，没变的写“同”："


def questions(inputs: Sequence[Input]) -> tuple[str, ...]:
    """The lines of the text: one per question, then what is already chosen and how to choose otherwise."""
    asked = tuple(_item(i) for i in inputs if i.kind is not InputKind.CHOICE)
    choices = tuple(i for i in inputs if i.kind is InputKind.CHOICE)
    opening = UNCHANGED if any(i.last for i in inputs) else OPENING
    return ((opening,) if asked else ()) + asked + _chosen(choices) + _open(choices) + _problems(choices)


def _item(question: Input) -> str:
    mark = "△ " if question.problem else ""
    head = _head(question)
    details = "，".join(filter(None, _details(question)))
    tail = f"：{question.problem}" if question.problem else ""
    return f"{mark}{head}（{details}）{tail}" if details else f"{mark}{head}{tail}"


def _head(question: Input) -> str:
    """``1 改造教室数量``: the key of the reply first, the label only where it says more than the key."""
    label = question.label.removeprefix(question.short).lstrip(" .、．")
    if question.kind is InputKind.NUMBER:
        return f"{question.short} {label}" if question.short.isdecimal() and label else question.short
    known = not label or question.short in label or question.label.startswith(question.short)
    return f"{question.short}：" if known else f"{question.short}：{label}"


def _details(question: Input) -> tuple[str, ...]:
    hint = question.hint.removeprefix("年度目标").strip()
    unit = question.unit if question.unit not in hint + question.label else ""
    known = f"已填{question.value}" if question.value else ""
    return unit, hint, question.last.replace(" ", ""), known


def _chosen(choices: Sequence[Input]) -> tuple[str, ...]:
    suggested = [f"{c.short}={_label(c, c.value)}" for c in choices if c.value]
    return (f"已按进度选好，要改再写：{' '.join(suggested)}",) if suggested else ()


def _open(choices: Sequence[Input]) -> tuple[str, ...]:
    """Questions still open, grouped by what can be chosen, and the wording of the options once."""
    groups: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for choice in choices:
        groups.setdefault(choice.options, []).extend([] if choice.value else [choice.short])
    return tuple(_group(options, shorts) for options, shorts in groups.items())


def _group(options: tuple[tuple[str, str], ...], shorts: Sequence[str]) -> str:
    labels = "、".join(label for _, label in options)
    return f"{'、'.join(shorts)} 从这里选：{labels}" if shorts else f"可选：{labels}"


def _problems(choices: Sequence[Input]) -> tuple[str, ...]:
    return tuple(f"△ {c.short}：{c.problem}" for c in choices if c.problem)


def _label(choice: Input, value: str) -> str:
    return dict(choice.options).get(value, value)
