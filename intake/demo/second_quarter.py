"""What the clerks of the demonstration district typed for the second quarter of 2026, as they typed it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from intake.demo.office import Table, rows, tables

SITUATION = "项目按年度计划推进，各项任务和资金支付正常。"
NO_DEVIATION = "无偏离。"
NO_PLAN = "按年度计划继续推进。"
LIKELIHOOD = "确定能"

Typed = dict[str, str]


@cache
def demo_q2() -> tuple[tuple[str, Typed], ...]:
    """Project id and raw text by field key (regulation.annexes) for every project; every text is a valid answer."""
    return tuple((one["id"], dict(_typed(one))) for table in tables() for one in table["project"])


def _typed(project: Table) -> Iterator[tuple[str, str]]:
    yield "arrived", project["arrived"]
    yield from _spent(project["spent"])
    for position, (_, _, _, actual, likelihood, _) in enumerate(rows(project), 1):
        yield f"actual.{position}", actual
        yield f"likely.{position}", likelihood or LIKELIHOOD
    yield "situation", project.get("situation", SITUATION)
    yield "reason", project.get("reason", NO_DEVIATION)
    yield "plan", project.get("plan", NO_PLAN)
    if "note" in project:
        yield "note", project["note"]


def _spent(spent: str | dict[str, str]) -> Iterator[tuple[str, str]]:
    if isinstance(spent, str):
        yield "spent", spent
        return
    for source, amount in spent.items():
        yield f"spent.{source}", amount
