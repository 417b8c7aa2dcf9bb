"""Who may use the interface: tokens known only by their hashes, each with a name and what it may do."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest

READ, WRITE = "read", "write"
_TOKEN = re.compile(r"([\w-]{1,40}):(read|write):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Token:
    """One system's key. ``scope`` is read, or write for importing too; ``digest`` is the SHA-256 of the secret."""

    name: str
    scope: str
    digest: str

    @property
    def text(self) -> str:
        """As the setting has it."""
        return f"{self.name}:{self.scope}:{self.digest}"


def parse_tokens(text: str) -> tuple[Token, ...]:
    """``name:read:hash;name:write:hash``. Raises ValueError for anything else and for a name used twice."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    found = [_TOKEN.fullmatch(part) for part in parts]
    tokens = tuple(Token(*match.groups()) for match in found if match)
    if len(tokens) != len(parts) or len({token.name for token in tokens}) != len(tokens):
        raise ValueError("要写成 名称:read 或 write:摘要，几个之间用分号，名称不能重复")
    return tokens


def holder(tokens: Sequence[Token], authorization: str) -> Token | None:
    """Whose secret the header ``Bearer …`` carries; every token is compared, so that time tells nothing."""
    kind, _, secret = authorization.partition(" ")
    if kind.lower() != "bearer" or not secret:
        return None
    digest = sha256(secret.strip().encode("utf-8", "surrogatepass")).hexdigest()
    known = [token for token in tokens if compare_digest(token.digest, digest)]
    return known[0] if known else None


def mint() -> str:
    """A new secret."""
    return secrets.token_urlsafe(32)
