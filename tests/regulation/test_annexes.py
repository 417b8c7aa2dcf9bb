"""附表1: what is asked, what looks odd, what must be written, and the filled and the blank form."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_projects import CERTAIN, FINE, KEY_SCHOOL, Q2, Q3, SCHOOL, D, figures, judged, of, one, said

from regulation.annexes import (
    FieldKind,
    Weight,
    checks,
    compose,
    draft_situation,
    fields,
    reported,
    required_texts,
    sources_asked,
)
from regulation.dimensions import Dimension, dimension_of
from regulation.roster import AttainmentLikelihood, FundSource, Indicator

MONEY = {"arrived": "256", "spent": "201.35"}
ACTUALS = {f"actual.{n}": value for n, value in FINE.items()}
LIKELY = {f"likely.{n}": "certain" for n in FINE}


def filled(**changes):
    """Every answer of the sample project, with changes."""
    return said(**{**MONEY, **ACTUALS, **LIKELY, **changes})


# ---------------------------------------------------------------- fields


def test_money_first_then_each_indicator_then_the_texts():
    assert [f.key for f in fields(SCHOOL)] == [
        "arrived",
        "spent",
        *(f"{kind}.{n}" for n in range(1, 8) for kind in ("actual", "likely")),
        "situation",
        "reason",
        "plan",
        "note",
    ]


def test_fields_carry_label_unit_and_indicator():
    by_key = {f.key: f for f in fields(SCHOOL)}
    assert (by_key["spent"].label, by_key["spent"].unit) == ("已支出资金", "万元")
    assert (by_key["actual.1"].label, by_key["actual.1"].unit) == ("改造教室数量", "间")
    assert by_key["likely.1"].label == "改造教室数量：完成目标可能性"
    assert by_key["likely.1"].indicator is SCHOOL.indicators[0]
    assert by_key["situation"].kind is FieldKind.TEXT


def test_a_key_project_with_several_sources_is_asked_source_by_source():
    keys = [f.key for f in fields(KEY_SCHOOL) if f.kind is FieldKind.MONEY]
    assert keys == ["arrived", "spent.provincial", "spent.district"]
    assert [f.label for f in fields(KEY_SCHOOL)][1] == "已支出资金（省级）"


@pytest.mark.parametrize(
    "project",
    [
        SCHOOL,
        replace(KEY_SCHOOL, sources=((FundSource.DISTRICT, D("320")),)),
        replace(KEY_SCHOOL, sources=()),
    ],
)
def test_otherwise_one_total_is_asked(project):
    assert sources_asked(project) == ()
    assert "spent" in [f.key for f in fields(project)]


def test_f10_a_project_without_indicators_still_has_a_form():
    assert [f.key for f in fields(of())] == ["arrived", "spent", "situation", "reason", "plan", "note"]


# ---------------------------------------------------------------- reported


def test_reported_turns_entries_into_figures():
    got = reported(SCHOOL, filled())
    assert (got.arrived, got.spent) == (D("256"), D("201.35"))
    assert got.actuals == FINE
    assert got.likelihoods == CERTAIN


def test_sources_are_summed_exactly():
    got = reported(KEY_SCHOOL, said(**{"spent.provincial": "0.1", "spent.district": "0.2"}))
    assert got.spent == D("0.3")
    assert got.spent_by_source == {FundSource.PROVINCIAL: D("0.1"), FundSource.DISTRICT: D("0.2")}


def test_half_the_sources_are_no_sum():
    got = reported(KEY_SCHOOL, said(**{"spent.provincial": "20"}))
    assert got.spent is None
    assert got.spent_by_source == {FundSource.PROVINCIAL: D("20")}


def test_a_total_filed_before_the_project_became_key_is_still_known():
    assert reported(KEY_SCHOOL, said(spent="118.40")).spent == D("118.40")


def test_entries_of_indicators_that_no_longer_exist_are_left_out():
    assert reported(of(one("≥100个")), said(**{"actual.1": "5", "actual.9": "7"})).actuals == {1: "5"}


# ---------------------------------------------------------------- checks


def found(now, previous=None, project=SCHOOL):
    return [(c.code, c.field, c.weight.value) for c in checks(project, now, previous)]


CHECKS = [
    ("N13 spent over arrived", figures("256", "260"), None, ("spent.over_arrived", "spent", "note")),
    ("N13 arrived over budget", figures("320.01", "200"), None, ("arrived.over_budget", "arrived", "warn")),
    (
        "N14 spent below last",
        figures("256", "100"),
        figures("256", "118.40"),
        ("spent.below_last", "spent", "note"),
    ),
    (
        "N14 arrived below last",
        figures("90", "80"),
        figures("100", "80"),
        ("arrived.below_last", "arrived", "note"),
    ),
    (
        "N14 count below last",
        figures(actuals={1: "19"}),
        figures(actuals={1: "20"}),
        ("actual.below_last", "actual.1", "note"),
    ),
    ("N15 money in yuan", figures("3200"), None, ("arrived.slip", "arrived", "warn")),
    ("N15 ten times the target", figures(actuals={1: "480"}), None, ("actual.slip", "actual.1", "warn")),
    ("N15 cost in yuan", figures(actuals={5: "2013500"}), None, ("actual.slip", "actual.5", "warn")),
]


@pytest.mark.parametrize(("now", "before", "expected"), [c[1:] for c in CHECKS], ids=[c[0] for c in CHECKS])
def test_odd_answers(now, before, expected):
    assert found(now, before) == [expected]


FINE_TOGETHER = [
    ("spent equals arrived", figures("256", "256"), None),
    ("arrived equals budget", figures("320", "256"), None),
    ("same as last round", figures("256", "118.40"), figures("256", "118.40")),
    ("first round", figures("256", "100"), None),
    ("a level may fall", figures(actuals={3: "90", 7: "80"}), figures(actuals={3: "96", 7: "97"})),
    ("words", figures(actuals={1: "很多", 6: "达成"}), figures(actuals={1: "20", 6: "未达成"})),
    ("just under ten times", figures(actuals={1: "479"}), None),
    ("nothing yet", figures(), figures("256", "118.40", FINE)),
]


@pytest.mark.parametrize(("now", "before"), [c[1:] for c in FINE_TOGETHER], ids=[c[0] for c in FINE_TOGETHER])
def test_ordinary_answers(now, before):
    assert found(now, before) == []


def test_n15_a_slip_of_the_unit_is_not_also_over_budget():
    assert found(figures("2560000", "2013500")) == [
        ("arrived.slip", "arrived", "warn"),
        ("spent.slip", "spent", "warn"),
    ]


def test_n16_money_without_a_budget_is_asked_about():
    assert found(figures("0", "5"), project=of(budget="0")) == [
        ("spent.no_budget", "spent", "warn"),
        ("spent.over_arrived", "spent", "note"),
    ]


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (figures("256", "260"), None, "支出 260.00 万元大于到位 256.00 万元，请用一句话说明。"),
        (figures("400"), None, "到位 400.00 万元大于预算总额 320.00 万元，请核对。"),
        (figures("2560000"), None, "到位 2560000.00 万元是预算 320.00 万元的 8000 倍，是不是按元填了？"),
        (
            figures(actuals={1: "19"}),
            figures(actuals={1: "20"}),
            "改造教室数量填的 19间，比上季 20间 小，累计数一般不会变小，请用一句话说明。",
        ),
        (
            figures(actuals={1: "480"}),
            None,
            "改造教室数量填的 480间 是年度目标 48间 的 10 倍以上，请核对单位和小数点。",
        ),
    ],
)
def test_checks_read_like_this(now, before, text):
    assert [c.text for c in checks(SCHOOL, now, before)] == [text]


# ---------------------------------------------------------------- required texts


def required(now, previous=None):
    return required_texts(now, judged(SCHOOL, now), checks(SCHOOL, now, previous))


@pytest.mark.parametrize(
    ("now", "texts"),
    [
        (figures("256", "245", FINE, likelihoods=CERTAIN), ""),
        (figures("256", "245", {**FINE, 1: "60"}, likelihoods=CERTAIN), ""),  # over: information only
        (figures("256", "245", {**FINE, 2: "1290"}), "reason plan"),
        (figures("256", "245", FINE, likelihoods={6: AttainmentLikelihood.UNLIKELY}), "reason plan"),
        (figures("256", "245", FINE, likelihoods={6: AttainmentLikelihood.IMPOSSIBLE}), "reason plan"),
        (figures("256", "0", {}), "reason plan"),
        (figures("240", "245", FINE), "note"),
        (figures("256", "245", {**FINE, 2: "930"}, likelihoods=CERTAIN), "note plan reason"),
    ],
)
def test_what_must_be_written(now, texts):
    assert required(now) == frozenset(texts.split())


def test_a_warning_alone_asks_for_nothing():
    now = figures("330", "245", FINE)
    assert [c.weight for c in checks(SCHOOL, now, None)] == [Weight.WARN]
    assert required(now) == frozenset()


# ---------------------------------------------------------------- the draft


def test_the_drafted_situation_reads_like_this():
    assert draft_situation(SCHOOL, Q3, reported(SCHOOL, filled(**{"actual.2": "930"}))) == (
        "截至9月底，到位资金256.00万元，支出201.35万元，预算执行率62.92%；改造教室数量完成36间（75.0%），"
        "采购课桌椅完成930套（43.1%），验收合格率96%，完工时间未完成，项目总成本201.35万元，"
        "校园安全状况达成，家长满意度97%。"
    )


def test_a_finished_date_is_told_with_its_day():
    text = draft_situation(SCHOOL, Q3, figures(actuals={4: "2026-09-10"}))
    assert text == "截至9月底，完工时间于2026年9月10日完成。"


def test_in_june_it_says_june():
    assert draft_situation(SCHOOL, Q2, figures("100")) == "截至6月底，到位资金100.00万元。"


def test_f10_sixty_indicators_fit_and_the_rest_is_counted():
    project = of(*(replace(one("≥100个", name=f"第{n}类设备购置数量"), position=n) for n in range(1, 61)))
    text = draft_situation(project, Q3, figures("256", "245", dict.fromkeys(range(1, 61), "80")))
    assert len(text) <= 201
    assert text.endswith("项指标见下表。")
    told = text.count("完成80个")
    assert f"其余{60 - told}项" in text


@given(st.dictionaries(st.integers(1, 7), st.text(max_size=400)), st.none() | st.decimals(0, 10**6, places=2))
def test_the_draft_never_raises_and_ends_like_a_sentence(actuals, spent):
    text = draft_situation(SCHOOL, Q3, replace(figures(actuals=actuals), spent=spent))
    assert text == "" or (text.startswith("截至9月底，") and text.endswith("。"))


# ---------------------------------------------------------------- the filled form


def test_the_filled_form():
    form = compose(SCHOOL, "新桥小学", Q3, filled(plan="11月底前到货", situation="正在施工，按计划推进。"))
    assert (form.unit_name, form.project_name, form.sources) == (
        "新桥小学",
        "新桥小学校舍安全改造",
        "省级、区级",
    )
    assert (form.budget, form.arrived, form.spent) == (D("320"), D("256"), D("201.35"))
    assert form.situation == "正在施工，按计划推进。"
    assert form.deviation == "无偏离"
    assert form.plan == "11月底前到货"
    assert [(r.level1, r.level2, r.name, r.target, r.actual, r.likelihood) for r in form.rows] == [
        ("产出", "产出数量", "改造教室数量", "≥48间", "36间", "确定能"),
        ("产出", "产出数量", "采购课桌椅", "≥2160套", "1700套", "确定能"),
        ("产出", "产出质量", "验收合格率", "≥95%", "96%", "确定能"),
        ("产出", "产出时效", "完工时间", "2026年11月30日前", "未完成", "确定能"),
        ("产出", "产出成本", "项目总成本", "≤320万元", "201.35万元", "确定能"),
    ]
    assert [(r.level1, r.level2, r.actual) for r in form.effects] == [
        ("效果", "社会效益", "达成"),
        ("效果", "满意度", "97%"),
    ]


@pytest.mark.parametrize(
    ("texts", "deviation"),
    [
        ({}, "无偏离"),
        ({"reason": "招标晚"}, "招标晚"),
        ({"reason": "招标晚", "note": "垫付了尾款"}, "招标晚。说明：垫付了尾款"),
        ({"reason": "招标晚。", "note": "垫付了尾款"}, "招标晚。说明：垫付了尾款"),
        ({"note": "垫付了尾款"}, "无偏离。说明：垫付了尾款"),
    ],
)
def test_the_deviation_cell(texts, deviation):
    assert compose(SCHOOL, "新桥小学", Q3, filled(**texts)).deviation == deviation


@pytest.mark.parametrize("change", [{"likely.2": "unlikely"}, {"likely.2": "impossible"}, {"spent": "0"}])
def test_no_deviation_is_never_printed_beside_a_doubt(change):
    assert compose(SCHOOL, "新桥小学", Q3, filled(**change)).deviation == ""


def test_a_form_that_still_owes_its_reason_does_not_say_there_is_none():
    assert compose(SCHOOL, "新桥小学", Q3, filled(), required=frozenset({"reason"})).deviation == ""


def test_the_blank_form_prints_what_is_known_and_leaves_the_rest_empty():
    form = compose(SCHOOL, "新桥小学", Q3, {})
    assert (form.arrived, form.spent) == (None, None)
    assert (form.situation, form.deviation, form.plan) == ("", "", "")
    assert form.budget == D("320")
    assert [r.target for r in form.rows] == ["≥48间", "≥2160套", "≥95%", "2026年11月30日前", "≤320万元"]
    assert {(r.actual, r.likelihood) for r in (*form.rows, *form.effects)} == {("", "")}


def test_rows_are_sorted_by_dimension_and_keep_their_order_inside():
    mixed = [
        Indicator(1, "成本指标", "经济成本指标", "甲", "≤1万元"),
        Indicator(2, "产出指标", "时效指标", "乙", "11月底前"),
        Indicator(3, "产出指标", "数量指标", "丙", "≥1个"),
        Indicator(4, "产出指标", "其他指标", "丁", "≥1个"),
        Indicator(5, "产出指标", "数量指标", "戊", "≥1个"),
    ]
    form = compose(of(*mixed), "新桥小学", Q3, {})
    assert [(r.level2, r.name) for r in form.rows] == [
        ("产出数量", "丙"),
        ("产出数量", "戊"),
        ("产出时效", "乙"),
        ("产出成本", "甲"),
        ("其他产出", "丁"),
    ]


@pytest.mark.parametrize(
    "target", ["≥95%", " ≥ 95 %", "年度预算220万元", "=1+1", "优100%/良90%/中85%/差85%", ""]
)
def test_the_target_is_printed_as_it_was_written(target):
    (row,) = compose(of(one(target)), "新桥小学", Q3, said(**{"actual.1": "3"})).rows
    assert row.target == target


@pytest.mark.parametrize(
    ("target", "actual", "printed"),
    [
        ("≥48间", "36", "36间"),
        ("≥95%", "62.90", "62.9%"),
        ("≥1000株", "1E+3", "1000株"),
        ("2026年11月30日前", "2026-09-10", "2026年9月10日"),
        ("明显改善", "部分达成，一处围墙没修", "部分达成，一处围墙没修"),
        ("≥48间", "尚未统计", "尚未统计"),
    ],
)
def test_printed_actuals(target, actual, printed):
    (row,) = compose(of(one(target)), "新桥小学", Q3, said(**{"actual.1": actual})).rows
    assert row.actual == printed


def test_money_stays_exact_on_the_form():
    form = compose(
        KEY_SCHOOL, "新桥小学", Q3, said(**{"spent.provincial": "38.766462", "spent.district": "153.5184"})
    )
    assert form.spent == Decimal("192.284862")


# ---------------------------------------------------------------- dimensions


@pytest.mark.parametrize(
    ("level1", "level2", "dimension"),
    [
        ("产出指标", "数量指标", Dimension.QUANTITY),
        ("产出指标", "质量指标", Dimension.QUALITY),
        ("产出指标", "时效指标", Dimension.TIMELINESS),
        ("产出指标", "成本指标", Dimension.COST),
        ("项目完成指标", "质量指标", Dimension.QUALITY),
        ("成本指标", "经济成本指标", Dimension.COST),
        ("成本指标", "社会成本指标", Dimension.COST),
        ("成本指标", "生态环境成本指标", Dimension.COST),
        ("效益指标", "经济效益指标", Dimension.ECONOMIC),
        ("效益指标", "社会效益指标", Dimension.SOCIAL),
        ("效益指标", "生态效益指标", Dimension.ECOLOGICAL),
        ("效益指标", "环境效益指标", Dimension.ECOLOGICAL),
        ("效益指标", "可持续影响指标", Dimension.SUSTAINABILITY),
        ("满意度指标", "服务对象满意度指标", Dimension.SATISFACTION),
        ("满意度指标", "社会公众或服务对象满意度指标", Dimension.SATISFACTION),
        ("产出", "产出数量", Dimension.QUANTITY),
        ("", "数量指标", Dimension.QUANTITY),
        ("满意度", "", Dimension.SATISFACTION),
        ("效果", "其他", Dimension.OTHER_OUTCOME),
        ("产出", "…", Dimension.OTHER_OUTPUT),
        ("", "", Dimension.OTHER_OUTPUT),
    ],
)
def test_dimensions(level1, level2, dimension):
    assert dimension_of(level1, level2) is dimension
