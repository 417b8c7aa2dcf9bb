"""What units write as 已完成情况 against each kind of target (DOMAIN §1.3, §3.3; RELIABILITY N01–N12)."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regulation.actuals import attainment, parse_actual
from regulation.amounts import Question
from regulation.problems import Problem
from regulation.targets import parse_target

TAKEN = (
    ("≥266米", "≥266米", "266"),
    ("≥50厘米", "≥ 50 厘米", "50"),
    ("≥95%", "98%", "98"),
    ("≥95%", "98", "98"),
    ("≥95%", "９８．５％", "98.5"),  # N01
    ("≥95%", "96%以上", "96"),
    ("≥95%", "0.98%", "0.98"),
    ("≥95%", "满意度98%", "Q98"),
    ("≤5%", "0.3", "0.3"),
    ("≤0%", "0%", "0"),
    ("≤0%", "-1.5%", "-1.5"),
    ("=100%", "100", "100"),
    ("≥100百分比", "100%", "100"),
    ("≥0.97比例", "0.98", "0.98"),
    ("≥48间", "36 间", "36"),
    ("≥48间", "36.0", "36"),
    ("≥48间", "已完成36间", "36"),
    ("≥48间", "累计完成36", "36"),
    ("≥48间", "0", "0"),
    ("≥48间", "-0", "0"),  # N09
    ("≥48间", "3\u200b6", "36"),  # N11
    ("≥1000人", "1,234人", "1234"),  # N02
    ("≥1000㎡", "800平方米", "800"),
    (">=101人/次", "69人次", "69"),
    ("≤90万元", "10.5万元", "10.5"),
    ("≤90万元", "8.5万", "8.5"),
    ("<24小时", "12个小时", "12"),
    ("≤28.40/株", "28.4元/株", "28.4"),
    ("17元/人.每天", "17元/人.每天", "17"),
    ("80000", "36000", "36000"),
    ("1次/月", "1次/月", "1"),
    ("2023年12月31日", "2026年9月15日", "2026-09-15"),
    ("2023年12月31日", "2026/9/15", "2026-09-15"),
    ("11月底前", "9月15日", "2026-09-15"),
    ("11月底前", "于9月15日完成", "2026-09-15"),
    ("11月底前", "已完成", "已完成"),
    ("11月底前", "按期完成。", "已完成"),
    ("11月底前", "正在实施", "未完成"),
    ("2023-12-31", "2023-12-31", "2023-12-31"),
    ("显著提升", "达成", "达成"),
    ("显著提升", "达成，效果明显", "达成，效果明显"),
    ("显著提升", "部分达成: 还差两个村", "部分达成，还差两个村"),
    ("显著提升", "达成预期指标", "达成"),
    ("显著提升", "部分达成预期指标并具有一定效果", "部分达成"),
    ("显著提升", "未达成预期指标且效果较差", "未达成"),
    ("显著提升", "显著提升", "显著提升"),
    ("显著提升", "=1+1", "=1+1"),  # N12
    ("定性好坏", "好坏", "好坏"),
    ("按月安排", "达成", "达成"),
    ("各 1 次", "各1次", "各1次"),
    ("", "已做完", "已做完"),
)

ASKED = (
    ("≤90万元", "105000元", "10.5", "105000元 = 10.5 万元，对吗？"),
    ("≤90万元", "1.2亿", "12000", "1.2亿 = 12000 万元，对吗？"),
    ("≤90万元", "按合同10.5万元。", "10.5", "按合同10.5万元。 = 10.5 万元，对吗？"),
    ("<1681680元", "168万元", "1680000", "168万元 = 1680000 元，对吗？"),
    ("≥48间", "三十六间", "36", "三十六间 = 36 间，对吗？"),
    ("≥230个", "230人", "230", "230人 = 230 个，对吗？"),
    ("≥1000人", "0.12万人", "1200", "0.12万人 = 1200 人，对吗？"),
    ("≥3.2公里", "3200米", "3.2", "3200米 = 3.2 公里，对吗？"),
    ("≥95%", "百分之九十六", "96", "百分之九十六 = 96%，对吗？"),
    ("≥95%", "0.98", "98", "0.98 是 98% 吗？"),
    ("≥95%", "1", "100", "1 是 100% 吗？"),
    ("≥0.97比例", "98%", "0.98", "98% = 0.98比例，对吗？"),
    ("=100", "100%", "100", "100% = 100，对吗？"),
    ("11月底前", "9月底", "2026-09-30", "“9月底”按 2026年9月30日 完成记，对吗？"),
    ("2023年12月31日", "2023年12月31日", "已完成", "“2023年12月31日”和年度目标一样，是已经完成了吗？"),
    ("11月底前", "预计10月30日完成", "未完成", "“预计10月30日完成”是还没有完成吗？"),
    ("显著提升", "基本达成", "达成", "“基本达成”按“达成”记，对吗？"),
)

REFUSED = (
    ("≥95%", "28.8万元", "actual.unit"),
    ("≤90万元", "40%", "actual.unit"),
    ("≥48间", "36%", "actual.unit"),
    ("≥3公顷", "2亩", "actual.unit"),
    ("1次/月", "9次", "actual.unit"),
    ("≥48间", "", "actual.empty"),
    ("11月底前", " \u200b", "actual.empty"),
    ("显著提升", "　", "actual.empty"),
    ("≥48间", "/", "actual.number"),
    ("≥48间", "无", "actual.number"),
    ("≥48间", "约36", "actual.number"),
    ("≥48间", "36左右", "actual.number"),
    ("≥48间", "还差12间", "actual.number"),
    ("≥48间", "计划36间", "actual.number"),
    ("≥48间", "12,34", "actual.number"),
    ("≥48间", "12 34", "actual.number"),
    ("≥48间", "NaN", "actual.number"),
    ("≥48间", "1e3", "actual.number"),
    ("≥48间", "=1+1", "actual.number"),
    ("≥48间", "①", "actual.number"),
    ("≥48间", "达成预期指标", "actual.number"),
    ("≥48间", "9999999999", "actual.number"),
    ("≥48间", "9" * 5000, "actual.number"),
    ("≤90万元", "按进度执行,已使用约40%", "actual.number"),
    ("≥48间", "-3", "actual.negative"),
    ("11月底前", "60%", "actual.date"),
    ("11月底前", "2026年2月30日", "actual.date"),
    ("显著提升", "机密★", "text.classified"),  # A07
    ("显著提升", "好" * 2001, "text.long"),  # N20
)


def ids(cases: tuple[tuple[str, ...], ...]) -> list[str]:
    return [f"{case[0]}|{case[1][:10]!a}" for case in cases]


@pytest.mark.parametrize(("target", "text", "canonical"), TAKEN, ids=ids(TAKEN))
def test_an_answer_is_kept_in_the_targets_own_unit(target: str, text: str, canonical: str) -> None:
    read = parse_actual(text, parse_target(target), year=2026)
    shown = f"Q{read.proposed}" if isinstance(read, Question) else read
    assert shown == canonical


@pytest.mark.parametrize(("target", "text", "proposed", "question"), ASKED, ids=ids(ASKED))
def test_a_reading_that_took_a_decision_is_read_back(
    target: str, text: str, proposed: str, question: str
) -> None:
    assert parse_actual(text, parse_target(target), year=2026) == Question(proposed, question)


@pytest.mark.parametrize(("target", "text", "code"), REFUSED, ids=ids(REFUSED))
def test_what_cannot_be_used_is_refused(target: str, text: str, code: str) -> None:
    read = parse_actual(text, parse_target(target), year=2026)
    assert isinstance(read, Problem)
    assert read.code == code


def test_a_refusal_names_the_target_and_gives_an_example_that_is_not_the_target() -> None:
    read = parse_actual("28.8万元", parse_target("≥95%"))
    assert read == Problem("actual.unit", "“28.8万元”的单位和年度目标“≥95%”对不上。请按%写，例如 92%。")


def test_a_day_without_its_year_needs_one() -> None:
    target = parse_target("11月底前")
    assert parse_actual("9月15日", target, year=2026) == "2026-09-15"
    unknown = parse_actual("9月15日", target)
    assert isinstance(unknown, Problem)
    assert "年9月15日" in unknown.text


def test_a_target_that_contradicts_its_name_still_checks_the_unit() -> None:
    target = parse_target(">=100%", "质量指标", "逾期发放率")
    assert parse_actual("3%", target) == "3"
    assert isinstance(parse_actual("3万元", target), Problem)


@pytest.mark.parametrize(
    ("actual", "level"),
    [
        ("达成", "达成"),
        ("达成，效果明显", "达成"),
        ("部分达成，还差两个村", "部分达成"),
        ("未达成", "未达成"),
        ("好坏", None),
        ("达成率高", None),
    ],
)
def test_the_level_at_the_head_of_a_qualitative_answer(actual: str, level: str | None) -> None:
    assert attainment(actual) == level


TARGETS = tuple(
    parse_target(text)
    for text in (
        "≥95%",
        "≥48间",
        "≤90万元",
        "1次/月",
        "=100",
        "≥0.97比例",
        "11月底前",
        "2026-12-31",
        "显著提升",
        "各1次",
        "≤5%",
    )
)
PIECES = (
    *"0123456789.,%-≥=一二十点万元间人次/每年月日号",
    *(
        "达成",
        "部分达成",
        "，",
        " ",
        "\n",
        "已完成",
        "约",
        "机密",
        "2026年",
        "9月15日",
        "元",
        "底",
        "未",
        "计划",
        "达到",
        "√",
    ),
)
ANSWERS = st.one_of(
    st.text(st.characters(categories=None)), st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
)


@settings(deadline=None)
@given(ANSWERS, st.sampled_from(TARGETS))
@example("\ud800", TARGETS[8])
@example("达成\n机密", TARGETS[8])
def test_no_text_breaks_the_reader_and_canonical_answers_read_back_as_themselves(
    text: str, target: object
) -> None:
    read = parse_actual(text, target, year=2026)  # type: ignore[arg-type]
    if isinstance(read, Problem):
        return
    if isinstance(read, Question):
        assert read.text.endswith("？")
        read = read.proposed
    again = parse_actual(read, target, year=2026)  # type: ignore[arg-type]
    slip = isinstance(again, Question) and again.text.endswith(
        "% 吗？"
    )  # 0.98% without its sign is asked about again
    assert again == read or slip
