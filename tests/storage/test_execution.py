"""Imported execution figures on both databases: exact, in the order they came, each batch once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import create_engine

from regulation.execution import Execution, digest_of
from regulation.roster import FundSource
from regulation.rounds import MonitoringRound
from storage.store import Store
from tests.storage.district import LATER, NOW, Q2, Q3

D = Decimal


def figure(
    batch: str,
    project: str = "p1",
    *,
    arrived: str | None = "256.000001",
    spent: str | None = "201.345",
    round: MonitoringRound = Q3,
) -> Execution:
    return Execution(
        project,
        round,
        None if arrived is None else D(arrived),
        None if spent is None else D(spent),
        ((FundSource.PROVINCIAL, D("0.10")),),
        batch,
        date(2026, 9, 30),
        "预算管理一体化",
    )


def test_what_was_said_comes_back_to_the_last_digit(store: Store) -> None:
    said = figure("T1", spent=None)
    with store.begin() as tx:
        tx.save_execution((said,), NOW, "api:一体化")
    with store.read() as tx:
        assert tx.execution("p1", Q3) == said
        assert tx.execution("p1", Q2) is None
        assert tx.round_execution(Q3) == {"p1": said}
        taken = tx.execution_batch("T1")
        assert taken is not None
        assert (taken.rows, taken.at, taken.digest) == (1, NOW, digest_of((said,)))
        assert tx.execution_batch("T2") is None


def test_the_newest_batch_that_speaks_of_a_project_counts(store: Store) -> None:
    with store.begin() as tx:
        tx.save_execution((figure("Z"), figure("Z", "p2")), LATER, "a")
        tx.save_execution((figure("A", arrived="300"),), NOW, "a")  # later though named and dated earlier
    with store.read() as tx:
        newest = tx.execution("p1", Q3)
        assert newest is not None
        assert (newest.batch, newest.arrived) == ("A", D(300))
        assert {key: known.batch for key, known in tx.round_execution(Q3).items()} == {"p1": "A", "p2": "Z"}


def test_a_batch_is_in_the_audit_log_with_its_digest(store: Store) -> None:
    with store.begin() as tx:
        tx.save_execution((figure("T1"),), NOW, "api:一体化")
    with store.read() as tx:
        (row,) = [row for row in tx.audit_rows(5) if row.action == "execution.imported"]
        assert (row.by, row.subject) == ("api:一体化", "2026Q3")
        assert tx.execution_batch("T1").digest in row.detail  # type: ignore[union-attr]
        assert tx.verify() is None


def test_a_batch_taken_twice_is_refused_by_the_database(store: Store) -> None:
    with store.begin() as tx:
        tx.save_execution((figure("T1"),), NOW, "a")
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"), store.begin() as tx:
        tx.save_execution((figure("T1", "p2"),), NOW, "a")
    with store.read() as tx:
        assert tx.execution("p2", Q3) is None


def test_the_digest_tells_any_difference_and_no_order() -> None:
    one, two = figure("T1"), figure("T1", "p2")
    assert digest_of((one, two)) == digest_of((two, one))
    others = [
        digest_of((one,)),
        digest_of((one, figure("T1", "p2", spent="201.3450"))),
        digest_of((replace(one, as_of=date(2026, 9, 29)), two)),
        digest_of((replace(one, system="别的"), two)),
        digest_of((replace(one, round=Q2), two)),
    ]
    assert len({digest_of((one, two)), *others}) == 6


@pytest.mark.parametrize(
    ("statement", "altered"),
    [
        ("UPDATE execution SET arrived = '999' WHERE batch = 'T1'", ["T1"]),
        ("UPDATE execution SET by_source = '[]' WHERE project_id = 'p2'", ["T1", "T2"]),
        ("UPDATE execution_batch SET system = '别的系统' WHERE id = 'T2'", ["T2"]),
        ("DELETE FROM execution WHERE batch = 'T1'", ["T1"]),
        ("UPDATE execution SET arrived = arrived", []),
    ],
)
def test_p6_batches_changed_behind_our_back_are_found(
    url: str, store: Store, statement: str, altered: list[str]
) -> None:
    with store.begin() as tx:
        tx.save_execution((figure("T1"), figure("T1", "p2")), NOW, "api:一体化")
        tx.save_execution((figure("T2", "p2", arrived=None),), LATER, "api:一体化")
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
    with store.read() as tx:
        assert tx.altered_batches() == altered
        assert tx.verify() is None
