"""Cards with only words: help, refusals, problems, apologies."""

from __future__ import annotations

from bot.cards.card import Button, Card, Style, Tone
from regulation.problems import Problem

MENU = (
    Button("fill", "填报", Style.PRIMARY),
    Button("status", "进度"),
    Button("correct", "更正"),
    Button("table", "出表"),
)


def help_card(lead: str = "") -> Card:
    """What can be said."""
    return Card(
        name="plain.help",
        title="可以这样说",
        lead=lead,
        text=(
            "填报　打开要填的附表1\n"
            "更正　改已报送的表（收口前）\n"
            "进度　看谁报了、谁没报\n"
            "出表　要官方格式的附表1\n"
            "期限　哪天截止，为什么是那天\n"
            "在办　这几天别再提醒我\n"
            "填表时照着回一条就行：支出201.35 1=36 2=930 3同"
        ),
        buttons=MENU,
    )


def refusal(found: Problem, *, title: str = "没有办成") -> Card:
    """A person's mistake said back, with a way on."""
    return Card(name="plain.refusal", title=title, tone=Tone.WARN, text=found.text, buttons=MENU[:2])


def told(title: str, text: str = "", *, tone: Tone = Tone.PLAIN, lead: str = "") -> Card:
    """A short statement."""
    return Card(name="plain.told", title=title, lead=lead, text=text, tone=tone)
