"""The rows of 人员 joined into persons: one row for each duty, the same code for the same person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intake.layout import PLATFORM_COLUMNS
from intake.rows import Placed
from regulation.roster import ROLE_LABELS, Person


def joined(rows: Sequence[Placed[Person]]) -> tuple[Placed[Person], ...]:
    """Every person once, at their first row, with the duties of all rows in the order written."""
    people: dict[str, Placed[Person]] = {}
    for placed in rows:
        first = people.get(placed.item.id)
        people[placed.item.id] = _added(first, placed) if first else _opened(placed)
    _same_account_twice(people)
    return tuple(people.values())


def _opened(placed: Placed[Person]) -> Placed[Person]:
    if not placed.item.name:
        placed.row.fault("姓名", "没有填。")
    return placed


def _added(first: Placed[Person], more: Placed[Person]) -> Placed[Person]:
    known, new, row = first.item, more.item, more.row
    if new.name not in ("", known.name):
        row.fault("人员编码", f"第 {first.row.number} 行已用了这个编码，姓名不同。两个人要用两个编码。")
    for duty in new.duties:
        if duty in known.duties:
            row.fault("职责", f"“{ROLE_LABELS[duty.role]}”这项职责前面已写过，请删去一行。")
    if not row.cell("是否在用").empty and new.active is not known.active:
        row.fault("是否在用", f"和第 {first.row.number} 行写的不一样。")
    duties = known.duties + tuple(duty for duty in new.duties if duty not in known.duties)
    return Placed(first.row, replace(known, duties=duties, identities=_identities(known, more, first)))


def _identities(known: Person, more: Placed[Person], first: Placed[Person]) -> tuple[tuple[str, str], ...]:
    accounts = dict(known.identities)
    for platform, user in more.item.identities:
        if accounts.setdefault(platform, user) != user:
            more.row.fault(PLATFORM_COLUMNS[platform], f"和第 {first.row.number} 行写的不一样。")
    return tuple((platform, accounts[platform]) for platform in PLATFORM_COLUMNS if platform in accounts)


def _same_account_twice(people: dict[str, Placed[Person]]) -> None:
    owners: dict[tuple[str, str], Placed[Person]] = {}
    for placed in people.values():
        for identity in placed.item.identities:
            owner = owners.setdefault(identity, placed)
            if owner is not placed:
                column = PLATFORM_COLUMNS[identity[0]]
                placed.row.fault(column, f"第 {owner.row.number} 行的人已用了这个账号。")
