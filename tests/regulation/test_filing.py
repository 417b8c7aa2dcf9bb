"""The life of a unit's form: the whole table, both ways, and the picture of it."""

import pytest

from regulation.filing import (
    ACTION_LABELS,
    STATE_LABELS,
    TRANSITIONS,
    FilingAction,
    FilingState,
    diagram,
    next_state,
)

#: every (state, action) that is allowed; everything else must be refused.
ALLOWED = """
not_started   save           draft
not_started   submit         filed
not_started   submit_to_head awaiting_unit
draft         save           draft
draft         submit         filed
draft         submit_to_head awaiting_unit
awaiting_unit confirm        filed
awaiting_unit withdraw       draft
awaiting_unit return         returned
filed         save           filed
filed         correct        filed
filed         withdraw       draft
filed         return         returned
filed         accept         accepted
returned      save           returned
returned      submit         filed
returned      submit_to_head awaiting_unit
accepted      return         returned
"""
TABLE = {(a, b): c for a, b, c in (line.split() for line in ALLOWED.strip().splitlines())}


@pytest.mark.parametrize("state", FilingState)
@pytest.mark.parametrize("action", FilingAction)
def test_every_pair_is_decided(state, action):
    expected = TABLE.get((state.value, action.value))
    assert next_state(state, action) == (FilingState(expected) if expected else None)


def test_f03_an_accepted_form_is_opened_only_by_a_return():
    assert [a for a in FilingAction if next_state(FilingState.ACCEPTED, a)] == [FilingAction.RETURN]


def test_every_state_can_be_reached_and_leads_to_acceptance():
    reached, open_ = set(), [FilingState.NOT_STARTED]
    while open_:
        state = open_.pop()
        reached.add(state)
        open_.extend(s for s in TRANSITIONS[state].values() if s not in reached)
    assert reached == set(FilingState)


def test_labels_are_complete():
    assert set(STATE_LABELS) == set(FilingState)
    assert set(ACTION_LABELS) == set(FilingAction)


def test_the_diagram_draws_every_arrow_of_the_table_and_no_other():
    lines = diagram().splitlines()
    assert lines[0] == "stateDiagram-v2"
    arrows = {line.strip() for line in lines if "-->" in line and "[*]" not in line}
    assert arrows == {f"{a} --> {c}: {ACTION_LABELS[FilingAction(b)]}" for (a, b), c in TABLE.items()}
    assert '    state "待单位确认" as awaiting_unit' in lines
