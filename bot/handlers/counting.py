"""Answers in counts: who owes, who has not looked, who was pressed; finance gets them before filing too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time

from bot.audience import OWING, capacities
from bot.cards import answers as cards
from bot.cards.card import Attachment, Button, Card, Row, Style
from bot.cards.words import clock, short
from bot.effects import Effect, Send
from bot.glancing import moment
from bot.handlers import common, figuring
from bot.handlers.inquiry import (
    COUNTED,
    LINES,
    Asked,
    duties_in,
    is_finance,
    name_of,
)
from bot.people import Action, Subject, may
from bot.scopes import counts_in
from bot.turn import Case, Duty, Turn
from regulation.chasing import chased
from regulation.deadlines import SHANGHAI, Annex, Deadline
from regulation.tallies import UnitCount


def owing(case: Case, asked: Asked) -> Turn:
    """还有谁没交: departments for finance, units for a department, forms for a unit."""
    if asked.scope.filler or asked.scope.units:
        return _owing_forms(case, asked)
    counts = counts_in(case, asked.round, asked.scope)
    across = len({each.department_id for each in counts}) > 1
    groups = _by_department(case, counts) if across else [(each.unit_name, [each]) for each in counts]
    return case.say(_owing_card(case, asked, counts, groups, "部门" if across else "单位"))


def _owing_card(
    case: Case,
    asked: Asked,
    counts: list[UnitCount],
    groups: list[tuple[str, list[UnitCount]]],
    what: str,
) -> Card:
    forms, owed = sum(each.forms for each in counts), sum(each.owed for each in counts)
    limit = common.deadline(case, asked.round, _inside(case, asked))
    late = (
        "　已逾期" if limit.is_late(case.at) else "　已过本部门定的日期" if limit.own_passed(case.at) else ""
    )
    missing = sorted(
        ((name, sum(c.owed for c in group), sum(c.forms for c in group)) for name, group in groups),
        key=lambda line: -line[1],
    )
    open_lines = [line for line in missing if line[1]]
    rows = [Row(name, f"差 {n}/{of}{late}", "✕" if late else "△") for name, n, of in open_lines[:LINES]]
    rest = f"另有 {len(open_lines) - LINES} 个{what}没列出。" if len(open_lines) > LINES else ""
    done = len(groups) - len(open_lines)
    title = f"{asked.scope.label}还差 {owed} 张没交" if owed else f"{asked.scope.label}都交齐了"
    return cards.table(
        title,
        f"{asked.round.label}附表1 · 已报 {forms - owed}/{forms} · {done} 个{what}交齐"
        + (f" · {_own_day(case, limit)}" if limit.overall and owed else ""),
        rows,
        asked.noted(COUNTED),
        good=not owed,
        text=rest,
        buttons=_chase(case, asked, owed),
    )


def _inside(case: Case, asked: Asked) -> str:
    """The department whose own day counts for the asker: finance goes by the district's."""
    return "" if is_finance(case) else asked.scope.one_department or ""


def _own_day(case: Case, limit: Deadline) -> str:
    """What a department with its own day goes by: only said where it differs from the district's."""
    return f"本部门定于{case.world.workdays.label(limit.nominal)}"


def _chase(case: Case, asked: Asked, owed: int) -> tuple[Button, ...]:
    """Whoever may press them or write to them can do it from here; pressing waits for the deadline."""
    place = asked.scope.one_department or ""
    limit = common.deadline(case, asked.round, _inside(case, asked))
    late = asked.round == case.world.round and (limit.is_late(case.at) or limit.own_passed(case.at))
    press = place and late and may(case.person, Action.NUDGE, Subject(department_id=place))
    return (
        *((Button(f"nudge:{place}", "催没交的", Style.PRIMARY),) if owed and press else ()),
        *((Button("notice_write", "写通知"),) if owed and capacities(case.person) else ()),
    )


def _by_department(case: Case, counts: Iterable[UnitCount]) -> list[tuple[str, list[UnitCount]]]:
    known = {each.id: each.name for each in case.world.records.departments()}
    groups: dict[str, list[UnitCount]] = {}
    for each in counts:
        groups.setdefault(known[each.department_id], []).append(each)
    return list(groups.items())


def _owing_forms(case: Case, asked: Asked) -> Turn:
    owed = [duty for duty in duties_in(case, asked) if duty.filing.state in OWING]
    rows = [
        Row(short(d.project_name, 20), f"{common.state_words(d)}　{name_of(case, d.filler_id)}", "△")
        for d in owed
    ]
    title = f"{asked.scope.label}还差 {len(owed)} 张没交" if owed else f"{asked.scope.label}都交齐了"
    due = common.due_words(case, asked.round, *common.departments_in(owed))
    lead = f"{asked.round.label}附表1 · {due}"
    fill = (Button("fill", "去填报", Style.PRIMARY),) if owed and asked.scope.filler else ()
    return case.say(cards.table(title, lead, rows[:LINES], asked.noted(COUNTED), good=not owed, buttons=fill))


def progress(case: Case, asked: Asked) -> Turn:
    """全区进度: the same counts with the picture, as far as the person answers for a department or more."""
    turn = owing(case, asked)
    place = "*" if asked.scope.whole else asked.scope.one_department
    if asked.scope.units or asked.scope.filler or not place:
        return turn
    name = f"进度_{asked.scope.label}_{asked.round.label}.png"
    picture = Attachment("district.png", f"{asked.round.code}:{place}", moment(case.at), name)
    far = asked.scope.whole or asked.scope.division
    rows, buttons = figuring.overall(case, asked) if far else ((), ())
    return Turn(turn.session, tuple(_glanced(each, rows, picture, buttons) for each in turn.effects))


def _glanced(
    effect: Effect, rows: tuple[Row, ...], picture: Attachment, buttons: tuple[Button, ...]
) -> Effect:
    if not isinstance(effect, Send):
        return effect
    card = effect.card
    more = replace(card, rows=(*rows, *card.rows), picture=picture, buttons=(*buttons, *card.buttons))
    return replace(effect, card=more)


def unopened(case: Case, asked: Asked) -> Turn:
    """谁没打开过: fillers who owe, have no draft, and have neither read nor said anything since the round opened."""
    opens = case.world.deadline(asked.round, Annex.UNIT).opens
    seen = case.world.records.opened_since(datetime.combine(opens, time(), SHANGHAI))
    silent = [
        d
        for d in duties_in(case, asked)
        if d.filing.state in OWING and not d.answered and d.filler_id not in seen
    ]
    people = {d.filler_id: d for d in silent}
    far = asked.scope.whole or asked.scope.division
    rows = _per_department(case, people) if far else _per_person(case, people)
    title = (
        f"{asked.scope.label} {len(people)} 人没打开过" if people else f"{asked.scope.label}的经办人都打开过"
    )
    definition = f"{case.world.workdays.label(opens)}开始以来没读过消息、没回过话、没存过一个数的经办人"
    lead = f"{asked.round.label}附表1 还没报的人里"
    return case.say(
        cards.table(
            title,
            lead,
            rows,
            asked.noted(definition),
            good=not people,
            buttons=_chase(case, asked, len(people)),
        )
    )


def _per_department(case: Case, people: dict[str, Duty]) -> list[Row]:
    known = {each.id: each.name for each in case.world.records.departments()}
    counts: dict[str, int] = {}
    for duty in people.values():
        counts[known[duty.department_id]] = counts.get(known[duty.department_id], 0) + 1
    return [Row(name, f"{count} 人", "△") for name, count in counts.items()][:LINES]


def _per_person(case: Case, people: dict[str, Duty]) -> list[Row]:
    return [
        Row(name_of(case, person), f"{case.world.records.unit(duty.unit_id).name}　{duty.project_name}", "△")
        for person, duty in people.items()
    ][:LINES]


def nudged(case: Case, asked: Asked) -> Turn:
    """谁催过: from the ledger, whoever was pressed, how often, last by whom."""
    inside = {d.filler_id for d in duties_in(case, asked)}
    pressed = [
        each for each in chased(case.world.records.nudges(asked.round)).values() if each.person_id in inside
    ]
    if asked.scope.whole or asked.scope.division:
        rows = [Row("催办", f"{len(pressed)} 人，共 {sum(p.times for p in pressed)} 次")] if pressed else []
    else:
        rows = [
            Row(name_of(case, p.person_id), f"{p.times} 次，最近 {clock(p.last)} {name_of(case, p.by)}催")
            for p in pressed
        ]
    title = f"{asked.scope.label}催过 {len(pressed)} 人" if pressed else f"{asked.scope.label}还没有催过人"
    return case.say(cards.table(title, asked.round.label, rows[:LINES], asked.noted("催办台账"), good=True))
