"""The card vocabulary: what can be shown and asked, before any platform draws it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any


class Tone(StrEnum):
    """The colour bar; never the only signal, titles carry the words."""

    PLAIN = "plain"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


class Style(StrEnum):
    """How a button is drawn."""

    PRIMARY = "primary"
    PLAIN = "plain"
    DANGER = "danger"


class InputKind(StrEnum):
    """What an input takes. Everything arrives as text and is parsed by us."""

    NUMBER = "number"
    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Row:
    """One line ``label  value``. ``mark`` is '' or one of ✓ △ ✕ (colour follows it)."""

    label: str
    value: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """One question of a form card. ``short`` is the key used in a batch reply (``支出``, ``1``, ``原因``)."""

    key: str
    short: str
    label: str
    kind: InputKind
    unit: str = ""
    hint: str = ""  # 年度目标 48间
    last: str = ""  # last round's value: 上季 20
    value: str = ""  # what is already known
    options: tuple[tuple[str, str], ...] = ()  # (value, label) for CHOICE
    problem: str = ""  # the sentence shown at this field
    required: bool = True


@dataclass(frozen=True, slots=True)
class Button:
    """A verb to tap. ``action`` is checked against the actions bound to the card's token."""

    action: str
    label: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file or picture made at sending time: kind ``annex1.xlsx``, ``annex1.png`` or ``deviation.png``."""

    kind: str
    subject: str  # 2026Q3:p017
    version: int
    name: str  # file name shown, 附表1_项目_2026年三季度.xlsx


@dataclass(frozen=True, slots=True)
class Card:
    """One message. ``subject`` and ``version`` are bound to its token on the server; the payload carries neither."""

    name: str  # family.member, the name in the gallery and in logs
    title: str
    lead: str = ""
    tone: Tone = Tone.PLAIN
    rows: tuple[Row, ...] = ()
    text: str = ""
    inputs: tuple[Input, ...] = ()
    submit: Button | None = None  # the button that sends the inputs
    buttons: tuple[Button, ...] = ()
    picture: Attachment | None = None
    files: tuple[Attachment, ...] = ()
    note: str = ""
    subject: str = ""
    version: int = 0
    data: str = ""  # server-side memory of the card (JSON), never sent to a phone

    @property
    def actions(self) -> tuple[str, ...]:
        """Every action somebody may take on this card."""
        own = (self.submit.action,) if self.submit else ()
        return own + tuple(b.action for b in self.buttons)


def dump(card: Card) -> dict[str, Any]:
    """Plain JSON-able form, empty parts left out. Written out by hand: it runs for every message."""
    raw = {key: value for key in _PLAIN if (value := getattr(card, key))}
    if card.rows:
        raw["rows"] = [{"label": r.label, "value": r.value, "mark": r.mark} for r in card.rows]
    if card.inputs:
        raw["inputs"] = [_filled(each, _INPUT) for each in card.inputs]
    if card.submit:
        raw["submit"] = _filled(card.submit, _BUTTON)
    if card.buttons:
        raw["buttons"] = [_filled(button, _BUTTON) for button in card.buttons]
    if card.picture:
        raw["picture"] = _filled(card.picture, _ATTACHMENT)
    if card.files:
        raw["files"] = [_filled(file, _ATTACHMENT) for file in card.files]
    return raw


_PLAIN = ("name", "title", "lead", "tone", "text", "note", "subject", "version", "data")
_INPUT = tuple(each.name for each in fields(Input))
_BUTTON = tuple(each.name for each in fields(Button))
_ATTACHMENT = tuple(each.name for each in fields(Attachment))


def _filled(part: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(part, name) for name in names}


def load(raw: dict[str, Any]) -> Card:
    """The card back from :func:`dump`."""
    return Card(
        **{
            **raw,
            "tone": Tone(raw.get("tone", "plain")),
            "rows": tuple(Row(**r) for r in raw.get("rows", ())),
            "inputs": tuple(_input(i) for i in raw.get("inputs", ())),
            "submit": _button(raw.get("submit")),
            "buttons": tuple(b for b in map(_button, raw.get("buttons", ())) if b),
            "picture": _attachment(raw.get("picture")),
            "files": tuple(a for a in map(_attachment, raw.get("files", ())) if a),
        }
    )


def _input(raw: dict[str, Any]) -> Input:
    options = tuple((value, label) for value, label in raw.get("options", ()))
    return Input(**{**raw, "kind": InputKind(raw["kind"]), "options": options})


def _button(raw: dict[str, Any] | None) -> Button | None:
    return Button(**{**raw, "style": Style(raw.get("style", "plain"))}) if raw else None


def _attachment(raw: dict[str, Any] | None) -> Attachment | None:
    return Attachment(**raw) if raw else None
