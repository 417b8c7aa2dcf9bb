"""Bringing a database to this program's version; all inside the package, so a wheel needs no alembic.ini."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError

from storage.errors import StorageRefused, unavailable
from storage.snapshots import snapshot

HERE = Path(__file__).parent
LOCK = 0x6A69_7869  # any number nobody else uses
HEAD = "0075"  # the newest file in versions/ (a test compares)


def versions() -> frozenset[str]:
    """Every version of the tables this program knows."""
    return frozenset(path.name[1:5] for path in (HERE / "versions").glob("r*.py"))


def present_version(connection: Connection) -> str | None:
    """The version the tables are in; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return version


def migrate(engine: Engine, database: Path | None, script_location: Path = HERE, head: str = HEAD) -> None:
    """Upgrade in one transaction; a file with data is first copied to ``<file>.<version>.bak``. Of several processes
    that start together one upgrades and the others wait."""
    try:
        with engine.connect() as connection:
            if present_version(connection) == head:
                return
        with engine.begin() as connection:
            if database is None:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            version = present_version(connection)
            if version == head:
                return
            if database is not None and version is not None:
                snapshot(database, database.with_name(f"{database.name}.{version}.bak"))
            _upgrade(connection, script_location, head)
    except DBAPIError as error:
        raise unavailable(error) from error


def _upgrade(connection: Connection, script_location: Path, head: str) -> None:
    # Alembic takes 0.2 s to import: only when there is something to do.
    from alembic import command
    from alembic.config import Config
    from alembic.script.revision import ResolutionError
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(script_location).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, head)
    except (CommandError, ResolutionError) as error:
        raise StorageRefused(f"数据库的版本比这个程序新，请换用新版程序（{error}）") from error
