"""The cards of 填报 and 更正: the form, what was read, the receipt, and which form to take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.cards.card import Button, Card, Input, InputKind, Row, Style, Tone
from bot.cards.words import clock, short, wan
from regulation.roster import LIKELIHOOD_LABELS, AttainmentLikelihood, Project
from regulation.rounds import MonitoringRound

LIKELIHOODS = tuple((level.value, label) for level, label in LIKELIHOOD_LABELS.items())
#: what a choice is called on its card -> the word that leads to it.
WORDS = {"填": "填报", "看": "出表", "移交": "不归我填"}
REASONS = ("招标晚", "资金未到位", "天气影响", "政策调整")


@dataclass(frozen=True, slots=True)
class Choice:
    """One form somebody can open from a list."""

    subject: str
    project_name: str
    state: str  # 未填 / 已填 3 项 / 已报送 版本1


def form(
    project: Project,
    round: MonitoringRound,
    *,
    due: str,
    inputs: tuple[Input, ...],
    subject: str,
    revision: int,
    others: int,
    correcting: bool,
    ready: str = "",
    returned: str = "",
    offered: str = "",
) -> Card:
    """The questions of one 附表1 on one card; ``ready`` says which answers are known and from where, ``returned`` who
    sent it back and why, ``offered`` who was asked to take it and has not answered."""
    known = (Row("已备", short(ready, 26)),) if ready else ()
    change = (Button("pick", "换个项目"),) if others else ()
    return Card(
        name="collect.form",
        title=("改退回的 " if returned else "更正 " if correcting else "") + project.name,
        lead=f"附表1 · {round.label}",
        tone=Tone.WARN if returned else Tone.PLAIN,
        rows=(
            *((Row("退回", returned, "△"),) if returned else ()),
            Row("期限", due),
            Row("预算", f"{wan(project.budget_current)}（{project.source_labels}）"),
            Row("口径", f"1月1日至{round.last_day.month}月{round.last_day.day}日累计数"),
            *known,
            *((Row("移交", f"已请{offered}填，还没答"),) if offered else ()),
        ),
        inputs=inputs,
        submit=Button("check", "填好了", Style.PRIMARY),
        buttons=(*change, Button(f"not_mine:{subject}", "不归我填")),
        note=("没变的写“同”。" if any(i.last for i in inputs) else "") + "填一部分也行，会存着。",
        subject=subject,
        version=revision,
    )


def echo(
    project: Project,
    round: MonitoringRound,
    *,
    rows: tuple[Row, ...],
    inputs: tuple[Input, ...],
    subject: str,
    revision: int,
    asks: tuple[str, ...],
    complete: bool,
    missing: int = 0,
    warnings: tuple[str, ...],
    proposals: tuple[str, ...],
    choose_reason: bool,
) -> Card:
    """What was read, with △ hints and what is still needed: ``missing`` answers are asked for now."""
    head = "请核对" if complete else f"还差 {missing} 项" if missing else "还要看一眼"
    text = "\n".join((*asks, *proposals, *warnings))
    reasons = tuple(Button(f"reason:{r}", r) for r in REASONS) if choose_reason else ()
    agree = (Button("accept", "对，就按这个", Style.PRIMARY),) if proposals else ()
    label = "确认提交" if complete else "补好了"
    return Card(
        name="collect.echo",
        title=short(f"{head} {project.name}", 26),
        lead=f"附表1 · {round.label} · 我读到的是",
        tone=Tone.WARN if warnings or not complete else Tone.PLAIN,
        rows=rows,
        text=text,
        inputs=inputs,
        submit=Button("submit" if complete else "check", label, Style.PRIMARY),
        buttons=(*agree, *reasons, Button(f"fill:{subject}", "改数字")),
        note="要改哪项就回“2=930”这样一句。" + ("提交后、预算科接收前还能更正。" if complete else ""),
        subject=subject,
        version=revision,
    )


def receipt(
    project: Project,
    round: MonitoringRound,
    *,
    subject: str,
    version: int,
    at: datetime,
    by: str,
    to: str,
    late_days: int,
    next_form: Choice | None,
    changed: tuple[Row, ...] = (),
    why: str = "",
) -> Card:
    """Proof of filing: version, time, who and to whom; ``why`` somebody else filled it."""
    following = (
        (
            Button(
                f"fill:{next_form.subject}", short(f"填下一个：{next_form.project_name}", 18), Style.PRIMARY
            ),
        )
        if next_form
        else ()
    )
    late = (Row("逾期", f"晚于期限 {late_days} 天", "△"),) if late_days else ()
    return Card(
        name="collect.receipt",
        title=f"✓ 已报送 {round.short} 附表1",
        lead=project.name,
        tone=Tone.GOOD,
        rows=(
            Row("时间", clock(at)),
            Row("版本", f"版本 {version}"),
            Row("报送", by),
            *((Row("代填原因", why),) if why else ()),
            Row("收件", to),
            *late,
            *changed,
        ),
        buttons=(
            *following,
            Button(f"table:{subject}", "看表格"),
            Button(f"correct:{subject}", "更正"),
            Button(f"withdraw:{subject}", "撤回"),
        ),
        note="预算科接收前都可以更正、撤回，旧版本留底。",
        subject=subject,
        version=version,
    )


def pick(choices: tuple[Choice, ...], round: MonitoringRound, verb: str, action: str) -> Card:
    """Which of several forms."""
    return Card(
        name="collect.pick",
        title=f"要{verb}哪一个？",
        lead=f"{round.label} 附表1",
        rows=tuple(Row(str(n), f"{c.project_name}  {c.state}") for n, c in enumerate(choices, 1)),
        buttons=tuple(Button(f"{action}:{c.subject}", short(c.project_name, 10)) for c in choices[:6]),
        note=f"按钮放不下的，回“{WORDS.get(verb, verb)} 项目名里的几个字”。" if len(choices) > 6 else "",
    )


def which(choices: tuple[Choice, ...], owed: int, round: MonitoringRound) -> Card:
    """Figures came and none of these forms is open: whose are they? The first ``owed`` are to be filled in, the
    others are filed and would be corrected."""
    verbs = ("填", "改")
    return Card(
        name="collect.which",
        title="这几个数是哪张表的？",
        lead=f"{round.label} 附表1 · 还没有记，点一下就记上",
        rows=tuple(Row(str(n), f"{c.project_name}  {c.state}") for n, c in enumerate(choices, 1)),
        buttons=tuple(
            Button(f"place:{c.subject}", f"{verbs[n >= owed]} {short(c.project_name, 8)}")
            for n, c in enumerate(choices[:6])
        ),
        note="按钮放不下的，先回“填报 项目名”或“更正 项目名”，再发一次。" if len(choices) > 6 else "",
    )


def nothing_to_fill(
    round: MonitoringRound, filed: int, next_opens: str, then: tuple[Button, ...] = ()
) -> Card:
    """Nobody asks anything of this person now; ``then`` is what can be done with what was filed."""
    done = f"{round.short}您的 {filed} 张表都已报送。" if filed else f"{round.short}没有要您填的表。"
    return Card(
        name="collect.nothing",
        title="没有要填的表",
        tone=Tone.GOOD,
        text=f"{done}下次开始填报：{next_opens}。",
        buttons=(*then, Button("status", "看进度")),
    )


def conflict(
    project: Project, subject: str, revision: int, *, who: str, at: str, rows: tuple[Row, ...], version: int
) -> Card:
    """Somebody else filed in between: both readings side by side, nothing overwritten."""
    return Card(
        name="collect.conflict",
        title="您填的时候，别人已报送",
        lead=f"{project.name} · {who} {at} 报了版本 {version}",
        tone=Tone.WARN,
        rows=rows,
        text="左边是已报送的，右边是您填的。没有覆盖任何一方。",
        buttons=(
            Button("keep_mine", "按我的更正", Style.PRIMARY),
            Button("keep_theirs", "保留已报送的"),
        ),
        subject=subject,
        version=revision,
        data=str(version),
    )


def likelihood_input(position: int, label: str, value: str, hint: str) -> Input:
    """完成目标可能性 of one indicator, the suggestion pre-selected and shown as such."""
    return Input(
        f"likely.{position}",
        f"可能{position}",
        f"{position}. {label} 全年目标能完成吗",
        InputKind.CHOICE,
        hint=hint,
        value=value,
        options=LIKELIHOODS,
    )


def likelihood_label(value: str) -> str:
    """可能性大 for ``likely``."""
    return AttainmentLikelihood(value).label


def problem_texts(problems: Mapping[str, str]) -> tuple[str, ...]:
    """One line per unusable answer."""
    return tuple(f"✕ {text}" for text in problems.values())
