"""Files: what an app uploaded, and what people sent and an app may fetch once with a code that expires."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from sandbox.clock import Clock
from sandbox.dingtalk.refusals import Refused
from sandbox.dingtalk.rules import Rules

TYPES = {
    "image": ("jpg", "jpeg", "gif", "png", "bmp"),
    "voice": ("amr", "mp3", "wav"),
    "video": ("mp4",),
    "file": ("doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "pdf", "rar"),
}


@dataclass(frozen=True, slots=True)
class Stored:
    """One file; ``kind`` as it was uploaded."""

    name: str
    kind: str
    content: bytes
    at: datetime


class Media:
    """``uploaded`` by media_id; what people sent by downloadCode."""

    def __init__(self, clock: Clock, rules: Rules) -> None:
        self.clock = clock
        self.rules = rules
        self.uploaded: dict[str, Stored] = {}
        self._sent: dict[str, tuple[str, Stored]] = {}
        self._urls: dict[str, tuple[Stored, datetime]] = {}

    def upload(self, kind: str, name: str, content: bytes) -> str:
        """A media_id that never expires. Raises Refused for a kind, type or size the platform does not take."""
        if kind not in TYPES:
            raise Refused(200, "40004", "不合法的媒体文件类型", errcode=40004)
        if PurePosixPath(name).suffix.lower().removeprefix(".") not in TYPES[kind]:
            raise Refused(200, "40005", "不合法的文件类型", errcode=40005)
        limit = self.rules.voice_bytes if kind == "voice" else self.rules.image_bytes
        if not content or len(content) > limit:
            raise Refused(200, "40009", "不合法的媒体文件大小", errcode=40009)
        media_id = f"@lAL{secrets.token_urlsafe(18)}"
        self.uploaded[media_id] = Stored(name, kind, content, self.clock.now())
        return media_id

    def sent(self, robot_code: str, name: str, kind: str, content: bytes) -> str:
        """A downloadCode for something a person sent to that robot."""
        code = secrets.token_urlsafe(24)
        self._sent[code] = (robot_code, Stored(name, kind, content, self.clock.now()))
        return code

    def link(self, base: str, robot_code: str, code: str) -> str:
        """A temporary URL for a downloadCode. Raises Refused for a wrong robot, a wrong or an old code."""
        owner, stored = self._sent.get(code, ("", None))
        life = timedelta(seconds=self.rules.code_seconds)
        if stored is None or stored.at + life < self.clock.now():
            raise Refused(400, "invalidParameter.robotCode.downloadCode", "downloadCode错误或过期")
        if owner != robot_code:
            raise Refused(400, "invalidParameter.robotCode.auth", "robotCode没有权限")
        key = secrets.token_urlsafe(16)
        until = self.clock.now() + timedelta(seconds=self.rules.url_seconds)
        self._urls[key] = (stored, until)
        return f"{base}/files/{key}.file?Expires={int(until.timestamp())}"

    def fetch(self, key: str) -> bytes | None:
        """What a temporary URL gives; None once it has expired."""
        stored, until = self._urls.get(key.removesuffix(".file"), (None, self.clock.now()))
        return stored.content if stored and until > self.clock.now() else None
