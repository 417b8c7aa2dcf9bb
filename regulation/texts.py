"""The words a person writes into a form: cleaned, complete or refused, never cut (N20, N21, A07)."""

from __future__ import annotations

import re

from regulation.folding import clean_text, fold
from regulation.problems import Problem, problem

#: The longest 实施情况, 原因 or 改进计划 taken in; stated to the person, never cut silently (N20).
LONGEST = 2000

#: How a classified paper is marked: 秘密★10年, a mark alone on its line, 密级：机密, ×密〔2026〕3号 (第十七条, A07).
CLASSIFIED = re.compile(
    r"绝密|(?:机密|秘密)\s*[★☆*⭐✩]|密级\s*:?\s*(?:机密|秘密)|密(?:发|字|电)?\s*[〔\[［【(]\s*(?:19|20)\d\d"
    r"|^\s*(?:机密|秘密)\s*$",
    re.MULTILINE,
)


def looks_classified(text: str) -> bool:
    """Whether a text carries the mark of a classified paper; such text may not enter a chat platform (第十七条)."""
    return bool(CLASSIFIED.search(fold(text)))


def parse_text(text: str, *, label: str, least: int = 0) -> str | Problem:
    """The cleaned text of the field ``label``; a Problem when empty, shorter than ``least`` characters, longer than
    :data:`LONGEST` or marked as classified. With ``least`` 0 an empty text is fine."""
    if len(text) > 50 * LONGEST:
        return problem("text.long", label=label, count=len(text), most=LONGEST)
    words = clean_text(text)
    if not words:
        return problem("text.empty", label=label, least=least) if least else ""
    if len(words) > LONGEST:
        return problem("text.long", label=label, count=len(words), most=LONGEST)
    if looks_classified(words):
        return problem("text.classified", label=label)
    if len(words) < least:
        return problem("text.short", label=label, count=len(words), least=least)
    return words
