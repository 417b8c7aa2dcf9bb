"""What people said and saw, as lines of a conversation file (ARCHITECTURE §9: # given @ > < ! *)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from platforms.simulator.phones import Seen

WHAT_CAME = {"file": "文件", "picture": "图片", "voice": "语音", "sticker": "表情"}


def card_lines(card: Mapping[str, Any], files: Sequence[tuple[str, str]] = ()) -> list[str]:
    """A neutral card as the words a person reads, one thing a line."""
    lead = f"　{card['lead']}" if card.get("lead") else ""
    lines = [f"【{card['title']}】{lead}"]
    lines += [f"  {row['label']}　{row['value']}{_mark(row)}" for row in card.get("rows", ())]
    lines += [f"  {line}" for line in str(card.get("text", "")).split("\n") if line]
    lines += [_input_line(each) for each in card.get("inputs", ())]
    lines += [f"  ＋ {name}" for name, _ in files]
    labels = [b["label"] for b in (card.get("submit"), *card.get("buttons", ())) if b]
    lines += ["  " + " ".join(f"[{label}]" for label in labels)] if labels else []
    return lines + ([f"  （{card['note']}）"] if card.get("note") else [])


_MESSAGE = re.compile(r"(?<=（)[a-z]+:[\w:-]+(?=）)|(?<=notice:)[0-9a-f]{12}")


def numbered(text: str) -> str:
    """The ids of messages and what is made of them, new on every platform, as 第1条, 第2条 … in the order they come."""
    seen: dict[str, int] = {}
    return _MESSAGE.sub(lambda found: f"第{seen.setdefault(found[0], len(seen) + 1)}条", text)


def _mark(row: Mapping[str, Any]) -> str:
    return f" {row['mark']}" if row.get("mark") else ""


def _input_line(each: Mapping[str, Any]) -> str:
    about = "，".join(filter(None, (each.get("hint"), each.get("last"))))
    value = f" = {each['value']}" if each.get("value") else ""
    wrong = f" ✕ {each['problem']}" if each.get("problem") else ""
    return f"  ？{each['short']}　{each['label']}{f'（{about}）' if about else ''}{value}{wrong}"


def said(payload: Mapping[str, Any], cards: Sequence[Seen], names: Mapping[str, str]) -> str:
    """What somebody did, as the line that does it again; ``cards`` is what all phones showed until then."""
    kind = payload.get("type")
    if kind == "text":
        return str(payload.get("text", "")).replace("\n", "⏎")
    if kind == "upload":
        return f"（{WHAT_CAME.get(str(payload.get('kind')), '文件')} {payload.get('name', '')}）"
    if kind == "join":
        return "（加入）"
    seen = next((s for s in cards if s.token == payload.get("token")), None)
    if seen is None:
        return "[？]"
    label = _labels(seen).get(str(payload.get("action", "")), str(payload.get("action", "")))
    whose = "" if seen.user == payload.get("user") else f" {names.get(seen.user, seen.user)}的卡"
    return f"{_answers(payload, seen)}[{label}]{whose}{_which(seen, label, cards)}"


def _labels(seen: Seen) -> dict[str, str]:
    """Action to label of the buttons of a card."""
    buttons = (seen.card.get("submit"), *seen.card.get("buttons", ()))
    return {str(b["action"]): str(b["label"]) for b in buttons if b}


def _which(seen: Seen, label: str, cards: Sequence[Seen]) -> str:
    """`` 第2张``, counted from the oldest card with that button; nothing for the newest."""
    tokens = [s.token for s in cards if s.user == seen.user and label in _labels(s).values()]
    if not tokens or tokens[-1] == seen.token:
        return ""
    return f" 第{tokens.index(seen.token) + 1}张"


def _answers(payload: Mapping[str, Any], seen: Seen) -> str:
    """What was changed at the inputs; the rest is sent back as it was shown."""
    inputs = {i["key"]: i for i in seen.card.get("inputs", ())}
    given = [
        f"{inputs[key]['short']}：{text}"
        for key, text in payload.get("answers", {}).items()
        if key in inputs and text and text != inputs[key].get("value", "")
    ]
    return "{" + "；".join(given).replace("\n", "⏎") + "} " if given else ""


def record(lines: Sequence[Seen], names: Mapping[str, str], start: datetime) -> str:
    """A rehearsal so far as a conversation file: clock, speakers and what they did; playing it fills in the rest."""
    speakers = dict.fromkeys(names.get(s.user, s.user) for s in lines if s.mine)
    out = ["# 模拟器里存下的一段对话", "given 演示区"]
    if speakers:
        out.append(f"given 旁听 {'、'.join(speakers)}")
    at, who = start, ""
    out.append(f"@ {at:%Y-%m-%d %H:%M}")
    for number, seen in enumerate(lines):
        if not seen.mine:
            continue
        if seen.at != at:
            at, who = seen.at, ""
            out += ["", f"@ {at:%Y-%m-%d %H:%M}"]
        if seen.user != who:
            who = seen.user
            out += ["", f"@ {names.get(who, who)}"]
        own = [s for s in lines[:number] if not s.mine]
        out.append(f"> {said(seen.payload, own, names)}")
    return "\n".join(out) + "\n"
