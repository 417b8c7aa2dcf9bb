"""A small form of a few labelled answers: a page of inputs where the platform has them, one labelled line where not.

Answers are read, shown back, and count only when the person confirms what is shown: what is confirmed is what the
server kept with the card, nothing a phone sends."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.cards import small_form as cards
from bot.cards.card import Input, InputKind, Row
from bot.cards.plain import refusal
from bot.sessions import SMALL_FORM
from bot.turn import Case, Handle, Turn
from regulation.problems import Problem, problem

Answers = Mapping[str, str]
Read = Callable[[str, Case, str], Any]


@dataclass(frozen=True, slots=True)
class Question:
    """One answer. ``read`` makes a value of the words, or a Problem; ``short`` is its label in a line of chat."""

    key: str
    short: str
    label: str
    read: Read
    kind: InputKind = InputKind.LONG_TEXT
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    required: bool = True


def _nothing_wrong(_case: Case, _subject: str, _read: Mapping[str, Any]) -> Mapping[str, Problem]:
    return {}


@dataclass(frozen=True, slots=True)
class SmallForm:
    """One kind of small form. ``allowed`` is asked at every step; ``about`` is its lead line; ``shown`` the read values
    as rows; ``done`` what confirming asks for; ``together`` what is wrong although each answer alone is fine.

    Its actions are ``<verb>``, ``<verb>_check`` and ``<verb>_confirm``."""

    verb: str
    title: str
    confirm: str
    questions: tuple[Question, ...]
    allowed: Callable[[Case, str], Problem | None]
    about: Callable[[Case, str], str]
    shown: Callable[[Case, str, Mapping[str, Any]], tuple[Row, ...]]
    done: Callable[[Case, str, Mapping[str, Any]], Turn]
    together: Callable[[Case, str, Mapping[str, Any]], Mapping[str, Problem]] = _nothing_wrong
    note: str = ""

    def actions(self) -> dict[str, Handle]:
        """For the handler's table of actions."""
        return {
            self.verb: self.open,
            f"{self.verb}_check": self.check,
            f"{self.verb}_confirm": self.confirmed,
        }

    def open(self, case: Case) -> Turn:
        """The questions about the subject in the argument; what was answered before is filled in."""
        subject = case.argument
        refused = self.allowed(case, subject)
        if refused:
            return case.say(refusal(refused))
        return self._ask(case, subject, _kept(case), {})

    def check(self, case: Case) -> Turn:
        """A page of answers came."""
        return self.answered(case, case.bound.subject if case.bound else "", case.answers)

    def answered(self, case: Case, subject: str, given: Answers) -> Turn:
        """Read what was answered, together with what was answered before; show it back, or ask again."""
        refused = self.allowed(case, subject)
        if refused:
            return case.say(refusal(refused))
        answers = {**_before(case, self.verb, subject), **given}
        read, problems = self._read(case, subject, answers)
        if problems:
            return self._ask(case, subject, answers, problems)
        return self._preview(case, subject, answers, read)

    def confirmed(self, case: Case) -> Turn:
        """The shown answers, read once more from what the server kept: the day may have changed what they mean."""
        subject, answers = (case.bound.subject, _kept(case)) if case.bound else ("", {})
        refused = self.allowed(case, subject)
        if refused:
            return case.say(refusal(refused))
        read, problems = self._read(case, subject, answers)
        if problems:
            return self._ask(case, subject, answers, problems)
        turn = self.done(case, subject, read)
        return replace(turn, session=replace(turn.session, asking=""))

    def _read(self, case: Case, subject: str, answers: Answers) -> tuple[dict[str, Any], dict[str, str]]:
        """The values, and the sentence at each answer that is not one."""
        read = {q.key: q.read(answers.get(q.key, ""), case, subject) for q in self.questions}
        wrong = {key: value for key, value in read.items() if isinstance(value, Problem)}
        wrong = wrong or dict(self.together(case, subject, read))
        return read, {key: value.text for key, value in wrong.items()}

    def _ask(self, case: Case, subject: str, answers: Answers, problems: Answers) -> Turn:
        card = cards.form(
            self.title,
            self.about(case, subject),
            self.verb,
            tuple(_input(q, answers, problems) for q in self.questions),
            note=self.note,
            subject=subject,
            data=_dump(answers),
        )
        return case.say(card, session=replace(case.session, asking=self._asking(subject, answers)))

    def _preview(self, case: Case, subject: str, answers: Answers, read: Mapping[str, Any]) -> Turn:
        card = cards.preview(
            self.title,
            self.about(case, subject),
            self.verb,
            self.confirm,
            self.shown(case, subject, read),
            note=self.note,
            subject=subject,
            data=_dump(answers),
        )
        return case.say(card, session=replace(case.session, asking=self._asking(subject, answers)))

    def _asking(self, subject: str, answers: Answers) -> str:
        return SMALL_FORM + json.dumps([self.verb, subject, dict(answers)], ensure_ascii=False)

    def line(self, case: Case) -> Turn | None:
        """A line of chat as answers: ``整改要求：… 期限：10-30``, or all of it when only one answer is asked for. None
        when this form is not the one that is open."""
        opened = _opened(case)
        if opened is None or opened[0] != self.verb:
            return None
        text = str(getattr(case.event, "text", ""))
        given = labelled(text, {q.short: q.key for q in self.questions})
        if not given and len(self.questions) == 1:
            given = {self.questions[0].key: text}
        return self.answered(case, opened[1], given) if given else None


def labelled(text: str, keys: Mapping[str, str]) -> dict[str, str]:
    """``理由：… 期限：…`` apart by the labels in ``keys`` (label -> key); empty when the line holds none."""
    words = "|".join(map(re.escape, sorted(keys, key=len, reverse=True)))
    parts = re.split(rf"(?:^|(?<=[\s;；,，。]))({words})\s*[:：=＝]\s*", text)
    said = zip(parts[1::2], parts[2::2], strict=True)
    return {keys[label]: value.strip(" \n;；,，") for label, value in said}


def unknown_choice(text: str, options: tuple[tuple[str, str], ...]) -> Problem:
    """The answer is none of those offered."""
    return problem("choice.unknown", text=text.strip()[:20], options="、".join(label for _, label in options))


def choice(options: tuple[tuple[str, str], ...]) -> Read:
    """Reads one of the options, by value or by label."""
    known = {label: value for value, label in options} | {value: value for value, _ in options}

    def read(text: str, _case: Case, _subject: str) -> str | Problem:
        return known.get(text.strip()) or unknown_choice(text, options)

    return read


def _input(question: Question, answers: Answers, problems: Answers) -> Input:
    return Input(
        question.key,
        question.short,
        question.label,
        question.kind,
        hint=question.hint,
        value=answers.get(question.key, ""),
        options=question.options,
        problem=problems.get(question.key, ""),
        required=question.required,
    )


def _dump(answers: Answers) -> str:
    return json.dumps({"answers": dict(answers)}, ensure_ascii=False)


def _kept(case: Case) -> dict[str, str]:
    """The answers the tapped card was showing, by the server's own record."""
    raw = json.loads(case.bound.data) if case.bound and case.bound.data else {}
    found = raw.get("answers") if isinstance(raw, dict) else None
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def _opened(case: Case) -> tuple[str, str, dict[str, str]] | None:
    if not case.session.asking.startswith(SMALL_FORM):
        return None
    verb, subject, answers = json.loads(case.session.asking.removeprefix(SMALL_FORM))
    return verb, subject, answers


def _before(case: Case, verb: str, subject: str) -> dict[str, str]:
    """A page carries every answer with it; a line adds to what the lines before it said."""
    opened = _opened(case)
    said = opened[2] if opened and opened[:2] == (verb, subject) and not case.bound else {}
    return {**said, **_kept(case)}
