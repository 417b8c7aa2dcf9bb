"""The cards between a filler, the unit's head and whoever fills for the unit."""

from __future__ import annotations

from bot.cards.card import Attachment, Button, Card, Input, InputKind, Row, Style, Tone
from bot.cards.words import MARK_BY_LEVEL, short
from regulation.deviation import Finding
from regulation.rounds import MonitoringRound


def ask(
    project_name: str,
    unit_name: str,
    round: MonitoringRound,
    *,
    by: str,
    due: str,
    findings: tuple[Finding, ...],
    subject: str,
    version: int,
) -> Card:
    """To the unit's head: one card, one tap."""
    rows = tuple(Row(short(f.title, 26), f.sentence, MARK_BY_LEVEL[f.level]) for f in findings[:4])
    return Card(
        name="confirm.ask",
        title=f"请确认报送：{short(project_name, 18)}",
        lead=f"{unit_name} · {round.label} 附表1 · {by} 填",
        tone=Tone.WARN if findings else Tone.PLAIN,
        rows=(Row("期限", due), *(rows or (Row("偏离", "没有", "✓"),))),
        text="您点“确认报送”，部门预算科才收到；按那一刻算按时还是逾期。",
        buttons=(
            Button(f"confirm:{subject}", "确认报送", Style.PRIMARY),
            Button(f"return:{subject}", "退回说明"),
        ),
        picture=Attachment("annex1.png", subject, version, "附表1.png"),
        subject=subject,
        version=version,
    )


def waiting(
    project_name: str, round: MonitoringRound, heads: str, subject: str, version: int, *, late: bool
) -> Card:
    """To the filler: where the form is now."""
    rest = "已过期限，确认后记为逾期。" if late else "他确认后才算报送。"
    return Card(
        name="confirm.waiting",
        title=f"已送{short(heads, 12)}确认",
        lead=f"{project_name} · {round.label} 附表1",
        tone=Tone.WARN if late else Tone.GOOD,
        text=f"{rest}这期间要改，先点“撤回”。",
        buttons=(Button(f"withdraw:{subject}", "撤回"), Button("status", "看进度")),
        subject=subject,
        version=version,
    )


def done(project_name: str, round: MonitoringRound, head: str, to: str, version: int, *, late: bool) -> Card:
    """To the filler, once the head confirmed."""
    return Card(
        name="confirm.done",
        title=f"✓ 已报送 {round.short} 附表1",
        lead=project_name,
        tone=Tone.GOOD,
        rows=(
            Row("确认", head),
            Row("版本", f"版本 {version}"),
            Row("收件", to),
            *((Row("逾期", "确认时已过期限", "△"),) if late else ()),
        ),
    )


def corrected(
    project_name: str, round: MonitoringRound, by: str, version: int, changed: tuple[Row, ...], subject: str
) -> Card:
    """To the head: what was confirmed has changed."""
    return Card(
        name="confirm.corrected",
        title=f"{by}更正了一张您确认过的表",
        lead=f"{project_name} · {round.label} · 版本 {version}",
        rows=changed,
        text="更正已经生效。不同意的，点“撤回”，改好再报。",
        buttons=(Button(f"table:{subject}", "看表格"), Button(f"withdraw:{subject}", "撤回")),
        subject=subject,
        version=version,
    )


def withdrawn(project_name: str, round: MonitoringRound, due: str, subject: str) -> Card:
    """To whoever took it back."""
    return Card(
        name="confirm.withdrawn",
        title="已撤回",
        lead=f"{project_name} · {round.label} 附表1",
        tone=Tone.WARN,
        text=f"这张表现在算没报，{due}。填过的数都在，改好再提交。",
        buttons=(Button(f"fill:{subject}", "去修改", Style.PRIMARY),),
        subject=subject,
    )


def stood_in(
    project_name: str, round: MonitoringRound, by: str, why: str, version: int, subject: str
) -> Card:
    """To the unit's filler and head: the budget office filed for them."""
    return Card(
        name="confirm.stood_in",
        title=f"{by}代填了一张附表1",
        lead=f"{project_name} · {round.label} · 版本 {version}",
        tone=Tone.WARN,
        rows=(Row("代填原因", why),),
        text="已经报送。数不对的，点“更正”；不用再填一遍。",
        buttons=(Button(f"table:{subject}", "看表格"), Button(f"correct:{subject}", "更正")),
        subject=subject,
        version=version,
    )


def reason(project_name: str, round: MonitoringRound, unit_name: str, subject: str, problem: str) -> Card:
    """To the budget office: why it fills for the unit."""
    return Card(
        name="confirm.reason",
        title=f"代填：{short(project_name, 20)}",
        lead=f"{unit_name} · {round.label} 附表1",
        tone=Tone.WARN,
        text="写一句为什么代填。会写进回执和审计，经办人和单位负责人都会知道。",
        inputs=(Input("why", "原因", "为什么代填", InputKind.LONG_TEXT, problem=problem),),
        submit=Button("stand_in", "开始代填", Style.PRIMARY),
        note="也可以直接回一句话。",
        subject=subject,
    )
