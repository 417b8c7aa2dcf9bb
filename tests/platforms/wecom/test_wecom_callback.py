"""The callback: who may speak, what is answered, and that nothing has two effects."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from datetime import timedelta

import pytest

from bot.logs import configure
from platforms.wecom.configuration import Configuration
from platforms.wecom.crypto import KeySet
from platforms.wecom.xmltext import parse
from sandbox.wecom import forging
from tests.platforms.wecom.wecom_district import (
    AGENT,
    KEYS,
    LINE,
    OLD_KEYS,
    application,
    later,
    play,
    until,
    words,
)


def agent(district):
    return district.box.world.corp.agents[AGENT]


async def verified(district) -> bool:
    """Pressing 保存 in the console works; a stalled machine may need it pressed again."""
    return "" in [await district.box.pusher.verify(agent(district)) for _ in range(3)]


def message(district, text="填报"):
    return district.box.hands.message("zhangmin", text)


def inbox(district) -> int:
    with district.store.read() as tx:
        return sum(tx.inbox_counts().values())


def passive(box):
    return Configuration(application(box, passive=True))


def test_the_url_is_verified_within_its_second(path):
    async def told(d):
        found = [await d.box.pusher.verify(agent(d)) for _ in range(20)]
        assert found.count("") >= 15

    play(path, told)


@pytest.mark.parametrize("how", [*forging.FORGERIES, *forging.MISSHAPEN])
def test_k01_k02_k03_m01_m05_a_forgery_has_no_effect_and_no_explanation(path, how):
    async def told(d):
        status = await forging.forge(d.box.pusher, agent(d), message(d), how)
        assert status in (0, 400, 403, 413)
        assert inbox(d) == 0
        assert d.platform.callback.counts.accepted == 0

    play(path, told)


def test_k04_a_captured_delivery_is_worth_nothing_later_and_nothing_twice(path):
    async def told(d):
        said = message(d)
        assert await forging.replay(d.box.pusher, agent(d), said, times=3) == [200, 200, 200]
        assert inbox(d) == 1
        old = await forging.replay(d.box.pusher, agent(d), message(d), seconds_ago=3600, times=1)
        assert old == [403]
        assert d.platform.callback.counts.skewed == 1
        await d.restart()
        assert await forging.replay(d.box.pusher, agent(d), said, seconds_ago=500, times=2) == [200, 200]
        assert inbox(d) == 1

    play(path, told)


def test_k04_a_captured_delivery_cannot_be_had_opened_by_asking_for_it_as_an_echo(path):
    async def told(d):
        assert await forging.listen_in(d.box.pusher, agent(d), message(d, "涉密内容")) == (403, "")
        assert await forging.old_echo(d.box.pusher, agent(d), 3600) == 403
        assert await forging.old_echo(d.box.pusher, agent(d), 5) == 200

    play(path, told)


def test_k06_two_key_sets_are_good_during_a_change(path):
    def both(box):
        return Configuration(application(box, keys=(KEYS, OLD_KEYS)))

    async def told(d):
        assert (await d.say("进度")).taken
        agent(d).token, agent(d).aes_key = OLD_KEYS.token, OLD_KEYS.aes_key
        assert await verified(d)
        assert (await d.say("填报")).taken

    play(path, told, both)


def test_k07_a_flood_of_forgeries_is_cut_short_and_a_real_one_still_answered(path):
    async def told(d):
        found = [await forging.forge(d.box.pusher, agent(d), message(d), "signature") for _ in range(70)]
        assert (found[0], found[-1]) == (403, 429)
        assert await verified(d)
        assert (await d.say("进度")).taken
        later(d, minutes=1)
        assert await forging.forge(d.box.pusher, agent(d), message(d), "signature") == 403

    play(path, told)


def test_k07_whoever_asks_without_end_does_not_fill_the_log(path):
    written = io.StringIO()
    configure(logging.WARNING, written)

    async def told(d):
        found = [await forging.forge(d.box.pusher, agent(d), message(d), "unsigned") for _ in range(70)]
        assert found == [400] * 70
        assert written.getvalue().count("wecom.callback_refused") == 60
        assert d.platform.callback.counts.refused == 70

    play(path, told)


def test_t07_a_message_that_comes_three_times_is_answered_once(path):
    async def told(d):
        d.box.world.switches.duplicate_callbacks = 1
        await d.say("填报")
        assert len(d.phone()) == 2  # the card and its questions
        assert inbox(d) == 1

    play(path, told)


class Slow:
    """The real inlet, entered only when told to; how often it was asked."""

    def __init__(self, inlet) -> None:
        self.inlet, self.asked, self.go = inlet, 0, asyncio.Event()

    async def receive(self, *args, **more):
        self.asked += 1
        await self.go.wait()
        return await self.inlet.receive(*args, **more)

    async def replied(self, *args):
        await self.inlet.replied(*args)

    async def declined(self, *args):
        await self.inlet.declined(*args)


class Counting(KeySet):
    """A key set that counts what it has opened."""

    opened = 0

    def open(self, encrypted):
        self.opened += 1
        return super().open(encrypted)


def test_t08_t24_three_deliveries_of_one_click_while_the_first_is_running(path):
    """Each under a nonce and ciphertext of its own: all get the one answer, the decision is made once."""

    async def told(d):
        await d.say("填报")
        card = d.card()
        tap = d.box.hands.message("zhangmin", "x") | {
            "MsgType": "event",
            "Event": "template_card_event",
            "EventKey": next(b["key"] for b in card.body["button_list"] if b["text"] == "换个项目"),
            "TaskId": card.task_id,
            "CardType": "button_interaction",
            "ResponseCode": d.box.world.new_code(card.msgid, AGENT),
        }
        tap.pop("MsgId")
        callback, pusher = d.platform.callback, d.box.pusher
        slow = callback.inlet = Slow(callback.inlet)
        keys = Counting(KEYS.token, KEYS.aes_key, d.box.world.corp.corp_id)
        callback.keys = [keys]
        each = [forging.genuine(pusher, agent(d), tap) for _ in range(3)]
        coming = [asyncio.create_task(pusher.call("POST", agent(d).url, e.query, e.body, 30)) for e in each]
        await until(lambda: keys.opened == 3)
        slow.go.set()
        answers = [await task for task in coming]
        await d.settle()
        assert [status for status, *_ in answers] == [200, 200, 200]
        plain = {keys.open(parse(body.decode())["Encrypt"]) for _, body, _ in answers}
        assert len(plain) == 1
        assert "update_button" in plain.pop()
        assert slow.asked == 1
        assert inbox(d) == 2

    play(path, told)


def test_t24_an_attempt_the_platform_gave_up_on_is_answered_at_the_next(path):
    async def told(d):
        callback = d.platform.callback
        slow = callback.inlet = Slow(callback.inlet)
        d.box.world.switches.callback_seconds = 0.3
        d.box.world.switches.callback_tries = 50
        saying = asyncio.create_task(d.box.hands.say("zhangmin", "填报"))
        await until(lambda: len(d.box.pusher._held) == 0 and slow.asked == 1)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(saying), 0.5)
        slow.go.set()
        outcome = await saying
        assert outcome.taken
        assert outcome.attempts > 1
        assert (slow.asked, inbox(d)) == (1, 1)

    play(path, told)


def test_t09_what_could_not_be_kept_is_not_acknowledged(path):
    class Broken:
        async def receive(self, *args, **more):
            raise OSError("disk")

    async def told(d):
        real, d.platform.callback.inlet = d.platform.callback.inlet, Broken()
        assert (await d.box.hands.say("zhangmin", "填报")).status == 500
        d.platform.callback.inlet = real
        assert (await d.say("填报")).taken

    play(path, told)


def test_t11_an_older_delivery_may_come_after_a_newer_one(path):
    async def told(d):
        await d.say("填报")
        d.box.world.switches.hold_callbacks = 1
        await d.box.hands.say("zhangmin", LINE)
        await d.say("改进：11月底前到货安装")
        assert "11月底前到货安装" in words(d.phone())
        assert "201.35" in words(d.phone())

    play(path, told)


def test_t12_two_taps_within_a_second_are_two(path):
    async def told(d):
        await d.say("进度")
        first = d.card()
        keys = [b["key"] for b in first.body["button_list"]]
        await d.say("填报")
        second = d.card()
        await asyncio.gather(
            d.box.hands.tap(first.seq, keys[0]),
            d.box.hands.tap(second.seq, second.body["button_list"][0]["key"]),
        )
        await d.settle()
        assert inbox(d) == 4

    play(path, told)


@pytest.mark.parametrize(("make", "applied"), [(None, True), (None, False), (passive, True)])
def test_a_tapped_card_is_replaced_whatever_the_platform_does_with_passive_answers(path, make, applied):
    async def told(d):
        d.box.world.switches.apply_card_replies = applied
        await d.say("进度")
        before = d.card()
        outcome = await d.box.hands.tap(before.seq, before.body["button_list"][0]["key"])
        await d.settle()
        assert outcome.answer in (("update_button", "update_template_card") if applied else ("ignored",))
        after = d.box.world.phones.item(before.seq)
        assert after.dead or after.body != before.body
        assert d.box.world.complaints == []
        assert d.waiting() == []

    play(path, told, make)


def test_an_answer_in_the_reply_is_verified_and_shown(path):
    async def told(d):
        await d.say("填报")
        before = d.card()
        key = next(b["key"] for b in before.body["button_list"] if b["text"] == "换个项目")
        outcome = await d.box.hands.tap(before.seq, key)
        await d.settle()
        after = d.box.world.phones.item(before.seq)
        if outcome.answer == "update_template_card":
            assert after.body["main_title"]["title"] == "要填哪一个？"
        assert "要填哪一个？" in words(d.phone())

    play(path, told, passive)


def test_s04_t23_a_tap_on_an_old_card_says_so_and_changes_nothing(path):
    async def told(d):
        await d.say("填报")
        old = d.card()
        await d.say(LINE)
        later(d, hours=73)
        key = next(b["key"] for b in old.body["button_list"] if b["text"] == "换个项目")
        assert (await d.box.hands.tap(old.seq, key)).taken
        await d.settle()
        assert "要填哪一个" in words(d.phone())

    play(path, told)


def test_s01_a_card_somebody_else_got_is_refused(path):
    async def told(d):
        await d.say("填报")
        card = d.card()
        key = card.body["button_list"][0]["key"]
        fields = d.box.hands.message("liqiang", "x") | {
            "MsgType": "event",
            "Event": "template_card_event",
            "EventKey": key,
            "TaskId": card.task_id,
            "CardType": "button_interaction",
            "ResponseCode": "made-up",
        }
        fields.pop("MsgId")
        assert await forging.replay(d.box.pusher, agent(d), fields, times=1) == [200]
        await d.settle()
        assert "这张卡是发给张敏的" in words(d.phone("liqiang"))

    play(path, told)


def test_somebody_who_opens_the_application_is_greeted_once(path):
    async def told(d):
        for _ in range(3):
            await d.box.hands.enter("zhangmin")
            await d.settle()
        assert words(d.phone()).count("可以这样说") == 1
        await d.restart()
        await d.box.hands.enter("zhangmin")
        await d.settle()
        assert words(d.phone()).count("可以这样说") == 1

    play(path, told)


@pytest.mark.parametrize("event", ["subscribe", "view", "LOCATION", "change_contact", "batch_job_result"])
def test_events_nobody_said_are_taken_and_answered_with_nothing(path, event):
    async def told(d):
        assert (await d.box.hands.happen(event, "zhangmin")).taken
        await d.settle()
        assert d.phone() == []
        assert inbox(d) == 0

    play(path, told)


def test_the_menu_of_the_application_says_its_words(path):
    async def told(d):
        await d.box.hands.click_menu("zhangmin", "填报")
        await d.settle()
        assert "新桥小学校舍安全改造" in words(d.phone())

    play(path, told)


def test_an_application_about_to_be_switched_off_is_told_to_an_administrator(path):
    async def told(d):
        for _ in range(2):
            await d.box.hands.inactive_alert()
            await d.settle()
        with d.store.read() as tx:
            admin = next(p for p in tx.people() if any(duty.role.value == "admin" for duty in p.duties))
        told_to = words(d.phone(dict(admin.identities)["wecom"]))
        assert told_to.count("请管理员看一下") == 1
        assert "快要停用" in told_to

    play(path, told)


def test_what_is_kept_of_a_delivery_holds_no_key(path):
    async def told(d):
        await d.say("填报")
        with d.store.read() as tx:
            kept = json.dumps([str(row) for row in tx.inbox_rows(9)], ensure_ascii=False)
        assert KEYS.token not in kept
        assert KEYS.aes_key not in kept

    play(path, told)


def test_before_it_runs_it_says_come_again(path):
    async def told(d):
        d.platform.callback.inlet = None
        assert (await d.box.hands.say("zhangmin", "填报")).status == 503
        d.box.world.clock.advance(timedelta(seconds=1))

    play(path, told)
