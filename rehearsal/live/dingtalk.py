"""The local DingTalk as hands and eyes of a rehearsal: what the cast does there, and what its phones show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from platforms.dingtalk import choices
from platforms.dingtalk.fields import name_of
from platforms.dingtalk.markdown import plain
from platforms.simulator.phones import Seen
from regulation.roster import Roster
from rehearsal.live.hands import NotHere, OnPhone
from rehearsal.local_dingtalk import dingtalk_settings, world_of
from sandbox.clock import Clock
from sandbox.dingtalk import Rules, World, serving
from sandbox.dingtalk.chats import Message
from sandbox.dingtalk.frames import CARD_TOPIC
from sandbox.dingtalk.gateway import Push
from sandbox.dingtalk.phones import Outcome, Phone

#: clocks jump by days: nobody is asked in between whether he is still there.
STILL = 10.0**9
PLAIN_LINE = re.compile(r"^(?:#+|>)\s*|\*\*|\s+$")
LINK = re.compile(r"\[([^\]]*)\]\((dtmd:[^)\s]+)\)")
#: a story is no speed test: on a machine that is busy a tap waits longer than the two seconds.
PATIENT = 20.0
#: a conversation file names what somebody sends and says nothing of its content.
CONTENT = b""


def rehearsal_world(roster: Roster, at: datetime) -> World:
    """The roster's organisation for a story: no limit of the vendor's is in the way, and clocks may jump."""
    rules = Rules(qps=1000, ping_seconds=STILL, calls_a_month=10**6, pushes_a_month=10**6)
    rules.card_seconds = PATIENT
    return world_of(roster, clock=Clock(at), rules=rules)


@asynccontextmanager
async def dingtalk_hands(world: World) -> AsyncIterator[DingTalkHands]:
    """The world served on this machine."""
    async with serving(world):
        yield DingTalkHands(world)


class DingTalkHands:
    """``hands.Hands`` for DingTalk. A card that was changed meanwhile is tapped as a client that is behind does;
    ``unanswered`` counts taps of which the phone said that they failed."""

    name = "dingtalk"

    def __init__(self, world: World) -> None:
        self.world = world
        self.unanswered = 0

    @property
    def settings(self) -> Mapping[str, Any]:
        """As an operator sets them."""
        own = {
            name.removeprefix("JIXIAO_").lower(): v for name, v in dingtalk_settings(self.world.base).items()
        }
        return {
            **own,
            "dingtalk_qps": 60,
            "dingtalk_person_minute": 10**6,
            "dingtalk_monthly_calls": 10**6,
            "dingtalk_monthly_pushes": 10**6,
        }

    @property
    def complaints(self) -> Sequence[str]:
        """What the vendor's documents do not know."""
        return self.world.complaints

    def set_clock(self, at: datetime) -> None:
        """The vendor's time is the rehearsal's."""
        self.world.clock.set(at)

    def has_account(self, user: str, has: bool) -> None:
        """Whether the organisation has that person."""
        self.world.directory.people[user].active = has

    async def connected(self) -> None:
        """A connection takes pushes."""
        await self.world.gateway.until_live()

    async def gone(self) -> None:
        """No connection takes pushes."""
        await self.world.gateway.until_gone()

    # -- doing -------------------------------------------------------------------------------------

    async def do(self, payload: Mapping[str, Any], seen: Seen | None, *, place: str, times: int) -> bool:
        """See :class:`rehearsal.live.hands.Hands`."""
        phone = Phone(self.world, payload["user"])
        push = await self._pushed(phone, payload, seen, place)
        if push.frame.topic == CARD_TOPIC and (push.ack is None or push.ack.code != 200):
            self.unanswered += 1  # decided later than the two seconds: the tap was kept all the same
            return True
        for _ in range(times - 1):
            await self.world.gateway.repeat(push).done.wait()
        await push.done.wait()
        if push.ack is None or push.ack.code != 200:
            raise NotHere(f"没有应答：{push.ack}")
        return True

    async def read(self, user: str) -> None:
        """The robot's messages report themselves one by one."""
        for push in Phone(self.world, user).read():
            await push.done.wait()

    async def _pushed(self, phone: Phone, payload: Mapping[str, Any], seen: Seen | None, place: str) -> Push:
        if payload["type"] == "text":
            return phone.say(payload["text"])
        if payload["type"] == "upload":
            return _sent(phone, payload["kind"], payload["name"])
        if payload["type"] == "join":
            raise NotHere("钉钉不告诉机器人有人第一次打开对话")
        if seen is None:
            raise NotHere("手机上没有这张卡")
        outcome = await self._tapped(phone, payload, seen, place)
        if outcome.push is None:
            raise NotHere(f"点了没有反应：{outcome.toast}")
        return outcome.push

    async def _tapped(self, phone: Phone, payload: Mapping[str, Any], seen: Seen, place: str) -> Outcome:
        if seen.user != payload["user"]:
            self.world.rules.forward_anyway = True
            place = Phone(self.world, seen.user).forward(place, payload["user"])
        if self._token(place) != seen.token:
            return await phone.tap_again(place, payload["action"], {"token": seen.token})
        if payload["type"] == "fill":
            typed = _typed(seen.card, payload["answers"])
            offered = _offered(seen.card, typed)
            return await (phone.submit if offered else phone.submit_anyhow)(place, typed)
        return await phone.tap(place, _label(seen.card, payload["action"]))

    def _token(self, place: str) -> str:
        message = self.world.chats.find(place)
        return _token(self.world, message) if message else ""

    # -- looking -----------------------------------------------------------------------------------

    def on_phones(self) -> list[OnPhone]:
        """Every message that is not somebody's own and was not passed on."""
        messages = self.world.chats.messages
        return [self._on_phone(m) for m in messages if not m.mine and not m.forwarded]

    def _on_phone(self, message: Message) -> OnPhone:
        token = _token(self.world, message)
        drawn: Mapping[str, Any] = {"message": message.id}
        return OnPhone(message.owner, message.id, token, drawn, tuple(self._files(message)))

    def _files(self, message: Message) -> Iterator[str]:
        if message.kind == "sampleFile":
            yield str(message.body["fileName"])
        elif message.kind == "sampleImageMsg":
            stored = self.world.media.uploaded.get(str(message.body["photoURL"]))
            yield unquote(stored.name) if stored else ""  # a form writes other letters than English as %XX

    def lacks(self, card: Mapping[str, Any], on: Sequence[OnPhone]) -> list[str]:
        """See :class:`rehearsal.live.hands.Hands`."""
        elements = [each for one in on for each in self._elements(one)]
        return [
            *_missing_words(card, _lines(elements)),
            *_missing_fields(card, [f for e in elements if e["kind"] == "form" for f in e["fields"]]),
            *_wrong_buttons(card, elements),
        ]

    def _elements(self, on: OnPhone) -> list[Mapping[str, Any]]:
        """What one message draws on its phone; a message of words is one markdown element."""
        screen = Phone(self.world, on.user).screen()
        shown = next((m for m in screen if m["id"] == on.place), None)
        if shown is None:
            return []
        if "elements" in shown:
            return list(shown["elements"])
        body = shown["body"]
        words = "\n".join(str(body[key]) for key in ("title", "text", "content") if key in body)
        links = [{"kind": "button", "text": label} for label, _ in LINK.findall(words)]
        return [{"kind": "markdown", "text": LINK.sub("", words)}, *links]


def _sent(phone: Phone, kind: str, name: str) -> Push:
    if kind == "picture":
        return phone.send_picture(CONTENT)
    if kind == "voice":
        return phone.send_voice(1000, "")
    return phone.send_file(name, CONTENT) if kind == "file" else phone.send_sticker()


def _token(world: World, message: Message) -> str:
    """The card a message shows: the value our template sends back, or the word behind a link."""
    if message.card:
        return world.cards.known[message.card].public.get("token", "")
    for _, address in LINK.findall(str(message.body.get("text", ""))):
        found = choices.said(unquote(address.partition("content=")[2]))
        if found:
            return found[0]
    return ""


def _buttons(card: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [b for b in (card.get("submit"), *card.get("buttons", ())) if b]


def _label(card: Mapping[str, Any], action: str) -> str:
    return str(next(b["label"] for b in _buttons(card) if b["action"] == action))


def _typed(card: Mapping[str, Any], answers: Mapping[str, str]) -> dict[str, str]:
    """What the fingers change: the rest stands there already."""
    stands = {i["key"]: i.get("value", "") for i in card.get("inputs", ())}
    return {name_of(key): text for key, text in answers.items() if text != stands.get(key, "")}


def _offered(card: Mapping[str, Any], typed: Mapping[str, str]) -> bool:
    """Whether every choice is one that can be tapped; others only a client that was tampered with sends."""
    choices = {name_of(i["key"]): dict(i["options"]) for i in card.get("inputs", ()) if i.get("options")}
    asked = [(choices[name], text) for name, text in typed.items() if name in choices]
    return all(text in (*options, *options.values()) for options, text in asked)


# -- what is on the screen --------------------------------------------------------------------------


def _lines(elements: Iterable[Mapping[str, Any]]) -> list[str]:
    words = [e["text"] for e in elements if e["kind"] in ("header", "text", "markdown")]
    return [PLAIN_LINE.sub("", line).strip() for text in words for line in text.split("\n")]


def _missing_words(card: Mapping[str, Any], lines: Sequence[str]) -> Iterator[str]:
    """Title, lead, rows, text and note, each somewhere."""
    wanted = [card["title"], card.get("lead", ""), card.get("note", ""), *card.get("text", "").split("\n")]
    for words in filter(None, wanted):
        if not any(plain(words).strip() in line for line in lines):
            yield f"没有“{words}”"
    for row in card.get("rows", ()):
        parts = [plain(row["label"]), plain(row["value"]), row.get("mark", "")]
        if not any(all(part in line for part in parts) for line in lines):
            yield f"没有这一行 {row['label']} {row['value']}"


def _missing_fields(card: Mapping[str, Any], fields: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Every question with its label, its hints, what is known, what is wrong, and nothing else."""
    shown = {field["name"]: field for field in fields}
    for each in card.get("inputs", ()):
        field = shown.pop(name_of(each["key"]), None)
        if field is None:
            yield f"没有要填的 {each['label']}"
            continue
        about = f"{field.get('label', '')} {field.get('placeholder', '')}"
        words = (each["label"], each.get("hint", ""), each.get("last", ""), each.get("problem", ""))
        if not all(word in about for word in words):
            yield f"{each['label']} 写成了 {about}"
        default = field.get("defaultValue", "")
        stands = default["value"] if isinstance(default, Mapping) else default
        if stands != each.get("value", ""):
            yield f"{each['label']} 已填的是“{stands}”"
    for name in shown:
        yield f"多了要填的 {name}"


def _wrong_buttons(card: Mapping[str, Any], elements: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    shown = Counter(e["text"] for e in elements if e["kind"] == "button")
    shown.update(e["submit"] for e in elements if e["kind"] == "form")
    wanted = Counter(b["label"] for b in _buttons(card))
    yield from (f"没有按钮 {label}" for label in wanted - shown)
    yield from (f"多了按钮 {label}" for label in shown - wanted)
