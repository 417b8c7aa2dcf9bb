"""Callbacks that must not be believed: forged, truncated, replayed, or meant to hurt the reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from sandbox.wecom import crypto, wire
from sandbox.wecom.corp import Agent
from sandbox.wecom.pusher import Pusher

SECONDS = 5.0
Query = dict[str, str]


@dataclass(frozen=True, slots=True)
class Genuine:
    """A good delivery to start from."""

    pusher: Pusher
    agent: Agent
    fields: dict[str, Any]
    query: Query
    body: bytes

    def resealed(self, document: str, *, receiver: str = "", key: str = "") -> tuple[Query, bytes]:
        """Correctly signed, with other contents."""
        corp_id = receiver or self.pusher.world.corp.corp_id
        sealed = crypto.seal(key or self.agent.aes_key, document, corp_id)
        return self.pusher.signed(self.agent, sealed), self.pusher.outer(self.agent, sealed)


def genuine(pusher: Pusher, agent: Agent, fields: dict[str, Any], *, seconds_ago: int = 0) -> Genuine:
    """A good delivery, signed some seconds ago."""
    sealed = crypto.seal(agent.aes_key, wire.render(fields), pusher.world.corp.corp_id)
    query = pusher.signed(agent, sealed, seconds_ago)
    return Genuine(pusher, agent, fields, query, pusher.outer(agent, sealed))


async def forge(pusher: Pusher, agent: Agent, fields: dict[str, Any], how: str) -> int:
    """Deliver one of FORGERIES or MISSHAPEN; the HTTP status it got, 0 when the line was cut."""
    query, body = (FORGERIES | MISSHAPEN)[how](genuine(pusher, agent, fields))
    try:
        status, _body, _seconds = await pusher.call("POST", agent.url, query, body, SECONDS)
    except aiohttp.ClientError:
        return 0
    return status


async def replay(
    pusher: Pusher, agent: Agent, fields: dict[str, Any], *, seconds_ago: int = 0, times: int = 2
) -> list[int]:
    """The very same bytes several times, signed some seconds ago; the statuses."""
    good = genuine(pusher, agent, fields, seconds_ago=seconds_ago)
    found = [await pusher.call("POST", agent.url, good.query, good.body, SECONDS) for _ in range(times)]
    return [status for status, _body, _seconds in found]


async def listen_in(pusher: Pusher, agent: Agent, fields: dict[str, Any]) -> tuple[int, str]:
    """A delivery caught on its way, asked for as the echo of a URL check; the status and what was said."""
    good = genuine(pusher, agent, fields)
    sealed = wire.parse(good.body.decode()).findtext("Encrypt", "")
    query = good.query | {"echostr": sealed}
    status, said, _seconds = await pusher.call("GET", agent.url, query, b"", SECONDS)
    return status, said.decode()


async def old_echo(pusher: Pusher, agent: Agent, seconds_ago: int) -> int:
    """A URL check signed some seconds ago; the status."""
    sealed = crypto.seal(agent.aes_key, "1616140317555161061", pusher.world.corp.corp_id)
    query = pusher.signed(agent, sealed, seconds_ago) | {"echostr": sealed}
    status, _said, _seconds = await pusher.call("GET", agent.url, query, b"", SECONDS)
    return status


def _dtd(good: Genuine) -> tuple[Query, bytes]:
    bomb = '<!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    return good.resealed(bomb + wire.render(good.fields))


FORGERIES: dict[str, Callable[[Genuine], tuple[Query, bytes]]] = {
    "signature": lambda g: (g.query | {"msg_signature": "0" * 40}, g.body),
    "unsigned": lambda g: ({}, g.body),
    "timestamp": lambda g: (g.query | {"timestamp": "1"}, g.body),
    "truncated": lambda g: (g.query, g.body[: len(g.body) // 2]),
    "receiver": lambda g: g.resealed(wire.render(g.fields), receiver="wwsomebodyelse"),
    "key": lambda g: g.resealed(wire.render(g.fields), key=crypto.new_aes_key()),
    "not_xml": lambda g: g.resealed("{}"),
    "dtd": _dtd,
    "outer_dtd": lambda g: (g.query, b'<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + g.body),
    "huge": lambda g: (g.query, b"<xml>" + b"A" * (5 * 1024 * 1024) + b"</xml>"),
    "garbage": lambda g: (g.query, b"\xff\xfe\x00garbage"),
    "empty": lambda g: (g.query, b""),
}

#: well signed, but with a sender nobody can be.
MISSHAPEN: dict[str, Callable[[Genuine], tuple[Query, bytes]]] = {
    "sender_inside": lambda g: g.resealed(wire.render(g.fields | {"FromUserName": {"UserId": "zhangmin"}})),
    "sender_long": lambda g: g.resealed(wire.render(g.fields | {"FromUserName": "x" * 500})),
}
