"""Differences between directories and roster, each decided once by an administrator, and what deciding changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from regulation.proposals import Proposal, ProposalKind, ProposalState
from regulation.roster import Role
from storage.audit import detail_text
from storage.errors import LostRace
from storage.people import People
from storage.sql import Statement, binds, constant, into
from storage.tables import duty, identity, person, proposal

_SHOWN = ("platform", "kind", "person_id", "user_id", "value", "said", "state")
_ADD = Statement(
    into(proposal)
    .values(**binds("key", *_SHOWN, "found_at"), decided_by="")
    .on_conflict_do_update(
        index_elements=["key"],
        set_={"state": ProposalState.OPEN.value},
        where=proposal.c.state == constant(ProposalState.VOID.value),
    )
)
_OPEN = Statement(
    select(*(proposal.c[name] for name in _SHOWN))
    .where(proposal.c.state == constant(ProposalState.OPEN.value))
    .order_by(proposal.c.found_at, proposal.c.key)
)
_ONE = Statement(select(*(proposal.c[name] for name in _SHOWN)).where(proposal.c.key == bindparam("row")))
_DECIDE = Statement(
    update(proposal)
    .where(proposal.c.key == bindparam("row"), proposal.c.state == constant(ProposalState.OPEN.value))
    .values(state=bindparam("now"), decided_at=bindparam("moved_at"), decided_by=bindparam("who"))
)
_RENAME = Statement(update(person).where(person.c.id == bindparam("row")).values(name=bindparam("now")))
_LEAVE = Statement(update(person).where(person.c.id == bindparam("row")).values(active=False))
_UNBIND = Statement(
    identity.delete().where(
        identity.c.platform == bindparam("on"), identity.c.user_id == bindparam("account")
    )
)
_LAST_DUTY = Statement(select(func.max(duty.c.position)).where(duty.c.person_id == bindparam("row")))
_ADD_DUTY = Statement(
    into(duty)
    .values(**binds("person_id", "role", "scope_id", "position"))
    .on_conflict_do_nothing(index_elements=["person_id", "role", "scope_id"])
)


def _proposal(row: Sequence[str]) -> Proposal:
    platform, kind, person_id, user_id, value, said, state = row
    return Proposal(platform, ProposalKind(kind), person_id, user_id, value, said, ProposalState(state))


class Proposals(People):
    """The proposals' part of a transaction."""

    def propose(self, platform: str, found: Sequence[Proposal], at: datetime) -> int:
        """What that platform's directory says otherwise now: new ones are kept, open ones it no longer says are void,
        decided ones stay decided. How many are new."""
        keys = {each.key for each in found}
        before = {p.key for p in self.proposals() if p.platform == platform}
        for key in sorted(before - keys):
            self._decide(key, ProposalState.VOID, at, "system")
        new = [each for each in found if each.key not in before]
        return sum(self._add(each, at) for each in new)

    def _add(self, found: Proposal, at: datetime) -> int:
        row = {name: str(getattr(found, name)) for name in _SHOWN}
        added = self.run(_ADD, key=found.key, found_at=at, **row)
        if added:
            self.record("system", "directory.proposed", found.person_id, detail_text(kind=found.kind), at)
        return added

    def proposals(self) -> list[Proposal]:
        """Those nobody has decided, the oldest first."""
        return [_proposal(row) for row in self.all(_OPEN)]

    def proposal(self, key: str) -> Proposal | None:
        """One of them, decided or not."""
        row = self.first(_ONE, row=key)
        return _proposal(row) if row else None

    def decide_proposal(self, key: str, state: ProposalState, at: datetime, by: str) -> None:
        """Adopted or refused, once; what adopting means is done here too. Raises LostRace when it was decided."""
        found = self.proposal(key)
        if found is None or not self._decide(key, state, at, by):
            raise LostRace(f"proposal {key}")
        if state is ProposalState.ADOPTED:
            _ADOPT[found.kind](self, found, at, by)

    def _decide(self, key: str, state: ProposalState, at: datetime, by: str) -> bool:
        moved = self.run(_DECIDE, row=key, now=state.value, moved_at=at, who=by)
        if moved:
            self.record(by, f"directory.{state.value}", key, detail_text(), at)
        return bool(moved)

    def _rename(self, found: Proposal, at: datetime, by: str) -> None:
        self.run(_RENAME, row=found.person_id, now=found.value)
        self.record(by, "person.renamed", found.person_id, detail_text(), at)

    def _gone(self, found: Proposal, at: datetime, by: str) -> None:
        """The account is no longer theirs; without another one the person has left."""
        self.run(_UNBIND, on=found.platform, account=found.user_id)
        left = self.person(found.person_id)
        if left and not left.identities:
            self.run(_LEAVE, row=found.person_id)
            self.record(by, "person.left", found.person_id, detail_text(platform=found.platform), at)

    def _leads(self, found: Proposal, at: datetime, by: str) -> None:
        last = self.all(_LAST_DUTY, row=found.person_id)[0][0]
        given = {"role": Role.UNIT_HEAD.value, "scope_id": found.value, "position": (last or 0) + 1}
        self.run(_ADD_DUTY, person_id=found.person_id, **given)
        self.record(by, "person.duty", found.person_id, detail_text(role="unit_head", scope=found.value), at)

    def _bound(self, found: Proposal, at: datetime, by: str) -> None:
        self.bind_identity(found.person_id, found.platform, found.user_id, at, by)


_ADOPT = {
    ProposalKind.BIND: Proposals._bound,
    ProposalKind.RENAME: Proposals._rename,
    ProposalKind.GONE: Proposals._gone,
    ProposalKind.LEADS: Proposals._leads,
}
