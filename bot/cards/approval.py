"""The cards between budget office, department head and finance: approve, send back, receipt, recall, source changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.cards import revising
from bot.cards.card import Attachment, Button, Card, Input, InputKind, Row, Style, Tone
from bot.cards.report import Standing, annex3_row
from bot.cards.words import clock, names, short, wan
from regulation.annex2 import Annex2
from regulation.annex3 import Annex3


def tables_of(at: Standing, version: int, annex3: Sequence[Annex3]) -> tuple[Attachment, ...]:
    """附表2 and every 附表3 of a version as workbooks."""
    return (
        Attachment("annex2.xlsx", at.subject, version, f"附表2_{at.department}_{at.round.label}.xlsx"),
        *(
            Attachment(
                "annex3.xlsx",
                f"{at.round.code}:{each.project_id}",
                version,
                f"附表3_{_safe(each.project_name)}_{at.round.label}.xlsx",
            )
            for each in annex3
        ),
    )


def _safe(name: str) -> str:
    return "".join(ch for ch in name if ch.isalnum() or ch in "-_")[:40] or "项目"


def _picture(at: Standing, version: int) -> Attachment:
    return Attachment("annex2.png", at.subject, version, f"附表2_{at.department}_{at.round.label}.png")


def coverage(filed: int, projects: int, more: str = "") -> Row:
    """On how many of the department's projects the numbers rest."""
    missing = f"，{projects - filed} 个没报，不在数里" if filed < projects else ""
    return Row("附表1", f"{filed}/{projects} 个项目已报{missing}{more}", "△" if missing else "✓")


def summary(annex2: Annex2, annex3: Sequence[Annex3]) -> tuple[Row, ...]:
    """The figures of a version in a few rows, and which of its rows may fail."""
    doubtful = [row for row in annex2.rows if row.likelihood in ("可能性小", "不可能")]
    arrival, execution, adjustment = annex2.execution
    return (
        Row("总额", wan(annex2.total)),
        Row("到位率", f"{arrival.actual}　{arrival.likelihood}".strip()),
        Row("执行率", f"{execution.actual}　{execution.likelihood}".strip()),
        Row("调整率", adjustment.actual),
        annex3_row(annex3),
        *(
            (Row("有偏离", short(names(tuple(r.indicator for r in doubtful), 3), 60), "△"),)
            if doubtful
            else ()
        ),
    )


def head(
    at: Standing,
    annex2: Annex2,
    annex3: Sequence[Annex3],
    *,
    by: str,
    version: int,
    warnings: Sequence[str],
    changed: revising.Against | None = None,
) -> Card:
    """To the department head: the whole report on one card, nothing to type (UX §4.2); ``changed`` is what it says
    otherwise than the version he has seen."""
    return Card(
        name="approval.head",
        title=f"{at.department}{at.round.short}附表2、3 请您定",
        lead=f"{by}报审 · {at.due}",
        tone=Tone.WARN if warnings else Tone.PLAIN,
        rows=(
            Row("附表1", f"{at.filed}/{at.projects} 个项目已报", ""),
            *revising.row_of(changed),
            *summary(annex2, annex3),
        ),
        text="\n".join((*warnings, *revising.lines_of(changed))),
        buttons=(
            Button("report_approve", "同意报送", Style.PRIMARY),
            Button("report_back", "退回并说明", Style.DANGER),
            *revising.button_of(changed),
        ),
        picture=_picture(at, version),
        files=tables_of(at, version, annex3),
        note="同意后报财政局归口业务处室。财政审核前，预算科还能撤回。",
        subject=at.subject,
        version=version,
    )


def asked(at: Standing, heads: tuple[str, ...], version: int) -> Card:
    """To the office: it lies before the head now."""
    return Card(
        name="approval.asked",
        title=f"已报{names(heads)}审",
        lead=f"{at.department} {at.round.label} · 版本 {version}",
        text="负责人同意后自动报财政。要改，先撤回。",
        buttons=(Button("report_withdraw", "撤回"), Button("report_table", "看表格")),
        subject=at.subject,
        version=version,
    )


def why(at: Standing, version: int) -> Card:
    """The head is asked for the reason of sending it back."""
    return Card(
        name="approval.why",
        title="退回给预算科，原因是？",
        lead=f"{at.department} {at.round.label} 附表2、3",
        text="写一句话就行，会原样转给预算科。",
        inputs=(Input("reason", "原因", "退回原因", InputKind.LONG_TEXT),),
        submit=Button("report_back_why", "退回", Style.DANGER),
        subject=at.subject,
        version=version,
    )


def sure(at: Standing, version: int, reason: str) -> Card:
    """The reason came as a sentence: shown back, and nothing is returned before it is tapped."""
    return Card(
        name="approval.sure",
        title="退回给预算科，就按这句话？",
        lead=f"{at.department} {at.round.label} 附表2、3",
        tone=Tone.WARN,
        rows=(Row("原因", reason),),
        buttons=(
            Button("report_back_sure", "确认退回", Style.DANGER),
            Button("report_back", "改一改"),
            Button("report_approve", "同意报送"),
        ),
        note="点了“确认退回”才退。",
        subject=at.subject,
        version=version,
        data=reason,
    )


def returned(at: Standing, by: str, reason: str) -> Card:
    """To the office: the head sent it back."""
    return Card(
        name="approval.returned",
        title=f"{by}退回了附表2、3",
        lead=f"{at.department} {at.round.label} · {at.due}",
        tone=Tone.WARN,
        text=f"原因：{reason}",
        buttons=(Button("consolidate", "去改", Style.PRIMARY),),
        subject=at.subject,
    )


def receipt(
    at: Standing, *, version: int, when: datetime, by: str, to: str, late_days: int, annex3: int
) -> Card:
    """Proof of filing with finance, to the head and to the office."""
    late = (Row("逾期", f"晚于期限 {late_days} 天", "△"),) if late_days else ()
    return Card(
        name="approval.receipt",
        title=f"✓ 已报送财政 {at.round.short} 附表2、3",
        lead=at.department,
        tone=Tone.GOOD,
        rows=(
            Row("时间", clock(when)),
            Row("版本", f"版本 {version}"),
            Row("同意", by),
            Row("收件", to),
            Row("附表3", f"{annex3} 张"),
            *late,
        ),
        buttons=(Button("report_table", "看表格"), Button("report_withdraw", "撤回")),
        note="财政审核前可以撤回，旧版本留底。",
        subject=at.subject,
        version=version,
    )


def arrived(
    at: Standing,
    annex2: Annex2,
    annex3: Sequence[Annex3],
    *,
    version: int,
    late_days: int,
    changed: revising.Against | None = None,
) -> Card:
    """To the division: a department has filed; from now on its figures may be read. ``changed`` is what it says
    otherwise than what was filed before."""
    late = f" · 逾期 {late_days} 天" if late_days else ""
    return Card(
        name="approval.arrived",
        title=f"{at.department}报来附表2、3",
        lead=f"{at.round.label} · 版本 {version}{late}",
        rows=(coverage(at.filed, at.projects), *revising.row_of(changed), *summary(annex2, annex3)),
        text="\n".join(revising.lines_of(changed)),
        buttons=(
            Button("report_table", "看表格", Style.PRIMARY),
            *revising.button_of(changed),
            Button("report_sources", "数字来源"),
        ),
        subject=at.subject,
        version=version,
    )


def withdrawn(at: Standing, by: str, version: int) -> Card:
    """To whoever had it: the office took it back."""
    return Card(
        name="approval.withdrawn",
        title=f"{at.department}撤回了附表2、3",
        lead=f"{at.round.label} · 版本 {version}",
        tone=Tone.WARN,
        text=f"{by}撤回修改，改好后会重新报送。版本 {version} 留底。",
        subject=at.subject,
    )


def source_changed(at: Standing, project: str, unit: str, version: int, *, filed: bool) -> Card:
    """To the office: a form the report was made from has been filed anew (F04)."""
    done = "已经报财政的版本没有动" if filed else "负责人手里的版本没有动"
    return Card(
        name="approval.source_changed",
        title="附表2、3 的来源变了",
        lead=f"{unit}《{project}》更正为版本 {version}",
        tone=Tone.WARN,
        text=f"{done}。要按新数重报，先撤回，再点“去汇总”。两个版本都留着。",
        buttons=(
            Button("reconcile", "看差在哪", Style.PRIMARY),
            Button("report_withdraw", "撤回"),
            Button("consolidate", "去汇总"),
        ),
        subject=at.subject,
    )


def table(at: Standing, annex3: Sequence[Annex3], *, version: int, state: str) -> Card:
    """附表2 and 附表3 as a picture to read and workbooks to keep; version 0 is a preview."""
    which = f"版本 {version} · {state}" if version else "预览，还没有报审"
    return Card(
        name="approval.table",
        title=f"{at.department} 附表2、附表3",
        lead=f"{at.round.label} · {which}",
        picture=_picture(at, version),
        files=tables_of(at, version, annex3),
        note="图片直接看，表格可以打印盖章。",
        subject=at.subject,
        version=version,
    )
