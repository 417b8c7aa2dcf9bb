"""Returns, standing in, 催办, leave and directory proposals, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from regulation.chasing import Nudge
from regulation.covers import Cover, CoverState
from regulation.filing import FilingAction, FilingState
from regulation.proposals import Proposal, ProposalKind, ProposalState
from regulation.returns import Return
from regulation.roster import Role
from storage.errors import IdentityTaken, LostRace, VersionConflict
from storage.store import Store
from tests.storage.district import LATER, NOW, Q2, Q3, draft, file

RETURN = Return("p1", Q3, 1, LATER, "chen", "actual.1", "和合同数对不上", date(2026, 10, 15))


# -- returns
def test_a_return_moves_the_form_and_keeps_its_reason(store: Store) -> None:
    with store.begin() as tx:
        file(tx)
        tx.return_form(RETURN)
        assert tx.filing("p1", Q3).state is FilingState.RETURNED
        assert tx.returns(Q3) == [RETURN]
        assert tx.returns(Q2) == []
        assert [r.action for r in tx.audit_rows(2)] == ["return.reason", "filing.return"]
        file(tx, base=1, action=FilingAction.SUBMIT)
        assert tx.returns(Q3) == []  # it came again
        assert tx.last_return("p1", Q3) == RETURN
        tx.return_form(replace(RETURN, version=2, reason="还是不对", due=None))
        assert [r.reason for r in tx.returns(Q3)] == ["还是不对"]
        assert tx.last_return("p2", Q3) is None


def test_a_return_of_a_version_that_is_gone_is_refused(store: Store) -> None:
    with store.begin() as tx:
        file(tx)
        file(tx, base=1)
        with pytest.raises(VersionConflict), tx.savepoint():
            tx.return_form(RETURN)
        assert tx.last_return("p1", Q3) is None


def test_who_fills_for_a_unit_is_written_once(store: Store) -> None:
    with store.begin() as tx:
        tx.stand_in("p1", Q3, "chen", "经办人住院", NOW)
        tx.stand_in("p1", Q3, "chen", "又说一遍", LATER)
        assert [(s.person_id, s.reason) for s in tx.stand_ins("p1", Q3)] == [("chen", "经办人住院")]
        assert tx.stand_ins("p1", Q2) == []


# -- 催办
def test_the_ledger_keeps_every_nudge_in_order(store: Store) -> None:
    with store.begin() as tx:
        tx.nudge(Q3, "d1", ("zhang", "li"), NOW, "chen")
        tx.nudge(Q3, "u1", ("zhang",), LATER, "li")
        assert tx.nudges(Q3) == [
            Nudge("zhang", "d1", "chen", NOW),
            Nudge("li", "d1", "chen", NOW),
            Nudge("zhang", "u1", "li", LATER),
        ]
        assert tx.nudges(Q2) == []


def test_who_is_typing_is_the_last_change_of_any_draft(store: Store) -> None:
    with store.begin() as tx:
        tx.save_draft(draft(), NOW, "zhang")
        tx.save_draft(draft(project="p2"), LATER, "zhang")
        assert tx.typed(Q3) == {"zhang": LATER}
        assert tx.typed(Q2) == {}


# -- leave
def test_leave_is_asked_agreed_and_ends_by_itself(store: Store) -> None:
    first, last = date(2026, 10, 12), date(2026, 10, 20)
    with store.begin() as tx:
        number = tx.ask_cover("zhang", "li", first, last, NOW)
        assert tx.covers(first) == []
        tx.move_cover(number, CoverState.ASKED, CoverState.AGREED, LATER, "li")
        agreed = Cover(number, "zhang", "li", first, last, CoverState.AGREED)
        assert [tx.covers(first), tx.covers(last), tx.covers(last + timedelta(days=1))] == [
            [agreed],
            [agreed],
            [],
        ]
        assert tx.covers_of("zhang", NOW.date()) == [agreed]
        assert tx.covers_of("zhang", last + timedelta(days=1)) == []
        assert tx.covers_of("li", NOW.date()) == []
        with pytest.raises(LostRace), tx.savepoint():
            tx.move_cover(number, CoverState.ASKED, CoverState.REFUSED, LATER, "li")
        tx.move_cover(number, CoverState.AGREED, CoverState.ENDED, LATER, "zhang")
        assert tx.covers(first) == []
        found = tx.cover(number)
        assert found is not None
        assert found.state is CoverState.ENDED
        assert tx.cover(number + 1) is None


# -- directories
BIND = Proposal("wecom", ProposalKind.BIND, "chen", "wx-chen", "陈静", "区教育局")
RENAME = Proposal("wecom", ProposalKind.RENAME, "zhang", "wx-zhang", "张敏敏")
GONE = Proposal("wecom", ProposalKind.GONE, "zhang", "wx-zhang")
LEADS = Proposal("wecom", ProposalKind.LEADS, "zhang", "wx-zhang", "u1", "新桥小学")
ALL = (BIND, RENAME, GONE, LEADS)


def test_a_difference_is_proposed_once_and_decided_once(store: Store) -> None:
    with store.begin() as tx:
        assert tx.propose("wecom", ALL, NOW) == 4
        assert tx.propose("wecom", ALL, LATER) == 0
        assert set(tx.proposals()) == set(ALL)
        tx.decide_proposal(RENAME.key, ProposalState.REFUSED, LATER, "wang")
        with pytest.raises(LostRace), tx.savepoint():
            tx.decide_proposal(RENAME.key, ProposalState.ADOPTED, LATER, "wang")
        person = tx.person("zhang")
        assert person is not None
        assert person.name == "张敏"
        tx.propose("wecom", ALL, LATER)
        assert RENAME not in tx.proposals()  # refused stays refused


def test_what_the_directory_no_longer_says_is_void_until_it_says_it_again(store: Store) -> None:
    with store.begin() as tx:
        tx.propose("wecom", (GONE, LEADS), NOW)
        tx.propose("wecom", (LEADS,), LATER)
        tx.propose("dingtalk", (), LATER)  # another platform's silence means nothing here
        assert tx.proposals() == [LEADS]
        with pytest.raises(LostRace), tx.savepoint():
            tx.decide_proposal(GONE.key, ProposalState.ADOPTED, LATER, "wang")
        tx.propose("wecom", (GONE, LEADS), LATER)
        assert set(tx.proposals()) == {GONE, LEADS}


def test_adopting_changes_the_roster_and_is_audited(store: Store) -> None:
    with store.begin() as tx:
        tx.propose("wecom", (BIND, RENAME, LEADS), NOW)
        for each in (BIND, RENAME, LEADS):
            tx.decide_proposal(each.key, ProposalState.ADOPTED, LATER, "wang")
        chen, zhang = tx.person("chen"), tx.person("zhang")
        assert chen is not None
        assert zhang is not None
        assert ("wecom", "wx-chen") in chen.identities
        assert zhang.name == "张敏敏"
        assert zhang.has(Role.UNIT_HEAD, "u1")
        assert {r.action for r in tx.audit_rows(20) if r.at == LATER} == {
            "directory.adopted",
            "person.identity",
            "person.renamed",
            "person.duty",
        }


def test_t21_gone_from_the_last_directory_is_gone(store: Store) -> None:
    with store.begin() as tx:
        tx.propose("wecom", (GONE,), NOW)
        tx.decide_proposal(GONE.key, ProposalState.ADOPTED, NOW, "wang")
        zhang = tx.person("zhang")
        assert zhang is not None
        assert zhang.active  # still in the other directory
        other = replace(GONE, platform="dingtalk", user_id="dt-zhang")
        tx.propose("dingtalk", (other,), NOW)
        tx.decide_proposal(other.key, ProposalState.ADOPTED, LATER, "wang")
        zhang = tx.person("zhang")
        assert zhang is not None
        assert not zhang.active
        assert zhang.identities == ()


def test_an_account_of_somebody_else_is_never_taken_away(store: Store) -> None:
    taken = replace(BIND, user_id="wx-li")
    with store.begin() as tx:
        tx.propose("wecom", (taken,), NOW)
        with pytest.raises(IdentityTaken), tx.savepoint():
            tx.decide_proposal(taken.key, ProposalState.ADOPTED, LATER, "wang")
        assert tx.proposals() == [taken]
