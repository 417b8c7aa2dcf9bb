"""A card laid out for 企业微信: what fits its template card, and the plain messages that carry the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.card import Attachment, Button, Card, Input, InputKind, Row
from platforms.common.batch import questions
from platforms.common.shorten import pieces, shorten
from platforms.wecom.capabilities import CHOICES, LIMITS

REST = "卡片上放不下的，全文在这里："


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of one drawn card, each within its limit. ``choices`` are asked on a card of their own, sent with
    ``submit``; ``degraded`` names the parts that were drawn as something less."""

    title: str
    lead: str
    rows: tuple[tuple[str, str], ...]
    text: str
    buttons: tuple[Button, ...]
    attached: tuple[tuple[str, Attachment], ...]  # ("picture" or "file", which)
    texts: tuple[str, ...]
    choices: tuple[Input, ...]
    submit: Button | None
    degraded: tuple[str, ...]

    @property
    def messages(self) -> int:
        """How many messages it takes."""
        return 1 + len(self.attached) + len(self.texts) + bool(self.choices)


def lay_out(card: Card) -> Layout:
    """Nothing of the card is lost: what the template card cannot show whole is repeated in a text."""
    lost = _lost(card)
    asked = questions(card.inputs) if card.inputs else ()
    rest = (REST, *(line for lines in lost.values() for line in lines)) if lost else ()
    picture = (("picture", card.picture),) if card.picture else ()
    choices = _choices(card)
    return Layout(
        title=shorten(card.title, LIMITS.title),
        lead=shorten(card.lead, LIMITS.lead),
        rows=tuple((r.label, shorten(_value(r), LIMITS.row_value)) for r in _fitting(card)),
        text=shorten(_subtitle(card), LIMITS.subtitle),
        buttons=tuple(_shortened(b) for b in _buttons(card)[: LIMITS.buttons]),
        attached=(*picture, *(("file", f) for f in card.files)),
        texts=tuple(t for lines in (rest, asked) for t in pieces(safe(lines), LIMITS.text)),
        choices=choices,
        submit=_shortened(card.submit) if choices and card.submit else None,
        degraded=tuple(lost) + (("inputs",) if card.inputs else ()),
    )


def is_whole(card: Card) -> bool:
    """Whether the template card alone says everything."""
    return lay_out(card).messages == 1


def safe(lines: Sequence[str]) -> tuple[str, ...]:
    """Texts of 企业微信 turn ``<a href>`` into a link and @所有人 into a call to everybody: ours never do (M09)."""
    return tuple(line.replace("<", "＜").replace("@", "＠") for line in lines)


def _typed_first(card: Card) -> bool:
    """Whether something must still be typed or chosen before the card can be sent off."""
    return any(i.problem or (i.required and not i.value) for i in card.inputs)


def _buttons(card: Card) -> tuple[Button, ...]:
    """The submit button comes along once nothing must be typed first; the text reply does its work before."""
    return card.buttons if _typed_first(card) or not card.submit else (card.submit, *card.buttons)


def _choices(card: Card) -> tuple[Input, ...]:
    """The choices to offer on a card of their own: a handful, while the main card cannot be sent off."""
    found = tuple(i for i in card.inputs if i.kind is InputKind.CHOICE and _offerable(i))
    return found if _typed_first(card) and len(found) <= CHOICES.selects else ()


def _offerable(question: Input) -> bool:
    values = [value for value, _ in question.options]
    return (
        0 < len(values) < CHOICES.options
        and len(set(values)) == len(values)
        and all(value and len(value.encode()) <= CHOICES.option_id for value in values)
    )


def _shortened(button: Button) -> Button:
    return Button(button.action, shorten(button.label, LIMITS.button), button.style)


def _subtitle(card: Card) -> str:
    return "\n".join(filter(None, (card.text, card.note)))


#: what needs the eye comes right after the first row where not everything has room.
URGENT = ("✕", "△")


def _fitting(card: Card) -> list[Row]:
    """The rows the template card shows: all of them in order, or, where there are too many, the first, which says what
    the card is about, then the marked ones, then the others."""
    fitting = [r for r in card.rows if len(r.label) <= LIMITS.row_label]
    if len(fitting) > LIMITS.rows:
        first, *rest = fitting
        urgent = sorted(rest, key=lambda r: URGENT.index(r.mark) if r.mark in URGENT else len(URGENT))
        fitting = [first, *urgent]
    return fitting[: LIMITS.rows]


def _value(row: Row) -> str:
    return f"{row.mark} {row.value}" if row.mark else row.value


def _lost(card: Card) -> dict[str, list[str]]:
    """By part, the full lines of everything the template card cannot show whole."""
    kept = _fitting(card)
    rows = [r for r in card.rows if r not in kept or len(_value(r)) > LIMITS.row_value]
    labels = [b.label for b in _buttons(card)]
    cut = [label for n, label in enumerate(labels) if n >= LIMITS.buttons or len(label) > LIMITS.button]
    found = {
        "title": [card.title] if len(card.title) > LIMITS.title else [],
        "lead": [card.lead] if len(card.lead) > LIMITS.lead else [],
        "rows": [f"{r.label}：{_value(r)}" for r in rows],
        "text": _subtitle(card).split("\n") if len(_subtitle(card)) > LIMITS.subtitle else [],
        "buttons": [f"按钮：{'、'.join(cut)}"] if cut else [],
    }
    return {part: lines for part, lines in found.items() if lines}
