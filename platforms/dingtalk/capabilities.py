"""What DingTalk can draw, and how long each part of a message may be; every number names where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

#: With a card template; without one (``PLAIN``) a form becomes questions to answer in one line, and buttons links.
CAN = frozenset({"text", "card", "button", "form", "picture", "file", "replace"})
PLAIN = frozenset({"text", "button", "picture", "file"})

#: What a robot may send as ``sampleFile``.
FILE_TYPES = frozenset({"xlsx", "pdf", "zip", "rar", "doc", "docx"})


@dataclass(frozen=True, slots=True)
class Limits:
    """Greatest sizes. ``*_bytes`` are UTF-8 bytes; an operator may set ``value_bytes`` after a try on the tenant."""

    #: one value of cardParamMap: the documents say 1 KB, the official form sample sends 3,246 bytes.
    value_bytes: int = 3000
    key_bytes: int = 100
    track: int = 100  # outTrackId
    space: int = 1000  # openSpaceId
    buttons: int = 10  # more are drawn as links in a message of their own
    texts: int = 3  # our template's text parts
    markdown: int = 3000  # characters of one Markdown message before clients show it blank
    param_bytes: int = 15000  # msgParam
    summary: int = 200
    users: int = 20  # people in one batchSend
    notice_users: int = 100  # people in one 工作通知
    notice_bytes: int = 2048  # its msg
    recall_keys: int = 20
    group_readers: int = 200
    file_bytes: int = 20 * 1024 * 1024
    answer: int = 4000  # characters of one answer or line that comes in


LIMITS = Limits()
