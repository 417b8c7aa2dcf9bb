"""帮助: what can be said; also what anything unreadable is answered with, changing nothing."""

from __future__ import annotations

import re

from bot.audience import capacities
from bot.cards.card import Card
from bot.cards.plain import help_card, told
from bot.events import WITHHELD, Unreadable, Uploaded
from bot.handlers import common, halfway, waiting
from bot.people import only_finance
from bot.questions import examples
from bot.turn import Case, Handler, Turn
from regulation.problems import CATALOGUE
from regulation.roster import Role


def show(case: Case) -> Turn:
    """The menu."""
    return case.say(menu(case))


def menu(case: Case, lead: str = "") -> Card:
    """The menu with questions this person's duties may put."""
    asks = examples({duty.role for duty in case.person.duties})
    return help_card(
        lead,
        asks,
        writes=bool(capacities(case.person)),
        reviews=case.person.has(Role.BUDGET_OFFICE),
        finance=only_finance(case.person),
    )


def welcome(case: Case) -> Turn:
    """The first words to somebody who opened the conversation."""
    then = _owed(case) or "每年二、三季度结束后，我来提醒您填附表1。"
    return case.say(menu(case, f"{case.person.name}，您好，我是绩监通。{then}"))


def _owed(case: Case) -> str:
    """What waits for this person, in one sentence."""
    owed = common.mine(case, owing_only=True)
    return (
        f"有 {len(owed)} 张附表1要填，{common.due_words(case, case.world.round, *common.departments_in(owed))}。"
        if owed
        else ""
    )


def thanks(case: Case) -> Turn:
    """谢谢: no menu, no question; one line is enough, unless a form still waits to be filed or for a word."""
    return halfway.nodded(case) or waiting.shown(case) or case.say(told("好的", "有要填的表，回“填报”就行。"))


def not_understood(case: Case) -> Turn:
    """The menu, with one line on what was wrong with what came (F14, F15)."""
    if isinstance(case.event, Uploaded):
        return halfway.lost(case, "我看不了这个，请打字") or case.say(menu(case, CATALOGUE["input.not_text"]))
    if isinstance(case.event, Unreadable):
        code = "input.withheld" if case.event.why == WITHHELD else "input.unreadable"
        return case.say(menu(case, CATALOGUE[code]))
    text = getattr(case.event, "text", "")
    if text.strip() in ("同", "同上", "同上季"):
        return case.say(menu(case, CATALOGUE["form.none_in_focus"]))
    if GREETING.fullmatch(text.strip()):
        return case.say(menu(case, f"{case.person.name}，您好。{_owed(case)}"))
    lost = halfway.lost(case, "没看懂这句话") if text.strip() else None
    return lost or case.say(menu(case, "没看懂这句话。" if text.strip() else ""))


GREETING = re.compile(r"(?:你好|您好|在吗|在么|hello|hi)[啊呀。.!！?？~]*", re.IGNORECASE)


COURTESY = ("好的", "好", "谢谢", "知道了", "嗯", "ok", "OK")

HANDLER = Handler(
    name="help",
    words={"帮助": show, "?": show, "？": show, "菜单": show, "怎么填": show, "怎么用": show}
    | dict.fromkeys(COURTESY, thanks),
    actions={},
)
