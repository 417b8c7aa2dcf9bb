"""Signatures and encryption: the official vectors, and every way a ciphertext can be wrong, all answered alike."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.work.crypto import WeChatCrypto

from platforms.wecom.crypto import BadCiphertext, BadSignature, KeySet, _Cipher
from platforms.wecom.xmltext import parse

TOKEN, AES_KEY, CORP = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"
KEYS = KeySet(TOKEN, AES_KEY, CORP)
POSTED = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/"
    "sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZ"
    "fJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LA"
    "VGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H"
    "3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)
SIGNED = ("477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149")
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="


def test_the_official_message_opens():
    assert KEYS.signed(*SIGNED, POSTED)
    found = parse(KEYS.open(POSTED))
    expected = {"MsgType": "text", "Content": "hello", "FromUserName": "mycreate", "AgentID": "218"}
    assert {name: found[name] for name in expected} == expected
    assert found["MsgId"] == "4561255354251345929"


def test_the_official_url_verification_opens():
    signature = "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
    assert KEYS.check_signature(signature, "1409659589", "263014780", ECHO) == "1616140317555161061"


def test_wechatpy_itself_opens_what_we_seal():
    sealed = parse(KEYS.seal("<xml>三季度 ✓</xml>", "1700000000"))
    plain = WeChatCrypto(TOKEN, AES_KEY, CORP)
    signature, nonce = sealed["MsgSignature"], sealed["Nonce"]
    assert plain.decrypt_message(sealed, signature, "1700000000", nonce) == "<xml>三季度 ✓</xml>"


@given(st.text(max_size=300))
def test_every_length_goes_there_and_back(text):
    assert KEYS.open(_Cipher(KEYS.key).encrypt(text, CORP).decode()) == text


@pytest.mark.parametrize("place", [0, 1])
def test_k01_another_signature_is_refused(place):
    wrong = ("0" * 40, SIGNED[0][::-1])[place]
    assert not KEYS.signed(wrong, *SIGNED[1:], POSTED)
    with pytest.raises(BadSignature):
        KEYS.decrypt_message({"Encrypt": POSTED}, wrong, *SIGNED[1:])


def test_k05_another_nonce_or_time_breaks_the_signature():
    assert not KEYS.signed(SIGNED[0], SIGNED[1], "1372623150", POSTED)
    assert not KEYS.signed(SIGNED[0], "1409659814", SIGNED[2], POSTED)


def sealed_for(receiver: str, text: str = "hello") -> str:
    return _Cipher(KEYS.key).encrypt(text, receiver).decode()


def raw(block: bytes) -> str:
    return base64.b64encode(_Cipher(KEYS.key).cipher.encrypt(block)).decode()


BODY = b"r" * 16 + (5).to_bytes(4, "big") + b"hello" + CORP.encode()
PAD = 32 - len(BODY) % 32
WRONG = {
    "K02 another receiver": sealed_for("wwsomebodyelse"),
    "no receiver": sealed_for(""),
    "K03 truncated": POSTED[:-44] + "==",
    "K03 not a multiple": base64.b64encode(b"x" * 40).decode(),
    "empty": "",
    "not base64": "#" * 44,
    "K03 padding of zero": raw(BODY + b"\0" * PAD),
    "K03 padding too long": raw(BODY + bytes((40,)) * PAD),
    "K03 padding uneven": raw(BODY + b"\1" * (PAD - 1) + bytes((PAD,))),
    "a length beyond the end": raw((b"r" * 16 + b"\xff" * 4 + b"x" * 12).ljust(64, b"\x20")),
    "not UTF-8": raw(b"r" * 16 + (2).to_bytes(4, "big") + b"\xff\xfe" + CORP.encode() + bytes((24,)) * 24),
}


@pytest.mark.parametrize("name", WRONG)
def test_k02_k03_whatever_is_wrong_inside_looks_the_same_from_outside(name):
    with pytest.raises(BadCiphertext) as caught:
        KEYS.open(WRONG[name])
    assert str(caught.value) == ""
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("key", ["short", AES_KEY + "x", AES_KEY[:-1] + "+"])
def test_a_key_of_the_wrong_shape_is_refused_in_words(key):
    with pytest.raises(ValueError, match="43位"):
        KeySet(TOKEN, key, CORP)


def test_the_random_bytes_are_never_the_same():
    found = {_Cipher(KEYS.key).encrypt("x", CORP) for _ in range(50)}
    assert len(found) == 50
