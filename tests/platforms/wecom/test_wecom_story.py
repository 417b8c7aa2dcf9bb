"""A whole 附表1 filed in the chat of 企业微信: by the application, by the bot, begun in one, finished in the other."""

from __future__ import annotations

import pytest

from platforms.wecom.configuration import Configuration
from sandbox.wecom.faults import Fault
from tests.platforms.wecom.wecom_district import (
    BOT,
    LINE,
    application,
    later,
    play,
    robot,
    until,
    words,
)


def app_only(box):
    return Configuration(application(box))


def passive(box):
    return Configuration(application(box, passive=True))


def bot_only(box):
    return Configuration(robot=robot(box))


def push_and_bot(box):
    """No public address: the application only pushes."""
    return Configuration(application(box, keys=()), robot(box))


def both(box):
    return Configuration(application(box), robot(box))


async def restart(d, restarts):
    if restarts:
        await d.restart()


@pytest.mark.parametrize("restarts", [False, True], ids=["", "restarts between the lines"])
@pytest.mark.parametrize("make", [app_only, passive, both])
def test_a_form_is_filed_with_the_application(path, make, restarts):
    async def told(d):
        await d.say("填报")
        await restart(d, restarts)
        assert "照着回一条就行" in words(d.phone())
        await d.say(LINE)
        await restart(d, restarts)
        assert "✕ 采购课桌椅完成 930/2160 套" in words(d.phone())
        await d.tap("招标晚")
        await restart(d, restarts)
        later(d, minutes=1)
        await d.say("改进：11月底前到货安装")
        await restart(d, restarts)
        await d.tap("确认提交")
        await restart(d, restarts)
        assert d.filed() == 1
        assert "✓ 已报送 三季度 附表1" in words(d.phone())
        assert d.box.world.complaints == []
        assert [row.key for row in d.waiting() if row.recipient == "zhangmin"] == []

    play(path, told, make)


def test_a_likelihood_is_chosen_on_its_own_card_and_never_by_itself(path):
    async def told(d):
        await d.say("填报")
        await d.say(LINE)
        vote = d.card(kind="vote_interaction")
        assert [o["is_checked"] for o in vote.body["checkbox"]["option_list"]] == [False] * 4
        key = vote.body["submit_button"]["key"]
        await d.box.hands.tap(vote.seq, key, {"likely.2": ["impossible"]})
        await d.settle()
        assert "930套　43.1%　不可能" in words(d.phone())
        assert d.box.world.complaints == []

    play(path, told)


def bot_phone(d, user="zhangmin"):
    return [item for item in d.box.world.phones.chat(user, f"bot:{BOT}") if not item.mine]


def bot_card(d, user="zhangmin"):
    cards = [i for i in bot_phone(d, user) if i.kind == "template_card" and not i.dead]
    return [i for i in cards if i.body["card_type"] == "button_interaction"][-1]


async def bot_quiet(d, doing):
    """Somebody does something, and it has been decided and answered."""
    gateway = d.platform.robot.gateway
    before = gateway.handled
    assert await doing
    await until(lambda: gateway.handled > before)
    await d.settle()


async def bot_says(d, text, user="zhangmin"):
    await bot_quiet(d, d.box.bot_hands.say(user, text))


async def bot_taps(d, label, user="zhangmin"):
    card = bot_card(d, user)
    key = next(b["key"] for b in card.body["button_list"] if b["text"] == label)
    await bot_quiet(d, d.box.bot_hands.tap(card.seq, key))


@pytest.mark.parametrize("restarts", [False, True], ids=["", "restarts between the lines"])
@pytest.mark.parametrize("make", [bot_only, push_and_bot])
def test_a_form_is_filed_with_the_bot(path, make, restarts):
    async def told(d):
        await bot_says(d, "填报")
        await restart(d, restarts)
        assert "照着回一条就行" in words(bot_phone(d))
        await bot_says(d, LINE)
        await restart(d, restarts)
        await bot_taps(d, "招标晚")
        await restart(d, restarts)
        later(d, minutes=1)
        await bot_says(d, "改进：11月底前到货安装")
        await restart(d, restarts)
        await bot_taps(d, "确认提交")
        assert d.filed() == 1
        assert "✓ 已报送 三季度 附表1" in words(bot_phone(d))
        assert d.box.world.complaints == []

    play(path, told, make)


def test_what_was_begun_with_the_application_is_finished_with_the_bot(path):
    async def told(d):
        await d.say("填报")
        await d.say(LINE)
        await bot_says(d, "原因：招标晚")
        later(d, minutes=1)
        await bot_says(d, "改进：11月底前到货安装")
        assert "请核对" in words(bot_phone(d))
        await bot_taps(d, "确认提交")
        assert d.filed() == 1

    play(path, told, both)


def test_first_contact_the_card_of_the_application_names_the_bot(path):
    """Without a public address the reminder is a notice; who has talked with the bot gets it from there."""

    async def told(d):
        d.box.world.clock.set(d.now().replace(day=8, hour=9, minute=7))
        await d.tick()
        seen = words(d.phone())
        assert "打开“绩监通”机器人，发“填报”" in seen
        assert "button_list" not in seen
        await bot_says(d, "进度")
        later(d, days=1)
        d.box.world.clock.set(d.now().replace(hour=9, minute=12))
        before = len(bot_phone(d))
        await d.tick()
        assert any("button_list" in i.body for i in bot_phone(d)[before:])

    play(path, told, push_and_bot)


def test_an_answer_goes_the_way_the_question_came(path):
    async def told(d):
        await bot_says(d, "进度")
        assert bot_phone(d)
        assert [i for i in d.phone() if i.chat.startswith("app")] == []
        await d.say("进度")
        assert [i for i in d.phone() if i.chat.startswith("app")]

    play(path, told, both)


def test_an_encrypted_user_id_is_converted_and_written_to_as_the_bot_knows_it(path):
    async def told(d):
        d.box.world.corp.bots[BOT].by_super_admin = False
        await bot_says(d, "填报")
        assert "新桥小学校舍安全改造" in words(bot_phone(d))

    play(path, told, push_and_bot)


def test_whoever_opens_the_bot_is_welcomed_once(path):
    async def told(d):
        await bot_quiet(d, d.box.bot_hands.enter("zhangmin"))
        assert "张敏，您好" in words(bot_phone(d))
        later(d, days=1)
        await bot_quiet(d, d.box.bot_hands.enter("zhangmin"))
        assert words(bot_phone(d)).count("张敏，您好") == 1
        assert d.waiting() == []

    play(path, told, bot_only)


def test_reminders_go_out_beside_the_full_hour(path):
    async def told(d):
        d.box.world.clock.set(d.now().replace(day=8, hour=9, minute=0))
        await d.tick()
        assert d.phone() == []
        assert d.waiting()
        for minute in range(1, 8):
            d.box.world.clock.set(d.now().replace(minute=minute))
            await d.tick()
        assert "去填报" in words(d.phone())
        assert [row for row in d.waiting() if row.recipient == "zhangmin"] == []

    play(path, told)


def test_t20_after_six_hours_without_the_platform_everybody_hears_once(path):
    async def told(d):
        d.box.world.clock.set(d.now().replace(hour=9, minute=7))
        d.box.world.faults.arm(Fault("", "cut", times=-1))
        for _ in range(36):
            await d.tick()
            later(d, minutes=10)
        assert d.phone() == []
        assert d.waiting()
        assert all(row.state != "parked" for row in d.waiting() if row.recipient == "zhangmin")
        d.box.world.faults.clear()
        d.box.world.clock.set(d.now().replace(minute=7))
        for _ in range(3):
            await d.tick()
            later(d, minutes=2)
        said = words(d.phone())
        assert said.count("去填报") == 1
        assert [row for row in d.waiting() if row.recipient == "zhangmin"] == []

    play(path, told)


def test_a_picture_and_a_workbook_are_sent_as_their_own_messages(path):
    async def told(d):
        await d.say("填报")
        await d.say(LINE)
        await d.tap("招标晚")
        later(d, minutes=1)
        await d.say("改进：11月底前到货安装")
        await d.tap("确认提交")
        later(d, minutes=1)
        await d.tap("看表格")
        kinds = {item.kind for item in d.phone()}
        assert {"image", "file"} <= kinds
        names = [m.name for m in d.box.world.media.values()]
        assert any(name.endswith(".xlsx") for name in names)
        before = len(names)
        later(d, minutes=1)
        await d.say("出表")
        assert len(d.box.world.media) <= before + 1

    play(path, told)


def test_k08_no_secret_is_ever_written_or_shown(path, capfd):
    """The scanner: everything the process logged, and everything it stored outside the shelf of tokens."""
    import logging

    from bot.logs import configure
    from tests.platforms.wecom.wecom_district import BOT_SECRET, KEYS, SECRET

    configure(logging.DEBUG)

    async def told(d):
        await d.say("填报")
        for kind in ("html", "cut", "status"):
            d.box.world.faults.arm(Fault("message/send", kind))
            await d.say("进度")
        d.box.world.faults.arm(Fault("gettoken", "cut", times=3))
        await bot_says(d, "填报")
        d.box.gateway.cut(BOT)
        await until(lambda: d.platform.robot.gateway.opened > 1)
        print(repr(d.own), repr(d.platform), repr(d.platform.callback), repr(d.platform.robot))

    play(path, told, both)
    out = capfd.readouterr()
    written = out.out + out.err + path.read_bytes().decode(errors="ignore")
    for secret in (SECRET, BOT_SECRET, KEYS.token, KEYS.aes_key):
        assert secret not in written
    assert "access_token=" not in written
    assert "corpsecret" not in written
