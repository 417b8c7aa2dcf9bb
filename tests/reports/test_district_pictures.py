"""The district at a glance: what each square says, trouble first, sizes, hostile names, nothing too early."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from regulation.filing import Filing, FilingState
from regulation.rounds import parse_round
from reports import annex2, annex3, picture
from reports.district import DistrictPicture, Line, Square, district_picture, line, square
from reports.progress import progress
from reports.strip import strip
from tests.reports.sample_departments import DEPARTMENT, PARK
from tests.reports.test_pictures import OURS, size

GOLDEN = Path(__file__).parent / "golden"
D = Decimal
Q3 = parse_round("2026Q3")
S = FilingState


def counts(
    done: int, filling: int = 0, untouched: int = 0, overdue: int = 0
) -> tuple[tuple[Square, int], ...]:
    return tuple(zip(Square, (done, filling, untouched, overdue), strict=True))


LINES = (
    Line("区教育局", counts(7, 2, 1), D("0.86")),
    Line("区水利局", counts(8, 2, 2, 1), D("0.42")),
    Line("区住房和城乡建设局", counts(13, 1, 1, 1), D("0.78")),
    Line("区统计局", counts(4), None),
    Line("区卫健局", counts(2, 0, 0, 1), D("0.5999")),
    Line("区司法局", counts(40), D("1.2")),
    Line("区科技局", counts(110), D("0.60")),
)


def drawn(*lines: Line) -> DistrictPicture:
    return district_picture(Q3, lines, said_at="10月12日 09:00", due="10月10日", pace_yellow=D("0.8"))


def test_the_tall_picture(golden_bytes: Callable[[Path, bytes], None]) -> None:
    golden_bytes(GOLDEN / "district.png", picture.district(drawn(*LINES)))


def test_the_strip(golden_bytes: Callable[[Path, bytes], None]) -> None:
    golden_bytes(GOLDEN / "strip.png", picture.strip(drawn(*LINES)))


@pytest.mark.parametrize(
    ("name", "made"),
    [("table_annex2", annex2.sheet(DEPARTMENT)), ("table_annex3", annex3.sheet(PARK))],
)
def test_department_forms_as_pictures(
    name: str, made: object, golden_bytes: Callable[[Path, bytes], None]
) -> None:
    golden_bytes(GOLDEN / f"{name}.png", picture.table(made))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "answered", "overdue", "expected"),
    [
        (S.NOT_STARTED, 0, False, Square.UNTOUCHED),
        (S.NOT_STARTED, 3, False, Square.FILLING),
        (S.DRAFT, 0, False, Square.FILLING),
        (S.NOT_STARTED, 0, True, Square.OVERDUE),
        (S.DRAFT, 3, True, Square.OVERDUE),
        (S.RETURNED, 0, False, Square.FILLING),
        (S.RETURNED, 0, True, Square.FILLING),
        (S.AWAITING_UNIT, 0, True, Square.DONE),
        (S.FILED, 0, True, Square.DONE),
        (S.ACCEPTED, 0, False, Square.DONE),
    ],
)
def test_one_form_is_one_square(state: FilingState, answered: int, overdue: bool, expected: Square) -> None:
    assert square(Filing("p", Q3, state), answered, overdue=overdue) is expected


def test_every_project_has_its_square_and_none_two() -> None:
    filings = [(Filing(f"p{n}", Q3, state), 0) for n, state in enumerate(FilingState)]
    made = line("区教育局", filings, overdue=False)
    assert made.owed == len(FilingState)
    assert [status for status, _ in made.squares] == [Square.DONE, Square.FILLING, Square.UNTOUCHED]


def test_trouble_stands_first() -> None:
    names = [each.name for each in drawn(*LINES).lines]
    assert names[:4] == ["区水利局", "区住房和城乡建设局", "区卫健局", "区教育局"]


def test_slow_is_below_the_line_in_force_and_unknown_is_not_slow() -> None:
    assert {each.name for each in drawn(*LINES).slow_lines} == {"区水利局", "区卫健局"}


def said(svg: str) -> str:
    return "｜".join(ElementTree.fromstring(svg).itertext())


def test_spending_that_may_not_be_seen_yet_is_nowhere() -> None:
    hidden = drawn(*(replace(each, spent=None) for each in LINES))
    tall, flat = (said(picture.canvas_svg(canvas)) for canvas in (progress(hidden), strip(hidden)))
    assert "支出报财政后可见" in tall
    assert "部门报财政后可见" in flat
    assert not re.search(r"(?<!时间进度)(?<!低于)(?<!时间进度 )\b(42|86|78|120)%", tall + flat)


def test_a_strip_is_of_the_shape_wecom_takes() -> None:
    width, height = size(picture.strip(drawn(*LINES)))
    assert Decimal("1.3") <= Decimal(width) / height <= Decimal("2.25")
    assert Decimal(width) / height == Decimal("1.8")


@pytest.mark.parametrize("lines", [0, 1, 60])
@pytest.mark.parametrize("projects", [0, 1, 100, 300])
def test_any_district_stays_inside_and_below_two_megabytes(lines: int, projects: int) -> None:
    district = drawn(*(Line(f"区第{n}局", counts(projects, 1), D(n) / 60) for n in range(lines)))
    for canvas, png in ((progress(district), picture.district), (strip(district), picture.strip)):
        for shape in canvas.shapes:
            corners = [(int(x), int(y)) for x, y in re.findall(r"M(-?\d+) (-?\d+)", shape.d)]
            assert all(0 <= x <= canvas.width and 0 <= y <= canvas.height for x, y in corners)
        assert len(png(district)) < picture.MOST_BYTES


def test_m09_hostile_names_are_only_text() -> None:
    name = '</text><script>alert(1)</script>"\x00\u202e{{7*7}}'
    for canvas in (
        progress(drawn(Line(name, counts(1, 0, 0, 1)))),
        strip(drawn(Line(name, counts(0, 0, 0, 1)))),
    ):
        tree = ElementTree.fromstring(picture.canvas_svg(canvas))
        assert {element.tag for element in tree.iter()} <= OURS


def test_a_long_name_ends_with_dots() -> None:
    assert "区住房和城" in said(picture.canvas_svg(progress(drawn(*LINES))))
    assert "区住房和城乡建设局" not in said(picture.canvas_svg(progress(drawn(*LINES))))
