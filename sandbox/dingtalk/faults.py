"""What can be made to go wrong with the next calls, by name, and what the caller meets."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.dingtalk.refusals import Refused, invalid_token, too_fast, used_up
from sandbox.dingtalk.world import Fault, World

PERMISSION = "Forbidden.AccessDenied.AccessTokenPermissionDenied"
#: answers of the platform instead of the API's own.
REFUSALS: Mapping[str, Refused] = {
    "busy": Refused(500, "system.busy", "系统繁忙", errcode=-1),
    "token": invalid_token(),
    "qps": too_fast(),
    "quota": used_up(),
    "permission": Refused(403, PERMISSION, "没有调用该接口的权限", errcode=60011),
    "whitelist": Refused(403, "Forbidden.AccessDenied.IpNotInWhiteList", "IP不在白名单", errcode=60020),
}
PUNISHED = {"status": 1111, "wait": 5, "source": "x5", "punish": "deny", "uuid": "0a1b2c3d"}
PAGE = "<!DOCTYPE html><html><head><title>405</title></head><body>您的访问被阻断</body></html>"
#: what is no answer of an API at all: a page (200 or 502), a ban, a cut line before or after the work, silence.
OTHERS = ("html", "html502", "punish", "cut", "cut_after", "hang")
KINDS = (*REFUSALS, *OTHERS)


def arm(world: World, api: str, kind: str, times: int = 1) -> None:
    """The next ``times`` calls of that API (``*`` any) meet that. Raises ValueError for an unknown kind."""
    if kind not in KINDS:
        raise ValueError(f"没有这种故障：{kind}；有 {'、'.join(KINDS)}")
    world.faults.append(Fault(api, kind, times))


def met(world: World, api: str) -> str:
    """The fault this call meets, '' for none; it is used up."""
    for fault in world.faults:
        if fault.api in ("*", api) and fault.times > 0:
            fault.times -= 1
            if not fault.times:
                world.faults.remove(fault)
            return fault.kind
    return ""
