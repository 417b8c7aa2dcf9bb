"""What a platform's directory says otherwise than the roster; compared, never believed: an administrator decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.naming import bare
from bot.ports import Contact
from regulation.proposals import Proposal, ProposalKind
from regulation.roster import Person, ResponsibleUnit, Role

#: a directory in which more than this share of our people is missing was read in part: nobody is called gone.
LARGEST_LOSS = 5  # one in five
FEW = 3


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences, and how many people were missing from a directory that looks only half read."""

    proposals: tuple[Proposal, ...]
    unsure: int = 0


def compare(
    platform: str,
    contacts: Sequence[Contact],
    people: Sequence[Person],
    units: Sequence[ResponsibleUnit],
) -> Comparison:
    """Every difference between one platform's directory and the roster. A name alone binds nobody: each account of a
    name somebody bears is a proposal of its own, with the directory's departments beside it."""
    if not contacts:
        return Comparison((), 0)
    bound = dict(_accounts(platform, people))
    present = {contact.user_id.lower() for contact in contacts}
    gone = [(user, person) for user, person in bound.items() if user.lower() not in present]
    half_read = len(gone) > max(FEW, len(bound) // LARGEST_LOSS)
    by_user = {user.lower(): person for user, person in bound.items()}
    found = [p for contact in contacts for p in _about(platform, contact, by_user, people, units)]
    if not half_read:
        found += [Proposal(platform, ProposalKind.GONE, person.id, user) for user, person in gone]
    return Comparison(tuple(found), len(gone) if half_read else 0)


def _accounts(platform: str, people: Iterable[Person]) -> Iterator[tuple[str, Person]]:
    for person in people:
        for name, user in person.identities if person.active else ():
            if name == platform:
                yield user, person


def _about(
    platform: str,
    contact: Contact,
    by_user: Mapping[str, Person],
    people: Iterable[Person],
    units: Iterable[ResponsibleUnit],
) -> Iterator[Proposal]:
    said = "、".join(contact.departments)
    known = by_user.get(contact.user_id.lower())
    if known is None:
        for person in people:
            if person.active and person.name == contact.name.strip() and not _has_account(platform, person):
                yield Proposal(
                    platform, ProposalKind.BIND, person.id, contact.user_id, contact.name.strip(), said
                )
        return
    if contact.name.strip() and contact.name.strip() != known.name:
        yield Proposal(platform, ProposalKind.RENAME, known.id, contact.user_id, contact.name.strip(), said)
    for unit in _led(contact, units):
        if not known.has(Role.UNIT_HEAD, unit.id):
            yield Proposal(platform, ProposalKind.LEADS, known.id, contact.user_id, unit.id, unit.name)


def _has_account(platform: str, person: Person) -> bool:
    return any(name == platform for name, _ in person.identities)


def _led(contact: Contact, units: Iterable[ResponsibleUnit]) -> list[ResponsibleUnit]:
    """The units of ours whose name the directory uses for a department this person leads."""
    names = {bare(name) for name in contact.leads}
    found = [unit for unit in units if bare(unit.name) in names]
    return [unit for unit in found if sum(bare(u.name) == bare(unit.name) for u in found) == 1]
