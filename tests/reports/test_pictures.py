"""Pictures for the chat: goldens byte for byte, text that fits, hostile text, sizes the platforms take."""

import struct
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import annex1, picture
from reports.bars import plan
from reports.deviation import Bar, DeviationPicture, Tone
from reports.grid import Grid, grid
from reports.typeset import balanced, ellipsis, face, wrap
from tests.reports.sample_forms import FORMS, HOSTILE, LONG, PICTURE, SCHOOL, many

GOLDEN = Path(__file__).parent / "golden"
D = Decimal
SVG = "{http://www.w3.org/2000/svg}"
#: what our two drawings are made of; anything else came out of somebody's text
OURS = {SVG + name for name in ("svg", "rect", "path", "text", "tspan")}


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return int(width), int(height)


@pytest.mark.parametrize("name", ["school", "hostile", "empty"])
def test_table_pictures(name: str, golden_bytes: Callable[[Path, bytes], None]) -> None:
    golden_bytes(GOLDEN / f"table_{name}.png", picture.table(annex1.sheet(FORMS[name])))


def test_rehearsal_picture_says_so(golden_bytes: Callable[[Path, bytes], None]) -> None:
    """A12."""
    golden_bytes(GOLDEN / "table_stamp.png", picture.table(annex1.sheet(FORMS["one"], stamp="演练")))


LONG_NAMES = replace(
    PICTURE,
    title="2026年度老旧小区雨污分流与道路、绿化、照明、停车设施一体化提升改造工程（一期、二期及配套管网）"
    * 3,
    bars=(
        Bar(
            "完成雨污分流改造并通过第三方管网检测与内窥复核的老旧小区数量" * 2,
            "9 / 不少于12个",
            D("0.75"),
            D("0.7"),
        ),
        Bar("验收", "部分达成 / " + "房屋设备、设施的管理到位，" * 9),
        Bar("其他", "超过 / 1", D("9.5"), D("0.5"), Tone.BAD, "原因很长，" * 60),
        Bar("负数", "-5 / 10", D("-0.5"), D("1.5")),
        Bar("𠮷👍", "\x00\u202e <b>&</b>"),
    ),
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("deviation", PICTURE),
        ("deviation_none", DeviationPicture("项目", "附表1", "没有发现偏离")),
        ("deviation_long", LONG_NAMES),
    ],
)
def test_deviation_pictures(
    name: str, shown: DeviationPicture, golden_bytes: Callable[[Path, bytes], None]
) -> None:
    golden_bytes(GOLDEN / f"{name}.png", picture.deviation(shown))


def test_the_same_form_gives_the_same_picture() -> None:
    assert picture.table(annex1.sheet(SCHOOL)) == picture.table(annex1.sheet(replace(SCHOOL)))


@pytest.mark.parametrize("count", [0, 1, 60])
def test_any_number_of_rows_below_two_megabytes(count: int) -> None:
    drawn = picture.table(annex1.sheet(many(count)))
    assert size(drawn)[0] == 1080
    assert len(drawn) < picture.MOST_BYTES


def test_the_longest_form_still_fits_and_says_where_the_rest_is() -> None:
    rows = tuple(replace(LONG.rows[1], name=f"第{n}项" + LONG.situation) for n in range(60))
    worst = annex1.sheet(replace(LONG, rows=rows, plan=LONG.situation * 15))
    assert len(picture.table(worst)) < picture.MOST_BYTES
    assert "全文见表格文件" in picture.table_svg(worst, most_lines=4)


@pytest.mark.parametrize("count", [0, 1, 60])
def test_any_number_of_bars_below_two_megabytes(count: int) -> None:
    bars = tuple(Bar(f"第{n}项指标", f"{n} / 60件", D(n) / 60, D("0.75")) for n in range(count))
    drawn = picture.deviation(DeviationPicture("项目", "附表1 · 2026年三季度", "没有发现偏离", bars))
    assert size(drawn) == (1080, plan(DeviationPicture("项目", "", "", bars)).height)
    assert len(drawn) < picture.MOST_BYTES


@pytest.mark.parametrize(
    "svg",
    [
        picture.table_svg(annex1.sheet(HOSTILE)),
        picture.deviation_svg(replace(LONG_NAMES, title=HOSTILE.project_name)),
    ],
    ids=["table", "deviation"],
)
def test_m09_hostile_text_is_only_text(svg: str) -> None:
    tree = ElementTree.fromstring(svg)
    assert {element.tag for element in tree.iter()} <= OURS
    said = "".join(tree.itertext())
    assert "{{7*7}}" in said
    assert "onerror" in said
    assert all("onerror" not in value for element in tree.iter() for value in element.attrib.values())


@pytest.mark.parametrize("text", ["👍", "𠮷", "\u200d", "\ufe0f", "é", "ภาษา", "العربية", "▏"])
def test_n19_letters_the_font_does_not_have_do_no_harm(text: str) -> None:
    shown = DeviationPicture(
        text, text, text, (Bar(text, f"{text} / {text}", D(1), D(1), Tone.WARN, text * 99),)
    )
    assert size(picture.deviation(shown))[0] == 1080
    assert size(picture.table(annex1.sheet(replace(SCHOOL, unit_name=text, plan=text * 99))))[0] == 1080


def inside(drawn: Grid) -> bool:
    """Whether every line stays within its cell, by the font's own widths."""
    edge = {"start": 0, "middle": 1, "end": 2}
    for box in drawn.boxes:
        for line in box.lines:
            width = -(-face(box.bold).width(line.text) * box.size // 1000)
            left = line.x - width * edge[line.anchor] // 2
            if left < box.x or left + width > box.x + box.width + 1:
                return False
            if not box.y < line.y <= box.y + box.height:
                return False
    return True


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_line_stays_in_its_cell(form: object) -> None:
    sheet = annex1.sheet(form, append_effects=True)  # type: ignore[arg-type]
    assert inside(grid(sheet))
    assert inside(grid(sheet, most_lines=3))


def test_every_cell_is_drawn_once_and_none_overlap() -> None:
    drawn = grid(annex1.sheet(SCHOOL))
    area = sum(box.width * box.height for box in drawn.boxes)
    left, right = min(b.x for b in drawn.boxes), max(b.x + b.width for b in drawn.boxes)
    top, bottom = min(b.y for b in drawn.boxes), max(b.y + b.height for b in drawn.boxes)
    assert area == (right - left) * (bottom - top)


def test_ticks_stand_only_where_they_are_given() -> None:
    rows = plan(PICTURE).rows
    assert [row.tick for row in rows] == [750, 750, 750, None, None, None, None]
    assert [row.bar for row in rows] == [629, 750, 430, 1000, 850, None, 1000]
    assert plan(PICTURE).legend == "时间进度 75%"
    assert plan(replace(PICTURE, bars=PICTURE.bars[3:])).legend == ""


def test_deviation_has_a_shape_beside_its_colour() -> None:
    assert [row.shape for row in plan(PICTURE).rows if row.remark] == ["triangle", "cross", "triangle"]


def test_names_end_before_the_figures_begin() -> None:
    for row in plan(LONG_NAMES).rows:
        figures = (face(True).width(row.done) + face(False).width(row.of)) * 32 // 1000
        assert 40 + face(False).width(row.label) * 30 // 1000 < 1040 - figures
    assert plan(LONG_NAMES).rows[0].label.endswith("…")
    assert len(plan(LONG_NAMES).title) == 3
    assert plan(LONG_NAMES).title[-1].text.endswith("…")


TEXTS = st.text(st.sampled_from("截至9月底，改造完成36间（75%）。abc DEF-1.5 “到位”、；\n"), max_size=120)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.integers(60, 900), st.booleans())
def test_wrapping_keeps_every_letter_and_every_line_fits(text: str, width: int, bold: bool) -> None:
    for broken in (wrap, balanced):
        lines = broken(text, 24, width, bold=bold)
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert all(face(bold).fits(line, 24, width) for line in lines)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.integers(60, 900))
def test_an_ellipsis_is_made_only_when_needed_and_fits(text: str, width: int) -> None:
    short = ellipsis(text, 24, width)
    assert face(False).fits(short, 24, width)
    assert (short == text) is face(False).fits(text, 24, width)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("完成情况，良好。", 24 * 4, ("完成情", "况，良", "好。")),
        ("（一）完成", 24 * 3, ("（一）", "完成")),
        ("完成36.5万元", 24 * 4, ("完成36.5", "万元")),
        ("完成1036.5万元", 24 * 4, ("完成", "1036.5", "万元")),
        ("第一行\n第二行", 24 * 9, ("第一行", "第二行")),
        ("", 240, ("",)),
        ("项目实施情况", 24 * 5, ("项目实施情", "况")),
    ],
)
def test_lines_break_as_chinese_print_does(text: str, width: int, lines: tuple[str, ...]) -> None:
    assert wrap(text, 24, width) == lines


def test_centred_labels_leave_no_lonely_character() -> None:
    assert balanced("目标偏离情况及原因分析", 24, 24 * 5) == ("目标偏离", "情况及原", "因分析")
    assert balanced("项目实施情况", 24, 24 * 5) == ("项目实", "施情况")
