"""A due date as people read it: one sentence for every card, also inside a department with its own day (第十八条)."""

from __future__ import annotations

from datetime import datetime

from regulation.deadlines import Deadline
from regulation.workdays import Workdays, short


def until(limit: Deadline, at: datetime, workdays: Workdays, what: str) -> str:
    """``10月10日（周六·调休上班）前报送``; after a department's own day: ``本部门定的10月9日已过，10月10日前报送``.
    ``what`` is 报送 or 报财政. For a moment that is not late."""
    if limit.own_passed(at):
        return f"本部门定的{short(limit.nominal)}已过，{short(limit.last)}前{what}"
    return f"{workdays.label(limit.nominal)}前{what}"
