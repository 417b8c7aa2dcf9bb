"""Makes a card's file or picture from what is stored, at sending time: one row of a table per kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from regulation.adjusting import Adjustment
from regulation.annex2 import Annex2
from regulation.annex3 import Annex3
from regulation.annexes import Annex1, Entry, compose, reported
from regulation.basis import Basis
from regulation.consolidation import Tables, consolidate
from regulation.deviation import Finding
from regulation.disclosure import PublicReport, public_report
from regulation.disposing import DisposalRecord
from regulation.freezing import effective
from regulation.reporting import Report, ReportDraft
from regulation.roster import Project
from regulation.rounds import MonitoringRound, parse_round
from regulation.worksheet import lines
from reports import annex1, annex2, annex3, picture, xlsx
from reports.deviation import DeviationPicture, deviation_picture
from reports.disclosure import package
from reports.district import DistrictPicture
from reports.glance import GlanceRecords, glance
from reports.lawbook import LawBook, moment_of, rules_of, shipped
from reports.results import filed_results
from reports.sheet import Sheet
from reports.worksheet import Blank, answers_workbook


class Wanted(Protocol):
    """What is to be made: a kind of :data:`KINDS` of a subject. The subject of 附表1, 附表3 and the deviation picture
    is ``2026Q3:p017``, of 附表2 ``2026Q3:d01``, of the district pictures ``2026Q3:*`` or ``2026Q3:d01``. ``version``
    is the filed version of the form or report (0: as it stands now), for the district pictures the moment
    (202610120900, see reports.lawbook.number_of)."""

    @property
    def kind(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def version(self) -> int: ...


class Found(Protocol):
    """A stored finding."""

    @property
    def project_id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def finding(self) -> Finding: ...


class FormRecords(GlanceRecords, Protocol):
    """The few questions forms and pictures ask of what is stored."""

    def project(self, project_id: str) -> Project | None: ...
    def definition(self, project_id: str, round: MonitoringRound, version: int) -> Project | None: ...
    def entries(
        self, project_id: str, round: MonitoringRound, version: int | None = None
    ) -> Mapping[str, Entry]: ...
    def findings(
        self, round: MonitoringRound, *, project_id: str | None = None, department_id: str | None = None
    ) -> Sequence[Found]: ...
    def report(self, department_id: str, round: MonitoringRound) -> Report: ...
    def report_draft(self, department_id: str, round: MonitoringRound) -> ReportDraft | None: ...
    def report_entries(
        self, department_id: str, round: MonitoringRound, version: int | None = None
    ) -> Mapping[str, Entry]: ...
    def basis_at(self, department_id: str, round: MonitoringRound, version: int) -> Basis: ...
    def adjustments(self, round: MonitoringRound) -> Sequence[Adjustment]: ...
    def disposals(self, round: MonitoringRound) -> Sequence[DisposalRecord]: ...
    def known_names(self) -> Sequence[str]: ...
    def release_package(self, department_id: str, round: MonitoringRound, digest: str) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Published:
    """What a package for publication is drawn from."""

    report: PublicReport
    names: tuple[str, ...]
    stamp: str


#: What is drawn; equal contents are drawn once.
Content = Annex1 | Annex2 | Annex3 | Blank | DeviationPicture | DistrictPicture | Published | bytes


@dataclass(frozen=True, slots=True)
class _Asked:
    """One attachment's question, taken apart."""

    round: MonitoringRound
    name: str  # what stands after the round in the subject
    version: int
    law: LawBook
    stamp: str


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of attachment is read and drawn."""

    content: Callable[[FormRecords, _Asked], Content]
    draw: Callable[[Renderer, Any], bytes]


class Renderer:
    """Draws attachments and remembers the last ``kept`` of them by what they say, so a changed project or a closed
    finding is never shown from memory. ``stamp`` (演练) is printed on everything (A12)."""

    def __init__(
        self,
        *,
        append_effects: bool = False,
        stamp: str = "",
        kept: int = 64,
        law: LawBook | None = None,
    ) -> None:
        self.append_effects = append_effects
        self.stamp = stamp
        self._law = law
        self._draw = lru_cache(maxsize=kept)(self._drawn)

    def render(self, attachment: Wanted, records: FormRecords) -> bytes:
        """The bytes of that attachment. Raises LookupError for an unknown kind or subject, ValueError for a bad
        subject."""
        if attachment.kind not in KINDS:
            raise LookupError(f"不会制作 {attachment.kind}")
        code, _, name = attachment.subject.partition(":")
        law = self._law or shipped()
        asked = _Asked(parse_round(code), name, attachment.version, law, self.stamp)
        return self._draw(attachment.kind, KINDS[attachment.kind].content(records, asked))

    def _drawn(self, kind: str, content: Content) -> bytes:
        return KINDS[kind].draw(self, content)

    def sheet(self, form: Annex1 | Annex2 | Annex3) -> Sheet:
        """The official form laid out."""
        if isinstance(form, Annex1):
            return annex1.sheet(form, append_effects=self.append_effects, stamp=self.stamp)
        return (
            annex2.sheet(form, stamp=self.stamp)
            if isinstance(form, Annex2)
            else annex3.sheet(form, stamp=self.stamp)
        )

    def workbook(self, form: Annex1 | Annex2 | Annex3) -> bytes:
        """The official form as a workbook."""
        return xlsx.write(self.sheet(form))

    def table(self, form: Annex1 | Annex2 | Annex3) -> bytes:
        """The official form as a picture."""
        return picture.table(self.sheet(form))


def _project(records: FormRecords, asked: _Asked) -> Project:
    project = records.definition(asked.name, asked.round, asked.version) or records.project(asked.name)
    if project is None:
        raise LookupError(f"没有编号为 {asked.name} 的项目")
    return project


def _annex1(records: FormRecords, asked: _Asked) -> Annex1:
    project = _project(records, asked)
    entries = records.entries(project.id, asked.round, asked.version)
    return compose(project, records.unit(project.unit_id).name, asked.round, entries)


def _answers(records: FormRecords, asked: _Asked) -> Blank:
    project = _project(records, asked)
    same_year = asked.round.previous.year == asked.round.year
    before = records.entries(project.id, asked.round.previous) if same_year else {}
    return Blank(project, records.unit(project.unit_id).name, asked.round, lines(project, before))


def _deviation(records: FormRecords, asked: _Asked) -> DeviationPicture:
    project = _project(records, asked)
    figures = reported(project, records.entries(project.id, asked.round, asked.version))
    known = records.findings(asked.round, project_id=project.id)
    about = tuple(found.finding for found in known if found.version <= asked.version)
    return deviation_picture(project, asked.round, figures, about, stamp=asked.stamp)


def tables_of(
    records: FormRecords, round: MonitoringRound, department_id: str, version: int, law: LawBook
) -> Tables:
    """附表2 and 附表3 of that version of the department's report; version 0 as its draft stands now."""
    rules = rules_of(law, round)
    if version:
        basis = records.basis_at(department_id, round, version)
        entries = records.report_entries(department_id, round, version)
        return consolidate(basis, entries, rules, frozen=True)
    draft = records.report_draft(department_id, round)
    basis = records.basis(department_id, round)
    same_year = round.previous.year == round.year
    before = records.report_entries(department_id, round.previous) if same_year else {}
    return consolidate(basis, effective(basis, dict(draft.entries) if draft else {}, before), rules)


def _annex2(records: FormRecords, asked: _Asked) -> Annex2:
    if not any(department.id == asked.name for department in records.departments()):
        raise LookupError(f"没有编号为 {asked.name} 的部门")
    return tables_of(records, asked.round, asked.name, asked.version, asked.law).annex2


def _annex3(records: FormRecords, asked: _Asked) -> Annex3:
    project = records.project(asked.name)
    if project is None:
        raise LookupError(f"没有编号为 {asked.name} 的项目")
    department = records.unit(project.unit_id).department_id
    for form in tables_of(records, asked.round, department, asked.version, asked.law).annex3:
        if form.project_id == asked.name:
            return form
    raise LookupError(f"{asked.name} 不是重点项目，没有附表3")


def _publication(records: FormRecords, asked: _Asked) -> Published:
    tables = tables_of(records, asked.round, asked.name, asked.version, asked.law)
    basis = records.basis_at(asked.name, asked.round, asked.version)
    report = public_report(basis, tables.annex2)
    return Published(report, tuple(records.known_names()), asked.stamp)


def _frozen(records: FormRecords, asked: _Asked) -> bytes:
    """The very bytes that were proposed."""
    department, _, digest = asked.name.partition(":")
    kept = records.release_package(department, asked.round, digest)
    if kept is None:
        raise LookupError(f"没有校验码为 {digest[:12]} 的公开件")
    return kept


def _glance(records: FormRecords, asked: _Asked) -> DistrictPicture:
    at = moment_of(asked.version)
    return glance(records, asked.round, asked.name, at, asked.law, stamp=asked.stamp)


def _year(records: FormRecords, asked: _Asked) -> bytes:
    return filed_results(records, asked.round.year, asked.name)


#: every kind of attachment a card may carry.
KINDS: Mapping[str, Kind] = {
    "annex1.xlsx": Kind(_annex1, Renderer.workbook),
    "annex1.png": Kind(_annex1, Renderer.table),
    "answers.xlsx": Kind(_answers, lambda _, content: answers_workbook(content)),
    "annex2.xlsx": Kind(_annex2, Renderer.workbook),
    "annex2.png": Kind(_annex2, Renderer.table),
    "annex3.xlsx": Kind(_annex3, Renderer.workbook),
    "annex3.png": Kind(_annex3, Renderer.table),
    "disclosure.zip": Kind(
        _publication, lambda _, content: package(content.report, content.names, stamp=content.stamp).content
    ),
    "release.zip": Kind(_frozen, lambda _, content: bytes(content)),
    "results.xlsx": Kind(_year, lambda _, content: bytes(content)),
    "deviation.png": Kind(_deviation, lambda _, content: picture.deviation(content)),
    "district.png": Kind(_glance, lambda _, content: picture.district(content)),
    "strip.png": Kind(_glance, lambda _, content: picture.strip(content)),
}
