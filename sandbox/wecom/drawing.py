"""A message the way the phone draws it, as lines of text: what a person reads, one thing a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.wecom.cards import selectors
from sandbox.wecom.hands import buttons, shown_as_chosen
from sandbox.wecom.phones import Item

Body = Mapping[str, Any]
BOXES = {True: "■", False: "□"}


def lines(item: Item) -> list[str]:
    """The item as it looks now."""
    if item.recalled:
        return ["（撤回了一条消息）"]
    if item.kind == "template_card":
        return list(_card(item))
    return list(DRAWERS.get(item.kind, _other)(item))


def _card(item: Item) -> Iterator[str]:
    card = item.body
    head = card.get("main_title", {})
    desc = f"　{_short(head['desc'], card)}" if head.get("desc") else ""
    source = f"（{card['source']['desc']}）" if card.get("source", {}).get("desc") else ""
    yield f"【{_cut(head.get('title', ''), 36)}】{desc}{source}"
    yield from (f"  {line}" for line in _parts(card))
    yield from (f"  {line}" for line in _choices(card))
    labels = [f"[{item.dead}]（灰）"] if item.dead else [f"[{text}]" for text in _labels(card)]
    if labels:
        yield "  " + " ".join(labels)


def _labels(card: Body) -> list[str]:
    links = [f"{b['text']} ↗" for b in card.get("button_list", ()) if b.get("type") == 1]
    return [*buttons(card).values(), *links]


def _short(text: str, card: Body) -> str:
    return _cut(text, 160 if card["card_type"] in ("vote_interaction", "multiple_interaction") else 44)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _parts(card: Body) -> Iterator[str]:
    """Between title and buttons, in the order the client shows it."""
    quote, emphasis = card.get("quote_area", {}), card.get("emphasis_content", {})
    if quote:
        yield f"｜{quote.get('title', '')} {quote.get('quote_text', '')}".rstrip()
    if emphasis:
        yield f"{emphasis.get('title', '')}（{emphasis.get('desc', '')}）"
    yield from _cut(card.get("sub_title_text", ""), 160).split("\n") if card.get("sub_title_text") else ()
    for row in card.get("horizontal_content_list", ()):
        yield f"{_cut(row['keyname'], 5)}　{_cut(row.get('value', ''), 30)}".rstrip("　")
    for row in card.get("vertical_content_list", ()):
        yield f"{row['title']} {row.get('desc', '')}".rstrip()
    for jump in card.get("jump_list", ()):
        yield f"› {jump['title']}"
    for action in card.get("action_menu", {}).get("action_list", ()):
        yield f"⋯ {action['text']}"


def _choices(card: Body) -> Iterator[str]:
    for name, each in selectors(card):
        now = shown_as_chosen(name, each)
        shut = "（不可改）" if each.get("disable") else ""
        options = "　".join(f"{BOXES[o['id'] in now]}{o['text']}" for o in each["option_list"])
        yield f"？{each.get('title', '')}　{options}{shut}".replace("？　", "？")


def _text(item: Item) -> Iterator[str]:
    yield from str(item.body["content"]).split("\n")


def _file(item: Item) -> Iterator[str]:
    names = [name for name, _ in item.files] or [str(item.body.get("name", item.kind))]
    yield from (f"＋ {name}" for name in names)


def _textcard(item: Item) -> Iterator[str]:
    yield f"【{item.body['title']}】"
    yield from (f"  {line}" for line in str(item.body["description"]).split("\n"))
    yield f"  [{item.body.get('btntxt') or '详情'} ↗]"


def _news(item: Item) -> Iterator[str]:
    for article in item.body["articles"]:
        yield f"【{article['title']}】 {article.get('description', '')}".rstrip()


def _other(item: Item) -> Iterator[str]:
    yield f"（{item.kind}）"


DRAWERS: dict[str, Callable[[Item], Iterator[str]]] = {
    "text": _text,
    "markdown": _text,
    "stream": _text,
    "file": _file,
    "image": _file,
    "voice": _file,
    "video": _file,
    "textcard": _textcard,
    "news": _news,
}
