"""Every card of the gallery and every extreme one, refereed by the local platform in its strictest mood."""

from __future__ import annotations

import json

import pytest

from bot.cards import extremes, gallery
from bot.cards.card import Button, Card, Input, InputKind, Row, Style
from platforms.wecom.capabilities import LIMITS
from platforms.wecom.drawing import UNCHOSEN, draw, notice, replacement, task_id
from platforms.wecom.layout import lay_out
from platforms.wecom.xmltext import camel, parse, render
from sandbox.wecom.cards import check_card
from sandbox.wecom.schema import Checker

CARDS = (*gallery.SAMPLES, *extremes.EXTREMES)
EACH = pytest.mark.parametrize("card", CARDS, ids=lambda card: f"{card.name}-{card.title[:6]}")
TOKEN = "0123456789abcdefABCDEF"
TASK = task_id(TOKEN, ("zhangmin",))
OPTIONS = (("certain", "确定能"), ("likely", "可能性大"), ("unlikely", "可能性小"), ("impossible", "不可能"))


def cards(messages):
    return [m["template_card"] for m in messages if m["msgtype"] == "template_card"]


def texts(messages):
    return [m["text"]["content"] for m in messages if m["msgtype"] == "text"]


def said(messages):
    """Everything that can be read, a line that was divided over two texts whole again."""
    found = [value for drawn in cards(messages) for value in _strings(drawn)]
    everything = "\n".join(found) + "\n" + "".join(texts(messages))
    return everything.replace("＜", "<").replace("＠", "@")


def _strings(value):
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [found for each in inner for found in _strings(each)]
    return [str(value)]


@EACH
@pytest.mark.parametrize("for_bot", [False, True], ids=["app", "bot"])
def test_every_card_is_within_every_limit(card, for_bot):
    messages = draw(card, TOKEN, TASK)
    for drawn in cards(messages):
        check_card(drawn, Checker(strict=True), bot=for_bot)
    assert all(0 < len(text.encode()) <= LIMITS.text for text in texts(messages))
    assert {m["msgtype"] for m in messages} <= {"template_card", "text", "image", "file"}


@EACH
def test_every_card_can_take_another_ones_place(card):
    drawn = replacement(card, TOKEN)
    check_card(drawn, Checker(strict=True), update=True)
    assert "task_id" not in drawn
    assert parse(render({"TemplateCard": _without_lists(camel(drawn))}))


def _without_lists(card):
    """Repeated elements are for their reader, not for ours, which refuses what repeats."""
    return {k: v for k, v in card.items() if not isinstance(v, list)}


@EACH
def test_every_card_can_be_a_notice_that_calls_back_nothing(card):
    messages = notice(card, "打开“绩监通”机器人，发“填报”。")
    for drawn in cards(messages):
        check_card(drawn, Checker(strict=True))
        assert drawn["card_type"] == "text_notice"
    assert ("打开“绩监通”机器人，发“填报”。" in texts(messages)) == bool(card.buttons or card.inputs)


@EACH
def test_n23_nothing_is_lost(card):
    shown = said(draw(card, TOKEN, TASK))
    for text in filter(None, (card.title, card.lead, card.text, card.note, *(r.value for r in card.rows))):
        assert text.replace("\n", "") in shown or all(line in shown for line in text.split("\n"))
    for question in card.inputs:
        assert question.short in shown
        assert question.problem in shown


@EACH
def test_s02_a_tap_brings_back_the_token_and_the_action_and_nothing_else(card):
    messages = cards(draw(card, TOKEN, TASK))
    keys = [b["key"] for drawn in messages for b in drawn.get("button_list", ())]
    keys += [drawn["submit_button"]["key"] for drawn in messages if "submit_button" in drawn]
    assert {key.partition(".")[0] for key in keys} <= {TOKEN}
    assert {key.partition(".")[2] for key in keys} <= set(card.actions)
    if card.data.startswith("{"):
        assert card.data not in json.dumps(messages, ensure_ascii=False)


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        ("✓✓✓✓✓✕", "012345"),  # everything has room: in order
        ("✓△ ✓ ✓△✕", "071623"),
        ("✕✕✕✕✕✕✕✕", "012345"),
        (" ✓✓✓✓✓✓△", "071234"),
    ],
)
def test_what_needs_the_eye_comes_first_where_not_every_row_has_room(marks, shown):
    rows = tuple(Row(str(n), "x", mark.strip()) for n, mark in enumerate(marks))
    laid = lay_out(Card(name="x", title="x", rows=rows))
    assert "".join(label for label, _ in laid.rows) == shown


def test_all_four_kinds_of_card_are_drawn():
    kinds = {drawn["card_type"] for card in CARDS for drawn in cards(draw(card, TOKEN, TASK))}
    several = cards(draw(asking(2), TOKEN, TASK))[1]
    assert kinds | {several["card_type"]} == {
        "text_notice",
        "button_interaction",
        "vote_interaction",
        "multiple_interaction",
    }


def asking(count: int, value: str = "") -> Card:
    """So many likelihoods to choose, and something to type."""
    choices = tuple(
        Input(
            f"likely.{n}",
            f"可能{n}",
            f"{n}. 全年目标能完成吗",
            InputKind.CHOICE,
            value=value,
            options=OPTIONS,
        )
        for n in range(1, count + 1)
    )
    typed = Input("reason", "原因", "原因", InputKind.LONG_TEXT)
    return Card(
        "collect.echo", "还差 2 项", inputs=(*choices, typed), submit=Button("check", "补好了", Style.PRIMARY)
    )


@pytest.mark.parametrize("value", ["", "unlikely"], ids=["open", "suggested"])
def test_no_likelihood_is_ever_chosen_for_anybody(value):
    """A drop-down always shows something as chosen, so it shows 请选择; a vote has nothing ticked."""
    for count in (1, 2, 3):
        (_, drawn) = cards(draw(asking(count, value), TOKEN, TASK))
        check_card(drawn, Checker(strict=True))
        for select in drawn.get("select_list", ()):
            assert select["selected_id"] == UNCHOSEN == select["option_list"][0]["id"]
        ticked = [o for o in drawn.get("checkbox", {}).get("option_list", ()) if o["is_checked"]]
        assert ticked == []
    assert len(cards(draw(asking(4, value), TOKEN, TASK))) == 1


def test_choices_are_not_offered_once_the_card_itself_can_be_sent():
    card = asking(1, "unlikely")
    ready = Card(card.name, card.title, inputs=card.inputs[:1], submit=card.submit)
    (only,) = cards(draw(ready, TOKEN, TASK))
    assert [b["text"] for b in only["button_list"]] == ["补好了"]


def test_a_task_is_the_same_for_the_same_people_and_another_for_others():
    assert task_id("t", ("a", "b")) == task_id("t", ("b", "a"))
    assert task_id("t", ("a",)) != task_id("t", ("b",))
    assert len(task_id("x" * 64, ("a",)).encode()) <= 126


def test_m09_texts_call_nobody_and_link_nowhere():
    hostile = extremes.HOSTILE_NAME
    found = [c for c in CARDS if hostile in c.text or hostile in c.title]
    words = "".join(t for card in found for t in texts(draw(card, TOKEN, TASK)))
    assert words
    assert "<" not in words
    assert "@" not in words
