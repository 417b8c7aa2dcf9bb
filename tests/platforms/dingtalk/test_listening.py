"""What people do on their phones, through the real SDK to the database and back, also when things go wrong."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.events import Uploaded
from bot.ports import SendFailed
from platforms.dingtalk.capabilities import LIMITS
from platforms.dingtalk.reading import read
from regulation.problems import CATALOGUE
from sandbox.dingtalk import faults, happenings, serving
from sandbox.dingtalk.phones import Impossible
from storage.shelf import StoredShelf
from storage.store import Store
from tests.platforms.dingtalk.house import built, configured, running

FILLED = {"arrived": "256", "spent": "201.35", "actual__1": "36", "actual__2": "930"}
FORM = ("新桥小学校舍安全改造", "填好了")


async def form_of(house, user="zhangmin"):
    await house.said(user, "填报 校舍")
    return await house.shown(user, *FORM)


def inbox(house):
    with house.store.read() as tx:
        return tx.inbox_counts()


def outbox(house):
    with house.store.read() as tx:
        return tx.outbox_counts()


# -- taps -------------------------------------------------------------------------------------------


def test_a_tap_is_answered_by_the_card_that_takes_its_place_and_costs_no_call(play, world):
    async def told(house):
        form = await form_of(house)
        before = len(world.asked)
        outcome = await house.phone("zhangmin").submit(form["id"], FILLED)
        shown = next(m for m in house.phone("zhangmin").screen() if m["id"] == form["id"])
        assert outcome.answered
        assert "还差" in json.dumps(shown, ensure_ascii=False), "it changed with the answer itself"
        assert max(outcome.push.milliseconds) < 2000
        await house.until(lambda: set(outbox(house)) == {"sent"})
        assert [a.api for a in world.asked[before:]] == []

    play(told)


@pytest.mark.parametrize("number_as", ["string", "number"])
@pytest.mark.parametrize("client", ["8.1.0", "7.6.20"])
def test_numbers_arrive_from_any_client(play, world, rules, number_as, client):
    rules.number_as = number_as
    world.directory.people["zhangmin"].client = client

    async def told(house):
        form = await form_of(house)
        await house.phone("zhangmin").submit(form["id"], FILLED)
        await house.shown("zhangmin", "还差", "201.35万元")

    play(told, number_field="NUMBER")


@pytest.mark.parametrize("typed", ["２０１．３５", "201.35万元", "2,013,500元"])
def test_what_an_old_client_lets_through_is_read(play, typed):
    async def told(house):
        form = await form_of(house)
        await house.phone("zhangmin").submit(form["id"], {**FILLED, "spent": typed})
        await house.shown("zhangmin", "还差")

    play(told)


def test_s01_a_forwarded_card_changes_nothing(play, world, rules):
    rules.forward_anyway = True

    async def told(house):
        form = await form_of(house)
        copy = house.phone("zhangmin").forward(form["id"], "liqiang")
        await house.phone("liqiang").submit(copy, FILLED)
        await house.shown("liqiang", "张敏")
        with house.store.read() as tx:
            assert tx.inbox_counts().get("failed", 0) == 0
        kept = next(m for m in house.phone("zhangmin").screen() if m["id"] == form["id"])
        assert "填好了" in json.dumps(kept, ensure_ascii=False), "her own card is as it was"

    play(told)


def test_s02_a_tampered_tap_changes_nothing(play, world):
    async def told(house):
        form = await form_of(house)
        phone = house.phone("zhangmin")
        await phone.tap_again(form["id"], "submit", {"token": "guessedguessedguessed1"})
        await house.shown("zhangmin", "没有办成")
        await phone.tap_again(form["id"], "nudge:everybody", {})
        await house.until(lambda: set(inbox(house)) == {"done"})

    play(told)


def test_s04_an_old_card_says_so(play, world):
    """The first form is filed; its old button, sent again by a phone that did not refresh, changes nothing."""

    async def told(house):
        form = await form_of(house)
        old = dict(next(e for e in form["elements"] if e["kind"] == "form")["params"])
        phone = house.phone("zhangmin")
        await phone.submit(form["id"], FILLED)
        await house.shown("zhangmin", "还差")
        outcome = await phone.tap_again(form["id"], "form", {**old, "form": {"spent": "1"}})
        assert outcome.answered
        await house.until(lambda: set(outbox(house)) == {"sent"})

    play(told)


def test_t12_two_taps_within_a_second(play, world):
    async def told(house):
        form = await form_of(house)
        phone = house.phone("zhangmin")
        await asyncio.gather(*(phone.submit(form["id"], FILLED) for _ in range(2)))
        await house.until(lambda: set(outbox(house)) == {"sent"})
        assert inbox(house) == {"done": 3}

    play(told)


def test_t24_a_slow_decision_is_answered_in_time_and_shown_later(play, world, monkeypatch):
    async def told(house):
        form = await form_of(house)
        await house.until(lambda: set(outbox(house)) == {"sent"})
        with house.store.begin() as tx:  # somebody else is writing, for longer than DingTalk waits
            tx.note("test", "holding", "", "", world.clock.now())
            tapping = asyncio.create_task(house.phone("zhangmin").submit(form["id"], FILLED))
            outcome = await asyncio.wait_for(asyncio.shield(tapping), 5)
        assert outcome.push.ack is not None
        assert max(outcome.push.milliseconds) < 2000
        shown = await house.shown("zhangmin", "还差")
        assert shown["id"] == form["id"]

    play(told)


@pytest.mark.parametrize("stands_in_anothers_place", [False, True])
def test_t24_a_kept_tap_is_decided_after_a_restart(world, database, stands_in_anothers_place):
    """Answered, then killed before it was decided: the next start decides it and changes the card where it stands,
    also one that had itself taken another's place: that is in the records, not in the card's own number."""

    async def told():
        async with serving(world) as base:
            store = Store(f"sqlite:///{database}")
            house = built(world, store, configured(base))
            async with running(house):
                form = await form_of(house)
                if stands_in_anothers_place:
                    await house.phone("zhangmin").submit(form["id"], {"arrived": "256"})
                    await house.until(lambda: set(outbox(house)) == {"sent"})
                    form = next(m for m in house.phone("zhangmin").screen() if m["id"] == form["id"])
            keep_tap(store, form, world.clock.now())
            again = built(world, store, configured(base))
            async with running(again):
                await again.tick()
                shown = await again.shown("zhangmin", "还差", "201.35万元")
                assert shown["id"] == form["id"]
                assert len([m for m in again.phone("zhangmin").screen() if "我读到的是" in str(m)]) == 1
                assert set(inbox(again)) == {"done"}
            store.close()

    asyncio.run(told())


def keep_tap(store, form, at):
    """What the inbox holds of a form that was sent and not decided."""
    params = {**next(e for e in form["elements"] if e["kind"] == "form")["params"], "form": FILLED}
    content = {"cardPrivateData": {"actionIds": ["form"], "params": params}}
    data = {"outTrackId": form["card"], "userId": "zhangmin", "content": json.dumps(content)}
    payload = {"topic": "/v1.0/card/instances/callback", "user": "zhangmin", "data": json.dumps(data)}
    with store.begin() as tx:
        tx.receive("dingtalk", "card:x", json.dumps(payload), at)


def split_form(house, user="zhangmin"):
    """The cards of one long form on a phone, those that can still be sent, in order."""
    cards = [m for m in house.phone(user).screen() if m.get("elements")]
    forms = [(m, next((e for e in m["elements"] if e["kind"] == "form"), None)) for m in cards]
    return [m for m, form in forms if form and form["status"] == "normal"]


@pytest.mark.parametrize("restarted", [False, True])
def test_when_one_card_of_a_long_form_is_sent_the_others_can_no_longer_be_filled(world, database, restarted):
    """The rest is asked again by the newest message; whoever has the old cards on the screen sees them change."""

    async def told():
        async with serving(world) as base:
            own = configured(base, limits=replace(LIMITS, value_bytes=900))
            store = Store(f"sqlite:///{database}")
            house = built(world, store, own)
            async with running(house):
                await form_of(house)
                await house.until(lambda: set(outbox(house)) == {"sent"})
                parts = split_form(house)
                assert len(parts) >= 2
                if not restarted:
                    await sent_from(house, parts)
            if restarted:
                again = built(world, store, own)
                async with running(again):
                    await sent_from(again, parts)
            store.close()

    asyncio.run(told())
    assert world.complaints == []


async def sent_from(house, parts):
    """The second card is sent: the others of its form end, and what is asked anew is one form again."""
    await house.phone("zhangmin").submit(parts[1]["id"], {})
    await house.until(lambda: StoredShelf(house.store, "dingtalk").keys("parts:"))
    for card in (parts[0], *parts[2:]):
        await house.until(lambda card=card: "这一张不用填了" in shown_as(house, card["id"]))
        with pytest.raises(Impossible):
            await house.phone("zhangmin").submit(card["id"], FILLED)
    assert "这一张不用填了" not in shown_as(house, parts[1]["id"])
    assert parts[1]["id"] in {m["id"] for m in split_form(house)}, "the new one stands where it was sent"


def shown_as(house, message_id, user="zhangmin"):
    return json.dumps(
        next(m for m in house.phone(user).screen() if m["id"] == message_id), ensure_ascii=False
    )


# -- robot messages ---------------------------------------------------------------------------------


def test_t07_the_same_message_again_is_answered_once(play, world):
    async def told(house):
        await house.said("zhangmin", "进度")
        await house.until(lambda: set(outbox(house)) == {"sent"})
        frame = world.gateway.pushes[-1].frame
        for again in ("new-1", "new-2"):  # DingTalk's repetition, and one under another frame id
            push = world.gateway.push(
                "dingapp", "CALLBACK", frame.topic, {**frame.data}, seconds=5, pauses=(), headers={}
            )
            await asyncio.wait_for(push.done.wait(), 10)
            assert push.ack.code == 200, again
        assert inbox(house) == {"done": 1}

    play(told)


def test_without_a_template_a_form_is_filed_by_line_and_link(play):
    async def told(house):
        await house.said("zhangmin", "填报 校舍")
        await house.shown("zhangmin", "照着回一条就行")
        line = "支出240 到位256 1=46 2=2100 3同 4同 5=99 6同 7=6.1 8=1260 9=96 10=2 原因：无偏离 改进：按计划推进"
        await house.said("zhangmin", line)
        echo = await house.shown("zhangmin", "确认提交")
        push = (await house.phone("zhangmin").tap(echo["id"], "确认提交")).push
        await asyncio.wait_for(push.done.wait(), 10)
        await house.shown("zhangmin", "已报送")

    play(told, template_id="")


def test_a_group_mention_is_answered_in_ones_own_chat(play, world):
    from sandbox.dingtalk.chats import Group

    world.chats.groups["cidgroup"] = Group("cidgroup", "绩效工作群", ["zhangmin", "liqiang"])

    async def told(house):
        await asyncio.wait_for(house.phone("zhangmin").say("进度", "cidgroup").done.wait(), 10)
        shown = await house.shown("zhangmin", "我的三季度")
        assert shown["space"] == "robot"

    play(told)


def test_somebody_outside_the_roster_is_told_so(play, world):
    from sandbox.dingtalk import Person

    world.directory.add([Person("stranger", "王某")])

    async def told(house):
        await house.said("stranger", "进度")
        await house.shown("stranger", "我还不认识您")

    play(told)


def test_an_outsider_without_a_user_id_gets_an_answer_to_the_frame_only(play, world):
    async def told(house):
        world.directory.people["zhangmin"].visible = False
        push = house.phone("zhangmin").say("进度")
        await asyncio.wait_for(push.done.wait(), 10)
        assert push.ack.code == 200
        assert outbox(house) == {}

    play(told)


def test_somebody_known_only_by_unionid_is_who_the_directory_says(play, world):
    """The robot is not published to her yet: the frame has no staffId. The night before, her unionid was read."""

    async def told(house):
        world.clock.set(world.clock.now().replace(hour=3) + timedelta(days=1))
        await house.tick()
        world.directory.people["zhangmin"].visible = False
        push = house.phone("zhangmin").say("进度")
        await asyncio.wait_for(push.done.wait(), 10)
        assert "senderStaffId" not in push.frame.data
        assert inbox(house) == {"done": 1}
        (reply,) = _asked(house.store, "select recipient from outbox where key like 'reply:%'")
        assert reply == ("zhangmin",)

    play(told)


def test_a_card_delivered_by_unionid_is_tapped_by_its_person(play, world):
    async def told(house):
        form = await form_of(house)
        world.clock.set(world.clock.now().replace(hour=3) + timedelta(days=1))
        await house.tick()
        world.cards.known[form["card"]].by_union = True
        outcome = await house.phone("zhangmin").submit(form["id"], FILLED)
        assert outcome.push.frame.data["userIdType"] == 2
        await house.shown("zhangmin", "还差", "201.35万元")

    play(told)


def test_s01_somebody_of_another_organisation_is_refused_politely_and_nothing_of_it_is_kept(play, world):
    from sandbox.dingtalk import Person

    world.directory.add([Person("zhangmin9", "外单位的人", corp="dingother")])

    async def told(house):
        form = await form_of(house)
        before = inbox(house)
        with capture_logs() as logs:
            await house.said("zhangmin9", "机密12345")
            await house.shown("zhangmin9", "只给本单位的人用")
        assert [line["event"] for line in logs if line["event"] == "dingtalk.foreign"] == ["dingtalk.foreign"]
        assert "12345" not in repr(logs)
        world.directory.people["zhangmin"].corp = "dingother"
        outcome = await house.phone("zhangmin").submit(form["id"], FILLED)
        assert outcome.push.ack.code == 200
        for push in house.phone("zhangmin").read():
            await asyncio.wait_for(push.done.wait(), 10)
        assert inbox(house) == {**before, "done": before["done"] + 1}, "the receipt's head says it is ours"

    play(told, corp_id=world.directory.corp_id)


def test_over_quota_frames_are_answered_and_counted(play, world, rules):
    rules.pushes_a_month = 0

    async def told(house):
        await house.said("zhangmin", "进度")
        assert world.gateway.pushes[-1].ack.code == 200
        assert (await asyncio.to_thread(house.platform.quota)).warning == 100
        await house.shown("zhangmin", CATALOGUE["input.withheld"])

    play(told)


def use_up(house, calls=5000):
    """Everything else this month was somebody else's."""
    StoredShelf(house.store, "dingtalk").count(f"calls:{house.world.clock.now():%Y-%m}:others", calls)


def test_when_the_month_is_used_up_a_form_is_filled_and_answered_on_its_card(play, world):
    """Filling, correcting and filing by taps cost no call, to the last step."""

    async def told(house):
        form = await form_of(house)
        await house.until(lambda: set(outbox(house)) == {"sent"})
        use_up(house)
        before = len(world.asked)
        await house.phone("zhangmin").submit(form["id"], FILLED)
        assert "还差" in shown_as(house, form["id"])
        await house.until(lambda: set(outbox(house)) == {"sent"})
        assert [asked.api for asked in world.asked[before:]] == []

    play(told)


def test_when_the_month_is_used_up_typed_words_are_answered_in_their_chat(play, world):
    async def told(house):
        use_up(house)
        await house.said("zhangmin", "进度")
        shown = await house.shown("zhangmin", "我的三季度")
        assert shown["kind"] == "session.markdown"
        await house.until(lambda: set(outbox(house)) == {"sent"})
        await house.said("zhangmin", "附表1")
        await house.until(lambda: set(outbox(house)) == {"sent"})
        assert {asked.api for asked in world.asked} <= {"open", "token"}

    play(told)


@pytest.mark.parametrize("why", ["in a group", "too long ago"])
def test_when_the_month_is_used_up_what_cannot_be_answered_there_waits_for_the_next(play, world, why):
    from sandbox.dingtalk.chats import Group

    world.chats.groups["cidgroup"] = Group("cidgroup", "绩效工作群", ["zhangmin", "liqiang"])

    async def told(house):
        use_up(house)
        if why == "in a group":
            await asyncio.wait_for(house.phone("zhangmin").say("进度", "cidgroup").done.wait(), 10)
        else:
            house.platform.sessions.answer = _never
            await house.said("zhangmin", "进度")
        await house.until(lambda: _tried(house))
        assert set(outbox(house)) == {"waiting"}
        assert all(m["mine"] for m in house.phone("zhangmin").screen())
        world.clock.set(world.clock.now().replace(month=11, day=2))
        await house.tick()
        await house.shown("zhangmin", "我的三季度")

    play(told)


async def _never(*_given):
    return False


def _tried(house):
    with house.store.read() as tx:
        return all(row.error == "month used up" for row in tx.outbox_rows(9))


@pytest.mark.parametrize("kind", ["voice", "sticker"])
def test_what_cannot_be_read_is_answered(play, kind):
    async def told(house):
        phone = house.phone("zhangmin")
        push = phone.send_voice(1000, "支出") if kind == "voice" else phone.send_sticker()
        await asyncio.wait_for(push.done.wait(), 10)
        assert push.ack.code == 200
        await house.until(lambda: outbox(house).get("sent"))

    play(told)


# -- files ------------------------------------------------------------------------------------------


def uploads(house):
    """Every Uploaded event the inbox holds."""
    rows = _asked(house.store, "select key, payload from inbox order by id")
    events = [read(k, json.loads(p), house.world.clock.now()) for k, p in rows]
    return [e for e in events if isinstance(e, Uploaded)]


def _asked(store, query):
    connection = sqlite3.connect(store.url.database)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_a_file_is_fetched_and_handed_over_with_its_content(play, world):
    async def told(house):
        push = house.phone("zhangmin").send_file("附表1.xlsx", b"PK\x03\x04content")
        await asyncio.wait_for(push.done.wait(), 10)
        (found,) = await house.until(lambda: uploads(house))
        assert (found.who, found.name, found.content) == ("zhangmin", "附表1.xlsx", b"PK\x03\x04content")
        await house.until(lambda: StoredShelf(house.store, "dingtalk").keys("pending:") == [])

    play(told)


def test_a_picture_is_fetched_too(play):
    async def told(house):
        push = house.phone("zhangmin").send_picture(b"\x89PNG")
        await asyncio.wait_for(push.done.wait(), 10)
        (found,) = await house.until(lambda: uploads(house))
        assert (found.kind, found.content) == ("picture", b"\x89PNG")

    play(told)


def test_a_file_that_is_gone_is_handed_over_without_its_content(play, world):
    async def told(house):
        faults.arm(world, "messageFiles", "permission")
        push = house.phone("zhangmin").send_file("附表1.xlsx", b"PK")
        await asyncio.wait_for(push.done.wait(), 10)
        (found,) = await house.until(lambda: uploads(house))
        assert (found.name, found.content) == ("附表1.xlsx", b"")

    play(told)


def test_a_download_goes_on_after_a_restart(world, database):
    async def told():
        async with serving(world) as base:
            store = Store(f"sqlite:///{database}")
            house = built(world, store, configured(base))
            async with running(house):
                faults.arm(world, "messageFiles", "hang", 9)
                push = house.phone("zhangmin").send_file("附表1.xlsx", b"PK")
                await asyncio.wait_for(push.done.wait(), 10)
                assert StoredShelf(store, "dingtalk").keys("pending:")
            world.faults.clear()
            again = built(world, store, configured(base))
            async with running(again):
                (found,) = await again.until(lambda: [u for u in uploads(again) if u.content])
                assert found.content == b"PK"
            store.close()

    asyncio.run(told())


# -- receipts ---------------------------------------------------------------------------------------


def read_rows(house):
    return _asked(house.store, "select recipient from outbox where read_at is not null")


def test_a_card_that_was_opened_is_marked_read_by_its_event(play, world):
    async def told(house):
        await house.said("zhangmin", "进度")
        await house.until(lambda: set(outbox(house)) == {"sent"})
        for push in house.phone("zhangmin").read():
            await asyncio.wait_for(push.done.wait(), 10)
            assert push.ack.code == 200
            assert push.ack.data["status"] == "SUCCESS"
        assert await house.until(lambda: read_rows(house)) == [("zhangmin",)]

    play(told)


def test_w7_an_event_of_no_use_is_answered_with_its_status(play, world):
    async def told(house):
        for push in happenings.left_organisation(world, "wufang"):
            await asyncio.wait_for(push.done.wait(), 10)
            assert push.ack.data["status"] == "SUCCESS"
        assert inbox(house) == {}

    play(told)


def test_read_lists_are_asked_for_within_the_day(world, database):
    async def told():
        async with serving(world) as base:
            store = Store(f"sqlite:///{database}")
            house = built(world, store, configured(base))
            given = []

            class Inlet:
                async def receive(self, message_id, payload, at, **_):
                    given.append((message_id, payload["reference"], payload["readers"]))

            users = list(world.directory.people)[:5]
            receipts = house.platform._receipts
            from tests.platforms.dingtalk.test_sending import PLAIN, Desk

            desk = Desk(world, store)
            desk.platform = house.platform
            outcomes = await house.platform.send_all([desk.delivery(u, PLAIN) for u in users])
            assert not any(isinstance(o, SendFailed) for o in outcomes)
            house.phone(users[0]).read()
            assert await receipts.ask(Inlet()) == 0, "too early"
            world.clock.set(world.clock.now() + timedelta(minutes=31))
            assert await receipts.ask(Inlet()) == 1
            assert [(r, who) for _, r, who in given] == [(outcomes[0], [users[0]])]
            world.clock.set(world.clock.now() + timedelta(hours=25))
            assert await receipts.ask(Inlet()) == 0, "DingTalk no longer knows"
            assert StoredShelf(store, "dingtalk").keys("unread:") == []
            store.close()

    asyncio.run(told())
