"""The gateway and its connections: tickets, one random connection per push, ACKs awaited, pushes repeated."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from sandbox.dingtalk.frames import Ack, Frame, read_ack, wrong_event_ack
from sandbox.dingtalk.refusals import Refused

if TYPE_CHECKING:
    from sandbox.dingtalk.world import World


class Line(Protocol):
    """A websocket, as far as it is needed here."""

    async def send(self, text: str) -> None: ...
    async def close(self) -> None: ...
    def abort(self) -> None: ...


@dataclass(slots=True, eq=False)
class Connection:
    """One live connection. ``open``: pushes may still go to it."""

    id: str
    client_id: str
    topics: frozenset[tuple[str, str]]
    line: Line
    open: bool = True
    waiting: dict[str, list[asyncio.Future[Ack]]] = field(default_factory=dict)  # a repeat waits behind

    def takes(self, client_id: str, kind: str, topic: str) -> bool:
        """Whether a push of that topic may go to this connection."""
        return self.open and self.client_id == client_id and (kind, topic) in self.topics


@dataclass(slots=True)
class Push:
    """One thing to deliver, however often it takes. ``acks``: one per try, None where none came in time."""

    frame: Frame
    client_id: str
    seconds: float
    pauses: tuple[float, ...]
    acks: list[Ack | None] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    milliseconds: list[float] = field(default_factory=list)

    @property
    def ack(self) -> Ack | None:
        """The answer of the last try."""
        return self.acks[-1] if self.acks else None


class Gateway:
    """``pushes`` keeps everything ever pushed, oldest first."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.connections: list[Connection] = []
        self.pushes: list[Push] = []
        self.opened = 0
        self._tickets: dict[str, tuple[str, frozenset[tuple[str, str]], datetime]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    # -- connecting --------------------------------------------------------------------------------

    def open(self, body: Mapping[str, Any]) -> dict[str, str]:
        """A ticket for one connection, 90 seconds, once. Raises Refused for a wrong secret."""
        self.opened += 1
        app = self.world.apps.get(body["clientId"])
        if app is None or app.client_secret != body["clientSecret"]:
            raise Refused(401, "authFailed", "鉴权失败")
        topics = frozenset((each["type"], each["topic"]) for each in body["subscriptions"])
        if any(kind == "EVENT" and topic != "*" for kind, topic in topics):
            self.world.complain("gateway: an EVENT subscription takes topic * only")
        ticket = secrets.token_hex(18)
        until = self.world.clock.now() + timedelta(seconds=self.world.rules.ticket_seconds)
        self._tickets[ticket] = (app.client_id, topics, until)
        endpoint = self.world.base.replace("http://", "ws://") + "/connect"
        return {"endpoint": endpoint, "ticket": ticket}

    def ticket_holder(self, ticket: str) -> tuple[str, frozenset[tuple[str, str]]] | None:
        """Who may connect with it; the ticket is used up."""
        client_id, topics, until = self._tickets.pop(
            ticket, ("", frozenset[tuple[str, str]](), self.world.clock.now())
        )
        return (client_id, topics) if client_id and until > self.world.clock.now() else None

    def joined(self, client_id: str, topics: frozenset[tuple[str, str]], line: Line) -> Connection:
        """A connection is up."""
        connection = Connection(secrets.token_hex(8), client_id, topics, line)
        self.connections.append(connection)
        self._announce()
        self._start(self._pinging(connection))
        if self.world.rules.cut_after_seconds:
            self._start(self._cutting(connection))
        return connection

    def left(self, connection: Connection) -> None:
        """A connection is gone; nothing it was asked will be answered."""
        connection.open = False
        if connection in self.connections:
            self.connections.remove(connection)
        for waiting in [each for several in connection.waiting.values() for each in several]:
            waiting.cancel()
        self._announce()

    def heard(self, connection: Connection, text: str) -> None:
        """A client wrote something; it can only be an ACK."""
        ack = read_ack(text)
        if ack is None:
            self.world.complain(f"stream: not an ACK: {text[:200]}")
            return
        if ack.wrong:
            self.world.complain(f"stream: {ack.wrong}")
        waiting = next((w for w in connection.waiting.get(ack.id, ()) if not w.done()), None)
        if waiting:
            waiting.set_result(ack)

    def live(self) -> int:
        """How many connections take pushes."""
        return sum(connection.open for connection in self.connections)

    async def until_live(self, number: int = 1) -> None:
        """Until that many connections take pushes."""
        await self._until(lambda: self.live() >= number)

    async def until_gone(self) -> None:
        """Until no connection takes pushes."""
        await self._until(lambda: self.live() == 0)

    async def _until(self, happened: Any) -> None:
        while not happened():
            await self._changed.wait()

    def _announce(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    # -- pushing -----------------------------------------------------------------------------------

    def push(
        self,
        client_id: str,
        kind: str,
        topic: str,
        data: Mapping[str, Any],
        *,
        seconds: float,
        pauses: tuple[float, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Push:
        """Deliver that; ``pauses`` is how long after an unanswered try the next one follows."""
        frame = Frame(self.world.fresh_id("m_"), kind, topic, data, headers or {})
        push = Push(frame, client_id, seconds, pauses)
        self.pushes.append(push)
        self._start(self._deliver(push))
        return push

    def repeat(self, push: Push) -> Push:
        """The same frame once more, as the platform does when it is not sure; it comes once."""
        again = Push(push.frame, push.client_id, push.seconds, ())
        self.pushes.append(again)
        self._start(self._deliver(again))
        return again

    async def _deliver(self, push: Push) -> None:
        for pause in (*push.pauses, None):
            ack = await self._try(push)
            push.acks.append(ack)
            if self._settled(push, ack) or pause is None:
                break
            await self.world.clock.sleep(pause)
        push.done.set()

    async def _try(self, push: Push) -> Ack | None:
        connection = self._any(push.client_id, push.frame.kind, push.frame.topic)
        if connection is None:
            if len(push.acks) < len(push.pauses):  # the next try comes as late as if this one had gone out
                await self.world.clock.sleep(push.seconds)
            return None
        loop = asyncio.get_running_loop()
        began = loop.time()
        ack = await self._ask(connection, push.frame, push.seconds)
        push.milliseconds.append((loop.time() - began) * 1000)
        return ack

    def _any(self, client_id: str, kind: str, topic: str) -> Connection | None:
        """One connection at random, as the platform chooses."""
        willing = [c for c in self.connections if c.takes(client_id, kind, topic)]
        return random.choice(willing) if willing else None

    async def _ask(self, connection: Connection, frame: Frame, seconds: float) -> Ack | None:
        waiting: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        connection.waiting.setdefault(frame.id, []).append(waiting)
        try:
            text = frame.text(connection.client_id, connection.id, self.world.clock.milliseconds())
            await connection.line.send(text)
            await self._patiently(waiting, seconds)
            return waiting.result() if waiting.done() and not waiting.cancelled() else None
        except ConnectionError:
            return None
        finally:
            connection.waiting[frame.id].remove(waiting)
            if not connection.waiting[frame.id]:
                del connection.waiting[frame.id]

    async def _patiently(self, waiting: asyncio.Future[Ack], seconds: float) -> None:
        """Until it is answered, or that much later by the sandbox clock."""
        patience = asyncio.ensure_future(self.world.clock.sleep(seconds))
        waiting.add_done_callback(lambda _: patience.cancel())
        await asyncio.wait({patience})

    def _settled(self, push: Push, ack: Ack | None) -> bool:
        """Whether the answer ends it. Only an event is repeated after an answer that is not a yes."""
        if ack is None:
            return False
        if push.frame.kind != "EVENT":
            return True
        wrong = wrong_event_ack(ack)
        if wrong and self.world.rules.strict_events:
            self.world.complain(f"stream: event {push.frame.id}: {wrong}")
            return False
        return ack.code == 200 and not ack.later

    # -- keeping and losing connections ------------------------------------------------------------

    async def _pinging(self, connection: Connection) -> None:
        await self._greet(connection, "CONNECTED", "REGISTERED")
        while connection.open:
            await self.world.clock.sleep(self.world.rules.ping_seconds)
            await self._greet(connection, "KEEPALIVE")
            if connection.open and not await self.ping(connection):
                connection.line.abort()
                return

    async def _greet(self, connection: Connection, *topics: str) -> None:
        """Frames that no document describes; whatever is answered to them is taken."""
        for topic in topics if self.world.rules.greets else ():
            await self._ask(connection, Frame(self.world.fresh_id("k_"), "SYSTEM", topic, {}), 1)

    async def ping(self, connection: Connection) -> bool:
        """Ask whether somebody is there; False when the echo is missing or wrong."""
        opaque = secrets.token_hex(4)
        frame = Frame(self.world.fresh_id("p_"), "SYSTEM", "ping", {"opaque": opaque})
        ack = await self._ask(connection, frame, self.world.rules.pong_seconds)
        if ack is not None and ack.data.get("opaque") != opaque:
            self.world.complain("stream: the answer to ping does not echo opaque")
        return ack is not None

    async def _cutting(self, connection: Connection) -> None:
        await self.world.clock.sleep(self.world.rules.cut_after_seconds)
        await self.disconnect(connection)

    async def disconnect(self, connection: Connection, reason: str = "connection is expired") -> None:
        """Tell a client to go: nothing more is delivered, and the line is cut some seconds later."""
        connection.open = False
        self._announce()
        frame = Frame(self.world.fresh_id("d_"), "SYSTEM", "disconnect", {"reason": reason})
        await connection.line.send(
            frame.text(connection.client_id, connection.id, self.world.clock.milliseconds())
        )
        self._start(self._linger(connection))

    async def _linger(self, connection: Connection) -> None:
        await self.world.clock.sleep(self.world.rules.linger_seconds)
        await connection.line.close()

    def drop(self) -> int:
        """Every line is cut without a word (1006); how many."""
        lines = [connection.line for connection in self.connections]
        for line in lines:
            line.abort()
        return len(lines)

    async def write(self, text: str) -> None:
        """Write that to every connection as it is, also when it is no frame."""
        for connection in list(self.connections):
            await connection.line.send(text)

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End everything that still waits, and every line."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in list(self.connections):
            connection.line.abort()
