"""What DingTalk's error codes mean for us: try later, never again, ask for a new token, or it may have arrived."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.ports import SendFailed


class Meaning(StrEnum):
    """What to do about a refusal."""

    LATER = "later"  # the call was not carried out; the same call again after a pause
    NEVER = "never"  # the same call will be refused again
    TOKEN = "token"  # the token is no longer good: a new one, then once more
    UNKNOWN = "unknown"  # it may have been carried out: only again under the same key
    EXISTS = "exists"  # it was carried out before
    SPENT = "spent"  # the month's calls are used up


#: codes of both dialects; a code that ends in * stands for all that begin so.
CODES: Mapping[str, tuple[Meaning, int]] = {
    "InvalidAuthentication": (Meaning.TOKEN, 0),
    "40014": (Meaning.TOKEN, 0),
    "42001": (Meaning.TOKEN, 0),
    "40001": (Meaning.TOKEN, 0),
    "invalidClientIdOrSecret": (Meaning.LATER, 300),  # nothing is lost while somebody mends the setting
    "authFailed": (Meaning.LATER, 300),
    "Forbidden.AccessDenied.ApiCountLimitForOrg": (Meaning.SPENT, 3600),
    "90020": (Meaning.SPENT, 3600),
    "Forbidden.AccessDenied.Qps*": (Meaning.LATER, 2),
    "Forbidden.AccessDenied.Qpm*": (Meaning.LATER, 60),
    "90018": (Meaning.LATER, 2),
    "90002": (Meaning.LATER, 2),
    "88": (Meaning.LATER, 5),
    "1111": (Meaning.LATER, 300),
    "143103": (Meaning.LATER, 60),
    "143104": (Meaning.LATER, 60),
    "143105": (Meaning.LATER, 3600),
    "send.too.fast": (Meaning.LATER, 30),
    "too.many.people": (Meaning.LATER, 60),
    "flowControlled": (Meaning.LATER, 60),
    "system.busy": (Meaning.UNKNOWN, 10),
    "system.error": (Meaning.UNKNOWN, 10),
    "ServiceUnavailable": (Meaning.UNKNOWN, 10),
    "-1": (Meaning.UNKNOWN, 10),
    "param.cardAlreadyExist": (Meaning.EXISTS, 0),
}
#: the application is not who it says: wrong Client ID or Client Secret. Asked rarely, as it gets no better by asking.
WRONG_SECRET = frozenset(("invalidClientIdOrSecret", "authFailed"))
WRONG_SECRET_SECONDS = 300
WRONG_SECRET_SAID = (
    "钉钉不认这个应用：Client ID 或 Client Secret 不对，消息收不到也发不出。到开发者后台“凭证与基础信息”核对，"
    "改 JIXIAO_DINGTALK_CLIENT_ID、JIXIAO_DINGTALK_CLIENT_SECRET，再重启"
)
#: our own codes, for what is no answer of DingTalk at all.
UNREACHABLE, NO_ANSWER, NOT_JSON = "unreachable", "no answer", "not JSON"
_CODE = re.compile(r"[\w.\-]{1,100}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call that did not end well: the code (never the words, which may quote us), the answer's own number."""

    code: str
    meaning: Meaning
    pause: int = 0
    request_id: str = ""
    scopes: tuple[str, ...] = ()  # the permissions that are missing

    def failed(self) -> SendFailed:
        """As the shell wants it. A whole call that can be made later was refused to everybody: nobody's message is to
        be given up for that (T20); what is refused to one person alone stands inside of an answer."""
        later = self.meaning not in (Meaning.NEVER, Meaning.EXISTS)
        return SendFailed(self.code, retryable=later, pause_seconds=self.pause, outage=later)


class Refused(Exception):
    """A call that did not end well. The text is the code alone."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def meaning_of(code: str, status: int = 200) -> tuple[Meaning, int]:
    """What a code asks for, and how many seconds to wait."""
    found = CODES.get(code) or next(
        (m for c, m in CODES.items() if c[-1] == "*" and code.startswith(c[:-1])), None
    )
    if found:
        return found
    if status == 429:
        return Meaning.LATER, 5
    return (Meaning.UNKNOWN, 10) if status >= 500 else (Meaning.NEVER, 0)


def refusal_in(status: int, body: object) -> Refusal | None:
    """The refusal in an answer of either dialect; None when the call was carried out."""
    if not isinstance(body, Mapping):
        return Refusal(NOT_JSON, Meaning.UNKNOWN if status >= 500 else Meaning.LATER, 30)
    code = _code(status, body)
    if code is None:
        return None
    meaning, pause = meaning_of(code, status)
    request_id = body.get("requestid") or body.get("request_id") or ""
    return Refusal(code, meaning, pause, _clean(request_id), _scopes(body))


def _code(status: int, body: Mapping[str, Any]) -> str | None:
    if "punish" in body:
        return "1111"
    number = body.get("errcode", 0)
    if number not in (0, "0"):
        return _clean(body.get("sub_code") if number == 88 and body.get("sub_code") else number)
    if status >= 400:
        return _clean(body.get("code") or f"http.{status}")
    return None


def _scopes(body: Mapping[str, Any]) -> tuple[str, ...]:
    detail = body.get("accessdenieddetail")
    scopes = detail.get("requiredScopes") if isinstance(detail, Mapping) else None
    return tuple(map(_clean, scopes)) if isinstance(scopes, list) else ()


def _clean(value: object) -> str:
    """A code is letters, digits and dots; anything else that came in its place is not repeated."""
    found = str(value)
    return found if _CODE.fullmatch(found) else "unnamed"
