"""access_token: who gets one, how long it lives, and what a call is refused with."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sandbox.wecom.corp import Agent
from sandbox.wecom.errors import Refusal
from sandbox.wecom.windows import HOUR
from sandbox.wecom.world import Token, World

#: wrong secrets from one address before it is shut out for an hour. The number is ours; that there is one is not.
WRONG_SECRETS = 20


def get_token(world: World, query: Mapping[str, str], peer: str) -> dict[str, Any]:
    """The answer to gettoken."""
    for name in ("corpid", "corpsecret"):
        if not query.get(name):
            raise Refusal(40063, name)
    if query["corpid"] != world.corp.corp_id:
        raise Refusal(40013)
    if world.windows.within(f"secret:{peer}", world.now(), HOUR) >= WRONG_SECRETS:
        raise Refusal(45009, "wrong secrets from this address")
    agent, directory = _owner(world, query["corpsecret"])
    if not agent and not directory:
        world.windows.hit(f"secret:{peer}", world.now())
        raise Refusal(40001)
    token = _current(world, agent) if world.switches.same_token else None
    token = token or _issue(world, agent)
    left = int((token.until - world.now()).total_seconds())
    return {"errcode": 0, "errmsg": "ok", "access_token": token.value, "expires_in": left}


def _owner(world: World, secret: str) -> tuple[Agent | None, bool]:
    agent = next((a for a in world.corp.agents.values() if a.secret == secret), None)
    return agent, bool(secret) and secret == world.corp.directory_secret


def _current(world: World, agent: Agent | None) -> Token | None:
    good = [t for t in world.tokens.values() if t.agent is agent and not t.revoked and t.until > world.now()]
    return good[-1] if good else None


def _issue(world: World, agent: Agent | None) -> Token:
    until = world.now() + timedelta(seconds=world.switches.token_seconds)
    token = Token(secrets.token_urlsafe(64), agent, until)
    world.tokens[token.value] = token
    return token


def revoke(world: World, code: int = 40014) -> None:
    """The platform takes back every token early; calls are then refused with 40014 or 42001."""
    for token in world.tokens.values():
        token.revoked = token.revoked or code


def bearer(world: World, query: Mapping[str, str], peer: str) -> Token:
    """Whose call this is. Raises Refusal for a missing, unknown or expired token and an untrusted address."""
    value = query.get("access_token", "")
    if not value:
        raise Refusal(41001)
    token = world.tokens.get(value)
    if token is None:
        raise Refusal(40014)
    if token.revoked:
        raise Refusal(token.revoked)
    if token.until <= world.now():
        raise Refusal(42001)
    if token.agent and token.agent.trusted_ips is not None and peer not in token.agent.trusted_ips:
        raise Refusal(60020)
    return token


def app_of(token: Token) -> Agent:
    """The app behind a token; the directory's token may not send."""
    if token.agent is None:
        raise Refusal(48002)
    if token.agent.disabled:
        raise Refusal(48006)
    return token.agent
