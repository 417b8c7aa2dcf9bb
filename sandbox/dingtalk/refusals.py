"""How the platform says no: the new dialect (HTTP status and code) and the old one (HTTP 200 and errcode)."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A call is not done. ``errcode`` is what the old hosts say in its place."""

    def __init__(self, status: int, code: str, message: str = "", *, errcode: int = 400002) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message or code
        self.errcode = errcode


class Wrong(Refused):
    """A request the documents do not know: nobody should ever send it, so it is refused loudly and kept."""

    def __init__(self, why: str) -> None:
        super().__init__(400, "sandbox.undocumented", why)


def invalid_token() -> Refused:
    """The token is unknown, expired or of another app."""
    return Refused(400, "InvalidAuthentication", "不合法的access_token", errcode=40014)


def too_fast() -> Refused:
    """More than the app may call this API in a second."""
    return Refused(
        403,
        "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi",
        "您的服务器调用频率过高，触发了限流",
        errcode=90018,
    )


def used_up() -> Refused:
    """The month's calls are spent."""
    return Refused(403, "Forbidden.AccessDenied.ApiCountLimitForOrg", "企业接口调用量已达上限", errcode=90020)


def new_body(refused: Refused, request_id: str) -> dict[str, Any]:
    """The body of an answer of the new hosts."""
    return {"code": refused.code, "message": refused.message, "requestid": request_id}


def old_body(refused: Refused, request_id: str) -> dict[str, Any]:
    """The body of an answer of the old hosts."""
    return {"errcode": refused.errcode, "errmsg": refused.message, "request_id": request_id}
