"""``jixiao play``: one conversation file played on a fresh story and compared with what it says."""

from __future__ import annotations

import difflib
import sys
import tempfile
from pathlib import Path

from rehearsal import story
from rehearsal.chat import ChatError, play
from rehearsal.stage import Stage

#: where a conversation can be played: the simulator, or a platform's adapter against its sandbox.
PLACES = ("simulator", "dingtalk")


async def play_on_dingtalk(path: Path) -> int:
    """The same conversation on a local DingTalk; ids of messages and the platform's name differ there."""
    from rehearsal.live.hands import NotHere
    from rehearsal.live.opening import opened, played

    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        try:
            found = await played(path, await opened(Path(first)), Path(second))
        except (ChatError, NotHere) as error:
            print(f"{path}：{error}", file=sys.stderr)
            return 2
    for complaint in found.complaints:
        print(f"钉钉的文档里没有：{complaint}", file=sys.stderr)
    return _compared(path, found.expected, found.text)


def _compared(path: Path, written: str, played: str) -> int:
    changed = difflib.unified_diff(written.splitlines(), played.splitlines(), "写的", "演出来的", lineterm="")
    print("\n".join(changed) or f"{path} 和写的一样。")
    return int(written != played)


async def play_file(path: Path, *, update: bool) -> int:
    """0 when the conversation reads as written, 1 with the difference printed, 2 when it cannot be played."""
    with tempfile.TemporaryDirectory() as folder:
        first = Stage(Path(folder))
        await first.set_clock(story.START)
        first.close()
        try:
            played = await play(path, lambda: Stage(Path(folder)))
        except ChatError as error:
            print(f"{path}：{error}", file=sys.stderr)
            return 2
    written = path.read_text(encoding="utf-8")
    if update:
        path.write_text(played, encoding="utf-8")
        return 0
    return _compared(path, written, played)
