"""Taking a batch of execution figures: whole or not at all, audited, and the same batch again changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.ports import Store
from regulation.execution import Batch, Fault, digest_of, read_batch
from regulation.problems import problem


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch: ``fresh`` is False when it was taken before. Nothing was kept while there are faults."""

    rows: int
    fresh: bool
    faults: tuple[Fault, ...] = ()


def take_batch(store: Store, batch: Batch, at: datetime, by: str) -> Taken:
    """Read the batch against the roster and keep it; ``by`` is who sent it (``operator``, ``api:<name>``)."""
    with store.begin() as tx:
        reading = read_batch(batch, tx.projects(batch.round.year))
        if reading.faults:
            return Taken(0, False, reading.faults)
        before = tx.execution_batch(batch.id)
        if before is None:
            tx.save_execution(reading.figures, at, by)
            return Taken(len(reading.figures), True)
        if before.digest != digest_of(reading.figures):
            return Taken(0, False, (Fault(0, "batch", problem("execution.changed", batch=batch.id)),))
        return Taken(before.rows, False)
