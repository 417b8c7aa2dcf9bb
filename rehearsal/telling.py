"""A rehearsed year told in words: how much happened on which day, and every invariant with what broke it."""

from __future__ import annotations

from typing import Any

from rich.console import Console


def tell(outcome: dict[str, Any]) -> None:
    """To the terminal."""
    console = Console()
    console.print(
        f"{outcome['year']}年，{outcome['units']} 个单位，{outcome['projects']} 个项目，{outcome['people']} 人，"
        f"种子 {outcome['seed']}，杀进程 {outcome['kills']} 次"
    )
    console.print(
        f"收到 {outcome['deliveries']} 次投递，发出 {outcome['messages']} 条消息；每人 {outcome['per_person']}"
    )
    console.print(f"各类消息 {outcome['by_kind']}")
    console.print(f"各种报法 {outcome['manners']}；部门 {outcome['ways']}；财政 {outcome['offices']}")
    for row in outcome["timeline"]:
        console.print(f"  {row['day']}  {row['kind']:<12} {row['messages']}")
    for verdict in outcome["invariants"]:
        mark = "✕" if verdict["broken"] else "✓"
        console.print(f"{mark} {verdict['name']}（核对 {verdict['checked']} 处）")
        for line in verdict["broken"]:
            console.print(f"    {line}", markup=False)
    held = sum(not v["broken"] for v in outcome["invariants"])
    console.print(f"{held}/{len(outcome['invariants'])} 条不变量成立")
