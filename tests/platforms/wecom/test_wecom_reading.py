"""Recorded deliveries become events; anything of another shape becomes Unreadable, never an exception."""

from __future__ import annotations

import base64
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events import Alarmed, Filled, Joined, Tapped, Text, Unreadable, Uploaded
from platforms.wecom.reading import app_id, bot_id, read
from platforms.wecom.upkeep import ALARMS
from platforms.wecom.xmltext import parse
from rehearsal.story import SHANGHAI

AT = datetime(2026, 10, 9, 9, 7, tzinfo=SHANGHAI)
HEAD = (
    "<ToUserName><![CDATA[ww1]]></ToUserName><FromUserName><![CDATA[ZhangMin]]></FromUserName>"
    "<CreateTime>1700000100</CreateTime><AgentID>1000002</AgentID>"
)


def app(inside: str, user: str = "ZhangMin"):
    body = parse(f"<xml>{HEAD}{inside}</xml>")
    return read("m1", {"via": "app", "user": user, "body": body}, AT)


def tap(key: str, *selected: tuple[str, str]) -> str:
    items = "".join(
        f"<SelectedItem><QuestionKey>{q}</QuestionKey><OptionIds><OptionId>{o}</OptionId></OptionIds></SelectedItem>"
        for q, o in selected
    )
    return (
        "<MsgType>event</MsgType><Event>template_card_event</Event>"
        f"<EventKey><![CDATA[{key}]]></EventKey><TaskId>t@1</TaskId><CardType>button_interaction</CardType>"
        f"<ResponseCode>RC</ResponseCode><SelectedItems>{items}</SelectedItems>"
    )


def event(name: str, key: str = "") -> str:
    return f"<MsgType>event</MsgType><Event>{name}</Event><EventKey><![CDATA[{key}]]></EventKey>"


WHO = ("m1", "zhangmin", AT)
RECORDED = [
    ("<MsgType>text</MsgType><Content>1234.56</Content><MsgId>7</MsgId>", Text(*WHO, "1234.56")),
    (
        "<MsgType>image</MsgType><PicUrl>u</PicUrl><MediaId>m</MediaId><MsgId>7</MsgId>",
        Uploaded(*WHO, "picture"),
    ),
    (
        "<MsgType>voice</MsgType><MediaId>m</MediaId><Format>amr</Format><MsgId>7</MsgId>",
        Uploaded(*WHO, "voice"),
    ),
    ("<MsgType>video</MsgType><MediaId>m</MediaId><MsgId>7</MsgId>", Uploaded(*WHO, "file")),
    ("<MsgType>location</MsgType><Label>x</Label><MsgId>7</MsgId>", Uploaded(*WHO, "sticker")),
    ("<MsgType>link</MsgType><Title>x</Title><MsgId>7</MsgId>", Uploaded(*WHO, "sticker")),
    (
        "<MsgType>file</MsgType><MediaId>m</MediaId><FileName>附表.xlsx</FileName>",
        Uploaded(*WHO, "file", "附表.xlsx"),
    ),
    (event("click", "进度"), Text(*WHO, "进度")),
    (event("enter_agent"), Joined(*WHO)),
    (tap("tok.fill:2026Q3:p001"), Tapped(*WHO, "tok", "fill:2026Q3:p001")),
    (tap("tok.reason:招标晚"), Tapped(*WHO, "tok", "reason:招标晚")),
    (
        tap("tok.check", ("likely.2", "unlikely"), ("likely.3", "_")),
        Filled(*WHO, "tok", "check", {"likely.2": "unlikely"}),
    ),
    (tap("tok.check", ("likely.2", "_")), Tapped(*WHO, "tok", "check")),
]


@pytest.mark.parametrize(("inside", "expected"), RECORDED, ids=lambda v: type(v).__name__)
def test_what_the_application_is_sent(inside, expected):
    assert app(inside) == expected


STRANGE = [
    "<MsgType>event</MsgType><Event>poi_check_notify</Event>",
    "<MsgType>event</MsgType>",
    "<MsgType>text</MsgType><MsgId>7</MsgId>",
    "<MsgType>text</MsgType><Content> </Content>",
    f"<MsgType>text</MsgType><Content>{'x' * 4001}</Content>",
    "<MsgType>text</MsgType><Content><b>1</b></Content>",
    "<MsgType>shortvideo</MsgType>",
    tap("no-action"),
    tap("tok.check", ("q", "a"), ("q", "b")),
    tap("x" * 70 + ".check"),
]


@pytest.mark.parametrize("inside", STRANGE)
def test_m07_what_has_another_shape_is_unreadable(inside):
    found = app(inside)
    assert isinstance(found, Unreadable)
    assert found.who == "zhangmin"


def test_s02_who_it_was_comes_from_the_envelope_only():
    assert app(tap("tok.check"), user="LiQiang").who == "liqiang"
    assert app(event("inactive_alert"), user="sys").who == ""


def bot(**body):
    return read("m1", {"via": "bot", "user": "zhangmin", "body": {"msgid": "M", **body}}, AT)


def selected(*chosen):
    return {"selected_item": [{"question_key": q, "option_ids": {"option_id": list(o)}} for q, o in chosen]}


def bot_tap(**more):
    tapped = {"card_type": "vote_interaction", "event_key": "tok.check", "task_id": "T", **more}
    return {"msgtype": "event", "event": {"eventtype": "template_card_event", "template_card_event": tapped}}


FILE = base64.b64encode(b"PK\3\4").decode()
BOT_RECORDED = [
    ({"msgtype": "text", "text": {"content": "填报"}}, Text(*WHO, "填报")),
    ({"msgtype": "text", "chattype": "group", "text": {"content": "@绩监通 填报"}}, Text(*WHO, "填报")),
    ({"msgtype": "voice", "voice": {"content": "进度"}}, Text(*WHO, "进度")),
    (
        {"msgtype": "mixed", "mixed": {"msg_item": [{"msgtype": "text", "text": {"content": "看"}}]}},
        Text(*WHO, "看"),
    ),
    ({"msgtype": "mixed", "mixed": {"msg_item": [{"msgtype": "image"}]}}, Uploaded(*WHO, "picture")),
    ({"msgtype": "file", "name": "a.xlsx", "content": FILE}, Uploaded(*WHO, "file", "a.xlsx", b"PK\3\4")),
    ({"msgtype": "image", "image": {"url": "x"}}, Uploaded(*WHO, "picture")),
    ({"msgtype": "event", "event": {"eventtype": "enter_chat"}}, Joined(*WHO)),
    (bot_tap(), Tapped(*WHO, "tok", "check")),
    (
        bot_tap(selected_items=selected(("likely.2", ["certain"]))),
        Filled(*WHO, "tok", "check", {"likely.2": "certain"}),
    ),
]


@pytest.mark.parametrize(("body", "expected"), BOT_RECORDED, ids=lambda v: type(v).__name__)
def test_what_the_bot_is_sent(body, expected):
    assert bot(**body) == expected


BOT_STRANGE = [
    {"msgtype": "text", "text": "填报"},
    {"msgtype": "text", "text": {"content": 5}},
    {"msgtype": "text", "text": {"content": None}},
    {"msgtype": True},
    {"msgtype": "file", "content": "%%%"},
    {"msgtype": "event", "event": {"eventtype": "feedback_event"}},
    bot_tap(event_key=7),
    bot_tap(selected_items=selected(("q", ["a", "b"]))),
    bot_tap(selected_items="x"),
    {"msgtype": "text", "text": {"content": "\ud800"}},
]


@pytest.mark.parametrize("body", BOT_STRANGE)
def test_m07_the_bot_too(body):
    assert isinstance(bot(**body), Unreadable)


@pytest.mark.parametrize("code", ALARMS)
def test_an_alarm_is_for_administrators(code):
    found = read("a", {"via": "system", "user": "", "body": {"code": code}}, AT)
    assert found == Alarmed("a", "", AT, ALARMS[code])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = ("MsgType", "Content", "Event", "EventKey", "SelectedItems", "msgtype", "event", "text", "content")
BODIES = st.dictionaries(
    st.sampled_from(NAMES), JSON | st.sampled_from(("event", "text", "template_card_event"))
)


@given(st.sampled_from(("app", "bot", "system", "x")), JSON, BODIES | JSON)
def test_nothing_whatever_raises(via, user, body):
    read("m", {"via": via, "user": user, "body": body}, AT)


def test_t12_two_taps_within_a_second_are_two_and_a_redelivery_is_none():
    first = parse(f"<xml>{HEAD}{tap('tok.fill')}</xml>")
    other = parse(f"<xml>{HEAD}{tap('tok.status')}</xml>")
    assert app_id(first) == app_id(dict(reversed(first.items())))
    assert app_id(first) != app_id(other)
    assert app_id(first | {"TaskId": "t2"}) != app_id(first)
    assert app_id({"MsgId": "7"}) == "app-7"
    assert bot_id({"msgid": "M"}) == "bot-M"
