"""A card as what DingTalk is asked to show: card values, Markdown messages, and the files that go along; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.cards.card import Button, Card, Style, Tone
from platforms.common.batch import questions
from platforms.common.shorten import pieces, shorten
from platforms.dingtalk import choices, fields
from platforms.dingtalk.capabilities import LIMITS, Limits
from platforms.dingtalk.markdown import BREAK, body, plain, whole

#: tone -> the header colour of our template.
COLOURS = {Tone.PLAIN: "blue", Tone.GOOD: "green", Tone.WARN: "orange", Tone.BAD: "red"}
STYLES = {Style.PRIMARY: "blue", Style.PLAIN: "gray", Style.DANGER: "red"}
#: bytes of one Markdown message: 3,000 Chinese characters would be 9,000, and some clients stop earlier.
MESSAGE_BYTES = 6000
NO_FORM = fields.value(())
#: what changes on a card of a form that was sent from another of its cards.
FADED = {
    "lead": "这一张不用填了：同一张表已从另一张卡提交，以最新的一张为准",
    "form_status": "disabled",
    "form_btn_text": "不用再填",
    "buttons": "[]",
    "note": "",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """``cards`` are cardParamMaps in the order they are shown, ``messages`` (title, text) pairs after them;
    ``pictures`` and ``files`` are names of attachments; ``degraded`` what was drawn as something less."""

    summary: str
    cards: tuple[Mapping[str, str], ...] = ()
    messages: tuple[tuple[str, str], ...] = ()
    pictures: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()

    @property
    def fits_in_an_answer(self) -> bool:
        """Whether one card is all there is, so that it can take the place of the tapped one in the ACK."""
        return len(self.cards) == 1 and not (self.messages or self.pictures or self.files)


def draw(
    card: Card, token: str, *, template: bool = True, limits: Limits = LIMITS, number: str = "TEXT"
) -> Drawn:
    """What is shown of a card; with ``template`` as interactive cards, without as Markdown with links to tap."""
    drawn = _cards(card, token, limits, number) if template else _messages(card, token, limits)
    return replace(
        drawn,
        pictures=(card.picture.name,) if card.picture else (),
        files=tuple(f.name for f in card.files),
    )


# -- interactive cards ------------------------------------------------------------------------------


def _cards(card: Card, token: str, limits: Limits, number: str) -> Drawn:
    parts = fields.parts(fields.fields(card.inputs, number), limits.value_bytes)
    lines = body(card)
    texts = pieces(lines, max(limits.value_bytes - len(BREAK) * len(lines), 300))
    shown, rest = texts[: limits.texts], texts[limits.texts :]
    first = {**_empty(limits), **_frame(card, token, limits), **_texts(shown)}
    made = [
        {**(first if n == 0 else _following(card, token, n, len(parts), limits)), **_form(card, part)}
        for n, part in enumerate(parts)
    ]
    buttons = card.buttons if card.inputs or not card.submit else (card.submit, *card.buttons)
    made[-1] |= _buttons(buttons, token, limits) | {
        "note": shorten_bytes(plain(card.note), limits.value_bytes)
    }
    over = buttons[limits.buttons :]
    degraded = [
        *(["inputs"] if len(parts) > 1 else []),
        *(["text"] if rest else []),
        *(["buttons"] if over else []),
    ]
    messages = _texted(card.title, [*rest, *_links(over, token)])
    return Drawn(_summary(card, limits), tuple(made), messages, degraded=tuple(degraded))


def _empty(limits: Limits) -> dict[str, str]:
    """Every variable of the template: one that is left out would keep what the replaced card had."""
    texts = dict.fromkeys(("lead", "note", *(f"body{n}" for n in range(1, limits.texts + 1))), "")
    return {**texts, "buttons": "[]", "form": NO_FORM, "form_status": "", "form_btn_text": "", "action": ""}


def _frame(card: Card, token: str, limits: Limits) -> dict[str, str]:
    return {
        "title": shorten_bytes(plain(card.title), limits.value_bytes),
        "lead": shorten_bytes(plain(card.lead), limits.value_bytes),
        "tone": COLOURS[card.tone],
        "token": token,
        "lastMessage": _summary(card, limits),
    }


def _following(card: Card, token: str, n: int, count: int, limits: Limits) -> dict[str, str]:
    """The head of the second and later cards of a form that does not fit into one."""
    titled = replace(
        card, title=f"{shorten(card.title, 60)}（{n + 1}/{count}）", lead="接上一张，分开提交也行"
    )
    return {**_empty(limits), **_frame(titled, token, limits)}


def _texts(shown: Sequence[str]) -> dict[str, str]:
    return {f"body{n}": text.replace("\n", BREAK) for n, text in enumerate(shown, 1)}


def _form(card: Card, part: Sequence[dict[str, object]]) -> dict[str, str]:
    """The fields and the button that sends them; a button without fields is a button like the others."""
    if not card.submit or not part:
        return {}
    return {
        "form": fields.value(list(part)),
        "form_status": "normal",
        "form_btn_text": card.submit.label,
        "action": card.submit.action,
    }


def _buttons(buttons: Sequence[Button], token: str, limits: Limits) -> dict[str, str]:
    """The template's ``buttons``: each calls back with its action and the card's token."""
    return {"buttons": fields.compact([_button(b, token) for b in buttons[: limits.buttons]])}


def _button(button: Button, token: str) -> dict[str, object]:
    params = {"actionId": button.action, "params": {"token": token}}
    return {
        "text": button.label,
        "color": STYLES[button.style],
        "status": "normal",
        "event": {"type": "sendCardRequest", "params": params},
    }


def _summary(card: Card, limits: Limits) -> str:
    return shorten(card.title, min(60, limits.summary))


def shorten_bytes(text: str, limit: int) -> str:
    """At most ``limit`` UTF-8 bytes, cut at a word with …."""
    shown = text
    while len(shown.encode()) > limit:
        shown = shorten(text, len(shown) - max(1, (len(shown.encode()) - limit) // 4))
    return shown


# -- messages without a template --------------------------------------------------------------------


def _messages(card: Card, token: str, limits: Limits) -> Drawn:
    asked = [plain(line) for line in questions(card.inputs)]
    lines = [*whole(card), *asked, *([f"> {plain(card.note)}"] if card.note else [])]
    messages = _texted(card.title, [*lines, *_links(_tappable(card), token)])
    return Drawn(_summary(card, limits), messages=messages, degraded=("inputs",) if card.inputs else ())


def _tappable(card: Card) -> tuple[Button, ...]:
    """The submit button comes along once nothing must be typed first; the line sent back does its work before."""
    typed_first = any(i.problem or (i.required and not i.value) for i in card.inputs)
    return card.buttons if typed_first or not card.submit else (card.submit, *card.buttons)


def _links(buttons: Sequence[Button], token: str) -> list[str]:
    return [f"[{plain(b.label)}]({choices.link(b, token)})" for b in buttons]


def _texted(title: str, lines: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((shorten(title, 60), text.replace("\n", BREAK)) for text in pieces(lines, MESSAGE_BYTES))
