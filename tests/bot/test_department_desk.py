"""The budget office's desk on the real application: what a line says, who may, what is refused, what is never lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desk_batch import parse_desk_line
from bot.extending import extend
from bot.law import Here, shipped_law
from intake.demo import demo_roster
from regulation.deadlines import Annex, RoundOverride
from regulation.parameters import read
from regulation.reporting import ReportAction, ReportState
from regulation.roster import Role
from tests.bot.office import FINE, Q2, Q3, Office, moment, of, open_office, titles, with_person, words

AMOUNTS = "资产计划=120 资产完成=90 采购计划=400 采购执行=310.5"

#: a line, the 附表3 in focus, what is read
LINES = [
    (
        "资产计划120 资产完成 90，采购计划：400;采购执行＝310.5",
        "",
        {"assets.plan": "120", "assets.done": "90", "procurement.plan": "400", "procurement.done": "310.5"},
    ),
    ("总额=48620", "", {"total": "48620"}),
    ("执行目标=95% 执行可能=大", "", {"target.execution": "95%", "likely.execution": "大"}),
    ("改进：11月底前到货，采购执行情况另报", "", {"plan": "11月底前到货", "procurement.done": "情况另报"}),
    ("工作情况：校舍改造完成 原因：招标晚", "", {"work": "校舍改造完成", "deviation": "招标晚"}),
    ("实施：已开工 改进：加快", "p002", {"p002.situation": "已开工", "p002.plan": "加快"}),
    ("执行可能=小", "p002", {"likely.p002.execution": "小"}),
    ("采购可能=小", "p002", {"likely.procurement": "小"}),
    ("重点工作：1、3", "", {"works": "1、3"}),
    ("您好", "", {}),
    ("支出201.35 1=36", "", {}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "project", "read"), LINES, ids=lambda v: str(v)[:20])
def test_a_line_of_chat(line, project, read):
    assert dict(parse_desk_line(line, project)) == read


def hand_up(office: Office) -> None:
    """附表2 and 附表3 of 区教育局 before its head."""
    office.file("zhangmin", FINE)
    office.say("liqiang", "汇总")
    office.say("liqiang", f"{AMOUNTS} 工作情况：校舍改造按计划推进，未见偏离。")
    office.say("liqiang", "报负责人审")


def report(office: Office, department: str = "d01"):
    with office.stage.store.read() as tx:
        return tx.report(department, Q3)


def test_filed_late_is_marked_late_and_the_receipt_says_so(office: Office):
    office.clock("10-22 10:00")
    hand_up(office)
    (receipt,) = office.tap("wangju", "同意报送")
    assert (report(office).state, report(office).late) == (ReportState.FILED, True)
    assert "晚于期限 2 天" in words([receipt])
    assert titles(office.heard("tenghui"))[-1] == "区教育局报来附表2、3"


def test_everybody_of_another_department_and_every_unit_is_refused(office: Office):
    hand_up(office)
    for who in ("zhangmin", "sunxiao", "tenghui", "chenjing"):
        for word in ("汇总", "核对", "附表2", "撤回附表2"):
            assert titles(office.say(who, word)) == ["没有办成"], (who, word)
    before = office.audited()
    assert titles(office.tap("liqiang", "同意报送", on="wangju")) == ["没有办成"]
    assert office.audited() == before
    assert report(office).state is ReportState.AWAITING_HEAD


def test_finance_sees_figures_only_after_filing(office: Office):
    hand_up(office)
    assert "报送以前只能看报了几个" in words(office.say("chenjing", "附表2 教育局"))
    office.tap("wangju", "同意报送")
    assert titles(office.say("chenjing", "附表2 教育局")) == ["区教育局 附表2、附表3"]
    assert titles(office.say("tenghui", "核对 教育局")) == ["区教育局 核对：都对得上"]
    office.tap("liqiang", "撤回")
    assert "报送以前只能看报了几个" in words(office.say("tenghui", "附表2 教育局"))


def test_what_finance_has_decided_cannot_be_recalled(office: Office):
    hand_up(office)
    office.tap("wangju", "同意报送")
    with office.stage.store.begin() as tx:
        tx.save_report(
            "d01",
            Q3,
            base_version=1,
            was=ReportState.FILED,
            entries=(),
            basis=None,
            action=ReportAction.ACCEPT,
            state=ReportState.APPROVED,
            late=False,
            at=moment("10-09 10:00"),
            by="tenghui",
        )
    assert "不能撤回" in words(office.say("liqiang", "撤回附表2"))  # report.decided
    assert report(office).state is ReportState.APPROVED


def test_a_department_without_a_head_is_told_whom_to_ask(tmp_path):
    """``"report.no_head"``"""
    roster = demo_roster()
    wang = of(roster, "wangju")
    plain = replace(wang, duties=tuple(d for d in wang.duties if d.role is not Role.DEPARTMENT_HEAD))
    office = open_office(tmp_path / "headless", with_person(roster, plain))
    try:
        hand_up(office)
        shown = office.say("liqiang", "报负责人审")
        assert "还没有登记负责人" in words(shown)
        assert report(office).version == 0
    finally:
        office.close()


def test_two_tabs_of_the_head_file_once(office: Office):
    hand_up(office)
    office.tap("wangju", "同意报送")
    office.tap("wangju", "同意报送")
    with office.stage.store.read() as tx:
        approvals = [row for row in tx.audit_rows(200) if row.action == "report.approve"]
    assert len(approvals) == 1
    assert len(office.heard("tenghui", "report:")) == 1


def test_a_head_hears_one_reminder_a_day_on_both_clocks(office: Office):
    office.clock("11-20 18:00")
    days = [f"{s.at:%m-%d}" for s in office.heard("wangju", "head:")]
    assert len(days) == len(set(days))
    assert any("附表2、3 逾期" in title for title in titles(office.heard("wangju", "head:")))


def test_the_card_of_a_late_department_can_be_decided_on(office: Office):
    hand_up(office)
    office.clock("10-21 09:00")
    card = office.heard("wangju", "head:")[-1].card
    assert "已报王志远审" in str(card["rows"]) + str(card["text"]) or "在等您定" in str(card["text"])
    office.tap("wangju", "同意报送")
    assert report(office).state is ReportState.FILED


def test_nobody_is_reminded_of_what_finance_has(office: Office):
    hand_up(office)
    office.tap("wangju", "同意报送")
    office.clock("10-23 18:00")
    assert [s.key for s in office.heard("liqiang", "department:") if "10-12" not in str(s.at)] == []
    assert "区教育局" not in words(office.heard("tenghui", "division:"))


def test_c09_an_extension_of_the_department_clock_takes_overdue_notices_back(office: Office):
    office.clock("10-22 10:00")
    hand_up(office)
    office.tap("wangju", "同意报送")
    assert report(office).late
    notice = RoundOverride(Q3, Annex.DEPARTMENT, moment("10-26 00:00").date(), "新北财绩〔2026〕9号")
    assert extend(office.stage.store, shipped_law(), notice, moment("10-22 11:00")) is None
    assert not report(office).late
    office.clock("10-22 11:30")
    with office.stage.store.read() as tx:
        told = {person for person in ("liqiang",) if tx.last_sent(person, "extended:department")}
        offices = [
            p.id for d in tx.departments() if d.id != "d01" for p in tx.people_with(Role.BUDGET_OFFICE, d.id)
        ]
        assert all(tx.last_sent(person, "extended:department") for person in offices)
    assert "liqiang" not in told  # their report is with finance


def test_a_stranger_to_finance_marks_no_key_project(office: Office):
    for who in ("zhangmin", "sunxiao", "wangju"):
        assert titles(office.say(who, "加入重点 校舍安全改造 重大支出")) == ["没有办成"]


def test_a_report_is_always_read_by_the_thresholds_of_its_own_round(office: Office):
    changed = '\n[[execution_rate]]\nfrom = 2026-09-15\nreference = "测试通知"\nchoice = "arrived"\n'
    office.stage.law = shipped_law(thresholds_text=read("thresholds.toml") + changed)
    office.stage.reopen()
    office.file("zhangmin", FINE)
    now, before = (words(office.say("liqiang", f"汇总 {round.code}:d01")) for round in (Q3, Q2))
    assert "93.75%（已支出资金 240.00万元 ÷ 已到位资金 256.00万元）" in now
    assert "41.81%（已支出资金 882.86万元 ÷ 预算总额 2111.40万元）" in before


def test_a_form_of_an_older_round_is_judged_by_that_rounds_lines(office: Office):
    lines = '\n[[pace]]\nfrom = 2026-09-15\nreference = "测试通知"\nyellow = 0.99\nred = 0.98\n'
    law = shipped_law(thresholds_text=read("thresholds.toml") + lines)
    with office.stage.store.read() as tx:
        here, project = Here(tx, law, moment("10-08 09:00")), tx.project("p001")
        assert project is not None
        assert here.rules_for(project, Q3).pace.reference == "测试通知"
        assert here.rules_for(project, Q2) == here.rules_of(Q2) == law.thresholds[0]


def test_the_office_says_which_counts_of_several_units_are_the_same(tmp_path):
    roster = demo_roster()
    meals = next(p for p in roster.projects if p.id == "p003")
    other = replace(meals, id="p903", unit_id="u0102", filler_id="zhangmin")
    office = open_office(tmp_path / "shared", replace(roster, projects=(*roster.projects, other)))
    said = (
        "到位430 支出中央150 支出省级80 支出区级192 1=5662 2=98 3=99 4=100 5=100 6=17 7=达成 8=达成 9=96 "
        "原因：按学期供餐 改进：按计划推进"
    )
    try:
        office.file("qianyun", said, "填报 营养")
        office.file("zhangmin", said, "填报 营养")
        assert "合计1：区教育局本级 5662 + 新桥小学 5662 = 11324人" in words(
            office.say("liqiang", "附表3 营养")
        )
        assert "请回 1 到 1 的编号" in words(office.say("liqiang", "只算一次：2"))
        once = words(office.say("liqiang", "只算一次：1"))
        assert "合计1：只算一次，取区教育局本级的 5662人；新桥小学 报 5662人" in once
        assert "只算一次" not in words(office.say("liqiang", "附表3 操场"))
        office.say("liqiang", "附表3 营养")
        assert "= 11324人" in words(office.say("liqiang", "只算一次：无"))
    finally:
        office.close()
