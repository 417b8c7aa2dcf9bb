"""Every interface of DingTalk we call, by the address it has; paced, counted, and asked again where that is safe."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog

from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.metering import Meter
from platforms.dingtalk.pacing import Pace
from platforms.dingtalk.refusals import Meaning, Refused
from platforms.dingtalk.tokens import Tokens
from platforms.dingtalk.wire import Wire

log = structlog.get_logger(__name__)

CREATE_AND_DELIVER = "/v1.0/card/instances/createAndDeliver"
UPDATE_CARD = "/v1.0/card/instances"
BATCH_SEND = "/v1.0/robot/oToMessages/batchSend"
READ_STATUS = "/v1.0/robot/oToMessages/readStatus"
BATCH_RECALL = "/v1.0/robot/otoMessages/batchRecall"
GROUP_SEND = "/v1.0/robot/groupMessages/send"
GROUP_READ = "/v1.0/robot/groupMessages/query"
GROUP_RECALL = "/v1.0/robot/groupMessages/recall"
FILE = "/v1.0/robot/messageFiles/download"
UPLOAD = "/media/upload"
NOTICE = "/topapi/message/corpconversation/asyncsend_v2"
NOTICE_RESULT = "/topapi/message/corpconversation/getsendresult"
NOTICE_RECALL = "/topapi/message/corpconversation/recall"
SUB_DEPARTMENTS = "/topapi/v2/department/listsub"
DEPARTMENT_USERS = "/topapi/v2/user/list"
USER = "/topapi/v2/user/get"
#: not counted against the month: the directory, and what logs in.
FREE = ("/topapi/v2/", "/topapi/user/")
#: a refusal that pauses no longer than this is waited out here, once or twice, instead of by the outbox.
SHORT, TRIES = 2, 3


class OpenApi:
    """The two hosts. Everything raises Refused; a call that may have been carried out is never repeated here."""

    def __init__(self, own: Configuration, wire: Wire, tokens: Tokens, pace: Pace, meter: Meter) -> None:
        self._own, self._wire, self._tokens, self._pace, self._meter = own, wire, tokens, pace, meter

    async def login(self) -> None:
        """Make sure that there is a token."""
        await self._tokens.get()

    async def api(self, method: str, path: str, **given: Any) -> Mapping[str, Any]:
        """A new interface: the token in a header."""

        async def once(token: str) -> Mapping[str, Any]:
            headers = {"x-acs-dingtalk-access-token": token, "Accept": "application/json"}
            return await self._wire.json(method, self._own.api + path, headers=headers, **given)

        return await self._patiently(path, once)

    async def oapi(self, path: str, **given: Any) -> Mapping[str, Any]:
        """An older interface: the token in the address, a refusal inside HTTP 200."""

        async def once(token: str) -> Mapping[str, Any]:
            params = {"access_token": token, **given.get("params", {})}
            rest = {k: v() if callable(v) else v for k, v in given.items() if k != "params"}
            return await self._wire.json("POST", self._own.oapi + path, params=params, **rest)

        return await self._patiently(path, once)

    async def _patiently(self, path: str, once: Any) -> Mapping[str, Any]:
        """Short refusals are waited out, a token that is gone is renewed, once."""
        token, renewed = await self._tokens.get(), False
        for attempt in range(1, TRIES + 1):
            await self._pace.call(path)
            try:
                body: Mapping[str, Any] = await once(token)
            except Refused as refused:
                found = refused.refusal
                self._note(path, refused)
                if found.meaning is Meaning.TOKEN and not renewed:
                    token, renewed = await self._tokens.renew(token), True
                    continue
                if found.meaning is Meaning.LATER and found.pause <= SHORT and attempt < TRIES:
                    await asyncio.sleep(found.pause)
                    continue
                raise
            self._count(path)
            return body
        raise AssertionError("the last attempt returns or raises")

    def _note(self, path: str, refused: Refused) -> None:
        found = refused.refusal
        log.warning("dingtalk.refused", path=path, code=found.code, request=found.request_id)
        if found.meaning is Meaning.SPENT:
            self._meter.exhausted("calls")
        elif found.meaning in (Meaning.NEVER, Meaning.UNKNOWN, Meaning.EXISTS):
            self._count(path)

    def _count(self, path: str) -> None:
        if not path.startswith(FREE):
            self._meter.count("calls", path)
