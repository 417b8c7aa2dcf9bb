"""The answers about a notice read into one, or what is wrong with each of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.audience import AUTHORS, capacities, office_name, places
from bot.cards.notices import HOURS, WHOM
from bot.naming import matching
from bot.turn import World
from regulation.folding import fold, shorten
from regulation.notices import CONDITION_LABELS, Audience, Condition, Notice
from regulation.problems import Problem, problem
from regulation.roster import Person, Role
from regulation.texts import parse_text

#: the short name of each answer in a line of chat -> its key.
KEYS = {
    "名义": "as",
    "标题": "title",
    "正文": "text",
    "发给": "whom",
    "状态": "state",
    "范围": "where",
    "时间": "when",
    "钟点": "hours",
}
_LABEL = re.compile(rf"(?:^|(?<=[\s;；]))({'|'.join(KEYS)})\s*[:：=＝]\s*")
_DAYS = {"今天": 0, "明天": 1, "后天": 2}
_WHEN = re.compile(
    r"(?:(?P<word>今天|明天|后天)|(?P<month>\d{1,2})[-月./](?P<day>\d{1,2})日?)?\s*"
    r"(?P<hour>\d{1,2})(?::|点|时)(?P<minute>\d{2})?分?"
)
#: words for sending as soon as it is confirmed.
AT_ONCE = ("", "现在", "立即", "马上")
EVERYWHERE = ("", "全部", "全区", "所有")


@dataclass(frozen=True, slots=True)
class _About:
    """What an answer may be read against."""

    world: World
    role: Role
    scope_id: str
    now: datetime


def new_id(event_id: str) -> str:
    """A notice's id, the same for a delivery that is decided twice."""
    return sha256(event_id.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def split_line(text: str) -> dict[str, str]:
    """``标题：… 正文：… 发给：预算科`` as answers; empty when the line holds no label."""
    parts = _LABEL.split(text)
    said = zip(parts[1::2], parts[2::2], strict=True)
    return {KEYS[label]: words.strip(" \n;；") for label, words in said}


def values_of(notice: Notice, world: World) -> dict[str, str]:
    """A notice as answers again, to be changed."""
    names = {place.id: place.name for place in places(world, notice.role, notice.scope_id)}
    return {
        "as": f"{notice.role}:{notice.scope_id}",
        "title": notice.title,
        "text": notice.text,
        "whom": ",".join(notice.audience.roles),
        "state": notice.audience.condition.value,
        "where": "、".join(names.get(each, each) for each in notice.audience.scopes),
        "when": f"{notice.due:%m-%d %H:%M}" if notice.due else "",
        "hours": "any" if notice.any_hour else "",
    }


def read(
    values: Mapping[str, str], person: Person, world: World, notice_id: str, now: datetime
) -> tuple[Notice | None, dict[str, str]]:
    """The notice, or None and the sentence for each answer that stands in its way."""
    held = _capacity(values.get("as", ""), person, world)
    if isinstance(held, Problem):
        return None, {"as": held.text}
    role, scope_id = held
    about = _About(world, role, scope_id, now)
    found = {key: parse(values.get(key, ""), about) for key, parse in _PARSERS.items()}
    problems = {key: each.text for key, each in found.items() if isinstance(each, Problem)}
    if problems:
        return None, problems
    audience = Audience(found["whom"], found["state"], found["where"])
    due = found["when"][0] if found["when"] else None
    titled = (found["title"], found["text"], audience)
    given = {"due": due, "any_hour": found["hours"], "at": now}
    return Notice(notice_id, person.id, role, scope_id, *titled, **given), {}


def _capacity(text: str, person: Person, world: World) -> tuple[Role, str] | Problem:
    """The duty chosen, by its value or as it is written; the widest one when none was. Whoever has none never gets
    here."""
    held = capacities(person)
    if not text:
        return held[0]
    known = {office_name(world, *each): each for each in held}
    by_value = {f"{role}:{scope_id}": (role, scope_id) for role, scope_id in held}
    found = by_value.get(text) or known.get(text)
    return found or problem("notice.as_unknown", text=shorten(text), options="、".join(known))


def _whom(text: str, about: _About) -> tuple[Role, ...] | Problem:
    chosen = {label: value for value, label in WHOM}.get(text, text)
    known = [(value, label) for value, label in WHOM if set(value.split(",")) <= set(AUTHORS[about.role])]
    if chosen not in [value for value, _ in known]:
        options = "、".join(label for _, label in known)
        return problem("notice.whom_unknown", text=shorten(text), options=options)
    return tuple(map(Role, chosen.split(",")))


def _state(text: str, _about: _About) -> Condition | Problem:
    by_label = {label: condition for condition, label in CONDITION_LABELS.items()}
    if not text:
        return Condition.ALL
    if text in by_label:
        return by_label[text]
    if text in {each.value for each in Condition}:
        return Condition(text)
    return problem("notice.state_unknown", text=shorten(text), options="、".join(by_label))


def _where(text: str, about: _About) -> tuple[str, ...] | Problem:
    if text.strip() in EVERYWHERE:
        return ()
    known = places(about.world, about.role, about.scope_id)
    scopes = []
    for words in filter(None, (each.strip() for each in re.split(r"[、,，;；\n]", text))):
        found = matching(words, known)
        if not found:
            return problem("notice.where_unknown", text=shorten(words))
        if len(found) > 1:
            names = "、".join(each.name for each in found[:5])
            return problem("notice.where_ambiguous", text=shorten(words), names=names)
        scopes.append(found[0].id)
    return tuple(dict.fromkeys(scopes))


def _when(text: str, about: _About) -> tuple[datetime, ...] | Problem:
    """The moment, nothing for at once."""
    words = fold(text)
    if words in AT_ONCE:
        return ()
    found = _WHEN.fullmatch(words)
    moment = _moment(found, about.now) if found else None
    if moment is None:
        return problem("notice.when_unreadable", text=shorten(text))
    if moment <= about.now:
        return problem(
            "notice.when_past", when=about.world.workdays.label(moment.date()) + f" {moment:%H:%M}"
        )
    return (moment,)


def _moment(found: re.Match[str], now: datetime) -> datetime | None:
    try:
        day = now + timedelta(days=_DAYS.get(found["word"] or "", 0))
        if found["month"]:
            day = now.replace(month=int(found["month"]), day=int(found["day"]))
        minute = int(found["minute"] or 0)
        return day.replace(hour=int(found["hour"]), minute=minute, second=0, microsecond=0)
    except ValueError:
        return None


_PARSERS: dict[str, Callable[[str, _About], Any]] = {
    "title": lambda text, _about: parse_text(text, label="标题", least=2),
    "text": lambda text, _about: parse_text(text, label="正文", least=2),
    "whom": _whom,
    "state": _state,
    "where": _where,
    "when": _when,
    "hours": lambda text, _about: text in HOURS[1],
}
