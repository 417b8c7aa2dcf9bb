"""A directory for conversation files: everybody of the roster as they are, but for what a line says."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

from bot.nightly import learn, tell
from bot.ports import Contact
from regulation.roster import Person, ResponsibleUnit, Role
from rehearsal.playable import Playable


def read_changed(stage: Playable, changes: str) -> None:
    """Read it with those changes, as a night would; they are written as docs/manual/chat-files.md says."""
    with stage.store.read() as tx:
        people, units = tx.people(), tx.units()
    platform = stage.platform.name
    contacts = {p.id: _contact(platform, p, units) for p in people if platform in dict(p.identities)}
    known = {p.name: p.id for p in reversed(people)}
    for change in changes.split("；"):
        what, name, *rest = change.split()
        _CHANGES[what](contacts, known.get(name, name), rest)
    learn(stage.store, platform, tuple(contacts.values()), stage.now())
    tell(stage.store, stage.law, stage.now(), lambda: secrets.token_urlsafe(16))


def _contact(platform: str, person: Person, units: Sequence[ResponsibleUnit]) -> Contact:
    names = {unit.id: unit.name for unit in units}
    mine = [names[d.scope_id] for d in person.duties if d.scope_id in names]
    leads = [names[d.scope_id] for d in person.duties if d.role is Role.UNIT_HEAD and d.scope_id in names]
    user = dict(person.identities)[platform]
    return Contact(user, person.name, tuple(dict.fromkeys(mine)), tuple(leads))


def _renamed(contacts: dict[str, Contact], person: str, rest: list[str]) -> None:
    contacts[person] = replace(contacts[person], name=rest[0])


def _missing(contacts: dict[str, Contact], person: str, rest: list[str]) -> None:
    del contacts[person]


def _more(contacts: dict[str, Contact], user: str, rest: list[str]) -> None:
    contacts[user] = Contact(user, rest[0], tuple(rest[1:]))


def _leads(contacts: dict[str, Contact], person: str, rest: list[str]) -> None:
    contacts[person] = replace(contacts[person], leads=(*contacts[person].leads, *rest))


_CHANGES = {"改名": _renamed, "没有": _missing, "多出": _more, "领导": _leads}
