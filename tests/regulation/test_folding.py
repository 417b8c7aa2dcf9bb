"""Hidden characters, look-alikes and classified marks in what people paste (RELIABILITY N05, N11, N19–N22, A07)."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulation.actuals import parse_actual
from regulation.amounts import clean_text, parse_amount, parse_text
from regulation.folding import fold, shorten
from regulation.numerals import Fault, read_chinese, read_digits
from regulation.problems import Problem
from regulation.targets import parse_target
from regulation.texts import LONGEST, looks_classified

ANY_TEXT = st.text(st.characters(categories=None))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  好  ", "好"),
        ("第一行\r\n第二行\r第三行", "第一行\n第二行\n第三行"),
        ("甲\t乙", "甲 乙"),
        ("空\x00字\x0b符\x1f", "空字符"),  # N21
        ("看\u202e反\u2066了\u202c", "看反了"),  # N11
        ("\ufeff零\u200b宽", "零宽"),  # N11
        ("半\ud800个", "半个"),  # N22
        ("𠮷、䶮、👨\u200d👩\u200d👧", "𠮷、䶮、👨\u200d👩\u200d👧"),  # N19
        ("=1+1", "=1+1"),  # N12: literal in text
        ("½²①㎡", "½²①㎡"),  # N05: never folded
        ("\u2028", ""),
    ],
)
def test_n11_n21_n22_text_is_cleaned_but_its_words_are_kept(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@settings(deadline=None)
@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing_and_leaves_nothing_a_workbook_refuses(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    once.encode("utf-8")
    assert not any(ord(char) < 32 and char != "\n" for char in once)


def test_n05_folding_is_a_table_and_leaves_other_digits_alone() -> None:
    assert fold(" １２３．４５％ ＞＝ ") == "123.45% >="
    assert fold("²①½Ⅷ١㎡") == "²①½Ⅷ١㎡"


def test_a_sentence_repeats_only_the_head_of_what_was_typed() -> None:
    assert shorten("一" * 300) == "一" * 15 + "…"
    assert shorten(" 甲\n乙 ") == "甲 乙"


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("一百二十三", "123"),
        ("壹佰贰拾叁", "123"),
        ("两千", "2000"),
        ("三百万五千", "3005000"),
        ("二十点零五", "20.05"),
        ("〇", "0"),
        ("一二三", None),
        ("二〇二六", None),
        ("十十", None),
        ("三成", None),
        ("百", None),
        ("点五", None),
        ("一点二点三", None),
        ("一点十", None),
    ],
)
def test_n06_chinese_numerals_are_read_strictly(word: str, value: str | None) -> None:
    read = read_chinese(word)
    assert (None if read is None else str(read)) == value


@pytest.mark.parametrize(
    ("word", "fault"),
    [
        ("1" * 16, Fault.LONG),
        ("1" * 60, Fault.LONG),
        ("0." + "1" * 9, Fault.LONG),
        ("12,34", Fault.GROUPS),
        ("1.2.3", Fault.UNREADABLE),
        ("x" * 60, Fault.UNREADABLE),
        ("1 2", Fault.UNREADABLE),
    ],
)
def test_n02_n10_what_is_not_a_number_says_why(word: str, fault: Fault) -> None:
    assert read_digits(word) is fault


def refused(text: str, least: int = 0) -> str:
    read = parse_text(text, label="改进计划", least=least)
    assert isinstance(read, Problem)
    assert read.text.startswith("改进计划")
    return read.code


def test_n20_a_long_text_is_refused_with_its_length_and_never_cut() -> None:
    assert parse_text("字" * LONGEST, label="改进计划") == "字" * LONGEST
    read = parse_text("字" * (LONGEST + 1), label="改进计划")
    assert read == Problem("text.long", "改进计划有 2001 个字，最多 2000 个字。没有替您截短，请删减后再发。")
    assert refused("字" * 10_000) == "text.long"
    assert refused("字" * 1_000_000) == "text.long"


def test_a_required_text_may_be_neither_empty_nor_a_word() -> None:
    assert refused(" \u200b\n", least=10) == "text.empty"
    assert refused("正常", least=10) == "text.short"
    assert parse_text("", label="改进计划") == ""
    assert parse_text(" 已按计划推进采购工作 ", label="改进计划", least=10) == "已按计划推进采购工作"


@pytest.mark.parametrize(
    "text",
    [
        "机密★",
        "秘密★10年",
        "机 密\n秘密\n正文",
        "绝密资料",
        "密级：机密",
        "常财密〔2026〕5号",
        "秘密 ☆",
        "机\u200b密★",
        "密发[2026]3号",
    ],
)
def test_a07_a_classified_mark_keeps_the_text_out(text: str) -> None:
    assert looks_classified(text)
    assert refused(text) == "text.classified"


@pytest.mark.parametrize(
    "text",
    ["保守商业秘密", "严密组织实施", "加密设备12台", "密度〔每亩〕", "涉及个人秘密的已删除", "紧密型医共体"],
)
def test_a07_everyday_words_are_no_mark(text: str) -> None:
    assert not looks_classified(text)


HUGE = (
    "9",
    "一",
    "≥",
    " ",
    ",",
    "1,",
    "达到",
    "已",
    "截止到",
    "(≥**",
    "优1",
    "\u200b",
    "2026年",
    "每",
    "-",
    "\ud800",
    "万",
    "1次/",
)
READERS: tuple[Callable[[str], object], ...] = (
    parse_amount,
    parse_target,
    lambda text: parse_target(text, text, text),
    lambda text: parse_actual(text, parse_target("≥95%")),
    lambda text: parse_actual(text, parse_target("2026年12月31日")),
    lambda text: parse_actual(text, parse_target("显著提升")),
    lambda text: parse_text(text, label="改进计划", least=10),
    clean_text,
)


@pytest.mark.parametrize("piece", HUGE, ids=[ascii(piece) for piece in HUGE])
def test_n10_no_length_and_no_repetition_makes_reading_slow(piece: str) -> None:
    """Half a million characters and every length near a limit: each reader answers in far less than a second."""
    sizes = (*range(8, 64, 7), 190, 200, 201, 2000, 500_000)
    texts = [(piece * size)[:size] + end for size in sizes for end in ("", "x")]
    for reader in READERS:
        started = time.perf_counter()
        for text in texts:
            reader(text)
        assert time.perf_counter() - started < 3
