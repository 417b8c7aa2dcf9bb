"""``jixiao sandbox dingtalk`` and ``jixiao run`` as two processes, the way an operator rehearses before going live."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from intake.roster import read_roster
from rehearsal.live.stage import free_port
from rehearsal.local import local_roster, write_workbook
from rehearsal.story import BEGINS
from storage.store import Store

ROOT = Path(__file__).parents[3]
PATIENCE = 40
#: when somebody who files nothing hears of it.
HOURS = ["2026-10-09T09", "2026-10-10T09", "2026-10-10T15"]


@contextmanager
def running(*words: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """The program with those words, ended politely and expected to end well."""
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "NO_PROXY": "127.0.0.1",
        **settings,
    }
    command = [sys.executable, "-m", "bot", *words]
    with subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
    assert process.returncode == 0


def told(process: subprocess.Popen[str]) -> dict[str, str]:
    """The settings it prints, after the lines that say where it is and what time it is there."""
    assert process.stdout
    assert "/sandbox/" in process.stdout.readline()
    assert "钟现在是" in process.stdout.readline()
    assert "写进 .env" in process.stdout.readline()
    return dict(process.stdout.readline().strip().split("=", 1) for _ in range(7))


class Operator:
    """Somebody at the sandbox's console."""

    def __init__(self, base: str) -> None:
        self.base = base

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.base}/sandbox/{path}", timeout=10) as answer:
            return json.load(answer)

    def post(self, path: str, **body: Any) -> Any:
        headers = {"content-type": "application/json"}
        asked = urllib.request.Request(f"{self.base}/sandbox/{path}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return json.load(answer)

    def until(self, path: str, seen: Any) -> Any:
        """What a page says once ``seen`` is true of it."""
        last = time.monotonic() + PATIENCE
        while time.monotonic() < last:
            found = self.get(path)
            if seen(found):
                return found
            time.sleep(0.05)
        raise AssertionError(f"{path} never showed it")


def words(screen: list[dict[str, Any]]) -> str:
    """Everything one phone shows."""
    return json.dumps(screen, ensure_ascii=False)


def test_an_operator_rehearses_with_the_printed_settings(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'jixiao.sqlite'}"
    prepare(database, tmp_path)
    with running(*sandbox(tmp_path, "2026-10-09T08:00")) as box:
        settings = told(box)
        console = Operator(settings["JIXIAO_DINGTALK_API"])
        listen = f"127.0.0.1:{free_port()}"
        with running("run", **settings, JIXIAO_DATABASE=database, JIXIAO_LISTEN=listen) as process:
            assert "听在" in process.stdout.readline()
            assert process.stdout.readline().startswith("演练时钟：现在是 2026-10-09 08:0")
            console.until("state", lambda state: state["connections"] == 1)
            assert console.post("phones/zhangmin/say", text="帮助")["code"] == 200
            screen = console.until("phones/zhangmin", lambda found: "填报" in words(found[1:]))
            label = next(e["text"] for m in screen for e in m.get("elements", ()) if e["kind"] == "button")
            shown = screen[-1]["changes"]
            console.post("phones/zhangmin/tap", message=screen[-1]["id"], button=label)
            console.until(
                "phones/zhangmin", lambda found: len(found) > len(screen) or found[-1]["changes"] > shown
            )
            console.until("state", lambda state: state["planned"].startswith("2026-10-09"))
            console.post("clock", planned=True)
            console.post("clock", at="2026-10-10T16:30")
            told_of = console.until("phones/zhoulei", lambda found: "今天截止，还差" in words(found))
            assert [m["at"][:13] for m in told_of] == HOURS
        state = console.get("state")
        assert state["complaints"] == []
        assert state["pushes"] == 2


def sandbox(folder: Path, at: str) -> tuple[str, ...]:
    """The words that start it, on a port and with a clock of its own."""
    port, clock = str(free_port()), str(folder / "clock.json")
    return ("sandbox", "dingtalk", "--port", port, "--at", at, "--clock", clock)


def prepare(database: str, folder: Path) -> None:
    """The demonstration district with local accounts, imported from its workbook as an operator does."""
    write_workbook(local_roster(), folder / "名册.xlsx")
    reading = read_roster((folder / "名册.xlsx").read_bytes(), "名册.xlsx")
    assert reading.roster
    store = Store(database)
    store.migrate()
    with store.begin() as tx:
        tx.import_roster(reading.roster, BEGINS, "operator")
    store.close()


def test_the_page_is_for_this_machine_only(tmp_path: Path) -> None:
    with running(*sandbox(tmp_path, "2026-10-08T09:00")) as box:
        base = told(box)["JIXIAO_DINGTALK_API"]
        with urllib.request.urlopen(f"{base}/sandbox/", timeout=10) as page:
            assert "本机钉钉" in page.read().decode()
        elsewhere = urllib.request.Request(f"{base}/sandbox/people", headers={"host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError, match="403") as refused:
            urllib.request.urlopen(elsewhere, timeout=10)
        refused.value.close()
        assert Operator(base).get("state")["now"].startswith("2026-10-08T09:00")
        assert {"user": "zhangmin", "name": "张敏", "client": "8.1.0", "unread": 0} in Operator(base).get(
            "people"
        )
