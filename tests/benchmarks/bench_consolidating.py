"""Consolidating a department and reconciling a district beside the cheapest correct way in the same run.

``python -m tests.benchmarks.bench_consolidating``. The floor adds up exactly the same sums with Decimal in bare loops:
no sources, no drafts, no rows, no suspects. What we add to it is the price of saying where every number came from."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from time import process_time

from regulation.annexes import Entry
from regulation.basis import Basis, unit_form
from regulation.completeness import owed
from regulation.consolidation import consolidate
from regulation.freezing import effective, freeze
from regulation.parameters import read
from regulation.reconciliation import reconcile
from regulation.roster import Department, FundSource, Indicator, KeyBasis, Project, ResponsibleUnit
from regulation.rounds import MonitoringRound
from regulation.thresholds import parse_thresholds, thresholds_on

ROUND = MonitoringRound(2026, 3)
RULES = thresholds_on(parse_thresholds(read("thresholds.toml")), ROUND.last_day)
SIZES = (30, 300, 3_000)
#: the district that is reconciled: 60 departments of 100 projects.
DEPARTMENTS, PROJECTS = 60, 100
TARGETS = ("≥{n}间", "≥95%", "11月底前", "≤{n}万元", "明显改善", "≥90%")


@dataclass(frozen=True, slots=True)
class Row:
    """CPU seconds: ours, the floor's bare sums, and growth against the size before (1.0 = linear)."""

    what: str
    count: int
    ours: float
    floor: float
    growth: float

    @property
    def times(self) -> float:
        """How many times the bare sums."""
        return self.ours / self.floor


def department(count: int, number: int = 0) -> Basis:
    """A department with that many projects in ten units, one in fifteen a key project, all filed."""
    units = {f"u{n}": ResponsibleUnit(f"u{n}", "d", f"单位{n}", n == 0) for n in range(10)}
    forms = tuple(_form(n, number, units[f"u{n % 10}"]) for n in range(count))
    projects = tuple(form.project for form in forms)
    return Basis(Department("d", "区某局", "f"), ROUND, projects, forms, units, Decimal(count * 5_000))


def _form(n: int, number: int, unit: ResponsibleUnit):  # type: ignore[no-untyped-def]
    goal = 100 + (n * 7 + number) % 1900
    budget = Decimal(goal)
    indicators = tuple(
        Indicator(at, "产出指标" if at < 5 else "效益指标", "数量指标", f"指标{at}", text.format(n=goal))
        for at, text in enumerate(TARGETS, 1)
    )
    key = n % 15 == 0
    sources = ((FundSource.CENTRAL, budget / 4), (FundSource.DISTRICT, budget * 3 / 4))
    project = Project(
        f"p{number}-{n}", 2026, unit.id, "f", f"项目{n}", budget, budget, sources, indicators,
        is_key=key, key_basis=KeyBasis.MAJOR_SPENDING if key else None,
    )  # fmt: skip
    spent = budget * 7 / 10
    said = {"arrived": str(budget), "actual.1": str(goal * 7 // 10), "likely.1": "likely"}
    said |= (
        {"spent.central": str(spent / 4), "spent.district": str(spent * 3 / 4)}
        if key
        else {"spent": str(spent)}
    )
    said |= {
        "situation": f"项目{n}按计划推进。",
        "reason": "无偏离" if n % 9 else "招标晚",
        "plan": "加快支付",
    }
    return unit_form(project, unit, 1, {k: Entry(v, v, f"m{n}") for k, v in said.items()})


TYPED = {
    key: Entry(value, value, "m")
    for key, value in {
        "assets.plan": "120", "assets.done": "90", "procurement.plan": "400", "procurement.done": "310.5"
    }.items()
}  # fmt: skip


def whole(basis: Basis) -> int:
    """What 汇总 and 报负责人审 do together: both tables, what is owed, what does not agree, everything frozen."""
    entries = effective(basis, TYPED)
    tables = consolidate(basis, entries, RULES)
    owed(tables, basis, entries, RULES)
    reconcile(tables, basis)
    return len(freeze(basis, entries, tables))


def bare_sums(basis: Basis) -> int:
    """The same sums and nothing else: totals, three rates, money by source of the key projects."""
    arrived = spent = budget = initial = Decimal(0)
    by_key: dict[str, list[Decimal]] = {}
    for form in basis.forms:
        arrived += Decimal(form.entries["arrived"].value)
        amounts = [Decimal(e.value) for k, e in form.entries.items() if k.startswith("spent")]
        spent += sum(amounts, Decimal(0))
        budget += form.project.budget_current
        initial += form.project.budget_initial
        if form.project.is_key:
            by_key[form.project.name] = amounts
    rates = (arrived / budget, spent / budget, (budget - initial) / initial)
    return len([f"{rate:.2%}" for rate in rates]) + len(by_key)


def run() -> list[Row]:
    """Every size of department, then the district reconciled against forms of which one in a hundred moved on."""
    rows: list[Row] = []
    for size in SIZES:
        basis = department(size)
        ours, floor = _best(lambda basis=basis: whole(basis)), _best(lambda basis=basis: bare_sums(basis))
        before = rows[-1] if rows else None
        growth = (ours / before.ours) / (size / before.count) if before else 1.0
        rows.append(Row("汇总一个部门", size, ours, floor, growth))
    district = [department(PROJECTS, number) for number in range(DEPARTMENTS)]
    made = [(consolidate(b, TYPED, RULES), moved(b)) for b in district]
    ours = _best(lambda: sum(len(reconcile(tables, basis)) for tables, basis in made))
    floor = _best(lambda: sum(bare_sums(basis) for basis in district))
    rows.append(Row("核对全区", DEPARTMENTS * PROJECTS, ours, floor, 1.0))
    return rows


def moved(basis: Basis) -> Basis:
    """The same department after one in a hundred of its forms was filed anew with another figure."""
    forms = tuple(_again(form) if n % 100 == 37 else form for n, form in enumerate(basis.forms))
    return replace(basis, forms=forms)


def _again(form):  # type: ignore[no-untyped-def]
    entries = dict(form.entries) | {"arrived": Entry("1", "1", "m2")}
    return unit_form(form.project, form.unit, 2, entries)


def _best(work: Callable[[], object], times: int = 3) -> float:
    def once() -> float:
        gc.collect()
        begun = process_time()
        work()
        return process_time() - begun

    return min(once() for _ in range(times))


def main() -> None:
    """Print the table; CPU seconds, which other programs on the machine do not change."""
    print(" | ".join(f"{h:>10}" for h in ("做什么", "项目数", "用时", "光加总", "倍", "微秒/个", "增长")))
    for row in run():
        cells = (
            row.what,
            f"{row.count:,}",
            f"{row.ours * 1e3:.1f} ms",
            f"{row.floor * 1e3:.2f} ms",
            f"{row.times:.1f} ×",
            f"{row.ours / row.count * 1e6:.1f}",
            f"{row.growth:.2f}",
        )
        print(" | ".join(f"{cell:>10}" for cell in cells))


if __name__ == "__main__":
    main()
