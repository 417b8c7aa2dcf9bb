"""The simulator page as one ASGI app over a rehearsal: pages, calls, files, a stream of changes, health."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from web import guard, strict, views
from web.actions import ACTIONS, FAULTS, UPLOADS
from web.look import SKINS, Look, look_back, look_of
from web.ports import Refused, Stage

log = structlog.get_logger(__name__)
HERE = Path(__file__).parent
POLL_SECONDS = 0.4
KEEP_ALIVE_POLLS = 40
PNG = b"\x89PNG\r\n\x1a\n"
LOST = "没有这个页面。请从首页进去。"
BROKEN = "出了点问题，已记下，编号 {}。刚才的操作没有生效，请再试一次。"


def create_app(
    stage: Stage,
    *,
    font_path: Path | None = None,
    bold_font_path: Path | None = None,
    allowed_hosts: Sequence[str] = guard.LOCAL_HOSTS,
) -> Starlette:
    """The app. Fonts are woff2 files, system fonts without them; ``allowed_hosts`` ``("*",)`` answers any name."""
    pages = Pages(stage, _templates(font_path, bold_font_path), allowed_hosts)
    fonts = (("font.woff2", font_path), ("font-bold.woff2", bold_font_path))
    app = Starlette(
        routes=[
            Route("/", pages.index),
            Route("/api/{name}", pages.call, methods=["POST"]),
            Route("/do/{name}", pages.post, methods=["POST"]),
            Route("/events", pages.events),
            Route("/version", pages.version),
            Route("/file/{file_id}", pages.file),
            Route("/chat", pages.chat),
            Route("/health", pages.health),
            *(Route(f"/static/{name}", _font(path)) for name, path in fonts if path),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[Middleware(guard.SafeHeaders)],
        exception_handlers={HTTPException: pages.missing, Refused: pages.refused, Exception: pages.broken},
    )
    app.state.stage = stage
    return app


class Pages:
    """The routes; changes of the rehearsal happen one at a time."""

    def __init__(self, stage: Stage, templates: jinja2.Environment, allowed_hosts: Sequence[str]) -> None:
        self.stage = stage
        self.templates = templates
        self.allowed_hosts = allowed_hosts
        self.turn = asyncio.Lock()

    async def index(self, request: Request) -> Response:
        """The page; looking at a phone reads its messages."""
        guard.check_host(request, self.allowed_hosts)
        look = look_of(request.query_params, self._users())
        if any(p.user == look.user and p.unread for p in self.stage.people()):
            await self.stage.mark_read(look.user)
        return self._page(look)

    async def call(self, request: Request) -> Response:
        """A JSON call of the page's script: ``{"ok": true, "said": sentence}``."""
        guard.check_host(request, self.allowed_hosts)
        guard.check_origin(request)
        guard.check_call(request)
        said = await self._act(request.path_params["name"], strict.parse_json(await guard.body(request)))
        return JSONResponse({"ok": True, "said": said, "version": self.stage.version()})

    async def post(self, request: Request) -> Response:
        """The same by a plain form, for a browser without script."""
        guard.check_host(request, self.allowed_hosts)
        guard.check_origin(request)
        fields = strict.parse_form(await guard.body(request))
        look = look_back(str(fields.pop("back", "")), self._users())
        try:
            await self._act(request.path_params["name"], fields)
        except Refused as refused:
            return self._page(look, problem=str(refused), status=400)
        return RedirectResponse(look.query(), status_code=303)

    async def events(self, request: Request) -> Response:
        """Server-sent events: the version whenever it changes."""
        guard.check_host(request, self.allowed_hosts)
        return StreamingResponse(changes(self.stage), media_type="text/event-stream")

    async def version(self, request: Request) -> Response:
        """The version for a browser without a stream."""
        guard.check_host(request, self.allowed_hosts)
        return JSONResponse({"version": self.stage.version()})

    async def file(self, request: Request) -> Response:
        """A file somebody was shown; only a real PNG is shown in the page, all else is a download."""
        guard.check_host(request, self.allowed_hosts)
        found = self.stage.file(request.path_params["file_id"])
        if found is None:
            raise HTTPException(404)
        name, content = found
        if content.startswith(PNG):
            return Response(content, media_type="image/png")
        return _download(name, content, "application/octet-stream")

    async def chat(self, request: Request) -> Response:
        """The conversation so far as a test."""
        guard.check_host(request, self.allowed_hosts)
        name, text = self.stage.chat_text()
        return _download(name, text.encode(), "text/plain; charset=utf-8")

    async def health(self, _request: Request) -> Response:
        """Whether the app answers."""
        return JSONResponse({"ok": True, "version": self.stage.version()})

    async def missing(self, request: Request, exc: Exception) -> Response:
        """404 and 405."""
        status = exc.status_code if isinstance(exc, HTTPException) else 404
        return self._problem(request, LOST, status)

    async def refused(self, request: Request, exc: Exception) -> Response:
        """What was asked cannot be done."""
        statuses: dict[type[Exception], int] = {strict.TooLarge: 413, guard.Forbidden: 403}
        return self._problem(request, str(exc), statuses.get(type(exc), 400))

    async def broken(self, request: Request, exc: Exception) -> Response:
        """Our mistake: a number for the person, the rest in the log."""
        number = secrets.token_hex(3)
        log.error("web.broken", number=number, path=request.url.path, exc_info=exc)
        return self._problem(request, BROKEN.format(number), 500)

    async def _act(self, name: str, fields: dict[str, Any]) -> str:
        if name not in ACTIONS:
            raise HTTPException(404)
        async with self.turn:
            return await ACTIONS[name](self.stage, fields)

    def _users(self) -> tuple[str, ...]:
        return tuple(person.user for person in self.stage.people())

    def _page(self, look: Look, *, problem: str = "", status: int = 200) -> Response:
        shown = views.page(self.stage, look)
        return HTMLResponse(self.templates.get_template("page.html").render(**shown, problem=problem), status)

    def _problem(self, request: Request, text: str, status: int) -> Response:
        if request.url.path.startswith(("/api/", "/version", "/events")):
            return JSONResponse({"ok": False, "problem": text}, status)
        return HTMLResponse(self.templates.get_template("problem.html").render(text=text), status)


async def changes(stage: Stage, *, pause: float = POLL_SECONDS) -> AsyncIterator[str]:
    """One event at once, one at every change of version, a comment now and then to keep the line open."""
    last, quiet = None, 0
    while True:
        version = stage.version()
        quiet = quiet + 1 if version == last else 0
        if version != last:
            yield f"data: {json.dumps(version)}\n\n"
        elif quiet % KEEP_ALIVE_POLLS == 0:
            yield ": -\n\n"
        last = version
        await asyncio.sleep(pause)


def _templates(*fonts: Path | None) -> jinja2.Environment:
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sheets = [name for name, path in zip(("font.css", "font-bold.css"), fonts, strict=True) if path]
    templates.globals.update(skins=SKINS, fault_names=FAULTS, uploads=UPLOADS, font_sheets=sheets)
    return templates


def _font(path: Path) -> Callable[[Request], Awaitable[Response]]:
    async def font(_request: Request) -> Response:
        return FileResponse(path, media_type="font/woff2", headers={"cache-control": "max-age=86400"})

    return font


def _download(name: str, content: bytes, media_type: str) -> Response:
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=media_type, headers={"content-disposition": disposition})
