"""One line of chat read as answers to the numbered questions of a form: ``支出201.35 1=36 2 930 3同 原因：招标晚``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from regulation.folding import PLAIN, clean_text
from regulation.roster import SOURCE_LABELS, AttainmentLikelihood

#: what a person writes in front of a text answer -> field key.
TEXT_WORDS = {
    "实施情况": "situation",
    "实施": "situation",
    "原因": "reason",
    "改进计划": "plan",
    "改进": "plan",
    "措施": "plan",
    "计划": "plan",
    "说明": "note",
}
#: what a person writes for a likelihood -> canonical value.
LIKELIHOOD_WORDS = {
    **{level.label: level.value for level in AttainmentLikelihood},
    "确定": AttainmentLikelihood.CERTAIN.value,
    "大": AttainmentLikelihood.LIKELY.value,
    "小": AttainmentLikelihood.UNLIKELY.value,
    "不能": AttainmentLikelihood.IMPOSSIBLE.value,
}
SAME = ("同", "同上", "同上季", "一样")

#: 支出市级, and 支出（市级） as the card itself writes it.
_MONEY = {"支出": "spent", "到位": "arrived"} | {
    f"{word}{left}{label}{right}": f"spent.{source.value}"
    for source, label in SOURCE_LABELS.items()
    for word, left, right in (("支出", "（", "）"), ("支出", "(", ")"), ("支出", "", ""))
}
_NAMED = "|".join(SOURCE_LABELS.values())
#: 支出 市级60 区级95: the word said once for all the sources after it; 市级60 区级95 alone.
_SPENDING = re.compile(rf"^\s*(?:支出[\s:：=]*)?(?=(?:{_NAMED})[\s:：=]*[0-9０-９])")
_SOURCE = re.compile(rf"(?:^|(?<=[\s,，;；、]))({_NAMED})(?=[\s:：=]*[0-9０-９])")
_TEXT = re.compile(rf"(?:^|(?<=[\s,，;；。]))({'|'.join(TEXT_WORDS)})\s*[:：=＝\s]\s*")
#: a comma between two digits belongs to the number (a wrong group of thousands is the parser's to refuse, N02)
#: unless an answer of its own follows it: ``1=36,2=930``, ``1=36,2同``.
_SEPARATOR = re.compile(r"([\s;；、]+|(?<!\d)[,，]|[,，](?!\d)|[,，](?=\d{1,2}[=＝:：同]))")
#: the keys are matched against the token with its signs and digits folded, so ``１＝３６`` is ``1=36``.
_WORD_KEY = re.compile(
    rf"({'|'.join(map(re.escape, sorted(_MONEY, key=len, reverse=True)))}|可能[0-9]{{1,2}})[=:]?(.*)",
    re.DOTALL,
)
_NUMBER_KEY = re.compile(
    r"([0-9]{1,2})(?:[=:](.*)|(同.*|达成.*|部分达成.*|未达成.*|已完成.*|未完成.*))", re.DOTALL
)
_BARE_KEY = re.compile(r"[0-9]{1,2}")
#: 改第2项 930, 第2项改成930; 1是36: how people say ``2=930``.
_SPOKEN = re.compile(r"(?:改一下|改|把)?第\s*(\d{1,2})\s*[项条]\s*(?:改成|改为|是|为|[=＝:：])?\s*(?=\S)")
_IS = re.compile(r"(?<![\d.])(\d{1,2})[是为](?=[\d同达部未已])")
_TAIL = re.compile(rf"(.+?)({'|'.join(level.label for level in AttainmentLikelihood)})")


@dataclass(frozen=True, slots=True)
class Batch:
    """(field key, text) pairs in the order written, and the words that belong to no question."""

    pairs: tuple[tuple[str, str], ...]
    unread: tuple[str, ...]


def parse_batch(line: str, positions: frozenset[int]) -> Batch:
    """The answers in a line; ``positions`` are the indicator numbers that exist."""
    numbers, texts = _split_texts(clean_text(line))
    if _SPENDING.match(numbers):
        numbers = _SOURCE.sub(r"支出\1", _SPENDING.sub("", numbers))
    numbers = _IS.sub(r"\1=", _SPOKEN.sub(r" \1=", numbers))
    reader = _Reader(positions)
    before, *rest = _SEPARATOR.split(numbers)
    for token, gap in zip((before, *rest[1::2]), ("", *rest[::2]), strict=True):
        reader.take(token, gap)
    return Batch((*reader.finished(), *texts), tuple(reader.unread))


def _split_texts(line: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    parts = _TEXT.split(line)
    found = zip(parts[1::2], parts[2::2], strict=True)
    return parts[0], tuple((TEXT_WORDS[word], text.strip(" ,，;；")) for word, text in found)


class _Reader:
    """Tokens to pairs. A key waits for its value; a word that is no key belongs to the value before it."""

    def __init__(self, positions: frozenset[int]) -> None:
        self.positions = positions
        self.pairs: list[tuple[str, list[str]]] = []
        self.unread: list[str] = []
        self.waiting: tuple[str, str] | None = None  # the key, and how it was written
        self.gap = ""  # what stood before the present token

    def take(self, token: str, gap: str) -> None:
        self.gap += gap
        if not token:
            return
        if self.waiting:
            self._value(self.waiting[0], token)
        elif not self._keyed(token):
            self._append(token)
        self.gap = ""

    def finished(self) -> list[tuple[str, str]]:
        if self.waiting:
            self.unread.append(self.waiting[1])
        return [(key, "".join(parts)) for key, parts in self.pairs]

    def _keyed(self, token: str) -> bool:
        key, value = self._split(token)
        if not key:
            return False
        if value:
            self._value(key, value)
        else:
            self.waiting = key, token
        return True

    def _split(self, token: str) -> tuple[str, str]:
        folded = token.translate(PLAIN)  # character by character, so what follows the key keeps its place
        if found := _WORD_KEY.fullmatch(folded):
            word = found[1]
            return (_MONEY.get(word) or f"likely.{int(word[2:])}"), token[found.start(2) :]
        if found := _NUMBER_KEY.fullmatch(folded):
            return self._position(found[1]), token[max(found.start(2), found.start(3)) :]
        if _BARE_KEY.fullmatch(folded):
            return self._position(folded), ""
        return "", ""

    def _position(self, digits: str) -> str:
        return f"actual.{int(digits)}" if int(digits) in self.positions else ""

    def _value(self, key: str, value: str) -> None:
        self.waiting = None
        tail = _TAIL.fullmatch(value) if key.startswith("actual.") else None
        if tail:
            self.pairs.append((key, [tail[1]]))
            self.pairs.append((key.replace("actual", "likely"), [tail[2]]))
        else:
            self.pairs.append((key, [value]))

    def _append(self, token: str) -> None:
        if not self.pairs:
            self.unread.append(token)
            return
        key, parts = self.pairs[-1]
        if token in LIKELIHOOD_WORDS and key.startswith("actual."):
            self.pairs.append((key.replace("actual", "likely"), [token]))
        elif _BARE_KEY.match(token.translate(PLAIN)):
            self.unread.append(token)
        else:
            pause = (
                "" if self.gap.isspace() else "，"
            )  # 930 套 is one number, 达成，已全覆盖 stays two phrases
            parts.append(pause + token)
