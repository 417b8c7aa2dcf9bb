"""Invented forms for the tests and the benchmark of reports: from no indicator to sixty, long and hostile texts."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from regulation.annexes import Annex1, Annex1Row
from regulation.roster import LIKELIHOOD_LABELS, SOURCE_LABELS
from regulation.rounds import MonitoringRound
from reports.annex1 import OUTPUTS
from reports.deviation import Bar, DeviationPicture, Tone

D = Decimal
LIKELY = tuple(LIKELIHOOD_LABELS.values())
Q2, Q3 = MonitoringRound(2026, 2), MonitoringRound(2026, 3)


def row(level2: str, name: str, target: str, actual: str, likelihood: str = "确定能") -> Annex1Row:
    """One 产出 row."""
    return Annex1Row("产出", level2, name, target, actual, likelihood)


ROWS = (
    row("产出数量", "改造教室数量", "48间", "36间"),
    row("产出数量", "采购课桌椅", "2160套", "930套", "可能性小"),
    row("产出质量", "工程验收合格率", "100%", "100%"),
    row("产出时效", "资金拨付及时率", "100%", "85%", "可能性大"),
    row("产出成本", "单间改造成本", "≤6.5万元", "6.4万元"),
)
EFFECTS = (
    Annex1Row("效果", "社会效益", "受益学生人数", "≥1200人", "1180人", "确定能"),
    Annex1Row("效果", "满意度", "学生满意度", "≥95%", "96%", "确定能"),
    Annex1Row("效果", "满意度", "家长满意度", "≥95%", "97%", "确定能"),
)
SCHOOL = Annex1(
    round=Q3,
    unit_name="新桥小学",
    project_name="新桥小学校舍安全改造",
    budget=D("320.00"),
    sources="省级、区级",
    arrived=D("256.00"),
    spent=D("201.345"),
    situation="截至9月底，到位资金256.00万元，支出201.35万元，预算执行率62.92%；改造教室数量完成36间（75.0%），采购课桌椅完成930套（43.1%）。",
    deviation="采购课桌椅完成43.1%，主要因为招标推迟到8月，中标单位9月才开始供货。",
    plan="11月底前剩余1230套全部到货并验收，每周核对一次到货数量。",
    rows=ROWS,
    effects=EFFECTS,
)
EMPTY = Annex1(Q2, "区教育局", "操场翻新", D("0"), "", None, None, "", "", "", ())


def many(count: int) -> Annex1:
    """The school with that many rows, spread over five kinds."""
    kinds = (*OUTPUTS, "其他产出")
    rows = tuple(
        row(
            kinds[n * len(kinds) // count],
            f"第{n + 1}项监控指标",
            f"≥{n * 7 + 5}件",
            f"{n * 5 + 3}件",
            LIKELY[n % 4],
        )
        for n in range(count)
    )
    return replace(SCHOOL, rows=rows)


LONG_TEXT = "因上半年招标流标两次，供货合同到八月下旬才签订，后续到货安排相应推迟；" * 60  # 2 100 characters
LONG = replace(
    SCHOOL,
    unit_name="常州市新北区某某街道综合行政执法局（部门本级及所属三家单位合并填报）",
    project_name="2026年度老旧小区雨污分流与道路、绿化、照明、停车设施一体化提升改造工程（一期、二期及配套管网）",
    situation=LONG_TEXT,
    deviation="第一行\n第二行\n" + LONG_TEXT,
    rows=(
        row("产出数量", "完成雨污分流改造并通过第三方管网检测与内窥复核的老旧小区数量", "不少于12个", "9个"),
        row("产出质量", "验收", "房屋设备、设施的管理到位，" * 30, "部分达成，" * 40),
    ),
)
HOSTILE = replace(
    SCHOOL,
    unit_name="</text><script>alert(1)</script>",
    project_name='"><img src=x onerror=alert(1)>{{7*7}}{% raw %}[x](javascript:1)@所有人',
    situation="&lt;b&gt; & <b>粗</b> ]]> \x00\x0b\x1f\ud800\u202e倒着写 👍𠮷䶮",
    rows=(row("产出数量", "<tspan>", "=1+1", "-5"),),
)
FORMS = {
    "empty": EMPTY,
    "one": replace(SCHOOL, rows=ROWS[:1]),
    "school": SCHOOL,
    "q2_all_sources": replace(SCHOOL, round=Q2, sources="、".join(SOURCE_LABELS.values())),
    "twelve": many(12),
    "sixty": many(60),
    "long": LONG,
    "hostile": HOSTILE,
}

#: (RELIABILITY X01, X02) texts a spreadsheet program would run when a careless writer lets it
FORMULAS = (
    "=1+1",
    "+1+1",
    "-1-1",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    '=HYPERLINK("x","点我")',
    "=cmd|' /C calc'!A0",
    "@import",
    "#N/A",
    "#REF!",
    "TRUE",
    "2026-09-30",
    "1e5",
)

PICTURE = DeviationPicture(
    "新桥小学校舍安全改造",
    "附表1 · 2026年三季度",
    "3 处偏离，其中 1 处严重",
    (
        Bar("已支出资金", "201.35 / 320.00万元", D("0.6292"), D("0.75"), Tone.WARN, "支出偏慢。"),
        Bar("改造教室数量", "36 / 48间", D("0.75"), D("0.75")),
        Bar("采购课桌椅", "930 / 2160套", D("0.43"), D("0.75"), Tone.BAD, "明显慢于时间进度 75%。"),
        Bar("工程验收合格率", "100 / 100%", D(1)),
        Bar("资金拨付及时率", "85 / 100%", D("0.85"), None, Tone.WARN, "低于年度目标。"),
        Bar("改善办学条件", "部分达成 / 效果明显"),
        Bar("学生满意度", "96 / ≥95%", D("1.01")),
    ),
)

_TEXT = st.text(st.characters(exclude_categories=()), max_size=40) | st.sampled_from(FORMULAS)
_MONEY = st.decimals(min_value=0, max_value=999_999_999, places=6).filter(
    lambda d: len(d.as_tuple().digits) <= 15
)
_ROW = st.builds(
    Annex1Row,
    st.just("产出"),
    st.sampled_from((*OUTPUTS, "其他产出")),
    _TEXT,
    _TEXT,
    _TEXT | _MONEY.map(str) | st.integers(-5, 10**9).map(str),
    st.sampled_from(LIKELY),
)
ANY_FORM = st.builds(
    Annex1,
    st.sampled_from((Q2, Q3)),
    _TEXT,
    _TEXT,
    _MONEY,
    _TEXT,
    st.none() | _MONEY,
    st.none() | _MONEY,
    _TEXT,
    st.text(max_size=3000),
    _TEXT,
    st.lists(_ROW, max_size=9).map(tuple),
    st.lists(_ROW, max_size=3).map(tuple),
)
