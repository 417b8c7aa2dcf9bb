"""Finance fixes a round's date by notice: kept, 逾期 marks recomputed, earlier overdue notices taken back (C09)."""

from __future__ import annotations

import secrets
from datetime import datetime

from bot.applying import apply
from bot.cards.remind import extended
from bot.effects import Send
from bot.law import Here, Law
from bot.ports import Store, Tx
from regulation.deadlines import Annex, RoundOverride, override_refused
from regulation.problems import Problem


def extend(store: Store, law: Law, override: RoundOverride, now: datetime) -> Problem | None:
    """Put the notice into force; the Problem why not."""
    refused = override_refused(override, law.workdays)
    if refused:
        return refused
    with store.begin() as tx:
        tx.set_override(override, now, "finance")
        if override.annex is Annex.UNIT:
            limit = Here(tx, law, now).deadline(override.round, Annex.UNIT)
            for duty in tx.duties(override.round):
                filed = duty.filing
                if filed.filed_at and filed.late != limit.is_late(filed.filed_at):
                    tx.set_late(duty.project_id, override.round, not filed.late, now, "finance")
            if not limit.is_late(now):
                apply(tx, _taken_back(tx, law, override), by="finance", at=now, mint=_mint)
    return None


def _taken_back(tx: Tx, law: Law, override: RoundOverride) -> list[Send]:
    """A card to everybody who still owes and was told they were late."""
    label = law.workdays.label(override.due)
    card = extended(override.round.short, label, override.notice_no)
    key = f"extended:{override.round.code}:{override.due}"
    owing = {duty.filler_id for duty in tx.duties(override.round, owing_only=True)}
    prefix = f"remind:{override.round.code}:late"
    return [Send(person, card, key) for person in sorted(owing) if tx.last_sent(person, prefix)]


def _mint() -> str:
    return secrets.token_urlsafe(16)
