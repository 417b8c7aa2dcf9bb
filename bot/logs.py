"""What goes to the log: one JSON object a line, no message text, no local variables, no names of people."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog


def configure(level: int = logging.INFO) -> None:
    """Once per process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
            structlog.processors.format_exc_info,
            _one_line,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _one_line(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A traceback's last frames only: the exception's own text may quote what somebody typed, so its class is kept
    and its words are not (M11, A04, K08)."""
    stack = event.pop("exception", "")
    if stack:
        lines = [line.strip() for line in str(stack).splitlines() if line.strip().startswith("File ")]
        event["where"] = lines[-4:]
        event["error"] = str(stack).strip().splitlines()[-1].partition(":")[0]
    return event
