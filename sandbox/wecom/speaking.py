"""What a connected bot may say, one function per command: replies, welcomes, changed cards, pushes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.wecom.asking import Asked, Asking
from sandbox.wecom.cards import check_card, has_code
from sandbox.wecom.errors import Refusal
from sandbox.wecom.media import known
from sandbox.wecom.messages import BOT_BODIES, STREAM
from sandbox.wecom.phones import Item
from sandbox.wecom.schema import Field, Shape, octets, one_of, text, texts, thing
from sandbox.wecom.updating import apply
from sandbox.wecom.uploads import Uploads
from sandbox.wecom.windows import HOUR, MINUTE
from sandbox.wecom.world import World

Body = dict[str, Any]

CHAT_LIMITS = ((MINUTE, 30), (HOUR, 1000))
WELCOME_TEXT: Shape = {"content": octets(2048, need=True, code=44004, count_code=45002)}
UPDATE: Shape = {
    "response_type": one_of("update_template_card"),
    "userids": texts(1000),
    "template_card": Field(dict, need=True),
}


class Speaking:
    """A bot's mouth."""

    def __init__(self, world: World, asking: Asking) -> None:
        self.world = world
        self.asking = asking
        self.uploads = Uploads(world)

    def reply(self, bot_id: str, req_id: str, body: Body) -> Body:
        """aibot_respond_msg."""
        asked = self.asking.of(req_id, bot_id)
        self.asking.in_time(asked)
        if body.get("msgtype") == "stream":
            self._stream(asked, body)
        else:
            self._say(bot_id, asked.userid, body, {})
            asked.answered = True
        return {}

    def _stream(self, asked: Asked, body: Body) -> None:
        self.world.checker().check(body, {"msgtype": text(), "stream": thing(STREAM, need=True)})
        stream = body["stream"]
        if asked.stream and asked.stream != stream["id"]:
            raise Refusal(846605, "another stream id")
        content = {"content": stream.get("content", ""), "finished": stream.get("finish", False)}
        if asked.shown:
            self.world.phones.update(asked.shown, content, "")
        else:
            self._allow(asked.bot_id, asked.userid)
            asked.shown = self._show(asked.bot_id, asked.userid, "stream", content).seq
        asked.stream, asked.answered = stream["id"], content["finished"]

    def welcome(self, bot_id: str, req_id: str, body: Body) -> Body:
        """aibot_respond_welcome_msg: only to enter_chat, at once."""
        asked = self.asking.of(req_id, bot_id)
        if asked.event != "enter_chat":
            raise Refusal(846605, "not an enter_chat")
        self.asking.at_once(asked)
        if body.get("msgtype") == "text":
            self.world.checker().check(body, {"msgtype": text(), "text": thing(WELCOME_TEXT, need=True)})
            self._show(bot_id, asked.userid, "text", body["text"])
        elif body.get("msgtype") == "template_card":
            self._say(bot_id, asked.userid, body, {})
        else:
            raise Refusal(40008, str(body.get("msgtype")))
        asked.answered = True
        return {}

    def change(self, bot_id: str, req_id: str, body: Body) -> Body:
        """aibot_respond_update_msg: the tapped card takes another look, at once."""
        if "response_type" not in body:
            raise Refusal(40008, "response_type missing")
        asked = self.asking.of(req_id, bot_id)
        if asked.item is None:
            raise Refusal(846605, "not a card event")
        self.asking.at_once(asked)
        self.world.checker().check(body, UPDATE)
        card = body["template_card"]
        check_card(card, self.world.checker(), update=True, bot=True)
        if card.get("task_id") != asked.item.task_id:
            raise Refusal(42016, "task_id of the tapped card")
        users = [self._member(str(u)) for u in body.get("userids", ())]
        for item in self.world.phones.copies(asked.item.msgid):
            if not users or item.userid in users:
                apply(self.world, item, body)
        asked.answered = True
        return {}

    def push(self, bot_id: str, _req_id: str, body: Body) -> Body:
        """aibot_send_msg: only to somebody who wrote before."""
        envelope = {"chatid": text(need=True), "chat_type": one_of(0, 1, 2)}
        member = self._member(str(body.get("chatid", "")))
        if body.get("chat_type") == 2 or (bot_id, member) not in self.world.written:
            raise Refusal(846607, "nobody wrote to the bot there")
        if body.get("msgtype") == "template_card" and body.get("chat_type") != 1:
            raise Refusal(40058, "a card goes to a single chat")
        self._say(bot_id, member, body, envelope)
        return {}

    def _say(self, bot_id: str, userid: str, body: Body, envelope: Shape) -> Item:
        kind = body.get("msgtype")
        if kind not in (*BOT_BODIES, "template_card"):
            raise Refusal(40008, str(kind))
        inside = Field(dict, need=True) if kind == "template_card" else thing(BOT_BODIES[kind], need=True)
        self.world.checker().check(body, {"msgtype": text(), kind: inside, **envelope})
        if kind == "template_card":
            self._card(bot_id, body[kind])
        files: tuple[tuple[str, bytes], ...] = ()
        if "media_id" in body[kind]:
            found = known(self.world, body[kind]["media_id"], f"bot:{bot_id}")
            files = ((found.name, found.content),)
        self._allow(bot_id, userid)
        return self._show(bot_id, userid, kind, body[kind], files)

    def _card(self, bot_id: str, card: Any) -> None:
        check_card(card, self.world.checker(), bot=True)
        if has_code(card):
            if (bot_id, card["task_id"]) in self.world.task_ids:
                raise Refusal(42014, f"used before: {card['task_id']}")
            self.world.task_ids.add((bot_id, card["task_id"]))

    def _allow(self, bot_id: str, userid: str) -> None:
        if not self.world.windows.allows(f"chat:{bot_id}:{userid}", self.world.now(), CHAT_LIMITS):
            raise Refusal(846607, "too many in this conversation")

    def _show(
        self, bot_id: str, userid: str, kind: str, body: Body, files: tuple[tuple[str, bytes], ...] = ()
    ) -> Item:
        return self.world.phones.show(
            userid,
            self.world.now(),
            f"bot:{bot_id}",
            kind,
            body,
            msgid=f"bot-{self.world.new_id()}",
            task_id=str(body.get("task_id", "")),
            files=files,
        )

    def _member(self, chatid: str) -> str:
        """The member behind a plain or an encrypted id, lower-case."""
        return (self.world.corp.from_open(chatid) or chatid).lower()


Command = Callable[[Speaking, str, str, Body], Body]
COMMANDS: dict[str, Command] = {
    "aibot_respond_msg": Speaking.reply,
    "aibot_respond_welcome_msg": Speaking.welcome,
    "aibot_respond_update_msg": Speaking.change,
    "aibot_send_msg": Speaking.push,
    "aibot_upload_media_init": lambda s, bot_id, _r, body: s.uploads.begin(bot_id, body),
    "aibot_upload_media_chunk": lambda s, bot_id, _r, body: s.uploads.piece(bot_id, body),
    "aibot_upload_media_finish": lambda s, bot_id, _r, body: s.uploads.end(bot_id, body),
}
