"""A department's own earlier date, set in a conversation file as an operator sets it: by departments.toml."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from regulation.rounds import MonitoringRound
from regulation.stricter import FILE, parse_department_rules
from rehearsal.playable import Playable

#: where below the folder of a stage the own rules lie.
FOLDER = "rules"


def set_date(stage: Playable, text: str) -> None:
    """``d01 附表1 2026-10-09 教财〔2026〕3号``: into the folder of rules, and in force from the next line on."""
    department, annex, due, reference = text.split(maxsplit=3)
    block = (
        f'[[date]]\ndepartment = "{department}"\nround = "{_round(due).code}"\nannex = "{annex}"\n'
        f'due = {due}\nreference = "{reference}"\n'
    )
    file = folder(stage.folder) / FILE
    file.parent.mkdir(exist_ok=True)
    written = (file.read_text(encoding="utf-8") if file.exists() else "") + block
    file.write_text(written, encoding="utf-8")
    law = stage.law
    rules = parse_department_rules(written, law.thresholds[-1], law.workdays, roll=law.roll)
    stage.law = replace(law, departments=rules)


def folder(stage_folder: Path) -> Path:
    """The folder of own rules of a stage that keeps its things there."""
    return stage_folder / FOLDER


def _round(due: str) -> MonitoringRound:
    day = date.fromisoformat(due)
    return MonitoringRound(day.year, 3 if day.month >= 9 else 2)
