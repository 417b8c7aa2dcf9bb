"""The budget office's cards: what came in, one form with its figures, 接收 and 退回 (第八条(二))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.card import Attachment, Button, Card, Input, InputKind, Row, Style, Tone
from bot.cards.words import MARK_BY_LEVEL, short
from regulation.deviation import Finding
from regulation.rounds import MonitoringRound

#: how many forms a list shows and how many of them have a button of their own.
SHOWN, BUTTONS = 12, 4


@dataclass(frozen=True, slots=True)
class Line:
    """One form of the list. ``opens``: it can be read and decided on."""

    subject: str
    project: str
    unit: str
    state: str
    mark: str = ""
    opens: bool = False


def listed(
    whose: str, round: MonitoringRound, lines: Sequence[Line], *, waiting: int, clean: int, department_id: str
) -> Card:
    """The units' forms, those that wait for the office first."""
    shown = lines[:SHOWN]
    more = len(lines) - len(shown)
    rows = tuple(Row(short(line.project, 20), f"{line.unit} · {line.state}", line.mark) for line in shown)
    rest = (Row("另有", f"{more} 张，回“审表 项目或单位名里的几个字”"),) if more > 0 else ()
    accept = (
        (Button(f"receive_all:{department_id}", f"接收没偏离的{clean}张", Style.PRIMARY),) if clean else ()
    )
    opened = [line for line in shown if line.opens][:BUTTONS]
    return Card(
        name="review.list",
        title=f"{whose} {round.short}附表1：{f'{waiting} 张等您看' if waiting else '没有要看的'}",
        lead=f"共 {len(lines)} 张",
        tone=Tone.WARN if waiting else Tone.GOOD,
        rows=rows + rest,
        buttons=(*accept, *(Button(f"see:{line.subject}", short(line.project, 10)) for line in opened)),
        note="点项目名看数，再接收或退回。✕ 红 △ 黄。",
    )


def form(
    project_name: str,
    unit_name: str,
    round: MonitoringRound,
    *,
    by: str,
    state: str,
    findings: tuple[Finding, ...],
    subject: str,
    version: int,
    buttons: tuple[Button, ...],
) -> Card:
    """One form's figures as a picture, what deviates, and what the office may do."""
    rows = tuple(Row(short(f.title, 26), f.sentence, MARK_BY_LEVEL[f.level]) for f in findings[:4])
    return Card(
        name="review.form",
        title=short(project_name, 26),
        lead=f"{unit_name} · {round.label} · 版本 {version} · {by}",
        tone=Tone.WARN if findings else Tone.PLAIN,
        rows=(Row("状态", state), *(rows or (Row("偏离", "没有", "✓"),))),
        buttons=(*buttons, Button(f"figures:{subject}", "数字来源")),
        picture=Attachment("annex1.png", subject, version, "附表1.png"),
        subject=subject,
        version=version,
    )


def accepted(what: str, rest: str, following: tuple[Button, ...] = ()) -> Card:
    """接收 done."""
    return Card(
        name="review.accepted",
        title=f"✓ 已接收 {what}",
        tone=Tone.GOOD,
        text=rest,
        buttons=(*following, Button("review", "看其余的")),
    )


def complete(department: str, round: MonitoringRound, forms: int, last: str, report: str) -> Card:
    """To the budget office: the last 附表1 has come in, 附表2 and 附表3 can be made."""
    return Card(
        name="review.complete",
        title=f"{department}附表1 都收齐了 {forms}/{forms}",
        lead=f"{round.label} · 最后一张：{last}",
        tone=Tone.GOOD,
        text="可以汇总附表2、附表3 了：率系统已算好，只剩四个金额和几段文字。",
        buttons=(Button(f"consolidate:{report}", "去汇总", Style.PRIMARY), Button("review", "审表")),
    )


def sending_back(
    project_name: str,
    unit_name: str,
    *,
    fields: Sequence[tuple[str, str]],
    field: str,
    days: Sequence[tuple[str, str]],
    day: str,
    reason: str,
    problems: dict[str, str],
    subject: str,
    version: int,
) -> Card:
    """What is wrong, where, and by when it is to be mended; without ``days`` the form never left the unit."""
    until = (
        Input(
            "due",
            "期限",
            "哪天前改好",
            InputKind.CHOICE,
            value=day,
            options=tuple(days),
            problem=problems.get("due", ""),
        ),
    )
    return Card(
        name="review.sending_back",
        title=f"退回：{short(project_name, 20)}",
        lead=unit_name,
        tone=Tone.WARN,
        inputs=(
            Input(
                "field",
                "哪里",
                "哪一项不对",
                InputKind.CHOICE,
                value=field,
                options=tuple(fields),
                problem=problems.get("field", ""),
            ),
            Input(
                "reason",
                "原因",
                "哪里不对，怎么改",
                InputKind.LONG_TEXT,
                value=reason,
                problem=problems.get("reason", ""),
            ),
            *(until if days else ()),
        ),
        submit=Button("send_back", "退回", Style.DANGER),
        buttons=(Button(f"table:{subject}", "看表格"),),
        note="也可以直接回一句：“2 和合同数对不上 10月15日”，前面是编号，后面是日期。",
        subject=subject,
        version=version,
    )


def sure(
    project_name: str,
    unit_name: str,
    label: str,
    reason: str,
    until: str,
    *,
    subject: str,
    version: int,
    data: str,
) -> Card:
    """What was written in one line, shown back: nothing is returned before it is tapped."""
    return Card(
        name="review.sure",
        title=f"退回，就按这句话？{short(project_name, 16)}",
        lead=unit_name,
        tone=Tone.WARN,
        rows=(Row("哪里", label), Row("原因", reason), Row("期限", until)),
        buttons=(
            Button("send_back_sure", "确认退回", Style.DANGER),
            Button(f"return:{subject}", "改一改"),
        ),
        note="点了“确认退回”才退。",
        subject=subject,
        version=version,
        data=data,
    )


def sent_back(project_name: str, label: str, value: str, why: str, until: str, subject: str) -> Card:
    """To whoever fills the form: the field by name, why, and by when."""
    return Card(
        name="review.sent_back",
        title=f"退回修改：{short(project_name, 20)}",
        lead=until,
        tone=Tone.BAD,
        rows=(Row("哪里", f"{label}{f'　现在填的 {value}' if value else ''}", "✕"), Row("原因", why)),
        text="点开就在那一项上改，别的数都在。数没有错的，回“说明：……”写一句为什么。",
        buttons=(Button(f"fill:{subject}", "去修改", Style.PRIMARY),),
        subject=subject,
    )


def returned(project_name: str, to: str, until: str, *, inside: bool) -> Card:
    """退回 done; ``inside``: by the unit's head, before it was filed."""
    again = "改好会再请您确认。" if inside else "改好再报会回到“审表”里。"
    return Card(
        name="review.returned",
        title=f"已退回：{short(project_name, 20)}",
        lead=until,
        tone=Tone.WARN,
        text=f"{to}会收到，点开就在那一项上。{again}",
        buttons=(Button("status", "看进度"),) if inside else (Button("review", "看其余的"),),
    )


def mend(projects: Sequence[tuple[str, str]], days_left: int, *, late: bool) -> Card:
    """To the filler of returned forms, on the days before and after the date each was given."""
    head = "退回的表过了期限" if late else "退回的表今天要改好" if days_left == 0 else "退回的表快到期限"
    return Card(
        name="review.mend",
        title=f"{len(projects)} 张{head}",
        tone=Tone.BAD if late else Tone.WARN,
        rows=tuple(Row(short(name, 20), words) for name, words in projects[:6]),
        buttons=(Button("fill", "去修改", Style.PRIMARY),),
    )
