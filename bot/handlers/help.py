"""帮助: what can be said; also what anything unreadable is answered with, changing nothing."""

from __future__ import annotations

from bot.cards.plain import help_card, told
from bot.events import Unreadable, Uploaded
from bot.turn import Case, Handler, Turn
from regulation.problems import CATALOGUE


def show(case: Case) -> Turn:
    """The menu."""
    return case.say(help_card())


def thanks(case: Case) -> Turn:
    """收到、谢谢: no menu, no question; one line is enough."""
    return case.say(told("好的", "有要填的表，回“填报”就行。"))


def not_understood(case: Case) -> Turn:
    """The menu, with one line on what was wrong with what came (F14, F15)."""
    if isinstance(case.event, Uploaded):
        return case.say(help_card(CATALOGUE["input.not_text"]))
    if isinstance(case.event, Unreadable):
        return case.say(help_card(CATALOGUE["input.unreadable"]))
    text = getattr(case.event, "text", "")
    if text.strip() in ("同", "同上", "同上季"):
        return case.say(help_card(CATALOGUE["form.none_in_focus"]))
    return case.say(help_card("没看懂这句话。" if text.strip() else ""))


COURTESY = ("收到", "好的", "好", "谢谢", "知道了", "嗯")

HANDLER = Handler(
    name="help",
    words={"帮助": show, "?": show, "？": show, "菜单": show, "怎么填": show, "怎么用": show}
    | dict.fromkeys(COURTESY, thanks),
    actions={},
)
