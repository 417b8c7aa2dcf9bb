"""What a member does in the chat with an app: types, taps, chooses, sends things, opens it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sandbox.wecom.cards import selectors
from sandbox.wecom.corp import Agent
from sandbox.wecom.media import MOST, upload
from sandbox.wecom.phones import Item
from sandbox.wecom.pusher import Outcome, Pusher
from sandbox.wecom.world import World

TYPED_BYTES = 2048
Chosen = Mapping[str, Sequence[str]]


class CannotTap(Exception):
    """The phone does not let the member do that; the text says why."""


class Hands:
    """The members' side of the self-built apps. Every action answers how its callback went."""

    def __init__(self, world: World, pusher: Pusher) -> None:
        self.world = world
        self.pusher = pusher

    def agent(self, agentid: int = 0) -> Agent:
        """The app with that id, the only one when none is named."""
        agents = self.world.corp.agents
        return agents[agentid] if agentid else next(iter(agents.values()))

    # -- messages ----------------------------------------------------------------------------------

    async def say(self, userid: str, text: str, agentid: int = 0) -> Outcome:
        """Type a text and send it."""
        if not text.strip() or len(text.encode()) > TYPED_BYTES:
            raise CannotTap("这样的文字发不出去：空的，或者超过 2048 字节")
        return await self._message(userid, agentid, "text", {"Content": text}, {"content": text})

    async def send_file(
        self, userid: str, name: str, content: bytes, kind: str = "file", agentid: int = 0
    ) -> Outcome:
        """Send an image, a voice message or a video; a file only arrives when the switch says so."""
        if kind not in MOST:
            raise CannotTap(f"没有这种内容：{kind}")
        media_id = str(upload(self.world, kind, name, content)["media_id"])
        fields: dict[str, Any] = {
            "image": {"PicUrl": f"{self.world.base}/pic/{media_id}", "MediaId": media_id},
            "voice": {"MediaId": media_id, "Format": "amr"},
            "video": {"MediaId": media_id, "ThumbMediaId": media_id},
            "file": {"MediaId": media_id, "FileName": name},
        }[kind]
        body = {"name": name}
        if kind == "file" and not self.world.switches.files_to_app:
            self._mine(userid, self.agent(agentid), "file", body)
            return Outcome(0, 0)
        return await self._message(userid, agentid, kind, fields, body)

    async def send_location(self, userid: str, label: str, agentid: int = 0) -> Outcome:
        """Send a place."""
        fields = {"Location_X": "23.10", "Location_Y": "113.32", "Scale": 15, "Label": label}
        return await self._message(
            userid, agentid, "location", fields | {"AppType": "wxwork"}, {"label": label}
        )

    async def send_link(self, userid: str, title: str, url: str, agentid: int = 0) -> Outcome:
        """Send a link."""
        fields = {"Title": title, "Description": "", "Url": url, "PicUrl": ""}
        return await self._message(userid, agentid, "link", fields, {"title": title, "url": url})

    async def _message(
        self, userid: str, agentid: int, kind: str, fields: dict[str, Any], body: dict[str, Any]
    ) -> Outcome:
        agent = self.agent(agentid)
        number = self.world.new_id()
        self._mine(userid, agent, kind, body, number)
        return await self.pusher.push(
            agent, self._head(userid, agent, kind) | fields | {"MsgId": int(number), "AgentID": agent.agentid}
        )

    # -- cards -------------------------------------------------------------------------------------

    async def tap(self, seq: int, key: str, chosen: Chosen | None = None) -> Outcome:
        """Tap a button or submit a card with what is chosen on it."""
        item = self._card(seq)
        if item.dead:
            raise CannotTap(f"按钮已经变成“{item.dead}”")
        if key not in buttons(item.body):
            raise CannotTap(f"卡片上没有这个按钮：{key}")
        return await self._card_event("template_card_event", item, key, choose(item.body, chosen or {}))

    async def menu(self, seq: int, key: str) -> Outcome:
        """Choose from the menu in the corner of a card."""
        item = self._card(seq)
        if key not in [a["key"] for a in item.body.get("action_menu", {}).get("action_list", ())]:
            raise CannotTap(f"菜单里没有这一项：{key}")
        return await self._card_event("template_card_menu_event", item, key, {})

    async def tap_as(self, userid: str, key: str, item: Item) -> Outcome:
        """A tap no up-to-date honest client sends: on a card as it was, or in the name of somebody else."""
        own = userid.lower() == item.userid
        mine = replace(item, userid=userid.lower())
        return await self._card_event("template_card_event", mine, key, {}, has_it=own)

    def _card(self, seq: int) -> Item:
        item = self.world.phones.item(seq)
        if item is None or item.kind != "template_card" or item.recalled:
            raise CannotTap("这里没有卡片")
        return item

    async def _card_event(
        self, event: str, item: Item, key: str, chosen: Chosen, *, has_it: bool = True
    ) -> Outcome:
        agent = self.agent(int(item.chat.removeprefix("app:")))
        fields = {
            "EventKey": key,
            "TaskId": item.task_id,
            "CardType": str(item.body["card_type"]),
            "ResponseCode": self.world.new_code(item.msgid, agent.agentid),
            "AgentID": agent.agentid,
        }
        if chosen:
            fields["SelectedItems"] = {"SelectedItem": [_selected(k, ids) for k, ids in chosen.items()]}
        happened = self._event(item.userid, agent, event) | fields
        return await self.pusher.push(agent, happened, item if has_it else None)

    # -- the app -----------------------------------------------------------------------------------

    async def enter(self, userid: str, agentid: int = 0) -> Outcome:
        """Open the chat with the app."""
        return await self.happen("enter_agent", userid, {"EventKey": ""}, agentid)

    async def click_menu(self, userid: str, key: str, agentid: int = 0) -> Outcome:
        """Tap the app's own menu below the chat."""
        return await self.happen("click", userid, {"EventKey": key}, agentid)

    async def subscribe(self, userid: str, agentid: int = 0) -> Outcome:
        """Come into the app's scope."""
        agent = self.agent(agentid)
        if agent.visible is not None:
            agent.visible |= {userid.lower()}
        return await self.happen("subscribe", userid, {"EventKey": ""}, agentid)

    async def unsubscribe(self, userid: str, agentid: int = 0) -> Outcome:
        """Leave the app's scope."""
        agent = self.agent(agentid)
        scope = self.world.corp.scope(agent) if agent.visible is None else agent.visible
        agent.visible = frozenset(scope) - {userid.lower()}
        return await self.happen("unsubscribe", userid, {"EventKey": ""}, agentid)

    async def inactive_alert(self, agentid: int = 0) -> Outcome:
        """The platform warns that the app is about to be switched off for lack of use."""
        return await self.happen("inactive_alert", "sys", {"EffectTime": self.world.seconds()}, agentid)

    async def happen(
        self, event: str, userid: str, fields: dict[str, Any] | None = None, agentid: int = 0
    ) -> Outcome:
        """Any event of the documentation."""
        agent = self.agent(agentid)
        return await self.pusher.push(
            agent, self._event(userid, agent, event) | (fields or {}) | {"AgentID": agent.agentid}
        )

    # -- parts -------------------------------------------------------------------------------------

    def message(self, userid: str, text: str, agentid: int = 0) -> dict[str, Any]:
        """The plaintext of a text message, for a delivery that is to be forged or replayed."""
        agent = self.agent(agentid)
        tail = {"Content": text, "MsgId": int(self.world.new_id()), "AgentID": agent.agentid}
        return self._head(userid, agent, "text") | tail

    def _event(self, userid: str, agent: Agent, event: str) -> dict[str, Any]:
        return self._head(userid, agent, "event") | {"Event": event}

    def _head(self, userid: str, agent: Agent, kind: str) -> dict[str, Any]:
        member = self.world.corp.member(userid)
        return {
            "ToUserName": self.world.corp.corp_id,
            "FromUserName": member.userid if member else userid,
            "CreateTime": self.world.seconds(),
            "MsgType": kind,
        }

    def _mine(self, userid: str, agent: Agent, kind: str, body: dict[str, Any], msgid: str = "") -> None:
        chat = f"app:{agent.agentid}"
        self.world.phones.show(userid.lower(), self.world.now(), chat, kind, body, mine=True, msgid=msgid)


def buttons(card: Mapping[str, Any]) -> dict[str, str]:
    """Key to text of everything on a card that calls back when tapped."""
    found = {b["key"]: b["text"] for b in card.get("button_list", ()) if b.get("type", 0) == 0}
    if "submit_button" in card:
        found[card["submit_button"]["key"]] = card["submit_button"]["text"]
    return found


def choose(card: Mapping[str, Any], chosen: Chosen) -> dict[str, list[str]]:
    """By question key the option ids that go along: what was chosen, else what the card shows as chosen.

    CannotTap for a question or an option that is not there, a shut selector, or nothing chosen at all."""
    known = {each["question_key"]: (name, each) for name, each in selectors(card)}
    if unknown := [key for key in chosen if key not in known]:
        raise CannotTap(f"卡片上没有这个选择：{unknown[0]}")
    return {key: _chosen(name, each, chosen.get(key)) for key, (name, each) in known.items()}


def _chosen(name: str, each: Mapping[str, Any], wanted: Sequence[str] | None) -> list[str]:
    if wanted is None:
        wanted = shown_as_chosen(name, each)
    elif each.get("disable"):
        raise CannotTap("这个选择已经不能改了")
    if unknown := set(wanted) - {option["id"] for option in each["option_list"]}:
        raise CannotTap(f"没有这个选项：{unknown.pop()}")
    if len(wanted) > 1 and not each.get("mode"):
        raise CannotTap("只能选一个")
    if not wanted:
        raise CannotTap("还没有选")
    return list(wanted)


def shown_as_chosen(name: str, each: Mapping[str, Any]) -> list[str]:
    """What a selector shows before anybody touched it: a drop-down its first option, a list of boxes none."""
    if name == "checkbox":
        return [option["id"] for option in each["option_list"] if option.get("is_checked")]
    return [each.get("selected_id") or each["option_list"][0]["id"]]


def _selected(key: str, ids: Sequence[str]) -> dict[str, Any]:
    return {"QuestionKey": key, "OptionIds": {"OptionId": list(ids)}}
