"""Anything in any order: answers, confirmations, old cards, repeats, deaths and the clock (P1–P4, P8, F01, F02)."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from regulation.annexes import Entry
from rehearsal.crowd import NoFiles
from rehearsal.stage import Stage
from tests.bot.office import FINE, SLOW, moment
from tests.faults.desk import Desk

#: two people of one unit who may both fill its forms.
PEOPLE = st.sampled_from(["zhangmin", "sunxiao"])
FORM = "2026Q3:p001"
END = moment("10-24 18:00")


class AnyOrder(RuleBasedStateMachine):
    """``typed`` is what each person has typed into the form since they last filed it: it may never get lost."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.desk = Desk(Stage(folder))
        self.numbers = count(1)
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.typed: dict[str, dict[str, str]] = {"zhangmin": {}, "sunxiao": {}}
        self.versions: dict[int, dict[str, Entry]] = {}
        self._light()

    def _light(self) -> None:
        """Pictures have their own tests and take most of the time."""
        stage = self.desk.stage
        stage.app = replace(stage.app, reports=NoFiles())
        stage.platform.faults = replace(stage.platform.faults, duplicate_check=False)

    def _deliver(self, payload: dict[str, Any]) -> None:
        message_id = f"r{next(self.numbers)}"
        self.sent.append((message_id, payload))
        filed = self.desk.filing().version
        assert self.desk.deliver(message_id, payload)
        if self.desk.filing().version > filed:
            self._filed(payload["user"])

    def _filed(self, user: str) -> None:
        entries = self.desk.entries()
        assert _missing(self.typed[user], entries) == {}, "what was typed is what is filed"
        self.typed[user] = {}

    def _say(self, user: str, words: str) -> None:
        self._deliver(self.desk.text(user, words))

    def _focus(self, user: str) -> str:
        with self.desk.stage.store.read() as tx:
            return str(tx.session(user)[0] or "")

    # -- what people do
    @rule(user=PEOPLE)
    def opens(self, user: str) -> None:
        self._say(user, f"填报 {FORM}")

    @rule(user=PEOPLE, line=st.sampled_from([FINE, SLOW]))
    def answers_everything(self, user: str, line: str) -> None:
        self._say(user, f"填报 {FORM}")
        self._say(user, line)
        self.typed[user] |= {f"actual.{n}": v for n, v in re.findall(r" (1|2|8)=(\d+)", line)}

    @rule(user=PEOPLE, number=st.sampled_from(["1", "2", "8"]), value=st.integers(900, 999))
    def answers_one(self, user: str, number: str, value: int) -> None:
        if FORM in self._focus(user):
            self._say(user, f"{number}={value}")
            self.typed[user][f"actual.{number}"] = str(value)

    @rule(user=PEOPLE, words=st.sampled_from(["2=NaN", "1=1e5", "支出=１２", "你好", "进度", "更正", "🙂"]))
    def says_something_else(self, user: str, words: str) -> None:
        self._say(user, words)

    @rule(user=PEOPLE)
    def confirms(self, user: str) -> None:
        self._say(user, "确认提交")

    @rule(user=PEOPLE, back=st.integers(0, 12), which=st.integers(0, 3))
    def taps_a_card(self, user: str, back: int, which: int) -> None:
        """Any button of any card so far, also of an old one; handing over and nudging are other stories."""
        seen = [s for s in self.desk.heard(user) if _buttons(s.card)]
        if back >= len(seen):
            return
        card = seen[-1 - back]
        actions = _buttons(card.card)
        action = actions[which % len(actions)]
        if action == "keep_theirs":
            self.typed[user] = {}
        self._deliver({"type": "tap", "user": user, "token": card.token, "action": action})

    # -- what machines do
    @precondition(lambda self: self.sent)
    @rule(back=st.integers(0, 20))
    def comes_again(self, back: int) -> None:
        message_id, payload = self.sent[-1 - back % len(self.sent)]
        assert not self.desk.deliver(message_id, payload)

    @rule()
    def dies_and_starts_again(self) -> None:
        self.desk.stage.reopen()
        self._light()

    @rule(user=PEOPLE)
    def dies_before_the_answer_goes_out(self, user: str) -> None:
        payload = self.desk.text(user, f"填报 {FORM}")
        assert self.desk.app.handle(self.desk.arrived(f"r{next(self.numbers)}", payload))
        self.dies_and_starts_again()
        self.desk.flush()

    @rule(hours=st.sampled_from([1, 5, 24, 70]))
    def time_passes(self, hours: int) -> None:
        then = self.desk.stage.now() + timedelta(hours=hours)
        if then < END:
            self.desk.clock(f"{then:%m-%d %H:%M}")

    # -- what always holds
    @invariant()
    def nothing_typed_is_lost(self) -> None:
        for user, typed in self.typed.items():
            draft = self.desk.draft(user)
            assert _missing(typed, dict(draft.entries) if draft else {}) == {}

    @invariant()
    def a_filed_version_never_changes(self) -> None:
        newest = self.desk.filing().version
        assert newest >= max(self.versions, default=0)
        with self.desk.stage.store.read() as tx:
            for version in range(1, newest + 1):
                entries = dict(tx.entries("p001", self.desk.filing().round, version))
                assert self.versions.setdefault(version, entries) == entries

    @invariant()
    def nobody_is_told_twice(self) -> None:
        shown = Counter((s.user, s.key) for s in self.desk.stage.phones.everything() if not s.mine)
        assert set(shown.values()) <= {1}
        with self.desk.stage.store.read() as tx:
            waiting = [row for row in tx.outbox_rows(1000) if row.state != "sent"]
        now = self.desk.stage.now()
        assert all(row.due > now for row in waiting), "only what keeps until the morning may wait"

    @invariant()
    def every_delivery_is_done_and_the_log_is_whole(self) -> None:
        assert set(self.desk.inbox().values()) <= {"done"}
        assert self.desk.whole()

    def teardown(self) -> None:
        self.desk.close()
        shutil.rmtree(self.folder)


def _missing(typed: dict[str, str], entries: Any) -> dict[str, str]:
    return {
        key: value
        for key, value in typed.items()
        if key not in entries or Decimal(entries[key].value) != Decimal(value)
    }


def _buttons(card: Any) -> list[str]:
    actions = [str(b["action"]) for b in (card.get("submit"), *card.get("buttons", ())) if b]
    return [a for a in actions if a.split(":")[0] not in ("handover", "busy", "nudge")]


def test_p1_p2_p3_p4_any_order(story_folder: Path, tmp_path: Path) -> None:
    numbers = count(1)

    def begin() -> AnyOrder:
        return AnyOrder(Path(shutil.copytree(story_folder, tmp_path / str(next(numbers)))))

    run_state_machine_as_test(
        begin,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=(Phase.generate,),  # a shorter example is not worth minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
