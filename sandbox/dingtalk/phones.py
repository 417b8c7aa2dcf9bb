"""A person's phone: what DingTalk shows on it, and everything its owner can do there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sandbox.dingtalk import filling, happenings
from sandbox.dingtalk.card_calls import check_values
from sandbox.dingtalk.cards import Card
from sandbox.dingtalk.chats import GROUP, NOTICE, ROBOT, Message
from sandbox.dingtalk.directory import Person
from sandbox.dingtalk.drawing import Drawn, draw, summary
from sandbox.dingtalk.frames import card_answer
from sandbox.dingtalk.gateway import Push
from sandbox.dingtalk.refusals import Refused
from sandbox.dingtalk.world import World

FAILED = "操作失败，请稍后再试"
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
TYPED = "dtmd"


class Impossible(Exception):
    """The client does not let its owner do that; the text says why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tap came to: whether an answer came in time, and what the phone says when not."""

    answered: bool
    toast: str = ""
    push: Push | None = None


class Phone:
    """One person's client, talking to the robot of ``robot`` (the only app when not given)."""

    def __init__(self, world: World, user_id: str, robot: str = "") -> None:
        if user_id not in world.directory.people:
            raise Impossible(f"通讯录里没有“{user_id}”")
        self.world = world
        self.robot = robot or next(iter(world.apps))
        self.person: Person = world.directory.people[user_id]

    # -- looking -----------------------------------------------------------------------------------

    def screen(self) -> list[dict[str, Any]]:
        """Everything on the phone, oldest first, the way this client draws it."""
        return [self._shown(message) for message in self.world.chats.on(self.person.user_id)]

    def _shown(self, message: Message) -> dict[str, Any]:
        mine = message.mine == self.person.user_id
        shown = {
            "id": message.id,
            "at": message.at.isoformat(timespec="seconds"),
            "space": message.space,
            "chat": message.chat,
            "kind": message.kind,
            "mine": mine,
            "read": self.person.user_id in message.read,
            "body": dict(message.body),
        }
        if not message.card:
            return shown
        card = self._card(message)
        template = self.world.templates.known[card.template]
        values = card.seen_by(self.person.user_id)
        return shown | {
            "card": card.id,
            "changes": card.changes,
            "forwarded": message.forwarded,
            "summary": summary(template, values),
            "elements": draw(template, values, self.person),
        }

    def unread(self) -> int:
        """How many messages were not on the screen yet."""
        return sum(not m["mine"] and not m["read"] for m in self.screen())

    def _card(self, message: Message) -> Card:
        return self.world.cards.known[message.card]

    def _message(self, message_id: str) -> Message:
        user = self.person.user_id
        found = next((m for m in self.world.chats.on(user) if m.id == message_id), None)
        if found is None:
            raise Impossible("手机上没有这条消息")
        return found

    def _element(self, message: Message, kind: str, named: str) -> Drawn:
        """The element of a card with that id or text."""
        elements = self._shown(message).get("elements", ())
        for each in elements:
            if each["kind"] == kind and named in (each.get("id"), each.get("text"), each.get("submit")):
                return dict(each)
        raise Impossible(f"这张卡上没有“{named}”")

    # -- writing and sending -----------------------------------------------------------------------

    def say(self, text: str, group: str = "") -> Push:
        """Write a line to the robot, or mention it in a group."""
        body = {"content": f" {text}" if group else text}
        return self._sent("text", body, group)

    def send_file(self, name: str, content: bytes) -> Push:
        """A file, which only a robot's own chat takes."""
        code = self.world.media.sent(self.robot, name, "file", content)
        spare = {"spaceId": "24570001", "fileId": self.world.fresh_id("9")}
        return self._sent("file", {"downloadCode": code, "fileName": name, **spare})

    def send_picture(self, content: bytes, group: str = "") -> Push:
        """A picture."""
        code = self.world.media.sent(self.robot, "image.png", "image", content)
        return self._sent("picture", {"downloadCode": code, "pictureDownloadCode": code}, group)

    def send_voice(self, milliseconds: int, recognised: str, content: bytes = b"#!AMR\n") -> Push:
        """A voice message with what the platform understood."""
        code = self.world.media.sent(self.robot, "voice.amr", "voice", content)
        body = {"downloadCode": code, "duration": milliseconds, "recognition": recognised}
        return self._sent("audio", body)

    def send_sticker(self) -> Push:
        """A sticker, which arrives as a picture without a name in a rich text."""
        code = self.world.media.sent(self.robot, "sticker.gif", "image", b"GIF89a")
        return self._sent("richText", {"richText": [{"type": "picture", "downloadCode": code}]})

    def _sent(self, msgtype: str, body: Mapping[str, Any], group: str = "") -> Push:
        user = self.person.user_id
        if group and self.world.chats.group_of(user, group) is None:
            raise Impossible("不在这个群里")
        space, chat = (GROUP, group) if group else (ROBOT, f"robot:{user}")
        owner = "" if group else user
        ids = (self.world.fresh_id("msg"), self.world.clock.now())
        message = self.world.chats.put(Message(*ids, space, chat, owner, msgtype, body, mine=user))
        return happenings.robot_message(self.world, self.robot, message, self.person, msgtype)

    # -- cards and links ---------------------------------------------------------------------------

    async def tap(self, message_id: str, named: str) -> Outcome:
        """Tap a button of a card, by its id or its text, or a link of a message."""
        message = self._message(message_id)
        if not message.card:
            return self._follow(message, named)
        button = self._element(message, "button", named)
        if button["status"] != "normal":
            raise Impossible(f"“{named}”是灰的，点不了")
        if button["action"] == TYPED:
            return Outcome(True, push=self._dtmd(button["url"]))
        if button["action"] != "request":
            return Outcome(True, toast=button.get("url", ""))
        return await self._call_back(message, button["id"], button["params"])

    async def tap_again(self, message_id: str, action: str, params: Mapping[str, Any]) -> Outcome:
        """What a hostile or very old client may send from a card it has: any action, any parameters."""
        return await self._call_back(self._message(message_id), action, params)

    def type_into(self, message_id: str, values: Mapping[str, str]) -> None:
        """Put text into a form's fields; it stays there until it is sent or the chat is left."""
        self._message(message_id)
        self.world.typed.setdefault((self.person.user_id, message_id), {}).update(values)

    async def submit(
        self, message_id: str, values: Mapping[str, str] | None = None, named: str = ""
    ) -> Outcome:
        """Send a form with what is typed in it. Raises Impossible when the client keeps it back."""
        message = self._message(message_id)
        form = self._form(message, named)
        typed = {**self.world.typed.get((self.person.user_id, message_id), {}), **(values or {})}
        try:
            filled = filling.values(form, typed, self.world.rules.number_as)
        except filling.NotSent as kept:
            raise Impossible(str(kept)) from kept
        outcome = await self._call_back(message, form["id"], {**form["params"], form["id"]: filled})
        if outcome.answered:
            self.world.typed.pop((self.person.user_id, message_id), None)
        return outcome

    async def submit_anyhow(self, message_id: str, values: Mapping[str, Any]) -> Outcome:
        """What a client that was tampered with may send: fields and choices the form does not have."""
        message = self._message(message_id)
        form = self._form(message, "")
        filled = {**filling.standing(form), **values}
        return await self._call_back(message, form["id"], {**form["params"], form["id"]: filled})

    def _form(self, message: Message, named: str) -> Drawn:
        if named:
            return self._element(message, "form", named)
        found = next((e for e in self._shown(message).get("elements", ()) if e["kind"] == "form"), None)
        if found is None:
            raise Impossible("这张卡上没有表单")
        return dict(found)

    async def _call_back(self, message: Message, action: str, params: Mapping[str, Any]) -> Outcome:
        card = self._card(message)
        if card.callback != "STREAM":
            return Outcome(False, FAILED)
        push = happenings.card_callback(self.world, card, message, self.person, action, params)
        await push.done.wait()
        if push.ack is None or push.ack.code != 200:
            return Outcome(False, FAILED, push)
        return Outcome(self._answer(card, push), push=push)

    def _answer(self, card: Card, push: Push) -> bool:
        """Apply what the ACK changes; False when the documents do not know it."""
        assert push.ack is not None  # noqa: S101 - checked by the only caller
        answer, wrong = card_answer(push.ack)
        own = (answer.get("userPrivateData") or {}).get("cardParamMap")
        private = {self.person.user_id: own} if own is not None else {}
        public = (answer.get("cardData") or {}).get("cardParamMap") or {}
        try:
            check_values(self.world, self.world.templates.known[card.template], public, private)
        except Refused as refused:
            wrong = wrong or refused.message
        if wrong:
            self.world.complain(f"card answer: {wrong}")
            return False
        if answer:
            card.update(answer, private)
        return True

    def _follow(self, message: Message, named: str) -> Outcome:
        """A link in a markdown message: dtmd writes its text into the chat, others open a page."""
        text = str(message.body.get("text", ""))
        for label, address in LINK.findall(text):
            if named in (label, address):
                written = message.kind == "sampleMarkdown" and address.startswith("dtmd://")
                return Outcome(True, push=self._dtmd(address)) if written else Outcome(True, toast=address)
        raise Impossible(f"这条消息里没有“{named}”")

    def _dtmd(self, address: str) -> Push:
        parts = urlsplit(address)
        content = parse_qs(parts.query).get("content", [""])[0]
        if (parts.netloc, parts.path) != ("dingtalkclient", "/sendMessage") or not content:
            raise Impossible("这个链接打不开")
        return self.say(content)

    # -- reading, forwarding, leaving --------------------------------------------------------------

    def read(self, *, notices: bool = True) -> list[Push]:
        """Everything is on the screen now; the robot's messages report it, 工作通知 and groups only count it."""
        pushes = []
        for message in self.world.chats.on(self.person.user_id):
            user = self.person.user_id
            if message.mine or user in message.read or (message.space == NOTICE and not notices):
                continue
            message.read[user] = self.world.clock.now()
            if message.space == ROBOT and message.query:
                pushes.append(happenings.read_event(self.world, message, self.person, self.robot))
        return pushes

    def forward(self, message_id: str, to: str) -> str:
        """Pass a card on to a colleague, whose taps then count as theirs; the id of the message there."""
        message = self._message(message_id)
        if message.card and not self.world.rules.forward_anyway:
            kind = "IM_GROUP" if message.space == GROUP else "IM_ROBOT"
            if not self._card(message).forwardable(kind):
                raise Impossible("这张卡片不支持转发")
        ids = (self.world.fresh_id("msg"), self.world.clock.now())
        copy = Message(
            *ids, ROBOT, f"robot:{to}", to, message.kind, message.body, card=message.card, forwarded=True
        )
        return self.world.chats.put(copy).id

    def leave(self) -> None:
        """Leave the chat: what was typed into forms is gone."""
        for key in [key for key in self.world.typed if key[0] == self.person.user_id]:
            del self.world.typed[key]

    def login_code(self) -> str:
        """The code a page inside the client gets for 免登."""
        return self.world.tokens.login(self.person.user_id)
