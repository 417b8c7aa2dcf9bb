"""``jixiao import execution``, ``jixiao export`` and ``jixiao api`` as typed, on a database of their own."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from bot.__main__ import app
from rehearsal.stage import DATABASE, Stage
from storage.store import Store
from tests.bot.office import FINE, Q3, Office
from tests.reports.test_department_attachments import department_of, file_report
from web.tokens import parse_tokens


@pytest.fixture
def run(open_story: Callable[[], Stage], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line on the story's database, one 附表1 and one department report filed."""
    office = Office(open_story())
    office.file("zhangmin", FINE)
    file_report(office.stage, department_of(office))
    folder = office.stage.folder
    office.close()
    monkeypatch.setenv("JIXIAO_DATABASE", f"sqlite:///{folder / DATABASE}")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def stored(run: object) -> Callable[[], Store]:
    import os

    return lambda: Store(os.environ["JIXIAO_DATABASE"])


FIGURES = "项目编码,已到位资金,已支出资金\r\np001,256,201.345\r\np002,1,1\r\n"


def test_a_file_comes_in_once_and_says_so(run, stored, tmp_path: Path) -> None:
    path = tmp_path / "执行数.csv"
    path.write_text(FIGURES, encoding="utf-8-sig")
    first = run("import", "execution", path, "--round", "2026Q3")
    assert (first.exit_code, re.sub(r"file-\w+", "X", first.stdout)) == (0, "批次 X：已导入，2 个项目。\n")
    again = run("import", "execution", path, "--round", "2026Q3")
    assert re.sub(r"file-\w+", "X", again.stdout) == "批次 X：以前收过，没有变，2 个项目。\n"
    store = stored()
    with store.read() as tx:
        assert {key: str(known.spent) for key, known in tx.round_execution(Q3).items()} == {
            "p001": "201.345",
            "p002": "1",
        }
    store.close()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (FIGURES.replace("p002", "p999"), "第 3 行：名册里没有编号或编码为“p999”的2026年项目。"),
        (FIGURES.replace("201.345", "二百"), "第 2 行：“二百”不是可以用的万元数。"),
        ("a,b\r\n", "找不到表头"),
    ],
)
def test_a_wrong_file_changes_nothing(run, stored, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "执行数.csv"
    path.write_text(text, encoding="utf-8")
    done = run("import", "execution", path, "--round", "2026Q3", "--batch", "T1")
    assert done.exit_code == 1
    assert words in done.stderr
    assert "没有导入：1 处错误。" in done.stderr
    store = stored()
    with store.read() as tx:
        assert tx.round_execution(Q3) == {}
    store.close()


def test_x11_a_round_as_one_zip(run, tmp_path: Path) -> None:
    out = tmp_path / "三季度.zip"
    done = run("export", "--out", out, "--round", "2026Q3")
    assert done.exit_code == 0, done.stderr
    with zipfile.ZipFile(out) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        assert all(info.flag_bits & 0x800 for info in archive.infolist()), "names are marked as UTF-8"
        listed = archive.read("清单.csv").decode("utf-8-sig").splitlines()
    assert f"已写出 {len(names) - 1} 张表" in done.stdout
    assert [name.split("/")[-1].split("_")[0] for name in names[:2]] == ["附表1", "附表2"]
    assert len(listed) == len(names)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["三季度.zip"]


def test_the_forms_as_files_of_one_department_or_unit(run, tmp_path: Path) -> None:
    everything = run("export", "--out", tmp_path / "all", "--round", "2026Q3")
    assert everything.exit_code == 0
    files = sorted(
        path.relative_to(tmp_path / "all").as_posix() for path in (tmp_path / "all").rglob("*.xlsx")
    )
    department = files[0].split("/")[0]
    assert all(name.startswith(f"{department}/") for name in files)
    page = load_workbook(tmp_path / "all" / files[0]).worksheets[0]
    assert page["F1"].value == "演练", "what comes out of a rehearsal says so"


def test_a_figure_is_followed_to_the_words_it_came_from(run, stored) -> None:
    done = run("trace", "2026Q3", "教育局", "执行率")
    first = done.stdout.splitlines()
    assert done.exit_code == 0, done.stderr
    assert first[0].startswith("附表2 预算执行率　预算执行率 = 已支出资金 240.00")
    assert first[1].startswith("  新桥小学《新桥小学校舍安全改造》附表1 版本 1　张敏 ")
    assert "已支出资金 240.00万元 ← 张敏" in first[2]
    assert f"    原话：“{FINE}”" in first
    store = stored()
    with store.read() as tx:
        assert [(row.action, row.by) for row in tx.audit_rows(1)] == [("trace.read", "operator")]
    store.close()
    everything = run("trace", "2026Q3", "d01").stdout
    assert "区教育局自己填" in everything


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("税务局",), "“税务局”对得上 0 个部门"),
        (("教育局", "利润"), "没有叫“利润”的数"),
        (("水利局", "执行率"), "没有报审过这一版"),
        (("教育局", "--version", "9"), "没有报审过这一版"),
    ],
)
def test_what_cannot_be_followed_is_said(run, words: tuple[str, ...], said: str) -> None:
    done = run("trace", "2026Q3", *words)
    assert done.exit_code == 1
    assert said in done.stderr


REFUSED = [
    (("--department", "no-such"), "没有编号为 no-such 的部门，没有写出任何文件。"),
    (("--unit", "no-such"), "没有编号为 no-such 的单位，没有写出任何文件。"),
    (("--what", "standard", "--department", "no-such"), "没有编号为 no-such 的部门，没有写出任何文件。"),
    (("--what", "standard", "--unit", "u1"), "不能只要一个单位，没有写出任何文件。"),
    (("--what", "summary", "--department", "d1"), "汇总是全区的，不分部门和单位，没有写出任何文件。"),
]


NOTHING = [
    (("--round", "2025Q3"), "2025年三季度全区还没有已报送的表，没有写出任何文件。"),
    (("--round", "2025Q3", "--department", "d02"), "2025年三季度这个部门还没有已报送的表，没有写出"),
    (("--round", "2026Q3", "--unit", "u0103"), "2026年三季度这个单位还没有已报送的表，没有写出"),
    (("--round", "2025Q3", "--what", "standard"), "2025年三季度全区还没有已报送的表，没有写出"),
    (("--round", "2030Q3", "--what", "results"), "名册里还没有 2030 年的项目，没有写出"),
]


@pytest.mark.parametrize("name", ["none", "none.zip"])
@pytest.mark.parametrize(("options", "words"), NOTHING)
def test_nothing_filed_is_no_success(
    run, tmp_path: Path, options: tuple[str, ...], words: str, name: str
) -> None:
    done = run("export", "--out", tmp_path / name, *options)
    assert (done.exit_code, words in done.stderr) == (1, True), done.stderr
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(("options", "words"), REFUSED)
def test_what_cannot_be_exported_is_said(run, tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    done = run("export", "--out", tmp_path / "none", "--round", "2026Q3", *options)
    assert done.exit_code == 1
    assert words in done.stderr
    assert not (tmp_path / "none").exists()


def test_the_summary_opens_and_has_every_department(run, stored, tmp_path: Path) -> None:
    out = tmp_path / "汇总.xlsx"
    done = run("export", "--out", out, "--round", "2026Q3", "--what", "summary")
    assert (done.exit_code, done.stdout) == (0, f"已写出 2026年三季度汇总到 {out}。\n")
    book = load_workbook(out)
    store = stored()
    with store.read() as tx:
        departments = [each.name for each in tx.departments()]
    store.close()
    assert book.sheetnames == ["总览", "部门", "项目", "偏离"]
    assert [row[0].value for row in book["部门"].iter_rows(min_row=2)] == departments


def test_the_national_standard_is_two_tables(run, tmp_path: Path) -> None:
    out = tmp_path / "标准"
    done = run("export", "--out", out, "--round", "2026Q3", "--what", "standard")
    assert done.exit_code == 0, done.stderr
    assert sorted(path.name for path in out.iterdir()) == [
        "PAY_PERF_MONITOR_INFO.csv",
        "PAY_PERF_MONITOR_TASK.csv",
    ]


def test_an_export_is_in_the_audit_log(run, stored, tmp_path: Path) -> None:
    run("export", "--out", tmp_path / "a.zip", "--round", "2026Q3")
    store = stored()
    with store.read() as tx:
        assert [row.action for row in tx.audit_rows(1)] == ["export.forms"]
    store.close()


def test_the_interface_is_described(run, tmp_path: Path) -> None:
    golden = Path(__file__).parent.parent / "web" / "golden" / "openapi.json"
    assert run("api", "schema").stdout == golden.read_text(encoding="utf-8")
    out = tmp_path / "openapi.json"
    run("api", "schema", "--out", out)
    assert json.loads(out.read_text(encoding="utf-8"))["info"]["title"] == "绩监通接口"


@pytest.mark.parametrize(("option", "scope"), [((), "read"), (("--write",), "write")])
def test_a_token_is_shown_once_and_kept_as_its_hash(run, option: tuple[str, ...], scope: str) -> None:
    said = run("api", "token", "yitihua", *option).stdout
    secret = re.search(r"：(\S+)\n", said)
    setting = re.search(r"JIXIAO_API_TOKENS=(\S+)", said)
    assert secret
    assert setting
    (token,) = parse_tokens(setting[1])
    assert (token.name, token.scope) == ("yitihua", scope)
    assert token.digest == sha256(secret[1].encode()).hexdigest()
