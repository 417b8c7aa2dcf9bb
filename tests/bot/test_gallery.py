"""Every card has a sample, survives storage, fits both phones and keeps the copy rules."""

import ast
import json
import re
from pathlib import Path

import pytest

from bot import engine
from bot.cards import extremes, gallery
from bot.cards.card import Card, Input, InputKind, dump, load
from platforms.simulator import LIMITS, SKINS, draw
from regulation.deadlines import Annex
from regulation.occasions import OCCASIONS, Audience

CARDS = Path(gallery.__file__).parent
GALLERIES = sorted(CARDS.glob("gallery*.py"))
ROOMS = sorted(
    {*CARDS.glob("*.py")} - {*GALLERIES, *(CARDS / f"{n}.py" for n in ("extremes", "card", "__init__"))}
)
ALL = (*gallery.SAMPLES, *extremes.EXTREMES)
EACH = pytest.mark.parametrize("card", ALL, ids=lambda card: f"{card.name}-{card.title[:8]}")
USUAL = pytest.mark.parametrize("card", gallery.SAMPLES, ids=lambda card: f"{card.name}-{card.title[:8]}")
#: labels that carry somebody's name or a form's: cut by the phone, never by us.
LONGER = ("填下一个：",)
EMOJI = re.compile("[\U0001f000-\U0001ffff☀-➿︀-️⭐⌚⏰-⏳]")
MARKS = "✓△✕"
STIFF = ("请及时", "务必", "高度重视", "敬请", "特此", "予以")
#: what somebody wrote or is to write stands as it is.
OWN_WORDS = re.compile(r"“[^”]*”|支出201\.35 1=36 2=930 3同")
AMOUNT = re.compile(r"\d[\d,]*\.\d\d(?![\d%])(?P<after>\s?\S{0,2})")


def texts(card: Card) -> list[str]:
    """Every sentence of a card that somebody wrote for people to read."""
    labels = [b.label for b in (card.submit, *card.buttons) if b]
    rows = [part for row in card.rows for part in (row.label, row.value)]
    return [card.title, card.lead, card.text, card.note, *rows, *labels]


def test_every_card_name_has_a_sample():
    assert names_in_the_code() == {card.name for card in gallery.SAMPLES}


def names_in_the_code() -> set[str]:
    """The ``name=`` of every Card( in bot/cards; the one made of an occasion stands for each a filler hears."""
    found = set()
    for path in ROOMS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Card"):
                continue
            (name,) = [k.value for k in node.keywords if k.arg == "name"]
            found |= {name.value} if isinstance(name, ast.Constant) else occasions(ast.unparse(name))
    return found


def occasions(name: str) -> set[str]:
    assert name == "f'remind.{reminder.occasion}'"
    heard = [r.occasion for r in OCCASIONS if (r.annex, r.audience) == (Annex.UNIT, Audience.FILLER)]
    return {f"remind.{occasion}" for occasion in heard}


def test_every_card_maker_is_in_the_gallery():
    makers = {
        f"{path.stem}.{node.name}"
        for path in ROOMS
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and ast.unparse(node.returns or ast.Constant("")) == "Card"
    }
    shown = "\n".join(p.read_text(encoding="utf-8") for p in GALLERIES)
    assert makers
    assert sorted(m for m in makers if f"{m}(" not in shown) == []


@EACH
def test_a_card_survives_storage(card):
    assert load(json.loads(json.dumps(dump(card), ensure_ascii=False))) == card


@EACH
@pytest.mark.parametrize("skin", SKINS)
def test_f10_n23_a_card_fits_the_phone(card, skin):
    limits = LIMITS[skin]
    messages = draw(card, "t" * 22, skin)["messages"]
    for shown in (m for m in messages if m["kind"] == "card"):
        assert len(shown["title"]) <= limits.title
        assert len(shown["lead"]) <= limits.lead
        assert len(shown["rows"]) <= limits.rows
        assert all(len(r["label"]) <= limits.row_label for r in shown["rows"])
        assert all(len(r["value"]) <= limits.row_value for r in shown["rows"])
        assert len(shown["buttons"]) <= limits.buttons
        assert all(len(b["label"]) <= limits.button for b in shown["buttons"])
        assert len(shown["inputs"]) <= limits.inputs
        assert len(shown["text"].encode()) <= limits.text
    assert all(len(m["text"].encode()) <= limits.text for m in messages if m["kind"] == "text")


@EACH
def test_s02_every_button_is_answered_by_a_handler(card):
    assert [a for a in card.actions if a.partition(":")[0] not in engine.ACTIONS] == []


@EACH
def test_a_card_says_something(card):
    assert card.title.strip()
    assert all(r.label.strip() and r.value.strip() for r in card.rows)
    assert all(i.key and i.short and i.label for i in card.inputs)
    assert len({i.key for i in card.inputs}) == len(card.inputs)
    assert len(set(card.actions)) == len(card.actions)


@USUAL
def test_copy_no_emoji_and_no_stiff_words(card):
    for text in texts(card):
        plain = text.translate(dict.fromkeys(map(ord, MARKS)))
        assert not EMOJI.search(plain), text
        assert not [word for word in STIFF if word in text], text


@USUAL
def test_copy_buttons_are_short(card):
    for button in (card.submit, *card.buttons):
        if button and not button.label.startswith(LONGER):
            assert len(button.label) <= 10, button.label


@USUAL
def test_copy_marks_are_shape_and_word(card):
    assert {row.mark for row in card.rows} <= {"", *MARKS}


@EACH
def test_copy_every_amount_has_its_unit(card):
    for text in texts(card):
        for found in AMOUNT.finditer(OWN_WORDS.sub("", text)):
            assert found["after"].strip().startswith("万"), text
    for question in card.inputs:
        assert shows_its_unit(question), question


def shows_its_unit(question: Input) -> bool:
    """An input's own numbers are followed by the unit printed beside it."""
    money = question.key in ("arrived", "total") or question.key.startswith(
        ("spent", "assets.", "procurement.")
    )
    return question.unit == "万元" if money else question.kind is not InputKind.NUMBER or bool(question.unit)


@USUAL
def test_copy_a_number_of_days_says_of_what(card):
    for text in texts(card):
        assert not re.search(r"还剩 \d+(?! (?:个工作日|天))", text), text
