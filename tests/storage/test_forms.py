"""Drafts, filed versions, duties and findings, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from regulation.annexes import Entry
from regulation.deviation import Level
from regulation.filing import Filing, FilingAction, FilingState
from regulation.handovers import HandOverAsk, HandOverEnd
from regulation.rounds import MonitoringRound
from storage.errors import LostRace, VersionConflict
from storage.store import Store
from tests.storage.district import (
    ENTRIES,
    LATER,
    NOW,
    Q2,
    Q3,
    draft,
    entries,
    file,
    finding,
)


# -- drafts
def test_draft_begins_the_form_and_counts_answers(store: Store) -> None:
    with store.begin() as tx:
        assert tx.draft("p1", Q3, "zhang") is None
        first = replace(draft(spent="1", arrived="2"), proposals=(("spent", ("0.32", "是0.32万元吗？")),))
        tx.save_draft(first, NOW, "zhang")
        assert tx.draft("p1", Q3, "zhang") == replace(first, revision=1, updated_at=NOW)
        assert tx.filing("p1", Q3).state is FilingState.DRAFT
        assert tx.filing("p1", Q2) == Filing("p1", Q2)
        assert [duty.answered for duty in tx.duties(Q3, filler_id="zhang")] == [2, 0]
        tx.drop_draft("p1", Q3, "zhang")
        tx.drop_draft("p1", Q3, "zhang")
        assert tx.draft("p1", Q3, "zhang") is None


def test_f02_two_devices_on_one_draft(store: Store) -> None:
    with store.begin() as tx:
        tx.save_draft(draft(spent="1"), NOW, "zhang")
        tx.save_draft(draft(spent="2", revision=1), LATER, "zhang")
        for stale in (0, 1, 9):
            with pytest.raises(VersionConflict) as conflict:
                tx.save_draft(draft(spent="3", revision=stale), LATER, "zhang")
            assert conflict.value.current == 2
        tx.drop_draft("p1", Q3, "zhang")
        with pytest.raises(VersionConflict) as conflict:
            tx.save_draft(draft(spent="3", revision=2), LATER, "zhang")
        assert conflict.value.current == 0


def test_f01_other_drafts_are_seen(store: Store) -> None:
    with store.begin() as tx:
        tx.save_draft(draft("li", spent="5"), LATER, "li")
        tx.save_draft(draft("zhang", spent="1"), NOW, "zhang")
        tx.save_draft(draft("chen", spent="7"), NOW - timedelta(days=1), "chen")
        assert [other.person_id for other in tx.other_drafts("p1", Q3, "zhang")] == ["chen", "li"]


@pytest.mark.parametrize(("theirs", "kept"), [(None, "1"), (NOW - timedelta(hours=1), "1"), (LATER, "9")])
def test_hand_over_takes_the_newer_draft_along(store: Store, theirs: datetime | None, kept: str) -> None:
    with store.begin() as tx:
        tx.save_draft(draft(spent="1"), NOW, "zhang")
        if theirs:
            tx.save_draft(draft("li", spent="9"), theirs, "li")
        tx.hand_over("p1", "zhang", "li", LATER, "zhang")
        found = tx.draft("p1", Q3, "li")
        assert found is not None
        assert dict(found.entries)["spent"].value == kept
        assert tx.draft("p1", Q3, "zhang") is None
        assert [duty.project_id for duty in tx.duties(Q3, filler_id="li")] == ["p1", "p3"]
        with pytest.raises(LostRace):
            tx.hand_over("p1", "zhang", "chen", LATER, "zhang")


def test_who_is_asked_to_take_a_project_is_open_until_answered(store: Store) -> None:
    asks = [HandOverAsk("p1", Q3, "zhang", who, at) for who, at in (("li", NOW), ("chen", LATER))]
    with store.begin() as tx:
        for ask in (*asks, asks[0]):  # asked twice it is one question
            tx.ask_hand_over(ask)
        assert tx.hand_over_asks(Q3) == asks
        tx.end_hand_over(asks[0], HandOverEnd.DECLINED, LATER, "li")
        assert tx.hand_over_asks(Q3) == asks[1:]
        with pytest.raises(LostRace):
            tx.end_hand_over(asks[0], HandOverEnd.WITHDRAWN, LATER, "zhang")
        tx.hand_over("p1", "zhang", "li", LATER, "zhang")
        assert tx.hand_over_asks(Q3) == []  # no longer the asker's to give


# -- filings
def test_versions_are_added_and_each_is_whole(store: Store) -> None:
    with store.begin() as tx:
        assert tx.entries("p1", Q3) == {}
        assert file(tx) == 1
        again = entries(spent="210", note="已核对")
        assert file(tx, 1, entries=again, at=LATER, by="li", late=True) == 2
        assert tx.entries("p1", Q3) == dict(again)
        assert list(tx.entries("p1", Q3, 1)) == ["spent", "actual.1"]
        assert tx.entries("p1", Q3, 1)["spent"] == Entry("201.35", "支出201.35", "wecom:m1")
        assert tx.entries("p1", Q3, 3) == {}
        assert tx.filing("p1", Q3) == Filing("p1", Q3, FilingState.FILED, 2, LATER, "li", True)
        assert [(r.version, r.by, r.action, r.base_version) for r in tx.revisions("p1", Q3)] == [
            (1, "zhang", FilingAction.SUBMIT, 0),
            (2, "li", FilingAction.CORRECT, 1),
        ]
        assert tx.round_entries(Q3) == {"p1": dict(again)}
        assert tx.definition("p1", Q3, 3) is None


@pytest.mark.parametrize("base", [0, 2, 7])
def test_f01_t10_a_stale_version_is_refused(store: Store, base: int) -> None:
    with store.begin() as tx:
        file(tx)
        with pytest.raises(VersionConflict) as conflict, tx.savepoint():
            file(tx, base, entries=entries(spent="9"))
        assert conflict.value.current == 1
        assert tx.entries("p1", Q3) == dict(ENTRIES)


def test_state_moves_without_a_version(store: Store) -> None:
    with store.begin() as tx:
        file(tx, action=FilingAction.SUBMIT_TO_HEAD, state=FilingState.AWAITING_UNIT)
        assert file(tx, 1, entries=(), action=FilingAction.CONFIRM, at=LATER, by="li") == 1
        assert tx.filing("p1", Q3) == Filing("p1", Q3, FilingState.FILED, 1, LATER, "li", False)
        file(tx, 1, entries=(), action=FilingAction.RETURN, state=FilingState.RETURNED, at=LATER, by="chen")
        assert tx.filing("p1", Q3) == Filing("p1", Q3, FilingState.RETURNED, 1, LATER, "li", False)
        assert tx.entries("p1", Q3) == dict(ENTRIES)
        tx.set_state("p1", Q3, FilingState.ACCEPTED, LATER, "chen")
        tx.set_state("p1", Q2, FilingState.DRAFT, LATER, "chen")
        assert tx.filing("p1", Q3).state is FilingState.ACCEPTED
        assert tx.filing("p1", Q2).state is FilingState.DRAFT


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["p1", "p2", "p3", "p4"]),
        ({"owing_only": True}, ["p2", "p3", "p4"]),
        ({"filler_id": "zhang"}, ["p1", "p2"]),
        ({"filler_id": "zhang", "owing_only": True}, ["p2"]),
        ({"unit_id": "u2"}, ["p3"]),
        ({"department_id": "d1"}, ["p1", "p2", "p3"]),
        ({"department_id": "d1", "filler_id": "li", "unit_id": "u2", "owing_only": True}, ["p3"]),
        ({"filler_id": "nobody"}, []),
    ],
)
def test_duties_of_a_round(store: Store, filters: dict[str, object], expected: list[str]) -> None:
    with store.begin() as tx:
        file(tx)
        tx.set_state("p2", Q3, FilingState.RETURNED, NOW, "chen")
        tx.save_draft(draft("li", "p3", spent="1"), NOW, "li")
        tx.save_draft(draft("chen", "p3", spent="1", arrived="2"), NOW, "chen")
        found = tx.duties(Q3, **filters)  # type: ignore[arg-type]
        assert [duty.project_id for duty in found] == expected
        assert tx.duties(MonitoringRound(2025, 3)) == []
        states = {
            duty.project_id: (duty.filing.state, duty.answered, duty.department_id) for duty in tx.duties(Q3)
        }
    assert states == {
        "p1": (FilingState.FILED, 0, "d1"),
        "p2": (FilingState.RETURNED, 0, "d1"),
        "p3": (FilingState.DRAFT, 1, "d1"),
        "p4": (FilingState.NOT_STARTED, 0, "d2"),
    }


# -- findings
def test_f08_findings_open_stay_worsen_and_close(store: Store) -> None:
    with store.begin() as tx:
        tx.raise_findings("p1", Q3, 1, [finding(), finding("quantity", field="actual.1")], NOW, "zhang")
        pace, quantity = tx.findings(Q3)
        tx.tell([pace.id, quantity.id], "chen", NOW)
        tx.tell([pace.id], "chen", LATER)
        assert tx.findings(Q3, untold_to="chen") == []
        assert len(tx.findings(Q3, untold_to="wang")) == 2

        tx.raise_findings("p1", Q3, 2, [finding(title="支出 45%")], LATER, "zhang")
        (renewed,) = tx.findings(Q3)
        assert (renewed.id, renewed.version, renewed.finding.title) == (pace.id, 2, "支出 45%")
        assert tx.findings(Q3, untold_to="chen") == [], "the same deviation is not told twice"

        tx.raise_findings("p1", Q3, 3, [finding(level=Level.RED)], LATER, "zhang")
        (worse,) = tx.findings(Q3, untold_to="chen")
        assert worse.finding.level is Level.RED
        tx.raise_findings("p1", Q3, 4, [], LATER, "zhang")
        assert tx.findings(Q3) == []
        history = [(old.finding.level, old.closed_at) for old in tx.finding_history("p1", Q3)]
    assert history == [(Level.YELLOW, LATER), (Level.YELLOW, LATER), (Level.RED, LATER)]


def test_findings_worst_first_and_filtered(store: Store) -> None:
    with store.begin() as tx:
        tx.raise_findings("p4", Q3, 1, [finding(level=Level.RED)], NOW, "chen")
        tx.raise_findings("p1", Q3, 1, [finding("a", Level.INFO), finding("b", Level.RED)], NOW, "zhang")
        tx.raise_findings("p1", Q2, 1, [finding()], NOW, "zhang")
        assert [(r.project_id, r.finding.code) for r in tx.findings(Q3)] == [
            ("p1", "b"),
            ("p4", "pace"),
            ("p1", "a"),
        ]
        assert [r.finding for r in tx.findings(Q3, project_id="p4")] == [finding(level=Level.RED)]
        assert [r.project_id for r in tx.findings(Q3, department_id="d1")] == ["p1", "p1"]
        assert tx.findings(Q3, department_id="d2", untold_to="wang", project_id="p1") == []
