"""The application's HTTP callback: verify, decrypt, keep durably, answer within a second; a plain ASGI application."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import structlog

from bot.ports import Inlet, Reply
from platforms.wecom import reading
from platforms.wecom.codes import Codes
from platforms.wecom.crypto import BadCiphertext, KeySet
from platforms.wecom.drawing import replacement
from platforms.wecom.layout import is_whole
from platforms.wecom.xmltext import BadXml, camel, parse, render

log = structlog.get_logger()

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BODY_LIMIT = 256 * 1024
QUERY_LIMIT = 4096
#: a body that has not come in by then is not waited for (M05).
BODY_SECONDS = 4.0
#: a signed request is fresh so long; beyond that it is a replay, or a clock is wrong (K04, C11).
FRESH_SECONDS = 600
#: the random text of the administration page is about twenty digits long.
ECHO_LIMIT = 64
#: how many wrongly signed requests a minute are answered one by one, and how many refused ones are logged (K07).
FORGED_PER_MINUTE = LOGGED_PER_MINUTE = 60
#: how many answers and nonces are remembered: the same delivery again within minutes is answered as before.
REMEMBERED = 4096
ACCEPTED = "已收到"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: int
    text: str = ""


class Refused(Exception):
    """A request we do not take; only the status goes out."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


@dataclass(frozen=True, slots=True)
class Envelope:
    """The signed part of a request."""

    signature: str
    timestamp: str
    nonce: str
    echo: str = ""


@dataclass(slots=True)
class Counts:
    """What came in, for the numbers page and the doctor."""

    accepted: int = 0
    refused: int = 0
    repeated: int = 0
    failed: int = 0
    skewed: int = 0


class Remembered:
    """The last few keys with what they were answered."""

    def __init__(self, size: int = REMEMBERED) -> None:
        self._size = size
        self._kept: OrderedDict[str, str] = OrderedDict()

    def get(self, key: str) -> str | None:
        """What was kept under the key."""
        return self._kept.get(key)

    def put(self, key: str, value: str) -> None:
        """Keep it; the oldest makes room."""
        self._kept[key] = value
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)


@dataclass(slots=True)
class Minutely:
    """Counts what happens within a minute of the clock."""

    most: int
    _minute: int = 0
    _count: int = 0

    def over(self, at: datetime) -> bool:
        """Counts one more; whether that is more than there may be."""
        minute = int(at.timestamp()) // 60
        self._count = self._count + 1 if self._minute == minute else 1
        self._minute = minute
        return self._count > self.most


@dataclass(slots=True)
class Callback:
    """``keys``: the key set in force first, during a rotation the earlier one too (K06). ``passive``: whether a tapped
    card is replaced in the answer itself; otherwise the answer only greys its button, and the card follows by a call.
    ``first(user)`` says whether somebody opens the application for the first time; ``noticed`` is told what the
    platform says about the application itself.
    """

    keys: Sequence[KeySet]
    now: Callable[[], datetime]
    passive: bool
    home: str
    codes: Codes
    first: Callable[[str], Awaitable[bool]]
    noticed: Callable[[Mapping[str, Any]], Awaitable[None]]
    inlet: Inlet | None = None
    counts: Counts = field(default_factory=Counts)
    _answers: Remembered = field(default_factory=Remembered)
    _running: dict[str, asyncio.Task[str]] = field(default_factory=dict)
    _forged: Minutely = field(default_factory=lambda: Minutely(FORGED_PER_MINUTE))
    _logged: Minutely = field(default_factory=lambda: Minutely(LOGGED_PER_MINUTE))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI; only ``http`` scopes come here."""
        try:
            answer = await self._answered(scope, receive)
        except Refused as refused:
            self.counts.refused += 1
            if not self._logged.over(self.now()):
                log.warning("wecom.callback_refused", status=refused.status, why=refused.why)
            answer = Answer(refused.status)
        except Exception:
            self.counts.failed += 1
            log.exception("wecom.callback_failed")
            answer = Answer(500)
        body = answer.text.encode()
        kind = b"text/xml; charset=utf-8" if body.startswith(b"<") else b"text/plain; charset=utf-8"
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answered(self, scope: Scope, receive: Receive) -> Answer:
        envelope = _envelope(scope)
        if scope["method"] == "GET":
            return Answer(200, self._echo(envelope))
        if scope["method"] != "POST":
            raise Refused(405, "method")
        outer = _xml(await _body(scope, receive))
        keys, text = self._opened(envelope, _only_text(outer, "Encrypt"))
        self._fresh(envelope)
        return await self._taken(keys, _xml(text))

    def _echo(self, envelope: Envelope) -> str:
        """What the administration page asks to see decrypted; never a message: whoever caught a signed delivery on its
        way must not have it opened here by asking for it as an echo (K04)."""
        _, text = self._opened(envelope, envelope.echo)
        self._fresh(envelope)
        if len(text) > ECHO_LIMIT or "<" in text:
            raise Refused(403, "no echo")
        return text

    def _opened(self, envelope: Envelope, encrypted: str) -> tuple[KeySet, str]:
        """The key set that signed it, and the text inside."""
        for keys in self.keys:
            if keys.signed(envelope.signature, envelope.timestamp, envelope.nonce, encrypted):
                try:
                    return keys, keys.open(encrypted)
                except BadCiphertext:
                    raise Refused(400, "cannot be opened") from None
        raise Refused(429 if self._forged.over(self.now()) else 403, "signature")

    def _fresh(self, envelope: Envelope) -> None:
        apart = abs(self.now().timestamp() - int(envelope.timestamp))
        if apart > FRESH_SECONDS:
            self.counts.skewed += 1
            raise Refused(403, f"{int(apart)} seconds from our clock")

    async def _taken(self, keys: KeySet, body: Mapping[str, Any]) -> Answer:
        """Kept and answered. A delivery that comes again while the first is running waits for the same answer; one
        that comes soon after gets it again; one that was captured and comes much later has no effect at all, for its
        id is in the inbox for good (K04)."""
        message_id = reading.app_id(body)
        text = self._answers.get(message_id)
        if text is None:
            text = await asyncio.shield(self._once(message_id, body))
            self.counts.accepted += 1
        else:
            self.counts.repeated += 1
        return Answer(200, keys.seal(text, str(int(self.now().timestamp()))) if text else "")

    def _once(self, message_id: str, body: Mapping[str, Any]) -> asyncio.Task[str]:
        running = self._running.get(message_id)
        if running is None:
            running = asyncio.create_task(self._work(message_id, body))
            self._running[message_id] = running
            running.add_done_callback(lambda _: self._running.pop(message_id, None))
        return running

    async def _work(self, message_id: str, body: Mapping[str, Any]) -> str:
        """Everything one delivery causes; the plain text of the answer."""
        if self.inlet is None:
            raise Refused(503, "not running yet")
        text = await self._handled(self.inlet, message_id, body)
        self._answers.put(message_id, text)
        return text

    async def _handled(self, inlet: Inlet, message_id: str, body: Mapping[str, Any]) -> str:
        event, user = str(body.get("Event", "")).lower(), _sender(body)
        if event in UNCONVERSATIONAL:
            await self.noticed(body)
            return ""
        if event == "enter_agent" and not await self.first(user):
            return ""
        payload = {"via": reading.APP, "user": user, "body": body}
        if event not in TAPS:
            await inlet.receive(message_id, payload, self.now())
            return ""
        token = str(body.get("EventKey", "")).partition(".")[0]
        if body.get("ResponseCode"):
            self.codes.hold(token, user, str(body["ResponseCode"]))
        reply = await inlet.receive(message_id, payload, self.now(), wants_reply=True)
        if reply is None or reply.delivery.replaces != token:
            await self.codes.keep(token, user)
        return await self._passive(inlet, body, reply) if reply else ""

    async def _passive(self, inlet: Inlet, body: Mapping[str, Any], reply: Reply) -> str:
        """The card in the answer itself where it is whole there; else the button greyed and the card sent."""
        delivery = reply.delivery
        if delivery.replaces and self.passive and is_whole(delivery.card):
            card = replacement(delivery.card, delivery.token, self.home)
            await inlet.replied(reply, f"passive:{delivery.token}")
            return _update(body, "update_template_card", {"TemplateCard": camel(card)}, self.now())
        await inlet.declined(reply)
        if not delivery.replaces or body.get("CardType") not in BUTTONED:
            return ""
        return _update(body, "update_button", {"Button": {"ReplaceName": ACCEPTED}}, self.now())


#: taps, whose answer may be a card.
TAPS = ("template_card_event", "template_card_menu_event")
#: cards with a button to grey.
BUTTONED = ("button_interaction", "vote_interaction", "multiple_interaction")
#: events nobody said: who may see the application, the platform about the application itself, where people went.
UNCONVERSATIONAL = frozenset(
    (
        "subscribe",
        "unsubscribe",
        "view",
        "view_miniprogram",
        "location",
        "change_contact",
        "batch_job_result",
        "open_approval_change",
        "inactive_alert",
        "close_inactive_agent",
        "reopen_inactive_agent",
        "low_active_alert",
        "low_active",
        "active_restored",
    )
)


def _update(body: Mapping[str, Any], kind: str, inside: Mapping[str, Any], at: datetime) -> str:
    """A passive answer; sender and receiver change places."""
    return render(
        {
            "ToUserName": body.get("FromUserName", ""),
            "FromUserName": body.get("ToUserName", ""),
            "CreateTime": int(at.timestamp()),
            "MsgType": kind,
            **inside,
        }
    )


def _envelope(scope: Scope) -> Envelope:
    raw = scope.get("query_string", b"")
    if len(raw) > QUERY_LIMIT:
        raise Refused(414, "query")
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=8)
    except ValueError:
        raise Refused(400, "query") from None
    found = dict(pairs)
    needed = ("msg_signature", "timestamp", "nonce", *(("echostr",) if scope["method"] == "GET" else ()))
    if len(found) != len(pairs) or any(not found.get(name) for name in needed):
        raise Refused(400, "query")
    stamp = found["timestamp"]
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        raise Refused(400, "timestamp")
    return Envelope(found["msg_signature"], stamp, found["nonce"], found.get("echostr", ""))


async def _body(scope: Scope, receive: Receive) -> str:
    """The body as text, never more of it than is allowed."""
    declared = dict(scope.get("headers", ())).get(b"content-length", b"0")
    if not declared.isdigit() or int(declared) > BODY_LIMIT:
        raise Refused(413, "body")
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return (await _all(receive)).decode()
    except UnicodeDecodeError:
        raise Refused(400, "not UTF-8") from None
    except TimeoutError:
        raise Refused(408, "slow body") from None


async def _all(receive: Receive) -> bytes:
    body: bytes = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "gone")
        body += message.get("body", b"")
        if len(body) > BODY_LIMIT:
            raise Refused(413, "body")
        if not message.get("more_body"):
            return body


def _xml(text: str) -> dict[str, Any]:
    try:
        return parse(text)
    except BadXml as error:
        raise Refused(400, f"XML: {error}") from None


def _sender(body: Mapping[str, Any]) -> str:
    """Whose delivery it is; '' for the platform's own."""
    try:
        return reading.userid(body.get("FromUserName", ""))
    except reading.NotOurs as error:
        raise Refused(400, str(error)) from None


def _only_text(outer: Mapping[str, Any], name: str) -> str:
    found = outer.get(name)
    if not isinstance(found, str) or not found:
        raise Refused(400, name)
    return found
