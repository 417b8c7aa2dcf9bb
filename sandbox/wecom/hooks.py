"""A group's webhook: send-only, twenty a minute, its own files."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

from sandbox.wecom.errors import Refusal
from sandbox.wecom.media import check_file, known
from sandbox.wecom.messages import check_hook
from sandbox.wecom.windows import MINUTE
from sandbox.wecom.world import World

PER_MINUTE = 20
IMAGE_BYTES = 2 * 1024 * 1024


def send(world: World, key: str, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to webhook/send; the key is the only credential."""
    if key not in world.corp.hooks:
        raise Refusal(93000)
    if not world.windows.allows(f"hook:{key}", world.now(), ((MINUTE, PER_MINUTE),)):
        raise Refusal(45009)
    check_hook(request, world.checker())
    kind = request["msgtype"]
    if kind == "image":
        _image(request["image"])
    if kind in ("file", "voice"):
        known(world, request[kind]["media_id"], f"hook:{key}")
    world.groups.setdefault(key, []).append(request)
    return {"errcode": 0, "errmsg": "ok"}


def _image(body: dict[str, str]) -> None:
    try:
        content = base64.b64decode(body["base64"], validate=True)
    except (binascii.Error, ValueError):
        raise Refusal(40035, "image.base64") from None
    if len(content) > IMAGE_BYTES:
        raise Refusal(45001, f"{len(content)} bytes")
    check_file("image", "picture.png", content)
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != body["md5"]:
        raise Refusal(40058, "image.md5")
