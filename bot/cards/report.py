"""The cards of 汇总: what is computed with its sources, what is left to type, and where the tables do not agree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.cards.card import Button, Card, Input, Row, Style, Tone
from bot.cards.words import short, wan
from regulation.annex2 import Annex2, Annex2Row
from regulation.annex3 import Annex3
from regulation.completeness import Owed
from regulation.rates import DASH
from regulation.reconciliation import Imbalance
from regulation.rounds import MonitoringRound

#: an amount of a formula, which the cards write with its unit.
_AMOUNT = re.compile(r"(?<![\d.])(-?[\d,]+\.\d+)(?![\d.]*%|\d)")
_SHORT = {"资金到位率": "到位率", "预算执行率": "执行率", "预算调整率": "调整率"}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a department's tables stand, in the words every card of the desk uses."""

    department: str
    round: MonitoringRound
    due: str
    subject: str
    stamp: int
    filed: int  # projects whose 附表1 is in
    projects: int


def with_units(formula: str) -> str:
    """``已支出资金 701.35 ÷ 预算总额 980.00 × 100% = 71.57%`` with 万元 after each amount."""
    return _AMOUNT.sub(r"\1万元", formula)


def desk(
    at: Standing,
    annex2: Annex2,
    *,
    inputs: tuple[Input, ...],
    owed: Sequence[Owed],
    imbalances: int,
    stale: int,
    moved: int,
    annex3: Sequence[Annex3],
    problems: Sequence[str] = (),
    proposals: Sequence[str] = (),
) -> Card:
    """汇总: the rates with their sources, then only what is left to type (UX §4.2)."""
    ready = not owed and not proposals and not problems
    agree = (Button("report_accept", "对，就按这个", Style.PRIMARY),) if proposals else ()
    return Card(
        name="report.desk",
        title=f"{at.department} 附表2、3 {'可以报审' if ready else f'还差 {len(owed)} 项' if owed else '请核对'}",
        lead=f"{at.round.label} · {at.due}",
        tone=Tone.PLAIN if ready else Tone.WARN,
        rows=(
            Row("收齐", f"附表1 {at.filed}/{at.projects} 个项目", "✓" if at.filed == at.projects else "△"),
            Row("总额", wan(annex2.total), "✓" if annex2.total is not None else "△"),
            *(_rate(row) for row in annex2.execution),
            _rate(annex2.assets, "资产"),
            _rate(annex2.procurement, "采购"),
            annex3_row(annex3),
            *((Row("对不上", f"{imbalances} 处，点“核对”看", "△"),) if imbalances else ()),
        ),
        text="\n".join((*problems, *proposals, *_unfiled(at), *_changes(moved, stale), *_asks(owed))),
        inputs=inputs,
        submit=Button(
            "report_submit" if ready else "report_check", "报负责人审" if ready else "填好了", Style.PRIMARY
        ),
        buttons=(
            *agree,
            Button("report_sources", "数字来源"),
            Button("reconcile", "核对"),
            Button("report_projects", "看附表3"),
            Button("report_rows", "选重点工作"),
            Button("report_preview", "预览"),
        ),
        note="率由系统按附表1 算出。要改目标或可能性，回“执行目标=95%”“执行可能=大”。",
        subject=at.subject,
        version=at.stamp,
    )


def _unfiled(at: Standing) -> tuple[str, ...]:
    """The rates are of what was filed; with less than everything that is said where they stand."""
    missing = at.projects - at.filed
    return (f"△ {missing} 个项目的附表1 没有报，不在数里。",) if missing > 0 else ()


def annex3_row(annex3: Sequence[Annex3]) -> Row:
    """How many key projects, and how many of them still print without any figure."""
    empty = sum(each.total.spent is None for each in annex3)
    words = f"{len(annex3)} 个重点项目" + (f"，{empty} 个还没有数" if empty else "")
    return Row("附表3", words, "△" if empty else "✓")


def _rate(row: Annex2Row, name: str = "") -> Row:
    label = name or _SHORT.get(row.indicator, row.indicator)
    formula = with_units(row.formula.partition(" = ")[2].partition(" × 100%")[0])
    if row.actual == DASH and "—" in formula:
        return Row(label, "还没填" if name else "还没有单位报", "△")
    doubtful = row.likelihood in ("可能性小", "不可能")
    said = f"　{row.likelihood}" if row.likelihood else ""
    return Row(label, f"{row.actual}（{formula}）{said}" if formula else row.actual, "△" if doubtful else "✓")


def _changes(moved: int, stale: int) -> tuple[str, ...]:
    lines = []
    if moved:
        lines.append(f"△ 上次打开以后 {moved} 个项目的附表1 变了，数字和没改过的草稿已跟着更新。")
    if stale:
        lines.append(f"△ {stale} 句您改过的话来源变了，点“数字来源”看，改好再报。")
    return tuple(lines)


def _asks(owed: Sequence[Owed]) -> tuple[str, ...]:
    return tuple(f"还差：{each.label}（{each.why}）" for each in owed[:8])


def rows_to_pick(
    at: Standing, kind: str, label: str, offered: Sequence[tuple[str, str]], chosen: str
) -> Card:
    """重点工作 or 主要成效: what the units' forms offer, by number."""
    return Card(
        name="report.rows",
        title=f"{label}从单位的指标里挑",
        lead=f"{at.department} · {at.round.label} · 现在是 {chosen or '无'}",
        rows=tuple(Row(str(n), f"{name}　{said}") for n, (name, said) in enumerate(offered, 1)),
        text=f"回“{label}：1、3”这样一句；自己写的照“{label}：名称｜目标｜已完成｜可能性大”；没有就回“{label}：无”。",
        buttons=(Button("consolidate", "回到汇总"),),
        subject=at.subject,
    )


def imbalances(at: Standing, found: Sequence[Imbalance]) -> Card:
    """核对: 附表1 ↔ 附表2 ↔ 附表3."""
    if not at.filed and not found:
        return Card(
            name="report.imbalances",
            title=f"{at.department} 核对：还没有可核对的",
            lead=at.round.label,
            tone=Tone.WARN,
            text="还没有单位报送附表1，对不对得上现在说不了。",
            buttons=(Button("consolidate", "回到汇总", Style.PRIMARY),),
            subject=at.subject,
        )
    good = "附表1、2、3 的金额、指标都对得上。" if not found else ""
    return Card(
        name="report.imbalances",
        title=f"{at.department} 核对：{f'{len(found)} 处对不上' if found else '都对得上'}",
        lead=at.round.label,
        tone=Tone.WARN if found else Tone.GOOD,
        rows=tuple(Row(str(n), each.text, "△") for n, each in enumerate(found[:30], 1)),
        text=good or (f"另有 {len(found) - 30} 处。" if len(found) > 30 else ""),
        buttons=(Button("consolidate", "回到汇总", Style.PRIMARY),),
        subject=at.subject,
    )


def projects(at: Standing, annexes: Sequence[Annex3]) -> Card:
    """The key projects, one 附表3 each."""
    return Card(
        name="report.projects",
        title=f"{at.department} 附表3：{len(annexes)} 个重点项目",
        lead=at.round.label,
        rows=tuple(
            Row(
                str(n),
                f"{a.project_name}　{a.unit_names}　执行 {wan(a.total.spent)} / 预算 {wan(a.total.budget)}",
                "✓" if a.total.spent is not None else "△",
            )
            for n, a in enumerate(annexes, 1)
        ),
        text="" if annexes else "名册里没有重点项目。要加，点“选重点项目”。",
        buttons=(
            *(
                Button(f"report_project:{a.project_id}", short(a.project_name, 10), Style.PLAIN)
                for a in annexes[:4]
            ),
            Button("keys", "选重点项目"),
            Button("consolidate", "回到汇总"),
        ),
        note="按钮放不下的，回“附表3 项目名里的几个字”。" if len(annexes) > 4 else "",
        subject=at.subject,
    )


def project(at: Standing, annex3: Annex3, inputs: tuple[Input, ...], problems: Sequence[str] = ()) -> Card:
    """One 附表3: the money by source, the rates, the indicators, and its three texts to edit."""
    basis = f"　依据 {annex3.basis.value}" if annex3.basis else ""
    money = tuple(
        Row(row.label[:5].rstrip("、"), f"执行 {wan(row.spent)} / 预算 {wan(row.budget)}（{row.label}）")
        for row in annex3.money
        if row.budget or row.spent
    )
    indicators = tuple(_indicators(annex3))
    return Card(
        name="report.project",
        title=f"附表3 {annex3.project_name}",
        lead=f"{annex3.unit_names}{basis}",
        tone=Tone.WARN if problems else Tone.PLAIN,
        rows=(
            Row("总金额", f"执行 {wan(annex3.total.spent)} / 预算 {wan(annex3.total.budget)}"),
            *money,
            *(_process(row.name, row.actual, row.formula, row.likelihood) for row in annex3.process),
            *indicators,
        ),
        text="\n".join(problems),
        inputs=inputs,
        submit=Button("report_check", "填好了", Style.PRIMARY),
        buttons=(Button("report_projects", "别的项目"), Button("consolidate", "回到汇总")),
        note="金额按各单位附表1 相加。要改可能性，回“执行可能=大”。",
        subject=at.subject,
        version=at.stamp,
        data=annex3.project_id,
    )


def _indicators(annex3: Annex3) -> Iterator[Row]:
    """Every indicator; a count of several units with its number for 只算一次 and how it came about."""
    number = 0
    for row in (*annex3.outputs, *annex3.effects):
        number += bool(row.formula)
        how = f"　合计{number}：{row.formula}" if row.formula else ""
        yield Row(row.name, f"目标 {row.target}　已完成 {row.actual or '—'}　{row.likelihood}{how}")


def _process(name: str, actual: str, formula: str, likelihood: str) -> Row:
    told = with_units(formula.partition(" = ")[2].partition(" × 100%")[0])
    return Row(_SHORT.get(name, name), f"{actual}（{told}）　{likelihood}".strip())
