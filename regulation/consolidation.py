"""附表2 and 附表3 of a department, put together from its units' filed 附表1 and the few things it types (第十三条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from regulation.annex1 import Entry
from regulation.annex2 import ASSETS, EFFECTS, EXECUTION, PROCUREMENT, WORKS, Annex2, Annex2Row
from regulation.annex3 import Annex3, Annex3Row
from regulation.basis import Basis, KeyProject, UnitForm, key_projects
from regulation.narratives import draft, read_passage, redrafted
from regulation.picking import picked
from regulation.provenance import Passage, Source
from regulation.rates import HUNDRED, Rate, money, percent, ratio
from regulation.reportfields import RATES
from regulation.roster import AttainmentLikelihood
from regulation.shared import counted_once
from regulation.summing import Summed, adjustment, arrival, execution, indicator_rows, money_rows
from regulation.thresholds import Thresholds

#: (content, label printed, key of the two amounts)
_TYPED = ((ASSETS, "年度计划完成率", "assets"), (PROCUREMENT, "年度计划执行率", "procurement"))
_WORDS = {"assets": ("已完成金额", "年度计划金额"), "procurement": ("已执行金额", "年度计划金额")}


@dataclass(frozen=True, slots=True)
class Tables:
    """What a department files together."""

    annex2: Annex2
    annex3: tuple[Annex3, ...]


def consolidate(
    basis: Basis, entries: Mapping[str, Entry], rules: Thresholds, *, frozen: bool = False
) -> Tables:
    """Both tables as they stand with these entries; what nobody typed is drafted from the units' forms.

    ``frozen``: ``basis`` holds the very versions the entries were made from, so nothing is drafted anew."""
    maker = _Maker(basis, entries, rules, {form.project.id: form for form in basis.forms}, frozen)
    return Tables(maker.annex2(), tuple(maker.annex3(each) for each in key_projects(basis.projects)))


def total_of(basis: Basis, entries: Mapping[str, Entry]) -> Decimal | None:
    """本年度预算资金总额: as typed, else as the roster has it."""
    entry = entries.get("total")
    return Decimal(entry.value) if entry else basis.total


@dataclass(frozen=True, slots=True)
class _Maker:
    basis: Basis
    entries: Mapping[str, Entry]
    rules: Thresholds
    forms: Mapping[str, UnitForm]
    frozen: bool

    def annex2(self) -> Annex2:
        basis, forms = self.basis, self.basis.forms
        rates = self._rates(forms, "")
        return Annex2(
            round=basis.round,
            department_name=basis.department.name,
            total=total_of(basis, self.entries),
            work=self._passage("work", self._leading()),
            deviation=self._passage("deviation", forms),
            plan=self._passage("plan", forms),
            execution=(rates[0], rates[1], rates[2]),
            assets=self._typed(*_TYPED[0]),
            procurement=self._typed(*_TYPED[1]),
            works=picked("works", WORKS, self.entries, self.forms),
            effects=picked("effects", EFFECTS, self.entries, self.forms),
        )

    def annex3(self, project: KeyProject) -> Annex3:
        forms = [form for p in project.projects if (form := self.forms.get(p.id))]
        total, *rows = money_rows(forms, project.projects)
        process = [
            Annex3Row("过程", EXECUTION, r.indicator, r.target, r.actual, r.likelihood, r.formula, r.sources)
            for r in self._rates(forms, f"{project.id}.")
        ]
        made = [
            Annex3Row(
                row.dimension.level1,
                row.dimension.label,
                row.name,
                row.target,
                row.actual,
                row.likelihood,
                row.formula,
                row.sources,
            )
            for row in indicator_rows(forms, counted_once(self.entries, project.id))
        ]
        starts = [p.starts for p in project.projects if p.starts]
        ends = [p.ends for p in project.projects if p.ends]
        return Annex3(
            round=self.basis.round,
            project_id=project.id,
            project_name=project.name,
            basis=project.basis,
            department_name=self.basis.department.name,
            units=tuple(dict.fromkeys(self.basis.units[p.unit_id].name for p in project.projects)),
            starts=min(starts, default=None),
            ends=max(ends, default=None),
            total=total,
            money=tuple(rows),
            situation=self._passage(f"{project.id}.situation", forms),
            deviation=self._passage(f"{project.id}.deviation", forms),
            plan=self._passage(f"{project.id}.plan", forms),
            process=(process[0], process[1], process[2]),
            outputs=tuple(row for row in made if row.level1 == "产出"),
            effects=tuple(row for row in made if row.level1 != "产出"),
        )

    def _rates(self, forms: Sequence[UnitForm], scope: str) -> list[Annex2Row]:
        summed = {
            "arrival": arrival(forms),
            "execution": execution(forms, self.rules),
            "adjustment": adjustment(forms, self.rules),
        }
        return [self._rate(key, each, scope) for key, each in summed.items()]

    def _rate(self, key: str, summed: Summed, scope: str) -> Annex2Row:
        label, _ = RATES[key]
        return Annex2Row(
            EXECUTION,
            label,
            self._target(key, scope),
            summed.rate.text,
            self._likelihood(key, summed.rate, scope),
            summed.rate.formula,
            summed.sources,
        )

    def _typed(self, content: str, label: str, key: str) -> Annex2Row:
        rate = typed_rate(label, key, self.entries)
        return Annex2Row(
            content,
            label,
            self._target(key, ""),
            rate.text,
            self._likelihood(key, rate, ""),
            rate.formula,
            tuple(self._own(f"{key}.{part}") for part in ("done", "plan") if f"{key}.{part}" in self.entries),
        )

    def _own(self, key: str) -> Source:
        """A figure the department itself typed."""
        entry = self.entries[key]
        return Source(self.basis.department.name, "", "部门填报", key, key, entry.value, 0, entry.message)

    def _target(self, key: str, scope: str) -> str:
        entry = self.entries.get(f"target.{scope}{key}")
        return entry.value if entry else RATES[key][1]

    def _likelihood(self, key: str, rate: Rate, scope: str) -> str:
        entry = self.entries.get(f"likely.{scope}{key}")
        if entry:
            return AttainmentLikelihood(entry.value).label
        if self.frozen:
            return ""
        level = suggest(rate, self._target(key, scope), self.basis.round.time_progress, self.rules)
        return level.label if level else ""

    def _passage(self, key: str, forms: Sequence[UnitForm]) -> Passage:
        kept = read_passage(key, self.entries, self.forms)
        if kept is None and self.frozen:
            return Passage()
        if kept is None:
            return draft(forms, key.rpartition(".")[2])
        return kept if self.frozen else redrafted(kept, self.forms)

    def _leading(self) -> list[UnitForm]:
        """The forms 部门年度重点工作实施情况 is drafted from: the key projects, else the three largest."""
        key = [form for form in self.basis.forms if form.project.is_key]
        return key or sorted(self.basis.forms, key=lambda form: -form.project.budget_current)[:3]


def typed_rate(label: str, key: str, entries: Mapping[str, Entry]) -> Rate:
    """年度计划完成率 or 年度计划执行率 from its two amounts; no value while one is missing or the plan is 0."""
    done, plan = (
        Decimal(entries[f"{key}.{part}"].value) if f"{key}.{part}" in entries else None
        for part in ("done", "plan")
    )
    value = ratio(done, plan)
    first, second = _WORDS[key]
    terms = " ÷ ".join(
        f"{word} {'—' if amount is None else money(amount)}"
        for word, amount in ((first, done), (second, plan))
    )
    return Rate(
        label, value, f"{label} = {terms}" + (f" × 100% = {percent(value)}" if value is not None else "")
    )


def suggest(rate: Rate, target: str, progress: Decimal, rules: Thresholds) -> AttainmentLikelihood | None:
    """The likelihood a rate suggests, held against time by the pace lines in force; None without target or value."""
    goal = _percentage(target)
    if rate.value is None or goal is None or goal <= 0:
        return None
    pace = rate.value / (goal * progress)
    if pace >= 1:
        return AttainmentLikelihood.CERTAIN
    if pace >= rules.pace.yellow:
        return AttainmentLikelihood.LIKELY
    return AttainmentLikelihood.UNLIKELY


def _percentage(text: str) -> Decimal | None:
    """``≥95%`` -> 0.95; None for anything that is not one percentage."""
    digits = text.strip().strip("≥≤=＞＜><").removesuffix("%").removesuffix("％").strip()
    if not digits.replace(".", "", 1).isdecimal() or not digits.isascii():
        return None
    return Decimal(digits) / HUNDRED
