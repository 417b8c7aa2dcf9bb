"""People with their duties and platform accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    bindparam,
    case,
    delete,
    literal_column,
    select,
    true,
    union_all,
)

from regulation.roster import OTHER_ID, Duty, Person, Role
from storage.audit import detail_text
from storage.errors import IdentityTaken
from storage.sql import Row, Statement, binds, into, one_of
from storage.tables import duty, identity, other_account, person
from storage.transaction import Transaction

Condition = Callable[[ColumnElement[str]], ColumnElement[bool]]
_PERSON, _DUTY, _ACCOUNT = 0, 1, 2


def _asked(chosen: Condition) -> Statement:
    """The people whose id fulfils a condition, with their duties and accounts, in one query: every turn asks it."""

    def part(kind: int, who: Any, one: Any, two: Any, position: Any) -> Select[Any]:
        columns = (who.label("who"), one.label("one"), two.label("two"), position.label("position"))
        return select(literal_column(str(kind), Integer).label("part"), *columns).where(chosen(who))

    named = part(
        _PERSON, person.c.id, person.c.name, case((person.c.active, "active"), else_=""), person.c.position
    )
    duties = part(_DUTY, duty.c.person_id, duty.c.role, duty.c.scope_id, duty.c.position)
    accounts = part(
        _ACCOUNT, identity.c.person_id, identity.c.platform, identity.c.user_id, literal_column("0", Integer)
    )
    return Statement(union_all(named, duties, accounts).order_by("part", "position", "who", "one"))


_active = select(person.c.id).join(duty, duty.c.person_id == person.c.id).where(person.c.active.is_(True))
_with = _active.where(duty.c.role == bindparam("role"), duty.c.scope_id == bindparam("scope"))
_of_unit = _active.where(
    duty.c.scope_id == bindparam("scope"), one_of(duty.c.role, (Role.FILLER.value, Role.UNIT_HEAD.value))
)
_behind = select(identity.c.person_id).where(
    identity.c.platform == bindparam("platform"), identity.c.user_id == bindparam("user")
)
_ALL = _asked(lambda _who: true())
_ONE = _asked(lambda who: who == bindparam("person"))
_BY_IDENTITY = _asked(lambda who: who == _behind.scalar_subquery())
_WITH = _asked(lambda who: who.in_(_with))
_OF_UNIT = _asked(lambda who: who.in_(_of_unit))
_UNBIND = Statement(
    delete(identity).where(
        identity.c.person_id == bindparam("person"), identity.c.platform == bindparam("platform")
    )
)
_bind = into(identity).values(**binds("platform", "user_id", "person_id"))
_BIND = Statement(
    _bind.on_conflict_do_update(
        index_elements=["platform", "user_id"], set_={"person_id": _bind.excluded.person_id}
    )
)

_mine = other_account.c.platform == bindparam("platform")
_OTHERWISE = Statement(
    select(other_account.c.user_id).where(_mine, other_account.c.other_id == bindparam("other"))
)
_KNOWN = Statement(select(other_account.c.other_id, other_account.c.user_id).where(_mine))
_know = into(other_account).values(**binds("platform", "other_id", "user_id"))
_KNOW = Statement(
    _know.on_conflict_do_update(
        index_elements=["platform", "other_id"], set_={"user_id": _know.excluded.user_id}
    )
)


def _joined(rows: Iterable[Row]) -> list[Person]:
    """Persons come first, each followed up by what it holds."""
    named: dict[str, tuple[str, bool]] = {}
    duties: dict[str, list[Duty]] = defaultdict(list)
    accounts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for kind, who, one, two, _ in rows:
        if kind == _PERSON:
            named[who] = one, bool(two)
        elif kind == _DUTY:
            duties[who].append(Duty(Role(one), two))
        else:
            accounts[who].append((one, two))
    return [
        Person(who, name, tuple(duties[who]), tuple(accounts[who]), active)
        for who, (name, active) in named.items()
    ]


class People(Transaction):
    """The people's part of a transaction."""

    def person(self, person_id: str) -> Person | None:
        """Somebody, also when no longer active; None for an unknown id."""
        found = _joined(self.all(_ONE, person=person_id))
        return found[0] if found else None

    def people(self) -> list[Person]:
        """Everybody, in roster order."""
        return _joined(self.all(_ALL))

    def people_with(self, role: Role, scope_id: str) -> list[Person]:
        """The active holders of a duty, in roster order."""
        return _joined(self.all(_WITH, role=role.value, scope=scope_id))

    def people_of_unit(self, unit_id: str) -> list[Person]:
        """The active fillers and heads of a unit, in roster order."""
        return _joined(self.all(_OF_UNIT, scope=unit_id))

    def person_by_identity(self, platform: str, user_id: str) -> Person | None:
        """The active person behind a platform account, also when it is named by its other id."""
        if user_id.startswith(OTHER_ID):
            row = self.first(_OTHERWISE, platform=platform, other=user_id.removeprefix(OTHER_ID))
            user_id = row[0] if row else ""
        found = _joined(self.all(_BY_IDENTITY, platform=platform, user=user_id))
        return found[0] if found and found[0].active else None

    def bind_identity(self, person_id: str, platform: str, user_id: str, at: datetime, by: str) -> None:
        """This account is that person's, in place of an earlier one on the platform. Raises IdentityTaken when it
        belongs to another active person."""
        owner = self.person_by_identity(platform, user_id)
        if owner and owner.id != person_id:
            raise IdentityTaken(owner.id)
        self._bind(person_id, platform, user_id)
        self.record(by, "person.identity", person_id, detail_text(platform=platform), at)

    def know_accounts(self, platform: str, others: Mapping[str, str], at: datetime) -> int:
        """Other id -> user id, as the platform's directory says now; how many are new."""
        known: dict[str, str] = dict(self.all(_KNOWN, platform=platform))
        new = {other: user for other, user in others.items() if known.get(other) != user}
        for other, user in sorted(new.items()):
            self.run(_KNOW, platform=platform, other_id=other, user_id=user)
            self.record("system", "account.other_id", f"{platform}:{user}", detail_text(), at)
        return len(new)

    def unbind_identity(self, person_id: str, platform: str, at: datetime, by: str) -> None:
        """This person has no account on the platform any more."""
        if self.run(_UNBIND, person=person_id, platform=platform):
            self.record(by, "person.identity_gone", person_id, detail_text(platform=platform), at)

    def _bind(self, person_id: str, platform: str, user_id: str) -> None:
        self.run(_UNBIND, person=person_id, platform=platform)
        self.run(_BIND, person_id=person_id, platform=platform, user_id=user_id)
