"""``jixiao play``: one conversation file played on a fresh story and compared with what it says."""

from __future__ import annotations

import difflib
import sys
import tempfile
from pathlib import Path

from rehearsal import story
from rehearsal.chat import ChatError, play
from rehearsal.stage import Stage


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
    changed = difflib.unified_diff(written.splitlines(), played.splitlines(), "写的", "演出来的", lineterm="")
    print("\n".join(changed) or f"{path} 和写的一样。")
    return int(written != played)
