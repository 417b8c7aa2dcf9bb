"""What `jixiao run` serves: the platforms' callbacks, the API, health for a watchdog, numbers for a monitor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from web.guard import SafeHeaders

#: a clock that has not ticked for so long has stopped.
STALE = timedelta(minutes=5)
UP = "up"
#: what is not there, in words; the interface has its own.
_UNANSWERED = {
    404: "没有这个地址。要用接口的，先设 JIXIAO_API_TOKENS。",
    405: "这个地址不能用这种方法。",
}


@dataclass(frozen=True, slots=True)
class Vitals:
    """What can be asked of the running process. ``queues``: queue and state -> how many rows; ``links``: platform ->
    (state of its connection, what is wrong with it)."""

    now: Callable[[], datetime]
    ticked: Callable[[], datetime | None]
    queues: Callable[[], Mapping[tuple[str, str], int]]
    links: Callable[[], Mapping[str, tuple[str, str]]] = dict


class _Numbers(Collector):
    """The queues as gauges, asked of the database at every scrape."""

    def __init__(self, vitals: Vitals) -> None:
        self.vitals = vitals

    def collect(self):  # type: ignore[no-untyped-def]
        """See prometheus_client.registry.Collector."""
        rows = GaugeMetricFamily("jixiao_queue_rows", "rows by queue and state", labels=("queue", "state"))
        for (queue, state), count in sorted(self.vitals.queues().items()):
            rows.add_metric((queue, state), count)
        yield rows
        ticked = self.vitals.ticked()
        age = (self.vitals.now() - ticked).total_seconds() if ticked else -1
        up = GaugeMetricFamily("jixiao_platform_up", "1 while connected", labels=("platform", "state"))
        for platform, (state, _) in sorted(self.vitals.links().items()):
            up.add_metric((platform, state), state == UP)
        yield up
        yield GaugeMetricFamily("jixiao_tick_age_seconds", "since the clock last ticked, -1 never", value=age)


def create_service(vitals: Vitals, mounts: Mapping[str, ASGIApp]) -> Starlette:
    """The app; ``mounts`` are path -> ASGI application (``/callback/wecom``, ``/api``)."""
    registry = CollectorRegistry(auto_describe=False)
    numbers = _Numbers(vitals)

    async def health(_: Request) -> Response:
        """200 while the clock ticks and the database answers, 503 otherwise. A platform that is away is said, but is no
        reason to start this process anew: that would not bring it back."""
        try:
            await run_in_threadpool(vitals.queues)
        except Exception as error:
            return JSONResponse({"ok": False, "why": type(error).__name__}, 503)
        ticked = vitals.ticked()
        alive = ticked is not None and vitals.now() - ticked < STALE
        links = {name: {"state": state, "why": why} for name, (state, why) in vitals.links().items()}
        said = {"ok": alive, "ticked": ticked.isoformat() if ticked else None, "platforms": links}
        return JSONResponse(said, 200 if alive else 503)

    async def metrics(_: Request) -> Response:
        """The text format of Prometheus."""
        return Response(
            await run_in_threadpool(generate_latest, registry), media_type="text/plain; version=0.0.4"
        )

    registry.register(numbers)
    routes = [Route("/health", health), Route("/metrics", metrics)]
    return Starlette(
        routes=[*routes, *(each for path, app in mounts.items() for each in _at(path, app))],
        middleware=[Middleware(SafeHeaders)],
        exception_handlers=dict.fromkeys(_UNANSWERED, _unanswered),
    )


async def _unanswered(_: Request, error: Exception) -> Response:
    """An address or a method there is not; the framework would say so in English."""
    assert isinstance(error, HTTPException)  # noqa: S101 — registered for nothing else
    return JSONResponse({"message": _UNANSWERED[error.status_code]}, error.status_code, error.headers)


def _at(path: str, app: ASGIApp) -> tuple[Route | Mount, ...]:
    """The path itself and everything below: a platform calls back without a slash and follows no redirect."""
    return Route(path, app, name=path), Mount(path, app)
