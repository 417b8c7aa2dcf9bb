"""The cards of the list of key projects and its changes (第五条(二))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.cards.card import Button, Card, Row, Style
from bot.cards.words import clock, short, wan
from regulation.reporting import KeyChange
from regulation.roster import KeyBasis
from regulation.rounds import MonitoringRound

BASES = "、".join(basis.value for basis in KeyBasis)
#: so many recommended projects get a button of their own.
OFFERED = 4


@dataclass(frozen=True, slots=True)
class Offer:
    """A project that may be put on the list, with why."""

    project_id: str
    name: str
    reasons: Sequence[str]


def listing(
    department: str,
    round: MonitoringRound,
    projects: Sequence[tuple[str, str]],
    changes: Sequence[tuple[str, str, KeyChange]],
    offered: Sequence[Offer],
    *,
    can_remove: bool,
) -> Card:
    """The list with why each stands on it, what changed, and what could be added by a tap (UX §4.2)."""
    rows = [Row(str(n), f"{name}　{basis}", "✓") for n, (name, basis) in enumerate(projects, 1)]
    rows += [Row(clock(change.at), _change(name, by, change)) for name, by, change in changes[-10:]]
    rows += [Row("推荐", f"{each.name}　{'；'.join(each.reasons)}") for each in offered[:OFFERED]]
    hint = "推荐的点名字就能加；" if offered else ""
    how = f"{hint}别的回“加入重点 项目名 依据”，依据从这里选：{BASES}。"
    off = "要移出，回“移出重点 项目名 原因”。" if can_remove else "移出由本部门预算科办。"
    return Card(
        name="keys.listing",
        title=f"{department} 重点项目 {len(projects)} 个",
        lead=f"{round.year}年",
        rows=tuple(rows),
        text=f"{how}\n{off}",
        buttons=(
            *(Button(f"key_pick:{each.project_id}", short(each.name, 10)) for each in offered[:OFFERED]),
            Button("status", "看进度"),
        ),
    )


def pick(offer: Offer, unit: str, budget: Decimal, basis: KeyBasis | None) -> Card:
    """One project: why it is recommended, and which basis it is put on the list by."""
    bases = sorted(KeyBasis, key=lambda each: each is not basis)
    return Card(
        name="keys.pick",
        title=f"列入重点项目：{offer.name}",
        lead=f"{unit} · 预算 {wan(budget)}",
        rows=tuple(Row("推荐", reason) for reason in offer.reasons),
        text="点一个依据就列入，附表3 多出这一张（办法第五条(二)）。",
        buttons=(
            *(
                Button(
                    f"key_add:{offer.project_id}:{each.name}",
                    each.value,
                    Style.PRIMARY if each is basis else Style.PLAIN,
                )
                for each in bases
            ),
            Button("keys", "不列入"),
        ),
    )


def _change(name: str, by: str, change: KeyChange) -> str:
    if change.is_key:
        return f"{by}加入《{name}》，依据 {change.basis.value if change.basis else '未写'}（{change.reason}）"
    return f"{by}移出《{name}》（{change.reason}）"


def changed(department: str, name: str, by: str, change: KeyChange) -> Card:
    """To everybody concerned: the list is another one now."""
    done = "加入" if change.is_key else "移出"
    basis = f"依据：{change.basis.value}。" if change.basis else ""
    return Card(
        name="keys.changed",
        title=f"{done}重点项目：{name}",
        lead=f"{department} · {by} {clock(change.at)}",
        text=f"{basis}原因：{change.reason}。{'附表3 会多出这一张。' if change.is_key else '附表3 不再有这一张。'}",
    )


def onward(card: Card) -> Card:
    """The same for whoever made the change: the way back to the list."""
    return replace(card, buttons=(Button("keys", "看名单，接着选"),))
