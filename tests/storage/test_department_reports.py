"""Department reports at rest: one draft, versions that stay what they were, what they rest on, the key-project log."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from regulation.annexes import Entry
from regulation.filing import FilingAction, FilingState
from regulation.reporting import KeyChange, Report, ReportAction, ReportDraft, ReportState
from regulation.roster import KeyBasis
from storage.errors import VersionConflict
from storage.store import Store
from storage.tx import Tx
from tests.storage.district import ENTRIES, LATER, NOW, Q3, ROSTER, file

TYPED = (("total", Entry("5000", "5000", "m1")), ("assets.plan", Entry("0", "没有", "m1")))


def tamper(url: str, statement: str) -> None:
    """What somebody with the database's password would do, the triggers out of the way."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for action in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER report_figure_no_{action}")
        else:
            connection.exec_driver_sql("ALTER TABLE report_figure DISABLE TRIGGER USER")
        connection.exec_driver_sql(statement)
    engine.dispose()


DRAFT = ReportDraft("d1", Q3, 0, TYPED, (("total", ("5000", "5000万元，对吗？")),), (("p1", 1),))


def submit(tx: Tx, base: int = 0, was: ReportState = ReportState.DRAFT) -> int:
    return tx.save_report(
        "d1",
        Q3,
        base_version=base,
        was=was,
        entries=TYPED,
        basis=tx.basis("d1", Q3),
        action=ReportAction.SUBMIT,
        state=ReportState.AWAITING_HEAD,
        late=False,
        at=NOW,
        by="chen",
    )


def move(tx: Tx, action: ReportAction, was: ReportState, state: ReportState, version: int = 1) -> int:
    return tx.save_report(
        "d1",
        Q3,
        base_version=version,
        was=was,
        entries=(),
        basis=None,
        action=action,
        state=state,
        late=True,
        at=LATER,
        by="wang",
    )


def test_a_draft_is_read_back_and_starts_the_report(store: Store) -> None:
    with store.begin() as tx:
        assert tx.report_draft("d1", Q3) is None
        tx.save_report_draft(DRAFT, NOW, "chen")
    with store.read() as tx:
        assert tx.report_draft("d1", Q3) == replace(DRAFT, revision=1, updated_at=NOW)
        assert tx.report("d1", Q3) == Report("d1", Q3, ReportState.DRAFT)
        assert tx.reports(Q3) == [Report("d1", Q3, ReportState.DRAFT)]
        assert tx.report("d2", Q3).state is ReportState.NOT_STARTED


def test_f02_two_devices_on_one_report_draft(store: Store) -> None:
    with store.begin() as tx:
        tx.save_report_draft(DRAFT, NOW, "chen")
        with pytest.raises(VersionConflict):
            tx.save_report_draft(DRAFT, LATER, "chen")
    with store.begin() as tx:
        tx.save_report_draft(replace(DRAFT, revision=1), LATER, "chen")
        with pytest.raises(VersionConflict):
            tx.save_report_draft(replace(DRAFT, revision=1), LATER, "chen")


def test_a_version_keeps_what_it_rests_on_whatever_is_filed_later(store: Store) -> None:
    """F04: the report made from version 1 is printed from version 1."""
    with store.begin() as tx:
        file(tx)
        assert submit(tx, was=ReportState.NOT_STARTED) == 1
        move(tx, ReportAction.APPROVE, ReportState.AWAITING_HEAD, ReportState.FILED)
    changed = tuple((k, replace(e, value="99.99") if k == "spent" else e) for k, e in ENTRIES)
    with store.begin() as tx:
        tx.save_figures(
            "p1",
            Q3,
            base_version=1,
            entries=changed,
            action=FilingAction.CORRECT,
            state=FilingState.FILED,
            late=False,
            at=LATER,
            by="zhang",
        )
    with store.read() as tx:
        then, now = tx.basis_at("d1", Q3, 1), tx.basis("d1", Q3)
        assert dict(tx.report_entries("d1", Q3)) == dict(TYPED)
        assert tx.report("d1", Q3) == Report("d1", Q3, ReportState.FILED, 1, LATER, "wang", True)
    assert then.versions == {"p1": 1}
    assert now.versions == {"p1": 2}
    assert then.forms[0].entries["spent"].value != now.forms[0].entries["spent"].value == "99.99"
    assert [p.id for p in then.projects] == [p.id for p in now.projects] == ["p1", "p2", "p3"]
    assert [(p.id, p.is_key, p.key_basis) for p in then.projects] == [
        (p.id, p.is_key, p.key_basis) for p in now.projects
    ]
    with pytest.raises(KeyError), store.read() as tx:
        tx.basis_at("d1", Q3, 7)


@pytest.mark.parametrize("state", [FilingState.RETURNED, FilingState.DRAFT, FilingState.AWAITING_UNIT])
def test_only_filed_and_accepted_forms_count(store: Store, state: FilingState) -> None:
    with store.begin() as tx:
        file(tx)
        tx.set_state("p1", Q3, FilingState.ACCEPTED, NOW, "chen")
        assert list(tx.basis("d1", Q3).versions) == ["p1"]
        tx.set_state("p1", Q3, state, NOW, "chen")
        assert tx.basis("d1", Q3).forms == ()


def test_who_comes_second_is_told(store: Store) -> None:
    with store.begin() as tx:
        submit(tx, was=ReportState.NOT_STARTED)
        for attempt in (
            lambda: submit(tx, was=ReportState.NOT_STARTED),
            lambda: move(tx, ReportAction.APPROVE, ReportState.FILED, ReportState.FILED),
            lambda: move(tx, ReportAction.APPROVE, ReportState.AWAITING_HEAD, ReportState.FILED, 2),
        ):
            with pytest.raises(VersionConflict):
                attempt()
        assert tx.report("d1", Q3).state is ReportState.AWAITING_HEAD


@pytest.mark.parametrize("words", ["UPDATE {} SET {} = 'x'", "DELETE FROM {}"])
@pytest.mark.parametrize(
    ("table", "column"),
    [("report_figure", "value"), ("report_revision", "basis"), ("key_change", "reason")],
)
def test_p6_versions_and_the_log_are_only_added_to(
    url: str, store: Store, words: str, table: str, column: str
) -> None:
    with store.begin() as tx:
        submit(tx, was=ReportState.NOT_STARTED)
        tx.set_key_project(KeyChange("p2", True, KeyBasis.MAJOR_SPENDING, "金额大", NOW, "chen"))
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql(words.format(table, column))
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "altered"),
    [
        ("UPDATE report_figure SET value = '999' WHERE key = 'total'", [("d1", Q3, 1)]),
        ("DELETE FROM report_figure WHERE position = 1", [("d1", Q3, 1)]),
        ("UPDATE report_figure SET value = value", []),
    ],
)
def test_p6_a_report_changed_behind_our_back_is_found(
    url: str, store: Store, statement: str, altered: list[object]
) -> None:
    with store.begin() as tx:
        submit(tx, was=ReportState.NOT_STARTED)
    tamper(url, statement)
    with store.read() as tx:
        assert tx.altered_reports() == altered
        assert tx.verify() is None


def test_every_change_of_the_key_list_is_logged_and_the_roster_does_not_undo_it(store: Store) -> None:
    added = KeyChange("p2", True, KeyBasis.MAJOR_SPENDING, "资金占全局一半", NOW, "wang")
    with store.begin() as tx:
        tx.set_key_project(added)
        known = tx.project("p2")
        assert known is not None
        assert (known.is_key, known.key_basis) == (True, KeyBasis.MAJOR_SPENDING)
        tx.import_roster(ROSTER, LATER, "wang")  # the file still says p2 is not on the list
        again = tx.project("p2")
        assert again is not None
        assert again.is_key
        assert tx.key_changes("p2") == [added]
        assert "project.key" in {row.action for row in tx.audit_rows(20)}


def test_what_the_roster_itself_changes_is_logged_too(store: Store) -> None:
    other = replace(ROSTER.projects[0], is_key=False, key_basis=None)
    with store.begin() as tx:
        tx.import_roster(replace(ROSTER, projects=(other, *ROSTER.projects[1:])), LATER, "wang")
        assert tx.key_changes("p1") == [KeyChange("p1", False, None, "名册", LATER, "wang")]
        assert tx.key_changes("p2") == []


def test_the_department_total_comes_with_the_roster(store: Store) -> None:
    first = replace(ROSTER.departments[0], budget_total=Decimal("12345.6789"))
    with store.begin() as tx:
        assert tx.basis("d1", Q3).total is None
        tx.import_roster(replace(ROSTER, departments=(first, ROSTER.departments[1])), LATER, "wang")
        assert tx.basis("d1", Q3).total == Decimal("12345.6789")


def test_f09_a_key_project_not_yet_filed_is_kept_as_it_was(store: Store) -> None:
    with store.begin() as tx:
        submit(tx, was=ReportState.NOT_STARTED)
        renamed = replace(ROSTER.projects[2], name="换了名字")
        tx.import_roster(replace(ROSTER, projects=(*ROSTER.projects[:2], renamed)), LATER, "wang")
        names = {p.id: p.name for p in tx.basis_at("d1", Q3, 1).projects}
    assert names["p3"] == "食堂设备"
