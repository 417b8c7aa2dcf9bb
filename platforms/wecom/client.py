"""Calls to /cgi-bin: wechatpy's client on aiohttp; one token for all, retries that end, no secrets in errors."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import structlog
from wechatpy.work import WeChatClient

from bot.ports import Shelf
from platforms.wecom.configuration import API
from platforms.wecom.failures import BUSY, EXPIRED, WRONG_SECRET, WecomError, meaning

log = structlog.get_logger()

TIMEOUT_SECONDS = 10.0
#: a token is not used in the last of so many parts of its life.
MARGIN_PARTS = 60
BUSY_TRIES = 3
BUSY_PAUSE = 0.2
#: after a wrong secret nothing is asked for so long.
SECRET_PAUSE = timedelta(minutes=10)
WRONG_SECRET_TODO = "消息收不到也发不出；到企业微信管理后台核对企业 ID 和应用 Secret，改好设置再重启"
#: an answer is never larger; a download is a file of at most 20 MB.
ANSWER_BYTES = 8 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024
SKEW = timedelta(minutes=5)


class WecomClient(WeChatClient):  # type: ignore[misc]
    """One application of one corporation. Every method of wechatpy's interface objects returns an awaitable.

    ``base_url`` is the address all calls begin with, for private deployments too. Close it when done.
    """

    def __init__(
        self,
        corp_id: str,
        secret: str,
        *,
        shelf: Shelf,
        now: Callable[[], datetime],
        base_url: str = API,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        super().__init__(corp_id, secret, timeout=timeout, auto_retry=False)
        self.base_url = base_url.rstrip("/") + "/"
        self.skew = timedelta()
        self._shelf = shelf
        self._now = now
        self._lock = asyncio.Lock()
        self._token: tuple[str, datetime] | None = None
        self._refused: tuple[WecomError, datetime] | None = None
        self._connection: aiohttp.ClientSession | None = None
        self._closed = False

    @property
    def access_token_key(self) -> str:
        """Under which the token is kept: of this corporation and the whole secret, which it does not show."""
        return "token:" + hashlib.sha256(f"{self.corp_id}\0{self.secret}".encode()).hexdigest()[:24]

    @property
    def access_token(self) -> str:
        """Not to be had without waiting; see :meth:`token`."""
        raise AttributeError("await token()")

    # -- the token ----------------------------------------------------------------------------------

    async def token(self) -> str:
        """The token in force; however many ask at once, one fetches it."""
        async with self._lock:
            if self._token is None:
                self._token = await self._kept()
            if self._token is None or self._now() >= self._token[1]:
                self._token = await self._fetched()
            return self._token[0]

    async def fetch_access_token(self) -> str:
        """See :meth:`token`."""
        return await self.token()

    async def _kept(self) -> tuple[str, datetime] | None:
        """What another process, or we before a restart, have fetched."""
        kept = await asyncio.to_thread(self._shelf.get, self.access_token_key, self._now())
        if kept is None:
            return None
        found = json.loads(kept)
        return str(found["token"]), datetime.fromisoformat(found["until"])

    async def _fetched(self) -> tuple[str, datetime]:
        if self._refused and self._now() < self._refused[1]:
            raise self._refused[0]
        params = {"corpid": self.corp_id, "corpsecret": self.secret}
        result = await self._exchange("get", "gettoken", params, {})
        code = _code(result)
        token = result.get("access_token")
        if code or not isinstance(token, str) or not token:
            error = WecomError("gettoken", code, "no token")
            if code in WRONG_SECRET:
                self._refuse(error)
            raise error
        self._refused = None
        seconds = _seconds(result.get("expires_in"))
        until = self._now() + timedelta(seconds=seconds - seconds / MARGIN_PARTS)
        value = json.dumps({"token": token, "until": until.isoformat()})
        await asyncio.to_thread(self._shelf.put, self.access_token_key, value, until)
        return token, until

    def _refuse(self, error: WecomError) -> None:
        """Said once, in words, and not tried again for a while."""
        if not self._refused:
            log.error(
                "wecom.wrong_secret", code=error.code, todo=f"{meaning(error).advice}：{WRONG_SECRET_TODO}"
            )
        self._refused = error, self._now() + SECRET_PAUSE

    def refused(self) -> WecomError | None:
        """What 企业微信 has against our secret; None while nothing is known."""
        return self._refused[0] if self._refused else None

    async def _drop(self, token: str) -> None:
        """That token is no longer good; a newer one, ours or another process's, is left alone (T18)."""
        async with self._lock:
            if self._token and self._token[0] == token:
                self._token = None
            kept = await self._kept()
            if kept and kept[0] == token:
                await asyncio.to_thread(self._shelf.forget, self.access_token_key)

    # -- calls --------------------------------------------------------------------------------------

    async def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        """One call: the token asked anew once, a busy system asked three times, anything else raises WecomError."""
        dropped, busy = False, 0
        while True:
            token = await self.token()
            params = {**kwargs.get("params", {}), "access_token": token}
            result = await self._exchange(method, url_or_endpoint, params, kwargs)
            code = _code(result)
            if not code:
                return result
            if code in EXPIRED and not dropped:
                dropped = True
                await self._drop(token)
            elif code == BUSY and busy < BUSY_TRIES - 1:
                busy += 1
                await asyncio.sleep(BUSY_PAUSE * busy)
            else:
                raise WecomError(url_or_endpoint, code)

    async def call(self, endpoint: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST a JSON body; the answer. Raises WecomError."""
        found: dict[str, Any] = await self._request("post", endpoint, data=dict(body))
        return found

    async def ask(self, endpoint: str, **params: str | int) -> dict[str, Any]:
        """GET; the answer. Raises WecomError."""
        found: dict[str, Any] = await self._request("get", endpoint, params=params)
        return found

    async def upload(self, kind: str, name: str, content: bytes) -> str:
        """Upload a file of kind ``image`` or ``file`` that people will see under that name; its id, good for three
        days. The content is bytes, so a repeated call sends all of it again."""
        files = {"media": (name, content, "application/octet-stream")}
        found = await self._request("post", "media/upload", params={"type": kind}, files=files)
        return str(found["media_id"])

    async def download(self, media_id: str) -> bytes:
        """The content of a media id. Raises WecomError, also for an error told as JSON."""
        params = {"access_token": await self.token(), "media_id": media_id}
        content, kind = await self._read("get", "media/get", params, {}, DOWNLOAD_BYTES)
        if kind == "application/json":
            raise WecomError("media/get", _code(_parsed("media/get", content)), "no file")
        return content

    async def _exchange(
        self, method: str, endpoint: str, params: Mapping[str, Any], kwargs: Mapping[str, Any]
    ) -> dict[str, Any]:
        content, _ = await self._read(method, endpoint, params, kwargs, ANSWER_BYTES)
        return _parsed(endpoint, content)

    async def _read(
        self,
        method: str,
        endpoint: str,
        params: Mapping[str, Any],
        kwargs: Mapping[str, Any],
        limit: int,
    ) -> tuple[bytes, str]:
        """One request; whatever goes wrong below is a WecomError that names neither address nor parameters."""
        if self._closed:
            raise WecomError(endpoint, 0, "closed")
        try:
            async with self._session().request(
                method, self.base_url + endpoint, params=params, data=_body(kwargs), allow_redirects=False
            ) as response:
                self._compare_clocks(response.headers.get("Date"))
                if response.status != 200:
                    raise WecomError(endpoint, 0, f"HTTP {response.status}")
                content = await _limited(response.content, limit)
                return content, response.content_type
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise WecomError(endpoint, 0, type(error).__name__) from None

    def _session(self) -> aiohttp.ClientSession:
        """The environment's proxy is honoured, certificates are always checked (L01, L03). Looked up once: aiohttp's
        own way asks a thread for it on every request."""
        if self._connection is None or self._connection.closed:
            self._connection = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self.timeout), proxy=_proxy(self.base_url)
            )
        return self._connection

    def _compare_clocks(self, stamp: str | None) -> None:
        """How far our clock is from theirs (C11)."""
        try:
            theirs = parsedate_to_datetime(stamp or "")
        except ValueError:
            return
        before, self.skew = self.skew, self._now() - theirs
        if abs(self.skew) > SKEW >= abs(before):
            log.error("wecom.clock_skew", seconds=int(self.skew.total_seconds()))

    def open(self) -> None:
        """Calls may be made, from the start and again after :meth:`close`."""
        self._closed = False

    async def close(self) -> None:
        """Close the connections; a call that comes after it fails as if nobody answered, and is made another time."""
        self._closed = True
        if self._connection is not None:
            await self._connection.close()


def _proxy(address: str) -> str | None:
    """What HTTP_PROXY, HTTPS_PROXY and NO_PROXY say about an address."""
    parts = urlsplit(address)
    return None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)


def _body(kwargs: Mapping[str, Any]) -> Any:
    """JSON in UTF-8, never escaped; or a form with files, made anew for every try."""
    files = kwargs.get("files")
    if files:
        form = aiohttp.FormData(quote_fields=False)
        for field, (name, content, kind) in files.items():
            form.add_field(field, content, filename=name, content_type=kind)
        return form
    data = kwargs.get("data")
    return json.dumps(data, ensure_ascii=False).encode() if data is not None else None


async def _limited(stream: aiohttp.StreamReader, limit: int) -> bytes:
    found = bytearray()
    async for chunk in stream.iter_chunked(64 * 1024):
        found += chunk
        if len(found) > limit:
            raise aiohttp.ClientError("too large")
    return bytes(found)


def _parsed(endpoint: str, content: bytes) -> dict[str, Any]:
    """A JSON object; a proxy's page in HTML is none (L02)."""
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise WecomError(endpoint, 0, "not JSON")
    return found


def _code(result: Mapping[str, Any]) -> int:
    """Success is 0 or no errcode at all."""
    try:
        return int(result.get("errcode", 0))
    except (TypeError, ValueError):
        raise WecomError("errcode", 0, "not a number") from None


def _seconds(value: Any) -> int:
    return value if isinstance(value, int) and 0 < value <= 7200 else 7200
