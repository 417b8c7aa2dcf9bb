"""The cards of what platforms' directories say otherwise than the roster."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.card import Button, Card, Row, Style, Tone

#: how many differences one card decides: each takes two buttons, a phone draws six.
AT_ONCE = 3


def differences(lines: Sequence[tuple[str, str]], total: int, data: str) -> Card:
    """Each difference with its two buttons; the rest follow once these are decided."""
    numbered = list(enumerate(lines[:AT_ONCE], 1))
    adopt = (
        (Button(f"adopt:{n}", f"采纳 {n}", Style.PRIMARY), Button(f"reject:{n}", f"不采纳 {n}"))
        for n, _ in numbered
    )
    more = total - len(numbered)
    return Card(
        name="directory.differences",
        title=f"通讯录和名册有 {total} 处不一样",
        tone=Tone.WARN,
        rows=tuple(Row(f"{n} {kind}", words) for n, (kind, words) in numbered),
        text=f"办完这几条，再给您另外 {more} 条。" if more > 0 else "",
        buttons=tuple(button for pair in adopt for button in pair),
        note="不点就不改。只凭同名不会自动合并，请看清单位再采纳。",
        data=data,
    )


def decided(words: str, rest: str, *, adopted: bool) -> Card:
    """What the tap did."""
    return Card(
        name="directory.decided",
        title=f"✓ {'已采纳' if adopted else '不采纳'}",
        lead=words,
        tone=Tone.GOOD if adopted else Tone.PLAIN,
        text=rest,
    )


def left(name: str, projects: Sequence[str], taker: str) -> Card:
    """To the unit's head and the budget office: somebody left, and who has their forms now."""
    text = (
        f"现在归{taker}填；要换人，请预算科移交。"
        if taker
        else "单位没有负责人可接，请预算科移交给一位同事。"
    )
    return Card(
        name="directory.left",
        title=f"{name}已不在通讯录里",
        lead=f"名下 {len(projects)} 个项目" if projects else "名下没有项目",
        tone=Tone.WARN,
        rows=tuple(Row(str(n), project) for n, project in enumerate(projects[:6], 1)),
        text=text if projects else "管理员已停用这个账号。",
    )
