"""The cards that carry an official table."""

from __future__ import annotations

import re

from bot.cards.card import Attachment, Button, Card
from regulation.roster import Project
from regulation.rounds import MonitoringRound


def annex1(project: Project, round: MonitoringRound, subject: str, version: int, *, late: bool) -> Card:
    """附表1 as a picture to read and a workbook to keep."""
    name = f"附表1_{safe(project.name)}_{round.label}"
    return Card(
        name="tables.annex1",
        title=f"附表1 {project.name}",
        lead=f"{round.label} · 版本 {version}" + (" · 逾期报送" if late else ""),
        picture=Attachment("annex1.png", subject, version, f"{name}.png"),
        files=(Attachment("annex1.xlsx", subject, version, f"{name}.xlsx"),),
        note="图片直接看，表格可以打印盖章。",
        subject=subject,
        version=version,
    )


def worksheet(project_name: str, round: MonitoringRound, due: str, subject: str) -> Card:
    """The form as a workbook to fill anywhere and send back."""
    name = f"附表1填报表_{safe(project_name)}_{round.label}.xlsx"
    return Card(
        name="tables.worksheet",
        title="填好发回来就行",
        lead=f"{project_name} · {due}",
        text="只填“本季填写”这一列。发回来以后，我把读到的逐项列给您核对，您点“确认提交”才算报送。",
        files=(Attachment("answers.xlsx", subject, 0, name),),
        buttons=(Button(f"fill:{subject}", "就在这里填"),),
        subject=subject,
    )


def safe(name: str) -> str:
    """A project name as part of a file name: letters, digits and hanzi only, at most 40."""
    return re.sub(r"[^\w\u4e00-\u9fff-]+", "", name)[:40] or "项目"


def none_filed(round: MonitoringRound) -> Card:
    """Nothing to print yet."""
    return Card(
        name="tables.none",
        title="还没有可以出的表",
        text=f"{round.label}的附表1报送以后才能出表。",
        buttons=(Button("fill", "去填报"), Button("status", "看进度")),
    )
