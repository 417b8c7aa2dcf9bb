"""A batch of execution figures: taken whole or not at all, every mistake named with its row."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.annexes import fields
from regulation.execution import Batch, Execution, Line, known_entries, read_batch
from regulation.roster import FundSource, Project
from regulation.rounds import parse_round

D = Decimal
Q3 = parse_round("2026Q3")
C, P, R = FundSource.CENTRAL, FundSource.PROVINCIAL, FundSource.DISTRICT


def project(
    id: str, code: str = "", *, year: int = 2026, is_key: bool = False, sources: object = None
) -> Project:
    money = sources or ((R, D(320)),)
    total = sum((amount for _, amount in money), D(0))  # type: ignore[attr-defined]
    return Project(id, year, "u1", "zhang", f"项目{id}", total, total, money, code=code, is_key=is_key)  # type: ignore[arg-type]


SCHOOL = project("p1", "32041101")
PARK = project("p2", "32041102", is_key=True, sources=((C, D(1800)), (R, D(200))))
OLD = project("p3", "32041103", year=2025)
TWINS = (project("p4", "same"), project("p5", "same"))
PROJECTS = (SCHOOL, PARK, OLD, *TWINS)


def batch(
    *lines: Line, id: str = "T1", as_of: date = date(2026, 9, 30), system: str = "预算管理一体化"
) -> Batch:
    return Batch(id, Q3, as_of, system, lines)


def test_a_batch_is_read_exactly() -> None:
    reading = read_batch(
        batch(Line(2, "p1", "256", "201.345"), Line(3, "32041102", by_source={C: "1200", R: "0"})), PROJECTS
    )
    assert reading.faults == ()
    assert reading.figures == (
        Execution(
            "p1", Q3, D(256), D("201.345"), ((R, D("201.345")),), "T1", date(2026, 9, 30), "预算管理一体化"
        ),
        Execution(
            "p2", Q3, None, D(1200), ((C, D(1200)), (R, D(0))), "T1", date(2026, 9, 30), "预算管理一体化"
        ),
    )
    assert reading.figures[0].origin == "预算管理一体化 截至9月30日 批次 T1"


MISTAKES = {
    "execution.unknown": Line(7, "p9", "1"),
    "another year": Line(7, "p3", "1"),
    "a code two projects have": Line(7, "same", "1"),
    "execution.twice": Line(7, "32041101", "1"),
    "execution.nothing": Line(7, "p2"),
    "execution.amount": Line(7, "p2", "1,200"),
    "execution.source": Line(7, "p2", by_source={P: "1"}),
    "execution.sum": Line(7, "p2", spent="1200.01", by_source={C: "1200"}),
}
SAID = {
    "another year": "execution.unknown",
    "a code two projects have": "execution.unknown",
}


@pytest.mark.parametrize("name", MISTAKES)
def test_one_wrong_row_and_nothing_is_taken(name: str) -> None:
    reading = read_batch(batch(Line(2, "p1", "256"), MISTAKES[name]), PROJECTS)
    assert reading.figures == ()
    assert [(fault.number, fault.problem.code) for fault in reading.faults] == [(7, SAID.get(name, name))]


@pytest.mark.parametrize(
    "text",
    ["-1", "+1", "1e3", "NaN", " 1", "1 ", "１", "1_0", "1.", ".5", "1.1234567", "1" * 10, "=1+1", "1万"],
)
def test_an_amount_is_plain_digits_or_refused(text: str) -> None:
    (fault,) = read_batch(batch(Line(2, "p1", text)), PROJECTS).faults
    assert (fault.field, fault.problem.code) == ("arrived", "execution.amount")


@pytest.mark.parametrize(
    ("made", "field", "code"),
    [
        (batch(Line(1, "p1", "1"), id="a b"), "batch", "execution.batch"),
        (batch(Line(1, "p1", "1"), id=""), "batch", "execution.batch"),
        (batch(Line(1, "p1", "1"), as_of=date(2026, 10, 1)), "as_of", "execution.as_of"),
        (batch(Line(1, "p1", "1"), as_of=date(2025, 12, 31)), "as_of", "execution.as_of"),
        (batch(Line(1, "p1", "1"), system="\u200b"), "system", "execution.system"),
        (batch(), "rows", "execution.rows"),
    ],
)
def test_what_is_wrong_with_the_batch_itself(made: Batch, field: str, code: str) -> None:
    (fault,) = read_batch(made, PROJECTS).faults
    assert (fault.number, fault.field, fault.problem.code) == (0, field, code)


def test_every_mistake_is_told_at_once() -> None:
    lines = [Line(n, f"x{n}", "1") for n in range(2, 302)]
    assert [fault.number for fault in read_batch(batch(*lines), PROJECTS).faults] == list(range(2, 302))


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_no_text_makes_reading_fail(name: str, arrived: str, spent: str) -> None:
    reading = read_batch(batch(Line(2, name, arrived, spent)), PROJECTS)
    assert bool(reading.figures) != bool(reading.faults)


@pytest.mark.parametrize(
    ("known", "line", "keys"),
    [
        (SCHOOL, Line(2, "p1", "256", "201.345"), {"arrived": "256", "spent": "201.345"}),
        (SCHOOL, Line(2, "p1", "256"), {"arrived": "256"}),
        (PARK, Line(2, "p2", "1900", "1200"), {"arrived": "1900"}),
        (PARK, Line(2, "p2", "", "", {C: "1200", R: "0"}), {"spent.central": "1200", "spent.district": "0"}),
    ],
)
def test_the_figures_become_answers_of_the_form_that_asks_for_them(
    known: Project, line: Line, keys: dict[str, str]
) -> None:
    (figure,) = read_batch(batch(line), PROJECTS).figures
    made = known_entries(known, figure)
    assert {key: entry.value for key, entry in made.items()} == keys
    assert {entry.message for entry in made.values()} == {"execution:T1"}
    assert made.keys() <= {field.key for field in fields(known)}


def test_a_batch_that_is_too_long_is_told_so_once() -> None:
    lines = tuple(Line(number, "nobody", "1") for number in range(20_001))
    assert [fault.problem.code for fault in read_batch(batch(*lines), PROJECTS).faults] == ["execution.rows"]
