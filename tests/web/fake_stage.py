"""A rehearsal in memory behind the real simulated phones: answers every call, remembers what it was asked."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.cards.card import Card
from bot.ports import Delivery
from platforms.simulator import Phones, SimulatorPlatform
from web.ports import MessageView, Moment, PersonView, Refused

sys.path.insert(0, str(Path(__file__).parents[1] / "platforms" / "simulator"))
import sample_cards as samples

TZ = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 10, 8, 9, 0, tzinfo=TZ)
PEOPLE = (
    ("zhangmin", "张敏", "经办人", "区教育局·新桥小学"),
    ("liqiang", "李强", "预算科", "区教育局"),
    ("wangju", "王局", "主要负责人", "区教育局"),
    ("chenjing", "陈静", "绩效科", "区财政局"),
)


class FakeStage:
    """Delivers by writing down; a text ``/boom`` breaks, ``/no`` is refused, anything else is answered."""

    def __init__(self, folder: Path) -> None:
        self.platform = SimulatorPlatform(Phones(folder / "phones.jsonl"))
        self.phones = self.platform.phones
        self.at = START
        self.delivered: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.armed: list[str] = []
        self.kept: list[tuple[str, str, int]] = []
        self.count = 0
        self.newcomer = True

    def show(self, user: str, card: Card, files: dict[str, bytes] | None = None, replaces: str = "") -> str:
        self.count += 1
        token = f"tok{self.count}"
        delivery = Delivery(user, card, token, f"k{self.count}", replaces, files or {}, self.at)
        asyncio.run(self.platform.send(delivery))
        return token

    def now(self) -> datetime:
        return self.at

    def clock_label(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} 周{'一二三四五六日'[self.at.weekday()]}·上班"

    def people(self) -> list[PersonView]:
        return [
            PersonView(user, name, role, unit, self.phones.unread(user)) for user, name, role, unit in PEOPLE
        ]

    async def deliver(self, payload: dict[str, Any], *, times: int = 1, concurrent: bool = False) -> None:
        self.delivered.append(payload)
        if payload.get("text") == "/boom":
            raise RuntimeError("secret stack detail")
        if payload.get("text") == "/no":
            raise Refused("现在不行。")
        self.phones.said(payload["user"], self.at, payload)
        if "token" in payload:
            self.phones.mark_used(payload["token"])
        self.newcomer = False

    async def set_clock(self, at: datetime) -> None:
        self.at = at

    async def advance(self, *, days: int = 0) -> None:
        self.at += timedelta(days=days)

    async def next_moment(self) -> None:
        self.at += timedelta(hours=8)

    def upcoming(self, limit: int) -> list[Moment]:
        moments = [
            Moment(START.replace(day=9), "提醒 张敏：还差 2 个项目"),
            Moment(START.replace(day=10, hour=17), "汇总 李强：附表1 收齐情况"),
            Moment(START.replace(day=12), "逾期 王局：2 个单位"),
        ]
        return moments[:limit]

    def messages(self, user: str, skin: str) -> list[MessageView]:
        return [
            MessageView(
                seen.seq,
                seen.at,
                seen.mine,
                seen.payload if seen.mine else seen.drawn[skin],
                {} if seen.mine else seen.card,
                seen.files,
                seen.used,
                seen.replaced,
                next((i for i, _, length in self.kept if length == seen.seq), ""),
            )
            for seen in self.phones.messages(user)
        ]

    def outbox(self) -> list[dict[str, Any]]:
        return [{"时间": "10-08 09:00", "收件": "张敏", "卡片": "remind.open", "状态": "已发", "次数": 1}]

    def inbox(self) -> list[dict[str, Any]]:
        return [{"时间": "10-08 09:01", "谁": p["user"], "类型": p["type"]} for p in self.delivered]

    def database(self) -> list[dict[str, Any]]:
        rows = [{"项目": "新桥小学校舍安全改造", "版本": 1, "支出": "201.35万元", "状态": "已报送"}]
        return [{"table": "filing 附表1", "rows": rows}, {"table": "finding 偏离", "rows": []}]

    def file(self, file_id: str) -> tuple[str, bytes] | None:
        return self.phones.file(file_id)

    def set_fault(self, name: str) -> str:
        self.calls.append(name)
        self.armed.append(f"{name}：下一条")
        return f"已打开：{name}"

    def faults(self) -> list[str]:
        return self.armed

    def save(self) -> str:
        self.kept.insert(0, (f"s{len(self.kept)}", f"{self.at:%m-%d %H:%M} 手动存档", self.phones.length()))
        return self.kept[0][0]

    def saves(self) -> list[tuple[str, str]]:
        return [(i, label) for i, label, _ in self.kept]

    async def restore(self, save_id: str) -> None:
        found = [length for i, _, length in self.kept if i == save_id]
        if not found:
            raise Refused("没有这个存档。")
        self.phones.cut(found[0])

    async def reset(self) -> None:
        self.phones.cut(0)
        self.at = START

    def chat_text(self) -> tuple[str, str]:
        return "演练_10月8日.chat", "# 演练\n> 进度\n"

    def version(self) -> int:
        return hash((self.phones.length(), self.at, len(self.armed), len(self.kept)))

    def hints(self) -> list[str]:
        return ["点卡片上的“去填报”", "写“进度”看还差什么", "点“到下一个节点”"] if self.newcomer else []

    async def mark_read(self, user: str) -> None:
        self.phones.mark_read(user, self.phones.length())


def furnished(folder: Path, picture: bytes = b"") -> FakeStage:
    """A stage in the middle of a story: every kind of card is on a phone."""
    stage = FakeStage(folder)
    stage.show("zhangmin", samples.REMINDER)
    stage.show("liqiang", samples.REMINDER)
    stage.show("wangju", samples.OVERDUE)
    stage.save()
    stage.phones.said(
        "zhangmin", stage.at, {"type": "tap", "user": "zhangmin", "token": "tok1", "action": "fill"}
    )
    stage.phones.mark_used("tok1")
    stage.show("zhangmin", samples.FORM)
    stage.at += timedelta(minutes=12)
    files = {"附表1_预览.png": picture} if picture else {}
    sheet = {samples.RECEIPT.files[0].name: b"PK sheet"}
    stage.phones.said(
        "zhangmin", stage.at, {"type": "text", "user": "zhangmin", "text": "支出201.35 1 36 2 930"}
    )
    stage.show("zhangmin", samples.ECHO)
    stage.at += timedelta(hours=5)
    stage.show("zhangmin", samples.RECEIPT, files | sheet)
    return stage
