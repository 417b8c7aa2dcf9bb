"""How long judging a district takes, beside a naive way in the same run: ``python -m tests.benchmarks.bench_judging``.

The naive way reads every target again, divides and rounds every rate, and writes the sentence for every figure
whether or not it is out of line: what a first version of such a program usually does."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from time import process_time

from regulation import grades, targets
from regulation.deviation import Reported, judge, parse_thresholds, thresholds_on
from regulation.parameters import read
from regulation.rates import execution_rate, funds_arrival_rate, percent, ratio
from regulation.roster import AttainmentLikelihood, FundSource, Indicator, Project
from regulation.rounds import MonitoringRound

ROUND = MonitoringRound(2026, 3)
TODAY = date(2026, 10, 9)
PER_PROJECT = 12
SIZES = (600, 6_000, 60_000, 72_000)
LIMIT = 2.0  # seconds for 72,000 indicators, targets read

#: one project's worth, as offices write them: (一级, 二级, 三级, 年度目标, 已完成情况).
SHAPES = (
    ("产出指标", "数量指标", "改造教室数量", "≥{n}间", "{most}"),
    ("产出指标", "数量指标", "采购课桌椅", "≥{n}套", "{most}"),
    ("产出指标", "数量指标", "培训教师", "{n}人次", "{most}"),
    ("产出指标", "数量指标", "铺设管线长度", "≥{n}米", "{some}"),
    ("产出指标", "质量指标", "验收合格率", "≥95%", "96.5"),
    ("产出指标", "质量指标", "设备完好率", "95%以上", "97"),
    ("产出指标", "时效指标", "完工时间", "11月底前", "已完成"),
    ("产出指标", "成本指标", "项目总成本", "≤{n}万元", "{some}"),
    ("效益指标", "社会效益指标", "校园安全状况", "明显改善", "达成"),
    ("效益指标", "生态效益指标", "节能率", "≥10%", "12"),
    ("效益指标", "可持续影响指标", "管护制度", "制度健全", "达成"),
    ("满意度指标", "服务对象满意度指标", "家长满意度", "≥95%", "94"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One size: seconds for us, for our first pass after a start (targets still unread), and for the naive way;
    findings, and growth against the size before (1.0 = linear)."""

    indicators: int
    ours: float
    first: float
    naive: float
    findings: int
    growth: float

    @property
    def faster(self) -> float:
        """How many times faster than the naive way."""
        return self.naive / self.ours

    @property
    def micros(self) -> float:
        """Microseconds for each indicator."""
        return self.ours / self.indicators * 1e6


def district(indicators: int) -> list[tuple[Project, Reported]]:
    """Projects with figures: most on pace, one in nine slow, different names and numbers everywhere."""
    return [_project(n) for n in range(max(1, indicators // PER_PROJECT))]


def _project(n: int) -> tuple[Project, Reported]:
    goal = 100 + n % 1900
    words = {"n": goal, "most": goal * 8 // 10, "some": goal * (3 if n % 9 == 0 else 7) // 10}
    budget = Decimal(goal)
    rows = tuple(
        Indicator(position, level1, level2, f"{name}（{n}）", target.format(**words))
        for position, (level1, level2, name, target, _) in enumerate(SHAPES, 1)
    )
    project = Project(
        f"p{n}", 2026, "u", "f", f"项目{n}", budget, budget, ((FundSource.DISTRICT, budget),), rows
    )
    figures = Reported(
        arrived=budget,
        spent=Decimal(words["some"]),
        actuals={position: actual.format(**words) for position, (*_, actual) in enumerate(SHAPES, 1)},
        likelihoods=dict.fromkeys(range(1, PER_PROJECT + 1), AttainmentLikelihood.LIKELY),
    )
    return project, figures


def run(sizes: tuple[int, ...] = SIZES) -> list[Row]:
    """Measure every size: the first pass, the best of three later ones, one naive pass."""
    rules = thresholds_on(parse_thresholds(read("thresholds.toml")), ROUND.last_day)
    rows: list[Row] = []
    for size in sizes:
        work = district(size)
        _forget()
        first, findings = _timed(work, lambda p, f: len(judge(p, ROUND, f, rules, TODAY)))
        ours = min(_timed(work, lambda p, f: len(judge(p, ROUND, f, rules, TODAY)))[0] for _ in range(3))
        naive, _ = _timed(work, _naive)
        before = rows[-1] if rows else None
        growth = (ours / before.ours) / (size / before.indicators) if before else 1.0
        rows.append(Row(size, ours, first, naive, findings, growth))
    return rows


def _forget() -> None:
    """As after a start of the process: no target has been read yet."""
    grades._read.cache_clear()
    targets._parse.cache_clear()


def _timed(
    work: list[tuple[Project, Reported]], judged: Callable[[Project, Reported], int]
) -> tuple[float, int]:
    gc.collect()
    begun = process_time()
    found = sum(judged(project, figures) for project, figures in work)
    return process_time() - begun, found


def _naive(project: Project, figures: Reported) -> int:
    written = [execution_rate(figures.spent, project.budget_current).formula]
    written.append(funds_arrival_rate(figures.arrived, project.budget_current).formula)
    slow = 0
    for indicator in project.indicators:
        target = targets._parse.__wrapped__(indicator.target_text, indicator.level2, indicator.name)
        actual = figures.actuals[indicator.position]
        try:
            done = ratio(Decimal(actual), target.value)
        except ArithmeticError:
            done = None
        pace = None if done is None else (done / ROUND.time_progress).quantize(Decimal("0.0001"))
        slow += pace is not None and pace < Decimal("0.8")
        written.append(
            f"{indicator.name}完成{actual}（{percent(done, 1)}），时间已过{percent(ROUND.time_progress)}"
        )
    return slow


HEADINGS = ("指标数", "判断", "首次", "朴素做法", "快", "微秒/条", "发现", "增长")


def main() -> None:
    """Print the table; seconds are CPU seconds, which other programs on the machine do not change."""
    print(" | ".join(f"{heading:>6}" for heading in HEADINGS))
    for r in run():
        cells = (
            f"{r.indicators:,}",
            f"{r.ours:.3f} s",
            f"{r.first:.3f} s",
            f"{r.naive:.3f} s",
            f"{r.faster:.1f} ×",
        )
        print(
            " | ".join(
                f"{cell:>9}" for cell in (*cells, f"{r.micros:.1f}", f"{r.findings:,}", f"{r.growth:.2f}")
            )
        )


if __name__ == "__main__":
    main()
