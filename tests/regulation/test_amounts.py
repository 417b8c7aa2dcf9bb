"""Every way a clerk types money into a 万元 field (RELIABILITY N01–N12, N18)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regulation.amounts import Question, exact_wan, format_wan, parse_amount
from regulation.numerals import plain
from regulation.problems import Problem

ANY_TEXT = st.text(st.characters(categories=None))
MONEY_LIKE = st.text(st.sampled_from("0123456789,.，．-+%元万亿千百一二三十点零约/ =e_１２　"), max_size=24)

TAKEN = (
    ("N01", "１２３．４５", "123.45"),
    ("N01", "1，234.5", "1234.5"),
    ("N01", "　12.5　", "12.5"),
    ("N02", "1,234.5", "1234.5"),
    ("N02", "12,345,678.9", "12345678.9"),
    ("N07", "12.5万元", "12.5"),
    ("N07", "12.5 万元", "12.5"),
    ("N07", "12.5万", "12.5"),
    ("N07", "1,234万元。", "1234"),
    ("N07", "0元", "0"),
    ("N09", "-0", "0"),
    ("N09", "-0.00", "0"),
    ("N09", "0", "0"),
    ("N10", "999999999", "999999999"),
    ("N10", "38.766462", "38.766462"),
    ("N10", "007", "7"),
    ("N11", "1\u200b2", "12"),
    ("N11", "\u202e123\u202c", "123"),
    ("N11", "\ufeff12.5", "12.5"),
    ("N11", "\u200e1\u20662", "12"),
)

ASKED = (
    ("N07", "3200元", "0.32", "3200元 = 0.32 万元，对吗？"),
    ("N07", "105,000元", "10.5", "105,000元 = 10.5 万元，对吗？"),
    ("N07", "0.01元", "0.000001", "0.01元 = 0.000001 万元，对吗？"),
    ("N07", "1.3亿", "13000", "1.3亿 = 13,000 万元，对吗？"),
    ("N07", "1.3亿元", "13000", "1.3亿元 = 13,000 万元，对吗？"),
    ("N07", "5千元", "0.5", "5千元 = 0.5 万元，对吗？"),
    ("N07", "2百万", "200", "2百万 = 200 万元，对吗？"),
    ("N07", "5w", "5", "5w = 5 万元，对吗？"),
    ("N06", "一百二十万", "120", "一百二十万 = 120 万元，对吗？"),
    ("N06", "一百二十万元", "120", "一百二十万元 = 120 万元，对吗？"),
    ("N06", "壹佰贰拾万元整", "120", "壹佰贰拾万元整 = 120 万元，对吗？"),
    ("N06", "两百万", "200", "两百万 = 200 万元，对吗？"),
    ("N06", "三百万零五千元", "300.5", "三百万零五千元 = 300.5 万元，对吗？"),
    ("N06", "一点三亿", "13000", "一点三亿 = 13,000 万元，对吗？"),
    ("N06", "叁仟贰佰元整", "0.32", "叁仟贰佰元整 = 0.32 万元，对吗？"),
    ("N06", "一百二十三", "123", "一百二十三 按 123 万元记（不是 123 元），对吗？"),
    ("N06", "壹佰", "100", "壹佰 按 100 万元记（不是 100 元），对吗？"),
    ("N06", "十二点五", "12.5", "十二点五 按 12.5 万元记（不是 12.5 元），对吗？"),
    ("N06", "零", "0", "零 按 0 万元记（不是 0 元），对吗？"),
    ("sign", "+12", "12", "+12 = 12 万元，对吗？"),
    ("dot", ".5", "0.5", ".5 = 0.5 万元，对吗？"),
    ("dot", "12。5", "12.5", "12。5 = 12.5 万元，对吗？"),
)

REFUSED = (
    ("N02", "12,34", "amount.groups"),
    ("N02", "1234,567", "amount.groups"),
    ("N02", "0,123", "amount.groups"),
    ("N02", "1,,234", "amount.groups"),
    ("N03", "NaN", "amount.unreadable"),
    ("N03", "Infinity", "amount.unreadable"),
    ("N03", "inf", "amount.unreadable"),
    ("N03", "1e309", "amount.unreadable"),
    ("N03", "1e3", "amount.unreadable"),
    ("N04", "١٢٣", "amount.unreadable"),
    ("N04", "１e5", "amount.unreadable"),
    ("N04", "1_000", "amount.unreadable"),
    ("N04", "१२३", "amount.unreadable"),
    ("N05", "½", "amount.unreadable"),
    ("N05", "²", "amount.unreadable"),
    ("N05", "①", "amount.unreadable"),
    ("N06", "三成", "amount.vague"),
    ("N06", "约50", "amount.vague"),
    ("N06", "50左右", "amount.vague"),
    ("N06", "10-12", "amount.vague"),
    ("N06", "一百多万", "amount.vague"),
    ("N06", "五万三", "amount.unreadable"),
    ("N06", "二百五", "amount.unreadable"),
    ("N07", "12%", "amount.percent"),
    ("N07", "¥12", "amount.unreadable"),
    ("N07", "12人", "amount.unreadable"),
    ("N08", "-5", "amount.negative"),
    ("N08", "－5万元", "amount.negative"),
    ("N08", "−5元", "amount.negative"),
    ("N09", "", "amount.empty"),
    ("N09", " 　\n", "amount.empty"),
    ("N09", "\u200b", "amount.empty"),
    ("N09", "/", "amount.none"),
    ("N09", "无", "amount.none"),
    ("N09", "—", "amount.none"),
    ("N10", "9" * 400, "amount.long"),
    ("N10", "9" * 100, "amount.long"),
    ("N10", "1234567890", "amount.long"),
    ("N10", "1.1234567", "amount.long"),
    ("N10", "99999999亿", "amount.long"),
    ("N10", "0.001元", "amount.long"),
    ("N12", "=1+1", "amount.unreadable"),
    ("N12", "0.1+0.2", "amount.unreadable"),
    ("N12", "12 34", "amount.unreadable"),
    ("N12", "5.", "amount.unreadable"),
)


def ids(cases: tuple[tuple[str, ...], ...]) -> list[str]:
    return [f"{case[0]}-{case[1][:12]!a}" for case in cases]


@pytest.mark.parametrize(("case", "text", "value"), TAKEN, ids=ids(TAKEN))
def test_an_amount_in_wan_is_taken_exactly(case: str, text: str, value: str) -> None:
    read = parse_amount(text)
    assert isinstance(read, Decimal)
    assert plain(read) == value


@pytest.mark.parametrize(("case", "text", "proposed", "question"), ASKED, ids=ids(ASKED))
def test_another_unit_or_chinese_numerals_are_read_back(
    case: str, text: str, proposed: str, question: str
) -> None:
    assert parse_amount(text) == Question(proposed, question)


@pytest.mark.parametrize(("case", "text", "code"), REFUSED, ids=ids(REFUSED))
def test_what_is_no_amount_is_refused_with_an_example(case: str, text: str, code: str) -> None:
    read = parse_amount(text)
    assert isinstance(read, Problem)
    assert read.code == code
    assert "万元" in read.text
    assert any(digit in read.text for digit in "0123456789")


def test_n08_a_cut_may_be_negative_only_through_its_switch() -> None:
    assert parse_amount("-5", negative=True) == Decimal(-5)
    assert parse_amount("+5", negative=True) == Decimal(5)
    assert parse_amount("-3200元", negative=True) == Question("-0.32", "-3200元 = -0.32 万元，对吗？")
    refused = parse_amount("-5")
    assert isinstance(refused, Problem)
    assert refused.code == "amount.negative"


def test_the_digits_are_kept_as_written() -> None:
    assert str(parse_amount("12.50")) == "12.50"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2.345", "2.35"),
        ("2.344999", "2.34"),
        ("-2.345", "-2.35"),
        ("0.005", "0.01"),
        ("-0.001", "0.00"),
        ("1234567.8", "1,234,567.80"),
        ("999999999.999999", "1,000,000,000.00"),
        ("0", "0.00"),
    ],
)
def test_n18_shown_with_two_decimals_half_up(value: str, shown: str) -> None:
    assert format_wan(Decimal(value)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("38.766462", "38.766462"),
        ("1234.5", "1,234.50"),
        ("-0.5", "-0.50"),
        ("7", "7.00"),
        ("1E+3", "1,000.00"),
    ],
)
def test_every_digit_can_be_shown(value: str, shown: str) -> None:
    assert exact_wan(Decimal(value)) == shown


@settings(deadline=None)
@given(st.one_of(ANY_TEXT, MONEY_LIKE), st.booleans())
@example("\ud800", False)
@example("亿", False)
@example("点", False)
def test_no_text_breaks_the_reader(text: str, negative: bool) -> None:
    read = parse_amount(text, negative=negative)
    if isinstance(read, Question):
        assert read.text.endswith("？")
        read = Decimal(read.proposed)
    if isinstance(read, Decimal):
        assert abs(read) < 10**9
        assert negative or read >= 0
        assert "E" not in str(read)


@settings(deadline=None)
@given(st.decimals(0, 999_999_999, places=6))
def test_canonical_amounts_read_back_as_themselves(value: Decimal) -> None:
    again = parse_amount(plain(value))
    assert again == value
    assert isinstance(again, Decimal)
    assert plain(again) == plain(value)


@settings(deadline=None)
@given(st.decimals(0, 999_999_999, places=6))
def test_shown_amounts_are_within_half_a_cent_of_the_exact_ones(value: Decimal) -> None:
    shown = parse_amount(exact_wan(value))
    assert shown == value
    assert abs(Decimal(format_wan(value).replace(",", "")) - value) <= Decimal("0.005")
