"""第十七条　预算部门应当按照政府信息公开的有关要求，将绩效监控信息公开（涉密信息除外），自觉接受社会监督。

本文件核对公开的内容：报送了什么就公开什么；涉密的整个项目不出现；姓名、电话、证件号、账号、邮箱不出现；
拿掉了什么都列给决定公开的两个人看。条文没有写时间，所以没有期限。
"""

from __future__ import annotations

import time
from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.annexes import Entry
from regulation.basis import Basis, unit_form
from regulation.consolidation import consolidate
from regulation.deviation import parse_thresholds, thresholds_on
from regulation.disclosure import (
    OMITTED,
    PublicIndicator,
    PublicOverall,
    PublicProject,
    PublicReport,
    omissions_said,
    public_report,
    publishable,
    without_numbers,
)
from regulation.parameters import read
from regulation.roster import Department, FundSource, Indicator, Project, ResponsibleUnit
from regulation.rounds import parse_round

D = Decimal
Q3 = parse_round("2026Q3")
NAMES = ("张敏", "欧阳明月", "李强")
PROJECT = PublicProject(
    "p1",
    "新桥小学",
    "校舍安全改造",
    D(320),
    D(256),
    D("201.345"),
    "改造教室完成36间。",
    "课桌椅招标推迟到8月。",
    "11月底前到货。",
    (PublicIndicator("产出", "产出数量", "改造教室数量", "48间", "36间", "确定能"),),
)
OVERALL = PublicOverall(
    D(5000), "重点工作", "偏离", "改进", (("预算执行", "资金到位率", "100%", "80.00%", "可能性大"),)
)
REPORT = PublicReport("区教育局", Q3, OVERALL, (PROJECT,))


def published(text: str, **where: str) -> tuple[str, list[str]]:
    """The plan as published when somebody wrote that, and the kinds of what was taken out."""
    made = publishable(replace(REPORT, projects=(replace(PROJECT, plan=text),)), NAMES)
    return made.report.projects[0].plan, [each.kind for each in made.omissions]


def test_what_was_filed_is_published_unchanged() -> None:
    """没有要拿掉的，一个字也不改。"""
    made = publishable(REPORT, NAMES)
    assert (made.report, made.omissions, made.withheld) == (REPORT, (), ())


#: 写的、公开的、拿掉的是什么
TAKEN_OUT = [
    ("请找张敏。", "请找（略）。", ["姓名"]),
    ("张 敏负责", "（略）负责", ["姓名"]),
    ("由欧阳明月、李强跟进", "由（略）、（略）跟进", ["姓名", "姓名"]),
    ("联系人：周蕾，每周核对", "联系人：（略），每周核对", ["姓名"]),
    ("项目经理: 王大海", "项目经理: （略）", ["姓名"]),
    ("电话13812345678", "电话（略）", ["电话"]),
    ("１３８１２３４５６７８", "（略）", ["电话"]),
    ("138 1234 5678或138-1234-5678", "（略）或（略）", ["电话", "电话"]),
    ("0519-85123456转", "（略）转", ["电话"]),
    ("（0519）85123456", "（略）", ["电话"]),
    ("138.1234.5678、138—1234—5678、（138）12345678", "（略）、（略）、（略）", ["电话"] * 3),
    ("0519—85123456", "（略）", ["电话"]),
    ("找138\u200b1234\u200d5678，张\u2060敏", "找（略），（略）", ["电话", "姓名"]),
    ("320411 19900101 1234", "（略）", ["证件号"]),
    ("卡号6222 0212 3456 7890 123", "卡号（略）", ["账号"]),
    ("热线：85123456。", "热线：（略）。", ["电话"]),
    ("320411199001011234", "（略）", ["证件号"]),
    ("32041119900101123X", "（略）", ["证件号"]),
    ("账户6222021234567890123", "账户（略）", ["账号"]),
    ("发到zhang.min@example.cn", "发到（略）", ["邮箱"]),
    ("张敏13812345678", "（略）（略）", ["姓名", "电话"]),
]


@pytest.mark.parametrize(("text", "shown", "kinds"), TAKEN_OUT)
def test_names_and_numbers_of_people_are_taken_out(text: str, shown: str, kinds: list[str]) -> None:
    """公开的是事，不是人。"""
    assert published(text) == (shown, kinds)


@pytest.mark.parametrize("text", ["A." * 20_000, "1" * 40_000, "138" * 13_000, "电话" + " " * 40_000 + "无"])
def test_a_hostile_text_is_not_slow(text: str) -> None:
    """一格三万字的表格也要马上看完：原来要几十秒。"""
    begin = time.perf_counter()
    without_numbers(text)
    assert time.perf_counter() - begin < 2


#: 像，但不是个人信息：照样公开
KEPT = [
    "支出201.345万元，执行率62.92%。",
    "工程款12345678.12元",
    "支出138.12345678万元",
    "2021 2022 2023 2024 2025年",
    "看不见的\u200b也照旧",
    "项目编码32041101",
    "服务120000人次，2026年9月30日完成",
    "单位负责人已经到位，责任人明确",
    "合同编号 2026-CG-0138",
    "热线电话已开通",
    "完成36间（75.0%）",
]


@pytest.mark.parametrize("text", KEPT)
def test_figures_and_dates_stay(text: str) -> None:
    """金额、日期、编号不是个人信息。"""
    assert published(text) == (text, [])


def test_every_text_of_the_report_is_looked_at() -> None:
    """哪一格里写了都不行：逐个字段写上电话，公开的里面一个也没有。"""
    phone = "13812345678"
    dirty = replace(
        PROJECT,
        name=phone,
        situation=phone,
        deviation=phone,
        plan=phone,
        indicators=(PublicIndicator("产出", "产出数量", phone, phone, phone, "确定能"),),
    )
    overall = PublicOverall(D(1), phone, phone, phone, (("重点工作", phone, phone, phone, "确定能"),))
    made = publishable(PublicReport("区教育局", Q3, overall, (dirty,)), NAMES)
    assert phone not in repr(made.report)
    assert len(made.omissions) == 7 + 6
    texts = {f.name for f in fields(PublicProject) if f.type == "str"} - {"id", "unit"}
    assert texts == {"name", "situation", "deviation", "plan"}, "a new text must be looked at too"


@pytest.mark.parametrize(
    "project",
    [
        replace(PROJECT, classified=True),
        replace(PROJECT, situation="见 密级：机密 文件"),
        replace(PROJECT, name="秘密★10年 专项"),
        replace(PROJECT, indicators=(replace(PROJECT.indicators[0], actual="绝密"),)),
    ],
    ids=["marked in the roster", "in a text", "in the name", "in an indicator"],
)
def test_a_classified_project_is_left_out_whole(project: PublicProject) -> None:
    """涉密信息除外：整个项目不出现，连名称也不写进公开的内容。"""
    made = publishable(replace(REPORT, projects=(PROJECT, project)), NAMES)
    assert made.report.projects == (PROJECT,)
    assert len(made.withheld) == 1
    assert made.withheld[0][1].endswith("不公开")


def test_a_project_classified_in_the_roster_is_not_even_named_to_those_who_decide() -> None:
    """名册标了涉密的，清单里也只写“涉密项目”。"""
    made = publishable(replace(REPORT, projects=(replace(PROJECT, classified=True),)), NAMES)
    assert made.withheld == (("涉密项目", "涉密，不公开"),)


def test_a11_what_was_taken_out_is_listed_for_those_who_decide() -> None:
    """决定公开的两个人看得到每一处：哪个项目、哪一格、是什么。"""
    dirty = replace(REPORT, projects=(replace(PROJECT, plan="找张敏13812345678"),))
    made = publishable(dirty, NAMES)
    assert omissions_said(made.omissions) == (
        "校舍安全改造 · 改进计划：姓名“张敏”",
        "校舍安全改造 · 改进计划：电话“13812345678”",
    )


def test_what_was_taken_out_once_needs_nothing_more() -> None:
    """再过一遍不再变：公开件可以重新生成。"""
    dirty = replace(REPORT, projects=(replace(PROJECT, plan="张敏 13812345678 0519-85123456"),))
    once = publishable(dirty, NAMES)
    twice = publishable(once.report, NAMES)
    assert (twice.report, twice.omissions) == (once.report, ())
    assert once.report.projects[0].plan == f"{OMITTED} {OMITTED} {OMITTED}"


@given(st.text(max_size=60), st.sampled_from(NAMES), st.text(max_size=60))
def test_a_name_is_found_wherever_it_stands(before: str, name: str, after: str) -> None:
    """写在哪里都找得到。"""
    shown, _ = published(before + name + after)
    assert name not in shown


def test_the_report_is_drawn_from_what_was_filed() -> None:
    """公开的数就是附表1、附表2 报送的数，产出和效果都公开，经办人不在里面。"""
    project = Project(
        "p1", 2026, "u1", "zhangmin", "校舍安全改造", D(320), D(320), ((FundSource.DISTRICT, D(320)),),
        (Indicator(1, "产出", "数量", "改造教室数量", "48间"), Indicator(2, "效果", "满意度", "家长满意度", "≥95%")),
    )  # fmt: skip
    said = {"arrived": "256", "spent": "201.345", "actual.1": "36", "actual.2": "97", "likely.1": "certain"}
    entries = {key: Entry(value, value, "m1") for key, value in said.items()}
    unit = ResponsibleUnit("u1", "d1", "新桥小学")
    basis = Basis(
        Department("d1", "区教育局", "f1"),
        Q3,
        (project,),
        (unit_form(project, unit, 1, entries),),
        {"u1": unit},
    )
    rules = thresholds_on(parse_thresholds(read("thresholds.toml")), Q3.last_day)
    report = public_report(basis, consolidate(basis, {}, rules).annex2)
    (shown,) = report.projects
    assert (shown.unit, shown.budget, shown.spent, shown.execution) == (
        "新桥小学",
        D(320),
        D("201.345"),
        "62.92%",
    )
    assert [(each.name, each.actual) for each in shown.indicators] == [
        ("改造教室数量", "36间"),
        ("家长满意度", "97%"),
    ]
    assert report.overall is not None
    assert {row[1] for row in report.overall.rows} >= {"资金到位率", "预算执行率", "预算调整率"}
    assert "zhangmin" not in repr(report)
    (hidden,) = public_report(basis, None, classified=("p1",)).projects
    assert hidden.classified
