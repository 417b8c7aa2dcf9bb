"""Finance in the chat: looking into a report, orders and answers, adjusted targets, disposals, tracked deviations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest

from regulation.adjusting import Adjustment, AdjustmentState, Cause
from regulation.annexes import Entry
from regulation.disposing import Disposal
from regulation.problems import CATALOGUE
from regulation.rectifying import RectificationState
from regulation.releasing import ReleaseState
from regulation.reporting import ReportAction, ReportState, refiled_late
from regulation.tracking import Stage
from tests.bot.office import Q2, Q3, SLOW, Office, titles, words

OFFICE, HEAD, DIVISION, PERFORMANCE = "liqiang", "wangju", "tenghui", "chenjing"


def report_in(office: Office, state: ReportState, *, version: int = 1) -> None:
    """区教育局's report as it stands after its office and head have done their part."""
    with office.stage.store.begin() as tx:
        at = office.stage.now()
        steps = ((ReportAction.SUBMIT, ReportState.NOT_STARTED, ReportState.AWAITING_HEAD),)
        if state is ReportState.FILED:
            steps += ((ReportAction.APPROVE, ReportState.AWAITING_HEAD, ReportState.FILED),)
        for base, (action, was, now) in enumerate(steps):
            tx.save_report(
                "d01",
                Q3,
                base_version=base,
                was=was,
                entries=[("plan", Entry("照计划", "照计划", "m1"))] if base == 0 else [],
                basis=tx.basis("d01", Q3) if base == 0 else None,
                action=action,
                state=now,
                late=False,
                at=at,
                by="wangju",
            )


@pytest.fixture
def filed(office: Office) -> Office:
    """新桥小学 has filed with a red finding, 区教育局 has filed with finance."""
    office.file("zhangmin", SLOW)
    report_in(office, ReportState.FILED)
    return office


def state(office: Office) -> ReportState:
    with office.stage.store.read() as tx:
        return tx.report("d01", Q3).state


def orders(office: Office):  # type: ignore[no-untyped-def]
    with office.stage.store.read() as tx:
        return tx.rectifications(Q3)


# -- looking
def test_finance_sees_figures_only_of_what_was_filed(office: Office) -> None:
    report_in(office, ReportState.AWAITING_HEAD)
    [card] = office.say(DIVISION, "审核")
    assert "待审 0 个" in titles([card])[0]
    [card] = office.say(DIVISION, "审核 教育")
    assert "还没有报到财政" in words([card])


def test_a_division_looks_at_its_own_departments_and_the_performance_office_at_all(filed: Office) -> None:
    [mine] = filed.say(DIVISION, "审核")
    [all_] = filed.say(PERFORMANCE, "审核")
    assert len(mine.card["rows"]) < len(all_.card["rows"])
    assert "没有名字里带“卫健”的部门归您看" in words(filed.say(DIVISION, "审核 卫健"))
    assert "这件事不归您办" in words(filed.say("zhangmin", "审核"))


def test_looking_is_noted(filed: Office) -> None:
    """A01: whoever reads another's figures leaves a row."""
    filed.say(PERFORMANCE, "审核 教育")
    with filed.stage.store.read() as tx:
        assert "report.read" in [row.action for row in tx.audit_rows(5)]


# -- deciding
def test_accepted_once_and_the_department_hears_of_it(filed: Office) -> None:
    filed.say(DIVISION, "审核 教育")
    assert titles(filed.tap(DIVISION, "审核通过")) == ["✓ 三季度附表2、3 审核通过"]
    assert state(filed) is ReportState.APPROVED
    for person in (OFFICE, HEAD):
        assert titles(filed.heard(person, "report:accepted"))[-1] == "✓ 三季度附表2、3 审核通过"
    assert titles(filed.tap(DIVISION, "审核通过"))[0] == "这张卡是旧的"


def test_returned_with_a_reason_and_a_day(filed: Office) -> None:
    filed.say(DIVISION, "审核 教育")
    filed.tap(DIVISION, "退回修改")
    again = filed.tap(DIVISION, "填好了", {"reason": "改", "due": "10-11"})
    assert "至少写 6 个字" in words(again)
    assert "不是工作日" in words(again)
    filed.tap(DIVISION, "填好了", {"reason": "附表2执行率与附表1合计不一致", "due": "10-14"})
    filed.tap(DIVISION, "确认退回")
    assert state(filed) is ReportState.RETURNED
    assert "附表2执行率与附表1合计不一致" in words(filed.heard(OFFICE, "report:returned"))


def test_what_finance_sent_back_has_its_own_day(filed: Office) -> None:
    """过了10月20日才重报，在退回定的日子之前，不记逾期，也不催逾期；当天提醒。"""
    filed.clock("10-20 10:00")
    filed.say(DIVISION, "审核 教育")
    filed.tap(DIVISION, "退回修改")
    filed.say(DIVISION, "原因：附表2执行率与附表1合计不一致 期限：10-23")
    filed.tap(DIVISION, "确认退回")
    shown = filed.clock("10-23 10:00")
    mine = [s for s in shown if s.user == OFFICE]
    assert titles([s for s in mine if s.key.startswith("report_back:")]) == ["财政退回 三季度附表2、3"] * 2
    assert not [s for s in mine if s.key.startswith("department:")]
    with filed.stage.store.read() as tx:
        back = tx.report_returns(Q3)["d01"]
        report = tx.report("d01", Q3)
    assert (back.due, back.reason) == (date(2026, 10, 23), "附表2执行率与附表1合计不一致")
    assert refiled_late(report, back, date(2026, 10, 23), late=True) is False
    assert refiled_late(report, back, date(2026, 10, 24), late=True) is True
    assert refiled_late(report, None, date(2026, 10, 23), late=True) is True


def test_in_one_line_where_there_are_no_inputs(filed: Office) -> None:
    filed.say(DIVISION, "审核 教育")
    filed.tap(DIVISION, "发整改通知")
    filed.say(DIVISION, "要求：课桌椅采购进度慢，查明原因，11月底前到货")
    filed.tap(DIVISION, "确认发出")
    [order] = orders(filed)
    assert (order.demand, order.due) == ("课桌椅采购进度慢，查明原因，11月底前到货", date(2026, 10, 14))
    assert state(filed) is ReportState.RECTIFYING


def ordered(office: Office) -> str:
    office.say(DIVISION, "审核 教育")
    office.tap(DIVISION, "发整改通知")
    office.say(DIVISION, "要求：课桌椅采购进度慢，查明原因，11月底前到货 期限：10-15")
    office.tap(DIVISION, "确认发出")
    return str(orders(office)[-1].id)


def test_answered_sent_back_and_closed(filed: Office) -> None:
    ordered(filed)
    assert "整改通知：区教育局" in titles(filed.heard(OFFICE, "report:ordered"))
    filed.tap(OFFICE, "反馈整改")
    filed.say(OFFICE, "已和供应商补签交货计划，11月20日到货")
    filed.tap(OFFICE, "确认反馈")
    assert orders(filed)[0].state is RectificationState.ANSWERED
    filed.tap(DIVISION, "退回再改")
    filed.say(DIVISION, "意见：请附上补签的合同编号")
    filed.tap(DIVISION, "确认退回")
    assert orders(filed)[0].state is RectificationState.ORDERED
    filed.tap(OFFICE, "反馈整改")
    filed.say(OFFICE, "反馈：合同编号新采2026-118，11月20日到货")
    filed.tap(OFFICE, "确认反馈")
    filed.tap(DIVISION, "复核办结")
    filed.say(DIVISION, "整改到位")
    filed.tap(DIVISION, "确认办结")
    assert orders(filed)[0].state is RectificationState.CLOSED
    assert state(filed) is ReportState.CLOSED


def test_a_confirmation_that_comes_twice_orders_once(filed: Office) -> None:
    ordered(filed)
    assert "已经发过了" in titles(filed.tap(DIVISION, "确认发出"))
    assert len(orders(filed)) == 1


def test_an_unanswered_order_is_asked_for_and_told_upwards(filed: Office) -> None:
    ordered(filed)
    shown = filed.clock("10-14 09:30")
    asked = [s for s in shown if s.key.startswith("order:") and s.user == OFFICE]
    assert titles(asked) == ["整改还没有反馈：明天截止"]
    filed.clock("10-15 09:30")
    late = filed.clock("10-16 09:30")
    assert "整改逾期：区教育局 已过 1 天" in titles([s for s in late if s.user == DIVISION])


@pytest.mark.parametrize("person", ["zhangmin", HEAD, "chenjing"])
def test_s06_an_order_is_answered_by_the_office_alone(filed: Office, person: str) -> None:
    ordered(filed)
    seen, action = filed.button(OFFICE, "反馈整改")
    answer = filed.send({"type": "tap", "user": person, "token": seen.token, "action": action})
    assert "别人不能代点" in words(answer)


# -- adjusted targets
def test_applied_for_decided_and_in_force(filed: Office) -> None:
    filed.say(OFFICE, "调整目标 校舍")
    filed.tap(OFFICE, "新桥小学校舍安全改造")
    filed.tap(OFFICE, "2 采购课桌椅")
    filed.say(OFFICE, "新目标：≥1500套 原因：政策变化 理由：招生计划调减，课桌椅需求减少 预算：20")
    filed.tap(OFFICE, "确认申请")
    [wish] = adjustments(filed)
    assert (wish.state, wish.budget_change) == (AdjustmentState.REQUESTED, Decimal(-20))
    before = project(filed)
    filed.tap(DIVISION, "审定同意")
    after = project(filed)
    assert adjustments(filed)[0].state is AdjustmentState.APPROVED
    assert (before.indicators[1].target_text, after.indicators[1].target_text) == ("≥2160套", "≥1500套")
    assert after.budget_current == before.budget_current - 20
    assert "已审定" in words(filed.heard("zhangmin", "adjustment:"))
    assert "已审定" in words(filed.tap(DIVISION, "审定同意"))


def adjustments(office: Office):  # type: ignore[no-untyped-def]
    with office.stage.store.read() as tx:
        return tx.adjustments(Q3)


def project(office: Office):  # type: ignore[no-untyped-def]
    with office.stage.store.read() as tx:
        return tx.project("p001")


def test_refused_with_a_word(filed: Office) -> None:
    filed.say(OFFICE, "调整目标 校舍")
    filed.tap(OFFICE, "新桥小学校舍安全改造")
    filed.tap(OFFICE, "2 采购课桌椅")
    filed.say(OFFICE, "新目标：≥1500套 原因：天气 理由：招生计划调减，课桌椅需求减少")
    assert "不在可选的里面" in words(filed.heard(OFFICE, "reply:")[-1:])
    filed.say(OFFICE, "原因：政策变化")
    filed.tap(OFFICE, "确认申请")
    filed.tap(DIVISION, "不同意")
    filed.say(DIVISION, "招生计划没有文件，先补依据")
    filed.tap(DIVISION, "确认不同意")
    assert adjustments(filed)[0].state is AdjustmentState.REJECTED
    assert project(filed).indicators[1].target_text == "≥2160套"


# -- disposals
def test_a_decision_of_people_is_put_on_record(filed: Office) -> None:
    filed.say(HEAD, "处置 校舍")
    filed.tap(HEAD, "新桥小学校舍安全改造")
    filed.tap(
        HEAD, "填好了", {"disposal": "cut", "cut": "", "decider": "局党委会", "basis": "会议纪要第12号"}
    )
    assert "还没有填金额" in words(filed.heard(HEAD, "reply:")[-1:])
    filed.tap(
        HEAD, "填好了", {"disposal": "cut", "cut": "20", "decider": "局党委会", "basis": "会议纪要第12号"}
    )
    filed.tap(HEAD, "确认登记")
    with filed.stage.store.read() as tx:
        [made] = tx.disposals(Q3)
    assert (made.disposal, made.amount, made.decider, made.decided_on) == (
        Disposal.CUT,
        Decimal(20),
        "局党委会",
        date(2026, 10, 8),
    )
    assert "已记录处置：调减预算" in titles(filed.heard(DIVISION, "disposal:"))
    assert project(filed).budget_current == Decimal(320), "recorded, never carried out by itself"


# -- deviations
def test_a_deviation_is_seen_taken_on_and_finished(filed: Office) -> None:
    [card] = filed.say(OFFICE, "偏离")
    assert "2 处没办结" in titles([card])[0] or "处没办结" in titles([card])[0]
    first = "看第1条"
    filed.tap(OFFICE, first)
    filed.tap(OFFICE, "已阅")
    filed.tap(OFFICE, first)
    filed.tap(OFFICE, "我来办")
    filed.tap(OFFICE, first)
    filed.tap(OFFICE, "办结")
    filed.say(OFFICE, "已补签合同，11月到货")
    filed.tap(OFFICE, "确认办结")
    with filed.stage.store.read() as tx:
        assert [t.stage for t in tx.tracked(Q3).values()] == [Stage.DONE]
    assert "办结" in words(filed.say(OFFICE, "偏离"))
    filed.tap(OFFICE, first)
    filed.tap(OFFICE, "重新办")
    assert "这件事不归您办" in words(filed.say("zhangmin", "偏离"))


def test_what_the_second_quarter_announced_is_handed_in_with_the_third(filed: Office) -> None:
    """第十五条(一): 二季度记下的，三季度点一下就报财政。"""
    planned = Adjustment(
        "a1",
        "p001",
        Q2,
        2,
        "≥2160套",
        "≥1500套",
        Cause.POLICY,
        "招生计划调减，需求减少",
        Decimal(0),
        "liqiang",
        filed.stage.now(),
        AdjustmentState.PLANNED,
    )
    with filed.stage.store.begin() as tx:
        tx.request_adjustment(planned, filed.stage.now(), "liqiang")
    filed.say(OFFICE, "调整目标")
    filed.tap(OFFICE, "看新桥小学校舍安全…")
    filed.tap(OFFICE, "确认申请")
    assert [(a.round, a.state) for a in adjustments(filed)] == [(Q3, AdjustmentState.REQUESTED)]
    assert "目标调整：新桥小学校舍安全改造" in titles(filed.heard(DIVISION, "adjustment:"))


def test_in_the_second_quarter_it_stays_announced() -> None:
    found = CATALOGUE["adjustment.not_yet"]
    assert found == "目标调整申请随三季度监控报告一起报，现在还没到三季度，先记着。"


def test_what_moved_on_meanwhile_is_said(filed: Office) -> None:
    filed.say(DIVISION, "审核 教育")
    filed.tap(DIVISION, "退回修改")
    filed.say(DIVISION, "原因：附表2执行率与附表1合计不一致")
    filed.say(PERFORMANCE, "审核 教育")
    filed.tap(PERFORMANCE, "审核通过")
    filed.tap(DIVISION, "确认退回")
    assert state(filed) is ReportState.RETURNED, "finance may open it again"
    filed.tap(DIVISION, "确认退回")
    assert "这份报表现在是“退回”，不能这样办了" in words(
        filed.heard(DIVISION, "reply:")[-1:]
    ) or "归您办" in words(filed.heard(DIVISION, "reply:")[-1:])


def test_a_deviation_that_was_corrected_away_is_gone(filed: Office) -> None:
    filed.say(OFFICE, "偏离")
    filed.say("zhangmin", "更正 校舍")
    filed.say("zhangmin", "支出240 1=46 2=2100 原因：无偏离 改进：按计划推进")
    filed.say("zhangmin", "确认提交")
    assert "这条偏离已经不在了：数字更正后消除了，或者不归您办。" in words(filed.tap(OFFICE, "看第1条"))


# -- publication
def accepted(office: Office) -> None:
    office.say(DIVISION, "审核 教育")
    office.tap(DIVISION, "审核通过")


def releases(office: Office):  # type: ignore[no-untyped-def]
    with office.stage.store.read() as tx:
        return tx.releases("d01", Q3)


def test_a11_two_people_and_the_very_bytes(filed: Office) -> None:
    assert "审核通过以后才能公开" in words(filed.say(OFFICE, "公开"))
    accepted(filed)
    assert "没有发现" in words(filed.say(OFFICE, "公开")) or "去掉的" in words(filed.say(OFFICE, "公开"))
    filed.tap(OFFICE, "提请公开")
    filed.say(OFFICE, "公开")
    filed.tap(OFFICE, "看待确认的")
    with pytest.raises(LookupError):
        filed.button(OFFICE, "同意公开")
    [shown] = filed.tap(HEAD, "看公开件")
    [(name, file_id)] = shown.files
    frozen = filed.stage.file(file_id)
    filed.tap(HEAD, "同意公开")
    [kept] = releases(filed)
    assert kept.state is ReleaseState.RELEASED
    assert name.endswith(".zip")
    assert frozen is not None
    assert sha256(frozen[1]).hexdigest() == kept.digest
    assert "现在是“已同意公开”" in words(filed.tap(HEAD, "不同意"))


def test_nothing_waits_nothing_is_let_out(filed: Office) -> None:
    accepted(filed)
    filed.say(OFFICE, "公开")
    filed.tap(OFFICE, "提请公开")
    seen, action = filed.button(HEAD, "看公开件")
    filed.tap(HEAD, "看公开件")
    filed.tap(HEAD, "不同意")
    assert "没有等着第二个人确认的公开件" in words(filed.tap(HEAD, "看公开件"))
    stolen = filed.send({"type": "tap", "user": "zhangmin", "token": seen.token, "action": action})
    assert "别人不能代点" in words(stolen)
    assert CATALOGUE["release.second"].startswith("公开要两个人：提请的人不能自己同意")
    assert CATALOGUE["release.alone"].startswith("{department}名单里没有第二个人可以确认，请先在名册里补上")
