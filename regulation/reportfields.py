"""What a department types for 附表2 and 附表3, in the order it is asked; everything else is computed (DOMAIN §1.3)."""

from __future__ import annotations

from collections.abc import Iterator

from regulation.annex1 import Field, FieldKind
from regulation.basis import Basis, KeyProject, key_projects
from regulation.shared import once_key

WAN_YUAN = "万元"
#: the five rates of 附表2 by key: the label printed and the 年度目标 it starts with.
RATES = {
    "arrival": ("资金到位率", "100%"),
    "execution": ("预算执行率", "100%"),
    "adjustment": ("预算调整率", ""),
    "assets": ("资产管理 年度计划完成率", "100%"),
    "procurement": ("采购管理 年度计划执行率", "100%"),
}
#: the rates of 附表3.
PROCESS = ("arrival", "execution", "adjustment")
#: two amounts each, which make the two rates no unit reports.
AMOUNTS = (
    ("assets.plan", "资产年度计划金额"),
    ("assets.done", "资产计划已完成金额"),
    ("procurement.plan", "政府采购年度计划金额"),
    ("procurement.done", "政府采购已执行金额"),
)
#: rows picked from the units' forms or written.
ROWS = (("works", "重点工作"), ("effects", "主要成效"))
NARRATIVES = (
    ("work", "部门年度重点工作实施情况"),
    ("deviation", "核心目标偏离情况及原因分析"),
    ("plan", "改进计划"),
)
#: the narratives of one 附表3, kept under ``<project>.<key>``.
PROJECT_NARRATIVES = (
    ("situation", "项目实施情况"),
    ("deviation", "目标偏离情况及原因分析"),
    ("plan", "改进计划"),
)


def report_fields(basis: Basis) -> tuple[Field, ...]:
    """Every field of a department's report. Keys: ``total``, ``assets.plan``…, ``target.<rate>``, ``likely.<rate>``,
    ``works``, ``effects``, ``work``, ``deviation``, ``plan``, and per key project ``<id>.likely.<rate>``, ``<id>.once``
    and ``<id>.situation``…"""
    return tuple(_fields(basis))


def _fields(basis: Basis) -> Iterator[Field]:
    yield Field("total", "本年度预算资金总额", FieldKind.MONEY, WAN_YUAN)
    for key, label in AMOUNTS:
        yield Field(key, label, FieldKind.MONEY, WAN_YUAN)
    for key, (label, _) in RATES.items():
        yield Field(f"target.{key}", f"{label} 年度目标", FieldKind.TEXT)
        yield Field(f"likely.{key}", f"{label} 完成目标可能性", FieldKind.LIKELIHOOD)
    for key, label in (*ROWS, *NARRATIVES):
        yield Field(key, label, FieldKind.TEXT)
    for project in key_projects(basis.projects):
        yield from _project_fields(project)


def _project_fields(project: KeyProject) -> Iterator[Field]:
    for rate in PROCESS:
        label, _ = RATES[rate]
        yield Field(f"target.{project.id}.{rate}", f"{project.name} {label} 年度目标", FieldKind.TEXT)
        yield Field(
            f"likely.{project.id}.{rate}", f"{project.name} {label} 完成目标可能性", FieldKind.LIKELIHOOD
        )
    yield Field(once_key(project.id), f"{project.name} 只算一次的合计", FieldKind.TEXT)
    for key, label in PROJECT_NARRATIVES:
        yield Field(f"{project.id}.{key}", f"{project.name} {label}", FieldKind.TEXT)
