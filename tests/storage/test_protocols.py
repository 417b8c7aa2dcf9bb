"""Storage is what the shell expects: checked by mypy on the assignments, and by name here."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest

from bot import ports, turn
from storage.store import Store

if TYPE_CHECKING:

    def _is_a_store(store: Store) -> ports.Store:
        return store

    def _is_a_transaction(store: Store) -> ports.Tx:
        with store.begin() as tx:
            return tx

    def _answers_questions(store: Store) -> turn.Records:
        with store.read() as tx:
            return tx


def _methods(protocol: Any) -> dict[str, inspect.Signature]:
    return {
        name: inspect.signature(member)
        for owner in reversed(protocol.__mro__)
        for name, member in vars(owner).items()
        if inspect.isfunction(member) and not name.startswith("_")
    }


ASKED = _methods(ports.Tx) | _methods(turn.Records)


@pytest.mark.parametrize("name", ASKED)
def test_every_method_is_there_with_its_parameters(store: Store, name: str) -> None:
    with store.read() as tx:
        ours = inspect.signature(getattr(tx, name)).parameters
    theirs = [p for p in ASKED[name].parameters.values() if p.name != "self"]
    assert [(p.name, p.kind, p.default) for p in ours.values()][: len(theirs)] == [
        (p.name, p.kind, p.default) for p in theirs
    ]


def test_there_is_something_to_check() -> None:
    assert len(ASKED) > 35
