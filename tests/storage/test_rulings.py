"""What finance orders and decides, kept on both databases: moved on once, audited, and holding against a new roster."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from regulation.adjusting import Adjustment, AdjustmentState, Cause
from regulation.disposing import Disposal, DisposalRecord
from regulation.rectifying import Rectification, RectificationState
from regulation.releasing import ReleaseState
from regulation.reporting import ReportReturn
from regulation.tracking import Stage, Tracked
from storage.errors import LostRace
from storage.store import Store
from tests.storage.district import LATER, NOW, Q2, Q3, ROSTER, file, finding

ORDER = Rectification("r1", "d1", Q3, "课桌椅采购进度慢，请查明原因并补上", date(2026, 10, 28), "chen", NOW)
WISH = Adjustment(
    "a1",
    "p1",
    Q3,
    1,
    "≥2160套",
    "≥1500套",
    Cause.POLICY,
    "招生计划调减，需求减少",
    Decimal("-20"),
    "chen",
    NOW,
)
DECIDED = replace(WISH, state=AdjustmentState.APPROVED, decided_by="wang", decided_at=LATER, words="同意")
CUT = DisposalRecord(
    "x1",
    "p1",
    Q3,
    Disposal.CUT,
    Decimal("20.5"),
    "区政府常务会议",
    date(2026, 10, 20),
    "会议纪要",
    True,
    "wang",
    NOW,
)


def test_an_order_moves_on_one_step_at_a_time(store: Store) -> None:
    answered = replace(
        ORDER, state=RectificationState.ANSWERED, answer="已补签合同", answered_by="chen", answered_at=LATER
    )
    with store.begin() as tx:
        tx.order(ORDER, NOW, "wang")
        tx.move_order(answered, LATER, "chen")
        assert tx.rectification("r1") == replace(answered, version=2)
        with pytest.raises(LostRace):
            tx.move_order(replace(ORDER, state=RectificationState.CLOSED), LATER, "wang")
        assert [o.id for o in tx.open_rectifications()] == ["r1"]
        tx.move_order(
            replace(answered, version=2, state=RectificationState.CLOSED, conclusion="到位"), LATER, "wang"
        )
        assert tx.open_rectifications() == []
        assert [(o.conclusion, o.version) for o in tx.rectifications(Q3)] == [("到位", 3)]
        assert tx.rectifications(Q2) == []
        assert tx.rectification("r2") is None
    with store.read() as tx:
        actions = [row.action for row in tx.audit_rows(3)]
        assert actions == ["rectification.closed", "rectification.answered", "rectification.ordered"]


def test_an_approved_adjustment_changes_the_project_and_survives_the_next_roster(store: Store) -> None:
    """F09 too: the filed version keeps the target it was filed against."""
    with store.begin() as tx:
        file(tx)
        tx.request_adjustment(WISH, NOW, "chen")
        assert tx.project("p1").indicators[0].target_text == "≥2160套"  # type: ignore[union-attr]
        tx.move_adjustment(DECIDED, AdjustmentState.REQUESTED, LATER, "wang")
        with pytest.raises(LostRace):
            tx.move_adjustment(
                replace(DECIDED, state=AdjustmentState.REJECTED), AdjustmentState.REQUESTED, LATER, "w"
            )
    with store.begin() as tx:
        tx.import_roster(ROSTER, LATER, "operator")
    with store.read() as tx:
        project = tx.project("p1")
        assert project is not None
        assert (project.indicators[0].target_text, project.budget_current) == ("≥1500套", Decimal("280.10"))
        assert sum(amount for _, amount in project.sources) == Decimal("280.10")
        filed = tx.definition("p1", Q3, 1)
        assert filed is not None
        assert filed.indicators[0].target_text == "≥2160套"
        assert tx.adjustments(Q3) == [DECIDED]
        assert tx.adjustment("a1") == DECIDED


def test_a_wish_of_the_second_quarter_is_handed_in_with_the_third(store: Store) -> None:
    planned = replace(WISH, round=Q2, state=AdjustmentState.PLANNED)
    with store.begin() as tx:
        tx.request_adjustment(planned, NOW, "chen")
        tx.move_adjustment(WISH, AdjustmentState.PLANNED, LATER, "chen")
        assert (tx.adjustments(Q2), tx.adjustments(Q3)) == ([], [WISH])


def test_a_disposal_is_on_record_with_its_amount_exactly(store: Store) -> None:
    with store.begin() as tx:
        tx.dispose(CUT, NOW, "wang")
    with store.read() as tx:
        assert tx.disposals(Q3) == [CUT]
        assert tx.disposals(Q2) == []


def test_a_deviation_is_tracked_until_the_figures_close_it(store: Store) -> None:
    with store.begin() as tx:
        tx.raise_findings("p1", Q3, 1, [finding()], NOW, "zhang")
        found = tx.findings(Q3)[0]
        assert tx.tracked(Q3) == {}
        tx.track(Tracked(found.id, Stage.IN_HAND, "chen", NOW), "2026Q3:p1", NOW, "chen")
        tx.track(Tracked(found.id, Stage.DONE, "chen", LATER, "已补签"), "2026Q3:p1", LATER, "chen")
        assert tx.tracked(Q3) == {found.id: Tracked(found.id, Stage.DONE, "chen", LATER, "已补签")}
        tx.raise_findings("p1", Q3, 2, [], LATER, "zhang")
        assert tx.tracked(Q3) == {}


def test_a11_what_is_let_out_is_what_was_looked_at(store: Store) -> None:
    with store.begin() as tx:
        digest = tx.propose_release("d1", Q3, 1, b"package", NOW, "chen")
        assert tx.propose_release("d1", Q3, 1, b"package", LATER, "li") == digest
        tx.decide_release("d1", Q3, digest, ReleaseState.RELEASED, LATER, "li")
        with pytest.raises(LostRace):
            tx.decide_release("d1", Q3, digest, ReleaseState.REFUSED, LATER, "li")
    with store.read() as tx:
        [kept] = tx.releases("d1", Q3)
        assert (kept.state, kept.proposed_by, kept.decided_by, kept.size) == (
            ReleaseState.RELEASED,
            "chen",
            "li",
            len(b"package"),
        )
        assert tx.release_package("d1", Q3, digest) == b"package"
        assert tx.release_package("d1", Q3, "0" * 64) is None
        assert tx.releases("d2", Q3) == []
        assert "张敏" in tx.known_names()


def test_a_refused_package_can_be_proposed_again_as_it_is(store: Store) -> None:
    with store.begin() as tx:
        digest = tx.propose_release("d1", Q3, 1, b"package", NOW, "chen")
        tx.decide_release("d1", Q3, digest, ReleaseState.REFUSED, NOW, "li")
        tx.propose_release("d1", Q3, 1, b"package", LATER, "zhang")
        [kept] = tx.releases("d1", Q3)
        assert (kept.state, kept.proposed_by, kept.decided_by) == (ReleaseState.PROPOSED, "zhang", "")


def test_a_returned_report_keeps_its_reason_and_day(store: Store) -> None:
    back = ReportReturn("d1", Q3, 1, date(2026, 10, 28), "执行率与附表1合计不一致", "wang", NOW)
    again = replace(back, version=2, due=date(2026, 11, 2), at=LATER)
    with store.begin() as tx:
        tx.return_report(back)
        assert tx.report_returns(Q3) == {"d1": back}
        tx.return_report(again)
        assert tx.report_returns(Q3) == {"d1": again}
        assert tx.report_returns(Q2) == {}
