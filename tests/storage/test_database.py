"""The database as a whole: migrations, checks, snapshots, locks, full disks, restarts."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from storage import migrations
from storage.engine import writer
from storage.errors import StorageRefused, StorageUnavailable
from storage.health import check_sqlite, file_system
from storage.store import Store
from storage.tables import audit
from tests.storage.district import ENTRIES, NOW, Q3, ROSTER, file

Opened = Callable[..., Store]


# -- migrations
def test_the_tables_are_those_of_the_migrations(url: str, store: Store) -> None:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, audit.metadata) == []
    engine.dispose()


def test_the_head_is_the_newest_file() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations.HERE))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


def test_migrating_again_changes_nothing(store: Store) -> None:
    store.migrate()
    store.check()
    with store.read() as tx:
        assert tx.roster() == ROSTER


NEXT = f"{int(migrations.HEAD) + 1:04}"
ADDED = """
from alembic import op
revision, down_revision = "{next}", "{head}"
def upgrade():
    op.execute("CREATE TABLE added (id INTEGER)")
    {more}
"""


def _newer_program(directory: Path, more: str) -> Path:
    """The migrations of a program one version on."""
    newer = directory / "newer"
    shutil.copytree(migrations.HERE, newer)
    text = ADDED.format(next=NEXT, head=migrations.HEAD, more=more)
    (newer / "versions" / f"r{NEXT}_added.py").write_text(text, encoding="utf-8")
    return newer


def _tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as driver:
        return {row[0] for row in driver.execute("SELECT name FROM sqlite_master")}


def test_t06_a_file_with_data_is_copied_aside_before_it_is_migrated(
    file_store: Store, tmp_path: Path
) -> None:
    assert file_store.path is not None
    engine = writer(file_store.url)
    migrations.migrate(engine, file_store.path, _newer_program(tmp_path, "pass"), NEXT)
    engine.dispose()
    assert "added" in _tables(file_store.path)
    assert "added" not in _tables(tmp_path / "jixiao.sqlite.0001.bak")
    with file_store.read() as tx:
        assert tx.roster() == ROSTER
    with pytest.raises(StorageRefused, match="换用新版程序"):
        file_store.migrate()


def test_t06_a_migration_that_fails_halfway_leaves_the_old_version(file_store: Store, tmp_path: Path) -> None:
    assert file_store.path is not None
    engine = writer(file_store.url)
    newer = _newer_program(tmp_path, "raise RuntimeError('power')")
    with pytest.raises(RuntimeError, match="power"):
        migrations.migrate(engine, file_store.path, newer, NEXT)
    engine.dispose()
    assert "added" not in _tables(file_store.path)
    file_store.migrate()
    with file_store.read() as tx:
        assert tx.roster() == ROSTER


def test_an_empty_database_needs_no_copy(tmp_path: Path, opened: Opened) -> None:
    store = opened(f"sqlite:///{tmp_path}/new.sqlite")
    store.check()
    store.migrate()
    assert list(tmp_path.glob("*.bak")) == []
    with store.begin() as tx:
        tx.import_roster(ROSTER, NOW, "wang")


# -- checks
@pytest.mark.parametrize(
    "url", ["mysql://h/d", "sqlite://", "sqlite:///:memory:", "nonsense", "oracle://h/d"]
)
def test_only_a_file_or_postgresql(url: str) -> None:
    with pytest.raises(StorageRefused, match=r"SQLite|数据库"):
        Store(url)


def test_d04_a_damaged_file_is_refused_and_left_alone(file_store: Store, tmp_path: Path) -> None:
    path = tmp_path / "jixiao.sqlite"
    file_store.snapshot(tmp_path / "jixiao.sqlite.20261008.bak")
    damaged = bytearray(path.read_bytes())
    damaged[4096:90_000] = b"\x5a" * (90_000 - 4096)
    path.write_bytes(damaged)
    with pytest.raises(
        StorageRefused, match=r"jixiao\.sqlite 已损坏.*没有改动它；最近的备份是 .*20261008\.bak"
    ):
        file_store.check()
    assert path.read_bytes() == damaged


def test_d04_a_file_that_is_no_database(tmp_path: Path, opened: Opened) -> None:
    (tmp_path / "x.sqlite").write_bytes("附表1".encode() * 1000)
    with pytest.raises(StorageRefused, match="已损坏"):
        opened(f"sqlite:///{tmp_path}/x.sqlite").check()


MOUNTS = (
    "/dev/vda / ext4 rw 0 0\nnas:/data /srv/nas nfs4 rw 0 0\n//pc/share /srv/nas/local\\040disk ext4 rw 0 0\n"
)


@pytest.mark.parametrize(
    ("directory", "kind"),
    [("/srv/nas/jixiao", "nfs4"), ("/srv/nas/local disk/x", "ext4"), ("/srv/nasty", "ext4"), ("/", "ext4")],
)
def test_d05_the_file_system_of_a_directory(directory: str, kind: str) -> None:
    assert file_system(Path(directory), MOUNTS) == kind


@pytest.mark.parametrize(("place", "words"), [("nas", "在网络盘（nfs4）上"), ("OneDrive", "在同步盘里")])
def test_d05_network_and_synced_directories_are_refused(tmp_path: Path, place: str, words: str) -> None:
    directory = tmp_path / place
    directory.mkdir()
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nnas:/d {tmp_path}/nas nfs4 rw 0 0\n", encoding="utf-8")
    with pytest.raises(StorageRefused, match=words):
        check_sqlite(directory / "jixiao.sqlite", mounts)


@pytest.mark.parametrize("directory", ["missing", "/proc"])
def test_d10_a_directory_that_cannot_be_written_is_named(
    tmp_path: Path, opened: Opened, directory: str
) -> None:
    store = opened(f"sqlite:///{tmp_path / directory}/jixiao.sqlite")
    for attempt in (store.check, store.migrate):
        with pytest.raises(StorageRefused, match=rf"{directory} (不存在|不能写入)"):
            attempt()


# -- durability settings
def test_d06_sqlite_is_opened_with_full_durability(file_store: Store) -> None:
    with file_store.begin() as tx:
        found = {
            name: tx.raw(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "foreign_keys")
        }
        assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        assert tx.raw("PRAGMA busy_timeout")[0][0] == 10_000


def test_d01_a_full_disk_keeps_nothing_and_recovers(file_store: Store) -> None:
    with file_store.begin() as tx:
        pages = tx.raw("PRAGMA page_count")[0][0]
        tx.raw(
            f"PRAGMA max_page_count={pages + 2}"
        )  # what SQLite then says and does is what a full disk makes it do
    with pytest.raises(StorageUnavailable) as full:
        _fill_in_groups(file_store)
    assert full.value.reason == "full"
    with file_store.read() as tx:
        assert tx.outbox_counts() == {}
        assert tx.audit_count() == 1
    with file_store.begin() as tx:
        tx.raw(f"PRAGMA max_page_count={pages + 10_000}")
        file(tx)
    with file_store.read() as tx:
        assert tx.entries("p1", Q3) == dict(ENTRIES)


def _fill_in_groups(store: Store) -> None:
    """A group commit whose turns each fail alone must not let the later ones through."""
    refused = 0
    with store.begin() as tx:
        for number in range(40):
            try:
                with tx.savepoint():
                    tx.enqueue(f"k{number}", "zhang", "x" * 4000, "t", "", NOW)
            except StorageUnavailable:
                refused += 1
    assert refused > 30


def test_d02_a_busy_database_says_so(file_store: Store, opened: Opened) -> None:
    other = opened(str(file_store.url))
    with other.begin() as tx:
        tx.raw("PRAGMA busy_timeout=0")  # stays with the pooled connection
    with file_store.begin() as tx:
        file(tx)
        with pytest.raises(StorageUnavailable) as busy, other.begin():
            pass
    assert busy.value.reason == "busy"
    with other.begin() as tx:
        assert tx.entries("p1", Q3) == dict(ENTRIES)
