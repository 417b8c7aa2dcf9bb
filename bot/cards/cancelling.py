"""The cards 取消 is answered with: what was left as it is, and what else may have been meant."""

from __future__ import annotations

from bot.cards.card import Button, Card
from bot.cards.covering import CALL_OFF


def left(project_name: str, subject: str, *, typed: bool, filed: bool) -> Card:
    """附表1 is put aside: a draft stays, nothing was filed."""
    kept = "填过的数存着，没有报送" if typed else "什么也没有保存，没有报送"
    if filed:
        kept = "改过的数存着，没有报出去，原来报的仍算数"
    return Card(
        name="cancelling.left",
        title="好的，先不填了",
        lead=project_name,
        text=f"{kept}。想填时回“填报”。",
        buttons=(Button(f"fill:{subject}", "接着填"),),
        subject=subject,
    )


def nothing(*, leave: bool, filed: bool) -> Card:
    """Nothing is open; a leave or a filed form may be meant."""
    offered = (*((CALL_OFF,) if leave else ()), *((Button("withdraw", "撤回已报的表"),) if filed else ()))
    return Card(
        name="cancelling.nothing",
        title="要取消哪一件？" if offered else "没有正在办的事",
        text="现在没有填到一半的，什么也没有改动。",
        buttons=offered or (Button("fill", "填报"), Button("status", "进度")),
    )
