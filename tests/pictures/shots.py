"""What is photographed when: the lines ``# 拍 …`` of the story the manual is illustrated with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

STORY = Path(__file__).with_name("一季.chat")
FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
#: nobody taps these: the parts of the local 钉钉's page of card templates, by their place on the page.
PARTS = {
    "dingtalk-template-import": "#import, #templates .published",
    "dingtalk-template-variables": "#templates .variables",
    "dingtalk-template-components": "#templates .components",
    "dingtalk-template-preview": "#templates .preview",
}


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: of whose phone, how many of its newest cards, what is typed first; ``page``: the page around it."""

    name: str
    person: str
    cards: int = 1
    typed: tuple[str, ...] = ()
    page: bool = False

    @property
    def place(self) -> str:
        """Where it is taken: dingtalk, plain (钉钉 without a template), wecom, simulator."""
        return self.name.partition("-")[0]

    @property
    def path(self) -> Path:
        """Where the picture is kept."""
        return FOLDER / f"{self.name}.png"


def shot_of(comment: str) -> Shot | None:
    """``拍 dingtalk-form 张敏 填 256 36``; None for a comment that is only read."""
    if not comment.startswith("拍 "):
        return None
    _, name, person, *more = comment.split()
    told, _, typed = " ".join(more).partition("填")
    cards = next((int(word[:-1]) for word in told.split() if word.endswith("张")), 1)
    return Shot(name, person, cards, tuple(typed.split()), "整页" in told)


def shots() -> list[Shot]:
    """Every picture of the story, in its order."""
    lines = STORY.read_text(encoding="utf-8").splitlines()
    found = (shot_of(line[1:].strip()) for line in lines if line.startswith("#"))
    return [shot for shot in found if shot]
