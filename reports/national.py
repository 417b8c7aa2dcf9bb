"""The round in the fields of the national data standard of 预算管理一体化 (DOMAIN §2.1): two tables as CSV.

The field names below are those seen in public systems that follow the standard; columns the standard is not known to
have are named by us and stand at the end. What the three forms do not ask stays empty, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from regulation.basis import Basis, UnitForm
from regulation.composing import printed_actual
from regulation.deadlines import Annex, deadline, override_for
from regulation.deviation import progress
from regulation.rates import HUNDRED, rounded
from regulation.rectifying import Rectification
from regulation.roster import AttainmentLikelihood, Department, Indicator
from regulation.rounds import MonitoringRound
from reports import commas
from reports.commas import Value
from reports.lawbook import LawBook
from reports.render import FormRecords

#: our four levels of 完成目标可能性 in the three of 财预〔2019〕136号.
LIKELIHOODS: Mapping[AttainmentLikelihood, str] = {
    AttainmentLikelihood.CERTAIN: "确定能",
    AttainmentLikelihood.LIKELY: "有可能",
    AttainmentLikelihood.UNLIKELY: "有可能",
    AttainmentLikelihood.IMPOSSIBLE: "完全不可能",
}


@dataclass(frozen=True, slots=True)
class _Reported:
    """One indicator of one filed form, and what finance ordered of its department."""

    basis: Basis
    form: UnitForm
    indicator: Indicator
    orders: tuple[Rectification, ...]

    @property
    def actual(self) -> str:
        return self.form.figures.actuals.get(self.indicator.position, "")


def _completed(row: _Reported) -> Value:
    done = progress(row.indicator, row.actual) if row.actual else None
    return None if done is None else rounded(done * HUNDRED)


def _likelihood(row: _Reported) -> Value:
    said = row.form.figures.likelihoods.get(row.indicator.position)
    return LIKELIHOODS[said] if said else ""


#: PAY_PERF_MONITOR_INFO: field -> what of ours stands in it.
INFO: Mapping[str, Callable[[_Reported], Value]] = {
    "fiscal_year": lambda row: row.basis.round.year,
    "agency_code": lambda row: row.form.unit.id,
    "agency_name": lambda row: row.form.unit.name,
    "pro_code": lambda row: row.form.project.code or row.form.project.id,
    "pro_name": lambda row: row.form.project.name,
    "kpi_target": lambda row: None,
    "pro_bgt_comp": lambda row: row.form.figures.spent,
    "est_pro_bgt_annual": lambda row: None,
    "lv1_perf_ind": lambda row: row.indicator.level1,
    "lv2_perf_ind": lambda row: row.indicator.level2,
    "lv3_perf_ind": lambda row: row.indicator.name,
    "kpi_val": lambda row: row.indicator.target_text,
    "perf_comp": lambda row: printed_actual(row.indicator, row.actual) if row.actual else "",
    "est_perf_annual": lambda row: None,
    "ana_dev_reasons": lambda row: row.form.text("reason"),
    "complete_rate": _completed,
    "is_perf_rectify": lambda row: 1 if row.orders else 0,
    "rectify_advise": lambda row: "；".join(order.demand for order in row.orders),
    "rectify_epilog": lambda row: "；".join(order.conclusion for order in row.orders if order.conclusion),
    # ours
    "dept_name": lambda row: row.basis.department.name,
    "monitor_month": lambda row: row.basis.round.months,
    "pro_bgt_adj": lambda row: row.form.project.budget_current,
    "funds_arrived": lambda row: row.form.figures.arrived,
    "likelihood": _likelihood,
}
#: PAY_PERF_MONITOR_TASK, one row for the round.
TASK = ("fiscal_year", "task_name", "task_start_date", "task_end_date")


def info(
    records: FormRecords,
    round: MonitoringRound,
    orders: Iterable[Rectification] = (),
    *,
    department_id: str = "",
) -> bytes:
    """PAY_PERF_MONITOR_INFO.csv: a row per indicator of every form in force (of that department); money in 万元.
    Raises LookupError for an unknown department."""
    wanted = [each for each in records.departments() if department_id in ("", each.id)]
    if department_id and not wanted:
        raise LookupError(f"没有编号为 {department_id} 的部门")
    return commas.table(tuple(INFO), _rows(records, round, wanted, tuple(orders)))


def task(records: FormRecords, round: MonitoringRound, law: LawBook) -> bytes:
    """PAY_PERF_MONITOR_TASK.csv: the round as a task, due when 附表2 and 附表3 are."""
    notice = override_for(tuple(records.overrides()), round, Annex.DEPARTMENT)
    due = deadline(round, Annex.DEPARTMENT, law.workdays, roll=law.roll, override=notice)
    row = (round.year, f"{round.label}预算绩效运行监控", f"{due.opens:%Y%m%d}", f"{due.nominal:%Y%m%d}")
    return commas.table(TASK, [row])


def _rows(
    records: FormRecords,
    round: MonitoringRound,
    departments: Sequence[Department],
    orders: tuple[Rectification, ...],
) -> Iterator[tuple[Value, ...]]:
    for department in departments:
        basis = records.basis(department.id, round)
        ordered = tuple(order for order in orders if order.department_id == department.id)
        for form in basis.forms:
            for indicator in form.project.indicators:
                row = _Reported(basis, form, indicator, ordered)
                yield tuple(value(row) for value in INFO.values())
