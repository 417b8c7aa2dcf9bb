"""read_roster(write_roster(r)) is r: for any roster, for the demonstration, and with hostile words."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.demo import demo_roster, district
from intake.export import write_roster
from intake.roster import read_roster
from regulation.folding import clean_text
from regulation.roster import (
    Department,
    Duty,
    FinanceDivision,
    FundSource,
    Indicator,
    KeyBasis,
    Person,
    Project,
    ResponsibleUnit,
    Role,
    Roster,
)
from regulation.texts import looks_classified
from tests.intake.rosters import small

HOSTILE = (
    "=1+1",
    '=HYPERLINK("x","y")',
    "=cmd|' /C calc'!A0",
    "+86",
    "-5",
    "@SUM(A1)",
    "'; DROP TABLE projects;--",
    "100%_",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "[x](javascript:alert(1))",
    "@所有人 请点",
    "../../x.xlsx",
    "CON",
    "_x0041_",
    "𠮷䶮 👨‍👩‍👧",
    "两行\n文字",
    "'引号",
)


def read_back(roster: Roster) -> Roster | None:
    reading = read_roster(write_roster(roster), "名册.xlsx")
    assert reading.problems == ()
    return reading.roster


def test_small_roster_without_warnings() -> None:
    reading = read_roster(write_roster(small()), "名册.xlsx")
    assert (reading.roster, reading.problems, reading.warnings) == (small(), (), ())


def test_demonstration() -> None:
    assert read_back(demo_roster()) == demo_roster()


def test_generated_district() -> None:
    roster = district(40, seed=3, year=2027)
    assert read_back(roster) == roster


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_kept_literally_and_never_become_formulas(words: str) -> None:
    """X01, X02, M08, M09, M10, N12, N19"""
    first = small().projects[0]
    hostile = replace(
        first, name=words, indicators=(replace(first.indicators[0], name=words, target_text=words),)
    )
    roster = replace(small(), projects=(hostile, small().projects[1]))
    data = write_roster(roster)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert not any(b"<f>" in sheet for sheet in sheets)
    assert read_roster(data, "名册.xlsx").roster == roster


def test_offline_counts_survive() -> None:
    roster = replace(small(), offline=(("U01", 2),))
    assert read_back(roster) == roster


# --- any roster ---------------------------------------------------------------------------------------------------

CODES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,7}", fullmatch=True)
WORDS = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=12
    )
    .map(clean_text)
    .filter(lambda words: words and not looks_classified(words))
)
MONEY = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)
DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))


@st.composite
def projects(draw: st.DrawFn, code: str, unit: str, filler: str) -> Project:
    amounts = draw(st.dictionaries(st.sampled_from(FundSource), MONEY.filter(bool), max_size=5))
    sources = tuple((source, amounts[source]) for source in FundSource if source in amounts)
    positions = sorted(draw(st.sets(st.integers(1, 999), max_size=4)))
    dates = sorted(draw(st.lists(DAYS, min_size=2, max_size=2)))
    is_key = draw(st.booleans())
    return Project(
        code,
        draw(st.integers(2000, 2099)),
        unit,
        filler,
        draw(WORDS),
        draw(MONEY),
        sum((amount for _, amount in sources), Decimal(0)),
        sources,
        tuple(
            Indicator(at, draw(WORDS), draw(WORDS), draw(WORDS), draw(WORDS), draw(st.none() | MONEY))
            for at in positions
        ),
        draw(st.just("") | CODES),
        is_key,
        draw(st.none() | st.sampled_from(KeyBasis)) if is_key else None,
        draw(st.sampled_from((None, dates[0]))),
        draw(st.sampled_from((None, dates[1]))),
        draw(st.booleans()),
    )


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    departments = [
        Department(code, draw(WORDS), "F")
        for code in draw(st.lists(CODES, min_size=1, max_size=2, unique=True))
    ]
    units = [
        ResponsibleUnit(f"{department.id}.{at}", department.id, draw(WORDS), at == 0)
        for department in departments
        for at in range(draw(st.integers(1, 2)))
    ]
    duties = [Duty(Role.ADMIN, "*"), *(Duty(Role.FILLER, unit.id) for unit in units)]
    people = tuple(
        Person(
            code,
            draw(WORDS),
            tuple(draw(st.lists(st.sampled_from(duties), unique=True, max_size=3))),
            tuple((platform, f"{platform}-{code}") for platform in draw(PLATFORMS)),
        )
        for code in draw(st.lists(CODES, min_size=1, max_size=3, unique=True))
    )
    codes = draw(st.lists(CODES, max_size=3, unique=True))
    units_and_people = st.tuples(st.sampled_from(units), st.sampled_from(people))
    chosen = [draw(units_and_people) for _ in codes]
    return Roster(
        (FinanceDivision("F", draw(WORDS)),),
        tuple(departments),
        tuple(units),
        people,
        tuple(
            draw(projects(code, unit.id, person.id))
            for code, (unit, person) in zip(codes, chosen, strict=True)
        ),
        tuple((unit.id, draw(st.integers(1, 9))) for unit in units[:1]),
    )


PLATFORMS = st.sampled_from(((), ("dingtalk",), ("wecom",), ("dingtalk", "wecom", "simulator")))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rosters())
def test_any_roster_comes_back_equal(roster: Roster) -> None:
    assert read_back(roster) == roster
