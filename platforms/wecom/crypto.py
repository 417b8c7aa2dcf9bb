"""One key set of the application's callback: signatures, opening and sealing, on wechatpy with its gaps closed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import Any

from wechatpy.work.crypto import PrpCrypto, WeChatCrypto

BLOCK = 32
RANDOM = 16
LENGTH = 4


class BadSignature(Exception):
    """The signature is not ours, or not of this text."""


class BadCiphertext(Exception):
    """It cannot be opened; never says at which step, so it is no oracle (K03)."""


class _Cipher(PrpCrypto):  # type: ignore[misc]
    """Random bytes that cannot be guessed, and every length checked before it is believed."""

    def get_random_string(self) -> str:
        return secrets.token_hex(RANDOM // 2)

    def _decrypt(self, text: str | bytes, _id: str, exception: Any = None) -> str:
        try:
            raw = base64.b64decode(text, validate=True)
            if not raw or len(raw) % BLOCK:
                raise BadCiphertext
            return _unwrapped(self.cipher.decrypt(raw), _id)
        except (ValueError, binascii.Error):  # also UnicodeDecodeError
            raise BadCiphertext from None


def _unwrapped(block: bytes, receiver: str) -> str:
    """``random | length | text | receiver | padding`` taken apart, each part what it must be."""
    padding = block[-1]
    if not 1 <= padding <= BLOCK or block[-padding:] != bytes((padding,)) * padding:
        raise BadCiphertext
    body = block[RANDOM:-padding]
    length = int.from_bytes(body[:LENGTH], "big")
    text, rest = body[LENGTH : LENGTH + length], body[LENGTH + length :]
    if len(text) != length or not hmac.compare_digest(rest, receiver.encode()):
        raise BadCiphertext
    return text.decode()


class KeySet(WeChatCrypto):  # type: ignore[misc]
    """Token and EncodingAESKey of one callback; ``corp_id`` is the receiver every message must name.

    Raises ValueError when the key is not 43 letters and digits.
    """

    def __init__(self, token: str, encoding_aes_key: str, corp_id: str) -> None:
        if len(encoding_aes_key) != 43 or not encoding_aes_key.isalnum():
            raise ValueError("EncodingAESKey 应是43位字母和数字")
        super().__init__(token, encoding_aes_key, corp_id)

    def signature(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """The signature of one message, lower-case hex."""
        parts = sorted((self.token, timestamp, nonce, encrypted))
        return hashlib.sha1("".join(parts).encode()).hexdigest()

    def signed(self, signature: str, timestamp: str, nonce: str, encrypted: str) -> bool:
        """Whether that signature is ours; takes as long for a wrong one as for a right one (K01)."""
        expected = self.signature(timestamp, nonce, encrypted)
        return hmac.compare_digest(expected.encode(), signature.encode())

    def open(self, encrypted: str) -> str:
        """The text inside. Raises BadCiphertext."""
        return str(_Cipher(self.key).decrypt(encrypted, self.corp_id))

    def seal(self, text: str, timestamp: str, nonce: str = "") -> str:
        """The text as an encrypted, signed reply."""
        return str(self._encrypt_message(text, nonce or secrets.token_hex(8), timestamp, _Cipher))

    def _check_signature(
        self, signature: str, timestamp: str, nonce: str, echo_str: str, crypto_class: Any = None
    ) -> str:
        if not self.signed(signature, timestamp, nonce, echo_str):
            raise BadSignature
        return self.open(echo_str)

    def _decrypt_message(
        self, msg: Any, signature: str, timestamp: str, nonce: str, crypto_class: Any = None
    ) -> str:
        if not isinstance(msg, dict):
            raise TypeError("the envelope is read by platforms.wecom.xmltext before")
        return self._check_signature(signature, timestamp, nonce, msg["Encrypt"])
