"""The samples of notices to many and of answers to questions, with invented names."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import answers, notices
from bot.cards.card import Attachment, Button, Card, Row
from bot.cards.gallery_unit import RED, ROUND
from regulation.notices import Outcome, Result, Tally
from regulation.problems import problem
from regulation.tallies import KnownName


def _noticing() -> tuple[Card, ...]:
    text = "三季度附表1 请在10月13日（周二）17:00 前报送。数据口径为1月1日至9月30日累计数，单位万元。"
    facts = notices.Facts(
        "n1", "三季度附表1 催报", text, "逾期的经办人 · 全部", 63, "现在", "区财政局绩效科 陈静"
    )
    long = replace(
        facts, title="关于做好2026年三季度预算绩效运行监控附表1报送工作的提醒", text=text * 3, count=12
    )
    every = frozenset({"filler", "unit_head", "budget_office", "department_head"})
    outcomes = (
        Outcome("a", "张敏", Result.RECEIVED),
        Outcome("b", "周蕾", Result.READ),
        Outcome("c", "吴芳", Result.DELIVERED),
        Outcome("d", "钱云", Result.FAILED, "没有可用账号"),
    )
    until = "10月10日（周六·调休上班）09:00"
    return (
        notices.form(
            (("performance_office:*", "区财政局绩效科"), ("budget_office:d01", "区教育局预算科")),
            every,
            {"title": "三季度附表1 催报"},
            {"where": problem("notice.where_unknown", text="水务").text},
        ),
        notices.message(facts),
        notices.sample(facts),
        notices.preview(facts, ("钱云", "杨柳"), "5 分钟前沈怡发过《三季度催报》", second=True),
        notices.preview(long, (), "", second=False, changed=True),
        notices.agree(facts, until),
        notices.asked(facts, ("沈怡",), until),
        notices.back(facts, "沈怡没有同意，没有发给任何人。"),
        notices.scheduled(replace(facts, when="10月13日（周二）09:00")),
        notices.panel(
            facts, Tally(63, 61, 40, 12, 2, 0), ("没有可用账号",), "已发完", "10月9日 14:32", open=True
        ),
        notices.people(facts, outcomes, "10月9日 14:32"),
        notices.again(facts),
        notices.recalled(facts),
        notices.received(facts.title, facts.by, "10月9日 14:32"),
        notices.history((("n1", facts.title, "已发完"), ("n2", "二季度情况通报", "已撤回"))),
        notices.emptied(facts),
    )


def _answering() -> tuple[Card, ...]:
    counted = "口径：按项目计，退回未重报的算没报。数据截至 10月12日 10:00。"
    figured = "口径：执行率 = 已支出资金 ÷ 预算总额（调整后）× 100%。数据截至 10月12日 10:00。"
    places = tuple(
        KnownName("department", f"d{n}", name, f"d{n}")
        for n, name in enumerate(("区城管局", "区应急管理局"), 2)
    )
    many = tuple(
        KnownName("project", f"p{n:03}", f"道路养护与管理工程第{n}标段", "d02") for n in range(1, 13)
    )
    form = Attachment("annex1.xlsx", "2026Q3:p001", 1, "附表1_新桥小学校舍安全改造_2026年三季度.xlsx")
    return (
        answers.table(
            "全区还差 66 张没交",
            "2026年三季度附表1 · 已报 1/67 · 0 个部门交齐",
            (Row("区教育局", "差 9/10　已逾期", "✕"), Row("区水利局", "差 7/7　已逾期", "✕")),
            counted,
            buttons=(Button("notice_write", "写通知"),),
        ),
        answers.table(
            "区教育局支出最慢的 1 个项目",
            "2026年三季度 · 时间进度 75% · 已报 1 个项目里排",
            (Row("1", "62.92%　新桥小学校舍安全改造　支出 201.35万元，预算 320.00万元"),),
            figured,
        ),
        answers.table(
            "新桥小学的附表1：1 个文件",
            "2026年三季度",
            (),
            counted,
            good=True,
            text="打开就能打印盖章。",
            files=(form,),
        ),
        answers.which("管", places, "question:owing/0/10"),
        answers.which("道路", many, "question:how/3/10"),
        answers.why("区教育局：1 处红，0 处黄", "2026年三季度", (("新桥小学校舍安全改造", RED),), 9, counted),
        answers.glance(
            answers.Glance(177, 158, (("区水利局", 5), ("区卫健局", 1)), 9, 2, 0), ROUND, 202610121730
        ),
        answers.why("区教育局没有偏离", "2026年三季度", (), 0, counted),
    )


SAMPLES = (*_noticing(), *_answering())
