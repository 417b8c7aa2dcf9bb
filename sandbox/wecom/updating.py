"""Cards that change after they were sent, and messages taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sandbox.wecom.cards import INTERACTIVE, check_card
from sandbox.wecom.corp import Agent
from sandbox.wecom.errors import Refusal
from sandbox.wecom.phones import Item
from sandbox.wecom.schema import Field, Shape, number, one_of, text, texts, thing
from sandbox.wecom.tokens import app_of
from sandbox.wecom.world import Sent, Token, World

RECALL_HOURS = 24
UPDATE: Shape = {
    "userids": texts(1000),
    "partyids": Field(list, most=100),
    "tagids": Field(list, most=100),
    "atall": one_of(0, 1),
    "agentid": number(need=True, code=40056),
    "response_code": text(need=True, code=60140),
    "enable_id_trans": one_of(0, 1),
    "button": thing({"replace_name": text(need=True, code=42020)}),
    "template_card": Field(dict),
}


def update_card(world: World, token: Token, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to message/update_template_card."""
    agent = app_of(token)
    world.checker().check(request, UPDATE)
    if request["agentid"] != agent.agentid:
        raise Refusal(301002)
    if ("button" in request) == ("template_card" in request):
        raise Refusal(40058, "one of button and template_card")
    sent = _sent(world, agent, request["response_code"])
    _allowed(world, sent, request)
    wanted = _wanted(world, sent, request)
    copies = {item.userid: item for item in world.phones.copies(sent.msgid)}
    world.codes[request["response_code"]].used = True
    for userid in wanted:
        if userid in copies:
            apply(world, copies[userid], request)
    invalid = [userid for userid in wanted if userid not in sent.userids]
    return {"errcode": 0, "errmsg": "ok"} | ({"invaliduser": invalid} if invalid else {})


def _sent(world: World, agent: Agent, code: str) -> Sent:
    found = world.codes.get(code)
    if found is None or found.used or found.until < world.now():
        raise Refusal(60140)
    if found.agentid != agent.agentid:
        raise Refusal(42015)
    return world.sent[found.msgid]


def _allowed(world: World, sent: Sent, request: dict[str, Any]) -> None:
    """A grey button only where there is one to tap; a new card keeps the task of the old one."""
    if "button" in request and (sent.card or {}).get("card_type") not in INTERACTIVE:
        raise Refusal(42031, "only interaction cards have a button to replace")
    if "template_card" in request:
        card = request["template_card"]
        check_card(card, world.checker(), update=True)
        if card.get("task_id", sent.task_id) != sent.task_id:
            raise Refusal(42016, "another task_id than the card's")


def _wanted(world: World, sent: Sent, request: dict[str, Any]) -> list[str]:
    if request.get("atall"):
        return list(sent.userids)
    wanted = [str(u).lower() for u in request.get("userids", ())]
    for party in request.get("partyids", ()):
        wanted += [m.userid.lower() for m in world.corp.within(int(party), deep=True)]
    if not wanted:
        raise Refusal(40058, "nobody to update it for")
    return list(dict.fromkeys(wanted))


def apply(world: World, item: Item, change: dict[str, Any]) -> Item:
    """One phone's copy takes the new look."""
    if "button" in change:
        now = world.phones.item(item.seq) or item
        return world.phones.update(now.seq, now.body, change["button"]["replace_name"])
    card = change["template_card"]
    return world.phones.update(item.seq, card, card.get("replace_text", ""))


def recall(world: World, token: Token, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to message/recall."""
    agent = app_of(token)
    world.checker().check(request, {"msgid": text(need=True)})
    sent = world.sent.get(request["msgid"])
    if sent is None:
        raise Refusal(40058, "msgid")
    if sent.agentid != agent.agentid:
        raise Refusal(42015)
    if world.now() - sent.at > timedelta(hours=RECALL_HOURS):
        raise Refusal(42052)
    for item in world.phones.copies(sent.msgid):
        world.phones.recall(item.seq)
    return {"errcode": 0, "errmsg": "ok"}
