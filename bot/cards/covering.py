"""The cards of 请假, 销假 and 移交: who stands in from when to when, and whose projects move."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.card import Button, Card, Input, InputKind, Row, Style, Tone
from bot.cards.words import names, short
from regulation.roster import Person

CALL_OFF = Button("leave_off", "不请假了")


def days(problem: str = "") -> Card:
    """From when to when?"""
    return Card(
        name="covering.days",
        title="请假，谁替您填？",
        text="写清哪天到哪天，下一步选本单位一位同事；对方答应才算。",
        inputs=(
            Input("days", "日期", "哪天到哪天", InputKind.TEXT, hint="10月12日到10月20日", problem=problem),
        ),
        submit=Button("leave", "选代班的人", Style.PRIMARY),
        note="也可以直接回“请假 10月12日到10月20日”。",
    )


def choose(until: str, colleagues: Sequence[Person], data: str) -> Card:
    """Which colleague?"""
    return Card(
        name="covering.choose",
        title="请谁代班？",
        lead=until,
        text="点一位同事。对方答应前，提醒还发给您。",
        buttons=tuple(Button(f"cover:{p.id}", short(p.name, 10)) for p in colleagues[:6]),
        data=data,
    )


def ask(name: str, until: str, forms: int) -> Card:
    """Whether the colleague stands in."""
    owed = f"这期间有 {forms} 张附表1要填。" if forms else "现在没有要填的附表1。"
    return Card(
        name="covering.ask",
        title=f"{name}请您代班",
        lead=until,
        text=f"{owed}答应后，要填、要确认的都发给您，两个人都能填；到期自动结束。",
        buttons=(Button("cover_yes", "我来代班", Style.PRIMARY), Button("cover_no", "不方便")),
    )


def asked(name: str, until: str, data: str) -> Card:
    """The question is on its way."""
    return Card(
        name="covering.asked",
        title=f"已问{name}",
        lead=until,
        text="对方答应前，提醒还发给您，期限不变。",
        buttons=(CALL_OFF,),
        data=data,
    )


def agreed(name: str, cover: str, until: str, data: str = "") -> Card:
    """To everybody concerned; with ``data`` to the one on leave, who can call it off."""
    return Card(
        name="covering.agreed",
        title=f"{cover}替{name}代班",
        lead=until,
        tone=Tone.GOOD,
        text="这期间的提醒和要填的表发给代班的人；到期自动结束，提前回来回“销假”。",
        buttons=(CALL_OFF,) if data else (),
        data=data,
    )


def refused(cover: str, until: str) -> Card:
    """Back to the one who asked."""
    return Card(
        name="covering.refused",
        title=f"{cover}不方便代班",
        lead=until,
        tone=Tone.WARN,
        text="提醒还发给您。换一位同事，或请预算科移交。",
        buttons=(Button("leave", "换一位", Style.PRIMARY),),
    )


def ended(name: str, cover: str) -> Card:
    """Back early."""
    return Card(
        name="covering.ended",
        title=f"{name}已销假",
        tone=Tone.GOOD,
        text=f"从现在起，要填的表又发给{name}；{cover}不用再管。已报送的不变。",
    )


def called_off(name: str, cover: str, until: str) -> Card:
    """The leave is not taken after all, before anybody stood in."""
    return Card(
        name="covering.called_off",
        title=f"{name}不请假了",
        lead=until,
        tone=Tone.GOOD,
        text=f"{cover}不用代班，要填的表还发给{name}。",
    )


def whom(giver: str, projects: Sequence[str], people: Sequence[Person], data: str) -> Card:
    """To whom somebody's projects go."""
    return Card(
        name="covering.whom",
        title=f"{giver}的 {len(projects)} 个项目交给谁？",
        rows=(Row("项目", short(names(tuple(projects), 4), 60)),),
        text="点一位同单位的人，马上生效，三方都会知道。"
        if people
        else "同单位名单里没有别的人，请先补名册。",
        buttons=tuple(Button(f"transfer:{p.id}", short(p.name, 10)) for p in people[:6]),
        data=data,
    )


def moved(giver: str, taker: str, projects: Sequence[str], by: str) -> Card:
    """To giver, taker, the unit's heads, and whoever moved them."""
    return Card(
        name="covering.moved",
        title=f"附表1 换人填：{giver} → {taker}",
        lead=f"{by}办的移交",
        tone=Tone.GOOD,
        rows=tuple(Row(str(n), name) for n, name in enumerate(projects[:6], 1)),
        text=f"共 {len(projects)} 个项目，草稿一起移交。"
        + ("其余的回“进度”看。" if len(projects) > 6 else ""),
    )
