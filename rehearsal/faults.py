"""The fault buttons: what goes wrong on the way in, and which switch of the platform goes wrong on the way out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from platforms.simulator.faults import Faults
from web.ports import Refused

OFFLINE = timedelta(minutes=30)
LIMITED = timedelta(minutes=5)
#: how often the platform redelivers when 重复投递 is armed.
REDELIVERIES = 3


@dataclass(slots=True)
class Armed:
    """What the next deliveries suffer. ``held`` is the delivery that will arrive after the next one."""

    duplicate: bool = False
    reorder: bool = False
    held: list[dict[str, Any]] = field(default_factory=list)

    def pass_on(self, payload: dict[str, Any], times: int) -> list[tuple[dict[str, Any], int]]:
        """Which deliveries reach us now, and how often each."""
        if self.reorder and not self.held:
            self.held.append(payload)
            return []
        count = REDELIVERIES if self.duplicate else times
        self.duplicate = False
        late = [(held, 1) for held in self.held]
        self.held.clear()
        self.reorder = False
        return [(payload, count), *late]


def arm(name: str, armed: Armed, switches: Faults, now: datetime) -> tuple[str, Armed, Faults]:
    """The sentence to show, and both sets of switches afterwards. Refused for an unknown name."""
    match name:
        case "duplicate":
            armed.duplicate = True
            return f"下一条消息会重复投递 {REDELIVERIES} 次，应只生效一次。", armed, switches
        case "reorder":
            armed.reorder = True
            return "下一条消息会晚到，再下一条先到。", armed, switches
        case "rate_limit":
            until = now + LIMITED
            return (
                f"平台限流到 {until:%H:%M}（45009），消息排队，时钟往前走后补发。",
                armed,
                replace(switches, rate_limited_until=until),
            )
        case "offline":
            until = now + OFFLINE
            return (
                f"断网到 {until:%H:%M}，消息排队，恢复后补发。",
                armed,
                replace(switches, offline_until=until),
            )
        case "silent":
            return "下一条消息平台会说成功，但手机上看不到。", armed, replace(switches, silent=1)
        case _:
            raise Refused(f"没有“{name}”这种故障。")


def describe(armed: Armed, switches: Faults, now: datetime) -> list[str]:
    """What is armed, one short phrase each."""
    found = []
    if armed.duplicate:
        found.append("重复投递")
    if armed.reorder:
        found.append("乱序")
    if switches.offline_until and now < switches.offline_until:
        found.append("断网")
    if switches.rate_limited_until and now < switches.rate_limited_until:
        found.append("限流")
    if switches.silent:
        found.append("说成功但没送达")
    return found
