"""Recorded frames, one a file: the good ones to their event, the bad and hostile ones to Unreadable."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cards.card import Button
from bot.events import Unreadable, Uploaded, WasRead
from platforms.dingtalk import choices
from platforms.dingtalk.downloads import outside
from platforms.dingtalk.fields import key_of, name_of
from platforms.dingtalk.frames import EVENT, frame_of
from platforms.dingtalk.reading import CARD, FETCHED, READERS, ROBOT, body_of, read, sender

FRAMES = Path(__file__).parent / "frames"
AT = datetime(2026, 10, 8, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
EACH = pytest.mark.parametrize("path", sorted(FRAMES.glob("*.json")), ids=lambda path: path.stem)


def payload_of(raw):
    """What the listener keeps of a frame."""
    frame = frame_of(raw)
    if frame.kind == EVENT:
        return {"topic": "*", "event": frame.event, "user": "", "data": frame.data}
    return {"topic": frame.topic, "user": sender(frame.topic, body_of(frame.data)), "data": frame.data}


@EACH
def test_a_recorded_frame_is_its_event(path):
    recorded = json.loads(path.read_text(encoding="utf-8"))
    event = read("m", payload_of(recorded["frame"]), AT)
    assert (event.id, event.at) == ("m", AT)
    shown = {k: v for k, v in asdict(event).items() if k not in ("id", "at", "content", "sheet")}
    assert json.loads(json.dumps({"event": type(event).__name__, **shown})) == recorded["event"]


@pytest.mark.parametrize(
    "name", ["not_json", "empty", "not_a_number", "sender_twice", "half_a_pair", "number_without_end"]
)
def test_m01_m06_m07_n22_what_cannot_be_read_has_no_sender(name):
    raw = json.loads((FRAMES / f"{name}.json").read_text(encoding="utf-8"))["frame"]
    assert payload_of(raw)["user"] == ""


def test_the_reason_does_not_repeat_what_was_sent():
    for path in FRAMES.glob("*.json"):
        event = read("m", payload_of(json.loads(path.read_text(encoding="utf-8"))["frame"]), AT)
        if isinstance(event, Unreadable):
            assert event.why.isascii()


def test_a_fetched_file_carries_its_content():
    content = base64.b64encode(b"\0\1xlsx").decode()
    payload = {"topic": FETCHED, "user": "zhangmin", "kind": "file", "name": "附表1.xlsx", "content": content}
    assert read("m", payload, AT) == Uploaded("m", "zhangmin", AT, "file", "附表1.xlsx", b"\0\1xlsx")
    assert isinstance(read("m", {**payload, "content": "!"}, AT), Unreadable)


def test_readers_that_were_asked_for():
    payload = {"topic": READERS, "user": "", "reference": "notice:7", "readers": ["a", "b"]}
    assert read("m", payload, AT) == WasRead("m", "", AT, "notice:7", ("a", "b"))
    assert isinstance(read("m", {**payload, "readers": "a"}, AT), Unreadable)


def test_an_identity_is_only_what_dingtalk_verified():
    """A name inside of the tap's parameters is no identity."""
    tap = json.loads((FRAMES / "tapped_button.json").read_text(encoding="utf-8"))["frame"]
    data = json.loads(tap["data"])
    inner = json.loads(data["content"])
    inner["cardPrivateData"]["params"] |= {"userId": "zhoulei", "user": "zhoulei"}
    hostile = {**tap, "data": json.dumps({**data, "content": json.dumps(inner)})}
    assert read("m", payload_of(hostile), AT).who == "zhangmin"


@pytest.mark.parametrize("action", ["submit", "fill:2026Q3:p001", "reason:招标晚", "not_mine:2026Q3:p001"])
def test_a_link_tapped_says_what_it_was(action):
    button = Button(action, "招标晚（换）")
    assert choices.said(choices.words(button, "Vt0kenVt0kenVt0ken")) == ("Vt0kenVt0kenVt0ken", action)
    assert "〔" not in choices.link(button, "Vt0kenVt0kenVt0ken")


@pytest.mark.parametrize("line", ["进度", "确认提交〔〕", "〔短 submit〕", "支出201.35 1=36", "〔" * 300])
def test_what_somebody_types_is_no_link(line):
    assert choices.said(line) is None


@given(st.text(alphabet="abcdefghijklmnop.123", max_size=30))
def test_field_names_lead_back_to_keys(key):
    assert key_of(name_of(key)) == key


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(("msgtype", "text", "content", "userId", "senderStaffId", "outTrackId", "value", "x"))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from((ROBOT, CARD, "*", FETCHED, READERS)), st.dictionaries(KEYS, JSON), st.booleans())
def test_m01_any_object_is_an_event(topic, body, framed):
    payload = {"topic": topic, "user": "u", "event": "robot_msg_read", "data": json.dumps(body)}
    assert read("m", payload if framed else {**payload, **body}, AT).id == "m"


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(JSON)
def test_m01_any_frame_is_a_frame(raw):
    frame = frame_of(raw if isinstance(raw, dict) else {"headers": raw, "data": raw})
    assert isinstance(frame.data, str)


def test_m07_half_a_pair_in_the_frame_itself_is_as_if_nothing_came():
    frame = frame_of({"headers": {"topic": ROBOT, "messageId": "\ud800"}, "data": '{"a": "\ud800"}'})
    assert (frame.topic, frame.message_id, frame.data) == (ROBOT, "", "")


@pytest.mark.parametrize(
    ("url", "fetched"),
    [
        ("https://down.dingtalk.com/a.file?Expires=1", True),
        ("http://zjk-dualstack.oss-cn-zhangjiakou.aliyuncs.com/a", True),
        ("http://127.0.0.1:8080/metrics", False),
        ("http://127.1/metrics", False),
        ("http://2130706433/", False),
        ("http://0x7f.1/", False),
        ("http://127.0.0.0x1/", False),
        ("http://[::1]/", False),
        ("http://[::ffff:10.0.0.1]/", False),
        ("http://169.254.169.254/latest/meta-data", False),
        ("http://10.0.0.8/", False),
        ("http://localhost./", False),
        ("http://db.internal/", False),
        ("http://oa/", False),
        ("file:///etc/passwd", False),
        ("http://", False),
        ("http://[x/", False),
    ],
)
def test_a_file_is_fetched_from_the_internet_only(url: str, fetched: bool):
    assert outside(url, local=False) is fetched


def test_a_local_dingtalk_names_this_machine():
    assert outside("http://127.0.0.1:8093/media/1", local=True)
    assert not outside("file:///etc/passwd", local=True)
