"""Every target string of the domain sample and its relatives, read as a person would read it (DOMAIN §3.3)."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulation.moments import Moment, read_moment
from regulation.targets import (
    Confidence,
    Direction,
    Kind,
    Operator,
    Target,
    due_in,
    parse_target,
)
from regulation.units import Family, convert, countable, family

WORDS = {
    Direction.HIGHER_BETTER: "正向",
    Direction.LOWER_BETTER: "反向",
    Direction.QUALITATIVE: "定性",
}
with Path(__file__).with_name("targets_cases.tsv").open(encoding="utf-8", newline="") as table:
    CASES = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))

PIECES = (
    *"≥≤=<>%万元亩个人次年月日/每约以上下内-~.,，0123456789",
    *(
        "≧",
        "＞＝",
        "95%",
        "290%",
        "万元",
        "不少于",
        "控制在",
        "以内",
        "左右",
        "2026年",
        "11月底前",
        "每月",
        "百分之",
        "九十",
    ),
    *(
        "定性",
        "优",
        "良好",
        "达到",
        "投诉",
        "合格率",
        "人/次",
        "元/亩",
        "**",
        "(",
        ")",
        " ",
        "完成",
        "三",
        "季度",
    ),
)
ANY_TEXT = st.one_of(
    st.text(st.characters(categories=None)), st.lists(st.sampled_from(PIECES), max_size=9).map("".join)
)
LEVELS = st.sampled_from(
    (None, "数量指标", "质量指标", "时效指标", "成本指标", "社会效益指标", "服务对象满意度指标")
)
NAMES = st.sampled_from(
    (
        None,
        "投诉件数",
        "验收合格率",
        "逾期率",
        "培训人次(人次)",
        "成活率(≥**%)",
        "总成本(≤**万元)",
        "在校生人数",
        "补助标准",
        "射程",
    )
)


@pytest.mark.parametrize("case", CASES, ids=[f"{case['text'][:16]}|{case['name'][:8]}" for case in CASES])
def test_a_target_as_offices_write_it(case: dict[str, str]) -> None:
    target = parse_target(case["text"], case["level2"] or None, case["name"] or None)
    assert target.text == case["text"]
    assert {
        "operator": target.operator or "",
        "value": "" if target.value is None else str(target.value),
        "unit": target.unit,
        "direction": WORDS[target.direction],
        "kind": str(target.kind),
        "confidence": str(target.confidence),
        "due": target.due.isoformat() if target.due else "",
    } == {key: case[key] for key in ("operator", "value", "unit", "direction", "kind", "confidence", "due")}


def test_the_table_holds_the_sample_and_sixty_relatives() -> None:
    assert len(CASES) >= 104 + 60
    assert {case["kind"] for case in CASES} == {str(kind) for kind in Kind}
    assert {case["confidence"] for case in CASES} == {str(confidence) for confidence in Confidence}


@pytest.mark.parametrize(
    ("text", "operator", "kind"),
    [
        ("≥95%", Operator.GE, Kind.LEVEL),
        ("≤90万元", Operator.LE, Kind.CAP),
        ("=8个", Operator.EQ, Kind.CUMULATIVE),
        (">=17600株", Operator.GE, Kind.CUMULATIVE),
        ("<24小时", Operator.LT, Kind.LEVEL),
        ("95%以上", Operator.GE, Kind.LEVEL),
        ("不少于12种", Operator.GE, Kind.CUMULATIVE),
    ],
)
def test_a_written_sign_with_a_known_unit_is_sure_without_any_name(
    text: str, operator: Operator, kind: Kind
) -> None:
    target = parse_target(text)
    assert (target.operator, target.kind, target.confidence) == (operator, kind, Confidence.SURE)


@pytest.mark.parametrize("text", ["95%", "8个", "20万元", "24小时", "17元/人", "0起", "168"])
def test_a_sign_we_supplied_is_always_shown_to_the_person(text: str) -> None:
    assert parse_target(text).confidence is Confidence.ASSUMED


def test_n11_hidden_characters_are_not_part_of_a_target_but_the_text_stays_verbatim() -> None:
    target = parse_target("≥9\u200b5\ufeff%")
    assert (target.value, target.unit) == (Decimal(95), "%")
    assert target.text == "≥9\u200b5\ufeff%"


def test_prose_is_judged_by_a_person_however_long() -> None:
    assert parse_target("提升服务水平，" * 100).kind is Kind.QUALITATIVE
    assert parse_target("提升服务水平，" * 100).confidence is Confidence.SURE
    assert parse_target("开展活动5场，" * 100).confidence is Confidence.ASSUMED


@settings(deadline=None)
@given(ANY_TEXT, LEVELS, NAMES)
def test_no_text_breaks_the_reader_and_no_reading_contradicts_itself(
    text: str, level2: str | None, name: str | None
) -> None:
    target = parse_target(text, level2, name)
    assert target.text == text
    assert (target.value is None) == (target.operator is None)
    if target.value is None:
        assert target.unit == ""
        assert target.kind in (Kind.DATE, Kind.FREQUENCY, Kind.QUALITATIVE, Kind.UNREADABLE)
    if target.operator in (Operator.LE, Operator.LT):
        assert target.direction is Direction.LOWER_BETTER
    if target.kind is Kind.CAP:
        assert target.direction is Direction.LOWER_BETTER
    if target.kind is Kind.CUMULATIVE:
        assert target.direction is Direction.HIGHER_BETTER
    if target.kind is Kind.UNREADABLE:
        assert target.confidence is Confidence.NONE
    assert target.due is None or target.kind is Kind.DATE


@settings(deadline=None)
@given(ANY_TEXT, LEVELS, NAMES)
def test_sure_is_only_said_of_numbers_whose_sign_is_written(
    text: str, level2: str | None, name: str | None
) -> None:
    target = parse_target(text, level2, name)
    if target.value is not None and target.confidence is Confidence.SURE:
        signs = "≥≤=<>≧＞＝" + "不至达控以超大小低少高多最等每内"
        assert any(sign in text for sign in signs)
        assert family(target.unit) not in (Family.NONE, Family.UNKNOWN) or target.kind is Kind.FREQUENCY


SIGNS = {"≥": Operator.GE, "＜＝": Operator.LE, "=": Operator.EQ, "大于": Operator.GT, "低于": Operator.LT}


@settings(deadline=None)
@given(
    st.sampled_from(sorted(SIGNS)),
    st.decimals(0, 10**8, places=2),
    st.sampled_from(("%", "万元", "人次", "亩", "元/亩", "小时")),
    st.sampled_from(("", " ")),
)
def test_sign_number_and_unit_come_back_as_written(sign: str, value: Decimal, unit: str, gap: str) -> None:
    target = parse_target(f"{sign}{gap}{value}{gap}{unit}")
    assert target.operator is SIGNS[sign]
    assert str(target.value) == str(value)
    assert target.unit == unit


DATES = (
    ("2023年12月31日", date(2023, 12, 31), True),
    ("2023-12-31 00:00:00", date(2023, 12, 31), True),
    ("2023/7/1", date(2023, 7, 1), True),
    ("2023年底", date(2023, 12, 31), True),
    ("2023年年底前", date(2023, 12, 31), True),
    ("11月底前", date(2026, 11, 30), True),
    ("十一月底前", date(2026, 11, 30), True),
    ("6月30日前", date(2026, 6, 30), True),
    ("6月底前完成", date(2026, 6, 30), True),
    ("二月底前", date(2026, 2, 28), True),
    ("三季度末前", date(2026, 9, 30), True),
    ("三季度内", date(2026, 9, 30), True),
    ("第三季度前", date(2026, 9, 30), False),
    ("上半年", date(2026, 6, 30), False),
    ("年底前", date(2026, 12, 31), True),
    ("年内", date(2026, 12, 31), True),
    ("全年", date(2026, 12, 31), False),
    ("12月前", date(2026, 12, 31), False),
    ("10月中旬", date(2026, 10, 20), False),
    ("2020年1月--2020年11月", date(2020, 11, 30), False),
    ("2020年1月至11月", date(2020, 11, 30), False),
    ("2023.07-2024.01", date(2024, 1, 31), False),
    ("1月1日至12月31日", date(2026, 12, 31), False),
    ("2026年1-12月", date(2026, 12, 31), False),
    ("2026年3-6月", date(2026, 6, 30), False),
    ("2024-2026年", date(2026, 12, 31), False),
    ("次年3月底前", date(2027, 3, 31), True),
    ("次年2月底前", date(2027, 2, 28), True),
)


@pytest.mark.parametrize(("text", "day", "sure"), DATES, ids=[case[0] for case in DATES])
def test_the_day_a_text_names_in_the_budget_year(text: str, day: date, sure: bool) -> None:
    target = parse_target(text)
    assert target.kind is Kind.DATE
    assert due_in(target, 2026) == day
    assert (target.confidence is Confidence.SURE) == sure


@pytest.mark.parametrize(
    "text",
    [
        "年",
        "12个月",
        "3年",
        "5-10",
        "按时完成",
        "2023年13月1日",
        "2月30日前",
        "0月",
        "3月0日",
        "1" * 60,
        "1900-2000",
        "2025-2026",
    ],
)
def test_what_names_no_day(text: str) -> None:
    assert read_moment(text) is None


def test_a_day_without_its_year_falls_due_only_in_a_year_that_has_it() -> None:
    leap = parse_target("2月29日前")
    assert leap.due is None
    assert due_in(leap, 2028) == date(2028, 2, 29)
    assert due_in(leap, 2026) is None
    assert Moment(None, 6).on() is None
    assert due_in(parse_target("≥95%"), 2026) is None


@pytest.mark.parametrize(
    ("unit", "found"),
    [
        ("%", Family.PERCENT),
        ("百分比", Family.PERCENT),
        ("比例", Family.PERCENT),
        ("万元", Family.MONEY),
        ("工作日", Family.DURATION),
        ("分", Family.STATE),
        ("人/次", Family.COUNT),
        ("万平方米", Family.COUNT),
        ("㎡", Family.COUNT),
        ("元/亩", Family.PER),
        ("/株", Family.PER),
        ("麻袋", Family.UNKNOWN),
        (" ", Family.NONE),
    ],
)
def test_units_know_their_family(unit: str, found: Family) -> None:
    assert family(unit) is found


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "there"),
    [
        ("3200", "元", "万元", "0.32"),
        ("0.97", "比例", "%", "97"),
        ("1.2", "万人", "人", "12000"),
        ("3200", "米", "km", "3.2"),
        ("1", "天", "小时", "24"),
        ("1", "亩", "平方米", None),
        ("5", "户", "人", None),
        ("1", "米", "万元", None),
        ("1", "分钟", "小时", None),  # not exact
    ],
)
def test_conversions_are_exact_or_not_made(value: str, unit: str, wanted: str, there: str | None) -> None:
    got = convert(Decimal(value), unit, wanted)
    assert got == (None if there is None else Decimal(there))


def test_counters_count_things_and_measures_measure() -> None:
    assert countable("户")
    assert not countable("平方米")
    assert not countable("万元")


def test_a_target_is_a_value() -> None:
    assert parse_target("≥95%") == Target(
        "≥95%", Operator.GE, Decimal(95), "%", Direction.HIGHER_BETTER, Kind.LEVEL, Confidence.SURE
    )
