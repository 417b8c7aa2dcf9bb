"""The real page in a real browser: a server on a free port over a copy of the story, and somebody who uses it."""

from __future__ import annotations

import asyncio
import logging
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from player import Player
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bot.logs import configure
from rehearsal.demo import FONTS
from rehearsal.stage import Stage
from web.app import create_app
from web.serve import server

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
TIMEOUT = 30_000


@dataclass
class Watch:
    """What a browser asked for and complained about."""

    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("request", lambda asked: self.hosts.add(urlsplit(asked.url).hostname or ""))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on(
            "console", lambda told: self.complaints.append(told.text) if told.type == "error" else None
        )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(scope="module")
def chromium(story_folder) -> Iterator[Browser]:  # type: ignore[no-untyped-def]
    """One browser per file; closed with it, for its event loop must not meet another test's."""
    if not CHROMIUM:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Simulator(threading.Thread):
    """The simulator in a thread of its own: whatever is opened there is closed there."""

    def __init__(self, open_stage: Callable[[], Stage]) -> None:
        super().__init__()
        self.open_stage = open_stage
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.ready = threading.Event()

    def run(self) -> None:
        """Serve until told to stop."""
        bold, regular = FONTS / "NotoSansSC-Bold.woff2", FONTS / "NotoSansSC-Regular.woff2"
        stage = self.open_stage()
        page = create_app(stage, font_path=regular, bold_font_path=bold)
        self.server = server(page, "127.0.0.1", 0)
        self.ready.set()
        asyncio.run(self.server.serve(sockets=[self.listening]))
        stage.close()

    def stop(self) -> None:
        """End, and say so when it does not."""
        self.server.should_exit = True
        self.join(20)
        assert not self.is_alive()


@pytest.fixture
def address(open_story: Callable[[], Stage]) -> Iterator[str]:
    """Where the simulator of this test listens."""
    configure(logging.CRITICAL)
    simulator = Simulator(open_story)
    simulator.start()
    assert simulator.ready.wait(30)
    yield simulator.address
    simulator.stop()


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """``open_page(width=390)``: a page of its own context; nothing may leave this machine or fail in the console."""
    watch, contexts = Watch(), []

    def open_one(width: int = 1280, height: int = 820, *, script: bool = True, look: str = "/") -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", java_script_enabled=script
        )
        contexts.append(context)
        context.set_default_timeout(TIMEOUT)
        watch.over(context)
        page = context.new_page()
        page.goto(address + look)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert watch.hosts == {"127.0.0.1"}
    assert watch.complaints == []


@pytest.fixture
def player(open_page: Callable[..., Page]) -> Player:
    """Somebody at a desk."""
    return Player(open_page())
