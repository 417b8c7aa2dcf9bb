"""OAuth: a page of the app learns who opened it, by a code that is good once for five minutes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from sandbox.wecom.errors import Refusal
from sandbox.wecom.world import Token, World

CODE_MINUTES = 5
STATE = re.compile(r"[a-zA-Z0-9]{0,128}")
SCOPES = ("snsapi_base", "snsapi_privateinfo")


def authorize(world: World, query: Mapping[str, str], userid: str) -> str:
    """Where the member's browser is sent: the redirect_uri with code and state."""
    if query.get("appid") != world.corp.corp_id:
        raise Refusal(40013)
    if query.get("response_type") != "code" or query.get("scope") not in SCOPES:
        raise Refusal(40058, "response_type or scope")
    if not STATE.fullmatch(query.get("state", "")):
        raise Refusal(40058, "state")
    target = query.get("redirect_uri", "")
    if urlsplit(target).scheme not in ("http", "https"):
        raise Refusal(50001, "redirect_uri")
    joint = "&" if urlsplit(target).query else "?"
    return f"{target}{joint}{urlencode({'code': new_code(world, userid), 'state': query.get('state', '')})}"


def new_code(world: World, userid: str) -> str:
    """A code for this member."""
    code = secrets.token_urlsafe(32)
    world.logins[code] = (userid, world.now() + timedelta(minutes=CODE_MINUTES))
    return code


def get_user_info(world: World, _token: Token, query: Mapping[str, str]) -> dict[str, Any]:
    """The answer to auth/getuserinfo; an outsider has an openid only."""
    userid, until = world.logins.pop(query.get("code", ""), ("", world.now()))
    if not userid or until < world.now():
        raise Refusal(40029)
    member = world.corp.member(userid)
    who = {"userid": member.userid} if member else {"openid": f"o{userid}"}
    return {"errcode": 0, "errmsg": "ok", **who}
