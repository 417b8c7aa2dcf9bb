"""Which characters mean the same to a clerk, as one explicit table; NFKC is never used, it reads ² as 2 and ① as 1."""

from __future__ import annotations

import re

#: Characters nobody can see that a pasted text brings along: control characters other than line breaks and tabs,
#: direction marks and overrides, zero-width blanks, byte-order marks, tags, halves of broken pairs (N11, N21, N22).
HIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e"
    r"\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)

#: Joiners and variant marks: part of names and emoji in text (N19), noise inside a number.
JOINERS = re.compile(r"[\u200d\ufe00-\ufe0f]")

#: both: what no reader sees.
UNSEEN = re.compile(f"{HIDDEN.pattern}|{JOINERS.pattern}")

LINE_BREAKS = str.maketrans({"\r": "\n", "\u2028": "\n", "\u2029": "\n", "\t": " "})

#: Input-method variants of digits, signs and punctuation -> the plain character. Everything else stays as it is.
PLAIN = str.maketrans(
    {
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        **dict.fromkeys("．﹒", "."),
        **dict.fromkeys("，﹐", ","),
        **dict.fromkeys("－−﹣", "-"),
        **dict.fromkeys("＋﹢", "+"),
        **dict.fromkeys("％﹪", "%"),
        **dict.fromkeys("（﹙", "("),
        **dict.fromkeys("）﹚", ")"),
        **dict.fromkeys("＝═﹦", "="),
        **dict.fromkeys("＞﹥", ">"),
        **dict.fromkeys("＜﹤", "<"),
        **dict.fromkeys("≧⩾≮", "≥"),  # ≮ 不小于
        **dict.fromkeys("≦⩽≯", "≤"),  # ≯ 不大于
        **dict.fromkeys("～〜∼", "~"),
        **dict.fromkeys("\u3000\u00a0\u2002\u2003\u2009\u202f\t", " "),
        "／": "/",
        "：": ":",
        "；": ";",
        "＊": "*",
        "＃": "#",
    }
)


def fold(text: str) -> str:
    """The text without hidden characters, variants folded, trimmed: for reading, never for printing."""
    return JOINERS.sub("", HIDDEN.sub("", text)).translate(PLAIN).strip()


def clean_text(text: str) -> str:
    """The text to keep: no hidden characters, one kind of line break, trimmed; words and lines untouched (N11, N21)."""
    return HIDDEN.sub("", text.replace("\r\n", "\n").translate(LINE_BREAKS)).strip()


def shorten(text: str, limit: int = 16) -> str:
    """What a sentence repeats of somebody's text: one line, at most ``limit`` characters, the cut shown by …."""
    line = " ".join(clean_text(text[: limit * 8]).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
