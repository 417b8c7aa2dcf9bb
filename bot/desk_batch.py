"""One line of chat read as a department's answers: ``资产计划120 资产完成90 采购计划400 采购执行310.5 改进：…``."""

from __future__ import annotations

import re

from regulation.folding import PLAIN, clean_text

#: what a person writes in front of an amount -> field key.
AMOUNT_WORDS = {
    "预算总额": "total",
    "总额": "total",
    "资产计划": "assets.plan",
    "资产完成": "assets.done",
    "采购计划": "procurement.plan",
    "采购执行": "procurement.done",
}
#: … in front of a likelihood or a target of a rate.
RATE_WORDS = {
    "到位": "arrival",
    "执行": "execution",
    "调整": "adjustment",
    "资产": "assets",
    "采购": "procurement",
}
#: … in front of rows and texts; these need their colon.
TEXT_WORDS = {
    "重点工作": "works",
    "主要成效": "effects",
    "工作情况": "work",
    "实施": "situation",
    "偏离": "deviation",
    "原因": "deviation",
    "改进": "plan",
    "改进计划": "plan",
    "只算一次": "once",
}
_CHOICES = {f"{word}可能": f"likely.{rate}" for word, rate in RATE_WORDS.items()} | {
    f"{word}目标": f"target.{rate}" for word, rate in RATE_WORDS.items()
}
_LOOSE = AMOUNT_WORDS | _CHOICES
_ALL = _LOOSE | TEXT_WORDS


def _any(words: dict[str, str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_KEY = re.compile(
    rf"(?:^|(?<=[\s,，;；。、]))(?:({_any(TEXT_WORDS)})\s*[:=]\s*|({_any(_LOOSE)})\s*[:=]?\s*)", re.MULTILINE
)


def parse_desk_line(line: str, project_id: str = "") -> tuple[tuple[str, str], ...]:
    """(field key, text) pairs in the order written; nothing when no known word stands in the line.

    With ``project_id`` the texts are those of its 附表3, and so are the rates."""
    text = clean_text(line)
    folded = text.translate(PLAIN)
    found = list(_KEY.finditer(folded))
    ends = [*(each.start() for each in found[1:]), len(text)][: len(found)]
    pairs = []
    for each, end in zip(found, ends, strict=True):
        value = text[each.end() : end].strip(" ,，;；、\n")
        if value:
            pairs.append((_scoped(_ALL[each[1] or each[2]], project_id), value))
    return tuple(pairs)


def _scoped(key: str, project_id: str) -> str:
    if not project_id:
        return "work" if key == "situation" else key
    head, _, rate = key.partition(".")
    if head in ("likely", "target") and rate in ("arrival", "execution", "adjustment"):
        return f"{head}.{project_id}.{rate}"
    return f"{project_id}.{key}" if key in ("situation", "deviation", "plan", "once") else key
