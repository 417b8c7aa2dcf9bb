"""The cards of finance's review, of orders, decisions, tracked deviations and publications."""

from __future__ import annotations

from collections.abc import Iterable

from bot.cards.card import Attachment, Button, Card, Row, Style, Tone
from bot.cards.words import MARK_BY_LEVEL, short
from regulation.deviation import Finding
from regulation.rounds import MonitoringRound

#: more choices than this do not fit a phone: the rest are reached by name.
MOST = 8
#: the longest label of a button.
LABEL = 10


def departments(
    title: str, rows: tuple[Row, ...], choices: Iterable[tuple[str, str]], *, word: str, lead: str = ""
) -> Card:
    """A list of departments with a button for those that want something; (action, name) pairs."""
    shown = tuple(choices)
    rest = f"还有 {len(shown) - MOST} 个，回“{word} 部门名”看。" if len(shown) > MOST else ""
    return Card(
        name="rulings.departments",
        title=title,
        lead=lead,
        rows=rows,
        buttons=tuple(Button(action, short(name, LABEL)) for action, name in shown[:MOST]),
        note=rest,
    )


def report(
    title: str,
    lead: str,
    rows: tuple[Row, ...],
    buttons: tuple[Button, ...],
    files: tuple[Attachment, ...],
    *,
    subject: str,
    version: int,
) -> Card:
    """One department's filed report, for finance to look into."""
    return Card(
        name="rulings.report",
        title=title,
        lead=lead,
        rows=rows,
        buttons=buttons,
        files=files,
        subject=subject,
        version=version,
    )


def returned(department: str, round: MonitoringRound, due: str, reason: str, subject: str) -> Card:
    """To the department: what is wrong and by when it comes again."""
    return Card(
        name="rulings.returned",
        title=f"财政退回 {round.short}附表2、3",
        lead=f"{department} · {due}前改好再报",
        tone=Tone.WARN,
        text=f"原因：{reason}",
        buttons=(Button(f"consolidate:{subject}", "去修改", Style.PRIMARY),),
        subject=subject,
    )


def order(
    title: str, lead: str, rows: tuple[Row, ...], buttons: tuple[Button, ...], *, late: bool, subject: str
) -> Card:
    """One order: what is demanded, by when, what was answered."""
    tone = Tone.BAD if late else Tone.WARN
    return Card(
        name="rulings.order", title=title, lead=lead, tone=tone, rows=rows, buttons=buttons, subject=subject
    )


def orders(round: MonitoringRound, rows: tuple[Row, ...], choices: Iterable[tuple[str, str]]) -> Card:
    """The orders somebody has to do with."""
    return Card(
        name="rulings.orders",
        title=f"{round.short}整改通知 {len(rows)} 件" if rows else f"{round.short}没有整改通知",
        rows=rows,
        buttons=tuple(Button(action, short(name, LABEL)) for action, name in list(choices)[:MOST]),
    )


def request(title: str, lead: str, rows: tuple[Row, ...], buttons: tuple[Button, ...], subject: str) -> Card:
    """One application for an adjusted target."""
    return Card(
        name="rulings.request",
        title=title,
        lead=lead,
        rows=rows,
        buttons=buttons,
        note="审定后新目标从本季起按新的比，原目标和理由都留底（办法第十五条(一)）。",
        subject=subject,
    )


def choose(title: str, lead: str, choices: Iterable[tuple[str, str]], note: str = "") -> Card:
    """One of several, by name; (action, label) pairs."""
    shown = tuple(choices)
    return Card(
        name="rulings.choose",
        title=title,
        lead=lead,
        rows=_whole(tuple(label for _, label in shown[:MOST])),
        buttons=tuple(Button(action, short(label, LABEL)) for action, label in shown[:MOST]),
        note=note or (f"还有 {len(shown) - MOST} 个没列出，请在词后面写名字。" if len(shown) > MOST else ""),
    )


def _whole(labels: tuple[str, ...]) -> tuple[Row, ...]:
    """The labels in full, when the buttons have to cut one of them."""
    cut = any(len(label) > LABEL for label in labels)
    return tuple(Row(str(n), label) for n, label in enumerate(labels, 1)) if cut else ()


def deviations(title: str, lead: str, found: tuple[tuple[str, Finding, str, str], ...], total: int) -> Card:
    """Open deviations, worst first: (action, finding, project, stage)."""
    return Card(
        name="rulings.deviations",
        title=title,
        lead=lead,
        rows=tuple(
            Row(f"{n} {short(project, 12)}", f"{finding.title}　{stage}", MARK_BY_LEVEL[finding.level])
            for n, (_, finding, project, stage) in enumerate(found, 1)
        ),
        buttons=tuple(Button(action, f"看第{n}条") for n, (action, *_) in enumerate(found, 1)),
        note=f"只列前 {len(found)} 条，共 {total} 条；要看全部，回“偏离 部门名”或“偏离 项目名”。"
        if total > len(found)
        else "",
    )


def deviation(finding: Finding, project: str, stage: str, buttons: tuple[Button, ...], subject: str) -> Card:
    """One deviation with everything it rests on, and what may be done about it."""
    return Card(
        name="rulings.deviation",
        title=finding.title,
        lead=f"{project} · {stage}",
        tone=Tone.BAD if MARK_BY_LEVEL[finding.level] == "✕" else Tone.WARN,
        rows=tuple(Row(label, value) for label, value in finding.numbers),
        text=f"{finding.sentence}\n算法：{finding.formula}\n界线：{finding.threshold}（{finding.version}起）",
        buttons=buttons,
        note=f"依据 {finding.article}；{finding.reference}。提醒供研判，不自动处置。",
        subject=subject,
    )


def release(
    title: str, lead: str, text: str, buttons: tuple[Button, ...], files: tuple[Attachment, ...], subject: str
) -> Card:
    """A frozen package and what may be done with it."""
    return Card(
        name="rulings.release",
        title=title,
        lead=lead,
        text=text,
        buttons=buttons,
        files=files,
        subject=subject,
    )
