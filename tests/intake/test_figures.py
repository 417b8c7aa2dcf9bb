"""Execution figures out of files: CSV as Excel saves it, workbooks, and every way such a file can be wrong."""

import io

import pytest
from openpyxl import Workbook

from intake.figures import NO_HEADINGS, NOT_TEXT, TWICE, read_figures
from intake.parts import DAMAGED, OLD_FORMAT, TOO_BIG
from regulation.execution import Line
from regulation.roster import FundSource

ROWS = (
    ("预算执行情况", "", "", "", ""),
    ("项目编码", "已到位资金（万元）", "已支出资金\n（万元）", "中央支出", "备注"),
    ("p001", "256", "201.345", "", "x"),
    ("", "", "", "", ""),
    (" p002 ", "", "", "1200", ""),
)
LINES = (Line(3, "p001", "256", "201.345"), Line(5, "p002", by_source={FundSource.CENTRAL: "1200"}))


def comma(rows: object, encoding: str = "utf-8") -> bytes:
    text = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)  # type: ignore[attr-defined]
    return text.encode(encoding)


def book(rows: object) -> bytes:
    made = Workbook()
    page = made.active
    assert page is not None
    for row in rows:  # type: ignore[attr-defined]
        page.append(list(row))
    raw = io.BytesIO()
    made.save(raw)
    return raw.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_in_any_usual_encoding(encoding: str) -> None:
    reading = read_figures(comma(ROWS, encoding), "执行数.csv")
    assert (reading.lines, reading.problems) == (LINES, ())


def test_a_workbook_with_numbers_in_its_cells() -> None:
    rows = (*ROWS[:2], ("p001", 256, 201.345, None, None), (), ("p002", None, None, 1200.0, None))
    assert read_figures(book(rows), "执行数.xlsx").lines == LINES


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.1 + 0.2, "0.3"), (1e-7, "0.0000001"), (True, "True"), (123456789.123456, "123456789.123456")],
)
def test_a_number_is_its_digits(value: object, said: str) -> None:
    rows = (("项目编码", "已支出资金"), ("p001", value))
    assert [line.spent for line in read_figures(book(rows), "a.xlsx").lines] == [said]


def hollow() -> bytes:
    return book((("项目编码", "已支出资金"), ("p001", "=1+1")))


@pytest.mark.parametrize(
    ("data", "name", "text"),
    [
        (b"", "a.csv", NO_HEADINGS),
        (comma((("项目", "支出"), ("p1", "1"))), "a.csv", NO_HEADINGS),
        (comma((("项目编码", "备注"), ("p1", "1"))), "a.csv", NO_HEADINGS),
        (comma((("项目编码", "已支出资金", "已支出资金"), ("p1", "1", "2"))), "a.csv", TWICE),
        (b"\xff\xfe\x00", "a.csv", NOT_TEXT),
        (b"\x81", "a.csv", NOT_TEXT),
        (b'"a', "a.csv", DAMAGED),
        (b"x" * (5 * 1024 * 1024 + 1), "a.csv", TOO_BIG),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", OLD_FORMAT),
        (b"PK\x03\x04nonsense", "a.xlsx", DAMAGED),
        (hollow(), "a.xlsx", "公式还没有算出结果"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(data: bytes, name: str, text: str) -> None:
    reading = read_figures(data, name)
    assert reading.lines == ()
    assert text in reading.problems[0].text
