"""One sample of every card, with invented names: what designers, drawers and tests look at."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

from bot.cards import alerts, collect, deadline, halfway, handing, plain, remind, status, tables
from bot.cards.card import Card, Input, InputKind, Row
from bot.cards.gallery_notices import SAMPLES as NOTICE_SAMPLES
from bot.cards.gallery_reports import SAMPLES as REPORT_SAMPLES
from bot.cards.gallery_rulings import SAMPLES as RULING_SAMPLES
from bot.cards.gallery_tracing import SAMPLES as TRACING_SAMPLES
from bot.cards.gallery_unit import SAMPLES as UNIT_SAMPLES
from bot.cards.gallery_usage import SAMPLES as USAGE_SAMPLES
from regulation.annexes import Entry
from regulation.deadlines import Annex
from regulation.deviation import Finding, Level
from regulation.problems import problem
from regulation.reminders import Audience, Occasion, Reminder
from regulation.roster import FundSource, Indicator, Person, Project
from regulation.rounds import MonitoringRound

ROUND, SUBJECT, MESSAGE = MonitoringRound(2026, 3), "2026Q3:p001", "simulator:m34"
AT = datetime(2026, 10, 9, 14, 32, tzinfo=timezone(timedelta(hours=8), "Asia/Shanghai"))
DUE = "10月10日（周六·调休上班）前报送"
OVERDUE = "应于10月10日（周六·调休上班）报送"
OWN_PASSED = "本部门定的10月8日已过，10月10日前报送"

_INDICATORS = (
    ("改造教室数量", "48间", "间", "20", "36"),
    ("采购课桌椅", "≥2160套", "套", "900", "930"),
    ("工程验收合格率", "100%", "%", "100", "100"),
    ("学生满意度", "≥95%", "%", "96", "96"),
)
SCHOOL = Project(
    id="p001",
    year=2026,
    unit_id="u0102",
    filler_id="zhangmin",
    name="新桥小学校舍安全改造",
    budget_initial=Decimal("300.00"),
    budget_current=Decimal("320.00"),
    sources=((FundSource.CENTRAL, Decimal("100.00")), (FundSource.DISTRICT, Decimal("220.00"))),
    indicators=tuple(
        Indicator(n, "产出", "数量指标", name, target) for n, (name, target, *_) in enumerate(_INDICATORS, 1)
    ),
)
WU, ZHOU = Person("wufang", "吴芳"), Person("zhoulei", "周蕾")


def reminder(occasion: Occasion, *, left: int = 0, late: int = 0) -> Reminder:
    """A planned moment to a filler."""
    return Reminder(ROUND, Annex.UNIT, occasion, Audience.FILLER, AT, left, late)


def finding(level: Level, *, position: int = 2, title: str = "采购课桌椅 43%") -> Finding:
    """A deviation as judged, with invented numbers."""
    return Finding(
        code="output.slow",
        level=level,
        field=f"actual.{position}",
        title=title,
        sentence="采购课桌椅完成 930/2160 套（43.1%），时间已过 75%，明显偏慢。",
        formula="累计完成 ÷ 年度目标",
        numbers=(("累计完成", "930"), ("年度目标", "2160")),
        threshold="完成进度低于应有进度的80%为黄，低于60%为红",
        version="2021-01-01",
        reference="规则样例",
        article="第十条(二)",
    )


def money_inputs(said: str = "", wrong: str = "") -> tuple[Input, ...]:
    """到位 and 支出 as a form asks them."""
    return (
        Input("arrived", "到位", "已到位资金", InputKind.NUMBER, "万元", last="上季 192.00", value="256"),
        Input(
            "spent",
            "支出",
            "已支出资金",
            InputKind.NUMBER,
            "万元",
            last="上季 118.40",
            value=said,
            problem=wrong,
        ),
    )


def number_input(position: int, label: str, target: str, unit: str, last: str) -> Input:
    """One indicator as a form asks it."""
    return Input(
        f"actual.{position}",
        str(position),
        f"{position}. {label}",
        InputKind.NUMBER,
        unit,
        f"年度目标 {target}",
        f"上季 {last}",
    )


def text_inputs(situation: str = "", reason: str = "", plan: str = "") -> tuple[Input, ...]:
    """实施, 原因 and 改进 as an echo asks them."""
    long = InputKind.LONG_TEXT
    return (
        Input("situation", "实施", "项目实施情况", long, hint="按数字起草，可以改", value=situation),
        Input("reason", "原因", "目标偏离情况及原因分析", long, value=reason),
        Input("plan", "改进", "改进计划", long, value=plan),
    )


_NUMBERS = tuple(
    number_input(n, name, target, unit, last)
    for n, (name, target, unit, last, _) in enumerate(_INDICATORS, 1)
)
ECHOED = (
    Row("到位", "256.00万元", "✓"),
    Row("支出", "201.35万元（执行率 62.9%，时间进度 75%）", "✓"),
    Row("1 改造教室数量", "36间　75.0%　确定能", "✓"),
    Row("2 采购课桌椅", "930套　43.1%　可能性小", "✕"),
)
_SLOW = "✕ 采购课桌椅完成 930/2160 套（43.1%），时间已过 75%，明显偏慢。"
_NEXT = collect.Choice("2026Q3:p002", "新桥小学操场翻新", "未填")
_LATE_UNITS = (
    remind.Overdue("新桥小学", "张敏", 2),
    remind.Overdue("实验幼儿园", "周蕾", 1, nudges=2, unopened=True),
)
_RED = remind.Deviating(SCHOOL.name, finding(Level.RED))
_ENTRIES = {
    "spent": Entry("201.35", "201.35", MESSAGE),
    "actual.2": Entry("930", "930套", MESSAGE),
    "likely.2": Entry("unlikely", "（按进度建议）", MESSAGE),
    "reason": Entry("招标晚", "招标晚", MESSAGE),
}


def _reminding() -> tuple[Card, ...]:
    owed = remind.Owed(("新桥小学校舍安全改造", "新桥小学操场翻新"), 0)
    started = remind.Owed(("新桥小学操场翻新",), 7)
    return (
        remind.filler(reminder(Occasion.OPEN, left=4), DUE, owed),
        remind.filler(reminder(Occasion.THREE_LEFT, left=3), DUE, owed),
        remind.filler(reminder(Occasion.ONE_LEFT, left=1), DUE, started),
        remind.filler(reminder(Occasion.DUE_MORNING), DUE, started),
        remind.filler(reminder(Occasion.DUE_AFTERNOON), DUE, started),
        remind.filler(reminder(Occasion.PAST_OWN, left=1), OWN_PASSED, started),
        remind.filler(reminder(Occasion.LATE, late=2), OVERDUE, owed),
        remind.unit_head(reminder(Occasion.LATE, late=2), OVERDUE, "新桥小学", ("张敏",), 2),
        remind.office(
            "区教育局附表1 收齐 7/10",
            OVERDUE,
            late=_LATE_UNITS,
            missing=("新桥小学", "实验幼儿园"),
            deviating=(_RED,),
            department_id="d01",
            can_nudge=True,
            begin=SUBJECT,
        ),
        remind.head(
            "区教育局",
            OVERDUE,
            late=_LATE_UNITS,
            deviating=(_RED,),
            days_late=2,
            department_id="d01",
            days_to_finance=8,
        ),
        remind.calendar_missing(2027),
        remind.extended("三季度", "10月15日（周四）", "区财绩〔2026〕9号"),
    )


def _collecting() -> tuple[Card, ...]:
    form = collect.form(
        SCHOOL,
        ROUND,
        due=DUE,
        inputs=(*money_inputs(), *_NUMBERS),
        subject=SUBJECT,
        revision=0,
        others=1,
        correcting=False,
    )
    asking = collect.echo(
        SCHOOL,
        ROUND,
        rows=ECHOED,
        inputs=(
            *money_inputs("二百", "看不懂“二百”。请只写数字，单位万元，例如 12.5。")[1:],
            collect.likelihood_input(2, "采购课桌椅", "unlikely", "按进度先选好了，可以改"),
            *text_inputs("截至9月底，到位资金256.00万元，支出201.35万元。"),
        ),
        subject=SUBJECT,
        revision=1,
        asks=("为什么慢？点下面的原因，或回“原因：招标晚，设备未到”。",),
        complete=False,
        warnings=(_SLOW,),
        proposals=("2013500元 = 201.35 万元，对吗？",),
        choose_reason=True,
    )
    complete = collect.echo(
        SCHOOL,
        ROUND,
        rows=ECHOED,
        inputs=text_inputs("截至9月底，支出201.35万元。", "招标晚", "11月底前到货"),
        subject=SUBJECT,
        revision=2,
        asks=(),
        complete=True,
        warnings=(_SLOW,),
        proposals=(),
        choose_reason=False,
    )
    receipt = collect.receipt(
        SCHOOL,
        ROUND,
        subject=SUBJECT,
        version=2,
        at=AT,
        by="张敏",
        to="区教育局 预算科 李强",
        late_days=2,
        next_form=_NEXT,
        changed=(Row("改动", "已支出资金 210.00万元 → 201.35万元"),),
    )
    mine = collect.Choice(SUBJECT, SCHOOL.name, "填了 3 项，未提交")
    conflict = collect.conflict(
        SCHOOL,
        SUBJECT,
        2,
        who="孙国华",
        at="10月8日 09:10",
        rows=(Row("已支出资金", "210.00万元 ｜ 201.35万元", "△"),),
        version=1,
    )
    return (
        form,
        asking,
        complete,
        receipt,
        collect.pick((mine, _NEXT), ROUND, "填", "fill"),
        collect.which((_NEXT, mine), 1, ROUND),
        collect.nothing_to_fill(ROUND, 2, "2027年7月1日（周四）"),
        conflict,
        halfway.not_filed(SCHOOL.name, SUBJECT, 2, ready=True),
        halfway.lost(SCHOOL.name, SUBJECT, "没看懂这句话"),
    )


def _handing() -> tuple[Card, ...]:
    return (
        handing.choose(SCHOOL.name, SUBJECT, (WU, ZHOU)),
        handing.ask(SCHOOL.name, ROUND, DUE, "张敏", SUBJECT, '{"from": "zhangmin"}'),
        handing.asked("吴芳", SUBJECT, "wufang"),
        handing.kept(SCHOOL.name, "张敏", SUBJECT),
        handing.waiting(DUE, (("张敏", SCHOOL.name),)),
        handing.moved(SCHOOL.name, "张敏", "吴芳"),
        handing.moved(SCHOOL.name, "张敏", "吴芳", "2026Q3:p001"),
        handing.declined(SCHOOL.name, "吴芳", SUBJECT),
        handing.paused(ROUND, "10月10日（周六·调休上班）"),
        handing.nudged(("张敏", "周蕾"), AT, skipped=1),
        handing.nudged(("张敏",), AT, skipped=0, writing=("周蕾",)),
        handing.which((("d01", "区教育局"), ("d02", "区卫生健康局"))),
        handing.ledger(
            "区教育局", ROUND, (("张敏", "催 2 次 · 最近 10月12日 09:05 王志远 · 未打开过", "△"),)
        ),
        handing.nudge(2, ROUND, OVERDUE, "王志远"),
    )


def _telling() -> tuple[Card, ...]:
    return (
        alerts.deviation(
            SCHOOL.name,
            "新桥小学",
            ROUND,
            findings=(finding(Level.RED), finding(Level.YELLOW, position=1, title="改造教室数量 31%")),
            reason="招标晚",
            plan="11月底前到货",
            by="张敏 10月9日 14:32",
            subject=SUBJECT,
            version=1,
        ),
        alerts.cleared(SCHOOL.name, "新桥小学", ROUND, 2, "张敏"),
        alerts.withdrawn(SCHOOL.name, "新桥小学", ROUND, "张敏", 2),
        alerts.closed(problem("form.closed", round="三季度", date="10月20日")),
        alerts.kept(ROUND),
        alerts.already_filed(SCHOOL.name, ROUND, SUBJECT, 1, "张敏 10月9日 14:32"),
        status.mine(ROUND, DUE, ((SCHOOL.name, "✓ 已报送 版本1"), ("新桥小学操场翻新", "未填"))),
        status.mine(
            ROUND, DUE, ((SCHOOL.name, "△ 等单位负责人确认"),), whose="新桥小学", then=(status.CONFIRM,)
        ),
        status.many(
            ROUND,
            "区教育局",
            OVERDUE,
            (status.Count("新桥小学", 1, 2, 1), status.Count("实验幼儿园", 2, 2, 0)),
            nudge="nudge:d01",
        ),
        deadline.due(
            ROUND,
            "10月10日（周六·调休上班）",
            (
                "办法第十二条：三季度终了后10日内，把附表1报送本部门预算管理机构。",
                "10月10日24时前收到算按时。",
            ),
            "还剩 1 个工作日",
            owed=2,
            asked=True,
            late=False,
        ),
        tables.annex1(SCHOOL, ROUND, SUBJECT, 1, late=True),
        tables.none_filed(ROUND),
        tables.worksheet(SCHOOL.name, ROUND, DUE, SUBJECT),
        collect.pick((collect.Choice(SUBJECT, SCHOOL.name, "未填"),), ROUND, "用表格填", "worksheet"),
        plain.help_card("没看懂这句话。"),
        plain.help_card("", ("还有谁没交", "教育局为什么红"), writes=True, reviews=True),
        plain.help_card("", ("还有谁没交", "教育局为什么红"), writes=True, finance=True),
        plain.refusal(problem("person.may_not")),
        plain.fitting(plain.refusal(problem("report.not_filed_yet")), finance=True),
        plain.told("已经归您填了", "新桥小学校舍安全改造现在就在您名下，回“填报”接着填。"),
    )


SAMPLES = (
    *_reminding(),
    *_collecting(),
    *_handing(),
    *_telling(),
    *NOTICE_SAMPLES,
    *UNIT_SAMPLES,
    *USAGE_SAMPLES,
    *REPORT_SAMPLES,
    *RULING_SAMPLES,
    *TRACING_SAMPLES,
)
