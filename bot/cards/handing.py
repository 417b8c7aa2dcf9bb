"""The cards of 不归我填, 在办 and 催办."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.cards.card import Button, Card, Row, Style, Tone
from bot.cards.words import clock, names, short
from regulation.roster import Person
from regulation.rounds import MonitoringRound

#: leads to the questions that wait for this person.
ANSWER = Button("asked", "去答复", Style.PRIMARY)


def choose(project_name: str, subject: str, colleagues: tuple[Person, ...]) -> Card:
    """Whom it should go to."""
    return Card(
        name="handing.choose",
        title="这个项目该谁填？",
        lead=project_name,
        text="点一位同事，对方答应后移交。不在名单里的，回对方姓名。" if colleagues else NOBODY,
        buttons=(
            *(Button(f"give:{person.id}", short(person.name, 10)) for person in colleagues[:5]),
            Button(f"fill:{subject}", "还是我填"),
        ),
        subject=subject,
    )


NOBODY = "本单位名单里没有别的经办人。请联系预算科先把对方加进名单。"


def ask(project_name: str, round: MonitoringRound, due: str, giver: str, subject: str, data: str) -> Card:
    """Whether the colleague takes it."""
    return Card(
        name="handing.ask",
        title=f"{giver}请您填一张附表1",
        lead=f"{project_name} · {round.label} · {due}",
        text="答应后这个项目归您填，已填的内容会带过来。",
        buttons=(Button("take", "我来填", Style.PRIMARY), Button("decline", "不归我填")),
        subject=subject,
        data=data,
    )


def asked(name: str, subject: str, taker_id: str) -> Card:
    """The question is on its way; it can be taken back."""
    return Card(
        name="handing.asked",
        title=f"已问{name}",
        text="对方答应前，这个项目仍归您填，期限不变。",
        buttons=(Button(f"keep:{taker_id}", "不移交了"),),
        subject=subject,
    )


def kept(project_name: str, giver: str, subject: str = "") -> Card:
    """Nobody is asked any more; with ``subject`` to the one who goes on filling it."""
    return Card(
        name="handing.kept",
        title="不移交了",
        lead=project_name,
        text=f"这个项目还归{giver}填，期限不变。",
        buttons=(Button(f"fill:{subject}", "去填报", Style.PRIMARY),) if subject else (),
    )


def waiting(due: str, asks: Sequence[tuple[str, str]]) -> Card:
    """To somebody who owes nothing but an answer: who (name) asks them to take which project."""
    return Card(
        name="handing.waiting",
        title=f"{len(asks)} 张附表1等您答应",
        lead=due,
        tone=Tone.WARN,
        rows=asked_rows(asks),
        text="答应了就归您填；不归您填，也请点一下，对方好另找人。",
        buttons=(ANSWER,),
    )


def asked_rows(asks: Sequence[tuple[str, str]]) -> tuple[Row, ...]:
    """One line: who asks for what."""
    said = tuple(f"{giver}请您填{project}" for giver, project in asks)
    return (Row("等您答", short(names(said, 2), 60), "△"),) if said else ()


def moved(project_name: str, giver: str, taker: str, subject: str = "") -> Card:
    """To everybody concerned; with ``subject`` to the one who fills it now."""
    return Card(
        name="handing.moved",
        title="附表1 换人填",
        lead=project_name,
        tone=Tone.GOOD,
        text=f"从{giver}移交给{taker}，已填的内容一起移交。",
        buttons=(Button(f"fill:{subject}", "去填报", Style.PRIMARY),) if subject else (),
    )


def declined(project_name: str, name: str, subject: str) -> Card:
    """Back to the one who asked."""
    return Card(
        name="handing.declined",
        title=f"{name}没有接",
        lead=project_name,
        tone=Tone.WARN,
        text="这个项目仍归您填。可以换一位同事，或联系预算科。",
        buttons=(Button(f"fill:{subject}", "去填报", Style.PRIMARY),),
    )


def paused(round: MonitoringRound, label: str) -> Card:
    """在办 noted."""
    return Card(
        name="handing.paused",
        title="知道了，您在办",
        tone=Tone.GOOD,
        text=f"{round.short}期限前不再提醒，{label}当天还没报会再说一声。",
        buttons=(Button("fill", "接着填"),),
    )


def nudged(people: tuple[str, ...], at: datetime, skipped: int, writing: tuple[str, ...] = ()) -> Card:
    """催办 done."""
    rest = f"\n{skipped} 人 30 分钟内刚催过，没有重复发。" if skipped else ""
    busy = f"\n{names(writing, 5)}正在填，没有打扰。" if writing else ""
    done = f"已催 {len(people)} 人：{names(people, 5)}。" if people else "没有新发。"
    return Card(
        name="handing.nudged",
        title=f"✓ 已催办 {clock(at)}",
        tone=Tone.GOOD,
        text=done + rest + busy,
        buttons=(Button("nudges", "催办记录"),),
    )


def which(scopes: tuple[tuple[str, str], ...]) -> Card:
    """Whose people are to be pressed, for somebody who answers for several departments or units (S14)."""
    return Card(
        name="handing.which",
        title="催哪里没报的？",
        buttons=tuple(Button(f"nudge:{scope}", short(name, 10)) for scope, name in scopes[:6]),
        note="按钮放不下的，回“催办 部门或单位名”。" if len(scopes) > 6 else "",
    )


def ledger(whose: str, round: MonitoringRound, lines: Sequence[tuple[str, str, str]]) -> Card:
    """Who was pressed, how often, when last and by whom."""
    rest = (Row("另有", f"{len(lines) - 12} 人"),) if len(lines) > 12 else ()
    return Card(
        name="handing.ledger",
        title=f"{whose} {round.short}催办记录",
        lead=f"催过 {len(lines)} 人" if lines else "还没有催过人",
        rows=(*(Row(name, words, mark) for name, words, mark in lines[:12]), *rest),
        text="" if lines else "催办在“进度”卡片上，过了期限才有；也可以直接回“催办”。",
        note="✓ 已经报齐，△ 还没有。" if lines else "",
    )


def nudge(count: int, round: MonitoringRound, due: str, by: str) -> Card:
    """To somebody who owes, at somebody's wish."""
    return Card(
        name="handing.nudge",
        title=f"{by}催您：还差 {count} 张附表1",
        lead=f"{round.label} · {due}",
        tone=Tone.WARN,
        buttons=(Button("fill", "去填报", Style.PRIMARY), Button("busy", "在办")),
    )
