"""What an operator types wrongly is answered with one Chinese sentence and exit code 2, never a stack or silence."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands import slips
from bot.settings import Settings, SettingsError, load_settings
from bot.wiring import claim, law, law_of
from intake.demo import demo_roster
from intake.export import write_roster
from rehearsal.stage import Stage
from sandbox.clock import SHANGHAI, shared_clock
from storage.errors import StorageRefused
from storage.store import Store

ROBOT = {"JIXIAO_DINGTALK_CLIENT_ID": "ding1", "JIXIAO_DINGTALK_CLIENT_SECRET": "quiet-secret"}


NOON = datetime(2026, 10, 8, 12, 0, tzinfo=SHANGHAI)


def typed(folder: Path, *words: str, **settings: str) -> tuple[int, str]:
    """The exit code and everything printed, run as an operator runs it, in an empty folder."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JIXIAO_")}
    env = {**clean, "PYTHONPATH": str(Path(__file__).parents[1]), **settings}
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"JIXIAO_DATABASE": "mysql://a/b"}, "JIXIAO_DATABASE 要写成 sqlite:////"),
        ({"JIXIAO_ROLL": "ja"}, "JIXIAO_ROLL 要写 true 或 false"),
        ({"JIXIAO_LISTEN": "127.0.0.1:99999"}, "JIXIAO_LISTEN 要写成 主机:端口"),
        ({"JIXIAO_WECOM_AGENT": "abc"}, "JIXIAO_WECOM_AGENT 要写一个整数"),
        ({"JIXIAO_DINGTALK_QPS": "90"}, "JIXIAO_DINGTALK_QPS 不能大于 60"),
        ({"JIXIAO_API_TOKENS": "quiet-secret"}, "JIXIAO_API_TOKENS 要写成 名称:read:摘要"),
        ({"JIXIAO_CONFRIM": "true"}, "没有 JIXIAO_CONFRIM 这一项，是不是 JIXIAO_CONFIRM"),
    ],
)
def test_a_slip_in_the_settings_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=re.escape(words)) as refused:
        load_settings()
    assert "quiet-secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("other.toml", "", "这个文件夹里没有 thresholds.toml 或 departments.toml"),
        ("departments.toml", "[[date]]\n", "date[1].department 要写明"),
        ("departments.toml", "x = = 1", "departments.toml：不是正确的 TOML"),
        ("thresholds.toml", "x = = 1", "thresholds.toml：不是正确的 TOML"),
    ],
)
def test_own_rules_that_would_have_no_effect_are_refused(
    tmp_path: Path, file: str, text: str, words: str
) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=re.escape(words)):
        law(Settings(rules=tmp_path))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("nonsense", "没有“nonsense”这个命令。写法见 jixiao --help。"),
        ("demo --prot 3", "没有 --prot 这个选项。写法见 jixiao demo --help。"),
        ("demo --port x", "--port：要写一个整数。"),
        ("demo --port", "--port 后面的值写得不对"),
        ("export", "少写了 --out。写法见 jixiao export --help。"),
        ("import roster", "少写了 path。写法见 jixiao import roster --help。"),
        ("run extra", "多写了 extra。"),
        ("export --out a --round 2026Q9", "--round：季度要写成 2026Q2 或 2026Q3，不是“2026Q9”。"),
        ("export --out a --round 2026Q3 --what x", "--what：只能写 forms、summary、standard、results。"),
        ("sandbox wecom --at x", "--at：时刻要写成 2026-10-08T09:00。"),
    ],
)
def test_a_slip_at_the_command_line_is_said_in_chinese(words: str, said: str) -> None:
    with pytest.raises(slips.UsageError) as typed_wrongly:
        app(words.split(), standalone_mode=False, prog_name="jixiao")
    assert slips.said(typed_wrongly.value).startswith(said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "roster", "没有.xlsx"), "没有.xlsx：打不开或写不进，没有这个文件或文件夹。\n"),
        (("import", "roster", "."), ".：打不开或写不进，这是一个文件夹，要的是文件。\n"),
        (
            ("import", "template", "没有/名册.xlsx"),
            "没有/名册.xlsx：打不开或写不进，没有这个文件或文件夹。\n",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    assert typed(tmp_path, *words) == (2, said)


def test_a_slip_at_the_command_line_ends_with_two(tmp_path: Path) -> None:
    code, said = typed(tmp_path, "demo", "--prot", "3")
    assert (code, said) == (2, "没有 --prot 这个选项。写法见 jixiao demo --help。\n")


def test_a_line_of_a_department_nobody_knows_is_refused(
    open_story: Callable[[], Stage], tmp_path: Path
) -> None:
    block = '[[threshold]]\ndepartment = "{}"\nfrom = 2026-07-01\nreference = "细则"\n{}\n'
    rule = "pace = { yellow = 0.90, red = 0.70 }"
    store = open_story().store
    rules = tmp_path / "departments.toml"
    rules.write_text(block.format("d01", rule), encoding="utf-8")
    assert law_of(Settings(rules=tmp_path), store).departments.lines
    rules.write_text(block.format("d99", rule), encoding="utf-8")
    with pytest.raises(
        SettingsError, match=r"departments.toml：没有编码为 d99 的部门。名册里的有：d01 区教育局、"
    ):
        law_of(Settings(rules=tmp_path), store)
    store.close()


def test_looking_into_a_database_that_is_not_there_makes_none(tmp_path: Path) -> None:
    code, said = typed(tmp_path, "audit", "verify")
    assert (code, "没有这个数据库" in said, list(tmp_path.iterdir())) == (2, True, []), said


def test_a_taken_port_is_said_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for words in (("run",), ("demo", "--port", str(port))):
            code, said = typed(tmp_path, *words, JIXIAO_LISTEN=f"127.0.0.1:{port}", **ROBOT)
            assert (code, f"不能在 127.0.0.1:{port} 上听" in said, "Traceback" in said) == (2, True, False), (
                said
            )


LOCAL = {"JIXIAO_DINGTALK_API": "http://127.0.0.1:1", "JIXIAO_DINGTALK_OAPI": "http://localhost:1"}
WECOM = {"JIXIAO_WECOM_CORP": "w", "JIXIAO_WECOM_AGENT": "1", "JIXIAO_WECOM_SECRET": "quiet-secret"}


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (ROBOT, "JIXIAO_DINGTALK_API、JIXIAO_DINGTALK_OAPI 不在本机"),
        ({**ROBOT, **LOCAL, **WECOM}, "可是 JIXIAO_WECOM_API 不在本机"),
        ({"JIXIAO_WECOM_BOT_ID": "b", "JIXIAO_WECOM_BOT_SECRET": "s"}, "JIXIAO_WECOM_BOT_GATEWAY 不在本机"),
        ({**ROBOT, **LOCAL, "JIXIAO_WECOM_WEBHOOK": "https://a.example/x"}, "JIXIAO_WECOM_WEBHOOK 不在本机"),
        (
            {**ROBOT, **LOCAL, "JIXIAO_DINGTALK_API": "http://127.0.0.1.example"},
            "可是 JIXIAO_DINGTALK_API 不在",
        ),
    ],
)
def test_the_clock_of_a_rehearsal_never_runs_what_real_people_get(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], named: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {"JIXIAO_CLOCK": "clock.json", **settings}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=re.escape(named)):
        load_settings()


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        ("nothing.json", "没有这个演练的钟"),
        ("clock.json", "不是 jixiao sandbox 写的钟"),
        ("", "不是 jixiao sandbox 写的钟"),
    ],
)
def test_a_clock_that_is_none_is_said_and_nothing_starts(tmp_path: Path, clock: str, words: str) -> None:
    (tmp_path / "clock.json").write_text("九点", encoding="utf-8")
    code, said = typed(tmp_path, "run", JIXIAO_CLOCK=clock, JIXIAO_LISTEN="127.0.0.1:0", **ROBOT, **LOCAL)
    assert (code, words in said, "Traceback" in said) == (2, True, False), said


def kept(folder: Path, *, told: bool = False) -> Store:
    """A database, with a message that went out where it was used before."""
    store = Store(f"sqlite:///{folder / 'district.sqlite'}")
    store.migrate()
    if told:
        with store.begin() as tx:
            tx.enqueue("k", "", "{}", "t", "", NOON, address="dingtalk:zhangmin")
    return store


def test_a_database_is_for_rehearsals_or_for_real_people(tmp_path: Path) -> None:
    shared_clock(tmp_path / "clock.json", NOON)
    rehearsing = Settings(clock=tmp_path / "clock.json")
    real = Settings(dingtalk_client_id="ding1")
    store = kept(tmp_path)
    claim(rehearsing, store)
    claim(rehearsing, store)
    with pytest.raises(StorageRefused, match="这是演练数据库，不能当作正式数据库使用"):
        claim(real, store)
    store.close()


def test_a_database_in_use_is_not_rehearsed_on(tmp_path: Path) -> None:
    shared_clock(tmp_path / "clock.json", NOON)
    store = kept(tmp_path, told=True)
    with pytest.raises(StorageRefused, match="已经收发过消息，不能拿来演练"):
        claim(Settings(clock=tmp_path / "clock.json"), store)
    claim(Settings(dingtalk_client_id="ding1"), store)
    with pytest.raises(StorageRefused, match="这是正式数据库，不能当作演练数据库使用"):
        claim(Settings(clock=tmp_path / "clock.json"), store)
    store.close()


@pytest.mark.parametrize(
    ("words", "has", "lacks"),
    [
        ((), ("JIXIAO_DINGTALK_API=http://127.0.0.1:8093", "JIXIAO_WECOM_BOT_ID="), ()),
        (("dingtalk",), ("JIXIAO_DINGTALK_CLIENT_ID=",), ("WECOM",)),
        (("wecom",), ("JIXIAO_WECOM_CORP=",), ("DINGTALK",)),
    ],
)
def test_the_settings_of_a_rehearsal_are_settings(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    has: tuple[str, ...],
    lacks: tuple[str, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(app, ["sandbox", "settings", *words])
    (tmp_path / ".env").write_text(said.output, encoding="utf-8")
    assert load_settings().clock == tmp_path / "var" / "clock.json"
    assert all(each in said.output for each in has)
    assert not any(each in said.output for each in lacks)


def test_a_platform_nobody_is_on_is_not_started(tmp_path: Path) -> None:
    people = tuple(replace(p, identities=(("dingtalk", p.id),)) for p in demo_roster().people)
    (tmp_path / "名册.xlsx").write_bytes(write_roster(replace(demo_roster(), people=people)))
    code, said = typed(tmp_path, "sandbox", "wecom", "--port", "0", "--roster", "名册.xlsx")
    assert (code, "名册里没有人有企业微信的账号" in said) == (1, True), said
    assert CliRunner().invoke(app, ["sandbox", "settings", "qq"]).exit_code == 2


def test_a_token_is_given_only_a_name_the_setting_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    made = CliRunner().invoke(app, ["api", "token", "大屏"])
    setting = next(line for line in made.output.splitlines() if "JIXIAO_API_TOKENS=" in line)
    monkeypatch.setenv("JIXIAO_API_TOKENS", setting.partition("=")[2])
    assert load_settings().api_tokens.startswith("大屏:read:")
    assert CliRunner().invoke(app, ["api", "token", "a:b"]).exit_code == 2
