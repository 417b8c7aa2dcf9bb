"""A conversation file played on a stage: the application is rebuilt from its database before every line."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from platforms.simulator.phones import Seen
from rehearsal.directory import read_changed
from rehearsal.own_rules import set_date
from rehearsal.playable import Playable
from rehearsal.stage import SHANGHAI
from rehearsal.transcript import WHAT_CAME, card_lines
from rehearsal.treasury import import_figures

_TAP = re.compile(r"(?:\{(?P<answers>.*)\}\s*)?\[(?P<label>.+?)\](?P<rest>.*)")
_WHOSE = re.compile(r"(\S+)的卡")
_NTH = re.compile(r"第(\d+)张")
_TIMES = re.compile(r"\s×(\d+)$")
_UPLOAD = re.compile(r"（(文件|图片|语音|表情)\s*(.*)）")
#: what depends on the bytes of a file, and so on the compressor of the machine.
BYTES = re.compile(r"(?<=校验 )[0-9a-f]{8,16}|(?<=文件 )[\d,]+(?= 字节)")
#: lines that are played; the others are written by playing.
INPUT_MARKS = ("#", "given", "@", ">")
#: the speaker opens the conversation: everything in it is read.
LOOKED = "（看了）"
#: audit rows that only repeat what the messages above them say.
UNTOLD = ("message.", "reminder.")


class ChatError(Exception):
    """A line of the file cannot be played; the text names it."""


@dataclass(slots=True)
class _Scene:
    """Where the playing is: who speaks, who is watched, what has been seen."""

    stage: Playable
    users: dict[str, str]  # name -> user on the platform
    speaker: str = ""
    watched: list[str] = field(default_factory=list)
    seen: int = 0
    audited: int = 0
    out: list[str] = field(default_factory=list)


async def play(
    path: Path, open_stage: Callable[[], Playable], hear: Callable[[str], Awaitable[None]] | None = None
) -> str:
    """The whole file as it reads after playing it; equal to the file when nothing changed. ``hear`` is told every
    comment when its turn has come."""
    stage = open_stage()
    scene = _Scene(stage, _users(stage))
    scene.seen = stage.phones.length()
    scene.audited = _last_audit(stage)
    try:
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line.startswith(INPUT_MARKS) or not line.strip():
                await _line(scene, line)
                if hear and line.startswith("#"):
                    await hear(line[1:].strip())
    finally:
        stage.close()
    written = BYTES.sub("…", "\n".join(scene.out))
    return re.sub(r"\n{3,}", "\n\n", written).rstrip("\n") + "\n"


def _users(stage: Playable) -> dict[str, str]:
    with stage.store.read() as tx:
        people = tx.roster().people
    here = stage.platform.name
    return {p.name: user for p in reversed(people) for name, user in p.identities if name == here}


async def _line(scene: _Scene, line: str) -> None:
    scene.out.append(line)
    if line.startswith("given"):
        _given(scene, *line.removeprefix("given").strip().partition(" ")[::2])
    elif line.startswith("@"):
        await _at(scene, line[1:].strip())
    elif line.startswith(">"):
        scene.stage.reopen()
        await _say(scene, line[1:].strip())


def _given(scene: _Scene, what: str, rest: str) -> None:
    stage, rest = scene.stage, rest.strip()
    match what:
        case "旁听":
            scene.watched = [scene.users[name] for name in rest.split("、")]
        case "执行数":
            import_figures(stage.store, rest, stage.now())
        case "单位确认":
            stage.law = replace(stage.law, head_confirms=True)
        case "部门日期":
            set_date(stage, rest)
        case "故障":
            stage.set_fault(rest)
        case "通讯录":
            read_changed(stage, rest)
        case "没账号" | "有账号":
            _account(scene, rest, bound=what == "有账号")


def _account(scene: _Scene, name: str, *, bound: bool) -> None:
    """Somebody's account on the simulated platform goes, or comes back."""
    user = scene.users[name]
    stage = scene.stage
    stage.has_account(user, bound)
    with stage.store.begin() as tx:
        if bound:
            tx.bind_identity(user, stage.platform.name, user, stage.now(), "given")
        else:
            tx.unbind_identity(user, stage.platform.name, stage.now(), "given")


async def _at(scene: _Scene, what: str) -> None:
    try:
        moment = datetime.strptime(what, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
    except ValueError:
        if what not in scene.users:
            raise ChatError(f"名单里没有“{what}”") from None
        scene.speaker = scene.users[what]
        return
    scene.stage.reopen()
    await scene.stage.set_clock(moment)
    _look(scene, everybody_named=True)


async def _say(scene: _Scene, text: str) -> None:
    if text == LOOKED:
        await scene.stage.mark_read(scene.speaker)
        return
    times = _TIMES.search(text)
    payload = _payload(scene, _TIMES.sub("", text))
    await scene.stage.deliver(payload, times=int(times[1]) if times else 1)
    _look(scene)


def _payload(scene: _Scene, text: str) -> dict[str, Any]:
    if found := _UPLOAD.fullmatch(text):
        kind = next(k for k, label in WHAT_CAME.items() if label == found[1])
        return {"type": "upload", "user": scene.speaker, "kind": kind, "name": found[2]}
    if text == "（加入）":
        return {"type": "join", "user": scene.speaker}
    if found := _TAP.fullmatch(text):
        return _tap(scene, found["label"], found["answers"], found["rest"])
    return {"type": "text", "user": scene.speaker, "text": text.replace("⏎", "\n")}


def _tap(scene: _Scene, label: str, answers: str | None, rest: str) -> dict[str, Any]:
    whose = _WHOSE.search(rest)
    owner = scene.users[whose[1]] if whose else scene.speaker
    seen, action = _button(scene, owner, label, rest)
    payload = {"type": "tap", "user": scene.speaker, "token": seen.token, "action": action}
    submit = seen.card.get("submit") or {}
    if answers is None and submit.get("action") != action:
        return payload
    keys = {i["short"]: i["key"] for i in seen.card.get("inputs", ())}
    shown = {i["key"]: i.get("value", "") for i in seen.card.get("inputs", ())}
    given = dict(pair.split("：", 1) for pair in _pairs(answers or "", keys) if pair)
    filled = {keys.get(short, short): text.replace("⏎", "\n") for short, text in given.items()}
    return payload | {"type": "fill", "answers": shown | _chosen(seen, filled)}


def _chosen(seen: Seen, filled: dict[str, str]) -> dict[str, str]:
    """A choice is made by its label and sent as its value, as every screen does."""
    values = {i["key"]: {label: v for v, label in i.get("options", ())} for i in seen.card.get("inputs", ())}
    return {key: values.get(key, {}).get(text, text) for key, text in filled.items()}


def _pairs(answers: str, shorts: Iterable[str]) -> list[str]:
    """The answers apart; a ；inside an answer is not followed by the short name of an input."""
    names = "|".join(map(re.escape, shorts))
    return re.split(rf"；(?=(?:{names})：)", answers)


def _button(scene: _Scene, owner: str, label: str, rest: str) -> tuple[Seen, str]:
    """The newest card of that phone with that button, or the n-th of them counted from the oldest."""
    found = []
    for seen in scene.stage.phones.messages(owner):
        buttons = [b for b in (seen.card.get("submit"), *seen.card.get("buttons", ())) if b]
        found += [(seen, str(b["action"])) for b in buttons if b["label"] == label]
    nth = _NTH.search(rest)
    if not found:
        raise ChatError(f"{owner} 的手机上没有“{label}”按钮")
    return found[int(nth[1]) - 1] if nth else found[-1]


def _look(scene: _Scene, *, everybody_named: bool = False) -> None:
    """Write down what the speaker and the watched have newly seen, and what was newly stored."""
    names = {user: name for name, user in scene.users.items()}
    new = scene.stage.phones.everything(scene.seen)
    scene.seen = scene.stage.phones.length()
    for seen in new:
        if seen.mine or not seen.card:
            continue
        if seen.user == scene.speaker and not everybody_named:
            scene.out += [f"< {line}" for line in _lines(seen)]
        elif seen.user in scene.watched or seen.user == scene.speaker:
            scene.out += [f"! {names[seen.user]} {line}" for line in _lines(seen)]
    _stored(scene)


def _lines(seen: Seen) -> list[str]:
    """As the phone draws it where phones draw in their own way, else the card."""
    own: list[str] | None = seen.drawn.get("lines")
    return card_lines(seen.card, seen.files) if own is None else own


def _stored(scene: _Scene) -> None:
    with scene.stage.store.read() as tx:
        rows = [row for row in reversed(tx.audit_rows(200)) if row.id > scene.audited]
    told = [row for row in rows if not row.action.startswith(UNTOLD)]
    scene.out += [f"* {row.action} {row.subject}" for row in told]
    scene.audited = max((row.id for row in rows), default=scene.audited)


def _last_audit(stage: Playable) -> int:
    with stage.store.read() as tx:
        rows = tx.audit_rows(1)
    return rows[0].id if rows else 0
