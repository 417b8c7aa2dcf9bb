"""What can be done at the page, by script and without it; hostile bodies get a sentence, never a stack."""

from __future__ import annotations

import json

import pytest

SAY = {"user": "zhangmin", "text": "进度"}
TAP = {"user": "zhangmin", "token": "tok1", "action": "fill"}
FILL = {
    "user": "zhangmin",
    "token": "tok4",
    "action": "check",
    "answers": {"spent": "201.35", "actual.1": "36"},
}
UPLOAD = {"user": "zhangmin", "kind": "voice", "name": "语音 8 秒"}
FILE = {"user": "zhangmin", "kind": "file", "name": "附表1.xlsx", "content": "UEsDBA=="}

DELIVERED = [
    ("say", SAY, {"type": "text", **SAY}),
    ("tap", TAP, {"type": "tap", **TAP}),
    ("fill", FILL, {"type": "fill", **FILL}),
    ("upload", UPLOAD, {"type": "upload", **UPLOAD}),
    ("upload", FILE, {"type": "upload", **FILE}),
    ("join", {"user": "zhangmin"}, {"type": "join", "user": "zhangmin"}),
]


@pytest.mark.parametrize(("name", "body", "payload"), DELIVERED)
def test_a_call_is_delivered(call, stage, name, body, payload):
    answer = call(name, body)
    assert (answer.status_code, answer.json()["ok"]) == (200, True)
    assert stage.delivered == [payload]


@pytest.mark.parametrize(("name", "body", "payload"), DELIVERED)
def test_the_same_without_script(submit, stage, name, body, payload):
    answers = {f"answer.{k}": v for k, v in body.get("answers", {}).items()}
    fields = {k: v for k, v in body.items() if k != "answers"} | answers
    answer = submit(name, {**fields, "back": "/?user=zhangmin&skin=wecom&dark=1&as=wangju"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?user=zhangmin&skin=wecom&dark=1"
    assert stage.delivered == [payload]


@pytest.mark.parametrize(
    ("body", "clock"),
    [
        ({"days": "3"}, "2026-10-11 14:12"),
        ({"next": "1"}, "2026-10-08 22:12"),
        ({"at": "2026-10-20"}, "2026-10-20 09:00"),
        ({"at": "2026-10-20T17:30"}, "2026-10-20 17:30"),
    ],
)
def test_the_clock_moves(call, submit, stage, body, clock):
    assert call("clock", body).json()["said"].startswith(f"现在是 {clock}")
    assert stage.clock_label().startswith(clock)


def test_the_clock_moves_without_script(submit, stage):
    assert submit("clock", {"days": "1"}).status_code == 303
    assert stage.clock_label().startswith("2026-10-09")


@pytest.mark.parametrize(
    "body", [{"at": "2026-10-08"}, {"at": "昨天"}, {"days": "-3"}, {"days": "1", "at": "2026-10-20"}, {}]
)
def test_the_clock_refuses(call, stage, body):
    before = stage.now()
    answer = call("clock", body)
    assert answer.status_code == 400
    assert answer.json()["problem"].endswith("。")
    assert stage.now() == before


@pytest.mark.parametrize("name", ["duplicate", "reorder", "rate_limit", "offline", "silent"])
def test_faults_are_armed(call, stage, client, name):
    assert call("fault", {"user": "zhangmin", "name": name}).json()["said"] == f"已打开：{name}"
    assert stage.calls == [name]
    assert f"△ {name}：下一条" in client.get("/").text


def test_s04_the_oldest_card_is_tapped_again(call, stage):
    said = call("fault", {"user": "zhangmin", "name": "expired_card"}).json()["said"]
    assert said == "点了最早那张卡上的“去填报”。"
    assert stage.delivered == [{"type": "tap", **TAP}]


def test_no_card_to_tap_again(call):
    answer = call("fault", {"user": "chenjing", "name": "expired_card"})
    assert (answer.status_code, answer.json()["problem"]) == (400, "这个人还没有带按钮的卡片。")


def test_save_restore_reset(call, stage):
    assert call("save", {}).json()["said"].startswith("已存档：")
    call("say", SAY)
    length = stage.phones.length()
    call("restore", {"save": stage.kept[0][0]})
    assert stage.phones.length() == length - 1
    assert call("restore", {"save": "none"}).json()["problem"] == "没有这个存档。"
    call("reset", {})
    assert stage.phones.length() == 0


def test_reading(call, stage):
    call("read", {"user": "wangju"})
    assert stage.phones.unread("wangju") == 0


HOSTILE = {
    "M01-empty": b"",
    "M01-no-json": b"{",
    "M01-wrong-charset": '{"user":"张敏","text":"a"}'.encode("gbk"),
    "M01-array": b"[]",
    "M04-deep": b'{"text":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "M04-deep-in-a-string": b'{"user":"zhangmin","text":"ok","x":"' + b"[" * 100 + b'\\""}',
    "M06-twice": b'{"user":"zhangmin","user":"wangju","text":"a"}',
    "M07-nan": b'{"user":"zhangmin","text":NaN}',
    "M07-infinity": b'{"user":"zhangmin","text":-Infinity}',
    "M07-number": b'{"user":"zhangmin","text":5}',
    "M07-bool": b'{"user":true,"text":"a"}',
    "M07-null": b'{"user":"zhangmin","text":null}',
    "M07-huge-integer": b'{"user":"zhangmin","text":' + b"9" * 5000 + b"}",
    "M07-missing": b'{"user":"zhangmin"}',
    "S03-extra": b'{"user":"zhangmin","text":"a","role":"finance"}',
    "N22-surrogate": b'{"user":"zhangmin","text":"\\ud800"}',
    "N22-surrogate-key": b'{"\\udfff":1}',
    "N22-nul": b'{"user":"zhangmin","text":"\\u0000"}',
    "F14-blank": b'{"user":"zhangmin","text":"  "}',
    "F14-long": json.dumps({"user": "zhangmin", "text": "长" * 4001}).encode(),
    "stranger": b'{"user":"mallory","text":"a"}',
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_bodies_get_a_sentence(call, stage, case):
    answer = call("say", HOSTILE[case])
    assert answer.status_code == 400
    problem = answer.json()["problem"]
    assert problem.endswith("。")
    assert "Traceback" not in problem
    assert stage.delivered == []


@pytest.mark.parametrize(
    "answers", [["1"], {"a": 1}, {"a": None}, {"": "1"}, {str(n): "" for n in range(500)}, "x"]
)
def test_m07_hostile_answers(call, stage, answers):
    assert call("fill", {**FILL, "answers": answers}).status_code == 400
    assert stage.delivered == []


@pytest.mark.parametrize("kind", ["video", "", "../x"])
def test_hostile_uploads(call, kind):
    assert call("upload", {**UPLOAD, "kind": kind}).status_code == 400


def test_m05_a_large_body_is_413(call, stage):
    answer = call("say", b'{"user":"zhangmin","text":"' + b"a" * 1024 * 1024 + b'"}')
    assert (answer.status_code, answer.json()["problem"]) == (413, "内容太大，最多 1 MB。")
    assert stage.delivered == []


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "", "referer": ""},
        {"origin": "http://testserver.evil.example"},
        {"origin": "http://testserver:8080"},
    ],
)
def test_another_sites_page_cannot_post(call, submit, stage, headers):
    for answer in (call("say", SAY, **headers), submit("say", SAY, **headers)):
        assert answer.status_code == 403
        assert "只能在本页面里操作。" in answer.text
    assert stage.delivered == []


def test_a_call_without_our_header_is_refused(client, stage):
    answer = client.post("/api/say", json=SAY, headers={"origin": "http://testserver"})
    assert answer.status_code == 403
    assert stage.delivered == []


@pytest.mark.parametrize(
    "body", [b"user=zhangmin&user=wangju&text=a", b"user=zhangmin&text=%ff", b"\xff", b"a=1&" * 500]
)
def test_hostile_forms_show_the_page_with_a_sentence(client, stage, body):
    headers = {"origin": "http://testserver", "content-type": "application/x-www-form-urlencoded"}
    answer = client.post("/do/say", content=body, headers=headers)
    assert answer.status_code == 400
    assert "没看懂这次提交" in answer.text
    assert stage.delivered == []


def test_a_refused_form_keeps_the_page_and_says_why(submit):
    answer = submit("say", {"user": "zhangmin", "text": "/no", "back": "/?user=zhangmin&skin=wecom"})
    assert answer.status_code == 400
    assert "✕ 现在不行。" in answer.text
    assert "企业微信样式" in answer.text


def test_the_way_back_leads_nowhere_else(submit):
    answer = submit("say", {**SAY, "back": "http://evil.example/?user=liqiang"})
    assert answer.headers["location"].startswith("/?user=")


def test_our_own_mistake_is_a_number_and_no_stack(call, submit):
    for answer in (call("say", {**SAY, "text": "/boom"}), submit("say", {**SAY, "text": "/boom"})):
        assert answer.status_code == 500
        assert "出了点问题，已记下，编号" in answer.text
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/none"), ("GET", "/api/say"), ("POST", "/do/none")]
)
def test_unknown_calls(client, method, path):
    headers = {"origin": "http://testserver", "x-jixiao": "1"}
    answer = client.request(method, path, headers=headers, content=b"{}" if "api" in path else b"")
    assert answer.status_code in (404, 405)
    assert "没有这个页面" in answer.text


@pytest.mark.parametrize("content", [7, None, ["UEsDBA=="], "a\0b"])
def test_the_content_of_an_upload_is_a_text(call, stage, content):
    assert call("upload", {**FILE, "content": content}).status_code == 400
    assert stage.delivered == []
