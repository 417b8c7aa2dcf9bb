"""Invented 附表2 and 附表3 for the tests of reports: usual, empty, long, with several kinds of rows."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from regulation.annex2 import ASSETS, EFFECTS, EXECUTION, PROCUREMENT, WORKS, Annex2, Annex2Row
from regulation.annex3 import MONEY_ROWS, Annex3, Annex3Money, Annex3Row
from regulation.provenance import Passage, Sentence, Source
from regulation.roster import KeyBasis
from tests.reports.sample_forms import LONG_TEXT, Q2, Q3

D = Decimal
SOURCE = Source("新桥小学", "p017", "校舍安全改造", "spent", "已支出资金", "201.345", 2, "m1")


def said(*sentences: str) -> Passage:
    return Passage(tuple(Sentence(text, SOURCE) for text in sentences))


def rate(name: str, target: str, actual: str) -> Annex2Row:
    return Annex2Row(EXECUTION, name, target, actual, "可能性大", f"{name} = …", (SOURCE,))


DEPARTMENT = Annex2(
    round=Q3,
    department_name="区教育局",
    total=D("48216.375"),
    work=said("新桥小学：截至9月底，改造教室完成36间。", "实验幼儿园：操场翻新已完工，10月投入使用。"),
    deviation=said("新桥小学：采购课桌椅完成43.1%，主要因为招标推迟到8月。"),
    plan=said("新桥小学：11月底前剩余1230套全部到货并验收。"),
    execution=(
        rate("资金到位率", "100%", "80.00%"),
        rate("预算执行率", "100%", "62.92%"),
        rate("预算调整率", "", "-3.13%"),
    ),
    assets=Annex2Row(ASSETS, "年度计划完成率", "100%", "71.43%", "确定能"),
    procurement=Annex2Row(PROCUREMENT, "年度计划执行率", "100%", "—", "确定能"),
    works=(
        Annex2Row(WORKS, "校舍安全改造", "48间", "36间", "确定能"),
        Annex2Row(WORKS, "智慧校园一期建设及运维保障", "12所学校", "7", "可能性小"),
        Annex2Row(WORKS, "课后服务全覆盖", "100%", "100%", "确定能"),
    ),
    effects=(Annex2Row(EFFECTS, "家长满意度", "≥95%", "97%", "确定能"),),
)
NOTHING = Annex2(
    Q2,
    "区统计局",
    None,
    Passage(),
    Passage(),
    Passage(),
    (rate("资金到位率", "100%", "—"), rate("预算执行率", "100%", "—"), rate("预算调整率", "", "—")),
    Annex2Row(ASSETS, "年度计划完成率"),
    Annex2Row(PROCUREMENT, "年度计划执行率"),
)


def money(*pairs: tuple[str, str | None]) -> tuple[Annex3Money, ...]:
    return tuple(
        Annex3Money(label, D(budget), None if spent is None else D(spent))
        for (label, _), (budget, spent) in zip(MONEY_ROWS, pairs, strict=True)
    )


def process(name: str, actual: str) -> Annex3Row:
    return Annex3Row("过程", "预算执行", name, "100%", actual, "可能性大")


PARK = Annex3(
    round=Q3,
    project_id="p101",
    project_name="化工园区安全整治提升",
    basis=KeyBasis.MAJOR_DECISION,
    department_name="区应急管理局",
    units=("区应急管理局本级", "园区管理服务中心"),
    starts=date(2026, 1, 1),
    ends=date(2027, 6, 30),
    total=Annex3Money("项目总金额", D("5372.5833"), D("4772.58")),
    money=money(("1800", "1200"), ("0", "0"), ("2192.58", "2192.58"), ("1380.0033", "1380")),
    situation=said("区应急管理局本级：完成16家企业整治。", "园区管理服务中心：封闭管理系统上线试运行。"),
    deviation=said("园区管理服务中心：省级资金9月下旬到位，设备采购合同推迟签订。"),
    plan=said("10月底前完成设备到货，11月底前验收。"),
    process=(
        process("资金到位率", "93.06%"),
        process("预算执行率", "88.83%"),
        process("预算调整率", "0.00%"),
    ),
    outputs=(
        Annex3Row("产出", "产出数量", "整治企业数量", "18家", "16家", "确定能"),
        Annex3Row("产出", "产出数量", "安装监测设备", "≥240台", "180", "可能性小"),
        Annex3Row("产出", "产出质量", "验收合格率", "100%", "100%", "确定能"),
        Annex3Row("产出", "产出时效", "完成时间", "11月底前", "未完成", "可能性大"),
    ),
    effects=(
        Annex3Row("效果", "社会效益", "较大及以上事故", "0起", "0起", "确定能"),
        Annex3Row("效果", "社会效益", "应急响应时间", "≤15分钟", "12分钟", "确定能"),
        Annex3Row("效果", "满意度", "企业满意度", "≥90%", "93%", "确定能"),
    ),
)
UNKNOWN = replace(
    PARK,
    starts=None,
    ends=None,
    total=Annex3Money("项目总金额", D("5372.5833"), None),
    money=money(("1800", None), ("0", None), ("2192.58", None), ("1380.0033", None)),
    outputs=(),
    effects=(),
)
LONG_DEPARTMENT = replace(DEPARTMENT, work=said(LONG_TEXT, LONG_TEXT), plan=said("=1+1"))
LONG_PARK = replace(
    PARK,
    project_name="2026年度老旧小区雨污分流与道路、绿化、照明、停车设施一体化提升改造工程（一期、二期及配套管网）",
    units=tuple(f"区第{n}市政管理服务中心" for n in range(1, 13)),
    situation=said(LONG_TEXT),
    deviation=said("@SUM(A1)"),
)
