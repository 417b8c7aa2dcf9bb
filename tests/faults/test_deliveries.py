"""What a platform does to deliveries — repeats, mixes up, hurries — and what our own mistakes do to them (T07–T12, T26,
T28)."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bot import sessions
from bot.cards import card as cards
from tests.bot.office import FINE, SLOW, titles, words
from tests.faults.desk import Desk, stumble


def _states(desk: Desk) -> Counter[str]:
    return Counter(desk.inbox().values())


# -- repeats
def test_t07_the_same_delivery_three_times_in_a_row(desk: Desk) -> None:
    payload = desk.text("zhangmin", "填报 校舍")
    assert [desk.deliver("m1", payload) for _ in range(3)] == [True, False, False]
    assert len(desk.heard("zhangmin", "reply:")) == 1
    assert desk.inbox()["m1"] == "done"


def test_t07_three_in_one_commit(desk: Desk) -> None:
    arrived = desk.arrived("m1", desk.text("zhangmin", "填报 校舍"))
    assert desk.app.handle_all((arrived,) * 3) == [True, False, False]
    desk.flush()
    assert len(desk.heard("zhangmin", "reply:")) == 1


def test_t08_the_same_delivery_ten_times_at_once(desk: Desk) -> None:
    desk.say("zhangmin", "填报 校舍")
    desk.say("zhangmin", SLOW)
    arrived = desk.arrived("m1", desk.press("zhangmin", "确认提交"))
    together = Barrier(10)

    def deliver(_: int) -> bool:
        together.wait(30)
        return desk.app.handle(arrived)

    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(deliver, range(10)))
    assert Counter(done) == {True: 1, False: 9}
    desk.flush()
    assert desk.filing().version == 1
    assert len(desk.heard("liqiang", "alert:")) == 1
    assert _states(desk) == {"done": len(desk.inbox())}
    assert desk.whole()


def test_t12_two_taps_within_a_second_that_the_platform_counts_as_two(desk: Desk) -> None:
    desk.say("zhangmin", "填报 校舍")
    desk.say("zhangmin", SLOW)
    tap = desk.press("zhangmin", "确认提交")
    assert desk.deliver("evt:1", tap)
    assert desk.deliver("evt:2", tap)
    assert desk.filing().version == 1
    assert len(desk.heard("liqiang", "alert:")) == 1
    assert sum("✓ 已报送 三季度" in t for t in titles(desk.heard("zhangmin", "reply:"))) == 1


# -- out of order
def test_t10_the_confirmation_of_an_older_card_comes_after_the_newer_one(desk: Desk) -> None:
    desk.say("zhangmin", "填报 校舍")
    desk.say("zhangmin", SLOW)
    older = desk.press("zhangmin", "确认提交")
    desk.say("zhangmin", "2=960")
    newer = desk.press("zhangmin", "确认提交")
    assert desk.deliver("m2", newer)
    filed = dict(desk.entries())
    assert filed["actual.2"].value == "960"
    assert desk.deliver("m1", older)
    assert (desk.filing().version, dict(desk.entries())) == (1, filed)
    assert "已经报送过了" in words(desk.heard("zhangmin", "reply:simulator:m1"))


def test_t10_a_newer_version_was_filed_before_an_older_draft_is_confirmed(desk: Desk) -> None:
    """孙国华 types beside 张敏 on the same form; 张敏 files first."""
    desk.say("sunxiao", "填报 2026Q3:p001")
    desk.say("sunxiao", FINE)
    desk.file("zhangmin", SLOW)
    filed = dict(desk.entries())
    desk.say("sunxiao", "确认提交")
    assert (desk.filing().version, dict(desk.entries())) == (1, filed)
    draft = desk.draft("sunxiao")
    assert draft is not None
    assert dict(draft.entries)["actual.2"].value == "2100", "what he typed is still his"
    assert "按我的更正" in words(desk.heard("sunxiao", "reply:"))


def test_t11_a_correction_that_overtakes_the_confirmation_changes_nothing(desk: Desk) -> None:
    desk.say("zhangmin", "填报 校舍")
    desk.say("zhangmin", SLOW)
    confirm = desk.press("zhangmin", "确认提交")
    assert desk.deliver("m2", desk.text("zhangmin", "撤回"))
    assert desk.filing().version == 0
    assert desk.deliver("m1", confirm)
    assert desk.filing().version == 1
    assert dict(desk.entries())["actual.2"].value == "930"


# -- our own mistakes
def test_t09_a_turn_that_fails_is_taken_back_and_comes_again(desk: Desk) -> None:
    stumble(desk, "填报", times=1)
    payload = desk.text("zhangmin", "填报 校舍")
    before = desk.audited()
    assert not desk.deliver("m1", payload)
    assert desk.inbox()["m1"] == "failed"
    assert desk.audited() == before
    assert titles(desk.heard("zhangmin", "sorry:")) == ["稍等一下"]
    assert desk.deliver("m1", payload)
    assert desk.inbox()["m1"] == "done"
    assert not desk.deliver("m1", payload)
    assert "新桥小学校舍安全改造" in titles(desk.heard("zhangmin", "reply:"))


def test_t09_without_a_redelivery_we_try_again_ourselves(desk: Desk) -> None:
    stumble(desk, "填报", times=1)
    desk.deliver("m1", desk.text("zhangmin", "填报 校舍"))
    desk.tick(desk.stage.now())
    assert desk.inbox()["m1"] == "done"
    assert len(desk.heard("zhangmin", "sorry:")) == 1
    assert "新桥小学校舍安全改造" in titles(desk.heard("zhangmin", "reply:"))


def test_t26_poison_is_put_aside_after_three_tries_and_the_rest_flows(desk: Desk) -> None:
    stumble(desk, "毒", times=1000)
    poison, good = desk.text("zhangmin", "毒"), desk.text("zhoulei", "填报")
    assert desk.app.handle_all(
        (desk.arrived("p1", poison), desk.arrived("g1", good), desk.arrived("p2", poison))
    ) == [False, True, False]
    for minute in range(5):
        assert desk.deliver(f"g2-{minute}", good)
        desk.tick(desk.stage.now())
    assert {desk.inbox()[m] for m in ("p1", "p2")} == {"dead"}
    assert not desk.deliver("p1", poison), "a dead one is not taken up again by itself"
    assert len(desk.heard("admin", "dead:")) == 2, "one card for each of the two, not one for each try"
    assert len(desk.heard("zhangmin", "sorry:")) == 2
    assert len(desk.heard("zhoulei", "reply:")) == 6
    with desk.stage.store.read() as tx:
        assert [(row.key, row.tries, row.error) for row in tx.dead_letters(9)] == [
            ("p2", 3, "RuntimeError"),
            ("p1", 3, "RuntimeError"),
        ]
    assert desk.whole()


def test_t26_a_message_that_cannot_be_drawn_holds_nobody_up(desk: Desk) -> None:
    bad = cards.Card("test.bad", "图", picture=cards.Attachment("no.such.kind", "2026Q3:p001", 1, "图.png"))
    with desk.stage.store.begin() as tx:
        tx.enqueue("bad", "zhangmin", json.dumps(cards.dump(bad)), "t-bad", "", desk.stage.now())
    assert desk.deliver("m1", desk.text("zhangmin", "填报 校舍"))
    assert "新桥小学校舍安全改造" in titles(desk.heard("zhangmin", "reply:"))
    assert ("zhangmin", "bad", "waiting") in desk.outbox()
    desk.clock("10-09 08:00")
    assert ("zhangmin", "bad", "parked") in desk.outbox()


# -- a new version of the program
def test_t28_a_card_from_before_the_restart_is_accepted(desk: Desk) -> None:
    desk.say("zhangmin", "填报 校舍")
    desk.say("zhangmin", SLOW)
    tap = desk.press("zhangmin", "确认提交")
    desk.stage.reopen()
    assert desk.deliver("m1", tap)
    assert desk.filing().version == 1


def test_t28_a_button_the_new_version_no_longer_has_is_refused_kindly(desk: Desk) -> None:
    with desk.stage.store.begin() as tx:
        tx.bind_card("t-old", "zhangmin", "old.card", "2026Q3:p001", 0, ("vanished:x",), "", desk.stage.now())
    tap = {"type": "tap", "user": "zhangmin", "token": "t-old", "action": "vanished:x"}
    assert desk.deliver("m1", tap)
    assert "已经失效" in words(desk.heard("zhangmin", "reply:"))


def test_t28_a_message_queued_by_an_older_version_still_goes_out(desk: Desk) -> None:
    with desk.stage.store.begin() as tx:
        tx.enqueue(
            "old", "zhangmin", '{"name": "old.card", "title": "旧版本写的"}', "t", "", desk.stage.now()
        )
    desk.flush()
    assert titles(desk.heard("zhangmin", "old")) == ["旧版本写的"]


@pytest.mark.parametrize(
    "text", ['{"v": 99, "focus": ["2026Q3:p001"]}', sessions.dump(sessions.Session("2026Q3:p001"))]
)
def test_t28_any_stored_session_leads_on(desk: Desk, text: str) -> None:
    with desk.stage.store.begin() as tx:
        tx.save_session("zhangmin", text, 0)
    assert desk.deliver("m1", desk.text("zhangmin", "填报 校舍"))
    assert desk.deliver("m2", desk.text("zhangmin", SLOW))
    assert desk.draft("zhangmin") is not None


def test_t28_sessions_are_upgraded_one_version_at_a_time() -> None:
    upgrades: dict[int, sessions.Upgrade] = {
        1: lambda raw: {"v": 2, "focus": raw["s"]},
        2: lambda raw: {"v": 3, "focus": [raw["focus"]]},
    }
    assert sessions.upgraded({"v": 1, "s": "x", "a": ""}, 3, upgrades) == {"v": 3, "focus": ["x"]}
    assert sessions.upgraded({"v": 3, "focus": []}, 3, upgrades) == {"v": 3, "focus": []}
    assert set(sessions.UPGRADES) == set(range(1, sessions.VERSION)), "every older version has its step"
