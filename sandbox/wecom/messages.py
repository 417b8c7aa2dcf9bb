"""What may be sent besides cards: the body of each message type with its limits, and the envelope around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.wecom.cards import check_card
from sandbox.wecom.errors import Refusal
from sandbox.wecom.schema import Checker, Field, Shape, number, octets, one_of, text, texts, thing, things

MEDIA: Shape = {"media_id": text(need=True, code=40007)}
VIDEO: Shape = {**MEDIA, "title": octets(128), "description": octets(512)}
NEWS: Shape = {
    "articles": things(
        {
            "title": octets(128, need=True, code=42033),
            "description": octets(512),
            "url": octets(2048),
            "picurl": octets(2048),
            "appid": text(),
            "pagepath": text(),
        },
        1,
        8,
        need=True,
    )
}
MPNEWS: Shape = {
    "articles": things(
        {
            "title": octets(128, need=True, code=42033),
            "thumb_media_id": text(need=True, code=40007),
            "author": octets(64),
            "content_source_url": octets(2048),
            "content": octets(666 * 1024, need=True),
            "digest": octets(512),
        },
        1,
        8,
        need=True,
    )
}
TEXTCARD: Shape = {
    "title": text(128, need=True, code=42033),
    "description": text(512, need=True),
    "url": octets(2048, need=True, code=42028),
    "btntxt": text(4),
}
MINIPROGRAM: Shape = {
    "appid": text(need=True, code=42030),
    "page": text(),
    "title": text(12, need=True),
    "description": text(12),
    "emphasis_first_item": Field(bool),
    "content_item": things({"key": text(10, need=True), "value": text(30, need=True)}, 0, 10),
}
#: an app's messages. A text longer than 2048 bytes is cut by the platform, not refused.
BODIES: dict[str, Shape] = {
    "text": {"content": text(need=True, code=44004)},
    "image": MEDIA,
    "voice": MEDIA,
    "file": MEDIA,
    "video": VIDEO,
    "textcard": TEXTCARD,
    "news": NEWS,
    "mpnews": MPNEWS,
    "markdown": {"content": octets(2048, need=True, code=44004, count_code=45002)},
    "miniprogram_notice": MINIPROGRAM,
}
ENVELOPE: Shape = {
    "touser": text(),
    "toparty": text(),
    "totag": text(),
    "msgtype": text(need=True, code=40008),
    "agentid": number(need=True, code=40056),
    "safe": one_of(0, 1, 2),
    "enable_id_trans": one_of(0, 1),
    "enable_duplicate_check": one_of(0, 1),
    "duplicate_check_interval": number(),
}
#: a group's webhook.
HOOK_BODIES: dict[str, Shape] = {
    "text": {
        "content": octets(2048, need=True, code=44004, count_code=45002),
        "mentioned_list": texts(),
        "mentioned_mobile_list": texts(),
    },
    "markdown": {"content": octets(4096, need=True, code=44004, count_code=45002)},
    "markdown_v2": {"content": octets(4096, need=True, code=44004, count_code=45002)},
    "image": {"base64": text(need=True), "md5": text(need=True)},
    "news": NEWS,
    "file": MEDIA,
    "voice": MEDIA,
}
#: what a bot may say; text only as a welcome.
BOT_BODIES: dict[str, Shape] = {
    "markdown": {"content": octets(20480, need=True, code=44004, count_code=45002)},
    "image": MEDIA,
    "voice": MEDIA,
    "file": MEDIA,
    "video": VIDEO,
}
STREAM: Shape = {
    "id": octets(256, need=True),
    "finish": Field(bool),
    "content": octets(20480, count_code=45002),
}
DUPLICATE_HOURS = 4


def check_message(request: Mapping[str, Any], checker: Checker) -> None:
    """Raises Refusal unless the request to message/send is one the documentation describes."""
    kind = _kind(request, {*BODIES, "template_card"})
    checker.check(request, {**ENVELOPE, kind: _body(kind, BODIES)})
    if not 0 <= request.get("duplicate_check_interval", 0) <= DUPLICATE_HOURS * 3600:
        raise Refusal(40058, "duplicate_check_interval")
    if request.get("safe") == 2 and kind != "mpnews":
        raise Refusal(40058, "safe 2 is for mpnews")
    if kind == "miniprogram_notice" and request.get("touser") == "@all":
        raise Refusal(40058, "miniprogram_notice to @all")
    if kind == "template_card":
        check_card(request["template_card"], checker)


def check_hook(request: Mapping[str, Any], checker: Checker) -> None:
    """The same for a webhook."""
    kind = _kind(request, {*HOOK_BODIES, "template_card"})
    checker.check(request, {"msgtype": text(need=True), kind: _body(kind, HOOK_BODIES)})
    if kind == "template_card":
        check_card(request["template_card"], checker)
        if not str(request["template_card"]["card_type"]).endswith("_notice"):
            raise Refusal(42031, "a webhook sends notices only")


def _kind(request: Mapping[str, Any], known: set[str]) -> str:
    kind = request.get("msgtype")
    if not isinstance(kind, str) or kind not in known:
        raise Refusal(40008, str(kind))
    if kind not in request:
        raise Refusal(40063, kind)
    return kind


def _body(kind: str, bodies: Mapping[str, Shape]) -> Field:
    """A card is checked by its own rules."""
    return Field(dict, need=True) if kind == "template_card" else thing(bodies[kind], need=True)
