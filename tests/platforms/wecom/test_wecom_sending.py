"""Out through the application: how many calls, to whom, how fast, and what became of each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.card import Attachment, Button, Card, Style
from bot.ports import Delivery, SendFailed
from platforms.wecom.budget import PER_HOUR, PER_MINUTE, Budget, crowded, until_tomorrow
from platforms.wecom.configuration import Configuration
from platforms.wecom.failures import INVALID, UNLICENSED
from platforms.wecom.platform import WecomPlatform
from sandbox.clock import Clock
from sandbox.wecom.box import Box
from sandbox.wecom.corp import Corp, Member
from sandbox.wecom.faults import Fault
from storage.shelf import StoredShelf
from storage.store import Store
from tests.platforms.wecom.wecom_district import AGENT, AT, application, corporation

TOKEN = "abcdefghijklmnopqrstuv"
BUTTONS = Card("remind.open", "三季度开始填报", buttons=(Button("fill", "去填报", Style.PRIMARY),))
PLAIN = Card("plain.told", "已延期至10月15日", text="不用重报。")
FILE = Attachment("annex1.xlsx", "2026Q3:p001", 1, "附表1_新桥小学.xlsx")
WITH_FILE = replace(BUTTONS, files=(FILE,), picture=Attachment("annex1.png", "2026Q3:p001", 1, "附表1.png"))
FILES = {"附表1_新桥小学.xlsx": b"PK\3\4 workbook", "附表1.png": b"\x89PNG\r\n\x1a\n picture"}
Told = Callable[["Desk"], Awaitable[None]]


class Desk:
    """A platform on a box."""

    def __init__(self, box: Box, platform: WecomPlatform) -> None:
        self.box, self.platform = box, platform

    def delivery(self, user: str = "zhangmin", card: Card = BUTTONS, **more: object) -> Delivery:
        base = Delivery(user, card, TOKEN, "remind:2026Q3:open:20261008", "", FILES, self.box.world.now())
        return replace(base, **more)

    def called(self, path: str = "message/send") -> int:
        return sum(call.path.endswith(path) for call in self.box.world.calls)

    def phone(self, user: str = "zhangmin"):
        return [item for item in self.box.world.phones.chat(user) if not item.mine]


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{path}")
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def on_desk(store: Store) -> Callable[..., None]:
    def run(told: Told, corp: Corp | None = None, at: datetime = AT, **changes: object) -> None:
        async def played() -> None:
            async with Box(corp or corporation(), clock=Clock(at, speed=0)) as box:
                box.world.corp.agents[AGENT].url = "http://127.0.0.1:9/callback"
                own = Configuration(application(box, **changes))
                platform = WecomPlatform(own, StoredShelf(store, "wecom"), box.world.now)
                try:
                    await told(Desk(box, platform))
                finally:
                    await platform.client.close()

        asyncio.run(played())

    return run


def crowd(size: int) -> Corp:
    corp = corporation()
    corp.add(*(Member(f"U{n:05}", f"甲{n}") for n in range(size)))
    return corp


@pytest.mark.parametrize(("people", "calls"), [(1, 1), (1000, 1), (1001, 2), (10_000, 10)])
def test_a_broadcast_takes_as_few_calls_as_there_can_be(on_desk, people, calls):
    async def told(d):
        found = await d.platform.send_all([d.delivery(f"U{n:05}") for n in range(people)])
        assert all(isinstance(each, str) and each for each in found)
        assert d.called() == calls
        assert len(d.box.world.phones._items) == people

    on_desk(told, crowd(people))


def test_t13_who_did_not_get_it_is_named_with_the_reason_and_the_rest_did(on_desk):
    async def told(d):
        agent = d.box.world.corp.agents[AGENT]
        agent.unlicensed = frozenset({"liqiang"})
        agent.visible = frozenset({"zhangmin", "liqiang", "wangju"})
        users = ("ZhangMin", "liqiang", "sunxiao", "nobody")
        found = await d.platform.send_all([d.delivery(user) for user in users])
        assert isinstance(found[0], str)
        assert [each.code for each in found[1:]] == [UNLICENSED, INVALID, INVALID]
        assert not any(each.retryable for each in found[1:])
        assert len(d.phone("zhangmin")) == 1

    on_desk(told)


def test_t21_somebody_who_left_is_given_up_with_a_reason(on_desk):
    async def told(d):
        with pytest.raises(SendFailed) as caught:
            await d.platform.send(d.delivery("nobody"))
        assert not caught.value.retryable
        assert "不在应用可见范围" in caught.value.code

    on_desk(told)


def test_t02_t15_the_same_message_again_is_shown_once(on_desk):
    """The platform took it and we never heard: the next try is the same request to the letter."""

    async def told(d):
        for card in (BUTTONS, PLAIN):
            before = len(d.phone())
            delivery = d.delivery(card=card)
            d.box.world.faults.arm(Fault("message/send", "cut_after"))
            with pytest.raises(SendFailed) as caught:
                await d.platform.send(delivery)
            assert caught.value.retryable
            await d.platform.send(delivery)
            assert len(d.phone()) == before + 1

    on_desk(told)


def test_t15_a_card_taken_long_ago_counts_as_sent(on_desk):
    async def told(d):
        await d.platform.send(d.delivery())
        d.box.world.clock.advance(timedelta(hours=6))
        assert await d.platform.send(d.delivery()) == ""
        assert len(d.phone()) == 1

    on_desk(told)


def test_the_same_answer_twice_is_shown_twice(on_desk):
    """Who asks 进度 twice is answered twice: only what nobody asked for is guarded against repetition."""

    async def told(d):
        for number in range(2):
            await d.platform.send(d.delivery(card=PLAIN, key=f"reply:wecom:app-{number}", token=f"t{number}"))
        assert len(d.phone()) == 2

    on_desk(told)


@pytest.mark.parametrize(
    ("code", "retryable", "pause"),
    [
        (60020, True, 3600),
        (48002, True, 3600),
        (50003, True, 3600),
        (-1, True, 60),
        (45033, True, 60),
        (40058, False, 0),
        (45002, False, 0),
    ],
)
def test_t19_a_refusal_means_what_it_means(on_desk, code, retryable, pause):
    async def told(d):
        d.box.world.faults.arm(Fault("message/send", "code", code=code, times=-1))
        with pytest.raises(SendFailed) as caught:
            await d.platform.send(d.delivery())
        assert (caught.value.retryable, caught.value.pause_seconds) == (retryable, pause)
        assert str(code) in caught.value.code
        assert any("一" <= letter <= "鿿" for letter in caught.value.code)

    on_desk(told)


def test_t16_too_fast_waits_for_the_minute_the_hour_the_day(on_desk):
    async def told(d):
        d.box.world.faults.arm(Fault("message/send", "code", code=45009, times=3))
        pauses = []
        for _ in range(3):
            with pytest.raises(SendFailed) as caught:
                await d.platform.send(d.delivery())
            pauses.append(caught.value.pause_seconds)
        assert pauses == [60, 3600, until_tomorrow(AT)]
        await d.platform.send(d.delivery())
        assert d.platform.sender.limited == 0

    on_desk(told)


def test_t20_while_nobody_answers_not_every_message_waits_for_an_answer(on_desk):
    async def told(d):
        d.box.world.faults.arm(Fault("message/send", "cut", times=3))
        for number in range(50):
            with pytest.raises(SendFailed) as caught:
                await d.platform.send(d.delivery(token=f"t{number}", key=f"reply:{number}"))
            assert caught.value.outage
        assert d.box.world.faults.armed == []  # three were asked for, a fourth would have got through
        d.box.world.clock.advance(timedelta(seconds=31))
        await d.platform.send(d.delivery())

    on_desk(told)


def test_t04_t22_a_broadcast_that_broke_goes_on_with_those_who_have_not_got_it(on_desk):
    async def told(d):
        users = [f"U{n:05}" for n in range(2500)]
        d.box.world.faults.arm(Fault("message/send", "cut", times=1))
        found = await d.platform.send_all([d.delivery(user) for user in users])
        left = [user for user, each in zip(users, found, strict=True) if isinstance(each, SendFailed)]
        assert len(left) == 1000
        again = await d.platform.send_all([d.delivery(user) for user in left])
        assert all(isinstance(each, str) for each in again)
        assert {len(d.phone(user)) for user in ("u00000", "u00999", "u01000", "u02499")} == {1}

    on_desk(told, crowd(2500))


def test_what_went_out_before_a_failure_is_not_sent_again(on_desk):
    async def told(d):
        delivery = d.delivery(card=WITH_FILE, key="reply:wecom:app-1")
        d.box.world.faults.arm(Fault("media/upload", "cut"))
        with pytest.raises(SendFailed):
            await d.platform.send(delivery)
        reference = await d.platform.send(delivery)
        assert [item.kind for item in d.phone()] == ["template_card", "image", "file"]
        assert reference == d.phone()[0].msgid

    on_desk(told)


def test_a_file_is_uploaded_once_in_its_three_days(on_desk):
    async def told(d):
        for number in range(4):
            await d.platform.send(d.delivery(card=WITH_FILE, token=f"token-{number}", key=f"reply:{number}"))
        assert d.called("media/upload") == 2
        d.box.world.clock.advance(timedelta(days=2, hours=21))
        await d.platform.send(d.delivery(card=WITH_FILE, token="later", key="reply:5"))
        assert d.called("media/upload") == 4
        assert d.phone()[1].kind == "image"

    on_desk(told)


def test_a_file_for_a_thousand_is_uploaded_once(on_desk):
    async def told(d):
        await d.platform.send_all([d.delivery(f"U{n:05}", card=WITH_FILE) for n in range(1200)])
        assert d.called("media/upload") == 2
        assert d.called() == 6

    on_desk(told, crowd(1200))


def test_t23_a_code_that_is_used_up_or_old_makes_a_new_card(on_desk):
    async def told(d):
        await d.platform.send(d.delivery())
        second = d.delivery(card=PLAIN, token="second", replaces=TOKEN, key="reply:2")
        assert (await d.platform.send(second)).startswith("update:")
        third = d.delivery(card=BUTTONS, token="third", replaces=TOKEN, key="reply:3")
        assert not (await d.platform.send(third)).startswith("update:")
        d.box.world.clock.advance(timedelta(hours=73))
        fourth = d.delivery(card=PLAIN, token="fourth", replaces="third", key="reply:4")
        assert not (await d.platform.send(fourth)).startswith("update:")
        assert len(d.phone()) == 3

    on_desk(told)


def test_a_card_that_says_more_than_fits_follows_below_and_the_old_one_is_grey(on_desk):
    async def told(d):
        await d.platform.send(d.delivery())
        more = replace(BUTTONS, text="长" * 300)
        await d.platform.send(d.delivery(card=more, token="second", replaces=TOKEN, key="reply:2"))
        assert [item.kind for item in d.phone()] == ["template_card", "template_card", "text"]
        assert d.phone()[0].dead == "见下面"

    on_desk(told)


def test_a_message_is_taken_back_within_a_day(on_desk):
    async def told(d):
        reference = await d.platform.send(d.delivery())
        await d.platform.sender.recall(reference)
        assert d.phone()[0].recalled

    on_desk(told)


# -- how fast ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("minute", [0, 30])
def test_nothing_unasked_goes_out_on_the_hour_or_half_hour(on_desk, minute):
    async def told(d):
        with pytest.raises(SendFailed) as caught:
            await d.platform.send(d.delivery())
        assert 0 < caught.value.pause_seconds <= 360
        await d.platform.send(d.delivery(key="reply:wecom:app-1"))

    on_desk(told, at=AT.replace(minute=minute, second=15))


@given(st.text(max_size=20), st.integers(0, 300 * 86400))
def test_a_put_off_message_never_lands_in_another_crowded_minute(user, seconds):
    at = AT + timedelta(seconds=seconds)
    later = at + timedelta(seconds=crowded(user, at))
    assert later.minute not in (0, 30)
    assert later - at <= timedelta(seconds=361)


def test_people_put_off_are_spread(on_desk):
    at = AT.replace(minute=0, second=0)
    assert len({crowded(f"p{n:03}", at) for n in range(300)}) > 100


STEPS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 6), st.integers(0, 40)), max_size=200)


@given(STEPS)
def test_t14_nobody_ever_gets_more_than_the_platform_shows(steps):
    """Whatever is asked when: never more than 20 in a minute, 900 in an hour, to one person."""
    budget, at = Budget(10**9, lambda _, by: by), AT
    sent: dict[str, list[datetime]] = {"a": [], "b": []}
    for user, parts, seconds in steps:
        at += timedelta(seconds=seconds)
        if not budget.wait(user, parts, at):
            for _ in range(parts):
                budget.spend(user, at)
                sent[user].append(at)
    for moments in sent.values():
        for moment in moments:
            near = [m for m in moments if moment - timedelta(minutes=1) < m <= moment]
            assert len(near) <= PER_MINUTE
            assert sum(moment - timedelta(hours=1) < m <= moment for m in moments) <= PER_HOUR


def test_t14_who_is_over_waits_and_the_others_do_not(on_desk):
    async def told(d):
        for number in range(PER_MINUTE):
            await d.platform.send(d.delivery(token=f"t{number}", key=f"reply:{number}"))
        found = await d.platform.send_all(
            [d.delivery(user, token="last") for user in ("zhangmin", "liqiang")]
        )
        assert isinstance(found[0], SendFailed)
        assert 0 < found[0].pause_seconds <= 61
        assert isinstance(found[1], str)
        d.box.world.clock.advance(timedelta(seconds=found[0].pause_seconds))
        await d.platform.send(d.delivery(token="after"))

    on_desk(told)


def test_the_days_total_is_kept_across_restarts(on_desk, store):
    async def told(d):
        users = [f"U{n:05}" for n in range(40)]
        await d.platform.send_all([d.delivery(user) for user in users])
        d.platform.sender.budget.write()
        with pytest.raises(SendFailed) as caught:
            await d.platform.send_all([d.delivery(user, token="more") for user in users])
        assert caught.value.pause_seconds == until_tomorrow(AT)

    on_desk(told, crowd(40), per_day=60)
    assert StoredShelf(store, "wecom").counted("sent:") == {"sent:2026-10-08": 40}


# -- who is there -----------------------------------------------------------------------------------


def test_the_directory_knows_people_their_departments_and_who_leads(on_desk):
    corp = corporation()
    corp.departments[2] = replace(corp.departments[1], id=2, name="区教育局", parent=1)
    corp.add(
        Member("WangJu", "王局", (2,), leads=(2,)),
        Member("two", "两头跑", (1, 2), leads=(2,)),
        Member("Gone", "走了", (2,), status=5),
    )

    async def told(d):
        found = {each.user_id: each for each in await d.platform.directory()}
        assert found["wangju"].leads == ("区教育局",)
        assert found["wangju"].departments == ("区教育局",)
        assert (found["two"].departments, found["two"].leads) == (("区财政局", "区教育局"), ("区教育局",))
        assert "gone" not in found
        assert all(each == each.lower() for each in found)

    on_desk(told, corp)


def test_a_directory_that_cannot_be_read_is_none(on_desk):
    async def told(d):
        d.box.world.faults.arm(Fault("department/simplelist", "code", code=60011))
        assert await d.platform.directory() is None

    on_desk(told)
