"""The envelope of a callback and of a bot's file: signature, AES-256-CBC, padding to 32 bytes.

Written on ``cryptography`` alone, so that it referees any other implementation."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

#: the padding unit; the cipher's own block is 16.
BLOCK = 32
LENGTH = struct.Struct(">I")
RANDOM = 16


class EnvelopeError(Exception):
    """What came is not a sealed message of ours; the text says which check failed."""


def key_of(encoding_aes_key: str) -> bytes:
    """The 32-byte key behind the 43 characters of an EncodingAESKey."""
    if len(encoding_aes_key) != 43:
        raise EnvelopeError("EncodingAESKey is not 43 characters")
    return base64.b64decode(encoding_aes_key + "=")


def new_aes_key() -> str:
    """A fresh EncodingAESKey."""
    return base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def signature(token: str, timestamp: str, nonce: str, encrypt: str) -> str:
    """``msg_signature``: sha1 over the four, sorted."""
    return hashlib.sha1("".join(sorted((token, timestamp, nonce, encrypt))).encode()).hexdigest()


def seal(encoding_aes_key: str, message: str, receive_id: str) -> str:
    """The base64 text of ``Encrypt``."""
    raw = message.encode()
    plain = secrets.token_bytes(RANDOM) + LENGTH.pack(len(raw)) + raw + receive_id.encode()
    return base64.b64encode(encrypt(key_of(encoding_aes_key), plain)).decode()


def unseal(encoding_aes_key: str, sealed: str, receive_id: str) -> str:
    """The message in an ``Encrypt``; EnvelopeError when length, padding or receiver are wrong."""
    try:
        raw = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        raise EnvelopeError("not base64") from None
    plain = decrypt(key_of(encoding_aes_key), raw)
    start = RANDOM + LENGTH.size
    if len(plain) < start:
        raise EnvelopeError("too short")
    end = start + LENGTH.unpack(plain[RANDOM:start])[0]
    if end > len(plain):
        raise EnvelopeError("length beyond the end")
    if plain[end:] != receive_id.encode():
        raise EnvelopeError("another receiver")
    return plain[start:end].decode()


def open_signed(token: str, aes_key: str, receive_id: str, parts: tuple[str, str, str, str]) -> str:
    """Check (signature, timestamp, nonce, encrypt), then unseal."""
    signed, timestamp, nonce, sealed = parts
    if not hmac.compare_digest(signed.encode(), signature(token, timestamp, nonce, sealed).encode()):
        raise EnvelopeError("wrong signature")
    return unseal(aes_key, sealed, receive_id)


def encrypt(key: bytes, plain: bytes) -> bytes:
    """AES-256-CBC with IV = first half of the key, padded to whole blocks of 32."""
    fill = BLOCK - len(plain) % BLOCK
    run = _cipher(key).encryptor()
    return run.update(plain + bytes([fill]) * fill) + run.finalize()


def decrypt(key: bytes, sealed: bytes) -> bytes:
    """The other way round; EnvelopeError when it is not whole blocks or the padding is wrong."""
    if not sealed or len(sealed) % 16:
        raise EnvelopeError("not whole blocks")
    run = _cipher(key).decryptor()
    plain = run.update(sealed) + run.finalize()
    fill = plain[-1]
    if not 1 <= fill <= BLOCK or plain[-fill:] != bytes([fill]) * fill:
        raise EnvelopeError("wrong padding")
    return plain[:-fill]


def _cipher(key: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
