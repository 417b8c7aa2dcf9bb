"""One sample of every card of a department's report, with invented names and figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from bot.cards import approval, department_clock, keys, report, revising
from bot.cards.card import Card, Input, InputKind
from bot.cards.remind import Overdue
from bot.cards.report import Standing
from regulation.annex2 import ASSETS, EFFECTS, EXECUTION, PROCUREMENT, WORKS, Annex2, Annex2Row
from regulation.annex3 import Annex3, Annex3Money, Annex3Row
from regulation.completeness import Owed
from regulation.deadlines import Annex
from regulation.provenance import Passage, Sentence, Source
from regulation.reconciliation import Imbalance
from regulation.reminders import Audience, Occasion, Reminder
from regulation.reporting import KeyChange
from regulation.revising import Changed, Revision
from regulation.roster import KeyBasis
from regulation.rounds import MonitoringRound

ROUND, SUBJECT = MonitoringRound(2026, 3), "2026Q3:d01"
AT = datetime(2026, 10, 15, 10, 20, tzinfo=timezone(timedelta(hours=8), "Asia/Shanghai"))
STANDING = Standing("区教育局", ROUND, "10月20日（周二）前报财政", SUBJECT, 3, 8, 10)

_SPENT = Source(
    "新桥小学", "p001", "新桥小学校舍安全改造", "spent", "已支出资金", "201.35", 2, "simulator:m34"
)
_REASON = Source("新桥小学", "p001", "新桥小学校舍安全改造", "reason", "目标偏离情况及原因分析", "招标晚", 1)
_WORK = Source("区教育局本级", "p003", "义务教育学生营养改善", "situation", "项目实施情况", "按月发放", 1)
PASSAGES = (
    Passage((Sentence("区教育局本级《义务教育学生营养改善》：补助按月发放，供餐正常。", _WORK),)),
    Passage(
        (
            Sentence("新桥小学《新桥小学校舍安全改造》：课桌椅招标晚。", _REASON, edited=True, stale=True),
            Sentence("已召开调度会。"),
        )
    ),
    Passage((Sentence("新桥小学《新桥小学校舍安全改造》：11月底前到货安装。", _REASON),)),
)


def _row(
    content: str,
    name: str,
    target: str,
    actual: str,
    likely: str,
    formula: str = "",
    sources: tuple[Source, ...] = (),
) -> Annex2Row:
    return Annex2Row(content, name, target, actual, likely, formula, sources)


_ARRIVED = "资金到位率 = 已到位资金 816.00 ÷ 预算总额 980.00 × 100% = 83.27%"
_ADJUSTED = "预算调整率 = 预算调整数 20.00 ÷ 年初预算 960.00 × 100% = 2.08%"
_ASSETS = "年度计划完成率 = 已完成金额 90.00 ÷ 年度计划金额 120.00"
_CARRIED, _PROPOSED = "上季带出，变了再改", "系统建议，可以改；回编号或自己写"
_STALE = "△ 来源变了，请看一眼"
ANNEX2 = Annex2(
    round=ROUND,
    department_name="区教育局",
    total=Decimal("5000"),
    work=PASSAGES[0],
    deviation=PASSAGES[1],
    plan=PASSAGES[2],
    execution=(
        _row(
            EXECUTION,
            "资金到位率",
            "100%",
            "83.27%",
            "确定能",
            _ARRIVED,
        ),
        _row(
            EXECUTION,
            "预算执行率",
            "100%",
            "52.10%",
            "可能性小",
            "预算执行率 = 已支出资金 510.58 ÷ 预算总额 980.00 × 100% = 52.10%",
            (_SPENT,),
        ),
        _row(
            EXECUTION,
            "预算调整率",
            "",
            "2.08%",
            "",
            _ADJUSTED,
        ),
    ),
    assets=_row(
        ASSETS,
        "年度计划完成率",
        "100%",
        "75.00%",
        "确定能",
        _ASSETS,
    ),
    procurement=_row(PROCUREMENT, "年度计划执行率", "100%", "—", ""),
    works=(_row(WORKS, "义务教育学生营养改善：补助学生数量", "5662人", "5662人", "确定能"),),
    effects=(_row(EFFECTS, "义务教育学生营养改善：学生家庭负担", "有所减轻", "达成", "确定能"),),
)
ANNEX3 = Annex3(
    round=ROUND,
    project_id="p003",
    project_name="义务教育学生营养改善",
    basis=KeyBasis.MAJOR_DECISION,
    department_name="区教育局",
    units=("区教育局本级", "滨河中学"),
    starts=None,
    ends=None,
    total=Annex3Money("项目总金额", Decimal("860"), Decimal("640.50")),
    money=(
        Annex3Money("中央、省级财政", Decimal("460"), Decimal("360")),
        Annex3Money("市级财政", Decimal(0), Decimal(0)),
        Annex3Money("区级财政", Decimal("400"), Decimal("280.50")),
        Annex3Money("其他", Decimal(0), Decimal(0)),
    ),
    situation=PASSAGES[0],
    deviation=Passage(),
    plan=Passage(),
    process=(
        Annex3Row(
            "过程",
            EXECUTION,
            "资金到位率",
            "100%",
            "80.00%",
            "确定能",
            _ARRIVED,
        ),
        Annex3Row("过程", EXECUTION, "预算执行率", "100%", "74.48%", "可能性大"),
        Annex3Row("过程", EXECUTION, "预算调整率", "", "0.00%", ""),
    ),
    outputs=(Annex3Row("产出", "产出数量", "补助学生数量", "5662人", "5662人", "确定能"),),
    effects=(Annex3Row("效果", "社会效益", "学生家庭负担", "有所减轻", "", "可能性大"),),
)
_INPUTS = (
    Input(
        "assets.plan",
        "资产计划",
        "资产年度计划金额",
        InputKind.NUMBER,
        "万元",
        _CARRIED,
        "上季 120",
        "120",
    ),
    Input("procurement.done", "采购执行", "政府采购已执行金额", InputKind.NUMBER, "万元", "没有就写 0"),
    Input(
        "works",
        "重点工作",
        "重点工作",
        InputKind.TEXT,
        hint=_PROPOSED,
        value="1、2",
        required=False,
    ),
    Input(
        "deviation",
        "偏离",
        "核心目标偏离情况及原因分析",
        InputKind.LONG_TEXT,
        hint="△ 来源变了，请看一眼",
        value=PASSAGES[1].text,
    ),
)
_OWED = (
    Owed("total", "本年度预算资金总额", "名册里没有；各项目合计 980.00 万元，总额不会比它小"),
    Owed("procurement.done", "政府采购已执行金额", "没有就写 0"),
)
_ODD = Imbalance(
    "source.changed",
    "附表2 预算执行率所用的已支出资金合计 510.58 万元",
    "各单位现在的附表1 合计 530.58 万元",
    Decimal("-20"),
    "新桥小学《新桥小学校舍安全改造》已支出资金 版本2",
    "原来 201.35 万元，现在 221.35 万元",
)
_ADDED = KeyChange("p001", True, KeyBasis.MAJOR_SPENDING, "重大支出", AT, "tenghui")


def _desk() -> tuple[Card, ...]:
    asking = report.desk(
        STANDING,
        ANNEX2,
        inputs=_INPUTS,
        owed=_OWED,
        imbalances=1,
        stale=1,
        moved=2,
        annex3=(ANNEX3,),
        problems=("✕ 看不懂“二百”。请只写数字，单位万元，例如 12.5。",),
        proposals=("2013500元 = 201.35 万元，对吗？",),
    )
    ready = report.desk(
        STANDING, ANNEX2, inputs=_INPUTS, owed=(), imbalances=0, stale=0, moved=0, annex3=(ANNEX3,)
    )
    return (
        asking,
        ready,
        report.rows_to_pick(
            STANDING,
            "works",
            "重点工作",
            (("义务教育学生营养改善：补助学生数量", "区教育局本级　目标 5662人"),),
            "1",
        ),
        report.imbalances(STANDING, (_ODD,)),
        report.imbalances(STANDING, ()),
        report.imbalances(replace(STANDING, filed=0), ()),
        report.projects(STANDING, (ANNEX3,)),
        report.project(STANDING, ANNEX3, _INPUTS[3:]),
    )


REVISION = Revision(
    figures=(
        Changed(
            "附表2",
            "采购管理已执行金额",
            "310.50万元",
            "340.00万元",
        ),
        Changed("附表2", "采购管理年度计划执行率", "77.63%", "85.00%"),
        Changed("附表3 新桥小学校舍安全改造", "项目总金额执行数", "201.35万元", "240.00万元"),
    ),
    texts=(Changed("附表2", "改进计划", "11月底前到货。", "10月底前到货，按周通报。"),),
)


def _deciding() -> tuple[Card, ...]:
    warnings = ("△ 2 个项目的附表1 没有报，不在数里。",)
    return (
        approval.head(
            STANDING,
            ANNEX2,
            (ANNEX3,),
            by="李强",
            version=2,
            warnings=warnings,
            changed=revising.Against(1, REVISION),
        ),
        revising.whole(STANDING, REVISION, 1, 2),
        revising.whole(STANDING, Revision((), ()), 1, 2),
        approval.asked(STANDING, ("王志远",), 2),
        approval.why(STANDING, 2),
        approval.sure(STANDING, 2, "采购执行率和台账对不上"),
        approval.returned(STANDING, "王志远", "采购执行率和台账对不上"),
        approval.receipt(
            STANDING, version=2, when=AT, by="王志远", to="财政局教科文科 滕辉", late_days=1, annex3=2
        ),
        approval.arrived(STANDING, ANNEX2, (ANNEX3,), version=2, late_days=1),
        approval.arrived(
            STANDING,
            ANNEX2,
            (ANNEX3,),
            version=2,
            late_days=0,
            changed=revising.Against(1, Revision((), ())),
        ),
        approval.withdrawn(STANDING, "李强", 2),
        approval.source_changed(STANDING, "新桥小学校舍安全改造", "新桥小学", 3, filed=True),
        approval.table(STANDING, (ANNEX3,), version=2, state="已报送财政"),
        keys.listing(
            "区教育局",
            ROUND,
            (("义务教育学生营养改善", "重大决策部署"),),
            (("新桥小学校舍安全改造", "滕辉", _ADDED),),
            (keys.Offer("p001", "新桥小学校舍安全改造", ("金额排第 2", "有中央、省级资金，可能是重大部署")),),
            can_remove=True,
        ),
        keys.pick(
            keys.Offer("p001", "新桥小学校舍安全改造", ("金额排第 2", "执行率比时间进度慢 21.4 个百分点")),
            "新桥小学",
            Decimal("320.00"),
            KeyBasis.MAJOR_SPENDING,
        ),
        keys.changed("区教育局", "新桥小学校舍安全改造", "滕辉", _ADDED),
        keys.onward(keys.changed("区教育局", "新桥小学校舍安全改造", "滕辉", _ADDED)),
    )


def _clock() -> tuple[Card, ...]:
    behind = department_clock.Progress("区教育局", "草稿", 8, 10, ("新桥小学", "实验幼儿园"))
    waiting = department_clock.Progress("区教育局", "已报王志远审，还没有同意", 10, 10)
    due, overdue = "10月20日（周二）前报财政", "应于10月20日（周二）报财政"

    def told(occasion: Occasion, audience: Audience, *, left: int = 0, late: int = 0) -> Reminder:
        return Reminder(ROUND, Annex.DEPARTMENT, occasion, audience, AT, left, late)

    office, late = Audience.BUDGET_OFFICE, told(Occasion.LATE, Audience.DEPARTMENT_HEAD, late=2)
    return (
        *(
            department_clock.office(
                told(occasion, office, left=left), due, behind, department_id="d01", subject=SUBJECT
            )
            for occasion, left in (
                (Occasion.OPEN, 6),
                (Occasion.THREE_LEFT, 3),
                (Occasion.DUE_MORNING, 0),
                (Occasion.PAST_OWN, 2),
            )
        ),
        department_clock.office(
            told(Occasion.LATE, office, late=2), overdue, waiting, department_id="d01", subject=SUBJECT
        ),
        department_clock.head(
            late,
            overdue,
            behind,
            late_units=(Overdue("新桥小学", "张敏", 2, nudges=1),),
            deviating=(),
            subject=SUBJECT,
            version=0,
            waiting=False,
        ),
        department_clock.head(
            late,
            overdue,
            waiting,
            late_units=(),
            deviating=(),
            subject=SUBJECT,
            version=2,
            waiting=True,
        ),
        department_clock.division(late, overdue, (behind, waiting), whole=False),
        department_clock.division(late, overdue, (behind, waiting), whole=True),
        department_clock.extended("2026年三季度", "10月25日（周日）", "区财绩〔2026〕9号"),
    )


SAMPLES = (*_desk(), *_deciding(), *_clock())
