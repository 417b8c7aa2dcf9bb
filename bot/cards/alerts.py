"""The cards that tell somebody responsible what deviates, what was cleared, what cannot be changed."""

from __future__ import annotations

from bot.cards.card import Attachment, Button, Card, Row, Tone
from bot.cards.words import MARK_BY_LEVEL, short
from regulation.deviation import Finding
from regulation.problems import Problem
from regulation.rounds import MonitoringRound


def deviation(
    project_name: str,
    unit_name: str,
    round: MonitoringRound,
    *,
    findings: tuple[Finding, ...],
    reason: str,
    plan: str,
    by: str,
    subject: str,
    version: int,
) -> Card:
    """What deviates in one form, why, and what is meant to be done."""
    shown = findings[:4]
    rest = f"另有 {len(findings) - len(shown)} 处，见图。\n" if len(findings) > len(shown) else ""
    basis = findings[0]
    return Card(
        name="alerts.deviation",
        title=f"{project_name} 有 {len(findings)} 处偏离",
        lead=f"{unit_name} · {round.label} · {by} 报送",
        tone=Tone.BAD,
        rows=tuple(Row(short(f.title, 26), f.sentence, MARK_BY_LEVEL[f.level]) for f in shown),
        text=f"{rest}原因：{reason or '未写'}\n改进：{plan or '未写'}",
        buttons=(Button(f"table:{subject}", "看表格"), Button(f"figures:{subject}", "数字来源")),
        picture=Attachment("deviation.png", subject, version, "偏离情况.png"),
        note=f"依据 {basis.article}；{basis.threshold}（{basis.version}起）。提醒供研判，不自动处置。",
        subject=subject,
        version=version,
    )


def withdrawn(project: str, unit: str, round: MonitoringRound, by: str, count: int) -> Card:
    """To whoever was alerted: the form was taken back, what was said of it counts no more."""
    return Card(
        name="alerts.withdrawn",
        title=f"{unit}撤回了附表1，原来的偏离不算了",
        lead=f"{project} · {round.label}",
        text=f"{by}撤回修改，之前告诉您的 {count} 处偏离先不算。改好再报，还有偏离会再告诉您。",
    )


def cleared(project_name: str, unit_name: str, round: MonitoringRound, version: int, by: str) -> Card:
    """A correction took every finding away."""
    return Card(
        name="alerts.cleared",
        title=f"偏离已消除：{short(project_name, 18)}",
        lead=f"{unit_name} · {round.label}",
        tone=Tone.GOOD,
        text=f"{by}更正为版本 {version}，原来的偏离都不再成立。历史记录保留。",
    )


def closed(found: Problem) -> Card:
    """Why the form cannot be changed."""
    return Card(
        name="alerts.closed",
        title="现在不能改",
        tone=Tone.WARN,
        text=found.text,
        buttons=(Button("status", "看进度"),),
    )


def kept(round: MonitoringRound) -> Card:
    """The filed version stays."""
    return Card(
        name="alerts.kept",
        title="保留已报送的",
        lead=f"{round.label} 附表1 没有改动",
        tone=Tone.GOOD,
        text="您的草稿已放下。要改已报送的表，回“更正”。",
    )


def already_filed(project_name: str, round: MonitoringRound, subject: str, version: int, by: str) -> Card:
    """Nothing more to file."""
    return Card(
        name="alerts.already_filed",
        title="已经报送过了",
        lead=f"{project_name} · {round.label} · 版本 {version}",
        tone=Tone.GOOD,
        text=f"{by}报送。这次没有新的改动，不用再提交。",
        buttons=(Button(f"table:{subject}", "看表格"), Button(f"correct:{subject}", "更正")),
        subject=subject,
        version=version,
    )
