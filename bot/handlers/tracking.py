"""偏离: the open deviations somebody answers for, and how far each has been dealt with (第五条(三)、第十六条)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.cards import rulings as cards
from bot.cards.card import Button, Row, Style, Tone
from bot.cards.plain import refusal, told
from bot.effects import Track
from bot.handlers import scopes
from bot.people import Action
from bot.small_forms import Question, SmallForm
from bot.turn import Case, Handle, Handler, Raised, Turn
from regulation.problems import Problem, problem
from regulation.roster import Project
from regulation.texts import parse_text
from regulation.tracking import (
    STAGE_ACTION_LABELS,
    STAGE_LABELS,
    Stage,
    StageAction,
    Tracked,
    next_stage,
)

#: more of them do not fit a card.
SHOWN = 6


def listed(case: Case) -> Turn:
    """Open deviations of the departments the person answers for or oversees, worst first; a department's or a
    project's name narrows it down."""
    departments = {each.id: each for each in (*scopes.own(case), *scopes.overseen(case))}
    if not departments:
        return case.say(refusal(problem("person.may_not")))
    able = [d for d in departments if scopes.allowed(case, Action.TRACK, d, case.world.round)]
    named = [d for d in able if case.argument and case.argument in departments[d].name]
    return _list(case, named or able, "" if named else case.argument)


def of_department(case: Case) -> Turn:
    """The deviations of the department on the tapped card."""
    found = scopes.parts(case.argument)
    if found is None or not scopes.allowed(case, Action.TRACK, found[1], found[0]):
        return case.say(refusal(problem("person.may_not")))
    return _list(case, [found[1]], "")


def _list(case: Case, departments: list[str], words: str) -> Turn:
    records = case.world.records
    found = [
        (raised, project)
        for department in departments
        for raised in records.findings(case.world.round, department_id=department)
        if (project := records.project(raised.project_id)) and words in project.name
    ]
    tracked = records.tracked(case.world.round)
    found.sort(
        key=lambda pair: (
            _stage(tracked, pair[0]) is Stage.DONE,
            ("red", "yellow", "info").index(pair[0].finding.level),
        )
    )
    rows = tuple(
        (f"finding:{raised.id}", raised.finding, project.name, STAGE_LABELS[_stage(tracked, raised)])
        for raised, project in found[:SHOWN]
    )
    opened = sum(_stage(tracked, raised) is not Stage.DONE for raised, _ in found)
    title = f"{case.world.round.short}偏离 {len(found)} 处，{opened} 处没办结" if found else "没有要看的偏离"
    return case.say(cards.deviations(title, "红的在前，办结的在后" if found else "", rows, len(found)))


def _stage(tracked: Mapping[int, Tracked], raised: Raised) -> Stage:
    return tracked[raised.id].stage if raised.id in tracked else Stage.NEW


def _find(case: Case, finding_id: str) -> tuple[Raised, Project, Tracked] | None:
    """An open deviation the person may deal with."""
    records, round = case.world.records, case.world.round
    for raised in records.findings(round):
        if str(raised.id) != finding_id:
            continue
        project = records.project(raised.project_id)
        department = records.unit(project.unit_id).department_id if project else ""
        if project is None or not scopes.allowed(case, Action.TRACK, department, round):
            return None
        return raised, project, records.tracked(round).get(raised.id, Tracked(raised.id))
    return None


def open_one(case: Case) -> Turn:
    """One deviation with its reasons."""
    found = _find(case, case.argument)
    if found is None:
        return case.say(refusal(problem("finding.gone")))
    raised, project, tracked = found
    words = f"：{tracked.words}" if tracked.words else ""
    return case.say(
        cards.deviation(
            raised.finding,
            project.name,
            STAGE_LABELS[tracked.stage] + words,
            tuple(_buttons(tracked)),
            str(raised.id),
        )
    )


ACTIONS = {
    StageAction.READ: "seen",
    StageAction.TAKE: "take_on",
    StageAction.FINISH: "finish",
    StageAction.REOPEN: "reopen",
}


def _buttons(tracked: Tracked) -> Iterator[Button]:
    style = Style.PRIMARY
    for action, verb in ACTIONS.items():
        if next_stage(tracked.stage, action):
            yield Button(f"{verb}:{tracked.finding_id}", STAGE_ACTION_LABELS[action], style)
            style = Style.PLAIN


def _moving(action: StageAction) -> Handle:
    """A tap that needs no words."""

    def moved(case: Case) -> Turn:
        found = _find(case, case.argument)
        if found is None:
            return case.say(refusal(problem("finding.gone")))
        return _move(case, found, action, "")

    return moved


def _move(case: Case, found: tuple[Raised, Project, Tracked], action: StageAction, words: str) -> Turn:
    raised, project, tracked = found
    stage = next_stage(tracked.stage, action)
    if stage is None:
        return case.say(refusal(problem("order.moved_on", state=STAGE_LABELS[tracked.stage])))
    subject = f"{case.world.round.code}:{project.id}"
    now = Tracked(raised.id, stage, case.person.id, case.at, words)
    done = told(f"✓ {STAGE_LABELS[stage]}", f"{project.name}　{raised.finding.title}", tone=Tone.GOOD)
    return Turn(case.session, (Track(now, subject), case.reply(done)))


def _may(case: Case, finding_id: str) -> Problem | None:
    found = _find(case, finding_id)
    if found is None:
        return problem("finding.gone")
    if next_stage(found[2].stage, StageAction.FINISH) is None:
        return problem("order.moved_on", state=STAGE_LABELS[found[2].stage])
    return None


def _about(case: Case, finding_id: str) -> str:
    found = _find(case, finding_id)
    return f"{found[1].name} · {found[0].finding.title}" if found else ""


def _words(text: str, _case: Case, _subject: str) -> str | Problem:
    return parse_text(text, label="怎样办结的", least=6)


def _shown(_case: Case, _subject: str, read: Mapping[str, Any]) -> tuple[Row, ...]:
    return (Row("办结", read["words"]),)


def _finished(case: Case, finding_id: str, read: Mapping[str, Any]) -> Turn:
    found = _find(case, finding_id)
    if found is None:
        return case.say(refusal(problem("finding.gone")))
    return _move(case, found, StageAction.FINISH, read["words"])


FINISH = SmallForm(
    "finish",
    "办结这条偏离",
    "确认办结",
    (Question("words", "办结", "怎样办结的，一句话", _words),),
    _may,
    _about,
    _shown,
    _finished,
)

HANDLER = Handler(
    name="tracking",
    words={"偏离": listed},
    actions={
        "deviations": of_department,
        "finding": open_one,
        "seen": _moving(StageAction.READ),
        "take_on": _moving(StageAction.TAKE),
        "reopen": _moving(StageAction.REOPEN),
        **FINISH.actions(),
    },
)
