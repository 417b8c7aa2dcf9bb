"""A bot's files: opened with a size and a checksum, sent in pieces in any order, closed for a media_id."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from sandbox.wecom import media
from sandbox.wecom.errors import Refusal
from sandbox.wecom.schema import Shape, number, octets, one_of, text
from sandbox.wecom.windows import HOUR, MINUTE
from sandbox.wecom.world import World

LIMITS = ((MINUTE, 30), (HOUR, 1000))
CHUNKS = 100
CHUNK_BYTES = 512 * 1024
OPEN: Shape = {
    "type": one_of("file", "image", "voice", "video", code=40004),
    "filename": octets(256, need=True),
    "total_size": number(need=True),
    "total_chunks": number(need=True),
    "md5": text(32, least=32),
}
PIECE: Shape = {
    "upload_id": text(need=True),
    "chunk_index": number(need=True),
    "base64_data": text(need=True),
}
CLOSE: Shape = {"upload_id": text(need=True)}


@dataclass(slots=True)
class _Upload:
    bot_id: str
    about: dict[str, Any]
    pieces: dict[int, bytes] = field(default_factory=dict)


class Uploads:
    """The uploads under way."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._open: dict[str, _Upload] = {}

    def begin(self, bot_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """aibot_upload_media_init."""
        self.world.checker().check(body, OPEN)
        if "type" not in body:
            raise Refusal(40004, "type")
        if not 1 <= body["total_chunks"] <= CHUNKS:
            raise Refusal(40058, f"total_chunks {body['total_chunks']}")
        if not media.LEAST < body["total_size"] <= media.MOST[body["type"]]:
            raise Refusal(45001, f"total_size {body['total_size']}")
        if not self.world.windows.allows(f"upload:{bot_id}", self.world.now(), LIMITS):
            raise Refusal(45009, "uploads")
        upload_id = secrets.token_urlsafe(24)
        self._open[upload_id] = _Upload(bot_id, body)
        return {"upload_id": upload_id}

    def piece(self, bot_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """aibot_upload_media_chunk; the same piece again is no error."""
        self.world.checker().check(body, PIECE)
        upload = self._of(bot_id, body)
        if not 0 <= body["chunk_index"] < upload.about["total_chunks"]:
            raise Refusal(40058, f"chunk_index {body['chunk_index']}")
        try:
            content = base64.b64decode(body["base64_data"], validate=True)
        except (binascii.Error, ValueError):
            raise Refusal(40035, "base64_data") from None
        if len(content) > CHUNK_BYTES:
            raise Refusal(45001, f"chunk of {len(content)} bytes")
        upload.pieces[body["chunk_index"]] = content
        return {}

    def end(self, bot_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """aibot_upload_media_finish."""
        self.world.checker().check(body, CLOSE)
        upload = self._of(bot_id, body)
        about = upload.about
        if sorted(upload.pieces) != list(range(about["total_chunks"])):
            raise Refusal(40058, "chunks missing")
        content = b"".join(upload.pieces[n] for n in range(about["total_chunks"]))
        if len(content) != about["total_size"]:
            raise Refusal(40058, f"{len(content)} bytes, not {about['total_size']}")
        digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
        if about.get("md5", digest) != digest:
            raise Refusal(40058, "md5")
        del self._open[body["upload_id"]]
        kept = media.upload(self.world, about["type"], about["filename"], content, f"bot:{bot_id}")
        return {"type": kept["type"], "media_id": kept["media_id"], "created_at": kept["created_at"]}

    def _of(self, bot_id: str, body: dict[str, Any]) -> _Upload:
        upload = self._open.get(body["upload_id"])
        if upload is None or upload.bot_id != bot_id:
            raise Refusal(40058, "upload_id")
        return upload
