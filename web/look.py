"""How the page is looked at: whose phone, which skin, which switches; all of it in the address, nothing stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

SKINS = {"wecom": "企业微信", "dingtalk": "钉钉"}


@dataclass(frozen=True, slots=True)
class Look:
    """``acting``: the next tap is sent as this person. ``raw``: the message whose payload is shown."""

    user: str = ""
    skin: str = "dingtalk"
    big: bool = False
    dark: bool = False
    acting: str = ""
    raw: int = 0

    def query(self, **changes: Any) -> str:
        """This look, changed, as an address."""
        look = replace(self, **changes)
        pairs = (
            ("user", look.user),
            ("skin", look.skin),
            ("big", "1" if look.big else ""),
            ("dark", "1" if look.dark else ""),
            ("as", look.acting),
            ("raw", str(look.raw) if look.raw else ""),
        )
        return "/?" + urlencode([(name, value) for name, value in pairs if value])


def look_of(query: Mapping[str, str], users: tuple[str, ...]) -> Look:
    """The look an address asks for; what it asks wrongly is as if not asked."""
    user = query.get("user", "")
    acting = query.get("as", "")
    raw = query.get("raw", "")
    return Look(
        user=user if user in users else (users[0] if users else ""),
        skin=query.get("skin", "") if query.get("skin") in SKINS else "dingtalk",
        big=query.get("big") == "1",
        dark=query.get("dark") == "1",
        acting=acting if acting in users and acting != user else "",
        raw=int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else 0,
    )


def look_back(back: str, users: tuple[str, ...]) -> Look:
    """The look a posted form came from; a tap as somebody else happens once."""
    try:
        query = dict(parse_qsl(back.removeprefix("/?"), max_num_fields=20))
    except ValueError:
        query = {}
    return replace(look_of(query, users), acting="")
