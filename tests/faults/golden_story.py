"""The golden story as steps with fixed message ids, played by a process that may be killed at any moment and begun
again: 提醒 → 填报 → 回填 → 原因 → 确认 → 偏离提醒 → 逾期 → 催办 → 更正 → 新版本."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot import failpoints
from bot.app import Arrived
from bot.logs import configure
from intake.demo import demo_roster
from platforms.simulator.faults import Faults
from rehearsal import story
from rehearsal.stage import DATABASE, Stage
from storage.store import Store

#: the platform's own duplicate check is off, so that every repeat is seen.
HONEST = Faults(duplicate_check=False)
CONFIRMED = datetime(2026, 10, 12, 9, 5, tzinfo=story.SHANGHAI)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing somebody does: ``says`` a line, ``taps`` a button, or (without a user) the clock goes to ``at``.
    ``faults`` is how the platform behaves meanwhile."""

    name: str
    user: str = ""
    says: str = ""
    taps: str = ""
    at: datetime | None = None
    faults: Faults = HONEST


STEPS = (
    Step("remind", at=story.START),
    Step("open", user="zhangmin", taps="去填报"),
    Step(
        "fill",
        user="zhangmin",
        says="支出201.35 到位256 1=36 2=930 3同 4同 5=99 6同 7=6.4 8=1260 9=96 10=2",
    ),
    Step("reason", user="zhangmin", taps="招标晚"),
    Step("plan", user="zhangmin", says="改进：11月底前到货安装"),
    Step("confirm", user="zhangmin", taps="确认提交"),
    Step("overdue", at=CONFIRMED),
    Step("nudge", user="wangju", taps="一键催办"),
    Step(
        "correct",
        user="zhangmin",
        says="更正",
        faults=replace(HONEST, rate_limited_until=CONFIRMED + timedelta(minutes=1)),
    ),
    Step("resend", at=CONFIRMED + timedelta(minutes=5)),
    Step("change", user="zhangmin", says="2=960"),
    Step("version", user="zhangmin", taps="确认提交", faults=replace(HONEST, broken=frozenset({"sunxiao"}))),
)


def prepare(store: Store) -> None:
    """Two forms of two units of one department: every kind of message, few of each."""
    roster = demo_roster()
    kept = tuple(p for p in roster.projects if p.id in ("p001", "p005"))
    story.prepare(store, replace(roster, projects=kept))


def open_stage(folder: Path) -> Stage:
    """The application on that folder, as a start of the program opens it."""
    return Stage(folder, prepare=prepare)


def play(
    folder: Path, *, steps: int = len(STEPS), kill: str = "", trace: str = "", waking: bool = False
) -> None:
    """Play on from where a process before this one stopped, so many steps; the main function of a child process.
    What is armed counts from the first step, or with ``waking`` from the program's start."""
    configure(logging.CRITICAL)
    if waking:
        failpoints.arm(kill=kill, trace=trace)
    stage = open_stage(folder)
    counted = _counting(stage) if trace else None
    asyncio.run(_play_on(stage, steps, None if waking else (kill, trace)))
    stage.close()
    if counted:
        counted.close()


def _counting(stage: Stage) -> Store:
    """In a traced run the store itself says when it commits: no commit may be without its two failpoints."""
    store = Store(
        f"sqlite:///{stage.folder / DATABASE}",
        before_commit=partial(failpoints.failpoint, "commit.begun"),
        after_commit=partial(failpoints.failpoint, "commit.done"),
    )
    stage.app = replace(stage.app, store=store)
    return store


async def _play_on(stage: Stage, steps: int, arming: tuple[str, str] | None) -> None:
    stage.platform.faults = _reached(stage)[0].faults
    await stage.catch_up()
    if arming:
        failpoints.arm(kill=arming[0], trace=arming[1])
    for _ in range(steps):
        step, payload = _reached(stage)
        if not step.name:
            return
        stage.platform.faults = step.faults
        if step.at:
            await stage.set_clock(step.at)
        else:
            await _deliver(stage, step, payload or _payload(stage, step))
        _mark(stage, STEPS.index(step) + 1)


async def _deliver(stage: Stage, step: Step, payload: dict[str, Any]) -> None:
    """What a platform does: it keeps the delivery and offers it again until we have answered."""
    _mark(stage, STEPS.index(step), payload)
    stage.app.handle(Arrived(stage.platform.name, f"golden-{step.name}", payload, stage.now()))
    while await stage.app.flush(stage.now()):
        pass


def _payload(stage: Stage, step: Step) -> dict[str, Any]:
    if step.says:
        return {"type": "text", "user": step.user, "text": step.says}
    for seen in reversed(stage.phones.messages(step.user)):
        for button in (seen.card.get("submit"), *seen.card.get("buttons", ())):
            if button and button["label"] == step.taps:
                return {"type": "tap", "user": step.user, "token": seen.token, "action": button["action"]}
    raise AssertionError(f"{step.user} 的手机上没有“{step.taps}”")


def _reached(stage: Stage) -> tuple[Step, dict[str, Any] | None]:
    """The step to be done, and its delivery when it was offered before; a nameless step at the end."""
    path = stage.folder / "reached.json"
    number, payload = json.loads(path.read_text("utf-8")) if path.exists() else (0, None)
    return (*STEPS, Step(""))[number], payload


def _mark(stage: Stage, number: int, payload: dict[str, Any] | None = None) -> None:
    path = stage.folder / "reached.json"
    torn = path.with_suffix(".part")
    torn.write_text(json.dumps((number, payload), ensure_ascii=False), "utf-8")
    torn.replace(path)
