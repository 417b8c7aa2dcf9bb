"""Files people send to the 智能机器人: fetched within their five minutes from known hosts only, and decrypted."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from urllib.parse import urlsplit

import aiohttp
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

#: no workbook of ours is larger; more is not fetched.
MOST_BYTES = 5 * 1024 * 1024
SECONDS = 60
BLOCK = 32


class NotFetched(Exception):
    """The file could not be had; the reason holds no address."""


def allowed(url: str, hosts: Sequence[str]) -> bool:
    """Whether that address is one files come from: https, or this machine itself (a local test)."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    known = any(host == each or host.endswith(f".{each}") for each in hosts)
    return known and (parts.scheme == "https" or host in ("127.0.0.1", "localhost"))


async def fetch(url: str, aes_key: str, hosts: Sequence[str]) -> tuple[str, bytes]:
    """The name the other side gives it ('' when none) and the content. Raises NotFetched."""
    if not allowed(url, hosts):
        raise NotFetched("not a host files come from")
    try:
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
            session.get(url, allow_redirects=False) as response,
        ):
            if response.status != 200:
                raise NotFetched(f"HTTP {response.status}")
            name = response.content_disposition.filename if response.content_disposition else None
            found = bytearray()
            async for chunk in response.content.iter_chunked(64 * 1024):
                found += chunk
                if len(found) > MOST_BYTES + BLOCK:
                    raise NotFetched("too large")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise NotFetched(type(error).__name__) from None
    return name or "", decrypted(bytes(found), aes_key) if aes_key else bytes(found)


def decrypted(content: bytes, aes_key: str) -> bytes:
    """AES-256-CBC with the file's own key, its first half the vector, PKCS#7 to 32 bytes. Raises NotFetched."""
    try:
        key = base64.b64decode(aes_key + "=" * (-len(aes_key) % 4), validate=True)
        decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        block = decryptor.update(content) + decryptor.finalize()
    except (ValueError, binascii.Error):
        raise NotFetched("cannot be decrypted") from None
    padding = block[-1] if block else 0
    if not 1 <= padding <= BLOCK or block[-padding:] != bytes((padding,)) * padding:
        raise NotFetched("cannot be decrypted")
    return block[:-padding]
