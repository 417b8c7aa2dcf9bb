"""Every card the program can draw, with the template and without: within the limits, and nothing of it lost."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cards import extremes, gallery
from bot.cards.card import Button, Card, Input, InputKind, Row, Style
from platforms.dingtalk import LIMITS, Configuration, requests
from platforms.dingtalk.broadcasting import Way, way
from platforms.dingtalk.drawing import MESSAGE_BYTES, draw, shorten_bytes
from platforms.dingtalk.fields import fields, name_of, value
from platforms.dingtalk.markdown import plain
from platforms.dingtalk.template import VARIABLES, export
from sandbox.dingtalk.documented import BATCH_SEND, CREATE_AND_DELIVER, MSG_PARAMS, UPDATE
from sandbox.dingtalk.templates import Templates

TOKEN = "Vt0kenVt0kenVt0kenVt0k"
OWN = Configuration("dingapp", "s", "a", "o", template_id="t.schema", agent_id="7")
CARDS = (*gallery.SAMPLES, *extremes.EXTREMES)
EACH = pytest.mark.parametrize("card", CARDS, ids=lambda card: f"{card.name}-{card.title[:8]}")
TEMPLATE = Templates().load(export())


def assert_within_limits(drawn):
    for n, values in enumerate(drawn.cards):
        track = requests.track(TOKEN, "zhangmin", n)
        body = requests.create_card(OWN, "zhangmin", track, values, drawn.summary)
        assert CREATE_AND_DELIVER.wrong(body) == ""
        assert UPDATE.wrong(requests.update_card(track, values)) == ""
        assert TEMPLATE.wrong(values, private=False) == ""
        assert set(values) == set(VARIABLES)
        assert len(track) <= LIMITS.track
        assert len(body["openSpaceId"]) <= LIMITS.space
        assert all(len(v.encode()) <= LIMITS.value_bytes for k, v in values.items() if k != "form"), n
        form = json.loads(values["form"])["fields"]
        assert len(values["form"].encode()) <= LIMITS.value_bytes or len(form) == 1
        assert len(json.loads(values["buttons"])) <= LIMITS.buttons
    for title, text in drawn.messages:
        body = requests.batch(OWN, ["zhangmin"], *requests.markdown(title, text))
        assert BATCH_SEND.wrong(body) == ""
        assert MSG_PARAMS["sampleMarkdown"].wrong(json.loads(body["msgParam"])) == ""
        assert len(text.encode()) <= MESSAGE_BYTES + 2 * text.count("\n")
        assert len(body["msgParam"].encode()) <= LIMITS.param_bytes


@EACH
@pytest.mark.parametrize("template", [True, False], ids=["cards", "markdown"])
def test_n23_every_card_is_within_the_limits_and_nothing_is_lost(card, template):
    drawn = draw(card, TOKEN, template=template)
    assert_within_limits(drawn)
    shown = said(drawn)
    for text in (card.lead, card.text, card.note, *(r.value for r in card.rows)):
        assert all(flat(line) in shown for line in text.split("\n"))
    for question in card.inputs:
        assert flat(question.short if not template else question.label) in shown
        assert flat(question.problem) in shown
    for button in card.buttons:
        assert flat(button.label) in shown
    assert drawn.files == tuple(f.name for f in card.files)
    assert drawn.pictures == ((card.picture.name,) if card.picture else ())


def said(drawn):
    """All the words of what was drawn, the running text last and in one piece."""
    apart = [v[k] for v in drawn.cards for k in v if not k.startswith(("body", "form", "buttons"))]
    inner = [json.loads(v[k]) for v in drawn.cards for k in ("form", "buttons")]
    running = [v[k] for v in drawn.cards for k in v if k.startswith("body")] + [t for _, t in drawn.messages]
    return flat(unquote("".join([*apart, *strings(inner), *running])))


def strings(found):
    if isinstance(found, str):
        return [found]
    each = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    return [text for inner in each for text in strings(inner)]


def flat(text):
    return re.sub(r"[\s\u3000]", "", plain(text))


@EACH
def test_s02_what_the_server_remembers_is_in_no_payload(card):
    kept = replace(card, data='{"secret": 1}', subject="2031Q9:secret", version=987654)
    for template in (True, False):
        drawn = repr(draw(kept, TOKEN, template=template))
        assert "987654" not in drawn
        assert "2031Q9:secret" not in drawn


def test_a_form_that_fits_is_one_card():
    (form,) = [c for c in gallery.SAMPLES if c.name == "collect.form"][:1]
    drawn = draw(form, TOKEN)
    assert len(drawn.cards) == 1
    assert drawn.fits_in_an_answer
    (values,) = drawn.cards
    assert values["form_status"] == "normal"
    assert values["form_btn_text"] == form.submit.label
    assert values["action"] == form.submit.action
    assert [f["name"] for f in json.loads(values["form"])["fields"]] == [name_of(i.key) for i in form.inputs]
    assert {b["event"]["params"]["params"]["token"] for b in json.loads(values["buttons"])} == {TOKEN}


def test_f10_sixty_indicators_are_several_cards_and_every_field_is_asked_once():
    (form,) = [c for c in extremes.EXTREMES if c.name == "collect.form"]
    drawn = draw(form, TOKEN)
    assert len(drawn.cards) > 1
    asked = [f["name"] for v in drawn.cards for f in json.loads(v["form"])["fields"]]
    assert asked == [name_of(i.key) for i in form.inputs]
    assert [v["title"][-5:] for v in drawn.cards[1:]] == [
        f"（{n}/{len(drawn.cards)}）" for n in range(2, len(drawn.cards) + 1)
    ]
    assert all(v["token"] == TOKEN and v["action"] == form.submit.action for v in drawn.cards)
    assert [bool(json.loads(v["buttons"])) for v in drawn.cards] == [False] * (len(drawn.cards) - 1) + [True]


def test_m09_what_people_wrote_calls_nobody_and_links_nowhere():
    hostile = "<font color=red>x</font> [点](http://evil) @所有人 ![](http://x) `a` **b** # h"
    card = Card("c", hostile, hostile, rows=(Row(hostile, hostile),), text=hostile, note=hostile)
    for template in (True, False):
        drawn = draw(card, TOKEN, template=template)
        words = "".join(v[k] for v in drawn.cards for k in ("title", "lead", "body1", "note"))
        words += "".join(text for _, text in drawn.messages)
        assert not re.search(r"<font|\]\(|@所有人|://|`", words)


def test_a_link_says_what_was_tapped():
    card = Card("c", "t", buttons=(Button("fill:2026Q3:p001", "填报", Style.PRIMARY),))
    ((_, text),) = draw(card, TOKEN, template=False).messages
    assert unquote(text).endswith(f"content=填报〔{TOKEN} fill:2026Q3:p001〕)")


def test_a_choice_knows_what_was_chosen():
    options = (("certain", "确定能"), ("likely", "可能性大"))
    (field,) = fields(
        [Input("likely.1", "可能1", "l", InputKind.CHOICE, value="likely", options=options)], "TEXT"
    )
    assert field["defaultValue"] == {"index": 1, "value": "likely"}
    assert field["options"] == [
        {"value": "certain", "text": "确定能"},
        {"value": "likely", "text": "可能性大"},
    ]


@pytest.mark.parametrize("number", ["TEXT", "NUMBER"])
def test_numbers_are_asked_as_the_operator_chose(number):
    (field,) = fields([Input("spent", "支出", "已支出资金", InputKind.NUMBER, "万元", last="上季 3")], number)
    assert field["type"] == number
    assert field["placeholder"] == "上季 3"
    assert "required" not in field, "a part may be sent"


def test_the_template_in_the_repository_is_the_one_that_is_drawn_for():
    shipped = Path(__file__).parents[3] / "platforms" / "dingtalk" / "template.json"
    assert shipped.read_text(encoding="utf-8") == export()


WAYS = [
    (Card("c", "t", text="通知"), OWN, Way.NOTICE),
    (Card("c", "t", text="长" * 800), OWN, Way.ROBOT),
    (Card("c", "t", buttons=(Button("ok", "知道了"),)), OWN, Way.ROBOT),
    (Card("c", "t", buttons=(Button("ok", "知道了"),)), replace(OWN, links=False), Way.CARD),
    (Card("c", "t", buttons=(Button("ok", "知道了"),)), replace(OWN, links=False, template_id=""), Way.ROBOT),
    (Card("c", "t", inputs=(Input("spent", "支出", "支出", InputKind.NUMBER),)), OWN, Way.CARD),
    (Card("c", "t", text="通知"), replace(OWN, agent_id=""), Way.ROBOT),
]


@pytest.mark.parametrize(("card", "own", "found"), WAYS)
def test_the_cheapest_way_that_does_the_job(card, own, found):
    assert way(card, own) is found


def input_strategy():
    text = st.text(alphabet="填报1a<@，", min_size=1, max_size=50)
    kinds = st.sampled_from(tuple(InputKind))
    return st.builds(
        Input, key=text, short=text, label=text, kind=kinds, hint=text, last=text, value=text, problem=text
    )


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.builds(
        Card,
        name=st.just("any"),
        title=st.text(alphabet="填a\U00020000<", min_size=1, max_size=2000),
        lead=st.text(alphabet="填 a<", max_size=2000),
        rows=st.lists(st.builds(Row, st.text(max_size=9), st.text(max_size=60)), max_size=90).map(tuple),
        text=st.text(alphabet="填 a\n，", max_size=9000),
        note=st.text(alphabet="填 a<", max_size=2000),
        inputs=st.lists(input_strategy(), max_size=40).map(tuple),
        submit=st.just(Button("submit", "确认提交")),
        buttons=st.lists(
            st.builds(Button, st.just("a"), st.text(alphabet="填a<", min_size=1, max_size=20)), max_size=15
        ).map(tuple),
    )
)
def test_any_card_is_within_the_limits(card):
    assert_within_limits(draw(card, TOKEN))
    assert_within_limits(draw(card, TOKEN, template=False))


@given(st.text(alphabet="填 a\U00020000，", max_size=300), st.integers(12, 200))
def test_n23_shortened_to_bytes(text, limit):
    assert len(shorten_bytes(text, limit).encode()) <= limit


def test_a_field_is_never_cut():
    assert json.loads(value([{"name": "x", "label": "长" * 4000}]))["fields"][0]["label"] == "长" * 4000
