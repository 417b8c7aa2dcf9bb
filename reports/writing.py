"""Every filed 附表1 of a round as files in a folder, one per project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from regulation.filing import Filing
from regulation.rounds import MonitoringRound
from reports.files import file_name, write_file
from reports.render import FormRecords, Renderer


class Filed(Protocol):
    """One project's form."""

    @property
    def project_id(self) -> str: ...
    @property
    def project_name(self) -> str: ...
    @property
    def filing(self) -> Filing: ...


class RoundRecords(FormRecords, Protocol):
    """A round's forms, all or one unit's."""

    def duties(self, round: MonitoringRound, *, unit_id: str | None = None) -> Sequence[Filed]: ...


@dataclass(frozen=True, slots=True)
class _Wanted:
    kind: str
    subject: str
    version: int


def write_forms(
    records: RoundRecords, round: MonitoringRound, out: Path, *, unit_id: str | None = None
) -> list[Path]:
    """The xlsx files written, named by project; two projects of one name are told apart by their number.

    Raises OSError when the folder cannot be written."""
    out.mkdir(parents=True, exist_ok=True)
    renderer = Renderer(kept=1)
    written: list[Path] = []
    for duty in records.duties(round, unit_id=unit_id):
        if not duty.filing.version:
            continue
        path = out / file_name("附表1", duty.project_name, round)
        if path in written:
            path = out / file_name(f"附表1_{duty.project_id}", duty.project_name, round)
        wanted = _Wanted("annex1.xlsx", f"{round.code}:{duty.project_id}", duty.filing.version)
        write_file(path, renderer.render(wanted, records))
        written.append(path)
    return written
