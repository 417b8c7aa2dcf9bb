"""Every sample card in both skins: within the limits, and nothing of it lost."""

from __future__ import annotations

import json

import pytest
import sample_cards as samples
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.card import Button, Card, Input, InputKind, Row, Style
from platforms.common.shorten import pieces, shorten
from platforms.simulator import CAN, LIMITS, SKINS, draw
from platforms.simulator.drawing import neutral

EACH = pytest.mark.parametrize("card", samples.SAMPLES, ids=lambda card: f"{card.name}-{card.title[:6]}")
WECOM = LIMITS["wecom"]


def parts(card, skin="wecom"):
    return draw(card, "tok", skin)["messages"]


def words(drawn):
    return json.dumps(drawn, ensure_ascii=False)


def test_the_skins_have_what_the_platform_says():
    assert set(CAN) == set(LIMITS) == set(SKINS)
    assert "form" not in CAN["wecom"]
    with pytest.raises(KeyError):
        draw(samples.FORM, "tok", "feishu")


@EACH
def test_wecom_is_within_its_limits(card):
    assert_within_limits(parts(card))


def assert_within_limits(messages):
    (template,) = [m for m in messages if m["kind"] == "card"]
    assert len(template["title"]) <= WECOM.title
    assert len(template["lead"]) <= WECOM.lead
    assert len(template["text"]) <= WECOM.subtitle
    assert len(template["rows"]) <= WECOM.rows
    assert all(
        len(r["label"]) <= WECOM.row_label and len(r["value"]) <= WECOM.row_value for r in template["rows"]
    )
    assert len(template["buttons"]) <= WECOM.buttons
    assert all(len(b["label"]) <= WECOM.button for b in template["buttons"])
    assert template["inputs"] == []
    assert template["submit"] is None
    assert all(len(m["text"].encode()) <= WECOM.text for m in messages if m["kind"] == "text")


@EACH
@pytest.mark.parametrize("skin", SKINS)
def test_n23_nothing_is_lost(card, skin):
    drawn = draw(card, "tok", skin)
    shown = words(drawn).replace("＜", "<").replace("＠", "@")
    for text in filter(None, (card.title, card.lead, card.text, card.note, *(r.value for r in card.rows))):
        assert all(json.dumps(line, ensure_ascii=False)[1:-1] in shown for line in text.split("\n"))
    for label in (b.label for b in card.buttons):
        assert json.dumps(label, ensure_ascii=False)[1:-1] in shown
    for question in card.inputs:
        assert (question.short if skin == "wecom" else question.label) in shown
        assert question.problem in shown
        assert question.last.split(" ")[-1] in shown
    for name in [f.name for f in card.files] + ([card.picture.name] if card.picture else []):
        assert name in shown


def test_degradation_is_named():
    assert draw(samples.LONG, "t", "wecom")["degraded"] == ["title", "lead", "rows", "text", "buttons"]
    assert draw(samples.FORM, "t", "wecom")["degraded"] == ["inputs"]
    assert draw(samples.REMINDER, "t", "wecom")["degraded"] == []
    assert draw(samples.LONG, "t", "dingtalk")["degraded"] == []


@pytest.mark.parametrize("skin", SKINS)
def test_s02_what_the_server_remembers_is_in_no_payload(skin):
    shown = (
        words(draw(samples.FORM, "tok", skin))
        + words(neutral(samples.FORM))
        + words(neutral(samples.RECEIPT))
    )
    assert "secret" not in shown
    assert "2026Q3" not in shown


def test_the_dingtalk_form_is_one_card():
    (card,) = parts(samples.FORM, "dingtalk")
    assert card["card_type"] == "form"
    assert [i["key"] for i in card["inputs"]][:3] == ["arrived", "spent", "actual.1"]
    assert card["submit"]["label"] == "填好了"
    assert [i["same"] for i in card["inputs"]][1:4] == ["118.40", "20", "900"]


def test_the_wecom_form_is_a_text_to_answer_in_one_line():
    text = next(m["text"] for m in parts(samples.FORM) if m["kind"] == "text")
    assert text.split("\n")[:5] == [
        "照着回一条就行，没变的写“同”：",
        "到位（万元，预算 320.00，上季160.00，已填256.00）",
        "支出（万元，上季118.40）",
        "1 改造教室数量（48间，上季20）",
        "2 采购课桌椅（2160套，上季900）",
    ]


def test_the_wecom_echo_shows_problems_and_what_is_chosen():
    text = [m["text"] for m in parts(samples.ECHO) if m["kind"] == "text"][-1]
    assert "△ 8 单位面积造价（≤1850元，上季1790，已填6.4）：6.4元 与上季" in text
    assert "已按进度选好，要改再写：可能1=确定能 可能2=可能性小" in text
    assert "可选：确定能、可能性大、可能性小、不可能" in text


def test_an_unchosen_question_says_what_to_choose():
    open_choices = tuple(samples.likelihood(n, "") for n in (1, 2))
    text = parts(Card("c", "t", inputs=open_choices))[-1]["text"]
    assert text == "可能1、可能2 从这里选：确定能、可能性大、可能性小、不可能"


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        (samples.number(1), []),
        (samples.number(1, "36"), ["确认提交"]),
        (samples.number(1, "36", "太大了"), []),
        (samples.likelihood(1, ""), ["确认提交"]),
    ],
    ids=["to-type", "typed", "wrong", "optional"],
)
def test_wecom_can_submit_once_nothing_must_be_typed(question, labels):
    card = Card("c", "t", inputs=(question,), submit=Button("submit", "确认提交", Style.PRIMARY))
    assert [b["label"] for b in parts(card)[0]["buttons"]] == labels


def test_m09_texts_call_nobody_and_link_nowhere():
    texts = "".join(m["text"] for m in parts(samples.HOSTILE) if m["kind"] == "text")
    assert texts
    assert "@" not in texts
    assert "<" not in texts


CASES = [
    ("短", 5, "短"),
    ("一二三四五六", 4, "一二三…"),
    ("截止 10月10日 还剩三天", 12, "截止 10月10日…"),
    ("执行率是 12345.67 万元", 10, "执行率是…"),
    ("abcdefghij", 5, "abcd…"),
]


@pytest.mark.parametrize(("text", "limit", "expected"), CASES)
def test_n23_shortened_at_a_word_boundary(text, limit, expected):
    assert shorten(text, limit) == expected


@given(st.text(max_size=80), st.integers(2, 40))
def test_n23_shortened_fits(text, limit):
    assert len(shorten(text, limit)) <= limit


@given(st.lists(st.text(alphabet="一a1 ，\U00020000", max_size=60), max_size=6), st.integers(8, 60))
def test_n23_pieces_fit_and_keep_every_character(lines, limit):
    found = pieces(lines, limit)
    assert all(len(p.encode()) <= limit for p in found)
    assert "".join(found).replace("\n", "") == "".join(lines)


def input_strategy():
    text = st.text(alphabet="填报 1a<@，", max_size=50)
    kinds = st.sampled_from(tuple(InputKind))
    return st.builds(
        Input, key=text, short=text, label=text, kind=kinds, hint=text, last=text, value=text, problem=text
    )


@given(
    st.builds(
        Card,
        name=st.just("any"),
        title=st.text(max_size=60),
        lead=st.text(max_size=60),
        rows=st.lists(st.builds(Row, st.text(max_size=9), st.text(max_size=60)), max_size=9).map(tuple),
        text=st.text(max_size=300),
        inputs=st.lists(input_strategy(), max_size=4).map(tuple),
        buttons=st.lists(st.builds(Button, st.just("a"), st.text(max_size=20)), max_size=9).map(tuple),
    )
)
def test_any_card_is_within_the_limits(card):
    assert_within_limits(draw(card, "tok", "wecom")["messages"])
