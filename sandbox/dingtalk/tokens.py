"""Access tokens: one per app, renewed while it lives, revocable; and the login codes of a page."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.clock import Clock
from sandbox.dingtalk.refusals import Refused, invalid_token
from sandbox.dingtalk.rules import Rules

CODE_LIFE = timedelta(minutes=5)


@dataclass(slots=True)
class _Token:
    value: str
    until: datetime


class Tokens:
    """``fetched`` counts how often a token was asked for."""

    def __init__(self, clock: Clock, rules: Rules) -> None:
        self.clock = clock
        self.rules = rules
        self.fetched = 0
        self._tokens: dict[str, _Token] = {}
        self._codes: dict[str, tuple[str, datetime]] = {}

    def fetch(self, client_id: str) -> tuple[str, int]:
        """The app's token and how many seconds it lives: the same one, renewed, while it is valid."""
        self.fetched += 1
        now = self.clock.now()
        kept = self._tokens.get(client_id)
        if kept is None or kept.until <= now:
            kept = self._tokens[client_id] = _Token(secrets.token_hex(16), now)
        kept.until = now + timedelta(seconds=self.rules.token_seconds)
        return kept.value, self.rules.token_seconds

    def owner(self, token: str) -> str:
        """The app a token belongs to. Raises Refused for one that is not valid."""
        now = self.clock.now()
        for client_id, kept in self._tokens.items():
            if kept.value == token and kept.until > now:
                return client_id
        raise invalid_token()

    def revoke(self) -> None:
        """Every token stops being valid at once."""
        self._tokens.clear()

    def login(self, user_id: str) -> str:
        """A 免登 code as a page in the client gets it: five minutes, once."""
        code = secrets.token_hex(16)
        self._codes[code] = (user_id, self.clock.now() + CODE_LIFE)
        return code

    def logged_in(self, code: str) -> str:
        """Who brought the code; it is used up. Raises Refused."""
        user_id, until = self._codes.pop(code, ("", self.clock.now()))
        if not user_id or until <= self.clock.now():
            raise Refused(200, "40078", "不存在的临时授权码", errcode=40078)
        return user_id
