"""What the page shows: roles, phones in both skins, clock, inspector, files; and how it says no."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
import sample_cards as samples
from starlette.testclient import TestClient

from web.app import changes, create_app
from web.guard import HEADERS

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 16
VOID = {"meta", "link", "input", "img", "br"}


class Tags(HTMLParser):
    """Every start tag with its attributes, and whether the tags close in order."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.open, self.broken = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.broken.append(tag)


def page(client, **query):
    answer = client.get("/", params=query)
    assert answer.status_code == 200
    return answer.text


def test_the_first_page(client):
    html = page(client)
    for text in (
        "本地演练，不会真的发消息。",
        "人名、项目均为虚构。",
        "张敏",
        "区财政局",
        "2026-10-08 14:12 周四·上班",
        "到下一个节点",
        "设日期",
        "接下来",
        "存档",
        "从这里重来",
        "存成测试",
        "清空",
        "重复投递",
        "乱序",
        "限流",
        "断网",
        "过期卡片",
        "换人点击",
        "平台说成功但没送达",
        "发件箱",
        "收件箱",
        "数据库",
        "新桥小学校舍安全改造",
        "点“到下一个节点”",
    ):
        assert text in html


@pytest.mark.parametrize("skin", ["wecom", "dingtalk"])
@pytest.mark.parametrize("user", ["zhangmin", "wangju", "chenjing"])
def test_the_page_is_well_formed_with_unique_ids(client, user, skin):
    found = Tags(page(client, user=user, skin=skin, big="1", dark="1"))
    ids = [attrs["id"] for _, attrs in found.tags if "id" in attrs]
    assert (found.broken, found.open) == ([], [])
    assert len(ids) == len(set(ids))


def test_every_control_has_a_name(client):
    found = Tags(page(client, user="zhangmin"))
    labelled = {attrs["for"] for tag, attrs in found.tags if tag == "label" and "for" in attrs}
    for tag, attrs in found.tags:
        if tag in ("input", "textarea", "select") and attrs.get("type") not in ("hidden", "radio"):
            assert attrs.get("aria-label") or attrs["id"] in labelled


def test_inputs_are_text_with_a_decimal_keypad(client):
    found = Tags(page(client, user="zhangmin", skin="dingtalk")).tags
    numbers = [a for tag, a in found if tag == "input" and "data-number" in a]
    assert len(numbers) == 13
    assert all((a["type"], a["inputmode"]) == ("text", "decimal") for a in numbers)
    assert not any(a.get("type") == "number" for _, a in found)
    chosen = [a["value"] for _, a in found if a.get("type") == "radio" and "checked" in a]
    assert chosen == ["certain", "unlikely"]
    assert sum(tag == "textarea" for tag, _ in found) == 2


def test_wecom_has_no_inputs_but_the_questions(client):
    html = page(client, user="zhangmin", skin="wecom")
    assert "data-number" not in html
    assert "1 改造教室数量（48间，上季20）" in html


def test_unread_is_shown_until_looked_at(client):
    assert 'aria-label="1 条未读"' in page(client, user="zhangmin")
    page(client, user="liqiang")
    page(client, user="wangju")
    assert "条未读" not in page(client, user="zhangmin")


def test_used_cards_say_so(client):
    assert "✓ 已点过" in page(client, user="zhangmin")
    assert "点了“去填报”" in page(client, user="zhangmin")


def test_s01_a_tap_on_somebody_elses_card_says_so(client, stage):
    tap = {"type": "tap", "user": "chenjing", "token": "tok1", "action": "fill"}
    stage.phones.said("chenjing", stage.at, tap)
    stage.phones.said("chenjing", stage.at, {**tap, "type": "fill", "answers": {"spent": "1", "plan": ""}})
    html = page(client, user="chenjing")
    assert "填了 1 项，点了别人卡片上的按钮" in html


def test_both_directions_of_a_message(client, stage):
    html = page(client, user="zhangmin", raw="1")
    assert "发给手机的报文" in html
    assert "画之前的卡片" in html
    said = next(m.seq for m in stage.messages("zhangmin", "wecom") if m.mine)
    assert "手机发来的报文" in page(client, user="zhangmin", raw=str(said))


def test_a_message_at_a_save_can_be_the_new_start(client):
    assert 'data-testid="restart-3"' in page(client, user="wangju")


def test_s01_somebody_elses_tap_is_announced_and_sent(client):
    html = page(client, user="zhangmin", **{"as": "wangju"})
    assert "下一次点击以 王局 的身份发出" in html
    forms = re.findall(r'action="/do/tap".*?name="user" value="(\w+)"', html, re.DOTALL)
    assert set(forms) == {"wangju"}


def test_m09_hostile_names_are_text(client, stage):
    stage.at = datetime.fromisoformat("2026-10-09T09:00:00+08:00")
    stage.phones.said(
        "chenjing", stage.at, {"type": "text", "user": "chenjing", "text": "<script>alert(2)</script>{{7*7}}"}
    )

    async def send():
        from bot.ports import Delivery

        await stage.platform.send(Delivery("chenjing", samples.HOSTILE, "t9", "k9", "", {}, stage.at))

    asyncio.run(send())
    for skin in ("wecom", "dingtalk"):
        html = page(client, user="chenjing", skin=skin)
        tags = Tags(html).tags
        assert [a.get("src") for tag, a in tags if tag == "script"] == ["/static/page.js"]
        assert not any("onerror" in a for _, a in tags)
        assert "{{7*7}}" in html
        assert not any(a.get("href", "").startswith("javascript") for _, a in tags)


@pytest.mark.parametrize(
    "query",
    [{"user": "<b>"}, {"raw": "-1"}, {"raw": "9" * 40}, {"raw": "１"}, {"skin": "x"}, {"as": "nobody"}],
)
def test_an_odd_address_is_the_plain_page(client, query):
    assert "张敏的手机" in page(client, **query)


def test_every_answer_carries_the_safety_headers(client):
    for path in ("/", "/nowhere", "/static/page.js", "/health"):
        answer = client.get(path)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert answer.headers["content-security-policy"].startswith("default-src 'self'")


def test_a_picture_is_shown_and_a_sheet_downloaded(stage, client):
    async def send():
        from bot.ports import Delivery

        files = {"附表1_预览.png": PNG, samples.RECEIPT.files[0].name: b"PK<script>"}
        await stage.platform.send(Delivery("liqiang", samples.RECEIPT, "t9", "k9", "", files, stage.at))

    asyncio.run(send())
    names = dict(stage.messages("liqiang", "wecom")[-1].files)
    picture = client.get(f"/file/{names['附表1_预览.png']}")
    sheet = client.get(f"/file/{names[samples.RECEIPT.files[0].name]}")
    assert (picture.headers["content-type"], picture.content) == ("image/png", PNG)
    assert sheet.headers["content-type"] == "application/octet-stream"
    assert sheet.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E9%99%84")


def test_s05_unknown_files_and_pages_are_the_same_404(client):
    for path in ("/file/0123", "/nowhere", "/static/none.js", "/file/..%2f..%2fetc%2fpasswd"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "没有这个页面" in answer.text


def test_the_conversation_as_a_test(client):
    answer = client.get("/chat")
    assert answer.text.startswith("# 演练")
    assert "attachment" in answer.headers["content-disposition"]


def test_health_and_version(client, stage):
    assert client.get("/health").json() == {"ok": True, "version": stage.version()}
    assert client.get("/version").json() == {"version": stage.version()}


def test_the_stream_tells_every_change_once(stage):
    async def listen():
        stream = changes(stage, pause=0)
        first = await anext(stream)
        stage.at = stage.at.replace(hour=23)
        return [first, await anext(stream), await anext(stream)]

    first, second, third = asyncio.run(listen())
    assert first.startswith("data: ")
    assert second == f"data: {stage.version()}\n\n"
    assert third == ": -\n\n"


def test_the_font_is_served_from_the_given_path(stage, tmp_path):
    font = tmp_path / "a.woff2"
    font.write_bytes(b"wOF2")
    with TestClient(create_app(stage, font_path=font)) as client:
        assert client.get("/static/font.woff2").content == b"wOF2"
        assert client.get("/static/font-bold.woff2").status_code == 404
        assert re.findall(r"/static/font[\w-]*.css", client.get("/").text) == ["/static/font.css"]
    with TestClient(create_app(stage, font_path=font, bold_font_path=font)) as client:
        assert client.get("/static/font-bold.woff2").content == b"wOF2"
        assert "/static/font-bold.css" in client.get("/").text


def test_without_a_font_none_is_asked_for(client):
    assert "/static/font.css" not in page(client)


def test_a_foreign_host_name_is_refused(client):
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 403
    assert "请用启动时显示的地址打开" in answer.text


WEB = Path(__file__).parents[2] / "web"


@pytest.mark.parametrize("path", sorted(WEB.rglob("*.*")), ids=lambda p: p.name)
def test_l04_no_file_names_another_host(path):
    if path.suffix in (".html", ".css", ".js", ".svg"):
        found = re.findall(
            r"(?:https?:)?//[a-z0-9][\w.-]+\.[a-z]{2,}[^\s\"'<)]*", path.read_text(), re.IGNORECASE
        )
        assert [f for f in found if "www.w3.org/2000/svg" not in f] == []
