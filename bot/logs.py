"""What goes to the log: one JSON object a line, no message text, no local variables, no names of people."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from scheduler.clock import now


def configure(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Once per process; to standard error unless a ``stream`` is given."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _stamped,
            structlog.processors.format_exc_info,
            _one_line,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


def _stamped(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Beijing time with its offset, whatever zone the machine is set to: the same hours as in the deadlines."""
    event["timestamp"] = now().isoformat(timespec="milliseconds")
    return event


class _Libraries(logging.Handler):
    """What libraries log in their own way, as one of our lines: the first line of its template, never what was put
    into it, and an exception's class and place without its words."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line."""
        said = str(record.msg).partition("\n")[0].partition("%")[0].strip()
        log = structlog.get_logger()
        log.log(record.levelno, "library", name=record.name, said=said[:80], exc_info=record.exc_info or None)


def hush_libraries() -> None:
    """Once per process that writes a log for others to read."""
    logging.basicConfig(level=logging.WARNING, handlers=[_Libraries()], force=True)


def _one_line(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A traceback's last frames only: the exception's own text may quote what somebody typed, so its class is kept
    and its words are not (M11, A04, K08)."""
    stack = event.pop("exception", "")
    if stack:
        lines = [line.strip() for line in str(stack).splitlines() if line.strip().startswith("File ")]
        event["where"] = lines[-4:]
        event["error"] = str(stack).strip().splitlines()[-1].partition(":")[0]
    return event
