"""Finance fixes a round's date by notice: kept, 逾期 marks recomputed, earlier overdue notices taken back (C09)."""

from __future__ import annotations

import secrets
from datetime import datetime

from bot.applying import apply
from bot.cards.department_clock import extended as department_extended
from bot.cards.remind import extended
from bot.effects import Send
from bot.law import Here, Law
from bot.ports import Store, Tx
from regulation.deadlines import Annex, RoundOverride, override_refused
from regulation.filing import Filing
from regulation.problems import Problem
from regulation.reporting import OWED
from regulation.roster import Role


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
                came = _came(tx, filed)
                if came and filed.late != limit.is_late(came):
                    tx.set_late(duty.project_id, override.round, not filed.late, now, "finance")
            if not limit.is_late(now):
                apply(tx, _taken_back(tx, law, override), by="finance", at=now, mint=_mint)
        else:
            _departments(tx, law, override, now)
    return None


def _came(tx: Tx, filed: Filing) -> datetime | None:
    """When the form reached the department, as far as the unit's deadline is concerned: a correction came later and
    counts for nothing, and a form sent back goes by the date it was given."""
    if filed.filed_at is None:
        return None
    back = tx.last_return(filed.project_id, filed.round)
    if back is not None and back.due is not None:
        return None
    return tx.submitted_at(filed.project_id, filed.round) or filed.filed_at


def _departments(tx: Tx, law: Law, override: RoundOverride, now: datetime) -> None:
    """The same for the department's clock: 附表2、3 filed late may not be late any more."""
    limit = Here(tx, law, now).deadline(override.round, Annex.DEPARTMENT)
    for report in tx.reports(override.round):
        if report.filed_at and report.late != limit.is_late(report.filed_at):
            tx.set_report_late(report.department_id, override.round, not report.late, now, "finance")
    if limit.is_late(now):
        return
    card = department_extended(override.round.label, law.workdays.label(override.due), override.notice_no)
    key = f"extended:department:{override.round.code}:{override.due}"
    known = {report.department_id: report for report in tx.reports(override.round)}
    owing = [d for d in tx.departments() if d.id not in known or known[d.id].state in OWED]
    told = [
        Send(person.id, card, key)
        for department in owing
        for person in tx.people_with(Role.BUDGET_OFFICE, department.id)
        if tx.last_sent(person.id, f"department:{override.round.code}:late")
    ]
    apply(tx, told, by="finance", at=now, mint=_mint)


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
