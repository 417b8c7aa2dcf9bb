"""Payloads of the simulated phones: each good shape to its event, each bad one to Unreadable."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events import Filled, Joined, Tapped, Text, Unreadable, Uploaded
from platforms.simulator import read

AT = datetime(2026, 10, 8, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
WHO = "zhangmin"
FILL = {"type": "fill", "user": WHO, "token": "t", "action": "check"}

GOOD = [
    ({"type": "text", "user": WHO, "text": "进度"}, Text("m", WHO, AT, "进度")),
    ({"type": "text", "user": WHO, "text": "长" * 4000}, Text("m", WHO, AT, "长" * 4000)),
    ({"type": "tap", "user": WHO, "token": "t", "action": "fill"}, Tapped("m", WHO, AT, "t", "fill")),
    ({**FILL, "answers": {"spent": "201.35"}}, Filled("m", WHO, AT, "t", "check", {"spent": "201.35"})),
    ({**FILL, "answers": {"spent": ""}}, Filled("m", WHO, AT, "t", "check", {"spent": ""})),
    ({"type": "upload", "user": WHO, "kind": "voice", "name": ""}, Uploaded("m", WHO, AT, "voice", "")),
    ({"type": "join", "user": WHO}, Joined("m", WHO, AT)),
]


@pytest.mark.parametrize(("payload", "event"), GOOD)
def test_good_payloads(payload, event):
    assert read("m", payload, AT) == event


BAD = {
    "M01-not-an-object": ["text"],
    "M01-none": None,
    "M07-type-missing": {"user": WHO},
    "M07-type-unknown": {"type": "pay", "user": WHO},
    "M07-type-unhashable": {"type": ["text"], "user": WHO, "text": "a"},
    "M07-text-number": {"type": "text", "user": WHO, "text": 5},
    "M07-text-bool": {"type": "text", "user": WHO, "text": True},
    "M07-text-nan": {"type": "text", "user": WHO, "text": float("nan")},
    "M07-text-null": {"type": "text", "user": WHO, "text": None},
    "M07-key-missing": {"type": "tap", "user": WHO, "token": "t"},
    "S03-extra-key": {"type": "tap", "user": WHO, "token": "t", "action": "a", "version": "9"},
    "M07-answers-list": {**FILL, "answers": ["1"]},
    "M07-answer-number": {**FILL, "answers": {"spent": 201.35}},
    "M07-answer-key": {**FILL, "answers": {"": "1"}},
    "M07-answers-many": {**FILL, "answers": {str(n): "1" for n in range(201)}},
    "F14-text-4001": {"type": "text", "user": WHO, "text": "长" * 4001},
    "F14-text-blank": {"type": "text", "user": WHO, "text": " \n"},
    "F14-upload-kind": {"type": "upload", "user": WHO, "kind": "video", "name": "x"},
    "N22-surrogate": {"type": "text", "user": WHO, "text": "a\ud800"},
    "N22-surrogate-in-answer": {**FILL, "answers": {"plan": "\udfff"}},
    "N22-nul": {"type": "text", "user": WHO, "text": "a\0b"},
    "token-long": {"type": "tap", "user": WHO, "token": "t" * 257, "action": "a"},
}


@pytest.mark.parametrize("case", BAD)
def test_bad_payloads_are_unreadable(case):
    event = read("m", BAD[case], AT)
    assert isinstance(event, Unreadable)
    assert event.why


def test_unreadable_names_the_sender_only_when_the_name_is_text():
    assert read("m", {"type": "no", "user": WHO}, AT).who == WHO
    assert read("m", {"type": "no", "user": 7}, AT).who == ""
    assert read("m", {"type": "no", "user": "\ud800"}, AT).who == ""


def test_the_reason_does_not_repeat_what_was_sent():
    assert "绝密" not in read("m", {"type": "text", "user": WHO, "text": "绝密\ud800"}, AT).why


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    payload=st.dictionaries(
        st.sampled_from(("type", "user", "text", "token", "action", "answers", "kind", "name", "x")),
        JSON | st.sampled_from(("text", "tap", "fill", "upload", "join")),
    )
)
def test_any_object_is_an_event(payload):
    assert read("m", payload, AT).id == "m"


def test_c08_the_phones_own_clock_is_ignored() -> None:
    """C08: a phone that is years off changes nothing; the instant is ours, whatever the payload claims."""
    ours = datetime(2026, 10, 10, 23, 59, tzinfo=timezone(timedelta(hours=8)))
    plain = read("m1", {"type": "text", "user": "zhangmin", "text": "进度"}, ours)
    claimed = read(
        "m2", {"type": "text", "user": "zhangmin", "text": "进度", "at": "1999-01-01T00:00:00+08:00"}, ours
    )
    assert plain.at == claimed.at == ours
