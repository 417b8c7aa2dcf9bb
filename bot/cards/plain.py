"""Cards with only words: help, refusals, problems, apologies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cards.card import Button, Card, Style, Tone
from regulation.problems import Problem

MENU = (
    Button("fill", "填报", Style.PRIMARY),
    Button("status", "进度"),
    Button("correct", "更正"),
    Button("table", "出表"),
)
#: what somebody at finance does; the forms are the others'.
FINANCE_MENU = (
    Button("examinations", "审核", Style.PRIMARY),
    Button("status", "进度"),
    Button("rectifications", "整改"),
)
_FILING = (
    "填报　打开要填的附表1\n"
    "表格填报　要一份表，在电脑上填好发回来\n"
    "更正　改已报送的表（预算科接收前）\n"
    "撤回　把报了的表拿回来（预算科接收前）\n"
    "进度　看谁报了、谁没报\n"
    "出表　要官方格式的附表1\n"
    "{office}不归我填　请同事填这个项目\n"
    "期限　哪天截止，为什么是那天\n"
    "在办　这几天别再提醒我\n"
    "请假　这几天请同事代班\n"
    "填表时照着回一条就行：支出201.35 1=36 2=930 3同"
)
_FINANCE = (
    "进度　各部门报了几个、谁逾期\n"
    "审核　看部门报来的附表2、附表3，通过、退回、发整改\n"
    "附表2　后面写部门名，看三张表\n"
    "数字来源　后面写部门名，看每个数从哪来\n"
    "核对　后面写部门名，看三张表对不对得上\n"
    "偏离　红的在前，每条办到哪一步\n"
    "整改　没办结的整改，复核办结\n"
    "目标调整　部门报来的申请，审定\n"
    "处置　后面写项目名，登记会上定的处置\n"
    "重点项目　名单和依据\n"
    "通知　写给部门和单位的人\n"
    "群发记录　谁读了、谁没读\n"
    "期限　哪天截止，为什么是那天"
)


def help_card(
    lead: str = "",
    asks: Sequence[str] = (),
    *,
    writes: bool = False,
    reviews: bool = False,
    finance: bool = False,
) -> Card:
    """What can be said; ``asks`` are questions this person may usefully put, ``writes`` whether to many, ``reviews``
    whether units file with them, ``finance`` whether departments do."""
    note = f"也可以问：{' · '.join(asks)}。" if asks else ""
    return Card(
        name="plain.help",
        title="可以这样说",
        lead=lead,
        text=_FINANCE if finance else _FILING.format(office="汇总　做附表2、附表3\n" if reviews else ""),
        buttons=FINANCE_MENU if finance else MENU,
        note=note
        + ("写“通知”可以群发。" if writes else "")
        + ("审表、催办记录、代填、移交也可以直接说。" if reviews else ""),
    )


def refusal(found: Problem, *, title: str = "没有办成") -> Card:
    """A person's mistake said back, with a way on."""
    return Card(name="plain.refusal", title=title, tone=Tone.WARN, text=found.text, buttons=MENU[:2])


def fitting(card: Card, *, finance: bool) -> Card:
    """A refusal offers what its reader can do: finance fills no forms."""
    return replace(card, buttons=FINANCE_MENU[:2]) if finance and card.name == "plain.refusal" else card


def told(title: str, text: str = "", *, tone: Tone = Tone.PLAIN, lead: str = "") -> Card:
    """A short statement."""
    return Card(name="plain.told", title=title, lead=lead, text=text, tone=tone)
