"""The card platform's APIs: create, deliver, both at once, add a space, update."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.dingtalk import documented
from sandbox.dingtalk.calls import Api, Call
from sandbox.dingtalk.cards import MODELS, Card, parse_spaces
from sandbox.dingtalk.chats import GROUP, ROBOT, Message, Query
from sandbox.dingtalk.refusals import Refused, Wrong
from sandbox.dingtalk.templates import Template
from sandbox.dingtalk.world import World

WRITE = "Card.Instance.Write"


def create(call: Call) -> Mapping[str, Any]:
    """instances: a card nobody sees yet."""
    return {"success": True, "result": _create(call).id}


def create_and_deliver(call: Call) -> Mapping[str, Any]:
    """instances/createAndDeliver: made and shown; where that failed is inside the answer."""
    spaces = parse_spaces(call.body["openSpaceId"])
    card = _create(call)
    return {
        "success": True,
        "result": {"outTrackId": card.id, "deliverResults": _deliver(call, card, spaces)},
    }


def deliver(call: Call) -> Mapping[str, Any]:
    """instances/deliver: an existing card shown somewhere."""
    spaces = parse_spaces(call.body["openSpaceId"])
    return {"success": True, "result": _deliver(call, _own(call), spaces)}


def add_space(call: Call) -> Mapping[str, Any]:
    """instances/spaces: a space model given later."""
    card = _own(call)
    card.models.update({name: model for name, model in call.body.items() if name in MODELS.values()})
    return {"success": True, "result": True}


def update(call: Call) -> Mapping[str, Any]:
    """instances by PUT: new values, whole unless the options say by key."""
    card, body = _own(call), call.body
    public = (body.get("cardData") or {}).get("cardParamMap")
    private = _private(call, card.by_union)
    if not public and not private:
        raise Refused(400, "param.cardDataAndPrivateDataBothEmpty")
    check_values(call.world, _template(call.world, card.template, call), public or {}, private)
    card.update(body, private)
    return {"success": True, "result": True}


def _own(call: Call) -> Card:
    card = call.world.cards.get(call.body["outTrackId"])
    if card.app != call.client.client_id:
        raise Refused(400, "param.cardNotExist")
    return card


def _template(world: World, template_id: str, call: Call) -> Template:
    template = world.templates.known.get(template_id)
    if template is None or template.app not in ("", call.client.client_id):
        raise Refused(400, "param.templateNotExist")
    if not template.published:
        raise Refused(400, "param.templateUnpublished")
    return template


def _create(call: Call) -> Card:
    world, body = call.world, call.body
    template = _template(world, body["cardTemplateId"], call)
    by_union = body.get("userIdType", 1) == 2
    public, private = dict(body["cardData"].get("cardParamMap") or {}), _private(call, by_union)
    check_values(world, template, public, private)
    models = {name: body[name] for name in MODELS.values() if name in body}
    callback = body.get("callbackType", "")
    card = Card(
        body["outTrackId"], call.client.client_id, template.id, callback, by_union, public, private, models
    )
    world.cards.add(card)
    return card


def _private(call: Call, by_union: bool) -> dict[str, dict[str, str]]:
    """Private values by userId, whatever kind of id they came under. Raises Refused for nobody."""
    found = {}
    for name, params in (call.body.get("privateData") or {}).items():
        person = call.world.directory.by_union(name) if by_union else call.world.directory.people.get(name)
        if person is None:
            raise Refused(400, "param.userIdNotExist")
        found[person.user_id] = dict(params.get("cardParamMap") or {})
    return found


def check_values(
    world: World, template: Template, public: Mapping[str, str], private: Mapping[str, Mapping[str, str]]
) -> None:
    """Values fit the template and the size. Raises Wrong."""
    for params, own in ((public, False), *((each, True) for each in private.values())):
        if why := template.wrong(params, private=own):
            raise Wrong(f"cardParamMap.{why}")
        for name, value in params.items():
            size = len(value.encode("utf-8", "replace"))
            if size > world.rules.card_value_bytes:
                raise Wrong(f"cardParamMap.{name}: {size} bytes, at most {world.rules.card_value_bytes}")


def _deliver(call: Call, card: Card, spaces: list[tuple[str, str]]) -> list[dict[str, Any]]:
    if len(spaces) > call.world.rules.spaces_a_call:
        raise Wrong(f"openSpaceId: {len(spaces)} spaces, at most {call.world.rules.spaces_a_call}")
    return [_shown(call, card, kind, space) for kind, space in spaces]


def _shown(call: Call, card: Card, kind: str, space: str) -> dict[str, Any]:
    """One deliverResult. A failure is told in it and nowhere else."""
    result = {"spaceType": kind, "spaceId": space, "success": False, "carrierId": "", "errorMsg": ""}
    if MODELS[kind] not in card.models:
        return {**result, "errorMsg": f"{MODELS[kind]} is empty"}
    if MODELS[kind].replace("Space", "Deliver") not in call.body:
        return {**result, "errorMsg": "openDeliverModel is empty"}
    message = _message(call.world, card, kind, space)
    if message is None:
        return {**result, "errorMsg": "spaceId is illegal"}
    card.spaces.add((kind, space))
    world = call.world
    query = Query(message.query, message.at, card.app, [world.chats.put(message)], message.chat)
    world.chats.queries[query.key] = query
    return {**result, "success": True, "carrierId": query.key}


def _message(world: World, card: Card, kind: str, space: str) -> Message | None:
    ids = (world.fresh_id("msg"), world.clock.now())
    key = world.fresh_id("pqk+/")
    if kind == "IM_GROUP":
        known = space in world.chats.groups
        return Message(*ids, GROUP, space, "", "card", {}, card=card.id, query=key) if known else None
    person = world.directory.by_union(space) or world.directory.people.get(space)
    if kind != "IM_ROBOT" or person is None or world.directory.reach(person.user_id) is None or person.broken:
        return None
    user = person.user_id
    return Message(*ids, ROBOT, f"robot:{user}", user, "card", {}, card=card.id, query=key)


_PATH = "/v1.0/card/instances"
APIS = (
    Api("cardCreate", "POST", _PATH, documented.CREATE, create, permission=WRITE),
    Api("cardUpdate", "PUT", _PATH, documented.UPDATE, update, permission=WRITE),
    Api("cardDeliver", "POST", f"{_PATH}/deliver", documented.DELIVER, deliver, permission=WRITE),
    Api("cardSpaces", "PUT", f"{_PATH}/spaces", documented.SPACES, add_space, permission=WRITE),
    Api(
        "createAndDeliver",
        "POST",
        f"{_PATH}/createAndDeliver",
        documented.CREATE_AND_DELIVER,
        create_and_deliver,
        permission=WRITE,
    ),
)
