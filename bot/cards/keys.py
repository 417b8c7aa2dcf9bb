"""The cards of the list of key projects and its changes (第五条(二))."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.card import Button, Card, Row
from bot.cards.words import clock
from regulation.reporting import KeyChange
from regulation.roster import KeyBasis
from regulation.rounds import MonitoringRound

BASES = "、".join(basis.value for basis in KeyBasis)


def listing(
    department: str,
    round: MonitoringRound,
    projects: Sequence[tuple[str, str]],
    changes: Sequence[tuple[str, str, KeyChange]],
    proposed: Sequence[str],
    *,
    can_remove: bool,
) -> Card:
    """The list with why each stands on it, what changed, and what could be added."""
    rows = [Row(str(n), f"{name}　{basis}", "✓") for n, (name, basis) in enumerate(projects, 1)]
    rows += [Row(clock(change.at), _change(name, by, change)) for name, by, change in changes[-10:]]
    hint = f"金额大、还没列入的：{'、'.join(proposed)}。" if proposed else ""
    how = f"要加入，回“加入重点 项目名 依据”，依据从这里选：{BASES}。"
    off = "要移出，回“移出重点 项目名 原因”。" if can_remove else "移出由本部门预算科办。"
    return Card(
        name="keys.listing",
        title=f"{department} 重点项目 {len(projects)} 个",
        lead=f"{round.year}年",
        rows=tuple(rows),
        text="\n".join(filter(None, (hint, how, off))),
        buttons=(Button("status", "看进度"),),
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
