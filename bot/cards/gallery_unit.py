"""The samples of what passes between a unit and its department, with invented names."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from bot.cards import cancelling, collect, confirm, covering, directory, remind, review
from bot.cards.card import Button, Card, Row, Style
from regulation.deadlines import Annex
from regulation.deviation import Finding, Level
from regulation.reminders import Audience, Occasion, Reminder
from regulation.roster import Person
from regulation.rounds import MonitoringRound

ROUND, SUBJECT = MonitoringRound(2026, 3), "2026Q3:p001"
AT = datetime(2026, 10, 9, 14, 32, tzinfo=timezone(timedelta(hours=8), "Asia/Shanghai"))
DUE = "10月10日（周六·调休上班）前报送"
NAME, UNIT, OTHER = "新桥小学校舍安全改造", "新桥小学", "新桥小学操场翻新"
RED = Finding(
    code="output.slow",
    level=Level.RED,
    field="actual.2",
    title="采购课桌椅 43%",
    sentence="采购课桌椅完成 930/2160 套（43.1%），时间已过 75%，明显偏慢。",
    formula="累计完成 ÷ 年度目标",
    numbers=(("累计完成", "930"), ("年度目标", "2160")),
    threshold="完成进度低于应有进度的80%为黄，低于60%为红",
    version="2021-01-01",
    reference="规则样例",
    article="第十条(二)",
)
LATE = Reminder(ROUND, Annex.UNIT, Occasion.LATE, Audience.UNIT_HEAD, AT, 0, 2)
LINES = (
    review.Line(SUBJECT, NAME, UNIT, "已报送 版本1 · 1 处偏离", "✕", opens=True),
    review.Line("2026Q3:p002", OTHER, UNIT, "已报送 版本1", "✓", opens=True),
    review.Line("2026Q3:p005", "实验幼儿园保育员聘用", "实验幼儿园", "未填"),
)


def _confirming() -> tuple[Card, ...]:
    return (
        confirm.ask(
            NAME, UNIT, ROUND, by="张敏 10月9日 14:32", due=DUE, findings=(RED,), subject=SUBJECT, version=1
        ),
        remind.awaiting(DUE, UNIT, ((SUBJECT, NAME), ("2026Q3:p002", OTHER))),
        remind.unreachable(DUE, (("周蕾", "实验幼儿园 · 2 个项目"),)),
        remind.unit_above(LATE, "应于10月10日（周六·调休上班）报送", UNIT, ("孙国华",), 2, "u0102"),
        confirm.waiting(NAME, ROUND, "孙国华", SUBJECT, 1, late=False),
        confirm.done(NAME, ROUND, "孙国华 10月9日 16:00", "区教育局 预算科 李强", 1, late=True),
        confirm.corrected(NAME, ROUND, "张敏", 2, (Row("改动", "采购课桌椅 930套 → 1930套"),), SUBJECT),
        confirm.withdrawn(NAME, ROUND, DUE, SUBJECT),
        confirm.stood_in(NAME, ROUND, "李强", "经办人住院，单位电话报的数", 1, SUBJECT),
        collect.pick((collect.Choice("2026Q3:p002", OTHER, "未填"),), ROUND, "代填", "stand"),
        confirm.reason(NAME, ROUND, UNIT, SUBJECT, "代填要写一句为什么，至少 4 个字，会记在回执和审计里。"),
    )


def _reviewing() -> tuple[Card, ...]:
    accept = Button(f"receive:{SUBJECT}", "接收", Style.PRIMARY)
    back = Button(f"return:{SUBJECT}", "退回修改")
    following = Button("see:2026Q3:p002", "审下一张", Style.PRIMARY)
    return (
        review.listed("区教育局", ROUND, LINES, waiting=2, clean=1, department_id="d01"),
        review.form(
            NAME,
            UNIT,
            ROUND,
            by="张敏 10月9日 14:32",
            state="已报送",
            findings=(RED,),
            subject=SUBJECT,
            version=1,
            buttons=(accept, back, Button(f"table:{SUBJECT}", "看表格")),
        ),
        review.accepted(NAME, "还有 1 张等您看。", (following,)),
        review.complete("区教育局", ROUND, 10, f"新桥小学《{NAME}》", "2026Q3:d01"),
        review.sending_back(
            NAME,
            UNIT,
            fields=(("", "整张表"), ("spent", "已支出资金"), ("actual.2", "2 采购课桌椅")),
            field="actual.2",
            days=(("2026-10-14", "10月14日（周三）"), ("2026-10-15", "10月15日（周四）")),
            day="2026-10-15",
            reason="不对",
            problems={"reason": "没有写退回原因。请至少写 4 个字，让填表的人知道改哪里。"},
            subject=SUBJECT,
            version=1,
        ),
        review.sure(
            NAME,
            "新桥小学",
            "采购课桌椅",
            "和到货单对不上",
            "10月15日（周四）前改好再报",
            subject=SUBJECT,
            version=1,
            data="[]",
        ),
        review.sent_back(
            NAME, "2 采购课桌椅", "930套", "李强：和到货单对不上", "10月15日（周四）前改好再报", SUBJECT
        ),
        review.returned(NAME, "张敏", "10月15日（周四）前改好再报", inside=False),
        review.mend(((NAME, "2 采购课桌椅 · 10月15日（周四）前改好"),), 1, late=False),
    )


def _covering() -> tuple[Card, ...]:
    until, people = (
        "10月12日（周一）到10月20日（周二）",
        (Person("wufang", "吴芳"), Person("sunxiao", "孙国华")),
    )
    return (
        covering.days("看不懂请假的日期。请写成“请假 10月12日到10月20日”。"),
        covering.choose(until, people, '{"first": "2026-10-12", "last": "2026-10-20"}'),
        covering.ask("张敏", until, 2),
        covering.asked("吴芳", until, '{"first": "2026-10-12", "last": "2026-10-20"}'),
        covering.agreed("张敏", "吴芳", until),
        covering.agreed("张敏", "吴芳", until, '{"first": "2026-10-12", "last": "2026-10-20"}'),
        covering.refused("吴芳", until),
        covering.ended("张敏", "吴芳"),
        covering.called_off("张敏", "吴芳", until),
        cancelling.left(NAME, SUBJECT, typed=True, filed=False),
        cancelling.nothing(leave=True, filed=True),
        cancelling.nothing(leave=False, filed=False),
        covering.whom("张敏", (NAME, OTHER), people, '{"from": "zhangmin"}'),
        covering.moved("张敏", "吴芳", (NAME, OTHER), "李强"),
    )


def _directories() -> tuple[Card, ...]:
    lines = (
        ("新账号", "企业微信的张敏（区水利局）就是名册里的张敏（新桥小学）"),
        ("姓名不同", "名册写吴芳，企业微信写吴芬芳（新桥小学）"),
        ("通讯录里没有了", "周蕾（实验幼儿园）不在企业微信里了；名下项目转单位负责人"),
    )
    return (
        directory.differences(lines, 5, '["a", "b", "c"]'),
        directory.decided(
            "名册写吴芳，企业微信写吴芬芳（新桥小学）", "还有 4 处，回“通讯录”接着看。", adopted=True
        ),
        directory.left("周蕾", ("实验幼儿园保育员聘用",), "郑兰"),
    )


SAMPLES = (*_confirming(), *_reviewing(), *_covering(), *_directories())
