"""Unusual turns and districts against the real application: handing over, our own failures, storms, one-man units."""

from dataclasses import replace

import pytest

from intake.demo import demo_roster
from regulation.filing import FilingState
from regulation.problems import CATALOGUE
from regulation.roster import Duty, Indicator, Role
from tests.bot.office import FINE, Q3, SLOW, Office, moment, of, open_office, titles, words

ROSTER = demo_roster()


# -- not mine (F15: never guess) --------------------------------------------------------------------


def test_not_mine_on_a_merged_reminder_asks_which(office: Office):
    assert titles(office.tap("zhangmin", "不归我填")) == ["要移交哪一个？"]
    assert titles(office.tap("zhangmin", "新桥小学操场翻新")) == ["这个项目该谁填？"]
    (form,) = office.tap("zhangmin", "还是我填")
    assert form.card["title"] == "新桥小学操场翻新"


def test_a_colleague_of_another_unit_cannot_be_named(office: Office):
    office.say("zhangmin", "填报 校舍")
    office.tap("zhangmin", "不归我填")
    before = office.audited()
    assert office.say("zhangmin", "周蕾")
    assert office.audited() == before


def test_f05_a_refusal_leads_back_to_the_same_form(office: Office):
    office.say("zhangmin", "填报 操场")
    office.tap("zhangmin", "不归我填")
    office.tap("zhangmin", "吴芳")
    office.tap("wufang", "不归我填")
    assert titles(office.tap("zhangmin", "去填报")) == ["新桥小学操场翻新"]
    assert office.heard("wufang", "remind:") == []


def test_f04_a_form_the_department_accepted_is_not_corrected_here(office: Office):
    office.file("zhangmin", SLOW)
    with office.stage.store.begin() as tx:
        tx.set_state("p001", Q3, FilingState.ACCEPTED, moment("10-08 10:00"), "liqiang")
    before = office.audited()
    assert CATALOGUE["form.accepted"] in words(office.say("zhangmin", "更正"))
    assert office.audited() == before


def test_a_returned_form_is_owed_again_and_filed_as_a_new_version(office: Office):
    office.file("zhangmin", SLOW)
    with office.stage.store.begin() as tx:
        tx.set_state("p001", Q3, FilingState.RETURNED, moment("10-08 10:00"), "liqiang")
    assert "△ 已退回，待修改" not in words(
        office.say("zhangmin", "进度")
    )  # the mark is drawn once, as a mark
    assert {"label": "新桥小学校舍安全改造", "value": "已退回，待修改", "mark": "△"} in office.heard(
        "zhangmin"
    )[-1].card["rows"]
    office.file("zhangmin", FINE)
    assert (office.filing().state, office.filing().version) == (FilingState.FILED, 2)


# -- our own mistakes (T09, T26) --------------------------------------------------------------------


def failing(office: Office, times: int) -> None:
    """The next ``times`` turns fail while their messages are made, each apology after that does not."""
    tokens = (f"{'t' * 20}{n}" for n in range(1000))
    left = iter([True, False] + [True] * (times - 1))

    def mint() -> str:
        if next(left, False):
            raise RuntimeError("our own mistake")
        return next(tokens)

    office.stage.app = replace(office.stage.app, mint=mint)


def test_t09_a_turn_that_failed_is_told_of_and_done_later(office: Office):
    failing(office, 1)
    (sorry,) = office.say("zhangmin", "填报 操场")
    assert sorry.card["title"] == "稍等一下"
    assert sorry.card["text"].startswith(CATALOGUE["turn.failed"].partition("{")[0])
    assert office.stage.app.retry(moment("10-08 09:01")) == 1
    office.clock("10-08 09:02")
    assert office.heard("zhangmin")[-1].card["title"] == "新桥小学操场翻新"
    assert office.stage.app.retry(moment("10-08 09:03")) == 0


def test_t26_what_always_fails_is_put_aside_and_an_administrator_told(office: Office):
    failing(office, 3)
    office.say("zhangmin", "填报 操场")
    for minute in ("09:01", "09:02", "09:03"):
        office.stage.app.retry(moment(f"10-08 {minute}"))
    office.clock("10-08 09:04")
    assert titles(office.heard("admin")) == ["稍等一下"]
    assert titles(office.say("zhoulei", "进度")) == ["我的三季度：还差 2 个没报"]  # the rest flows
    assert office.stage.app.retry(moment("10-08 09:05")) == 0


# -- deviations (F07, F08) --------------------------------------------------------------------------

MANY = tuple(Indicator(n, "产出", "数量指标", f"设备{n}安装数量", "≥100台") for n in range(1, 41))


def test_f07_forty_deviations_are_one_message_each(tmp_path):
    school = replace(next(p for p in ROSTER.projects if p.id == "p001"), indicators=MANY)
    others = tuple(p for p in ROSTER.projects if p.id != "p001")
    office = open_office(tmp_path / "many", replace(ROSTER, projects=(school, *others)))
    try:
        numbers = " ".join(f"{n}=1 可能{n}=不可能" for n in range(1, 41))
        receipt = office.file("zhangmin", f"支出1 到位256 {numbers} 原因：设备未到货 改进：年底前补齐")
        assert titles(receipt) == ["✓ 已报送 三季度 附表1"]
        with office.stage.store.read() as tx:
            assert len(tx.findings(Q3, project_id="p001")) > 40
        told = {who: len(office.heard(who)) for who in ("liqiang", "sunxiao", "wangju")}
        assert told == {"liqiang": 1, "sunxiao": 1, "wangju": 1}
        office.clock("10-09 18:00")
        assert {who: len(office.heard(who)) for who in told} == told
    finally:
        office.close()


def test_f08_a_correction_that_clears_says_so_to_whoever_was_alerted(office: Office):
    office.file("zhangmin", SLOW)
    assert [len(office.heard(who, "alert:")) for who in ("liqiang", "sunxiao")] == [1, 1]
    receipt = office.file("zhangmin", FINE, "更正")
    assert titles(receipt)[0] == "✓ 已报送 三季度 附表1"
    for who in ("liqiang", "sunxiao"):
        assert titles(office.heard(who, "cleared:")) == ["偏离已消除：新桥小学校舍安全改造"]
    with office.stage.store.read() as tx:
        assert tx.findings(Q3, project_id="p001") == []
        history = tx.finding_history("p001", Q3)
    assert history
    assert all(found.closed_at for found in history)


def test_f08_nobody_is_told_of_what_nobody_was_told(office: Office):
    office.file("zhangmin", FINE)
    office.file("zhangmin", FINE.replace("1=46", "1=47"), "更正")
    assert office.heard("liqiang", "cleared:") == []


# -- F10, F11: unusual districts --------------------------------------------------------------------

ORDERS = (
    "填报",
    "进度",
    "更正",
    "出表",
    "在办",
    "不归我填",
    "帮助",
    "期限",
    "换个项目",
    "提交",
    "1=36",
    "同",
)


@pytest.mark.parametrize("who", ["zhangmin", "sunxiao", "liqiang", "wangju", "chenjing", "admin", "tenghui"])
def test_f10_no_projects_at_all(tmp_path, who):
    office = open_office(tmp_path / "none", replace(ROSTER, projects=()))
    try:
        for order in ORDERS:
            assert office.say(who, order), order
        office.clock("10-13 09:05")
        assert office.heard(who, "remind:") == office.heard(who, "head:") == []
        assert office.unhandled() == 0
    finally:
        office.close()


def one_unit():
    """新桥小学 alone, its head filling everything himself (F11)."""
    head = replace(of(ROSTER, "sunxiao"), duties=(Duty(Role.UNIT_HEAD, "u0102"), Duty(Role.FILLER, "u0102")))
    people = (head, *(p for p in ROSTER.people if p.id in ("liqiang", "wangju", "chenjing", "admin")))
    mine = tuple(replace(p, filler_id="sunxiao") for p in ROSTER.projects if p.unit_id == "u0102")
    units = tuple(u for u in ROSTER.units if u.id == "u0102")
    departments = tuple(d for d in ROSTER.departments if d.id == "d01")
    return replace(ROSTER, departments=departments, units=units, people=people, projects=mine, offline=())


def test_f10_f11_a_one_person_unit_hears_no_escalation_of_itself(tmp_path):
    office = open_office(tmp_path / "one", one_unit())
    try:
        office.clock("10-13 09:05")
        assert office.heard("sunxiao", "unit_late:") == []
        assert office.heard("sunxiao", "remind:2026Q3:late")
        assert office.heard("wangju", "head:")
        receipt = office.file("sunxiao", SLOW.replace("同", "=100"))
        assert titles(receipt) == ["✓ 已报送 三季度 附表1"]
        assert {"label": "逾期", "value": "晚于期限 3 天", "mark": "△"} in receipt[0].card["rows"]
        assert office.heard("sunxiao", "alert:") == []
        assert office.heard("liqiang", "alert:")
        assert "本单位名单里没有别的经办人" in words(office.say("sunxiao", "不归我填"))
    finally:
        office.close()


def test_f10_sixty_indicators_are_filed_and_printed(tmp_path):
    sixty = tuple(Indicator(n, "产出", "数量指标", f"设备{n}安装数量", "≥100台") for n in range(1, 61))
    school = replace(next(p for p in ROSTER.projects if p.id == "p001"), indicators=sixty)
    office = open_office(tmp_path / "sixty", replace(ROSTER, projects=(school,)))
    try:
        numbers = " ".join(f"{n}={40 + n}" for n in range(1, 61))
        office.file("zhangmin", f"支出240 到位256 {numbers} 原因：设备分批到货 改进：年底前装完")
        assert office.filing().state is FilingState.FILED
        assert len([k for k in office.entries() if k.startswith("actual.")]) == 60
        assert office.say("zhangmin", "出表")[0].files
    finally:
        office.close()
