"""Cards with only words: help, refusals, problems, apologies."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.card import Button, Card, Style, Tone
from regulation.problems import Problem

MENU = (
    Button("fill", "填报", Style.PRIMARY),
    Button("status", "进度"),
    Button("correct", "更正"),
    Button("table", "出表"),
)


def help_card(
    lead: str = "", asks: Sequence[str] = (), *, writes: bool = False, reviews: bool = False
) -> Card:
    """What can be said; ``asks`` are questions this person may usefully put, ``writes`` whether to many, ``reviews``
    whether units file with them."""
    note = f"也可以问：{' · '.join(asks)}。" if asks else ""
    return Card(
        name="plain.help",
        title="可以这样说",
        lead=lead,
        text=(
            "填报　打开要填的附表1\n"
            "表格填报　要一份表，在电脑上填好发回来\n"
            "更正　改已报送的表（收口前）\n"
            "撤回　把报了的表拿回来（预算科接收前）\n"
            "进度　看谁报了、谁没报\n"
            "出表　要官方格式的附表1\n"
            "汇总　预算科做附表2、附表3\n"
            "期限　哪天截止，为什么是那天\n"
            "在办　这几天别再提醒我\n"
            "请假　这几天请同事代班\n"
            "填表时照着回一条就行：支出201.35 1=36 2=930 3同"
        ),
        buttons=MENU,
        note=note
        + ("写“通知”可以群发。" if writes else "")
        + ("审表、催办记录、代填、移交也可以直接说。" if reviews else ""),
    )


def refusal(found: Problem, *, title: str = "没有办成") -> Card:
    """A person's mistake said back, with a way on."""
    return Card(name="plain.refusal", title=title, tone=Tone.WARN, text=found.text, buttons=MENU[:2])


def told(title: str, text: str = "", *, tone: Tone = Tone.PLAIN, lead: str = "") -> Card:
    """A short statement."""
    return Card(name="plain.told", title=title, lead=lead, text=text, tone=tone)
