"""Received in time or not, and a date finance moved: 逾期 counts by receipt (C07, C09, F13, T07)."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import date, datetime

import pytest

from bot.extending import extend
from intake.demo import demo_roster
from regulation.deadlines import SHANGHAI, Annex, RoundOverride
from tests.bot.office import FINE, Q3, SLOW, Office, moment, words

ROSTER = demo_roster()


# -- the clock (C07, C09) ---------------------------------------------------------------------------

RECEIVED = [
    (datetime(2026, 10, 10, 23, 59, 59, 900_000, SHANGHAI), False),
    (datetime(2026, 10, 11, 0, 0, 0, 0, SHANGHAI), True),
]


@pytest.mark.parametrize(("at", "late"), RECEIVED, ids=["23:59:59.9", "00:00"])
def test_c07_on_time_is_received_before_midnight(office: Office, at, late):
    office.say("zhangmin", "填报 校舍")
    office.say("zhangmin", SLOW)
    asyncio.run(office.stage.set_clock(at))
    (receipt, *_) = office.say("zhangmin", "确认提交")
    assert office.filing().late is late
    assert office.filing().filed_at == at
    assert any(row["label"] == "逾期" for row in receipt.card["rows"]) is late


def test_a_correction_after_the_deadline_does_not_make_a_form_late(office: Office):
    office.file("zhangmin", SLOW)
    office.clock("10-13 10:00")
    (receipt, *_) = office.file("zhangmin", FINE, "更正")
    assert office.filing().version == 2
    assert office.filing().late is False
    assert not any(row["label"] == "逾期" for row in receipt.card["rows"])


def test_f13_an_old_card_sent_after_two_days_counts_by_receipt(office: Office):
    office.say("zhangmin", "填报 校舍")
    office.say("zhangmin", SLOW)
    office.clock("10-12 10:00")
    office.tap("zhangmin", "确认提交")
    assert office.filing().late is True


NOTICE = RoundOverride(Q3, Annex.UNIT, date(2026, 10, 15), "区财绩〔2026〕9号")


def extended(office: Office, notice: RoundOverride, at: str):
    """Finance's notice put into force, and its messages delivered."""
    found = extend(office.stage.store, office.stage.law, notice, moment(at))
    before = office.stage.phones.length()
    asyncio.run(office.stage.set_clock(moment(at)))
    return found, [s for s in office.stage.phones.everything(before) if s.card]


def test_c09_an_extension_takes_overdue_notices_back_and_recomputes_late_marks(office: Office):
    office.clock("10-12 10:00")
    office.file("zhangmin", SLOW)
    assert office.filing().late is True
    found, shown = extended(office, NOTICE, "10-12 11:00")
    assert found is None
    assert office.filing().late is False
    told = {s.user: s.card["title"] for s in shown if s.key.startswith("extended:")}
    assert told["zhangmin"] == "已延期至10月15日（周四）"  # 操场翻新 is still owed
    assert "zhoulei" in told
    assert "wangju" not in told
    assert "依据区财绩〔2026〕9号" in words(shown)
    assert "10月15日（周四）前报送" in words(office.say("zhoulei", "进度"))
    later = office.clock("10-14 18:00")
    assert not [s for s in later if s.key.startswith(("unit_late:", "head:", "remind:2026Q3:late"))]
    late = office.clock("10-16 10:00")
    assert [s for s in late if s.user == "zhoulei" and s.key.startswith("remind:2026Q3:late")]


def test_c09_an_extension_twice_says_it_once(office: Office):
    office.clock("10-12 10:00")
    extended(office, NOTICE, "10-12 11:00")
    _, again = extended(office, NOTICE, "10-12 12:00")
    assert not [s for s in again if s.key.startswith("extended:")]


def test_c09_before_anybody_was_late_nobody_is_told(office: Office):
    _, shown = extended(office, NOTICE, "10-09 11:00")
    assert not [s for s in shown if s.key.startswith("extended:")]


def test_c09_a_date_already_past_takes_nothing_back(office: Office):
    """A notice entered late whose date is over too: everybody is still late, and nobody is told otherwise."""
    office.clock("10-16 10:00")
    found, shown = extended(office, replace(NOTICE, due=date(2026, 10, 13)), "10-16 11:00")
    assert found is None
    assert not [s for s in shown if s.key.startswith("extended:")]


def test_c09_a_correction_after_the_new_date_does_not_make_a_timely_form_late(office: Office):
    office.file("zhangmin", SLOW)
    office.clock("10-16 10:00")
    office.say("zhangmin", "更正 校舍")
    office.say("zhangmin", "2=940")
    office.say("zhangmin", "确认提交")
    assert office.filing().version == 2
    extended(office, replace(NOTICE, due=date(2026, 10, 13)), "10-16 11:00")
    assert office.filing().late is False


def test_c09_a_form_sent_back_goes_by_the_date_it_was_given(office: Office):
    office.file("zhangmin", SLOW)
    office.say("liqiang", "审表 校舍")
    office.tap("liqiang", "退回修改")
    office.say("liqiang", "2 和到货单对不上 10月14日")
    office.tap("liqiang", "确认退回")
    office.clock("10-15 10:00")
    office.say("zhangmin", "填报 校舍")
    office.say("zhangmin", "2=940")
    office.say("zhangmin", "确认提交")
    assert office.filing().late is True
    extended(office, NOTICE, "10-15 11:00")
    assert office.filing().late is True


REFUSED = {
    "no notice number": (replace(NOTICE, notice_no=" "), "请写明通知文号"),
    "before the round can open": (replace(NOTICE, due=date(2026, 9, 1)), "还没有可以填报的工作日"),
}


@pytest.mark.parametrize(("notice", "sentence"), REFUSED.values(), ids=REFUSED)
def test_c09_a_refused_notice_changes_nothing(office: Office, notice, sentence):
    before = office.audited()
    found, _ = extended(office, notice, "10-09 11:00")
    assert sentence in found.text
    with office.stage.store.read() as tx:
        assert tx.overrides() == []
    assert office.audited() == before


# -- nothing is shown twice -------------------------------------------------------------------------


def test_t07_every_key_reaches_a_phone_once_over_the_whole_round(office: Office):
    office.file("zhangmin", SLOW)
    office.clock("10-30 18:00")
    counts = Counter((s.user, s.key) for s in office.stage.phones.everything() if not s.mine and s.card)
    assert [pair for pair, n in counts.items() if n > 1] == []
