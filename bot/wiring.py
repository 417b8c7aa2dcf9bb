"""The only module that names concrete classes and puts them together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.app import App
from bot.law import Law, shipped_law
from bot.ports import Platform
from bot.settings import Settings, SettingsError
from reports.render import Renderer
from storage.health import make_directory
from storage.store import Store


def open_store(settings: Settings) -> Store:
    """The database of this installation, checked and brought up to date."""
    url = settings.database_url
    if url.startswith("sqlite:///"):
        make_directory(Path(url.removeprefix("sqlite:///")).parent)
    store = Store(url)
    store.check()
    store.migrate()
    return store


def law(settings: Settings) -> Law:
    """The law in force, with the operator's choice about rest days."""
    return shipped_law(roll=settings.roll)


def platforms(_settings: Settings) -> Mapping[str, Platform]:
    """The chat platforms this installation is connected to. Raises SettingsError when there is none: this version
    brings no adapter for 钉钉 or 企业微信 yet, only the simulator of ``jixiao demo``."""
    raise SettingsError(
        "还没有接入钉钉或企业微信，不能正式运行（数据库没有动）。现在可以用 jixiao demo 打开模拟器演练。"
    )


def connect(store: Store, platforms: Mapping[str, Platform], law: Law | None = None) -> App:
    """One district's bot on that store and those platforms."""
    return App(store, platforms, Renderer(), law or shipped_law())
