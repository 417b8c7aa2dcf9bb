"""表格填报: the workbook a person is sent, filled in a real spreadsheet program's way, and sent back."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from regulation import worksheet as layout
from tests.bot.office import Office, titles, words


def offered(office: Office, user: str = "zhangmin", project: str = "校舍") -> bytes:
    """The workbook that comes for 表格填报."""
    [seen] = office.say(user, f"表格填报 {project}")
    [(_, file_id)] = seen.files
    found = office.stage.file(file_id)
    assert found is not None
    return found[1]


def filled(data: bytes, answers: Mapping[str, object]) -> bytes:
    """The same with these answers, by field key."""
    book = load_workbook(BytesIO(data))
    page = book[layout.SHEET]
    for row in page.iter_rows(min_row=layout.HEADING_ROW + 1):
        key = row[layout.KEY - 1].value
        if key in answers:
            row[layout.ANSWER - 1].value = answers[key]  # type: ignore[assignment]
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def send(office: Office, data: bytes, user: str = "zhangmin", name: str = "填好的.xlsx"):  # type: ignore[no-untyped-def]
    content = b64encode(data).decode()
    return office.send({"type": "upload", "user": user, "kind": "file", "name": name, "content": content})


ANSWERS = {
    "arrived": 256,
    "spent": "201.35",
    "actual.1": 36,
    "actual.2": 930.0,
    "actual.3": "同",
    "actual.4": "同",
    "actual.5": "99",
    "actual.6": "同",
    "actual.7": 6.4,
    "actual.8": 1260,
    "actual.9": 96,
    "actual.10": 2,
    "likely.1": "可能性大",
    "reason": "招标晚，设备未到",
    "plan": "11月底前到货安装",
}


def test_filled_sent_back_read_out_and_filed(office: Office) -> None:
    shown = send(office, filled(offered(office), ANSWERS))
    assert "请核对" in titles(shown)[0]
    assert "可能性大" in words(shown)
    office.tap("zhangmin", "确认提交")
    entries = office.entries()
    assert (entries["spent"].value, entries["actual.2"].value, entries["actual.7"].value) == (
        "201.35",
        "930",
        "6.4",
    )


def test_a_figure_is_traced_to_its_cell_of_the_workbook(office: Office) -> None:
    send(office, filled(offered(office), ANSWERS), name="操场联系人13912345678.xlsx")
    office.tap("zhangmin", "确认提交")
    [card] = office.say("zhangmin", "校舍安全改造支出从哪来")
    shown = words([card])
    assert "201.35万元 ← 张敏" in shown
    assert "模拟器 发表格" in shown
    row = next(
        r[layout.KEY - 1].row
        for r in load_workbook(BytesIO(offered(office, project="操场")))[layout.SHEET].iter_rows()
        if r[layout.KEY - 1].value == "arrived"
    )
    assert f"操场联系人（略）.xlsx E{row}" in words(office.say("zhangmin", "校舍安全改造到位从哪来"))
    assert "13912345678" not in shown


def test_what_is_known_is_printed_and_locked(office: Office) -> None:
    page = load_workbook(BytesIO(offered(office)))[layout.SHEET]
    assert page.protection.sheet
    rows = {row[layout.KEY - 1].value: row for row in page.iter_rows(min_row=layout.HEADING_ROW + 1)}
    assert rows["spent"][3].value == "118.40"
    assert rows["actual.2"][2].value == "≥2160套"
    assert not rows["spent"][layout.ANSWER - 1].protection.locked
    assert rows["spent"][3].protection.locked


def test_a_wrong_answer_is_said_at_its_place_and_the_others_are_kept(office: Office) -> None:
    shown = send(office, filled(offered(office), {"spent": "约二百", "actual.1": "36"}))
    assert "不是准数" in words(shown)
    draft = office.draft("zhangmin") or office.draft(_person(office))
    assert dict(draft.entries)["actual.1"].value == "36"


def _person(office: Office) -> str:
    with office.stage.store.read() as tx:
        person = tx.person_by_identity("simulator", "zhangmin")
    assert person is not None
    return str(person.id)


def test_x08_another_units_form_is_refused_and_noted(office: Office) -> None:
    shown = send(office, filled(offered(office), ANSWERS), user="zhoulei")
    assert "这份填报表上的项目不归您填，没有收下任何内容。" in words(shown)
    assert not office.entries()
    with office.stage.store.read() as tx:
        assert "workbook.refused" in [row.action for row in tx.audit_rows(5)]


def other(text: str = "", sheet: str = layout.SHEET) -> bytes:
    book = Workbook()
    book.worksheets[0].title = sheet
    book.worksheets[0]["A4"] = text
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"not a workbook", "a.xlsx", "这不是 .xlsx 工作簿"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", "旧版 .xls"),
        (b"PK\x03\x04" + b"\0" * 40, "a.xlsx", "文件损坏"),
        (other(), "a.xlsx", "不是机器人发的填报表"),
        (other(sheet="别的"), "a.xlsx", "不是机器人发的填报表"),
        (other("绩监通填报表0 2026Q3:p001"), "a.xlsx", "旧格式"),
        (other("绩监通填报表1 2026Q3:p001"), "a.xlsx", "表头改过了"),
    ],
    ids=["text", "xls", "damaged", "empty", "other sheet", "old layout", "no headings"],
)
def test_x04_x06_what_cannot_be_used_is_said(office: Office, data: bytes, name: str, says: str) -> None:
    assert says in words(send(office, data, name=name))


def test_x06_rows_that_were_added_or_doubled_are_named(office: Office) -> None:
    book = load_workbook(BytesIO(offered(office)))
    page = book[layout.SHEET]
    last = page.max_row
    page.cell(last + 1, layout.ANSWER, "多写的")
    page.cell(last + 2, layout.KEY, "actual.1")
    page.cell(last + 2, layout.ANSWER, "40")
    page.cell(layout.HEADING_ROW + 3, layout.ANSWER, "36")
    saved = BytesIO()
    book.save(saved)
    shown = words(send(office, saved.getvalue()))
    assert f"第{last + 1}行是后来加的" in shown
    assert "填了两行" in shown


def test_x07_formulas_without_a_result_are_not_zero(office: Office) -> None:
    shown = words(send(office, filled(offered(office), {"spent": "=100+1.35", "actual.1": "36"})))
    assert "公式还没有算出结果" in shown
    assert "spent" not in dict(office.draft(_person(office)).entries)


def test_any_other_file_changes_nothing(office: Office) -> None:
    shown = send(office, b"%PDF-1.7", name="扫描件.pdf")
    assert titles(shown) == ["可以这样说"]
