"""Who may post here, how much, and what every answer says to the browser about safety."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.ports import Refused
from web.strict import BODY_LIMIT, TooLarge

#: Asked of every JSON call: a foreign page cannot set it without a preflight we never answer.
CALL_HEADER = "x-jixiao"
BODY_SECONDS = 15
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1", "testserver")
HEADERS = {
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class Forbidden(Refused):
    """The request does not come from our own page (answered as 403)."""


class SafeHeaders:
    """Adds the headers above to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self.app(scope, receive, with_headers)


def check_host(request: Request, allowed: Sequence[str]) -> None:
    """Raises Forbidden for a host name that is not ours: a foreign name pointing at this machine (rebinding)."""
    if "*" not in allowed and request.url.hostname not in allowed:
        raise Forbidden("请用启动时显示的地址打开。")


def check_origin(request: Request) -> None:
    """Raises Forbidden unless the browser says the post comes from a page of this very host (CSRF)."""
    source = request.headers.get("origin") or request.headers.get("referer") or ""
    if not source or urlsplit(source).netloc != request.headers.get("host"):
        raise Forbidden("只能在本页面里操作。")


def check_call(request: Request) -> None:
    """Raises Forbidden for a JSON call without our header."""
    if CALL_HEADER not in request.headers:
        raise Forbidden("只能在本页面里操作。")


async def body(request: Request) -> bytes:
    """The whole body. Raises TooLarge over 1 MB and Refused when it dribbles in too slowly (M05)."""
    found = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                found += chunk
                if len(found) > BODY_LIMIT:
                    raise TooLarge("内容太大，最多 1 MB。")
    except TimeoutError:
        raise Refused("网络太慢，没有收全，请再试一次。") from None
    return bytes(found)
