"""Files that must not be parsed, and workbooks that are not quite ours (RELIABILITY X03–X07)."""

from __future__ import annotations

import re
import struct
import time
import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from intake import parts, survey
from intake.export import write_roster
from intake.layout import MARKER_SHEET
from intake.roster import read_roster
from tests.intake.rosters import changed, part_of, put, put_format, saved, small, with_part

MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet_of(rows: bytes) -> bytes:
    return b'<?xml version="1.0"?><worksheet %s><sheetData>%s</sheetData></worksheet>' % (MAIN, rows)


def refusal(data: bytes, name: str = "名册.xlsx") -> str:
    reading = read_roster(data, name)
    assert reading.roster is None
    assert len(reading.problems) == 1
    return str(reading.problems[0])


def with_sheet(rows: bytes) -> bytes:
    data = write_roster(small())
    return with_part(data, part_of(data, "指标"), lambda _: sheet_of(rows))


def many_entries() -> bytes:
    data = write_roster(small())
    target = BytesIO(data)
    with zipfile.ZipFile(target, "a") as archive:
        for number in range(parts.MAX_ENTRIES):
            archive.writestr(f"xl/extra{number}.xml", b"<a/>")
    return target.getvalue()


def lying_about_its_size() -> bytes:
    """60 MB of blanks in a part whose headers declare 10 bytes."""
    content = b" " * (60 * 1024 * 1024)
    data = with_part(write_roster(small()), "xl/lie.xml", lambda _: content)
    return data.replace(struct.pack("<L", len(content)), struct.pack("<L", 10))


def shared_string_a_million_times() -> bytes:
    """A few hundred kilobytes that would be billions of characters once every cell holds its copy."""
    data = with_sheet(b"<row>" + b'<c t="s"><v>0</v></c>' * 50 + b"</row>")
    text = b"<sst %s><si><t>%s</t></si></sst>" % (MAIN, b"x" * 900_000)
    rows = b"".join(b'<row r="%d">%s</row>' % (at, b'<c t="s"><v>0</v></c>' * 50) for at in range(1, 200))
    return with_part(
        with_part(data, part_of(data, "指标"), lambda _: sheet_of(rows)),
        "xl/sharedStrings.xml",
        lambda _: text,
    )


BOMBS = {
    "60 MB declared": lambda: with_part(
        write_roster(small()), "xl/big.xml", lambda _: b" " * (60 * 1024 * 1024)
    ),
    "ratio over 100": lambda: with_part(
        write_roster(small()), "xl/big.xml", lambda _: b" " * (20 * 1024 * 1024)
    ),
    "300 entries": many_entries,
    "cell in the last corner": lambda: with_sheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "too many rows": lambda: with_sheet(b'<row r="20001"><c r="A20001"><v>1</v></c></row>'),
    "too many cells": lambda: with_sheet(
        b"".join(
            b"<row>" + b"<c><v>%d</v></c>" % at * 60 + b"</row>" for at in range(survey.MAX_CELLS // 60 + 2)
        )
    ),
    "shared string amplified": shared_string_a_million_times,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_bombs_are_refused_fast(bomb: object) -> None:
    """X03"""
    data = bomb()  # type: ignore[operator]
    began = time.perf_counter()
    assert refusal(data) == parts.BOMB
    assert time.perf_counter() - began < 8


def test_a_declared_size_that_lies_is_refused_without_inflating_it() -> None:
    """X03: the bytes are counted, the declaration is not believed"""
    data = lying_about_its_size()
    began = time.perf_counter()
    assert refusal(data) in (parts.DAMAGED, parts.BOMB)
    assert time.perf_counter() - began < 2


def test_bytes_are_counted_over_all_parts() -> None:
    """X03"""
    data = write_roster(small())
    assert parts.unpacked(data, "名册.xlsx", room=10_000) == parts.Refusal(parts.BOMB)
    assert isinstance(parts.unpacked(data, "名册.xlsx"), dict)


def ole2(stream: str) -> bytes:
    return parts.OLE2 + b"\0" * 512 + stream.encode("utf-16-le")


def zipped(**files: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def encrypted_entry() -> bytes:
    """The first entry's encryption flag set in its local and its central header."""
    data = bytearray(write_roster(small()))
    data[6] |= 1
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    return bytes(data)


def packed(how: int) -> bytes:
    """The same workbook, packed as no office program does: LZMA lets a file ask for 4 GB of memory."""
    target = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(write_roster(small()))) as good,
        zipfile.ZipFile(target, "w", how) as archive,
    ):
        for name in good.namelist():
            archive.writestr(name, good.read(name))
    return target.getvalue()


REFUSED = {
    "packed with LZMA": (packed(zipfile.ZIP_LZMA), "a.xlsx", parts.DAMAGED),
    "packed with bzip2": (packed(zipfile.ZIP_BZIP2), "a.xlsx", parts.DAMAGED),
    "xls": (ole2("Workbook"), "a.xls", parts.OLD_FORMAT),
    "encrypted xlsx": (ole2("EncryptedPackage"), "a.xlsx", parts.ENCRYPTED),
    "encrypted entry": (encrypted_entry(), "a.xlsx", parts.ENCRYPTED),
    "xlsm by name": (write_roster(small()), "A.XLSM", parts.MACROS),
    "macros inside": (
        with_part(write_roster(small()), "xl/vbaProject.bin", lambda _: b"macro"),
        "a.xlsx",
        parts.MACROS,
    ),
    "empty": (b"", "a.xlsx", parts.NOT_A_WORKBOOK),
    "csv": ("项目,金额\n".encode("gb18030"), "a.csv", parts.NOT_A_WORKBOOK),
    "pdf": (b"%PDF-1.7", "a.xlsx", parts.NOT_A_WORKBOOK),
    "another zip": (zipped(a__b=b"x"), "a.xlsx", parts.NOT_A_WORKBOOK),
    "docx": (zipped(word__document_xml=b"<x/>"), "a.xlsx", parts.NOT_A_WORKBOOK),
    "cut off": (write_roster(small())[:2000], "a.xlsx", parts.DAMAGED),
    "6 MB": (b"PK\x03\x04" + b"\0" * (6 * 1024 * 1024), "a.xlsx", parts.TOO_BIG),
}


@pytest.mark.parametrize(("data", "name", "sentence"), REFUSED.values(), ids=REFUSED)
def test_other_files_are_refused_with_what_to_do(data: bytes, name: str, sentence: str) -> None:
    """X04"""
    assert refusal(data, name) == sentence


def test_damaged_xml_and_entities_are_refused() -> None:
    """X05"""
    data = write_roster(small())
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    part = part_of(data, "指标")
    assert refusal(with_part(data, part, lambda _: entity + sheet_of(b"")[21:])) == parts.DAMAGED
    assert refusal(with_part(data, part, lambda content: content[:-20])) == parts.DAMAGED
    assert refusal(with_part(data, "xl/workbook.xml", lambda content: content[:-20])) == parts.DAMAGED
    unlinked = re.compile(rb' r:id="[^"]*"')
    assert (
        refusal(with_part(data, "xl/workbook.xml", lambda content: unlinked.sub(b"", content)))
        == parts.DAMAGED
    )


def test_external_links_and_pictures_are_left_behind() -> None:
    """X05"""
    data = with_part(write_roster(small()), "xl/media/image1.png", lambda _: b"\x89PNG")
    unpacked = parts.unpacked(data, "a.xlsx")
    assert isinstance(unpacked, dict)
    assert all(name.endswith((".xml", ".rels")) for name in unpacked)
    assert read_roster(data, "a.xlsx").roster == small()


def test_another_workbook_is_not_guessed_at() -> None:
    """X06"""
    book = Workbook()
    book.worksheets[0].append(["项目编码", "项目名称"])
    assert refusal(saved(book)) == "这不是名册模板做的工作簿。请下载模板，把内容粘贴进去再传。"


def test_another_version_is_refused() -> None:
    """X06"""
    data = changed(lambda book: setattr(book[MARKER_SHEET]["B1"], "value", 99))
    assert refusal(data) == "名册模板的版本不对。请下载新模板，把内容粘贴进去再传。"


def _insert_title(book: Workbook) -> None:
    for name in ("项目", "指标"):
        book[name].insert_rows(1, 2)
        book[name]["A1"].value = "2026年项目名册"


def _swap_columns(book: Workbook) -> None:
    for number in range(1, 4):
        page = book["部门"]
        first, second = page.cell(number, 1).value, page.cell(number, 2).value
        page.cell(number, 1).value, page.cell(number, 2).value = second, first


def _sheets_backwards(book: Workbook) -> None:
    book.move_sheet("指标", -5)
    book.create_chartsheet("图")


def _blank_rows(book: Workbook) -> None:
    book["项目"].insert_rows(3, 4)


@pytest.mark.parametrize("change", [_insert_title, _swap_columns, _sheets_backwards, _blank_rows])
def test_harmless_changes_to_the_layout_are_read_through(change: object) -> None:
    """X06"""
    assert read_roster(changed(change), "a.xlsx").roster == small()  # type: ignore[arg-type]


LAYOUT = {
    "sheet gone": (
        lambda book: book.remove(book["指标"]),
        "《指标》：缺少这张表。请从模板里补回来，表名不要改。",
    ),
    "sheet renamed": (lambda book: setattr(book["项目"], "title", "项目2"), "《项目》：缺少这张表。"),
    "blank in a sheet name": (lambda book: setattr(book["项目"], "title", "项目 "), "《项目》：缺少这张表。"),
    "heading renamed": (
        lambda book: setattr(book["项目"]["C1"], "value", "名称"),
        "《项目》第 1 行“项目名称”：缺少这一列。请从模板里补回来，表头不要改。",
    ),
    "密级 column deleted": (lambda book: book["项目"].delete_cols(19), "《项目》第 1 行“密级”：缺少这一列。"),
    "heading twice": (
        lambda book: setattr(book["项目"]["T1"], "value", "密级"),
        "《项目》第 1 行“密级”：这一列出现了两次，请删去一列。",
    ),
    "no headings": (
        lambda book: book["单位"].delete_rows(1),
        "《单位》：找不到表头。表头第一格应是“单位编码”。",
    ),
    "merged": (
        lambda book: book["指标"].merge_cells("A2:A3"),
        "《指标》第 2 行：有合并单元格。请取消合并，每一行都写全。",
    ),
}


@pytest.mark.parametrize(("change", "sentence"), LAYOUT.values(), ids=LAYOUT)
def test_changes_that_could_lose_something_are_named(change: object, sentence: str) -> None:
    """X06"""
    reading = read_roster(changed(change), "a.xlsx")  # type: ignore[arg-type]
    assert reading.roster is None
    assert any(str(found).startswith(sentence) for found in reading.problems), list(
        map(str, reading.problems)
    )


def test_numbers_dates_and_percentages_as_excel_keeps_them() -> None:
    """X07, N01: a binary fraction, a number as text, a month, 100% kept as 1, a numeric code"""

    def change(book: Workbook) -> None:
        put(book, "项目", 3, "区级", 0.1 + 0.2)
        put(book, "项目", 3, "市级", "１２．５０")
        put(book, "项目", 3, "调整后预算", None)
        put(book, "项目", 3, "计划结束", "2026年9月")
        put(book, "项目", 3, "预算项目编号", 320400123)
        put(book, "指标", 3, "年度目标", 1)
        put_format(book, "指标", 3, "年度目标", "0%")
        put(book, "指标", 2, "年度目标", 80000)
        put(book, "指标", 2, "序号", "１")
        put(book, "指标", 4, "年度目标", 0.965)
        put_format(book, "指标", 4, "年度目标", "0.0%")

    roster = read_roster(changed(change), "a.xlsx").roster
    assert roster is not None
    second = roster.projects[1]
    assert [str(amount) for _, amount in second.sources] == ["12.50", "0.3"]
    assert str(second.ends) == "2026-09-30"
    assert second.code == "320400123"
    assert [i.target_text for p in roster.projects for i in p.indicators] == ["80000", "100%", "96.5%"]


def test_invisible_characters_are_dropped_from_words() -> None:
    """N11, N21"""

    def change(book: Workbook) -> None:
        put(book, "项目", 3, "项目名称", "设备\u202e购置\u200b\ufeff　")

    roster = read_roster(changed(change), "a.xlsx").roster
    assert roster is not None
    assert roster.projects[1].name == "设备购置"
