"""message/send: who gets it, what is refused, what is silently not shown."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from sandbox.wecom.cards import callable_card, has_code
from sandbox.wecom.corp import Agent
from sandbox.wecom.errors import Refusal
from sandbox.wecom.media import known
from sandbox.wecom.messages import check_message
from sandbox.wecom.tokens import app_of
from sandbox.wecom.windows import HOUR, MINUTE
from sandbox.wecom.world import Sent, Token, World

MEMBER_LIMITS = ((MINUTE, 30), (HOUR, 1000))
MOST_USERS, MOST_GROUPS = 1000, 100
TEXT_BYTES = 2048
DUPLICATE_SECONDS = 1800
WITH_MEDIA = ("image", "voice", "file", "video")
Answer = dict[str, Any]


def send(world: World, token: Token, request: dict[str, Any]) -> Answer:
    """The answer to message/send."""
    agent = app_of(token)
    check_message(request, world.checker())
    if request["agentid"] != agent.agentid:
        raise Refusal(301002)
    mark = _mark(request)
    if again := _earlier(world, request, mark):
        return again
    kind = request["msgtype"]
    card = request[kind] if kind == "template_card" else None
    if kind in WITH_MEDIA:
        known(world, request[kind]["media_id"])
    _card(world, agent, card)
    users, invalid = _recipients(world, agent, request)
    _quota(world, agent, len(users))
    sent = _accept(world, agent, request, users, card)
    answer = _answer(sent, invalid, world.new_code(sent.msgid, agent.agentid) if has_code(card or {}) else "")
    world.answers[mark] = (world.now(), answer)
    return answer


def _mark(request: Answer) -> str:
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()


def _earlier(world: World, request: Answer, mark: str) -> Answer | None:
    """With the duplicate check on, the answer the same request got before, and nothing is shown again."""
    if not request.get("enable_duplicate_check") or mark not in world.answers:
        return None
    at, answer = world.answers[mark]
    span = timedelta(seconds=request.get("duplicate_check_interval", DUPLICATE_SECONDS))
    return answer if world.now() - at < span else None


def _card(world: World, agent: Agent, card: Answer | None) -> None:
    if card is None:
        return
    if callable_card(card) and not agent.url:
        raise Refusal(43012)
    if has_code(card) and (agent.agentid, card["task_id"]) in world.task_ids:
        raise Refusal(42014, f"used before: {card['task_id']}")


def _recipients(world: World, agent: Agent, request: Answer) -> tuple[list[str], dict[str, list[str]]]:
    """Lower-case ids that get it, and by kind those that cannot."""
    named = {name: _split(request.get(name, "")) for name in ("touser", "toparty", "totag")}
    if not any(named.values()):
        raise Refusal(82001)
    for name, most, code in (("touser", MOST_USERS, 40032), ("toparty", 100, 82002), ("totag", 100, 82003)):
        if len(named[name]) > most:
            raise Refusal(code, f"{len(named[name])}, at most {most}")
    scope = world.corp.scope(agent)
    if named["touser"] == ["@all"]:
        return scope, {}
    invalid: dict[str, list[str]] = {"invalidtag": named["totag"]}
    users = list(dict.fromkeys(u.lower() for u in named["touser"]))
    invalid["invaliduser"] = [u for u in users if u not in scope]
    good = [u for u in users if u in scope]
    for party in named["toparty"]:
        members = _party(world, party)
        good += [u for u in members if u in scope and u not in good]
        if not set(members) & set(scope):
            invalid.setdefault("invalidparty", []).append(party)
    invalid["unlicenseduser"] = [u for u in good if u in agent.unlicensed]
    good = [u for u in good if u not in agent.unlicensed]
    if not good and not invalid["unlicenseduser"]:
        raise Refusal(81013)
    return good, invalid


def _party(world: World, party: str) -> list[str]:
    if not party.isdecimal() or int(party) not in world.corp.departments:
        return []
    return [m.userid.lower() for m in world.corp.within(int(party), deep=True)]


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split("|") if name.strip()]


def _quota(world: World, agent: Agent, people: int) -> None:
    """The app's person-times of a day; over it the app is shut until the next day."""
    day = f"day:{agent.agentid}:{world.now():%Y%m%d}"
    used = world.windows.within(day, world.now(), timedelta(days=1))
    if used + people > world.corp.daily_quota():
        raise Refusal(45009, "person-times of the day")
    world.windows.hit(day, world.now(), people)


def _accept(world: World, agent: Agent, request: Answer, users: list[str], card: Answer | None) -> Sent:
    kind = request["msgtype"]
    sent = Sent(f"msg-{world.new_id()}", agent.agentid, world.now(), kind, tuple(users), card)
    world.sent[sent.msgid] = sent
    if sent.task_id:
        world.task_ids.add((agent.agentid, sent.task_id))
    dropped = world.switches.drop_messages > 0
    world.switches.drop_messages -= dropped
    for userid in users:
        allowed = world.windows.allows(f"member:{agent.agentid}:{userid}", world.now(), MEMBER_LIMITS)
        if dropped or not allowed:
            world.dropped.append((userid, sent.msgid))
        else:
            _show(world, sent, request[kind], userid)
    return sent


def _show(world: World, sent: Sent, body: Answer, userid: str) -> None:
    media = known(world, body["media_id"]) if sent.kind in WITH_MEDIA else None
    if sent.kind == "text":
        body = {**body, "content": cut(body["content"], TEXT_BYTES)}
    world.phones.show(
        userid,
        sent.at,
        f"app:{sent.agentid}",
        sent.kind,
        body,
        msgid=sent.msgid,
        task_id=sent.task_id,
        files=((media.name, media.content),) if media else (),
    )


def cut(content: str, most: int) -> str:
    """The first bytes of a text, whole characters only."""
    return content.encode()[:most].decode(errors="ignore")


def _answer(sent: Sent, invalid: dict[str, list[str]], code: str) -> Answer:
    answer: Answer = {"errcode": 0, "errmsg": "ok"}
    answer |= {name: "|".join(names) for name, names in invalid.items() if names}
    answer["msgid"] = sent.msgid
    return answer | ({"response_code": code} if code else {})
