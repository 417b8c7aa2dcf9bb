"""Temporary files: upload, the three days they live, download."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from sandbox.wecom.errors import Refusal
from sandbox.wecom.world import Media, World

DAYS = 3
LEAST = 5
MEGA = 1024 * 1024
MOST = {"image": 10 * MEGA, "voice": 2 * MEGA, "video": 10 * MEGA, "file": 20 * MEGA}
ENDINGS = {"image": (".jpg", ".jpeg", ".png"), "voice": (".amr",), "video": (".mp4",), "file": ("",)}
STARTS = {"image": (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"), "voice": (b"#!AMR",)}


def upload(world: World, kind: str, name: str, content: bytes, owner: str = "") -> dict[str, Any]:
    """The answer to media/upload; ``created_at`` is a text."""
    check_file(kind, name, content)
    media_id = "3" + secrets.token_urlsafe(48)
    world.media[media_id] = Media(media_id, kind, name, content, world.now(), owner)
    created = str(world.seconds())
    return {"errcode": 0, "errmsg": "", "type": kind, "media_id": media_id, "created_at": created}


def check_file(kind: str, name: str, content: bytes) -> None:
    """Raises Refusal unless size and type are what this kind allows."""
    if kind not in MOST:
        raise Refusal(40004, kind)
    if not name:
        raise Refusal(44001, "no filename")
    if len(content) <= LEAST:
        raise Refusal(44001, f"{len(content)} bytes")
    if len(content) > MOST[kind]:
        raise Refusal(45001, f"{len(content)} bytes, at most {MOST[kind]}")
    if not name.lower().endswith(ENDINGS[kind]):
        raise Refusal(40004, f"{name} as {kind}")
    if kind in STARTS and not content.startswith(STARTS[kind]):
        raise Refusal(40004, f"content is not {kind}")


def known(world: World, media_id: str, owner: str = "") -> Media:
    """The file behind an id; Refusal when there is none, it is somebody else's, or it is too old."""
    found = world.media.get(media_id)
    if found is None or found.owner != owner:
        raise Refusal(40007)
    if world.now() - found.at > timedelta(days=DAYS):
        raise Refusal(40145)
    return found
