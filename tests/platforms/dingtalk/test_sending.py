"""What is sent and what becomes of it when DingTalk refuses, hangs, lies inside HTTP 200, or takes only some people."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.cards.card import Attachment, Button, Card, Input, InputKind
from bot.ports import Delivery, LinkState, SendFailed
from platforms.dingtalk import requests
from platforms.dingtalk.doctor import told as told_as
from platforms.dingtalk.metering import urgent
from platforms.dingtalk.platform import DingTalkPlatform
from sandbox.dingtalk import faults, serving
from sandbox.dingtalk.phones import Phone
from storage.shelf import StoredShelf
from storage.store import Store
from tests.platforms.dingtalk.house import APP, SECRET, configured

CARD = Card("c", "三季度填报", text="10月10日前报", buttons=(Button("fill", "填报"),))
PLAIN = Card("c", "放假通知", text="10月1日至8日放假")
FILE = Attachment("annex1.xlsx", "2026Q3:p001", 1, "附表1_校舍_2026年三季度.xlsx")
PICTURE = Attachment("deviation.png", "2026Q3:p001", 1, "偏离.png")
TOKEN = "Vt0kenVt0kenVt0kenVt0k"
OPENED = "createAndDeliver"


class Desk:
    """A platform that does not listen, and the world it sends to."""

    def __init__(self, world: Any, store: Store, **changed: Any) -> None:
        self.world, self.store = world, store
        own = configured(world.base, **changed)
        self.platform = DingTalkPlatform(own, StoredShelf(store, "dingtalk"), world.clock.now)

    def again(self) -> Desk:
        """After a restart."""
        found = Desk(self.world, self.store)
        found.platform = DingTalkPlatform(
            self.platform.own, StoredShelf(self.store, "dingtalk"), self.world.clock.now
        )
        return found

    def delivery(
        self, user: str = "zhangmin", card: Card = CARD, key: str = "remind:2026Q3:open:1"
    ) -> Delivery:
        files = {a.name: b"\x89content" for a in (*card.files, *((card.picture,) if card.picture else ()))}
        return Delivery(user, card, TOKEN, key, "", files, self.world.clock.now())

    async def send(self, *args: Any, **given: Any) -> str | SendFailed:
        try:
            return await self.platform.send(self.delivery(*args, **given))
        except SendFailed as error:
            return error

    async def send_all(self, users: list[str], card: Card = CARD) -> list[str | SendFailed]:
        try:
            return list(await self.platform.send_all([self.delivery(u, card) for u in users]))
        except SendFailed as error:
            return [error] * len(users)

    def screen(self, user: str = "zhangmin") -> list[dict[str, Any]]:
        return Phone(self.world, user).screen()


@pytest.fixture
def at_desk(world, tmp_path: Path) -> Callable[..., None]:
    def run(told: Callable[[Desk], Coroutine[Any, Any, None]], *, clean: bool = True, **changed: Any) -> None:
        async def all_of_it() -> None:
            store = Store(f"sqlite:///{tmp_path / 'shelf.sqlite'}")
            store.migrate()
            async with serving(world):
                await told(Desk(world, store, **changed))
            store.close()

        asyncio.run(all_of_it())
        assert not clean or world.complaints == []

    return run


# -- one person -------------------------------------------------------------------------------------


def test_a_card_arrives_and_cannot_be_forwarded(at_desk, world):
    async def told(desk):
        reference = await desk.send()
        (shown,) = desk.screen()
        assert shown["summary"] == "三季度填报"
        assert not world.cards.known[shown["card"]].forwardable("IM_ROBOT")
        assert shown["card"] == requests.track(TOKEN, "zhangmin")
        assert isinstance(reference, str)

    at_desk(told)


def test_files_and_pictures_follow_their_card_and_are_uploaded_once(at_desk, world):
    async def told(desk):
        card = replace(CARD, files=(FILE,), picture=PICTURE)
        await desk.send(card=card)
        await desk.send("liqiang", card=card, key="remind:2026Q3:open:2")
        kinds = [m["kind"] for m in desk.screen()]
        assert kinds[1:] == ["sampleImageMsg", "sampleFile"]
        assert json.loads(json.dumps(desk.screen()[2]["body"]))["fileName"] == FILE.name
        assert len(world.calls("upload")) == 2

    at_desk(told)


@pytest.mark.parametrize("name", ["附表1.exe", "附表1"])
def test_a_file_dingtalk_does_not_take_is_not_offered(at_desk, world, name):
    async def told(desk):
        error = await desk.send(card=replace(CARD, files=(replace(FILE, name=name),)))
        assert (error.code, error.retryable) == ("file type", False)
        assert world.calls("upload") == []

    at_desk(told)


def test_without_a_template_buttons_are_links_that_say_what_was_tapped(at_desk):
    async def told(desk):
        await desk.send()
        phone = Phone(desk.world, "zhangmin")
        (shown,) = desk.screen()
        assert shown["kind"] == "sampleMarkdown"
        push = (await phone.tap(shown["id"], "填报")).push
        assert push.frame.data["text"]["content"] == f"填报〔{TOKEN} fill〕"
        push.done.set()

    at_desk(told, template_id="")


def test_a_repetition_goes_on_where_it_stopped(at_desk, world):
    """The card went, the file did not: the file alone is sent again, also by another process."""

    async def told(desk):
        card = replace(CARD, files=(FILE,))
        faults.arm(world, "upload", "busy")
        error = await desk.send(card=card)
        assert error.retryable
        assert isinstance(await desk.again().send(card=card), str)
        assert [m["kind"] for m in desk.screen()] == ["card", "sampleFile"]

    at_desk(told)


# -- refusals ---------------------------------------------------------------------------------------

REFUSED = [
    ("busy", True, "system.busy"),
    ("permission", False, "Forbidden.AccessDenied.AccessTokenPermissionDenied"),
    ("whitelist", False, "Forbidden.AccessDenied.IpNotInWhiteList"),
    ("quota", True, "Forbidden.AccessDenied.ApiCountLimitForOrg"),
    ("html", True, "not JSON"),
    ("html502", True, "not JSON"),
    ("punish", True, "1111"),
    ("cut", True, "no answer"),
]


@pytest.mark.parametrize(("kind", "retryable", "code"), REFUSED, ids=[r[0] for r in REFUSED])
def test_t19_l02_a_refusal_has_its_class(at_desk, world, kind, retryable, code):
    async def told(desk):
        faults.arm(world, OPENED, kind)
        error = await desk.send(key="remind:2026Q3:late:20261012")
        assert (error.code, error.retryable, error.outage) == (code, retryable, retryable)
        assert len(world.calls("token")) == 1
        assert isinstance(await desk.send(key="remind:2026Q3:late:20261012"), str), "the next one goes"

    at_desk(told)


def test_t15_what_may_have_arrived_is_sent_again_as_the_same_card(at_desk, world):
    async def told(desk):
        faults.arm(world, OPENED, "cut_after")
        error = await desk.send()
        assert error.retryable
        assert isinstance(await desk.send(), str)
        assert len(desk.screen()) == 1

    at_desk(told)


UNSURE = "可能已经发过一次"


@pytest.mark.parametrize("kind", ["cut_after", "busy"])
def test_t15_a_robot_message_that_may_have_arrived_goes_again_and_says_so(at_desk, world, kind):
    """DingTalk cannot know it as the same: rather twice, with a word about it, than never; also after a restart."""

    async def told(desk):
        faults.arm(world, "batchSend", kind)
        assert (await desk.send()).retryable
        assert isinstance(await desk.again().send(), str)
        shown = [json.dumps(m, ensure_ascii=False) for m in desk.screen()]
        assert [UNSURE in m for m in shown] == ([False, True] if kind == "cut_after" else [True])
        await desk.send(card=replace(CARD, text="另一条"), key="remind:2026Q3:open:2")
        assert UNSURE not in json.dumps(desk.screen()[-1], ensure_ascii=False), "another message is another"

    at_desk(told, template_id="")


def test_t15_of_many_only_those_who_may_have_it_are_told_so(at_desk, world):
    async def told(desk):
        users, card = everybody(world, 25), replace(PLAIN, buttons=CARD.buttons)
        faults.arm(world, "batchSend", "cut_after")
        assert [isinstance(o, str) for o in await desk.send_all(users, card)] == [False] * 20 + [True] * 5
        await desk.send_all(users[:20], card)
        await desk.send_all(users[20:], card)
        marked = [UNSURE in json.dumps(desk.screen(user)[-1], ensure_ascii=False) for user in users]
        assert marked == [True] * 20 + [False] * 5

    at_desk(told, template_id="")


def test_t16_too_fast_is_waited_out_and_nothing_lost(at_desk, world):
    async def told(desk):
        faults.arm(world, OPENED, "qps")
        assert isinstance(await desk.send(), str)

    at_desk(told)


def test_t16_t20_too_fast_for_long_is_nobodys_fault(at_desk, world, monkeypatch):
    monkeypatch.setattr("platforms.dingtalk.openapi.SHORT", 0)

    async def told(desk):
        faults.arm(world, OPENED, "qps")
        error = await desk.send()
        assert (error.code.rpartition(".")[2], error.outage) == ("QpsLimitForAppkeyAndApi", True)

    at_desk(told)


def test_t17_a_revoked_token_is_renewed_once_however_many_notice(at_desk, world):
    async def told(desk):
        await desk.send("zhangmin")
        world.tokens.revoke()
        users = ["liqiang", "sunxiao", "wangju", "wufang"]
        found = await asyncio.gather(*(desk.send(u) for u in users))
        assert all(isinstance(each, str) for each in found)
        assert len(world.calls("token")) == 2

    at_desk(told)


def test_t17_the_older_interfaces_say_it_differently(at_desk, world):
    async def told(desk):
        await desk.send("zhangmin")
        world.tokens.revoke()
        found = await desk.send_all(["liqiang", "sunxiao"], PLAIN)
        assert all(isinstance(each, str) for each in found)
        assert len(world.calls("token")) == 2

    at_desk(told)


def test_t19_with_a_wrong_secret_nothing_is_lost_and_dingtalk_is_asked_rarely(at_desk, world):
    async def told(desk):
        right = desk.platform.own
        desk.platform = _with(desk, replace(right, client_secret="mistyped"))
        with capture_logs() as logs:
            errors = [await desk.send(key=f"remind:2026Q3:late:{n}") for n in range(9)]
        assert {(e.code, e.outage, e.pause_seconds) for e in errors} == {
            ("invalidClientIdOrSecret", True, 300)
        }
        assert len(world.calls("token")) == 1
        assert len([line for line in logs if line["event"] == "dingtalk.wrong_secret"]) == 1
        link = desk.platform.link()
        assert (link.state, "JIXIAO_DINGTALK_CLIENT_SECRET" in link.why) == (LinkState.REFUSED, True)
        world.apps[APP.client_id] = replace(APP, client_secret="mistyped")
        assert not isinstance(await desk.send(), str), "not yet asked again"
        world.clock.set(world.clock.now() + timedelta(minutes=6))
        assert isinstance(await desk.send(), str)
        assert desk.platform.link().state is LinkState.STARTING, "it does not listen"

    at_desk(told)


def _with(desk, own):
    return DingTalkPlatform(own, StoredShelf(desk.store, "dingtalk"), desk.world.clock.now)


def test_t18_a_newer_token_of_another_process_is_taken(at_desk, world):
    async def told(desk):
        other = desk.again()
        await desk.send("zhangmin")
        await other.send("liqiang")
        assert len(world.calls("token")) == 1, "it was on the shelf"
        world.tokens.revoke()
        await desk.send("sunxiao")
        await other.send("wangju")
        assert len(world.calls("token")) == 2, "the newest wins"

    at_desk(told)


def test_another_application_does_not_take_the_token_of_the_one_before(at_desk, world):
    async def told(desk):
        await desk.send("zhangmin")
        world.apps["dingother"] = replace(APP, client_id="dingother")
        own = replace(desk.platform.own, client_id="dingother")
        other = DingTalkPlatform(own, StoredShelf(desk.store, "dingtalk"), world.clock.now)
        assert isinstance(await other.send(desk.delivery("liqiang")), str)
        assert [a.body["appKey"] for a in world.calls("token")] == ["dingapp", "dingother"]

    at_desk(told)


def test_a_token_is_renewed_before_it_ends(at_desk, world):
    async def told(desk):
        await desk.send("zhangmin")
        world.clock.set(world.clock.now() + timedelta(seconds=7200 - 200))
        await desk.send("liqiang")
        assert len(world.calls("token")) == 2

    at_desk(told)


def test_w11_a_failure_inside_http_200_is_a_failure(at_desk, world):
    async def told(desk):
        world.directory.people["zhangmin"].broken = True
        error = await desk.send()
        assert (error.code, error.retryable) == ("not delivered", False)

    at_desk(told)


def test_l01_nobody_there_is_said_so_and_tried_again(at_desk):
    async def told(desk):
        desk.platform = DingTalkPlatform(
            configured("http://127.0.0.1:9"), StoredShelf(desk.store, "dingtalk"), desk.world.clock.now
        )
        error = await desk.send()
        assert (error.code, error.retryable, error.outage) == ("unreachable", True, True)

    at_desk(told)


def test_l03_a_proxy_of_the_environment_is_used(at_desk, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")

    async def told(desk):
        error = await desk.send()
        assert error.code == "unreachable"

    at_desk(told)


def test_c11_a_clock_that_differs_is_told_once(at_desk, world):
    async def told(desk):
        ours = DingTalkPlatform(
            desk.platform.own,
            StoredShelf(desk.store, "dingtalk"),
            lambda: world.clock.now() + timedelta(minutes=9),
        )
        with capture_logs() as logs:
            await ours.send(desk.delivery("zhangmin"))
            await ours.send(desk.delivery("liqiang"))
        assert [line["seconds"] // 60 for line in logs if line["event"] == "dingtalk.clock_skew"] == [9]

    at_desk(told)


@pytest.mark.parametrize("kind", [r[0] for r in REFUSED] + ["token"])
def test_k08_no_secret_is_in_an_error_or_a_log(at_desk, world, kind):
    async def told(desk):
        await desk.send("liqiang")
        token = json.loads(desk.platform._shelf.get("token:dingapp", world.clock.now()))["token"]
        with capture_logs() as logs:
            for api in ("*", OPENED, "upload"):
                faults.arm(world, api, kind, 2)
            error = await desk.send(card=replace(CARD, files=(FILE,)))
            other = await desk.send_all(["wufang", "sunxiao"], PLAIN)
        said = repr(logs) + repr([chained(e) for e in (error, *other)]) + repr(desk.platform.own)
        assert SECRET not in said
        assert token not in said

    at_desk(told)


def chained(error: Any) -> list[str]:
    """An exception and all it came from, in words."""
    found = []
    while isinstance(error, BaseException):
        found.append(f"{error!r} {error.args}")
        error = error.__cause__ or error.__context__
    return found


# -- many people ------------------------------------------------------------------------------------


def everybody(world: Any, count: int) -> list[str]:
    return list(world.directory.people)[:count]


def test_a_notice_reaches_a_hundred_a_call(at_desk, world):
    async def told(desk):
        users = everybody(world, 60)
        found = await desk.send_all(users, PLAIN)
        assert all(isinstance(each, str) and each.startswith("notice:") for each in found)
        assert len(world.calls("notice")) == 1
        assert all("放假通知" in json.dumps(desk.screen(u), ensure_ascii=False) for u in users)

    at_desk(told)


def test_t13_of_many_those_who_cannot_be_reached_are_named(at_desk, world):
    async def told(desk):
        users = everybody(world, 25)
        world.directory.people[users[3]].active = False
        world.directory.people[users[4]].slowed = True
        found = await desk.send_all(users)
        failed = {u: f for u, f in zip(users, found, strict=True) if isinstance(f, SendFailed)}
        assert not any(f.outage for f in failed.values()), "the others got it"
        assert {u: (f.code, f.retryable) for u, f in failed.items()} == {
            users[3]: ("invalidStaffId", False),
            users[4]: ("flowControlled", True),
        }
        assert [len(a.body["userIds"]) for a in world.calls("batchSend")] == [20, 5]

    at_desk(told)


def test_t13_a_notice_that_was_dropped_is_found_out(at_desk, world):
    async def told(desk):
        users = everybody(world, 10)
        world.directory.people[users[3]].active = False
        found = await desk.send_all(users, PLAIN)
        assert [u for u, f in zip(users, found, strict=True) if isinstance(f, SendFailed)] == [users[3]]

    at_desk(told)


def test_t22_a_notice_sent_again_reaches_nobody_twice(at_desk, world):
    async def told(desk):
        users = everybody(world, 10)
        await desk.send_all(users, PLAIN)
        again = await desk.again().send_all(users, PLAIN)
        assert all(isinstance(each, str) for each in again)
        assert all(len(desk.screen(u)) == 1 for u in users)

    at_desk(told)


def test_two_notices_of_the_same_words_are_two(at_desk, world):
    async def told(desk):
        users = everybody(world, 3)
        await desk.send_all(users, PLAIN)
        await desk.platform.send_all([desk.delivery(u, PLAIN, "remind:2026Q3:open:2") for u in users])
        assert all(len(desk.screen(u)) == 2 for u in users)

    at_desk(told)


def test_a_form_to_many_is_a_card_each_with_one_token(at_desk, world):
    async def told(desk):
        users = everybody(world, 12)
        asks = Input("spent", "支出", "已支出资金", InputKind.NUMBER)
        card = replace(CARD, inputs=(asks,), submit=Button("check", "填好了"))
        found = await desk.send_all(users, card)
        assert all(isinstance(each, str) for each in found)
        tracks = {desk.screen(u)[0]["card"] for u in users}
        assert len(tracks) == 12
        assert {t.partition(".")[0] for t in tracks} == {TOKEN}

    at_desk(told)


def test_t14_nobody_gets_more_than_twenty_a_minute(at_desk, world):
    async def told(desk):
        found = [await desk.send(key=f"remind:2026Q3:open:{n}", card=PLAIN) for n in range(24)]
        failed = [each for each in found if isinstance(each, SendFailed)]
        assert (len(failed), {e.retryable for e in failed}) == (4, {True})

    at_desk(told, template_id="")


# -- recall, groups, directory ----------------------------------------------------------------------


def test_a_message_is_taken_back(at_desk, world):
    async def told(desk):
        reference = await desk.send(card=PLAIN)
        await desk.platform.recall(reference)
        assert desk.screen() == []

    at_desk(told, template_id="")


def test_a_notice_is_taken_back(at_desk, world):
    async def told(desk):
        (reference, *_) = await desk.send_all(everybody(world, 3), PLAIN)
        await desk.platform.recall(reference)
        assert all(desk.screen(u) == [] for u in everybody(world, 3))

    at_desk(told)


def test_a_card_cannot_be_taken_back_and_it_is_said_so(at_desk, world):
    async def told(desk):
        with pytest.raises(SendFailed) as failed:
            await desk.platform.recall("card:nothing")
        assert told_as(failed.value.code).startswith("撤不回")

    at_desk(told)


def test_a_group_gets_a_text_and_a_file(at_desk, world):
    from sandbox.dingtalk.chats import Group

    world.chats.groups["cidgroup"] = Group("cidgroup", "绩效工作群", ["zhangmin", "liqiang"])

    async def told(desk):
        await desk.platform.to_group("cidgroup", "明天10点前请报完", ("附表1.xlsx", b"PK"))
        assert [m["kind"] for m in desk.screen()] == ["sampleMarkdown", "sampleFile"]
        with pytest.raises(SendFailed):
            await desk.platform.to_group("cidother", "没有这个群")

    at_desk(told)


def test_w12_people_are_called_by_name_in_a_group(at_desk, world):
    from sandbox.dingtalk.chats import Group

    world.chats.groups["cidgroup"] = Group("cidgroup", "绩效工作群", ["zhangmin", "liqiang"])

    async def told(desk):
        await desk.platform.to_group("cidgroup", "明天10点前请报完", at=("zhangmin",))
        (shown,) = desk.screen("liqiang")
        assert "明天10点前请报完" in json.dumps(shown, ensure_ascii=False)
        (asked,) = world.calls(OPENED)
        name = world.directory.people["zhangmin"].name
        assert asked.body["imGroupOpenDeliverModel"]["atUserIds"] == {"zhangmin": name}
        with pytest.raises(SendFailed):
            await desk.platform.to_group("cidother", "没有这个群", at=("zhangmin",))

    at_desk(told)


def test_w12_without_a_template_nobody_can_be_called(at_desk):
    async def told(desk):
        with pytest.raises(SendFailed, match="no template"):
            await desk.platform.to_group("cidgroup", "明天10点前请报完", at=("zhangmin",))

    at_desk(told, template_id="")


def test_a_group_hears_and_its_readers_are_known(at_desk, world):
    async def told(desk):
        from sandbox.dingtalk.chats import Group

        world.chats.groups["cidgroup"] = Group("cidgroup", "绩效工作群", ["zhangmin", "liqiang"])
        robot = desk.platform.robot
        key = await robot.to_group("cidgroup", requests.markdown("通知", "明天截止"))
        assert "明天截止" in json.dumps(desk.screen(), ensure_ascii=False)
        Phone(world, "zhangmin").read()
        assert await robot.group_readers("cidgroup", key) == ("zhangmin",)
        assert await robot.recall([key], "cidgroup") == {key}

    at_desk(told)


def test_the_directory_says_who_is_where_and_leads(at_desk, world):
    async def told(desk):
        world.directory.people["liqiang"].leads = (2,)
        found = {c.user_id: c for c in await desk.platform.directory()}
        assert set(found) == {u for u, p in world.directory.people.items() if p.active}
        assert found["liqiang"].leads == ("江北区",)
        assert found["zhangmin"].departments == ("江北区",)
        assert desk.platform.quota().calls == 0, "the directory costs nothing"

    at_desk(told)


def test_a_directory_that_may_not_be_read_is_none(at_desk, world):
    async def told(desk):
        faults.arm(world, "*", "permission", 5)
        assert await desk.platform.directory() is None

    at_desk(told)


# -- the month --------------------------------------------------------------------------------------


def test_the_month_is_counted_as_dingtalk_counts_it(at_desk, world):
    async def told(desk):
        await desk.send("zhangmin")
        await desk.send_all(everybody(world, 25))
        await desk.send_all(everybody(world, 25), PLAIN)
        faults.arm(world, OPENED, "qps")
        await desk.send("liqiang")
        assert desk.platform.quota().calls == world.quota.calls[world.quota.month()]
        assert desk.again().platform.quota().calls == desk.platform.quota().calls

    at_desk(told)


@pytest.mark.parametrize(
    ("used", "warning"), [(0, 0), (69, 0), (70, 70), (89, 70), (90, 90), (99, 90), (100, 100), (130, 100)]
)
def test_the_month_warns_at_its_marks(at_desk, used, warning):
    async def told(desk):
        desk.platform._shelf.count(f"calls:{desk.world.clock.now():%Y-%m}:x", used)
        assert desk.platform.quota().warning == warning

    at_desk(told, monthly_calls=100)


@pytest.mark.parametrize(
    ("key", "goes"),
    [
        ("remind:2026Q3:open:20261008", False),
        ("remind:2026Q3:due_morning:20261010", True),
        ("remind:2026Q3:due_afternoon:20261010", True),
        ("remind:2026Q3:late:20261012", True),
        ("department:2026Q3:late:20261021", True),
        ("department:2026Q3:due_morning:20261020", True),
        ("department:2026Q3:open:20261008", False),
        ("usage:dingtalk:2026-10:100", True),
        ("reply:dingtalk:msg:1", False),
        ("sorry:dingtalk:msg:1", False),
        ("notice:n1", False),
        ("office:2026Q3:d01", False),
        ("head:2026-10-12", False),
    ],
)
def test_when_the_month_is_used_up_only_the_urgent_goes(at_desk, key, goes):
    assert urgent(key) is goes

    async def told(desk):
        desk.platform._shelf.count(f"calls:{desk.world.clock.now():%Y-%m}:x", 100)
        found = await desk.send(key=key)
        assert isinstance(found, str) is goes
        reminder = key.startswith(("remind:", "department:"))
        assert goes or (found.retryable, found.outage) == (True, not reminder)

    at_desk(told, monthly_calls=100)


def test_answers_cost_calls_beyond_the_month_where_the_operator_wants_it(at_desk):
    async def told(desk):
        desk.platform._shelf.count(f"calls:{desk.world.clock.now():%Y-%m}:x", 100)
        assert isinstance(await desk.send(key="reply:dingtalk:msg:1"), str)
        assert not isinstance(await desk.send("liqiang", key="head:2026-10-12"), str)

    at_desk(told, monthly_calls=100, replies_when_used_up=True)
