"""Every filed form of a round, department by department: as files in a folder or as one zip of any size."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from regulation.annex3 import Annex3
from regulation.annexes import compose
from regulation.basis import Basis
from regulation.reporting import BEFORE_FINANCE, Report
from regulation.roster import Department
from regulation.rounds import MonitoringRound
from reports import commas
from reports.files import file_name, folder_name, plain_name, whole_file, write_file
from reports.lawbook import LawBook, shipped
from reports.render import FormRecords, Renderer, tables_of

_INDEX = ("部门", "单位", "项目编号", "项目", "表", "版本", "文件")
#: The same forms give the same bytes: no clock reading may reach the file.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class FormFile:
    """One form as a file: its department's folder, its name there, what it is, its bytes."""

    folder: str
    name: str
    said: tuple[str, str, str, str, str, int]  # department, unit, project number, project, form, version
    content: bytes

    @property
    def path(self) -> str:
        """``区教育局/附表2_区教育局_2026年三季度.xlsx``."""
        return f"{self.folder}/{self.name}"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which forms: all of the round, one department's, or one unit's (附表1 only)."""

    round: MonitoringRound
    department_id: str = ""
    unit_id: str = ""


def form_files(
    records: FormRecords, scope: Scope, *, law: LawBook | None = None, stamp: str = ""
) -> Iterator[FormFile]:
    """附表1 of every project as filed, then 附表2 and 附表3 of every department that has filed them, one at a time:
    no more than one department is in memory. Raises LookupError for an unknown department."""
    renderer, known = Renderer(kept=1, stamp=stamp), law or shipped()
    folders: set[str] = set()
    for department in _departments(records, scope):
        names = _Names(scope.round)
        basis = records.basis(department.id, scope.round)
        folder = folder_name(department.name, department.id, folders)
        yield from _annex1(basis, scope, folder, names, renderer)
        report = records.report(department.id, scope.round)
        if report.state in BEFORE_FINANCE and not scope.unit_id:
            yield from _report(records, report, department, folder, names, renderer, known)


def write_forms(
    records: FormRecords, scope: Scope, out: Path, *, law: LawBook | None = None, stamp: str = ""
) -> list[Path]:
    """The forms as files in a folder per department. Raises OSError when the folder cannot be written."""
    written: list[Path] = []
    for made in form_files(records, scope, law=law, stamp=stamp):
        path = out / made.folder / made.name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, made.content)
        written.append(path)
    return written


def write_zip(
    records: FormRecords, scope: Scope, path: Path, *, law: LawBook | None = None, stamp: str = ""
) -> int:
    """The forms as one zip with a list of what is in it, written as it is made; how many forms. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as file:
        return pack(form_files(records, scope, law=law, stamp=stamp), file)


def pack(forms: Iterable[FormFile], file: IO[bytes]) -> int:
    """The forms into an open file, each written and forgotten; how many."""
    listed: list[tuple[commas.Value, ...]] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # workbooks are compressed already
        for form in forms:
            archive.writestr(zipfile.ZipInfo(form.path, _ZIP_DATE), form.content)
            listed.append((*form.said, form.path))
        archive.writestr(zipfile.ZipInfo("清单.csv", _ZIP_DATE), commas.table(_INDEX, listed))
    return len(listed)


@dataclass(slots=True)
class _Names:
    """File names of one folder; two projects of one name are told apart by their number."""

    round: MonitoringRound
    taken: set[str] = field(default_factory=set)

    def name(self, form: str, title: str, number: str) -> str:
        made = file_name(form, title, self.round)
        if made in self.taken:
            made = file_name(f"{form}_{plain_name(number)}", title, self.round)
        self.taken.add(made)
        return made


def _departments(records: FormRecords, scope: Scope) -> list[Department]:
    wanted = records.unit(scope.unit_id).department_id if scope.unit_id else scope.department_id
    found = [each for each in records.departments() if wanted in ("", each.id)]
    if not found and wanted:
        raise LookupError(f"没有编号为 {wanted} 的部门")
    return found


def _annex1(basis: Basis, scope: Scope, folder: str, names: _Names, renderer: Renderer) -> Iterator[FormFile]:
    for form in basis.forms:
        if scope.unit_id not in ("", form.unit.id):
            continue
        project = form.project
        content = renderer.workbook(compose(project, form.unit.name, scope.round, form.entries))
        said = (basis.department.name, form.unit.name, project.id, project.name, "附表1", form.version)
        yield FormFile(folder, names.name("附表1", project.name, project.id), said, content)


def _report(
    records: FormRecords,
    report: Report,
    department: Department,
    folder: str,
    names: _Names,
    renderer: Renderer,
    law: LawBook,
) -> Iterator[FormFile]:
    tables = tables_of(records, report.round, department.id, report.version, law)
    whole = (department.name, "", "", "", "附表2", report.version)
    name = names.name("附表2", department.name, department.id)
    yield FormFile(folder, name, whole, renderer.workbook(tables.annex2))
    for form in tables.annex3:
        yield FormFile(
            folder,
            names.name("附表3", form.project_name, form.project_id),
            _said(department, form, report.version),
            renderer.workbook(form),
        )


def _said(department: Department, form: Annex3, version: int) -> tuple[str, str, str, str, str, int]:
    return (department.name, form.unit_names, form.project_id, form.project_name, "附表3", version)
