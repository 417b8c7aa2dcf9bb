"""A second reader: target strings and what they mean, written down by hand, not taken from the parser.

In the table ``*`` is anything, ``-`` is none, ``|`` separates readings that are both fine; ``may_be_sure`` no means
that saying SURE would be a confident wrong reading."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from regulation.targets import Confidence, Target, parse_target

TABLE = Path(__file__).with_name("targets_read_by_hand.tsv")


def _rows() -> list[list[str]]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


ROWS = _rows()


def _parsed(row: list[str]) -> Target:
    text, level2, name = row[:3]
    return parse_target(text, None if level2 == "-" else level2, None if name == "-" else name)


def _agrees(row: list[str]) -> bool:
    target = _parsed(row)
    got = (
        target.operator.name if target.operator else "-",
        str(target.value) if target.value is not None else "-",
        target.unit or "-",
        target.direction.value,
        target.kind.value,
    )
    return all(want == "*" or have in want.split("|") for want, have in zip(row[3:8], got, strict=True))


def test_never_a_confident_wrong_reading() -> None:
    """SURE agrees with the second reader in everything, and is said nowhere it must not be."""
    sure = [row for row in ROWS if _parsed(row).confidence is Confidence.SURE]
    assert [row[:3] for row in sure if row[8] == "no" or not _agrees(row)] == []


def test_sure_is_said_often_enough_to_be_of_use() -> None:
    """Where the second reader allows SURE, five in six are not asked about."""
    allowed = [row for row in ROWS if row[8] == "yes"]
    sure = [row for row in allowed if _parsed(row).confidence is Confidence.SURE]
    assert len(sure) / len(allowed) > 5 / 6


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0][:24]}|{row[2][:12]}")
def test_reads_as_an_official_does(row: list[str]) -> None:
    assert _agrees(row), _parsed(row)
