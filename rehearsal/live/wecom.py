"""The local 企业微信 as hands and eyes of a rehearsal: the application's chat or the bot's, and what phones draw."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.cards.card import InputKind
from platforms.simulator.phones import Seen
from rehearsal.live.drawn import Drawn, DrawnScreens
from rehearsal.live.hands import NotHere, OnPhone
from rehearsal.live.stage import LiveStage
from rehearsal.local import wecom_settings
from rehearsal.stops import next_stop, whole_minute
from sandbox.wecom import drawing
from sandbox.wecom.box import Box
from sandbox.wecom.hands import buttons
from sandbox.wecom.phones import Change, Item

#: what somebody needs for a line; also keeps a minute below what the platform drops.
SECONDS_A_LINE = timedelta(seconds=15)
#: status of a member.
ACTIVE, LEFT = 1, 5
SPREAD = timedelta(minutes=7)
CONTENTS = {"picture": b"\x89PNG\r\n\x1a\n....", "voice": b"#!AMR.....", "file": b"PK\x03\x04...."}
ENDINGS = {"picture": ".jpg", "voice": ".amr", "file": ""}
GLANCE = 0.01


class WecomHands:
    """``hands.Hands`` for 企业微信; subclasses say whether people talk to the application or to the bot."""

    name = "wecom"

    def __init__(self, box: Box) -> None:
        self.box = box
        self._seen = len(box.world.phones.changes)
        self._met: set[str] = set()

    @property
    @abstractmethod
    def settings(self) -> Mapping[str, Any]:
        """As an operator sets them."""

    @property
    def complaints(self) -> Sequence[str]:
        """What the vendor's documents do not know: refused as malformed, or complained of."""
        world = self.box.world
        return [*world.complaints, *(f"{c.path}: {c.detail}" for c in world.refused() if c.code in MALFORMED)]

    def set_clock(self, at: datetime) -> None:
        """The vendor's time is the rehearsal's."""
        self.box.world.clock.set(at)

    def has_account(self, user: str, has: bool) -> None:
        """The organisation stays as it is: only the roster's binding comes and goes."""

    def listens_at(self, port: int) -> None:
        """The application takes callbacks there."""

    @abstractmethod
    async def connected(self) -> None:
        """What people do arrives."""

    @abstractmethod
    async def gone(self) -> None:
        """Nothing arrives any more."""

    # -- doing -------------------------------------------------------------------------------------

    async def do(self, payload: Mapping[str, Any], seen: Seen | None, *, place: str, times: int) -> bool:
        """See :class:`rehearsal.live.hands.Hands`."""
        self.box.world.switches.duplicate_callbacks = times - 1
        act = {"text": self._text, "upload": self._upload, "join": self._join}.get(str(payload["type"]))
        if act:
            return await act(payload)
        if seen is None:
            raise NotHere("手机上没有这张卡")
        typed = _typed(payload, seen)
        return await self.say(payload["user"], typed) if typed else await self._tap(payload, seen, place)

    async def _text(self, payload: Mapping[str, Any]) -> bool:
        return await self.say(payload["user"], payload["text"])

    async def _upload(self, payload: Mapping[str, Any]) -> bool:
        kind, name = payload["kind"], payload["name"]
        if kind not in CONTENTS:
            raise NotHere(f"企业微信不把{kind}交给程序")
        return await self.send(payload["user"], kind, name or f"1{ENDINGS[kind]}", CONTENTS[kind])

    async def _join(self, payload: Mapping[str, Any]) -> bool:
        first = payload["user"] not in self._met
        self._met.add(payload["user"])
        return await self.enter(payload["user"]) and first

    async def _tap(self, payload: Mapping[str, Any], seen: Seen, place: str) -> bool:
        """A button that is on the phone, or was until lately; what fits no card is typed instead."""
        key = f"{seen.token}.{payload['action']}"
        item = self.box.world.phones.item(int(place)) if place else None
        if item is not None and seen.user != payload["user"]:
            return await self.forged(payload["user"], key, item)
        shown = _state_with(key, item, self.box.world.phones.changes)
        if shown is None:
            return await self.say(payload["user"], _label(seen, payload["action"]))
        now = key in buttons(shown.body) and shown == item and not shown.dead
        return await (self.tap(shown.seq, key) if now else self.tap_behind(shown, key))

    @abstractmethod
    async def say(self, user: str, text: str) -> bool:
        """Type and send."""

    @abstractmethod
    async def send(self, user: str, kind: str, name: str, content: bytes) -> bool:
        """Send a picture, a voice message or a file."""

    @abstractmethod
    async def enter(self, user: str) -> bool:
        """Open the chat."""

    @abstractmethod
    async def tap(self, seq: int, key: str) -> bool:
        """Tap what stands there."""

    @abstractmethod
    async def tap_behind(self, item: Item, key: str) -> bool:
        """Tap on a phone that has not heard of the card's change."""

    @abstractmethod
    async def forged(self, user: str, key: str, item: Item) -> bool:
        """A tap in the name of one person on the card of another; no honest client sends it."""

    async def read(self, user: str) -> None:
        """企业微信 tells nobody what was read."""

    # -- looking -----------------------------------------------------------------------------------

    def on_phones(self) -> Sequence[OnPhone]:
        """Not asked: these phones draw."""
        return ()

    def lacks(self, card: Mapping[str, Any], on: Sequence[OnPhone]) -> list[str]:
        """Not asked: these phones draw."""
        return []

    def fresh(self) -> Sequence[Drawn]:
        """What came or changed, a card that changed several times as it looks at last; not that a button went grey,
        which comes before or after what follows from it."""
        changes = [c for c in self.box.world.phones.since(self._seen) if not c.item.mine]
        self._seen = len(self.box.world.phones.changes)
        last = {c.item.seq: c for c in changes if c.what == "new" or not _only_grey(c)}
        came = {c.item.seq for c in changes if c.what == "new"}
        return [_drawn(change, new=seq in came) for seq, change in last.items()]


#: return codes for what no client that follows the documents sends.
MALFORMED = (40008, 40033, 40035, 40058, 40063, *range(42014, 42052), 44001, 44004, 45001, 45002, 846605)


class AppHands(WecomHands):
    """People talk to the self-built application."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """The application alone, with its callback."""
        return _plain(wecom_settings(self.box.base, bot=False))

    def listens_at(self, port: int) -> None:
        """The callback URL in the console."""
        self.box.hands.agent().url = f"http://127.0.0.1:{port}/callback/wecom"

    async def connected(self) -> None:
        """The callback URL verifies."""
        await _until(self._verified)

    async def _verified(self) -> bool:
        return not await self.box.pusher.verify(self.box.hands.agent())

    async def gone(self) -> None:
        """A killed process listens no more."""

    async def say(self, user: str, text: str) -> bool:
        """See above."""
        return _taken(await self.box.hands.say(user, text))

    async def send(self, user: str, kind: str, name: str, content: bytes) -> bool:
        """A file does not reach an application."""
        kind = "image" if kind == "picture" else kind
        outcome = await self.box.hands.send_file(user, name, content, kind)
        return kind != "file" and _taken(outcome)

    async def enter(self, user: str) -> bool:
        """See above."""
        return _taken(await self.box.hands.enter(user))

    async def tap(self, seq: int, key: str) -> bool:
        """See above."""
        return _taken(await self.box.hands.tap(seq, key))

    async def tap_behind(self, item: Item, key: str) -> bool:
        """The event of the card as it was."""
        return await self.forged(item.userid, key, item)

    async def forged(self, user: str, key: str, item: Item) -> bool:
        """See above."""
        return _taken(await self.box.hands.tap_as(user, key, item))


class BotHands(WecomHands):
    """People talk to the bot; the application only pushes, having no public address."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """Both, without the application's callback."""
        found = _plain(wecom_settings(self.box.base))
        return {k: v for k, v in found.items() if k not in ("wecom_token", "wecom_aes_key")}

    async def connected(self) -> None:
        """The bot subscribed."""
        await _until(self._online)

    async def _online(self) -> bool:
        return bool(self.box.gateway.lines)

    async def gone(self) -> None:
        """The platform noticed."""
        await _until(self._offline)

    async def _offline(self) -> bool:
        return not self.box.gateway.lines

    async def say(self, user: str, text: str) -> bool:
        """See above."""
        return _got(await self.box.bot_hands.say(user, text))

    async def send(self, user: str, kind: str, name: str, content: bytes) -> bool:
        """A voice message arrives as words."""
        if kind == "voice":
            return _got(await self.box.bot_hands.speak(user, "嗯"))
        kind = "image" if kind == "picture" else kind
        return _got(await self.box.bot_hands.send_file(user, name, content, kind))

    async def enter(self, user: str) -> bool:
        """Somebody who wrote before is no newcomer."""
        known = any(user == each for _, each in self.box.world.written)
        return await self.box.bot_hands.enter(user) and not known

    async def tap(self, seq: int, key: str) -> bool:
        """See above."""
        return _got(await self.box.bot_hands.tap(seq, key))

    async def tap_behind(self, item: Item, key: str) -> bool:
        """The event of the card as it was."""
        return await self.forged(item.userid, key, item)

    async def forged(self, user: str, key: str, item: Item) -> bool:
        """See above."""
        return _got(await self.box.bot_hands.tap_as(user, key, item))


class WecomStage(LiveStage):
    """A stage whose phones draw, and where every line takes its time."""

    def __init__(self, folder: Path, hands: WecomHands) -> None:
        super().__init__(folder, hands)
        self.box = hands.box
        self.phones = DrawnScreens(hands, self.store)
        hands.listens_at(self.port)

    async def set_clock(self, at: datetime) -> None:
        """See :class:`rehearsal.playable.Playable`. The application looks at its clock once a minute: what is planned
        in between happens together."""
        while (moment := self._next_stop()) and moment <= at:
            await self._be_at(moment)
        await self._be_at(at)
        await self._arrive()

    def _next_stop(self) -> datetime | None:
        return whole_minute(next_stop(self.store, self.law, self.now()))

    async def deliver(self, payload: dict[str, Any], *, times: int = 1) -> None:
        """See :class:`rehearsal.playable.Playable`."""
        self.write_clock(self.now() + SECONDS_A_LINE)
        await super().deliver(payload, times=times)
        await self._arrive()

    async def _be_at(self, moment: datetime) -> None:
        self._members()
        await super()._be_at(moment)

    def _members(self) -> None:
        """Who has no account any more has left the organisation, which the nightly look at it would say."""
        with self.store.read() as tx:
            people = tx.roster().people
        known = {user for person in people for name, user in person.identities if name == "wecom"}
        members = self.box.world.corp.members
        for user, member in members.items():
            members[user] = replace(member, status=ACTIVE if user in known else LEFT)

    async def _arrive(self) -> None:
        """On the hour and half past, messages are spread over the next minutes: people wait for theirs."""
        patience = self.now() + SPREAD
        while (moment := self._next_waiting()) and moment <= patience:
            await self._be_at(moment)

    def _next_waiting(self) -> datetime | None:
        with self.store.read() as tx:
            return whole_minute(tx.next_due())


# -- parts ------------------------------------------------------------------------------------------


def _typed(payload: Mapping[str, Any], seen: Seen) -> str:
    """A form filled in as the one line its reader would type: ``支出201.35 1=36 原因：招标晚``; '' for no change."""
    inputs = {each["key"]: each for each in seen.card.get("inputs", ())}
    given = [
        (inputs[key], text)
        for key, text in payload.get("answers", {}).items()
        if key in inputs and text != inputs[key].get("value", "")
    ]
    return " ".join(_answer(each, text) for each, text in given)


def _answer(question: Mapping[str, Any], text: str) -> str:
    """A number or a choice after ``=``, a choice by its words."""
    labels = dict(question.get("options", ()))
    sign = "=" if question["kind"] in (InputKind.NUMBER, InputKind.CHOICE) else "："
    return f"{question['short']}{sign}{labels.get(text, text)}"


def _label(seen: Seen, action: str) -> str:
    found = [b for b in (seen.card.get("submit"), *seen.card.get("buttons", ())) if b]
    return str(next(b["label"] for b in found if b["action"] == action))


def _state_with(key: str, item: Item | None, changes: Sequence[Change]) -> Item | None:
    """The card as it is, or as it last was when that button could be tapped."""
    if item is None:
        return None
    states = [change.item for change in changes if change.item.seq == item.seq]
    return next((state for state in reversed([*states, item]) if key in buttons(state.body)), None)


def _drawn(change: Change, *, new: bool) -> Drawn:
    """A card that changed is marked."""
    item = change.item
    card = item.body if item.kind == "template_card" else {}
    title = str(card.get("main_title", {}).get("title", ""))
    first, *rest = drawing.lines(item)
    lines = (first if new else f"↻ {first}", *rest)
    keys = () if item.dead else tuple(buttons(card))
    return Drawn(item.userid, str(item.seq), lines, keys, title if _begins(card) else "")


def _only_grey(change: Change) -> bool:
    return bool(change.item.dead) and "replace_text" not in change.item.body


def _begins(card: Mapping[str, Any]) -> bool:
    """A card of choices goes along with the card it belongs to."""
    return card.get("card_type") in ("button_interaction", "text_notice")


def _plain(settings: Mapping[str, str]) -> dict[str, Any]:
    return {name.removeprefix("JIXIAO_").lower(): value for name, value in settings.items()}


def _taken(outcome: Any) -> bool:
    if not outcome.taken:
        raise NotHere(f"回调没有被收下：HTTP {outcome.status}")
    return True


def _got(taken: bool) -> bool:
    if not taken:
        raise NotHere("机器人没有连着")
    return True


async def _until(happened: Callable[[], Awaitable[bool]]) -> None:
    while not await happened():
        await asyncio.sleep(GLANCE)
