"""Generated districts: the size asked for, the same from the same seed, and without anything odd."""

from __future__ import annotations

from itertools import pairwise

import pytest

from intake.demo import district
from intake.export import write_roster
from intake.roster import read_roster
from regulation.targets import Kind, parse_target


@pytest.mark.parametrize(("units", "departments"), [(1, 1), (9, 1), (25, 2), (600, 60)])
def test_size(units: int, departments: int) -> None:
    roster = district(units, seed=1, year=2026)
    assert (len(roster.units), len(roster.departments)) == (units, departments)
    assert sum(unit.is_headquarters for unit in roster.units) == departments
    assert 2 * units <= len(roster.projects) <= 3 * units


def test_six_hundred_units_have_about_fifteen_hundred_projects() -> None:
    assert 1400 <= len(district(600, seed=1, year=2026).projects) <= 1600


def test_same_seed_same_district() -> None:
    assert district(20, seed=7, year=2026) == district(20, seed=7, year=2026)
    assert district(20, seed=7, year=2026) != district(20, seed=8, year=2026)


def test_no_unit_no_district() -> None:
    with pytest.raises(ValueError, match="至少"):
        district(0, seed=1, year=2026)


def test_projects_per_unit() -> None:
    assert len(district(10, seed=1, year=2026, projects_per_unit=(4, 4)).projects) == 40


def test_nothing_to_refuse_or_warn_about() -> None:
    reading = read_roster(write_roster(district(60, seed=2, year=2028)), "名册.xlsx")
    assert (reading.problems, reading.warnings) == ((), ())


def test_targets_can_all_be_read_and_positions_run_on() -> None:
    roster = district(60, seed=2, year=2026)
    for project in roster.projects:
        assert [one.position for one in project.indicators] == list(range(1, len(project.indicators) + 1))
        kinds = {parse_target(one.target_text, one.level2, one.name).kind for one in project.indicators}
        assert Kind.UNREADABLE not in kinds
        orders = [list(type(source)).index(source) for source, _ in project.sources]
        assert all(before < after for before, after in pairwise(orders))
