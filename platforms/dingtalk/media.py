"""Files and pictures to DingTalk: each content is uploaded once and its media id kept."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import aiohttp

from bot.ports import SendFailed, Shelf
from platforms.dingtalk.capabilities import FILE_TYPES, LIMITS
from platforms.dingtalk.openapi import UPLOAD, OpenApi

KEPT = timedelta(days=90)
PICTURES = ("png", "jpg", "jpeg", "gif", "bmp")


class Media:
    """``upload`` gives the media id of a content."""

    def __init__(self, openapi: OpenApi, shelf: Shelf, clock: Callable[[], datetime]) -> None:
        self._openapi, self._shelf, self._clock = openapi, shelf, clock

    async def upload(self, kind: str, name: str, content: bytes) -> str:
        """``kind`` is image or file. SendFailed for what DingTalk would not take; Refused as of any call."""
        _check(kind, name, content)
        key = f"media:{kind}:{hashlib.sha256(content).hexdigest()}"
        kept = await asyncio.to_thread(self._shelf.get, key, self._clock())
        if kept:
            return kept

        def form() -> aiohttp.FormData:
            data = aiohttp.FormData({"type": kind})
            data.add_field("media", content, filename=name, content_type="application/octet-stream")
            return data

        body = await self._openapi.oapi(UPLOAD, params={"type": kind}, data=form)
        media_id = str(body["media_id"])
        await asyncio.to_thread(self._shelf.put, key, media_id, self._clock() + KEPT)
        return media_id


def _check(kind: str, name: str, content: bytes) -> None:
    ending = name.rpartition(".")[2].lower()
    if ending not in (PICTURES if kind == "image" else FILE_TYPES):
        raise SendFailed("file type", retryable=False)
    if not 0 < len(content) <= LIMITS.file_bytes:
        raise SendFailed("file size", retryable=False)
