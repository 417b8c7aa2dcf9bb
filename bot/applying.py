"""From effects to the store's mutators, one row of a table per kind of effect."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.cards.card import dump
from bot.effects import (
    Acted,
    Announce,
    DropDraft,
    Effect,
    HandOver,
    Note,
    Pause,
    RaiseFindings,
    SaveDraft,
    SaveFigures,
    Send,
)
from bot.ports import Tx
from regulation.filing import next_state
from regulation.rounds import parse_round


@dataclass(frozen=True, slots=True)
class _Acting:
    """Who makes the changes and when, and how tokens are minted."""

    by: str
    at: datetime
    mint: Callable[[], str]


def apply(tx: Tx, effects: Iterable[Effect], *, by: str, at: datetime, mint: Callable[[], str]) -> int:
    """Carry out every effect in order inside the open transaction; how many new messages were queued."""
    acting = _Acting(by, at, mint)
    return sum(_APPLY[type(effect)](tx, effect, acting) for effect in effects)


def _save_draft(tx: Tx, effect: SaveDraft, acting: _Acting) -> int:
    tx.save_draft(effect.draft, acting.at, acting.by)
    return 0


def _drop_draft(tx: Tx, effect: DropDraft, acting: _Acting) -> int:
    tx.drop_draft(effect.project_id, effect.round, effect.person_id)
    return 0


def _save_figures(tx: Tx, effect: SaveFigures, acting: _Acting) -> int:
    """The table of regulation.filing decides the state; an action it does not allow is our mistake."""
    present = tx.filing(effect.project_id, effect.round)
    state = next_state(present.state, effect.action)
    if state is None:
        raise ValueError(f"{effect.action} is not allowed in {present.state}")
    tx.save_figures(
        effect.project_id,
        effect.round,
        base_version=effect.base_version,
        entries=effect.entries,
        action=effect.action,
        state=state,
        late=effect.late,
        at=acting.at,
        by=effect.person_id,
    )
    return 0


def _raise_findings(tx: Tx, effect: RaiseFindings, acting: _Acting) -> int:
    tx.raise_findings(effect.project_id, effect.round, effect.version, effect.findings, acting.at, acting.by)
    return 0


def _hand_over(tx: Tx, effect: HandOver, acting: _Acting) -> int:
    tx.hand_over(effect.project_id, effect.from_person, effect.to_person, acting.at, acting.by)
    return 0


def _pause(tx: Tx, effect: Pause, acting: _Acting) -> int:
    tx.pause(effect.person_id, effect.round, acting.at)
    return 0


def _send(tx: Tx, effect: Send, acting: _Acting) -> int:
    """Queue the card once per (key, person), bind its token, and remember which findings it tells of."""
    token = acting.mint()
    card = effect.card
    text = json.dumps(dump(card) | {"data": ""}, ensure_ascii=False)
    if not tx.enqueue(effect.key, effect.to, text, token, effect.replaces, effect.due or acting.at):
        return 0
    if card.actions:
        tx.bind_card(
            token, effect.to, card.name, card.subject, card.version, card.actions, card.data, acting.at
        )
    told = list(effect.told) + _open_findings(tx, effect)
    if told:
        tx.tell(told, effect.to, acting.at)
    return 1


def _open_findings(tx: Tx, effect: Send) -> list[int]:
    if not effect.tells:
        return []
    code, _, project_id = effect.tells.partition(":")
    return [raised.id for raised in tx.findings(parse_round(code), project_id=project_id)]


def _announce(tx: Tx, effect: Announce, acting: _Acting) -> int:
    """One token for all: a platform can then show the same card to many in one call."""
    token, card = acting.mint(), effect.card
    text = json.dumps(dump(card) | {"data": ""}, ensure_ascii=False)
    due = effect.due or acting.at
    queued = sum(tx.enqueue(effect.key, person, text, token, "", due) for person in effect.to)
    if card.actions and queued:
        tx.bind_card(token, "", card.name, card.subject, card.version, card.actions, card.data, acting.at)
    return queued


def _acted(tx: Tx, effect: Acted, acting: _Acting) -> int:
    tx.act(effect.key, acting.at)
    return 0


def _note(tx: Tx, effect: Note, acting: _Acting) -> int:
    tx.note(effect.person_id, effect.action, effect.subject, effect.detail, acting.at)
    return 0


_APPLY: dict[type, Callable[[Tx, Any, _Acting], int]] = {
    SaveDraft: _save_draft,
    DropDraft: _drop_draft,
    SaveFigures: _save_figures,
    RaiseFindings: _raise_findings,
    HandOver: _hand_over,
    Pause: _pause,
    Send: _send,
    Announce: _announce,
    Acted: _acted,
    Note: _note,
}
