"""Makes a card's file or picture from what is stored, at sending time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from regulation.annexes import Annex1, Entry, compose, reported
from regulation.deviation import Finding
from regulation.roster import Project, ResponsibleUnit
from regulation.rounds import MonitoringRound, parse_round
from reports import annex1, picture, xlsx
from reports.deviation import DeviationPicture, deviation_picture


class Wanted(Protocol):
    """What is to be made: kind ``annex1.xlsx``, ``annex1.png`` or ``deviation.png`` of ``2026Q3:p017``."""

    @property
    def kind(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def version(self) -> int: ...


class Found(Protocol):
    """A stored finding."""

    @property
    def version(self) -> int: ...
    @property
    def finding(self) -> Finding: ...


class FormRecords(Protocol):
    """The few questions a form asks of what is stored."""

    def project(self, project_id: str) -> Project | None: ...
    def definition(self, project_id: str, round: MonitoringRound, version: int) -> Project | None: ...
    def unit(self, unit_id: str) -> ResponsibleUnit: ...
    def entries(
        self, project_id: str, round: MonitoringRound, version: int | None = None
    ) -> Mapping[str, Entry]: ...
    def findings(self, round: MonitoringRound, *, project_id: str | None = None) -> Sequence[Found]: ...


class Renderer:
    """Draws attachments and remembers the last ``kept`` of them by what they say, so a changed project or a closed
    finding is never shown from memory. ``stamp`` (演练) is printed on everything (A12)."""

    def __init__(self, *, append_effects: bool = False, stamp: str = "", kept: int = 64) -> None:
        self._append_effects = append_effects
        self._stamp = stamp
        self._draw = lru_cache(maxsize=kept)(self._drawn)

    def render(self, attachment: Wanted, records: FormRecords) -> bytes:
        """The bytes of that attachment. Raises LookupError for an unknown kind or project, ValueError for a bad
        subject."""
        round_code, _, project_id = attachment.subject.partition(":")
        round = parse_round(round_code)
        project = records.definition(project_id, round, attachment.version) or records.project(project_id)
        if project is None:
            raise LookupError(f"没有编号为 {project_id} 的项目")
        return self._draw(attachment.kind, _content(attachment, project, round, records, self._stamp))

    def _drawn(self, kind: str, content: Annex1 | DeviationPicture) -> bytes:
        if isinstance(content, DeviationPicture):
            return picture.deviation(content)
        form = annex1.sheet(content, append_effects=self._append_effects, stamp=self._stamp)
        return xlsx.write(form) if kind == "annex1.xlsx" else picture.table(form)


def _content(
    attachment: Wanted, project: Project, round: MonitoringRound, records: FormRecords, stamp: str
) -> Annex1 | DeviationPicture:
    entries = records.entries(project.id, round, attachment.version)
    if attachment.kind in ("annex1.xlsx", "annex1.png"):
        return compose(project, records.unit(project.unit_id).name, round, entries)
    if attachment.kind == "deviation.png":
        known = records.findings(round, project_id=project.id)
        about = tuple(found.finding for found in known if found.version <= attachment.version)
        return deviation_picture(project, round, reported(project, entries), about, stamp=stamp)
    raise LookupError(f"不会制作 {attachment.kind}")
