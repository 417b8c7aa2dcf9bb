"""What a changed rule would find in figures already filed: which deviations appear, vanish or change (第十八条)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from regulation.deviation import judge
from regulation.findings import Finding, Reported
from regulation.roster import Project
from regulation.rounds import MonitoringRound
from regulation.thresholds import Thresholds


class Change(StrEnum):
    """What becomes of one deviation."""

    APPEARS = "appears"
    VANISHES = "vanishes"
    LEVEL = "level"


CHANGE_LABELS = {Change.APPEARS: "新出现", Change.VANISHES: "消失", Change.LEVEL: "变轻变重"}


@dataclass(frozen=True, slots=True)
class Filed:
    """One filed form: the project as it was defined, its figures, and the day they were judged on."""

    project: Project
    figures: Reported
    on: date


@dataclass(frozen=True, slots=True)
class Difference:
    """One deviation that the two sets of rules see differently; None on the side that does not see it."""

    project: Project
    change: Change
    before: Finding | None
    after: Finding | None

    @property
    def finding(self) -> Finding:
        """The one to show: as it would be, as it was when it would vanish."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a difference has at least one side")
        return found


def differences(
    forms: Iterable[Filed], round: MonitoringRound, old: Thresholds, new: Thresholds
) -> Iterator[Difference]:
    """Every difference, form by form in the order given."""
    for form in forms:
        yield from _of_form(form, round, old, new)


def _of_form(form: Filed, round: MonitoringRound, old: Thresholds, new: Thresholds) -> Iterator[Difference]:
    before, after = (
        {(f.field, f.code): f for f in judge(form.project, round, form.figures, rules, form.on)}
        for rules in (old, new)
    )
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        change = _change(was, now)
        if change:
            yield Difference(form.project, change, was, now)


def _change(was: Finding | None, now: Finding | None) -> Change | None:
    if was is None or now is None:
        return Change.APPEARS if was is None else Change.VANISHES
    return Change.LEVEL if was.level is not now.level else None
