"""What a treasury system would have sent, imported into a rehearsal: ``p001 256 201.35`` becomes a batch of one."""

from __future__ import annotations

from datetime import datetime

from bot.importing import take_batch
from regulation.deadlines import SHANGHAI
from regulation.execution import Batch, Line
from regulation.rounds import MonitoringRound
from storage.store import Store


def import_figures(store: Store, words: str, at: datetime) -> None:
    """Project, 到位 and 支出 in 万元 (``-`` for one not given), as of the last day of the newest round that ended.
    Raises ValueError for anything a treasury system could not send."""
    project, arrived, spent = ("" if part == "-" else part for part in words.split())
    day = at.astimezone(SHANGHAI).date()
    ended = [
        round
        for year in (day.year - 1, day.year)
        for round in (MonitoringRound(year, 2), MonitoringRound(year, 3))
        if round.last_day < day
    ]
    round = ended[-1]
    with store.read() as tx:
        number = next(n for n in range(1, 1000) if not tx.execution_batch(f"T{n}"))
    lines = (Line(1, project, arrived, spent),)
    batch = Batch(f"T{number}", round, round.last_day, "预算管理一体化", lines)
    taken = take_batch(store, batch, at, "treasury")
    if taken.faults:
        raise ValueError("；".join(fault.problem.text for fault in taken.faults))
