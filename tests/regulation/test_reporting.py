"""The life of a department's report: the whole table, both ways, and the picture of it."""

import pytest

from regulation.reporting import (
    OWED,
    REPORT_ACTION_LABELS,
    REPORT_STATE_LABELS,
    REPORT_TRANSITIONS,
    ReportAction,
    ReportState,
    next_report_state,
    report_diagram,
)

#: every (state, action) that is allowed; everything else must be refused.
ALLOWED = """
not_started   save        draft
not_started   submit      awaiting_head
draft         save        draft
draft         submit      awaiting_head
awaiting_head withdraw    draft
awaiting_head head_return draft
awaiting_head approve     filed
filed         withdraw    draft
filed         return      returned
filed         accept      approved
filed         rectify     rectifying
returned      save        returned
returned      submit      awaiting_head
approved      return      returned
approved      rectify     rectifying
rectifying    feedback    rectifying
rectifying    close       closed
"""
TABLE = {(a, b): c for a, b, c in (line.split() for line in ALLOWED.strip().splitlines())}


@pytest.mark.parametrize("state", ReportState)
@pytest.mark.parametrize("action", ReportAction)
def test_every_pair_is_decided(state, action):
    expected = TABLE.get((state.value, action.value))
    assert next_report_state(state, action) == (ReportState(expected) if expected else None)


def test_nothing_reaches_finance_without_the_head():
    ways = {
        a for actions in REPORT_TRANSITIONS.values() for a, to in actions.items() if to is ReportState.FILED
    }
    assert ways == {ReportAction.APPROVE}


def test_every_state_can_be_reached():
    reached, open_ = set(), [ReportState.NOT_STARTED]
    while open_:
        state = open_.pop()
        reached.add(state)
        open_.extend(s for s in REPORT_TRANSITIONS[state].values() if s not in reached)
    assert reached == set(ReportState)


def test_a_report_is_owed_until_finance_has_it():
    assert {
        state for state in ReportState if REPORT_STATE_LABELS[state] in "待汇总草稿待领导确认退回"
    } == OWED


def test_labels_are_complete():
    assert set(REPORT_STATE_LABELS) == set(ReportState)
    assert set(REPORT_ACTION_LABELS) == set(ReportAction)


def test_the_diagram_draws_every_arrow_of_the_table_and_no_other():
    lines = report_diagram().splitlines()
    arrows = {line.strip() for line in lines if "-->" in line and "[*]" not in line}
    assert arrows == {f"{a} --> {c}: {REPORT_ACTION_LABELS[ReportAction(b)]}" for (a, b), c in TABLE.items()}
    assert '    state "待领导确认" as awaiting_head' in lines
