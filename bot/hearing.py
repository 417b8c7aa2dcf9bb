"""A delivery of the past read again: who said a figure, when, on which platform, in which words or cell."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.events import Event, Filled, Sheet, Tapped, Text, Uploaded
from regulation.disclosure import without_numbers
from regulation.roster import Person

PLATFORMS = {"dingtalk": "钉钉", "wecom": "企业微信", "simulator": "模拟器"}
Read = Callable[[str, Mapping[str, Any], datetime], Event]


@dataclass(frozen=True, slots=True)
class Heard:
    """One delivery. ``kind`` says how it was said (发消息、在卡片上填、发表格); ``words`` are the message's own,
    for a page or a workbook by key in ``answers``; ``cells`` names the workbook's cells by key (``F12``). Phone numbers
    and the like are taken out of every word."""

    platform: str
    at: datetime
    person: Person | None
    kind: str
    words: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)


class Deliveries(Protocol):
    """What is asked of storage."""

    def delivery(self, source: str, key: str) -> tuple[str, datetime] | None: ...
    def person_by_identity(self, platform: str, user_id: str) -> Person | None: ...


@dataclass(frozen=True, slots=True)
class Hearing:
    """How each platform's payloads are read; ``workbook`` reads what came as a file."""

    readers: Mapping[str, Read] = field(default_factory=dict)
    workbook: Callable[[bytes, str], Sheet] | None = None

    def of(self, records: Deliveries, message: str) -> Heard | None:
        """The delivery an entry names as its ``message`` (``wecom:app-1``); None when it is none, or not kept."""
        source, _, key = message.partition(":")
        reader, kept = self.readers.get(source), records.delivery(source, key)
        if reader is None or kept is None:
            return None
        event = reader(key, json.loads(kept[0]), kept[1])
        person = records.person_by_identity(source, event.who)
        return self._heard(PLATFORMS.get(source, source), kept[1], person, event)

    def _heard(self, platform: str, at: datetime, person: Person | None, event: Event) -> Heard:
        match event:
            case Text(text=text):
                return Heard(platform, at, person, "发消息", without_numbers(text))
            case Filled(answers=answers):
                return Heard(platform, at, person, "在卡片上填", answers=_clean(answers))
            case Tapped():
                return Heard(platform, at, person, "点卡片上的按钮")
            case Uploaded():
                return self._sheet(platform, at, person, event)
            case _:
                return Heard(platform, at, person, "")

    def _sheet(self, platform: str, at: datetime, person: Person | None, event: Uploaded) -> Heard:
        sheet = self.workbook(event.content, event.name) if self.workbook and event.content else Sheet()
        return Heard(
            platform,
            at,
            person,
            "发表格",
            without_numbers(event.name),
            _clean(dict(sheet.answers)),
            dict(sheet.cells),
        )


def _clean(answers: Mapping[str, str]) -> dict[str, str]:
    return {key: without_numbers(text) for key, text in answers.items()}


#: nothing that came in can be read again.
DEAF = Hearing()
