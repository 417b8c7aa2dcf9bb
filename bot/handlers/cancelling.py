"""取消, 算了, 不填了: closes whatever is being asked, kindly, and says what was kept and what was not."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from bot.cards import cancelling as cards
from bot.cards.plain import told
from bot.events import Text
from bot.handlers import announcing, approve, common, confirming, consolidate, covering, returning, standing
from bot.sessions import SMALL_FORM, Session
from bot.turn import Case, Turn

GIVEN_UP = re.compile(r"(?:取消|算了|不填了|不办了|不弄了)[吧了]?[。.!！~]?")
#: what was asked -> what did not come about.
NOT_DONE = {
    covering.ASKING: "没有请假",
    approve.WHY: "没有退回",
    returning.ASKING: "没有退回",
    standing.ASKING: "没有代填",
    "colleague": "没有移交",
}
NOTHING = "什么也没有保存，原来的没有改动。"


def said(case: Case) -> Turn | None:
    """The line gives up what is open; None for any other line."""
    if not isinstance(case.event, Text) or not GIVEN_UP.fullmatch(case.event.text.strip()):
        return None
    asking = case.session.asking
    if asking.startswith(announcing.WRITING):
        notice_id = json.loads(asking.removeprefix(announcing.WRITING)).get("id", "")
        return announcing.drop(replace(case, argument=notice_id))
    if asking.startswith(SMALL_FORM):
        return case.say(told("好的，不填了", NOTHING), session=Session())
    if asking in NOT_DONE:
        return case.say(told(NOT_DONE[asking], NOTHING), session=Session(case.session.subject))
    if asking.partition(":")[0] == consolidate.ASKING:
        return case.say(told("好的，先放着", "填过的都存着，没有报出去；回“汇总”接着填。"), session=Session())
    return _of_form(case) or _nothing_open(case)


def _of_form(case: Case) -> Turn | None:
    """附表1 in focus: what was typed stays, and nothing was filed."""
    subject = case.session.subject
    form = common.load_form(case, subject) if subject else None
    filed = form and case.world.records.filing(form.project.id, form.round).state in common.DONE
    if form is None or (filed and not common.drafted(case, form)):
        return None
    typed = bool(common.drafted(case, form))
    return case.say(cards.left(form.project.name, subject, typed=typed, filed=bool(filed)), session=Session())


def _nothing_open(case: Case) -> Turn:
    """Nothing is being filled: what somebody may have meant is offered."""
    leave = case.world.records.covers_of(case.person.id, case.at.date())
    filed = any(d.filing.state in confirming.WITHDRAWABLE for d in common.mine(case))
    return case.say(cards.nothing(leave=bool(leave), filed=filed), session=Session())
