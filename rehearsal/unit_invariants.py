"""What must hold inside units after a rehearsed year: leave, projects offered, forms taken back and sent back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from regulation.filing import FilingState
from rehearsal.invariants import Evidence, Verdict
from rehearsal.offices import OfficeStep
from rehearsal.units import RETURN, REVIEW, WITHDRAWAL, Matter

#: where a form is that the department has.
REACHED = (FilingState.FILED, FilingState.ACCEPTED)


def check_units(e: Evidence) -> list[Verdict]:
    """Every invariant in order."""
    verdicts = [(name, list(found(e))) for name, found in CHECKS]
    return [Verdict(name, len(found), tuple(filter(None, found))[:10]) for name, found in verdicts]


def _named(e: Evidence, *names: str) -> list[OfficeStep]:
    return [step for step in e.inside.others if step.name in names]


def _nobody_away_is_asked(e: Evidence) -> Iterator[str]:
    """While somebody stands in, what is asked goes to them and not to who is away."""
    for clerk, deputy, first, last in e.inside.away:
        theirs = [s for s in e.shown if s.key.startswith("remind:") and first <= s.at.date() <= last]
        asked = [s for s in theirs if s.user == clerk]
        yield f"{clerk} 由 {deputy} 代班，{asked[0].at:%m-%d %H:%M} 还收到 {asked[0].title}" if asked else ""


def _leave_is_stored(e: Evidence) -> Iterator[str]:
    """Each leave stands in the storage on its days, and one that was called off on none."""
    stands = {(c.person_id, c.first) for _, _, first, _ in e.inside.away for c in e.tx.covers(first)}
    for clerk, _, first, _ in e.inside.away:
        yield "" if (clerk, first) in stands else f"{clerk} {first} 没有记下"
    for step in _named(e, Matter.CALLED_OFF):
        clerk = step.parts[0].who
        left = [c for c in e.tx.covers_of(clerk, step.at.date()) if (clerk, c.first) not in stands]
        yield f"{clerk} {left[0].first} 没有撤掉" if left else ""


def _projects_move_once(e: Evidence) -> Iterator[str]:
    """A project is with who took it, any other with who always had it; only what nobody answered is open."""
    taken = {project: who for project, who, _ in e.inside.moved}
    for project in e.roster.projects:
        now, then = e.tx.project(project.id).filler_id, taken.get(project.id, project.filler_id)
        yield "" if now == then else f"{project.id} 归 {now}，应归 {then}"
    for round in sorted({step.round for step in e.inside.others}):
        unanswered = {s.form for s in _named(e, Matter.UNANSWERED) if s.round == round}
        open_ = {ask.project_id for ask in e.tx.hand_over_asks(round)}
        yield "" if open_ <= unanswered else f"{round.code} 还开着 {sorted(open_ - unanswered)}"


def _taken_back_comes_again(e: Evidence) -> Iterator[str]:
    """A form taken back was filed again, its versions without a gap, and is with the department."""
    for step in _named(e, WITHDRAWAL):
        filing = e.tx.filing(step.form, step.round)
        versions = [r.version for r in e.tx.revisions(step.form, step.round)]
        whole = versions == list(range(1, len(versions) + 1)) and len(versions) >= 2
        yield "" if whole and filing.state in REACHED else f"{step.form} {filing.state.value} {versions}"


def _sent_back_comes_again(e: Evidence) -> Iterator[str]:
    """A form the office sent back came again as a later version, and what came in time is not late for it."""
    for step in _named(e, RETURN):
        why, filing = e.tx.last_return(step.form, step.round), e.tx.filing(step.form, step.round)
        fine = why and filing.version > why.version and filing.state in REACHED and not filing.late
        yield "" if fine else f"{step.round.code}:{step.form} {filing.state.value} 版本 {filing.version}"


def _reviewed_is_received(e: Evidence) -> Iterator[str]:
    """What the office received is stored as received; it received something in every round."""
    for round in sorted({step.round for step in _named(e, REVIEW)}):
        states = [e.tx.filing(project.id, round).state for project in e.roster.projects]
        yield "" if FilingState.ACCEPTED in states else f"{round.code} 一张也没有接收"


CHECKS: tuple[tuple[str, Callable[[Evidence], Iterator[str]]], ...] = (
    ("请假那几天不找请假的人", _nobody_away_is_asked),
    ("请假记下了，不请的撤掉了", _leave_is_stored),
    ("移交答应了才换人，没答的才开着", _projects_move_once),
    ("撤回的都再报了，版本不断号", _taken_back_comes_again),
    ("退回的都改好再报，没有算逾期", _sent_back_comes_again),
    ("预算科接收的都记着", _reviewed_is_received),
)
