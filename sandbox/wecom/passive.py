"""The encrypted answer to a callback: opened, checked, and done on the phone of whoever caused it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from sandbox.wecom import crypto, wire
from sandbox.wecom.cards import INTERACTIVE, check_card
from sandbox.wecom.corp import Agent
from sandbox.wecom.errors import Refusal
from sandbox.wecom.media import known
from sandbox.wecom.phones import Item
from sandbox.wecom.sending import TEXT_BYTES, cut
from sandbox.wecom.updating import apply
from sandbox.wecom.wire import WireError
from sandbox.wecom.world import World

#: events that take an answer; of template_card_event only a change of the card.
ANSWERED = ("subscribe", "enter_agent", "LOCATION", "click", "view", "view_miniprogram", "scancode_waitmsg")
CARD_EVENTS = ("template_card_event", "template_card_menu_event")
NOTHING = ("", "success")
HEAD = ("ToUserName", "FromUserName", "CreateTime", "MsgType")


def answer(world: World, agent: Agent, raw: bytes, pushed: dict[str, Any], tapped: Item | None) -> str:
    """Do what the answer says; its MsgType, '' for none. A wrong answer is a complaint and does nothing."""
    try:
        root = opened(world, agent, raw)
        if root is None:
            return ""
        return _do(world, agent, root, pushed, tapped)
    except (WireError, Refusal, crypto.EnvelopeError) as wrong:
        world.complaints.append(f"answer to a callback: {wrong}")
        return "refused"


def opened(world: World, agent: Agent, raw: bytes) -> Element | None:
    """The plaintext answer; None for the empty one."""
    body = raw.decode(errors="replace")
    if body.strip() in NOTHING:
        return None
    outer = wire.texts(wire.parse(body), "Encrypt", "MsgSignature", "TimeStamp", "Nonce")
    parts = (outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"], outer["Encrypt"])
    return wire.parse(crypto.open_signed(agent.token, agent.aes_key, world.corp.corp_id, parts))


def _do(world: World, agent: Agent, root: Element, pushed: dict[str, Any], tapped: Item | None) -> str:
    kind = root.findtext("MsgType") or ""
    _addressed(world, root, pushed)
    event = str(pushed.get("Event", ""))
    if event in CARD_EVENTS and kind in UPDATES:
        if event == "template_card_event" and not world.switches.apply_card_replies:
            return "ignored"
        change = UPDATES[kind](world, root)
        if tapped is not None:
            _applied(world, tapped, change)
        return kind
    if event == "template_card_event" or (event and event not in (*ANSWERED, *CARD_EVENTS)):
        raise WireError(f"{kind} is not an answer to {event}")
    if kind not in MESSAGES:
        raise WireError(f"no such MsgType: {kind}")
    _message(world, agent, kind, root, str(pushed["FromUserName"]))
    return kind


def _addressed(world: World, root: Element, pushed: dict[str, Any]) -> None:
    to, sender = root.findtext("ToUserName") or "", root.findtext("FromUserName")
    if to.lower() != str(pushed["FromUserName"]).lower() or sender != world.corp.corp_id:
        raise WireError(f"from {sender} to {to}")
    if not (root.findtext("CreateTime") or "").isdecimal():
        raise WireError("CreateTime")


def _applied(world: World, tapped: Item, change: dict[str, Any]) -> None:
    """On the phone of who tapped; somebody without the card has nothing to change."""
    if "button" in change and tapped.body.get("card_type") not in INTERACTIVE:
        raise Refusal(42031, "only interaction cards have a button to replace")
    apply(world, tapped, change)


def _button(_world: World, root: Element) -> dict[str, Any]:
    button = root.find("Button")
    if button is None:
        raise WireError("Button missing")
    name = wire.texts(button, "ReplaceName")["ReplaceName"]
    if not name:
        raise Refusal(42020)
    return {"button": {"replace_name": name}}


def _card(world: World, root: Element) -> dict[str, Any]:
    element = root.find("TemplateCard")
    if element is None:
        raise WireError("TemplateCard missing")
    card = wire.card_of(element)
    check_card(card, world.checker(), update=True)
    return {"template_card": card}


UPDATES: dict[str, Callable[[World, Element], dict[str, Any]]] = {
    "update_button": _button,
    "update_template_card": _card,
}


def _message(world: World, agent: Agent, kind: str, root: Element, userid: str) -> None:
    body = MESSAGES[kind](root)
    files: tuple[tuple[str, bytes], ...] = ()
    if "media_id" in body:
        media = known(world, body["media_id"])
        files = ((media.name, media.content),)
    world.phones.show(userid.lower(), world.now(), f"app:{agent.agentid}", kind, body, files=files)


def _text(root: Element) -> dict[str, Any]:
    content = wire.texts(root, *HEAD, "Content")["Content"]
    return {"content": cut(content, TEXT_BYTES)}


def _media(name: str) -> Callable[[Element], dict[str, Any]]:
    def body(root: Element) -> dict[str, Any]:
        found = root.find(name)
        if found is None:
            raise WireError(f"{name} missing")
        return {"media_id": found.findtext("MediaId") or ""}

    return body


def _news(root: Element) -> dict[str, Any]:
    items = root.findall("Articles/item")
    if str(len(items)) != root.findtext("ArticleCount"):
        raise WireError("ArticleCount")
    names = {"Title": "title", "Description": "description", "PicUrl": "picurl", "Url": "url"}
    return {"articles": [{names[c.tag]: c.text or "" for c in item} for item in items]}


MESSAGES: dict[str, Callable[[Element], dict[str, Any]]] = {
    "text": _text,
    "image": _media("Image"),
    "voice": _media("Voice"),
    "video": _media("Video"),
    "news": _news,
}
