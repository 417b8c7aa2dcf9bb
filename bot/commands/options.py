"""How words of the command line are read, for every command that takes them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from regulation.rounds import MonitoringRound, parse_round


def round_of(code: str) -> MonitoringRound:
    """``2026Q3``."""
    try:
        return parse_round(code)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def day_of(text: str) -> date:
    """``2026-10-15``."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"日期要写成 2026-10-15，不是“{text}”") from error


RoundOption = Annotated[MonitoringRound, typer.Option("--round", parser=round_of, help="季度，如 2026Q2")]
