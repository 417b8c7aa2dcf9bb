"""The filed 附表1 a department's tables are drawn from, and the key projects several units run together (第五条)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from regulation.annex1 import Entry
from regulation.fields import reported
from regulation.findings import Reported
from regulation.provenance import Source
from regulation.roster import Department, KeyBasis, Project, ResponsibleUnit
from regulation.rounds import MonitoringRound

#: how a cell of 附表1 is called when something is said to come from it.
CELLS = {
    "arrived": "已到位资金",
    "spent": "已支出资金",
    "budget_current": "预算总额",
    "budget_initial": "年初预算",
    "situation": "项目实施情况",
    "reason": "目标偏离情况及原因分析",
    "plan": "改进计划",
}


@dataclass(frozen=True, slots=True)
class UnitForm:
    """One filed 附表1: the project as defined with that version, the unit, the version and its entries."""

    project: Project
    unit: ResponsibleUnit
    version: int
    entries: Mapping[str, Entry]
    figures: Reported = field(default_factory=Reported)

    def source(self, key: str, value: str, cell: str = "") -> Source:
        """Where a figure of this form stands."""
        entry = self.entries.get(key) or self._by_source(key)
        roster = key.startswith("budget_")
        return Source(
            self.unit.name,
            self.project.id,
            self.project.name,
            key,
            cell or CELLS.get(key, key),
            value,
            0 if roster else self.version,
            entry.message if entry else "",
        )

    def _by_source(self, key: str) -> Entry | None:
        """已支出资金 asked source by source was said in the message of its first source."""
        return next((entry for k, entry in self.entries.items() if k.startswith(f"{key}.")), None)

    def text(self, key: str) -> str:
        """A text as filed, empty when there is none."""
        entry = self.entries.get(key)
        return entry.value if entry else ""


def unit_form(
    project: Project, unit: ResponsibleUnit, version: int, entries: Mapping[str, Entry]
) -> UnitForm:
    """A filed form with its figures read once."""
    return UnitForm(project, unit, version, entries, reported(project, entries))


@dataclass(frozen=True, slots=True)
class Basis:
    """Everything a department's tables rest on in one round. ``projects`` are all of its projects in roster order,
    ``forms`` those filed; ``total`` is 本年度预算资金总额 as far as the roster knows it."""

    department: Department
    round: MonitoringRound
    projects: tuple[Project, ...]
    forms: tuple[UnitForm, ...]
    units: Mapping[str, ResponsibleUnit]
    total: Decimal | None = None

    @property
    def versions(self) -> dict[str, int]:
        """Project id -> the version its figures come from."""
        return {form.project.id: form.version for form in self.forms}

    @property
    def missing(self) -> tuple[Project, ...]:
        """The projects whose 附表1 has not come in."""
        there = {form.project.id for form in self.forms}
        return tuple(project for project in self.projects if project.id not in there)

    @property
    def projects_budget(self) -> Decimal:
        """Σ 预算总额 of every project, filed or not."""
        return sum((project.budget_current for project in self.projects), Decimal(0))


def moved_budgets(forms: Iterable[UnitForm], present: Iterable[Project]) -> tuple[Decimal, Decimal] | None:
    """Σ 预算总额 of these forms as they were filed, and as finance has adjusted it since (第十五条(一)); None where it
    is the same project by project."""
    now = {project.id: project.budget_current for project in present}
    pairs = [(f.project.budget_current, now.get(f.project.id, f.project.budget_current)) for f in forms]
    if all(before == after for before, after in pairs):
        return None
    return sum((before for before, _ in pairs), Decimal(0)), sum((after for _, after in pairs), Decimal(0))


@dataclass(frozen=True, slots=True)
class KeyProject:
    """A 重点项目 as 附表3 prints it: the projects of the units that run it together, the first one leading."""

    projects: tuple[Project, ...]

    @property
    def id(self) -> str:
        """The id of the leading project; names the 附表3."""
        return self.projects[0].id

    @property
    def name(self) -> str:
        """项目名称."""
        return self.projects[0].name

    def forms(self, of: Basis) -> tuple[UnitForm, ...]:
        """The filed forms of its units."""
        there = {form.project.id: form for form in of.forms}
        return tuple(there[project.id] for project in self.projects if project.id in there)

    @property
    def basis(self) -> KeyBasis | None:
        """Why it is a key project."""
        return next((project.key_basis for project in self.projects if project.key_basis), None)


def key_projects(projects: Iterable[Project]) -> tuple[KeyProject, ...]:
    """The key projects in roster order. Projects of several units are one when they carry the same code, or, where
    neither has a code, the same name (DOMAIN §1.1, 第四条)."""
    groups: dict[tuple[str, str], list[Project]] = {}
    for project in projects:
        if project.is_key:
            groups.setdefault(("code", project.code) if project.code else ("name", project.name), []).append(
                project
            )
    return tuple(KeyProject(tuple(group)) for group in groups.values())
