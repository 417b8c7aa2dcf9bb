"""How a form looks on a card: its inputs, the rows of what was read, the hints."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from bot import forms
from bot.cards import collect as cards
from bot.cards.card import Card, Input, InputKind, Row
from bot.cards.words import MARK_BY_LEVEL
from bot.forms import Form, Review
from bot.turn import Case
from regulation import deviation
from regulation.amounts import format_wan
from regulation.annexes import Field, FieldKind, Weight
from regulation.deviation import Finding
from regulation.execution import MARK
from regulation.rates import percent as percent_of
from regulation.spending import execution
from regulation.targets import Kind, Target
from regulation.thresholds import Thresholds

#: what is asked as a number.
ASKED = (FieldKind.MONEY, FieldKind.ACTUAL)
TEXT_LABELS = {"situation": "实施", "reason": "原因", "plan": "改进", "note": "说明"}


def inputs(
    form: Form, problems: Mapping[str, str] | None = None, seen: Review | None = None
) -> tuple[Input, ...]:
    """One input per number asked: money and every indicator's 已完成情况; any other field only for its problem, as
    the review shows it."""
    wrong = problems or {}
    asked = []
    for known in form.fields:
        if known.kind in (FieldKind.MONEY, FieldKind.ACTUAL):
            asked.append(_input(form, known, wrong.get(known.key, "")))
        elif seen and known.key in wrong:
            asked.append(replace(_worded(seen, known), problem=wrong[known.key]))
    return tuple(asked)


def _worded(seen: Review, known: Field) -> Input:
    return _likelihood(seen, known) if known.kind is FieldKind.LIKELIHOOD else _text_input(known, seen)


def _input(form: Form, known: Field, problem: str = "") -> Input:
    said = form.entries.get(known.key)
    return Input(
        known.key,
        short_key(known),
        _label(known),
        InputKind.NUMBER,
        unit=_unit(form, known),
        hint=f"年度目标 {known.indicator.target_text}" if known.indicator else _origin(form, known),
        last=_last(form, known),
        value=said.text if said else "",
        problem=problem,
    )


def _origin(form: Form, known: Field) -> str:
    """Where an amount nobody typed comes from; what somebody wrote over it needs no word."""
    return f"来自{form.known.origin}，可改" if form.known and _imported(form, known) else ""


def _imported(form: Form, known: Field) -> bool:
    said = form.entries.get(known.key)
    return said is not None and said.message.startswith(MARK)


def ready(form: Form) -> str:
    """What of the form needs no typing, in a few words: ``到位、支出来自预算管理一体化``; empty for nothing."""
    money = [known for known in form.fields if known.kind is FieldKind.MONEY and _imported(form, known)]
    names = "、".join(short_key(known) for known in money)
    return f"{names}来自{form.known.system}" if form.known and names else ""


def short_key(known: Field) -> str:
    """How the field is named in a batch reply: 支出, 到位, 1, 可能1, 原因."""
    if known.indicator:
        prefix = "可能" if known.kind is FieldKind.LIKELIHOOD else ""
        return f"{prefix}{known.indicator.position}"
    if known.kind is FieldKind.MONEY:
        return re.sub("[已（）]|资金", "", known.label)
    return TEXT_LABELS[known.key]


def _label(known: Field) -> str:
    return f"{known.indicator.position}. {known.indicator.name}" if known.indicator else known.label


def _unit(form: Form, known: Field) -> str:
    if known.indicator is None:
        return known.unit
    target = forms.target_of(form.project, known.indicator.position)
    return target.unit if target.value is not None else ""


def _last(form: Form, known: Field) -> str:
    before = form.previous.get(known.key)
    return f"上季 {before.value}" if before else ""


def echo(case: Case, form: Form, problems: Mapping[str, str]) -> Card:
    """The card that says what was read and what is still needed."""
    rules = case.world.rules_for(form.project, form.round)
    seen = forms.review(form, rules, case.at.date())
    ready = seen.complete and not problems and not form.proposals
    return cards.echo(
        form.project,
        form.round,
        rows=_rows(form, seen, rules),
        inputs=(*_open_inputs(form, seen, problems), *_text_inputs(form, seen, problems)),
        subject=form.subject,
        revision=form.stamp,
        asks=(*cards.problem_texts(problems), *_asks(seen)),
        complete=ready,
        missing=_still_owed(seen),
        warnings=_warnings(seen),
        proposals=tuple(text for _, text in form.proposals.values()),
        choose_reason="reason" in {f.key for f in seen.missing},
    )


def _still_owed(seen: Review) -> int:
    """How many answers the card asks for now: the numbers while any is missing, then what else is."""
    return len(_numbers(seen) or seen.missing)


def _numbers(seen: Review) -> list[Field]:
    return [f for f in seen.missing if f.kind in ASKED]


def _open_inputs(form: Form, seen: Review, problems: Mapping[str, str]) -> tuple[Input, ...]:
    """The numbers still missing or unusable, and the likelihoods a person should look at."""
    marked = {f.field.rpartition(".")[2] for f in forms.notable(seen)}
    missing = {f.key for f in seen.missing}
    shown = []
    for known in form.fields:
        if known.kind in (FieldKind.MONEY, FieldKind.ACTUAL):
            if known.key in missing or known.key in problems:
                shown.append(_input(form, known, problems.get(known.key, "")))
        elif known.kind is FieldKind.LIKELIHOOD and known.indicator:
            position = str(known.indicator.position)
            answered = f"actual.{position}" in seen.entries
            if answered and (known.key in missing or position in marked or known.key in problems):
                shown.append(replace(_likelihood(seen, known), problem=problems.get(known.key, "")))
    return tuple(shown)


def _likelihood(seen: Review, known: Field) -> Input:
    assert known.indicator is not None  # noqa: S101 — likelihood fields always carry their indicator
    said = seen.entries.get(known.key)
    hint = "按进度先选好了，可以改" if said and said.text == forms.SUGGESTED else ""
    return cards.likelihood_input(
        known.indicator.position, known.indicator.name, said.value if said else "", hint
    )


def _text_inputs(form: Form, seen: Review, problems: Mapping[str, str]) -> tuple[Input, ...]:
    """The texts this form needs, drafted where numbers allow; none before all numbers are there."""
    numbers_missing = any(f.kind in (FieldKind.MONEY, FieldKind.ACTUAL) for f in seen.missing)
    if numbers_missing:
        return ()
    wanted = {"situation", *seen.required, *problems}
    by_key = {f.key: f for f in form.fields}
    return tuple(
        replace(_text_input(by_key[key], seen), problem=problems.get(key, ""))
        for key in TEXT_LABELS
        if key in wanted and key in by_key
    )


def _text_input(known: Field, seen: Review) -> Input:
    said = seen.entries.get(known.key)
    hint = "按数字起草，可以改" if said and said.text == forms.DRAFTED else ""
    return Input(
        known.key,
        TEXT_LABELS[known.key],
        known.label,
        InputKind.LONG_TEXT,
        hint=hint,
        value=said.value if said else "",
        required=known.key in seen.required,
    )


def _rows(form: Form, seen: Review, rules: Thresholds) -> tuple[Row, ...]:
    level = {check.field.rpartition(".")[2]: "△" for check in seen.checks}
    for finding in reversed(forms.notable(seen)):
        level[finding.field.rpartition(".")[2]] = MARK_BY_LEVEL[finding.level]
    money = tuple(
        _money_row(form, seen, known, level, rules) for known in form.fields if known.kind is FieldKind.MONEY
    )
    indicators = tuple(
        _indicator_row(form, seen, known, level) for known in form.fields if known.kind is FieldKind.ACTUAL
    )
    return (*filter(None, (*money, *indicators)), *_unanswered(form, seen))


def _unanswered(form: Form, seen: Review) -> tuple[Row, ...]:
    """What has no number yet, by the names it is answered with: one row, whatever is wrong stays in sight."""
    open_ = [f for f in form.fields if f.kind in ASKED and f.key not in seen.entries]
    numbered = spans([f.indicator.position for f in open_ if f.indicator])
    words = [short_key(f) for f in open_ if not f.indicator]
    words += [f"第{'、'.join(numbered)}项"] if numbered else []
    return (Row("还没填", "、".join(words), "△"),) if words else ()


def spans(numbers: Sequence[int]) -> list[str]:
    """``1–3``, ``5``: ascending numbers, neighbours joined."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]


def _money_row(
    form: Form, seen: Review, known: Field, level: Mapping[str, str], rules: Thresholds
) -> Row | None:
    said = seen.entries.get(known.key)
    if said is None:
        return None
    text = f"{format_wan(Decimal(said.value))}万元"
    rate = execution(form.project, seen.figures, rules)
    if known.key == "spent" and rate.value is not None:
        text += f"（执行率 {rate.text}，时间进度 {percent_of(form.round.time_progress, 0)}）"
    if form.known and _imported(form, known):
        text += f"　{form.known.system}数"
    return Row(short_key(known), text, level.get(known.key, "✓"))


def _indicator_row(form: Form, seen: Review, known: Field, level: Mapping[str, str]) -> Row | None:
    assert known.indicator is not None  # noqa: S101 — actual fields always carry their indicator
    position = known.indicator.position
    label = f"{position} {known.indicator.name}"
    said = seen.entries.get(known.key)
    if said is None:
        return None
    target = forms.target_of(form.project, position)
    likely = seen.entries.get(f"likely.{position}")
    parts = [f"{said.value}{target.unit}" if target.value is not None else said.value]
    parts += [percent(form, target, position, said.value)]
    parts += [cards.likelihood_label(likely.value) if likely else "请选可能性"]
    return Row(label, "　".join(filter(None, parts)), level.get(str(position), "✓" if likely else "△"))


def percent(form: Form, target: Target, position: int, actual: str) -> str:
    """``75.0%`` of the annual target for what grows over the year, empty otherwise."""
    if target.kind is not Kind.CUMULATIVE:
        return ""
    indicator = next(i for i in form.project.indicators if i.position == position)
    ratio = deviation.progress(indicator, actual)
    return percent_of(ratio, 1) if ratio is not None else ""


def _warnings(seen: Review) -> tuple[str, ...]:
    weak = tuple(f"△ {c.text}" for c in seen.checks if c.weight is Weight.WARN)
    told = (f for f in forms.notable(seen) if not _same_as_likelihood(f))
    return tuple(f"{MARK_BY_LEVEL[f.level]} {f.sentence}" for f in told) + weak


def _same_as_likelihood(finding: Finding) -> bool:
    """A finding that only repeats the likelihood the person chose needs no second sentence."""
    return finding.field.startswith("likely.") and not finding.code.startswith("contradiction")


ASKS = {
    "reason": "为什么慢？点下面的原因，或回“原因：招标晚，设备未到”。",
    "plan": "怎么补上？回“改进：11月底前到货安装”。",
    "note": "写在下面，或回“说明：……”。",
}


def _asks(seen: Review) -> tuple[str, ...]:
    missing = {f.key for f in seen.missing}
    numbers = _numbers(seen)
    if numbers:
        return (f"还差 {len(numbers)} 项没填，已填的都存好了。",)
    chances = [str(f.indicator.position) for f in seen.missing if f.indicator]
    likely = (f"第 {'、'.join(chances)} 项请选完成目标可能性，如“可能{chances[0]}=大”。",) if chances else ()
    notes = tuple(c.text for c in forms.must_explain(seen)) if "note" in missing else ()
    return likely + notes + tuple(text for key, text in ASKS.items() if key in missing)
