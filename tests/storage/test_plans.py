"""The queries of every turn and tick find their rows by an index, however long the tables grow (D08)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from storage import (
    bases,
    cards,
    covers,
    drafts,
    duties,
    filings,
    findings,
    inbox,
    outbox,
    people,
    reminders,
    returns,
    sessions,
)
from storage.sql import Statement
from storage.store import Store

HOT = {
    "a delivery seen before": (inbox._SEEN, "sqlite_autoindex_inbox"),
    "deliveries to retry": (inbox._RETRY, "ix_inbox_open"),
    "messages due": (outbox._CLAIM, "ix_outbox_waiting"),
    "next message due": (outbox._NEXT, "ix_outbox_waiting"),
    "last message to a person": (outbox._LAST, "sqlite_autoindex_outbox"),
    "a session": (sessions._READ, "PRIMARY KEY"),
    "a card": (cards._READ, "PRIMARY KEY"),
    "a draft": (drafts._READ, "PRIMARY KEY"),
    "a filing": (filings._FILING, "PRIMARY KEY"),
    "latest entries": (filings._LATEST_ENTRIES, "PRIMARY KEY"),
    "a person's duties in a round": (duties._duties(True, False, False, True), "ix_project_filler_id_year"),
    "a unit's duties in a round": (duties._duties(False, True, False, False), "ix_project_year_unit_id"),
    "a department's projects": (bases._PROJECTS, "ix_project_year_unit_id (year=? AND unit_id=?)"),
    "a department's filed forms": (bases._DEFINITIONS, "ix_project_year_unit_id (year=? AND unit_id=?)"),
    "a department's figures": (bases._FIGURES, "ix_project_year_unit_id (year=? AND unit_id=?)"),
    "findings of a round": (findings._findings(False, False, True), "uq_finding_open"),
    "who speaks": (people._BY_IDENTITY, "PRIMARY KEY"),
    "who holds a duty": (people._WITH, "ix_duty_scope_id_role"),
    "forms sent back": (returns._STANDING, "PRIMARY KEY"),
    "why a form was sent back": (returns._LAST, "PRIMARY KEY"),
    "who fills for a unit": (returns._STAND_INS, "PRIMARY KEY"),
    "leave that stands": (covers._STANDING, "ix_cover_state_last_day"),
    "a moment acted on": (reminders._ACTED, "PRIMARY KEY"),
}


@pytest.mark.parametrize("name", HOT)
def test_d08_hot_queries_use_their_index(file_store: Store, name: str) -> None:
    statement, index = HOT[name]
    plan = _plan(file_store, statement)
    assert index in plan, plan


@pytest.mark.parametrize(
    "name", [name for name in HOT if name not in ("next message due", "deliveries to retry")]
)
def test_d08_hot_queries_read_no_whole_table(file_store: Store, name: str) -> None:
    scans = [step for step in _plan(file_store, HOT[name][0]).split("; ") if step.startswith("SCAN")]
    assert all("due" in step or "USING" in step for step in scans), scans


def _plan(store: Store, statement: Statement) -> str:
    with store.begin() as tx:
        prepared = statement.prepared(tx.dialect)
        given: dict[str, Any] = dict.fromkeys(re.findall(r":(\w+)", prepared.text), "1")
        explained = tx._cursor.execute(
            "EXPLAIN QUERY PLAN " + prepared.text, {**given, **prepared.parameters({})}
        )
        return "; ".join(row[3] for row in explained.fetchall())
