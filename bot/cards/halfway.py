"""What is said while 附表1 is open and what came is no answer to it."""

from __future__ import annotations

from bot.cards.card import Button, Card, Style, Tone


def not_filed(project_name: str, subject: str, revision: int, *, ready: bool) -> Card:
    """A nod to a form: the answers are kept, nothing was filed; ``ready`` when nothing is missing."""
    go_on = Button(f"fill:{subject}", "接着填", Style.PRIMARY)
    return Card(
        name="halfway.not_filed",
        title="还没有报送",
        lead=project_name,
        tone=Tone.WARN,
        text="核对没有问题，点“确认提交”才算报上。" if ready else "填过的都存着，还差几项，填完才能报。",
        buttons=(Button("submit", "确认提交", Style.PRIMARY),) if ready else (go_on,),
        subject=subject,
        version=revision,
    )


def lost(project_name: str, subject: str, lead: str) -> Card:
    """What came is no answer to the form that is open, and ``lead`` says so."""
    return Card(
        name="halfway.lost",
        title=lead,
        lead=f"正在填 {project_name}",
        text="照着回“支出201.35 1=36 2=930”这样一句，编号看卡片。\n"
        "原因、改进前面要写上“原因：”“改进：”。\n别的事回“帮助”。",
        buttons=(Button(f"fill:{subject}", "接着填", Style.PRIMARY), Button("status", "进度")),
        subject=subject,
    )
