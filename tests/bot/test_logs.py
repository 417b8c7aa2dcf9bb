"""What goes to the log holds nothing anybody typed, also where a library writes it (K08, M11, A04)."""

from __future__ import annotations

import json
import subprocess
import sys

#: a process of its own: what it does to the logging of the whole process stays there.
PROGRAM = """
import logging
from bot.logs import configure, hush_libraries
configure()
hush_libraries()
logging.getLogger("quiet").info("nothing to see")
logging.getLogger("uvicorn.error").warning("refused %s", "张敏")
try:
    raise ValueError("张敏 201.35")
except ValueError:
    logging.getLogger("uvicorn.error").exception("Exception in ASGI application\\n%s", "secret")
"""


def test_k08_a_library_s_traceback_is_one_line_without_its_words() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    refused, broken = (json.loads(line) for line in done.stderr.splitlines())
    assert (refused["event"], refused["name"], refused["said"]) == ("library", "uvicorn.error", "refused")
    assert (broken["said"], broken["error"]) == ("Exception in ASGI application", "ValueError")
    assert broken["where"] == ['File "<string>", line 9, in <module>']
    assert "张敏" not in done.stderr
    assert "secret" not in done.stderr
