"""A group's 消息推送: a plain text to the group whose address was set; the address is the whole secret."""

from __future__ import annotations

import json

import aiohttp

from platforms.common.shorten import pieces
from platforms.wecom.capabilities import LIMITS
from platforms.wecom.client import _code, _parsed
from platforms.wecom.failures import WecomError
from platforms.wecom.layout import safe

ENDPOINT = "webhook/send"
SECONDS = 10


async def post(address: str, text: str) -> int:
    """Send a text; how many messages it took. Raises WecomError, which does not hold the address."""
    messages = pieces(safe(text.split("\n")), LIMITS.text)
    try:
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        async with aiohttp.ClientSession(timeout=timeout, trust_env=True) as session:
            for message in messages:
                said = {"msgtype": "text", "text": {"content": message}}
                body = json.dumps(said, ensure_ascii=False).encode()  # escaped text is refused
                async with session.post(address, data=body, allow_redirects=False) as response:
                    code = _code(_parsed(ENDPOINT, await response.content.read()))
                if code:
                    raise WecomError(ENDPOINT, code)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise WecomError(ENDPOINT, 0, type(error).__name__) from None
    return len(messages)
