"""The sandbox's cryptography: the official vectors, and both ways against wechatpy's."""

from __future__ import annotations

import base64

import pytest
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.work.crypto import WeChatCrypto

from sandbox.wecom import crypto, wire
from sandbox.wecom.crypto import EnvelopeError

CORP, TOKEN = "wx5823bf96d3bd56c7", "QDG6eK"
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
PUSHED = (
    "477715d11cdb4164915debcba66cb864d751f3e6",
    "1409659813",
    "1372623149",
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYv"
    "uJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+Lt"
    "wGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V"
    "2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptD"
    "AVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==",
)
VERIFIED = (
    "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    "1409659589",
    "263014780",
    "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
)
#: every length of padding, and what is not ASCII.
MESSAGES = [*("字" * n + "a" * (n % 32) for n in range(33)), "", "]]>&<", "支出201.35 1=36\n👍"]


def test_the_official_message() -> None:
    told = {e.tag: e.text for e in wire.parse(crypto.open_signed(TOKEN, KEY, CORP, PUSHED))}
    assert (told["MsgType"], told["Content"], told["FromUserName"]) == ("text", "hello", "mycreate")
    assert (told["MsgId"], told["AgentID"]) == ("4561255354251345929", "218")


def test_the_official_url_verification() -> None:
    assert crypto.open_signed(TOKEN, KEY, CORP, VERIFIED) == "1616140317555161061"


@pytest.mark.parametrize("message", MESSAGES)
def test_what_we_seal_wechatpy_opens(message: str) -> None:
    sealed = crypto.seal(KEY, message, CORP)
    signed = crypto.signature(TOKEN, "1700000000", "n", sealed)
    other = WeChatCrypto(TOKEN, KEY, CORP)
    outer = wire.render({"ToUserName": CORP, "Encrypt": sealed})
    opened = other.decrypt_message(outer, signed, "1700000000", "n")
    assert (opened.decode() if isinstance(opened, bytes) else opened) == message
    with pytest.raises(InvalidSignatureException):
        other.decrypt_message(outer, "0" * 40, "1700000000", "n")


@pytest.mark.parametrize("message", MESSAGES)
def test_what_wechatpy_seals_we_open(message: str) -> None:
    answer = WeChatCrypto(TOKEN, KEY, CORP).encrypt_message(message, "n", "1700000000")
    outer = {e.tag: e.text or "" for e in wire.parse(answer)}
    parts = (outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"], outer["Encrypt"])
    assert crypto.open_signed(TOKEN, KEY, CORP, parts) == message


def _flipped(sealed: str, place: int) -> str:
    raw = bytearray(base64.b64decode(sealed))
    raw[place] ^= 1
    return base64.b64encode(raw).decode()


SEALED = crypto.seal(KEY, "支出201.35", CORP)
WRONG = {
    "not base64": "!!!",
    "nothing": "",
    "half a block": base64.b64encode(b"x" * 17).decode(),
    "cut": base64.b64encode(base64.b64decode(SEALED)[:-16]).decode(),
    "changed length": _flipped(SEALED, 1),
    "another key": crypto.seal(crypto.new_aes_key(), "支出", CORP),
    "another receiver": crypto.seal(KEY, "支出", "wwsomebodyelse"),
    "receiver with a tail": crypto.seal(KEY, "支出", CORP + "x"),
}


@pytest.mark.parametrize("sealed", WRONG.values(), ids=WRONG)
def test_nothing_else_opens(sealed: str) -> None:
    with pytest.raises(EnvelopeError):
        crypto.unseal(KEY, sealed, CORP)


@pytest.mark.parametrize("place", range(4))
def test_a_signature_covers_every_part(place: int) -> None:
    parts = list(PUSHED)
    parts[place] = ("0" if parts[place][0] != "0" else "1") + parts[place][1:]
    with pytest.raises(EnvelopeError):
        crypto.open_signed(TOKEN, KEY, CORP, (parts[0], parts[1], parts[2], parts[3]))


def test_text_cannot_leave_its_cdata() -> None:
    hostile = "]]></Content><FromUserName>boss</FromUserName><Content><![CDATA["
    assert wire.parse(wire.render({"Content": hostile})).findtext("Content") == hostile
