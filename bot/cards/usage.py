"""The card that says how much of a platform's month is used up."""

from __future__ import annotations

from typing import Protocol

from bot.cards.card import Card, Row, Tone


class Usage(Protocol):
    """How much of a month's calls and pushes a platform has used. ``warning``: the mark passed, 0, 70, 90 or 100."""

    @property
    def month(self) -> str: ...  # 2026-10
    @property
    def calls(self) -> int: ...
    @property
    def calls_limit(self) -> int: ...
    @property
    def pushes(self) -> int: ...
    @property
    def pushes_limit(self) -> int: ...
    @property
    def warning(self) -> int: ...


NAMES = {"dingtalk": "钉钉", "wecom": "企业微信"}


def warning(platform: str, usage: Usage, days_left: int) -> Card:
    """At 70, 90 and 100 percent: what is used, what happens at the end, what to do."""
    full = usage.warning >= 100
    name = NAMES.get(platform, platform)
    rows = (
        Row("接口调用", f"{usage.calls} / {usage.calls_limit} 次", _mark(usage.calls, usage.calls_limit)),
        Row("收到推送", f"{usage.pushes} / {usage.pushes_limit} 次", _mark(usage.pushes, usage.pushes_limit)),
    )
    return Card(
        name="usage.warning",
        title=f"{name}本月用量{'用完了' if full else f'过了 {usage.warning}%'}",
        lead=f"{usage.month}，离月底还有 {days_left} 天",
        tone=Tone.BAD if full else Tone.WARN,
        rows=rows,
        text=(
            "现在只发截止当天的提醒和逾期提醒，其他的等下月。点卡片、填卡片照常办，当场回答。"
            if full
            else "用完以后，只发截止当天的提醒和逾期提醒；点卡片、填卡片照常办。"
        ),
        note="要加量，请管理员到钉钉后台“用量”里加购。" if platform == "dingtalk" else "",
    )


def _mark(used: int, limit: int) -> str:
    if used >= limit:
        return "✕"
    return "△" if used * 100 >= limit * 70 else "✓"
