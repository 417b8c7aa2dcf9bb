"""接收、退回、撤回 against the department's own report, old cards and the wrong hands (F03, F04, S05–S07, S13)."""

from dataclasses import replace

import pytest

from intake.demo import demo_roster
from regulation.filing import FilingState
from regulation.problems import problem
from regulation.reporting import ReportAction, ReportState
from tests.bot.office import FINE, Q3, SLOW, moment, open_office, titles, words


def report_at(office, state):
    """区教育局's 附表2、3 in that state, as its own handlers would have left it."""
    with office.stage.store.begin() as tx:
        tx.save_report(
            "d01",
            Q3,
            base_version=0,
            was=ReportState.NOT_STARTED,
            entries=(),
            basis=None,
            action=ReportAction.SUBMIT,
            state=state,
            late=False,
            at=moment("10-08 10:00"),
            by="liqiang",
        )


@pytest.mark.parametrize("state", sorted(set(ReportState) - {ReportState.NOT_STARTED}))
def test_f03_what_the_department_has_consolidated_is_not_taken_back(office, state):
    office.file("zhangmin", FINE)
    report_at(office, state)
    said = words(office.say("zhangmin", "撤回 校舍"))
    open_still = state in (ReportState.DRAFT, ReportState.RETURNED)
    assert (problem("form.consolidated").text in said) is not open_still
    assert office.filing().state is (FilingState.DRAFT if open_still else FilingState.FILED)


def test_f03_the_office_sends_it_back_instead(office):
    office.file("zhangmin", FINE)
    report_at(office, ReportState.AWAITING_HEAD)
    office.say("liqiang", "审表 校舍")
    office.tap("liqiang", "退回修改")
    office.say("liqiang", "2 和到货单对不上")
    office.tap("liqiang", "确认退回")
    assert office.filing().state is FilingState.RETURNED


def test_a_tap_on_an_older_version_accepts_nothing(office):
    office.file("zhangmin", SLOW)
    office.say("liqiang", "审表 校舍")
    office.say("zhangmin", "更正 校舍")
    office.say("zhangmin", "2=2100")
    office.say("zhangmin", "确认提交")
    said = words(office.tap("liqiang", "接收"))
    assert problem("form.moved_on", version=2).text in said
    assert office.filing().state is FilingState.FILED


def test_two_taps_on_accept_are_one(office):
    office.file("zhangmin", FINE)
    office.say("liqiang", "审表 校舍")
    office.tap("liqiang", "接收")
    before = office.audited()
    assert titles(office.tap("liqiang", "接收")) == ["已经接收过了"]
    assert office.audited() == before


@pytest.mark.parametrize("label", ["接收", "退回修改"])
@pytest.mark.parametrize("user", ["zhangmin", "sunxiao", "wangju", "chenjing"])
def test_s06_nobody_else_can_tap_the_offices_card(office, user, label):
    office.file("zhangmin", FINE)
    office.say("liqiang", "审表 校舍")
    before = office.audited()
    assert "李强" in words(office.tap(user, label, on="liqiang"))
    assert office.audited() == before
    assert office.filing().state is FilingState.FILED


@pytest.mark.parametrize("word", ["审表", "审表 2026Q3:p001", "代填 2026Q3:p001", "移交 张敏 给 吴芳"])
@pytest.mark.parametrize("user", ["zhangmin", "sunxiao", "wangju", "chenjing"])
def test_s06_words_of_the_office_are_the_offices(office, user, word):
    assert "不归您办" in words(office.say(user, word))


@pytest.mark.parametrize("word", ["审表 {}", "代填 {}", "撤回 {}"])
def test_s05_s07_a_form_of_another_department_is_as_one_that_is_not_there(office, word):
    with office.stage.store.read() as tx:
        other = next(d.project_id for d in tx.duties(Q3) if d.department_id != "d01")
    there = words(office.say("liqiang", word.format(f"2026Q3:{other}")))
    nowhere = words(office.say("liqiang", word.format("2026Q3:p999")))
    assert there == nowhere
    assert "不归您办" in there


def test_a_return_with_one_tap_uses_the_worst_field_and_three_workdays(office):
    office.file("zhangmin", SLOW)
    office.say("liqiang", "审表 校舍")
    office.tap("liqiang", "退回修改")
    office.tap("liqiang", "退回", {"field": "actual.2", "reason": "和到货单对不上", "due": ""})
    office.tap("liqiang", "确认退回")
    with office.stage.store.read() as tx:
        (why,) = tx.returns(Q3)
    assert (why.field, f"{why.due:%m-%d}") == ("actual.2", "10-12")  # 8th + three workdays, the 10th is one


def test_a_returned_likelihood_or_text_is_shown_on_the_form_with_its_problem(office):
    office.file("zhangmin", SLOW)
    office.say("liqiang", "审表 校舍")
    office.tap("liqiang", "退回修改")
    office.tap("liqiang", "退回", {"field": "plan", "reason": "写清楚哪一天到货", "due": ""})
    office.tap("liqiang", "确认退回")
    (card,) = office.tap("zhangmin", "去修改")
    shown = {i["short"]: i for i in card.card["inputs"]}
    assert shown["改进"]["problem"] == "退回：写清楚哪一天到货"
    assert [i["short"] for i in card.card["inputs"] if i["problem"]] == ["改进"]
    assert "还没有改" in words(office.say("zhangmin", "确认提交"))
    office.say("zhangmin", "改进：设备11月20日到货，月底装完")
    assert titles(office.say("zhangmin", "确认提交")) == ["✓ 已报送 三季度 附表1"]


def test_f04_what_was_accepted_opens_only_by_a_return_and_both_versions_stay(office):
    office.file("zhangmin", FINE)
    office.say("liqiang", "审表 校舍")
    office.tap("liqiang", "接收")
    assert problem("form.accepted").text in words(office.say("zhangmin", "更正 校舍"))
    office.say("liqiang", "审表 校舍")
    office.tap("liqiang", "退回修改")
    office.say("liqiang", "支出 和国库支付系统差两万")
    office.tap("liqiang", "确认退回")
    office.say("zhangmin", "填报 校舍")
    office.say("zhangmin", "支出238")
    office.say("zhangmin", "确认提交")
    with office.stage.store.read() as tx:
        assert [r.version for r in tx.revisions("p001", Q3)] == [1, 2]
        assert tx.entries("p001", Q3, 1)["spent"].value == "240"


def test_s13_moved_away_between_opening_and_filing(office):
    office.say("zhangmin", "填报 校舍")
    office.say("zhangmin", FINE)
    office.say("liqiang", "移交 张敏 给 吴芳")
    assert "不归您办" in words(office.say("zhangmin", "确认提交"))
    assert office.filing().version == 0
    assert len(office.draft("wufang").entries) > 8  # what was typed went along


def test_confirming_an_old_version_after_the_filler_took_it_back(office):
    office.stage.law = replace(office.stage.law, head_confirms=True)
    office.stage.reopen()
    office.file("zhangmin", FINE)
    office.tap("zhangmin", "撤回")
    assert "不在等确认（草稿）" in words(office.tap("sunxiao", "确认报送"))
    assert office.filing().state is FilingState.DRAFT


def test_switching_confirmation_off_leaves_what_waits_to_the_head(office):
    office.stage.law = replace(office.stage.law, head_confirms=True)
    office.stage.reopen()
    office.file("zhangmin", FINE)
    office.stage.law = replace(office.stage.law, head_confirms=False)
    office.stage.reopen()
    office.tap("sunxiao", "确认报送")
    assert office.filing().state is FilingState.FILED
    assert not office.filing().late


def test_with_confirmation_the_budget_office_sees_no_finding_before_the_head_confirmed(office):
    office.stage.law = replace(office.stage.law, head_confirms=True)
    office.stage.reopen()
    office.file("zhangmin", SLOW)
    office.clock("10-10 17:30")
    with office.stage.store.read() as tx:
        assert tx.findings(Q3, project_id="p001") == []
    assert "采购课桌椅" not in words(office.heard("liqiang"))
    office.tap("sunxiao", "确认报送")
    assert "采购课桌椅" in words(office.heard("liqiang", "alert:"))


def test_a01_every_step_between_unit_and_department_leaves_its_row(office):
    office.stage.law = replace(office.stage.law, head_confirms=True)
    office.stage.reopen()
    office.file("zhangmin", FINE)
    office.tap("zhangmin", "撤回")
    office.say("zhangmin", "填报 校舍")
    office.say("zhangmin", "确认提交")
    office.tap("sunxiao", "确认报送")
    office.say("liqiang", "审表 校舍")
    office.tap("liqiang", "退回修改")
    office.say("liqiang", "支出 和国库支付系统差两万")
    office.tap("liqiang", "确认退回")
    office.say("liqiang", "代填 校舍")
    office.say("liqiang", "经办人住院，电话报的数")
    office.say("liqiang", "支出238")
    office.say("liqiang", "确认提交")
    office.say("liqiang", "审表 校舍")
    office.tap("liqiang", "接收")
    office.say("liqiang", "催办")
    office.say("liqiang", "移交 张敏 给 吴芳")
    office.tap("zhangmin", "接收", on="liqiang")
    with office.stage.store.read() as tx:
        done = {(r.by, r.action) for r in tx.audit_rows(10_000)}
        assert tx.verify() is None
    expected = {
        ("zhangmin", "filing.submit_to_head"),
        ("zhangmin", "filing.withdraw"),
        ("sunxiao", "filing.confirm"),
        ("liqiang", "table.read"),
        ("liqiang", "filing.return"),
        ("liqiang", "return.reason"),
        ("liqiang", "filing.stand_in"),
        ("liqiang", "filing.submit"),
        ("liqiang", "filing.accept"),
        ("liqiang", "nudge"),
        ("liqiang", "project.handed_over"),
        ("zhangmin", "card.refused"),
    }
    assert expected - done == set()


def test_the_last_form_of_a_department_leads_its_office_to_the_tables(tmp_path):
    roster = demo_roster()
    elsewhere = {unit.id for unit in roster.units if unit.department_id != "d01"}
    kept = tuple(p for p in roster.projects if p.unit_id in elsewhere or p.id in ("p001", "p002"))
    office = open_office(tmp_path / "small", replace(roster, projects=kept))
    try:
        office.file("zhangmin", FINE.replace("3同 4同", "3=100 4=99").replace("6同", "6=100"))
        assert office.heard("liqiang", "complete:") == []
        office.file(
            "zhangmin",
            "到位180 支出市级60 支出区级120 1=4200 2=3600 3=100 4=已完成 5=225 6=1260 7=92",
            "填报 操场",
        )
        (told,) = office.heard("liqiang", "complete:")
        assert titles([told]) == ["区教育局附表1 都收齐了 2/2"]
        office.say("zhangmin", "更正 校舍")
        office.say("zhangmin", "1=47")
        office.say("zhangmin", "确认提交")
        assert len(office.heard("liqiang", "complete:")) == 1  # a correction completes nothing
        assert titles(office.tap("liqiang", "去汇总"))[0].startswith("区教育局 附表2、3")
    finally:
        office.close()
