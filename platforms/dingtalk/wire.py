"""HTTP with DingTalk: one session, JSON or a refusal, never an exception that quotes an address or a body."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import structlog

from platforms.dingtalk.refusals import NO_ANSWER, UNREACHABLE, Meaning, Refusal, Refused, refusal_in

log = structlog.get_logger(__name__)

#: seconds by which our clock may differ from DingTalk's before somebody is told (C11).
MAX_SKEW = 300
MAX_ANSWER = 4 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Wire:
    """The session: kept between ``open`` and ``close``, else one for each call; a proxy of the environment is
    honoured (L03) and certificates are always checked (L01)."""

    def __init__(self, clock: Callable[[], datetime], seconds: float = 10.0) -> None:
        self._clock, self._seconds = clock, seconds
        self._session: aiohttp.ClientSession | None = None
        self._closed = True
        self.skew = 0  # seconds our clock is ahead of DingTalk's, as last seen

    async def close(self) -> None:
        """Close the connections; a later call opens one for itself."""
        session, self._session, self._closed = self._session, None, True
        if session:
            await session.close()

    def open(self) -> None:
        """Keep connections from now on."""
        self._closed = False

    async def json(self, method: str, url: str, **given: Any) -> Mapping[str, Any]:
        """The body of an answer that says the call was carried out. Raises Refused."""
        answer = await self.raw(method, url, MAX_ANSWER, **given)
        body = _body(answer.content)
        refusal = refusal_in(answer.status, body)
        if refusal:
            raise Refused(refusal)
        found: Mapping[str, Any] = body
        return found

    async def raw(self, method: str, url: str, limit: int, **given: Any) -> Answer:
        """Any answer of at most ``limit`` bytes. Raises Refused when there is none."""
        refusal = None
        try:
            answer = await self._asked(method, url, limit, given)
        except Refused:
            raise
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            refusal = _failure(error)
        if refusal:  # outside of the handler: what aiohttp said may carry an address with a token in it
            raise Refused(refusal)
        self._compare_clocks(answer.headers.get("Date", ""))
        return answer

    async def _asked(self, method: str, url: str, limit: int, given: Mapping[str, Any]) -> Answer:
        if self._closed:
            async with self._made() as session:
                return await _exchange(session, method, url, limit, given)
        if self._session is None or self._session.closed:
            self._session = self._made()
        return await _exchange(self._session, method, url, limit, given)

    def _made(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(trust_env=True, timeout=aiohttp.ClientTimeout(total=self._seconds))

    def _compare_clocks(self, said: str) -> None:
        try:
            skew = round((self._clock() - parsedate_to_datetime(said)).total_seconds())
        except (ValueError, TypeError):
            return
        if abs(skew) > MAX_SKEW >= abs(self.skew):
            log.error("dingtalk.clock_skew", seconds=skew)
        self.skew = skew


async def _exchange(
    session: aiohttp.ClientSession, method: str, url: str, limit: int, given: Mapping[str, Any]
) -> Answer:
    async with session.request(method, url, allow_redirects=False, **given) as response:
        content = b""
        async for piece in response.content.iter_chunked(65536):
            content += piece
            if len(content) > limit:
                raise Refused(Refusal("answer too large", Meaning.NEVER))
        return Answer(response.status, dict(response.headers), content)


def _body(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _failure(error: Exception) -> Refusal:
    """Before the request left, nothing happened; after it, it may have."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return Refusal("certificate", Meaning.LATER, 300)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return Refusal(UNREACHABLE, Meaning.LATER, 30)
    return Refusal(NO_ANSWER, Meaning.UNKNOWN, 10)
