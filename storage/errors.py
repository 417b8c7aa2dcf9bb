"""What storage raises when it cannot do as asked; every other exception is our own mistake.

``redecide``: nothing is wrong, the records moved on; deciding again on fresh ones is free (ARCHITECTURE §6)."""

from __future__ import annotations


class MovedOn(Exception):
    """The records changed since they were read."""

    redecide = True


class LostRace(MovedOn):
    """Somebody else changed the same row first."""


class VersionConflict(MovedOn):
    """The form moved on since it was read. ``current`` is the version (or draft revision) stored now."""

    def __init__(self, current: int) -> None:
        super().__init__(f"stored version is {current}")
        self.current = current


class IdentityTaken(Exception):
    """That platform account already belongs to somebody else, ``person_id``."""

    def __init__(self, person_id: str) -> None:
        super().__init__(person_id)
        self.person_id = person_id


class StorageRefused(Exception):
    """The operator must act before we may use this database; the Chinese sentence names what and where."""


class StorageUnavailable(Exception):
    """The database cannot take this now. ``reason`` is ``full``, ``busy``, ``readonly`` or ``broken``;
    nothing of the transaction was kept, and the same request may be repeated later."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


#: a part of the driver's own words -> reason.
_REASONS = (
    ("is full", "full"),
    ("no space left", "full"),
    ("is locked", "busy"),
    ("deadlock detected", "busy"),
    ("could not serialize", "busy"),
    ("readonly", "readonly"),
    ("read-only", "readonly"),
)


#: words of SQLite's operational errors that are our own mistake.
_OURS = ("syntax error", "no such", "has no column", "unrecognized token", "wrong number")


def unavailable(error: Exception) -> Exception:
    """The driver's operational error in our words; the error itself when we wrote a wrong statement."""
    text = str(error)
    lower = text.lower()
    if any(words in lower for words in _OURS):
        return error
    reason = next((reason for words, reason in _REASONS if words in lower), "broken")
    return StorageUnavailable(reason, text)
