"""Counts several units of a key project report: added up, unless the office says they are one and the same (第四条).

附表3 sums its units. Where two of them report the very same thing, the schools both serve or the district's whole
population, adding it up would print it twice; only the department knows, so it says so, indicator by indicator."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from regulation.annex1 import Entry
from regulation.folding import clean_text, fold
from regulation.problems import Problem, problem

NONE = "无"
_NUMBERS = re.compile(r"[\d\s、,，;；和]+")


def once_key(project_id: str) -> str:
    """Where the names of the indicators of one key project that count only once are kept."""
    return f"{project_id}.once"


def is_once_key(key: str) -> bool:
    """Whether an entry is such a list."""
    return key.endswith(".once")


def counted_once(entries: Mapping[str, Entry], project_id: str) -> frozenset[str]:
    """The names of those indicators."""
    entry = entries.get(once_key(project_id))
    return frozenset(entry.value.split("\n")) - {NONE} if entry else frozenset()


def parse_once(text: str, offered: Sequence[str]) -> str | Problem:
    """``1、3`` as the names of the first and third count offered, one a line; 无 for none of them."""
    folded = fold(clean_text(text)).strip()
    if folded in (NONE, "没有", "0"):
        return NONE
    numbers = [int(digits) for digits in re.findall(r"\d+", folded)] if _NUMBERS.fullmatch(folded) else []
    wrong = [number for number in numbers if not 1 <= number <= len(offered)]
    if wrong or not numbers:
        return problem("once.no_such", most=len(offered), text=text.strip()[:20])
    return "\n".join(offered[number - 1] for number in dict.fromkeys(numbers))
