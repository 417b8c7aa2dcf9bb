"""What is switched to go wrong on the simulated platform, and what one sending makes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.ports import SendFailed


@dataclass(frozen=True, slots=True)
class Faults:
    """The switches. ``silent`` and ``duplicate`` count down; a user in ``broken`` never gets anything again.

    ``duplicate_check`` is the platform's own guard: the same key to the same person within four hours is
    accepted and not shown again.
    """

    rate_limited_until: datetime | None = None
    offline_until: datetime | None = None
    silent: int = 0
    duplicate: int = 0
    broken: frozenset[str] = frozenset()
    duplicate_check: bool = True


def refusal(faults: Faults, user_id: str, at: datetime) -> SendFailed | None:
    """Why the platform does not take a message for this person now; None when it does."""
    if user_id in faults.broken:
        return SendFailed("60111", retryable=False)
    if faults.offline_until and at < faults.offline_until:
        return SendFailed("offline", retryable=True)
    if faults.rate_limited_until and at < faults.rate_limited_until:
        return SendFailed("45009", retryable=True, pause_seconds=60)
    return None


def copies(faults: Faults) -> tuple[int, Faults]:
    """How often an accepted message appears on the phone, and the switches afterwards."""
    if faults.silent:
        return 0, replace(faults, silent=faults.silent - 1)
    if faults.duplicate:
        return 2, replace(faults, duplicate=faults.duplicate - 1)
    return 1, faults
