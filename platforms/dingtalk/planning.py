"""What a round will cost of the month: calls and pushes by month, against what the edition includes; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from platforms.dingtalk.broadcasting import Way, people_a_call
from platforms.dingtalk.configuration import Configuration


class Wave(Protocol):
    """A message to a number of people in a month (``2026-10``)."""

    @property
    def month(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def people(self) -> int: ...
    @property
    def same(self) -> bool: ...  # everybody gets the same words
    @property
    def taps(self) -> int: ...  # pushes it leads to, read receipts not counted


@dataclass(frozen=True, slots=True)
class Cost:
    """One wave, or the sum of a month."""

    what: str
    calls: int
    pushes: int

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.what, self.calls + other.calls, self.pushes + other.pushes)


def cost(wave: Wave, own: Configuration) -> Cost:
    """A message of one's own costs a call each; the same words go by the hundred, or by twenty, with one call more
    for each batch to learn who was dropped and three for the read lists. Who reads a message of the robot is a push;
    a tap is one, and its answer costs nothing."""
    if not wave.same:
        return Cost(wave.what, wave.people, wave.people + wave.taps)
    notice = bool(own.agent_id)
    batches = -(-wave.people // people_a_call(Way.NOTICE if notice else Way.ROBOT))
    return Cost(wave.what, batches * (5 if notice else 4), wave.taps + (0 if notice else wave.people))


def months(waves: Sequence[Wave], own: Configuration) -> dict[str, Cost]:
    """The sum of each month, in order."""
    found: dict[str, Cost] = {}
    for wave in sorted(waves, key=lambda each: each.month):
        found[wave.month] = found.get(wave.month, Cost(wave.month, 0, 0)) + cost(wave, own)
    return found


def verdict(total: Cost, own: Configuration) -> str:
    """Whether a month is enough, in a sentence."""
    short = [
        f"{what}差 {needed - limit} 次"
        for what, needed, limit in (
            ("接口调用", total.calls, own.monthly_calls),
            ("推送", total.pushes, own.monthly_pushes),
        )
        if needed > limit
    ]
    if short:
        return f"✕ 不够：{'，'.join(short)}。加购用量，或者不设卡片模板、少提醒几次。"
    used = max(total.calls * 100 // own.monthly_calls, total.pushes * 100 // own.monthly_pushes)
    return f"△ 紧：到 {used}%。" if used >= 70 else f"✓ 够：到 {used}%。"
