"""``decide()`` alone, session load and dump included, against a dict look-up with a JSON round trip in the same run;
and flat in the number of intents."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot import engine, sessions
from bot.events import Event, Text
from bot.handlers import help as help_handler
from bot.law import Here, shipped_law
from bot.turn import Turn
from rehearsal import story
from rehearsal.stage import Stage

ROUNDS = 7
REPEAT = 300
BATCH = "支出201.35 到位256 1=36 2=930 3同 4同 5=99 6同 7=6.4 8=1260 9=96 10=2"


@dataclass(frozen=True, slots=True)
class Row:
    """One measured thing: µs a turn, and how many times the floor."""

    name: str
    micro: float
    ratio: float


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder))
        law = shipped_law()
        with stage.store.read() as tx:
            person = tx.person("zhangmin")
            here = Here(_Remembering(tx), law, story.START)

            def decided(text: str) -> Callable[[], object]:
                event: Event = Text("bench", "zhangmin", story.START, text)
                kept = sessions.dump(sessions.Session("2026Q3:p001"))

                def once() -> Turn:
                    turn = engine.decide(event, person, sessions.load(kept), here)
                    sessions.dump(turn.session)
                    return turn

                return once

            rows = [("下限：查字典＋JSON 往返", _floor)]
            rows.append(("帮助（8 个意图）", decided("帮助")))
            crowded = dict(engine.WORDS)
            for number in range(50):
                engine.WORDS[f"别的话{number}"] = help_handler.show
            rows.append(("帮助（58 个意图）", decided("帮助")))
            engine.WORDS.clear()
            engine.WORDS.update(crowded)
            rows.append(("进度（读一次名下的表）", decided("进度")))
            rows.append(("填报（出整张表 12 问）", decided("填报")))
            rows.append(("一条消息 12 个数，判偏离、起草、回显", decided(BATCH)))
            measured = _measure(rows)
        stage.close()
    floor = measured[0][1]
    return [Row(name, micro, micro / floor) for name, micro in measured]


class _Remembering:
    """Records that answer the second time from memory, so that deciding is measured and not the database."""

    def __init__(self, records: object) -> None:
        self._records = records
        self._known: dict[tuple[object, ...], object] = {}

    def __getattr__(self, name: str) -> Callable[..., object]:
        ask = getattr(self._records, name)

        def remembered(*args: object, **more: object) -> object:
            key = (name, args, tuple(more.items()))
            if key not in self._known:
                self._known[key] = ask(*args, **more)
            return self._known[key]

        return remembered


_ANSWERS = {"帮助": {"title": "可以这样说", "text": "填报 进度 更正 出表"}}


def _floor() -> object:
    session = json.loads('{"v":1,"s":"2026Q3:p001","a":""}')
    answer = _ANSWERS["帮助"]
    return json.dumps(session), answer


def _measure(rows: list[tuple[str, Callable[[], object]]]) -> list[tuple[str, float]]:
    times: dict[str, list[float]] = {name: [] for name, _ in rows}
    for _ in range(ROUNDS):
        for name, once in rows:
            once()
            begun = time.process_time()
            for _ in range(REPEAT):
                once()
            times[name].append((time.process_time() - begun) / REPEAT * 1e6)
    return [(name, statistics.median(times[name])) for name, _ in rows]


def main() -> None:
    for row in run():
        print(f"{row.name:<28} {row.micro:9.1f} µs   {row.ratio:7.1f} × 下限")


if __name__ == "__main__":
    main()
