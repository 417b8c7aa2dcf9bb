"""附表1 as a sheet: the official layout cell by cell, goldens of filled forms, and what is refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from regulation.annexes import Annex1
from reports import annex1
from reports.sheet import CELL_LIMIT, COLUMNS, ROW_LIMIT, STYLES, Sheet, SheetError, printable, shown
from tests.reports.sample_forms import EFFECTS, EMPTY, FORMS, ROWS, SCHOOL, many, row

HERE = Path(__file__).parent
LAYOUT = json.loads((HERE / "annex1_layout.json").read_text(encoding="utf-8"))


def filled(sheet: Sheet) -> dict[str, str]:
    """Coordinate -> what is seen there, empty cells left out."""
    return {
        f"{COLUMNS[column]}{number}": shown(cell)
        for number, row in enumerate(sheet.rows, 1)
        for column, cell in enumerate(row)
        if cell.value is not None
    }


def written(sheet: Sheet) -> str:
    """The sheet as text a person can review."""
    lines = [f"{sheet.name}  {len(sheet.rows)}行  打印 {sheet.area}  每页重复第{sheet.page.repeat}行"]
    for number, (cells, height) in enumerate(zip(sheet.rows, sheet.heights, strict=True), 1):
        lines.append(f"-- {number}  高{height}")
        lines += [
            f"{COLUMNS[column]}{number} [{cell.style}{'|数' * isinstance(cell.value, Decimal)}{'|引' * cell.quoted}] "
            + shown(cell).replace("\n", "⏎")
            for column, cell in enumerate(cells)
            if cell.value is not None
        ]
    lines.append("合并 " + " ".join(merge.ref for merge in sheet.merges))
    return "\n".join(lines) + "\n"


def merges(sheet: Sheet) -> set[str]:
    return {merge.ref for merge in sheet.merges}


def test_x10_the_blank_form_is_the_official_one_cell_by_cell() -> None:
    sheet = annex1.blank()
    assert filled(sheet) == LAYOUT["cells"]
    assert merges(sheet) == set(LAYOUT["merges"])
    assert (len(sheet.rows), len(sheet.widths)) == (17, 6)


def test_x10_filling_changes_no_printed_word_and_no_place() -> None:
    """Four indicators, one of each kind: every official cell but the period and unit lines stays as printed."""
    form = replace(SCHOOL, rows=tuple(r for r in ROWS if r.name != "采购课桌椅"))
    sheet = annex1.sheet(form)
    seen = filled(sheet)
    changed = {place for place, text in LAYOUT["cells"].items() if seen[place] != text}
    assert changed == {"A3", "A4"}
    assert seen["A3"] == "（2026年度三季度）"
    assert seen["A4"].split() == ["编报单位：新桥小学", "单位：万元"]
    assert merges(sheet) == set(LAYOUT["merges"])


@pytest.mark.parametrize("name", sorted(FORMS.keys() - {"hostile"}))
def test_x10_filled_forms(name: str, golden: Callable[[Path, str], None]) -> None:
    golden(HERE / "golden" / f"{name}.txt", written(annex1.sheet(FORMS[name])))


def test_the_effects_and_the_rehearsal_stamp(golden: Callable[[Path, str], None]) -> None:
    """A12: what is printed during a rehearsal says so."""
    golden(HERE / "golden" / "effects.txt", written(annex1.sheet(SCHOOL, append_effects=True, stamp="演练")))


def test_without_effects_their_block_is_worded_as_in_annex_3() -> None:
    seen = filled(annex1.sheet(EMPTY, append_effects=True))
    assert [seen[f"B{number}"] for number in (17, 18, 19)] == ["效果指标1", "效果指标2", "……"]
    assert seen["A17"] == "效果"


def test_effects_are_printed_only_when_asked_for() -> None:
    names = {effect.name for effect in EFFECTS}
    assert names.isdisjoint(filled(annex1.sheet(SCHOOL)).values())
    assert names <= set(filled(annex1.sheet(SCHOOL, append_effects=True)).values())


@pytest.mark.parametrize(
    ("rows", "labels", "expected"),
    [
        ((), ["产出数量", "产出质量", "产出时效", "产出成本", "…"], {"A12:A16"}),
        (ROWS[:2], ["产出数量", "", "产出质量", "产出时效", "产出成本", "…"], {"A12:A17", "B12:B13"}),
        (
            (row("其他产出", "甲", "1", "1"), row("其他产出", "乙", "1", "1")),
            ["产出数量", "产出质量", "产出时效", "产出成本", "其他产出", ""],
            {"A12:A17", "B16:B17"},
        ),
    ],
)
def test_rows_replace_the_dots_and_stretch_the_merges(
    rows: tuple[object, ...], labels: list[str], expected: set[str]
) -> None:
    sheet = annex1.sheet(replace(SCHOOL, rows=rows))
    assert [shown(cells[1]) for cells in sheet.rows[11:-1]] == labels
    assert {ref for ref in merges(sheet) if ref[0] == ref.split(":")[1][0]} == expected


def test_no_row_is_lost_or_repeated() -> None:
    sheet = annex1.sheet(many(60))
    names = [cells[2].value for cells in sheet.rows[11:-1] if cells[2].value]
    assert names == [f"第{n}项监控指标" for n in range(1, 61)]


@pytest.mark.parametrize(
    ("actual", "value"),
    [
        ("36", Decimal(36)),
        ("6.4", Decimal("6.4")),
        ("-5", Decimal(-5)),
        ("96.50", "96.50"),
        ("007", "007"),
        ("36间", "36间"),
        ("1e5", "1e5"),
        ("１２", "１２"),
        ("", None),
    ],
)
def test_a_bare_figure_is_a_number_everything_else_stays_as_said(actual: str, value: object) -> None:
    sheet = annex1.sheet(replace(SCHOOL, rows=(row("产出数量", "甲", "48", actual),)))
    assert sheet.rows[11][4].value == value
    assert sheet.rows[11][3].value == "48"


@pytest.mark.parametrize(
    ("money", "seen"), [("2.345", "2.35"), ("0.005", "0.01"), ("38.766462", "38.77"), ("0", "0.00")]
)
def test_n18_money_is_kept_exactly_and_shown_half_up(money: str, seen: str) -> None:
    sheet = annex1.sheet(replace(SCHOOL, spent=Decimal(money)))
    cell = sheet.rows[6][4]
    assert (cell.value, shown(cell), STYLES[cell.style].number) == (Decimal(money), seen, "0.00")


def test_an_unknown_amount_is_an_empty_cell_never_zero() -> None:
    sheet = annex1.sheet(EMPTY)
    assert (sheet.rows[6][1].value, sheet.rows[6][4].value) == (None, None)


@pytest.mark.parametrize("text", ["好" * (CELL_LIMIT + 1), "👍" * (CELL_LIMIT // 2 + 1)])
def test_n20_a_text_no_cell_can_hold_is_refused_not_cut(text: str) -> None:
    with pytest.raises(SheetError, match="32767"):
        annex1.sheet(replace(SCHOOL, plan=text))


@pytest.mark.parametrize("length", [2_000, 10_000, CELL_LIMIT])
def test_n20_a_long_text_is_whole_and_its_rows_can_be_shown(length: int) -> None:
    sheet = annex1.sheet(replace(SCHOOL, plan="好" * length))
    assert "好" * length in filled(sheet).values()
    assert max(sheet.heights) <= ROW_LIMIT
    top = sheet.rows.index(next(cells for cells in sheet.rows if cells[0].value == "改进计划")) + 1
    block = next(m for m in sheet.merges if m.top == top and m.left == 2)
    room = sum(sheet.heights[block.top - 1 : block.bottom])
    assert room >= length * 2 / 78 * 14, "fewer points than the text has lines"
    assert sheet.page.repeat == next(
        n for n, cells in enumerate(sheet.rows, 1) if cells[0].value == "一级指标"
    )


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\x00b\x0bc\x1f", "abc"),
        ("行一\r\n行二\r行三", "行一\n行二\n行三"),
        ("x\ud800y\ufffe\uffff", "xy"),
        ("1\u202e23\u2066", "123"),
        ("𠮷👍䶮", "𠮷👍䶮"),
    ],
)
def test_n21_characters_no_file_can_carry_are_left_out(raw: str, clean: str) -> None:
    assert printable(raw) == clean


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_a_number_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(SheetError):
        annex1.sheet(replace(SCHOOL, budget=Decimal(value)))


def usual() -> list[Annex1]:
    return [FORMS[name] for name in ("empty", "one", "school", "twelve")]


@pytest.mark.parametrize("form", usual(), ids=["empty", "one", "school", "twelve"])
def test_a_usual_form_fits_one_a4_page(form: Annex1) -> None:
    sheet = annex1.sheet(form)
    page = Decimal(842) - 72 * (sheet.page.top + sheet.page.bottom)
    assert sum(sheet.heights) <= page
