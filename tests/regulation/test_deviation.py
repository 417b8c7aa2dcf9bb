"""Judging: every rule of the table, on both sides of each line, and what a clerk reads when a line is crossed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_projects import CERTAIN, FINE, Q2, Q3, RULES, SCHOOL, TODAY, D, codes, figures, judged, of, one

from regulation.deviation import Level, judge, progress, suggest_likelihood
from regulation.parameters import read
from regulation.rates import Denominator
from regulation.roster import AttainmentLikelihood
from regulation.thresholds import parse_thresholds, thresholds_on

CERTAINLY, LIKELY, UNLIKELY, IMPOSSIBLE = AttainmentLikelihood
TOML = read("thresholds.toml")


def level_of(project, actual, round=Q3, on=TODAY):
    """``yellow``, ``red``, ``info`` or ``-`` for a project with a single indicator."""
    found = judged(project, figures(actuals={1: actual}), round, on)
    assert len(found) <= 1
    return found[0].level.value if found else "-"


def test_a_project_on_plan_has_no_findings():
    assert judged(SCHOOL, figures("256", "245", FINE, likelihoods=CERTAIN)) == ()


def test_nothing_reported_nothing_found():
    assert judged(SCHOOL, figures()) == ()


# ---------------------------------------------------------------- money


@pytest.mark.parametrize(
    ("spent", "round", "level"),
    [
        ("128", Q2, "-"),  # 40% is exactly 0.80 of the half year
        ("127.99", Q2, "yellow"),
        ("96", Q2, "yellow"),  # exactly 0.60
        ("95.99", Q2, "red"),
        ("192", Q3, "-"),  # 60% is exactly 0.80 of three quarters
        ("191.99", Q3, "yellow"),
        ("160", Q3, "yellow"),  # exactly 50%
        ("159.99", Q3, "red"),  # R9: under 50% at the end of the third quarter
        ("143", Q3, "red"),
    ],
)
def test_spending_against_time(spent, round, level):
    found = judged(of(), figures("320", spent), round)
    assert [f.level.value for f in found] == ([] if level == "-" else [level])


def test_slow_spending_reads_like_this():
    (found,) = judged(of(), figures("320", "185"))
    assert found.title == "支出 57.81%"
    assert found.sentence == "支出 185.00/320.00 万元，执行率 57.81%，时间已过 75%，偏慢。"
    assert found.formula == "预算执行率 = 已支出资金 185.00 ÷ 预算总额 320.00 × 100% = 57.81%"
    assert dict(found.numbers)["差距"] == "-17.19个百分点"
    assert found.threshold == "执行率低于序时进度的80%为黄，低于60%为红"
    assert (found.field, found.article, found.version) == ("spent", "第十条(一)", "2021-01-01")


def test_the_line_that_was_crossed_is_the_line_that_is_named():
    (floor,) = judged(of(), figures("320", "150"))  # 0.625 of time: only R9 makes it red
    (pace,) = judged(of(), figures("320", "100"))
    assert floor.threshold == "三季度执行率低于50%为红"
    assert "新北区" in floor.reference
    assert pace.threshold.startswith("执行率低于序时进度")


def test_no_spending_at_all_is_red_and_is_not_also_slow():
    (found,) = judged(of(), figures("320", "0"))
    assert codes((found,)) == [("money.zero", "red")]
    assert found.sentence == "预算 320.00 万元还没有支出，时间已过 75%。"


def test_n16_a_project_without_budget_is_not_judged_on_money():
    assert judged(of(budget="0"), figures("0", "0")) == ()
    assert judged(of(budget="0"), figures("0", "5")) == ()


@pytest.mark.parametrize(("arrived", "level"), [("176", "-"), ("175.99", "yellow"), ("320", "-")])
def test_funds_that_arrive_twenty_points_late(arrived, level):
    found = [f for f in judged(of(), figures(arrived, "310")) if f.field == "arrived"]
    assert [f.level.value for f in found] == ([] if level == "-" else [level])


def test_late_funds_read_like_this():
    (found,) = judged(of(), figures("100", "310"))
    assert found.sentence == "资金到位 100.00/320.00 万元（31.25%），时间已过 75%，慢了 43.75 个百分点。"


@pytest.mark.parametrize(
    ("initial", "level"), [("267", "-"), ("266", "yellow"), ("247", "yellow"), ("246", "red"), ("500", "red")]
)
def test_a_changed_budget_must_be_explained(initial, level):
    project = replace(of(), budget_initial=D(initial))
    found = judged(project, figures("320", "310"))
    assert codes(found) == ([] if level == "-" else [("money.adjustment", level)])


def test_the_denominator_is_a_parameter():
    rules = replace(RULES, denominator=Denominator.ARRIVED)
    assert judge(of(), Q3, figures("200", "150"), rules, TODAY) == ()
    (found,) = judge(of(), Q3, figures("250", "140"), rules, TODAY)
    assert found.sentence == "支出 140.00/250.00 万元，执行率 56.00%（按已到位资金算），时间已过 75%，偏慢。"


# ---------------------------------------------------------------- projects inside the year


def test_a_project_that_starts_in_april_is_judged_by_its_own_months():
    late = of(starts=date(2026, 4, 1))
    assert judged(late, figures("320", "90"), Q2) == ()  # 28% of 33%
    assert judged(of(), figures("320", "90"), Q2)[0].level is Level.RED
    (found,) = judged(late, figures("320", "60"), Q2)
    assert found.sentence.startswith("支出 60.00/320.00 万元，执行率 18.75%，计划期已过 33.3%")


def test_a_project_that_has_not_started_owes_nothing_yet():
    later = of(one("≥100个"), starts=date(2026, 10, 8))
    assert judged(later, figures("0", "0", {1: "0"})) == ()


def test_the_fixed_line_of_the_third_quarter_is_for_whole_years():
    late = of(starts=date(2026, 8, 1))
    assert judged(late, figures("320", "150")) == ()  # 47% spent, 40% of the plan's time


# ---------------------------------------------------------------- indicators, one table

CASES = [
    # counts grow with time
    ("≥2160套", "数量指标", "1296", "-"),  # exactly 0.80 of 75%
    ("≥2160套", "数量指标", "1295", "yellow"),
    ("≥2160套", "数量指标", "972", "yellow"),  # exactly 0.60
    ("≥2160套", "数量指标", "971", "red"),
    ("≥2160套", "数量指标", "0", "red"),
    ("≥2160套", "数量指标", "2160", "-"),
    ("≥2160套", "数量指标", "2591", "-"),
    ("≥2160套", "数量指标", "2592", "info"),  # exactly 1.20 of the year's target
    # levels are held against the target itself, in June as in September
    ("≥95%", "质量指标", "95", "-"),
    ("≥95%", "质量指标", "94.9", "yellow"),
    ("≥95%", "质量指标", "76", "yellow"),  # exactly 20% short
    ("≥95%", "质量指标", "75.9", "red"),
    ("＞90%", "质量指标", "90", "yellow"),
    ("＞90%", "质量指标", "90.1", "-"),
    # caps
    ("≤320万元", "成本指标", "288", "-"),  # exactly 90%
    ("≤320万元", "成本指标", "288.01", "yellow"),
    ("≤320万元", "成本指标", "320", "yellow"),
    ("≤320万元", "成本指标", "320.01", "red"),
    # qualitative words are the person's own judgement
    ("明显改善", "社会效益指标", "达成", "-"),
    ("明显改善", "社会效益指标", "部分达成", "yellow"),
    ("明显改善", "社会效益指标", "未达成", "red"),
    ("明显改善", "社会效益指标", "校门口设了隔离墩", "-"),
]


@pytest.mark.parametrize(("target", "level2", "actual", "level"), CASES)
def test_indicator_lines(target, level2, actual, level):
    assert level_of(of(one(target, level2)), actual) == level


@pytest.mark.parametrize(("actual", "level"), [("0", "-"), ("1", "red")])
def test_n16_a_target_of_zero_is_met_or_missed(actual, level):
    assert level_of(of(one("=0起", "质量指标", "安全事故数")), actual) == level


def test_satisfaction_is_never_prorated():
    """R2 as seen elsewhere would call 90% against ≥95% a success in June."""
    assert level_of(of(one("≥95%", "满意度指标", "家长满意度")), "90", Q2) == "yellow"


@pytest.mark.parametrize(
    ("actual", "level"), [("1100", "yellow"), ("1200", "-"), ("899", "red"), ("900", "yellow")]
)
def test_a_planned_stage_value_is_better_than_a_share_of_the_year(actual, level):
    planned = of(one("≥2160套", stage_q2=D("900"), stage_q3=D("1500")))
    assert level_of(planned, actual) == level


def test_the_stage_is_named():
    (found,) = judged(of(one("≥2160套", stage_q3=D("1500"))), figures(actuals={1: "800"}))
    assert found.sentence == "采购课桌椅完成 800/2160 套（37.0%），计划到9月底完成 1500 套，明显偏慢。"
    assert found.formula == "进度比 = 800 ÷ 阶段计划 1500 = 53.33%"


def test_a_slow_count_reads_like_this():
    (found,) = judged(of(one("≥2160套")), figures(actuals={1: "930"}))
    assert found.title == "采购课桌椅 43%"
    assert found.sentence == "采购课桌椅完成 930/2160 套（43.1%），时间已过 75%，明显偏慢。"
    assert found.formula == "进度比 = (930 ÷ 2160) ÷ 序时进度 75.00% = 57.41%"
    assert found.numbers == (
        ("已完成", "930套"),
        ("年度目标", "≥2160套"),
        ("完成率", "43.06%"),
        ("序时进度", "75.00%"),
        ("偏离度", "-42.59%"),
    )
    assert found.threshold == "完成进度低于应有进度的80%为黄，低于60%为红"
    assert (found.field, found.article) == ("actual.1", "第十条(二)")


@pytest.mark.parametrize(
    ("target", "level2", "name", "actual", "sentence"),
    [
        ("≥95%", "质量指标", "验收合格率", "90", "验收合格率目前 90%，低于年度目标 95%，相差 5.3%。"),
        ("≥95%", "质量指标", "验收合格率", "60", "验收合格率目前 60%，明显低于年度目标 95%，相差 36.8%。"),
        ("≤320万元", "成本指标", "项目总成本", "300", "项目总成本已到 300 万元，上限 320 万元，已用 93.8%。"),
        ("≤320万元", "成本指标", "项目总成本", "325", "项目总成本已到 325 万元，超过上限 320 万元。"),
        (
            "明显改善",
            "社会效益指标",
            "校园安全",
            "部分达成",
            "校园安全自评为部分达成，年度目标是“明显改善”。",
        ),
        (
            "≥48间",
            "数量指标",
            "改造教室",
            "60",
            "改造教室完成 60/48 间（125.0%），超出年度目标较多，目标可能定低了。",
        ),
    ],
)
def test_sentences(target, level2, name, actual, sentence):
    (found,) = judged(of(one(target, level2, name)), figures(actuals={1: actual}))
    assert found.sentence == sentence


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("actual", "on", "level"),
    [
        ("未完成", date(2026, 10, 30), "-"),
        ("未完成", date(2026, 10, 31), "yellow"),  # 30 days left
        ("未完成", date(2026, 11, 30), "yellow"),  # the last day
        ("未完成", date(2026, 12, 1), "red"),
        ("已完成", date(2026, 12, 1), "-"),
        ("2026-11-30", date(2026, 12, 1), "-"),
        ("2026-12-01", date(2026, 12, 1), "red"),
        ("2026-11-20", date(2026, 10, 9), "-"),  # a day still to come is a promise, not a deed
        ("2026-11-20", date(2026, 11, 10), "yellow"),
        ("2026-02-30", date(2026, 12, 1), "-"),  # nobody can read it: not judged
    ],
)
def test_dates(actual, on, level):
    assert level_of(of(one("2026年11月30日前", "时效指标", "完工时间")), actual, Q3, on) == level


@pytest.mark.parametrize(
    ("actual", "on", "sentence"),
    [
        ("未完成", date(2026, 11, 10), "完工时间应在11月30日（周一）前完成，还剩 20 天，还没有完成。"),
        ("未完成", date(2026, 11, 30), "完工时间应在11月30日（周一）前完成，今天到期，还没有完成。"),
        ("未完成", date(2026, 12, 9), "完工时间应在11月30日（周一）前完成，已过期 9 天，还没有完成。"),
        (
            "2026-12-03",
            date(2026, 12, 9),
            "完工时间应在11月30日（周一）前完成，实际12月3日（周四）完成，晚了 3 天。",
        ),
    ],
)
def test_dates_read_like_this(actual, on, sentence):
    (found,) = judged(
        of(one("2026年11月30日前", "时效指标", "完工时间")), figures(actuals={1: actual}), Q3, on
    )
    assert found.sentence == sentence


def test_a_day_to_come_is_a_plan_and_the_formula_says_what_the_sentence_says():
    (found,) = judged(
        of(one("2026年9月30日前", "时效指标", "完工时间")),
        figures(actuals={1: "2026-10-20"}),
        Q3,
        date(2026, 10, 8),
    )
    assert found.sentence == "完工时间应在9月30日（周三）前完成，已过期 8 天，还没有完成。"
    assert found.formula == "剩余天数 = 2026-09-30 − 2026-10-08 = -8 天"


def test_a_date_without_a_year_means_this_budget_year():
    found = judged(
        of(one("11月30日前", "时效指标", "完工时间")), figures(actuals={1: "未完成"}), Q3, date(2026, 12, 2)
    )
    assert [f.code for f in found] == ["indicator.date"]


# ---------------------------------------------------------------- readings nobody confirmed


def test_an_assumed_reading_is_at_most_yellow_and_says_how_it_was_read():
    (found,) = judged(of(one("2160套")), figures(actuals={1: "100"}))
    assert found.level is Level.YELLOW
    assert (
        found.sentence == "采购课桌椅完成 100/2160 套（4.6%），时间已过 75%，偏慢（按“不少于 2160套”理解）。"
    )


def test_an_assumed_period_says_until_when():
    period = one("2025年1月--2025年11月", "时效指标", "建设周期。")
    (found,) = judged(of(period), figures(actuals={1: "未完成"}))
    assert found.level is Level.YELLOW
    assert found.sentence == (
        "建设周期应在2025年11月30日（周日）前完成，已过期 313 天，还没有完成（按“2025年11月30日前完成”理解）。"
    )


@pytest.mark.parametrize("target", ["290%", "", "按月安排", "房屋设备、设施的管理到位"])
def test_what_cannot_be_read_is_not_judged(target):
    assert level_of(of(one(target)), "1") == "-"


# ---------------------------------------------------------------- forecasts and contradictions


def test_likelihood_is_a_finding_of_its_own():
    found = judged(SCHOOL, figures("256", "245", FINE, likelihoods={2: UNLIKELY, 7: IMPOSSIBLE}))
    assert codes(found) == [("likelihood.impossible", "red"), ("likelihood.unlikely", "yellow")]
    assert [f.field for f in found] == ["likely.7", "likely.2"]
    assert found[1].sentence == "采购课桌椅预计全年完成目标“可能性小”，要写清原因和改进办法。"


def test_an_expected_unlikely_adds_nothing_to_a_marked_figure():
    slow = {**FINE, 2: "930"}
    assert codes(judged(SCHOOL, figures("256", "245", slow, likelihoods={2: UNLIKELY}))) == [
        ("indicator.pace", "red")
    ]
    assert codes(judged(SCHOOL, figures("256", "245", slow, likelihoods={2: IMPOSSIBLE}))) == [
        ("indicator.pace", "red"),
        ("likelihood.impossible", "red"),
    ]


def test_certain_beside_red_asks_for_a_sentence():
    slow = {**FINE, 2: "930"}
    found = judged(SCHOOL, figures("256", "245", slow, likelihoods={2: CERTAINLY}))
    assert codes(found) == [("indicator.pace", "red"), ("contradiction.certain", "yellow")]
    assert found[1].sentence == "采购课桌椅的数据明显偏离目标，却选了“确定能”，请用一句话说明依据。"
    assert found[1].asks_note
    assert not found[0].asks_note


def test_certain_beside_yellow_is_nobodys_business():
    found = judged(SCHOOL, figures("256", "245", {**FINE, 2: "1290"}, likelihoods={2: CERTAINLY}))
    assert codes(found) == [("indicator.pace", "yellow")]


def test_work_done_but_not_paid():
    found = judged(SCHOOL, figures("256", "100", FINE))
    assert ("contradiction.money_behind", "yellow") in codes(found)
    sentence = next(f.sentence for f in found if f.asks_note)
    assert sentence == "产出达到应有进度的 100.0%，支出只有 41.7%，请用一句话说明钱为什么还没花出去。"


def test_paid_but_not_done():
    found = judged(SCHOOL, figures("320", "300", {**FINE, 1: "10", 2: "400"}))
    sentence = next(f.sentence for f in found if f.asks_note)
    assert sentence == "支出达到应有进度的 125.0%，产出只有 26.2%，请用一句话说明钱花在了哪里。"


def test_one_row_far_ahead_does_not_hide_one_that_stands_still():
    project = of(replace(one("≥100个"), position=1), replace(one("≥100个"), position=2))
    found = judged(project, figures("320", "300", {1: "500", 2: "0"}))
    assert "contradiction.output_behind" in [f.code for f in found]


# ---------------------------------------------------------------- the whole


def test_worst_first_then_in_the_order_of_the_form():
    mixed = {**FINE, 1: "60", 2: "930", 3: "94"}
    found = judged(SCHOOL, figures("100", "185", mixed, likelihoods={6: UNLIKELY}))
    assert [(f.level.value, f.field) for f in found] == [
        ("red", "actual.2"),
        ("yellow", "arrived"),
        ("yellow", "spent"),
        ("yellow", "actual.3"),
        ("yellow", "likely.6"),
        ("info", "actual.1"),
    ]


def test_article_15_2_is_advice_and_only_when_money_and_goals_are_both_far_off():
    both = judged(SCHOOL, figures("256", "50", {**FINE, 1: "5", 2: "100"}))
    assert [f.code for f in both if f.is_disposal_candidate] == ["money.pace"]
    assert both[0].article == "第十条(一)；建议研究是否适用第十五条(二)"
    only_money = judged(SCHOOL, figures("256", "50", FINE))
    assert not any(f.is_disposal_candidate for f in only_money)
    impossible = judged(SCHOOL, figures("256", "245", FINE, likelihoods={1: IMPOSSIBLE}))
    assert [f.is_disposal_candidate for f in impossible] == [True]


def test_article_15_2_remembers_procurement_under_way():
    project = replace(SCHOOL, has_ongoing_procurement=True)
    (found,) = judged(project, figures("256", "245", FINE, likelihoods={1: IMPOSSIBLE}))
    assert found.article.endswith("已开始执行的政府采购按采购程序办理")


def test_f08_a_corrected_figure_takes_its_finding_away():
    assert judged(SCHOOL, figures("256", "245", {**FINE, 2: "930"}))
    assert judged(SCHOOL, figures("256", "245", {**FINE, 2: "1930"})) == ()


def test_f09_an_actual_of_a_removed_indicator_is_left_alone():
    assert judged(of(one("≥100个")), figures(actuals={1: "90", 9: "0"})) == ()


@pytest.mark.parametrize("count", [0, 1, 60])
def test_f10_any_number_of_indicators(count):
    project = of(*(replace(one("≥100个"), position=n + 1) for n in range(count)))
    found = judged(project, figures(actuals={n + 1: "1" for n in range(count)}))
    assert len(found) == count


# ---------------------------------------------------------------- progress and suggestion


@pytest.mark.parametrize(
    ("target", "level2", "actual", "share"),
    [
        ("≥48间", "数量指标", "36", "0.75"),
        ("≥95%", "质量指标", "76", "0.8"),
        ("≤320万元", "成本指标", "160", None),
        ("明显改善", "社会效益指标", "达成", None),
        ("=0起", "质量指标", "0", None),
        ("≥48间", "数量指标", "很多", None),
    ],
)
def test_progress(target, level2, actual, share):
    assert progress(one(target, level2), actual) == (D(share) if share else None)


@pytest.mark.parametrize(
    ("target", "level2", "actual", "expected"),
    [
        ("≥2160套", "数量指标", "2160", CERTAINLY),
        ("≥2160套", "数量指标", "1620", CERTAINLY),  # on pace
        ("≥2160套", "数量指标", "1619", LIKELY),
        ("≥2160套", "数量指标", "1296", LIKELY),
        ("≥2160套", "数量指标", "1295", UNLIKELY),
        ("≥2160套", "数量指标", "0", UNLIKELY),  # late, but not yet impossible
        ("≥95%", "质量指标", "96", CERTAINLY),
        ("≥95%", "质量指标", "50", UNLIKELY),
        ("≤320万元", "成本指标", "200", CERTAINLY),
        ("≤320万元", "成本指标", "310", UNLIKELY),
        ("≤320万元", "成本指标", "321", IMPOSSIBLE),
        ("2026年11月30日前", "时效指标", "未完成", LIKELY),
        ("2026年10月20日前", "时效指标", "未完成", UNLIKELY),
        ("2026年9月30日前", "时效指标", "未完成", IMPOSSIBLE),
        ("2026年9月30日前", "时效指标", "2026-09-12", CERTAINLY),
        ("明显改善", "社会效益指标", "达成", CERTAINLY),
        ("明显改善", "社会效益指标", "部分达成", UNLIKELY),
        ("明显改善", "社会效益指标", "校门口设了隔离墩", None),
        ("290%", "数量指标", "90", None),
    ],
)
def test_suggested_likelihood(target, level2, actual, expected):
    assert suggest_likelihood(one(target, level2), Q3, actual, RULES, TODAY) is expected


def test_a_suggestion_counts_the_months_of_the_plan():
    indicator = one("≥100个")
    project = of(indicator, starts=date(2026, 7, 1))
    assert suggest_likelihood(indicator, Q3, "50", RULES, TODAY) is UNLIKELY
    assert suggest_likelihood(indicator, Q3, "50", RULES, TODAY, project=project) is CERTAINLY


@given(st.sampled_from(CASES), st.sampled_from([Q2, Q3]))
def test_what_is_suggested_is_never_a_contradiction(case, round):
    target, level2, actual, _ = case
    indicator = one(target, level2)
    said = suggest_likelihood(indicator, round, actual, RULES, TODAY)
    found = judged(of(indicator), figures(actuals={1: actual}, likelihoods={1: said} if said else {}), round)
    assert not any(f.asks_note for f in found)


# ---------------------------------------------------------------- never raises, always the same

ODD_TARGETS = (
    ("=0起", "质量指标"),
    ("11月底前", "时效指标"),
    ("1次/月", "数量指标"),
    ("2160", "数量指标"),
    ("≤5件", "满意度指标"),
    ("-3%", "经济效益指标"),
    ("290%", "质量指标"),
    ("", ""),
)
TARGETS = st.sampled_from([*(case[:2] for case in CASES), *ODD_TARGETS])
ACTUALS = (
    st.decimals(allow_nan=False, allow_infinity=False).map(str)
    | st.sampled_from(
        ["达成", "部分达成", "未达成", "已完成", "未完成", "2026-09-12", "2026-02-30", "", "NaN", "1_0"]
    )
    | st.dates().map(str)
    | st.text(max_size=30)
)
MONEY = st.none() | st.decimals(allow_nan=True, allow_infinity=True)


@settings(max_examples=400, deadline=None)
@given(
    targets=st.lists(TARGETS, max_size=4),
    actual=ACTUALS,
    money=st.tuples(MONEY, MONEY),
    said=st.none() | st.sampled_from(AttainmentLikelihood),
    round=st.sampled_from([Q2, Q3]),
    on=st.dates(),
    starts=st.none() | st.dates(),
    stage=st.none() | st.decimals(allow_nan=True, allow_infinity=True),
)
def test_n03_judging_never_raises_and_is_the_same_twice(
    targets, actual, money, said, round, on, starts, stage
):
    rows = [replace(one(t, l2), position=n, stage_q2=stage) for n, (t, l2) in enumerate(targets)]
    project = of(*rows, starts=starts)
    positions = range(len(rows))
    reported = replace(
        figures(actuals=dict.fromkeys(positions, actual)),
        arrived=money[0],
        spent=money[1],
        likelihoods=dict.fromkeys(positions, said) if said else {},
    )
    found = judged(project, reported, round, on)
    assert found == judged(project, reported, round, on)
    assert len({(f.code, f.field) for f in found}) == len(found)
    for finding in found:
        assert finding.sentence.endswith("。")
        assert "None" not in finding.sentence
        assert "NaN" not in finding.sentence
    for row in rows:
        progress(row, actual)
        suggest_likelihood(row, round, actual, RULES, on)


# ---------------------------------------------------------------- the dated lines


def test_a_new_value_does_not_change_the_past():
    stricter = TOML + '\n[[pace]]\nfrom = 2026-07-01\nreference = "测试通知"\nyellow = 0.90\nred = 0.70\n'
    all_ = parse_thresholds(stricter)
    assert [t.version for t in all_] == ["2021-01-01", "2026-07-01"]
    spent = figures("320", "135")  # 0.84 of half a year
    assert judge(of(), Q2, spent, thresholds_on(all_, Q2.last_day), TODAY) == ()
    (found,) = judge(of(), Q2, spent, thresholds_on(all_, Q3.last_day), TODAY)
    assert (found.version, found.reference) == ("2026-07-01", "测试通知")


def test_a_finding_names_the_date_of_its_own_rule():
    stricter = TOML + '\n[[pace]]\nfrom = 2026-07-01\nreference = "测试通知"\nyellow = 0.90\nred = 0.70\n'
    rules = thresholds_on(parse_thresholds(stricter), Q3.last_day)
    assert (rules.version, rules.quantity.since) == ("2026-07-01", "2021-01-01")
    (found,) = judge(of(one("≥100个")), Q3, figures(actuals={1: "50"}), rules, TODAY)
    assert found.version == "2021-01-01"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("yellow = 0.80\nred = 0.60\n\n# 三季度", "red = 0.60\n\n# 三季度"), "pace[1].yellow"),
        (("[[pace]]", "[[pase]]"), "pase"),
        (("value = 0.50", 'value = "一半"'), "floor[1].value"),
        (("value = 0.50", "value = nan"), "floor[1].value"),
        (("value = 0.50", "value = true"), "floor[1].value"),
        (("value = 0.50", "value = 0.50\nlimit = 3"), "floor[1].limit"),
        (("value = 30", "value = -1"), "due_days[1].value"),
        (("from = 2021-01-01", 'from = "2021"'), "pace[1].from"),
        (("red = 0.20", "red = -0.1"), "level[1].red"),
        (('choice = "adjusted"', 'choice = "total"'), "execution_rate[1].choice"),
        (("[[zero]]", "[zero]"), "[[zero]]"),
        (('reference = "本系统默认值，可调整"', 'reference = " "'), "arrival[1].reference"),
    ],
)
def test_a_bad_file_names_the_key(change, named):
    assert change[0] in TOML
    with pytest.raises(ValueError, match=r"thresholds\.toml") as raised:
        parse_thresholds(TOML.replace(*change, 1))
    assert named in str(raised.value)


def test_lines_must_not_cross():
    with pytest.raises(ValueError, match="red"):
        parse_thresholds(TOML.replace("yellow = 0.80\nred = 0.60", "yellow = 0.50\nred = 0.60", 1))


def test_dates_must_rise():
    with pytest.raises(ValueError, match="pace"):
        parse_thresholds(TOML + '\n[[pace]]\nfrom = 2021-01-01\nreference = "x"\nyellow = 0.9\nred = 0.7\n')


def test_text_that_is_no_toml_is_refused():
    with pytest.raises(ValueError):
        parse_thresholds("pace = = 1")


def test_a_day_before_every_line_is_refused():
    with pytest.raises(ValueError, match="2020-12-31"):
        thresholds_on(parse_thresholds(TOML), date(2020, 12, 31))


def test_money_lines_are_exact():
    assert isinstance(RULES.pace.yellow, Decimal)
    assert str(RULES.pace.yellow) == "0.80"
