"""``jixiao backup``, ``jixiao restore`` and ``jixiao resend`` as typed, on the story's database."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from rehearsal.stage import DATABASE, Stage
from storage.errors import StorageRefused
from storage.store import Store
from tests.bot.office import FINE, Q3, Office, moment

LATER = moment("10-20 09:00")


@pytest.fixture
def run(open_story: Callable[[], Stage], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line on the story's database, one 附表1 filed."""
    office = Office(open_story())
    office.file("zhangmin", FINE)
    folder = office.stage.folder
    office.close()
    monkeypatch.setenv("JIXIAO_DATABASE", f"sqlite:///{folder / DATABASE}")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def actions(count: int) -> list[str]:
    """The newest audit rows."""
    store = Store(os.environ["JIXIAO_DATABASE"])
    with store.read() as tx:
        found = [row.action for row in tx.audit_rows(count)]
    store.close()
    return found


def queue(state: str) -> int:
    """How many messages are in that state; the newest two are put into it first."""
    store = Store(os.environ["JIXIAO_DATABASE"])
    with store.begin() as tx:
        for row in tx.outbox_rows(2):
            tx.park(row.id, LATER, "no account") if state == "parked" else tx.retry(row.id, LATER, "busy")
        found = tx.outbox_counts().get(state, 0)
    store.close()
    return found


def test_a_backup_is_put_back_and_its_chain_holds(run, tmp_path: Path) -> None:
    assert queue("waiting") >= 2
    kept = tmp_path / "jixiao-1020.sqlite"
    made = run("backup", kept)
    assert (made.exit_code, f"已备份到 {kept}" in made.stdout) == (0, True)
    store = Store(os.environ["JIXIAO_DATABASE"])
    with store.begin() as tx:
        tx.note("operator", "after.backup", "", "", LATER)
    store.close()
    back = run("restore", kept)
    assert (
        back.exit_code,
        "已恢复，" in back.stdout,
        "要发运行 jixiao resend --which held" in back.stdout,
    ) == (
        0,
        True,
        True,
    )
    checked = run("audit", "verify")
    assert (checked.exit_code, "审计链完整" in checked.stdout) == (0, True), checked.output
    assert actions(2) == ["database.restore", "database.backup"]
    store = Store(os.environ["JIXIAO_DATABASE"])
    with store.read() as tx:
        assert tx.filing("p001", Q3).version == 1
        assert "waiting" not in tx.outbox_counts()
    store.close()
    assert "条已重新排队" in run("resend", "--which", "held").stdout


def test_a_backup_is_for_the_eyes_of_its_user(run, tmp_path: Path) -> None:
    """Names, phones and what people said are in it; other users of the machine have no business there."""
    kept = tmp_path / "kept.sqlite"
    subprocess.run([sys.executable, "-m", "bot", "backup", kept], check=True, capture_output=True)
    assert kept.stat().st_mode & 0o077 == 0


def test_a_backup_never_writes_over_a_file(run, tmp_path: Path) -> None:
    there = tmp_path / "there.sqlite"
    there.write_bytes(b"older")
    for path, words in ((there, "已经有"), (tmp_path / "no" / "a.sqlite", "没有")):
        done = run("backup", path)
        assert (done.exit_code, words in done.stderr) == (1, True), done.output
    assert there.read_bytes() == b"older"


def test_what_is_no_backup_changes_nothing(run, tmp_path: Path) -> None:
    wrong = tmp_path / "a.sqlite"
    wrong.write_bytes(b"no database")
    before = Path(os.environ["JIXIAO_DATABASE"].removeprefix("sqlite:///")).read_bytes()
    with pytest.raises(StorageRefused, match="不是绩监通的备份文件"):
        run("restore", wrong)
    assert Path(os.environ["JIXIAO_DATABASE"].removeprefix("sqlite:///")).read_bytes() == before


def test_nothing_is_put_back_under_a_running_program(run, tmp_path: Path) -> None:
    kept = tmp_path / "a.sqlite"
    run("backup", kept)
    store = Store(os.environ["JIXIAO_DATABASE"])
    store.lock_instance()
    with pytest.raises(StorageRefused, match="正在使用"):
        run("restore", kept)
    store.close()


def test_what_was_put_aside_is_sent_again_and_audited(run) -> None:
    assert run("resend").exit_code == 1
    parked = queue("parked")
    done = run("resend")
    assert (done.exit_code, done.stdout) == (
        0,
        f"放到一边的 {parked} 条已重新排队，jixiao run 在一分钟里发出。\n",
    )
    assert actions(1) == ["message.released"]
    assert run("resend").stderr == "没有放到一边的消息。\n"


@pytest.mark.parametrize(("command", "tool"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_postgresql_has_its_own_tools(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str, tool: str
) -> None:
    monkeypatch.setenv("JIXIAO_DATABASE", "postgresql://office:quiet-secret@db/jixiao")
    done = CliRunner().invoke(app, [command, str(tmp_path / "a.dump")])
    assert (done.exit_code, tool in done.stderr, "quiet-secret" in done.output) == (1, True, False)
