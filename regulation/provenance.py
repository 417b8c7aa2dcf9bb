"""What a department's cell rests on: the units' figures, and drafted sentences that know where they came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Source:
    """One figure or text of a unit's filed 附表1. ``key`` is a field key of regulation.annexes, or ``budget_current``,
    ``budget_initial`` for what the roster says; ``version`` is the filed version (0: roster), ``message`` the inbox
    message it was said in, ``cell`` the name of the cell on the printed form."""

    unit: str
    project_id: str
    project: str
    key: str
    cell: str
    value: str
    version: int
    message: str = ""

    @property
    def where(self) -> str:
        """``新桥小学《校舍安全改造》已支出资金 版本2``."""
        version = f" 版本{self.version}" if self.version else ""
        return f"{self.unit}《{self.project}》{self.cell}{version}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a narrative. ``source`` is the cell it was drafted from, None when the department wrote it;
    ``edited``: the department changed the drafted words; ``stale``: that cell has been filed anew since."""

    text: str
    source: Source | None = None
    edited: bool = False
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A narrative cell, sentence by sentence."""

    sentences: tuple[Sentence, ...] = ()

    @property
    def text(self) -> str:
        """As printed."""
        return "".join(sentence.text for sentence in self.sentences)

    @property
    def stale(self) -> tuple[Sentence, ...]:
        """The sentences whose source has changed since: marked △ wherever they are shown."""
        return tuple(sentence for sentence in self.sentences if sentence.stale)


def marked(sentences: Iterable[Sentence], versions: dict[str, int]) -> tuple[Sentence, ...]:
    """The sentences with ``stale`` true where the filed version of the source's project is another one now."""
    return tuple(
        replace(each, stale=versions.get(each.source.project_id, 0) != each.source.version)
        if each.source and each.source.version
        else replace(each, stale=False)
        for each in sentences
    )
