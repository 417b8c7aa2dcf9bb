"""One sample of every card of 数字来源, with invented names and figures."""

from __future__ import annotations

from bot.cards import tracing
from bot.cards.card import Button, Card, Style
from bot.cards.gallery_reports import ANNEX2, ANNEX3, AT, ROUND, SUBJECT
from regulation.consolidation import Tables
from regulation.tracing import Filed, Origin, parts, traced

_FIGURES = traced(Tables(ANNEX2, (ANNEX3,)), "区教育局")
_EXECUTION = next(each for each in _FIGURES if each.key == "2.execution")
_LEAD = f"{ROUND.label} · 版本 2"
_FORM = "2026Q3:p001"
FILED = Filed(2, AT, "张敏", "更正")
STOOD_IN = Filed(2, AT, "李强", "报送", "经办人住院，按合同台账填")
SAID = Origin(
    "spent",
    "已支出资金",
    "201.35",
    "201.35万元",
    "发消息",
    "201.35",
    "张敏",
    AT,
    "企业微信",
    "",
    "支出201.35 到位256 1=36 2=930 电话（略）",
)
_CELLS = (
    SAID,
    Origin("budget_current", "预算总额", "320", "320万元", "名册导入", at=AT),
    Origin("arrived", "已到位资金", "256", "256万元", "发表格", "256", "张敏", AT, "钉钉", "填报表.xlsx F12"),
    Origin(
        "likely.2",
        "采购课桌椅：完成目标可能性",
        "unlikely",
        "可能性小",
        "系统按进度建议，报送人认可",
        "",
        "张敏",
        AT,
        "钉钉",
    ),
    Origin(
        "situation",
        "项目实施情况",
        "截至9月底，完成36间。",
        "截至9月底，完成36间。",
        "系统按数字起草，报送人认可",
    ),
)

SAMPLES: tuple[Card, ...] = (
    tracing.figures("区教育局", _LEAD, _FIGURES, 1, SUBJECT, f"report_sources:{SUBJECT}"),
    tracing.figures("区教育局", _LEAD, _FIGURES, 2, SUBJECT, f"report_sources:{SUBJECT}"),
    tracing.behind(
        _EXECUTION,
        f"区教育局 · {_LEAD}",
        parts(_EXECUTION.sources, {"p001": 2}),
        1,
        subject=SUBJECT,
        version=2,
    ),
    tracing.district(
        "全区预算执行率 71.57%",
        f"{ROUND.label} · 已报财政的 1 个部门",
        (
            (
                "区教育局",
                "已支出资金 701.35 ÷ 预算总额 980.00 × 100% = 71.57%",
                f"trace:{SUBJECT}/2.execution/1",
            ),
        ),
        _EXECUTION.formula,
        1,
        f"trace:{ROUND.code}:*/execution",
    ),
    tracing.words(
        "新桥小学校舍安全改造",
        f"新桥小学 · {ROUND.label}附表1 版本 2",
        FILED,
        _CELLS,
        1,
        again=f"figures:{_FORM}",
        subject=_FORM,
        looks=(Button(f"table:{_FORM}", "看表格", Style.PRIMARY),),
    ),
    tracing.words(
        "新桥小学校舍安全改造",
        f"新桥小学 · {ROUND.label}附表1 版本 2",
        STOOD_IN,
        (SAID,),
        1,
        again=f"origin:{_FORM}/spent/2",
        subject=_FORM,
    ),
)
