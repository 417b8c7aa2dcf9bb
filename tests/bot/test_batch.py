"""Lines of chat as answers, tame and hostile: what is read, what is said back as unread, and that nothing breaks."""

import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.batch import LIKELIHOOD_WORDS, parse_batch

TEN = frozenset(range(1, 11))


def a(position: int, text: str) -> tuple[str, str]:
    return f"actual.{position}", text


#: line -> pairs, unread
READ = {
    # how people write
    "1=36 2=930": ([a(1, "36"), a(2, "930")], []),
    "1 36 2 930": ([a(1, "36"), a(2, "930")], []),
    "1:36": ([a(1, "36")], []),
    "1：36；2：930": ([a(1, "36"), a(2, "930")], []),
    "1=36,2=930，3同": ([a(1, "36"), a(2, "930"), a(3, "同")], []),
    "1=36、2=930。": ([a(1, "36"), a(2, "930。")], []),
    "支出201.35 到位256": ([("spent", "201.35"), ("arrived", "256")], []),
    "支出：201.35万元": ([("spent", "201.35万元")], []),
    "支出 201.35 万元": ([("spent", "201.35万元")], []),
    "支出市级20 支出（区级）36.5 支出(中央)1": (
        [("spent.municipal", "20"), ("spent.district", "36.5"), ("spent.central", "1")],
        [],
    ),
    "支出 市级60 区级95 1=36": ([("spent.municipal", "60"), ("spent.district", "95"), a(1, "36")], []),
    "市级60，区级：95": ([("spent.municipal", "60"), ("spent.district", "95")], []),
    "9达成 区级3个基地": ([a(9, "达成区级3个基地")], []),
    "9达成，覆盖；已验收 2=930,套": ([a(9, "达成，覆盖，已验收"), a(2, "930，套")], []),
    "2 930 套": ([a(2, "930套")], []),
    "3同 4 同上": ([a(3, "同"), a(4, "同上")], []),
    "5 9月15日": ([a(5, "9月15日")], []),
    "5=2026-09-15": ([a(5, "2026-09-15")], []),
    "9达成，已覆盖全部村 6未完成": ([a(9, "达成，已覆盖全部村"), a(6, "未完成")], []),
    # likelihoods
    "2=930可能性小": ([a(2, "930"), ("likely.2", "可能性小")], []),
    "2=930 可能性小": ([a(2, "930"), ("likely.2", "可能性小")], []),
    "2 930 小": ([a(2, "930"), ("likely.2", "小")], []),
    "可能2=大 可能10：不可能": ([("likely.2", "大"), ("likely.10", "不可能")], []),
    # texts
    "原因：招标晚 改进：11月底前到货": ([("reason", "招标晚"), ("plan", "11月底前到货")], []),
    "1=36 原因：招标晚，\n设备未到": ([a(1, "36"), ("reason", "招标晚，\n设备未到")], []),
    "1=36 原因": ([a(1, "36原因")], []),
    "说明：支出含预付款 200 万元": ([("note", "支出含预付款 200 万元")], []),
    # N01, N02: full-width, thousands
    "１＝３６": ([a(1, "３６")], []),
    "１０：２": ([a(10, "２")], []),
    "１＝３６，２＝９３０": ([a(1, "３６"), a(2, "９３０")], []),
    "１　３６　２　９３０": ([a(1, "３６"), a(2, "９３０")], []),
    "可能２＝大": ([("likely.2", "大")], []),
    "支出1,234.5": ([("spent", "1,234.5")], []),
    "支出１，２３４.５ 1=2": ([("spent", "１，２３４.５"), a(1, "2")], []),
    "2=12,34": ([a(2, "12,34")], []),
    # tabs and line breaks are blanks
    "1=36\t2=930\r\n3同": ([a(1, "36"), a(2, "930"), a(3, "同")], []),
    # N11: what nobody can see
    "1\u200b=\u202e36": ([a(1, "36")], []),
    "\ufeff支出201.35": ([("spent", "201.35")], []),
    # said back, never guessed
    "1=36 1=40": ([a(1, "36"), a(1, "40")], []),
    "12=3": ([], ["12=3"]),
    "0=3": ([], ["0=3"]),
    "1=36 99=2": ([a(1, "36")], ["99=2"]),
    "1 36 37": ([a(1, "36")], ["37"]),
    "1 36 2": ([a(1, "36")], ["2"]),
    "支出": ([], ["支出"]),
    "1=36 可能3": ([a(1, "36")], ["可能3"]),
    "1=": ([], ["1="]),
    "٣=5": ([], ["٣=5"]),
    "你好 1=36": ([a(1, "36")], ["你好"]),
    "": ([], []),
    " ,，;；、\n\t　": ([], []),
    "=": ([], ["="]),
    "'; DROP TABLE figure; --": ([], ["'", "DROP", "TABLE", "figure", "--"]),
    "<script>alert(1)</script>": ([], ["<script>alert(1)</script>"]),
    "1=<b>36</b>": ([a(1, "<b>36</b>")], []),
}


@pytest.mark.parametrize(("line", "pairs", "unread"), [(k, *v) for k, v in READ.items()], ids=ascii)
def test_a_line_is_read(line, pairs, unread):
    found = parse_batch(line, TEN)
    assert (list(found.pairs), list(found.unread)) == (pairs, unread)


def test_a_number_is_a_position_only_where_there_is_one():
    assert parse_batch("3=1", frozenset({1, 2})).unread == ("3=1",)
    assert parse_batch("60=1", frozenset(range(1, 61))).pairs == (("actual.60", "1"),)


TOKENS = st.sampled_from(
    [
        "1",
        "2=",
        "=",
        "３",
        "：",
        "同",
        "支出",
        "到位",
        "可能1",
        "原因：",
        "大",
        "确定能",
        "1,2",
        "，",
        "\n",
        " ",
        "万",
        "\u202e",
    ]
)


@given(st.one_of(st.text(max_size=300), st.lists(TOKENS, max_size=60).map("".join)))
def test_any_line_is_taken_apart(line):
    found = parse_batch(line, TEN)
    assert all(key and isinstance(text, str) for key, text in found.pairs)
    assert all(word.strip() for word in found.unread)


@given(st.lists(st.tuples(st.sampled_from(sorted(TEN)), st.integers(0, 10**9)), max_size=20))
def test_what_is_written_plainly_is_read_exactly(answers):
    for line in (
        " ".join(f"{p}={v}" for p, v in answers),
        "；".join(f"{p}：{v}" for p, v in answers),
        " ".join(f"{p} {v}" for p, v in answers),
        ",".join(f"{p}={v}" for p, v in answers),
    ):
        assert list(parse_batch(line, TEN).pairs) == [a(p, str(v)) for p, v in answers]
        assert parse_batch(line, TEN).unread == ()


WIDE = str.maketrans(string.digits + "=,", "０１２３４５６７８９＝，")


@given(st.lists(st.tuples(st.sampled_from(sorted(TEN)), st.integers(0, 999)), max_size=9))
def test_n01_full_width_is_the_same_line(answers):
    line = ",".join(f"{p}={v}" for p, v in answers)
    wide = parse_batch(line.translate(WIDE), TEN)
    assert [(k, int(v)) for k, v in wide.pairs] == [(f"actual.{p}", v) for p, v in answers]


@given(st.sampled_from(sorted(LIKELIHOOD_WORDS)), st.sampled_from(sorted(TEN)))
def test_every_word_for_a_likelihood_is_taken(word, position):
    assert parse_batch(f"{position}=5 {word}", TEN).pairs == (a(position, "5"), (f"likely.{position}", word))


#: 200,000 characters each; a quadratic reader takes minutes for these.
LONG = {
    "one word": "甲" * 200_000,
    "digits": "9" * 200_000,
    "only separators": " ，；\n" * 50_000,
    "commas in numbers": "1," * 100_000,
    "words after a value": "1=2 " + "乙 " * 100_000,
    "unread words": "丙 " * 100_000,
    "answers": "1=2 " * 50_000,
    "texts": "原因：" * 60_000,
    "blanks after a word": "原因" + " " * 200_000,
    "nearly a likelihood": "1=" + "可能性" * 60_000,
    "equals": "1" + "=" * 200_000,
}


@pytest.mark.parametrize("line", LONG.values(), ids=LONG)
def test_n10_long_lines_take_no_time(line):
    begun = time.perf_counter()
    parse_batch(line, TEN)
    assert time.perf_counter() - begun < 5


def test_n20_ten_thousand_characters_of_reason_arrive_whole():
    long = "因招标流标两次重新组织采购" * 800
    assert parse_batch(f"1=36 原因：{long}", TEN).pairs[1] == ("reason", long)
