"""What goes wrong at a press of a button, and going back, saving and replaying."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from player import LINE, Player
from playwright.sync_api import expect

from rehearsal.chat import play
from rehearsal.stage import Stage

OPENING = "三季度绩效监控开始填报"


def test_d01_a_repeated_delivery_has_one_effect(player: Player) -> None:
    player.tap("去填报")
    player.sees("已到位资金")
    player.say(LINE)
    player.sees("请核对")
    player.press("fault-duplicate")
    expect(player.page.get_by_test_id("faults")).to_contain_text("重复投递")
    player.tap("确认提交")
    player.sees("✓ 已报送", "版本 1")
    expect(player.page.get_by_test_id("faults")).to_have_count(0)
    expect(player.page.get_by_test_id("message").filter(has_text="✓ 已报送")).to_have_count(1)
    expect(player.page.get_by_test_id("message").filter(has_text="点了“确认提交”")).to_have_count(1)
    tables = player.page.get_by_test_id("table-3")
    tables.locator("summary").click()
    filed = tables.get_by_role("row").filter(has_text="新桥小学校舍安全改造").filter(has_text="filed")
    expect(filed).to_have_count(1)
    expect(filed.get_by_role("cell", name="1", exact=True)).to_be_visible()


@pytest.mark.parametrize(("fault", "shown"), [("offline", "断网"), ("rate_limit", "限流")])
def test_d07_what_cannot_be_sent_now_comes_later(player: Player, fault: str, shown: str) -> None:
    player.press(f"fault-{fault}")
    expect(player.page.get_by_test_id("faults")).to_contain_text(shown)
    player.say("进度")
    expect(player.page.get_by_test_id("upcoming")).to_contain_text("补发 1 条")
    player.sees("进度")
    expect(player.cards).to_have_count(1)
    player.page.get_by_test_id("clock-date").fill("2026-10-09")
    player.press("clock-set")
    expect(player.page.get_by_test_id("faults")).to_have_count(0)
    late = player.page.get_by_test_id("message").filter(has_text="我的三季度：还差 2 个没报")
    expect(late).to_have_count(1)


def test_d08_a_message_said_to_be_sent_but_never_seen(player: Player) -> None:
    player.press("fault-silent")
    player.say("进度")
    player.sees("进度")
    expect(player.page.get_by_test_id("faults")).to_have_count(0)
    player.say("进度")
    player.sees("我的三季度：还差 2 个没报")
    expect(player.page.get_by_test_id("message").filter(has_text="还差 2 个没报")).to_have_count(1)


def test_d03_the_later_message_first(player: Player) -> None:
    player.press("fault-reorder")
    player.say("填报")
    player.say("进度")
    player.sees("新桥小学校舍安全改造", "已到位资金")
    told = player.page.get_by_test_id("chat").inner_text()
    assert told.index("还差 2 个没报") < told.index("已到位资金")


def test_a_tap_on_an_old_card_says_so_and_changes_nothing(player: Player) -> None:
    player.file_first_project()
    player.press("fault-expired_card")
    expect(player.page.get_by_test_id("toast")).to_contain_text("点了最早那张卡上的“去填报”")
    player.sees("新桥小学操场翻新", "已到位资金")
    player.tap("看表格")
    player.sees("附表1 新桥小学校舍安全改造", "版本 1")


def test_s01_somebody_elses_tap_is_kindly_refused(player: Player) -> None:
    player.page.get_by_test_id("acting-user").select_option("zhoulei")
    player.page.get_by_test_id("fault-wrong_person").click()
    expect(player.page.get_by_test_id("acting")).to_contain_text("下一次点击以 周蕾 的身份发出")
    player.tap("去填报")
    expect(player.page.get_by_test_id("acting")).to_have_count(0)
    player.sees(OPENING)
    expect(player.newest).not_to_contain_text("已点过")
    player.become("zhoulei")
    player.sees("这张卡是发给张敏的，别人不能代点。没有改动任何内容。")
    player.become("zhangmin")
    player.tap("去填报")
    player.sees("新桥小学校舍安全改造", "已到位资金")


def test_starting_again_from_a_message(player: Player) -> None:
    player.file_first_project()
    first = player.page.get_by_test_id("message").filter(has_text=OPENING).first
    first.get_by_role("button", name="从这里重来").click()
    expect(player.page.get_by_test_id("toast")).to_contain_text("回到了 2026-10-08 09:00")
    player.sees(OPENING)
    expect(player.page.get_by_test_id("message")).to_have_count(1)
    player.become("liqiang")
    expect(player.page.get_by_test_id("chat")).to_contain_text("还没有消息")
    player.become("zhangmin")
    player.file_first_project()


def test_a_save_is_kept_across_a_jump_of_the_clock(player: Player) -> None:
    player.press("save", "plus-3")
    player.clock("2026-10-11")
    player.page.get_by_test_id("saves").get_by_role("button", name="从这里重来").click()
    player.clock("2026-10-08 09:00")
    player.sees(OPENING)


def test_clearing_asks_first_and_starts_over(player: Player) -> None:
    player.file_first_project()
    asked: list[str] = []
    player.page.once("dialog", lambda box: (asked.append(box.message), box.dismiss()))
    player.page.get_by_test_id("reset").click()
    player.sees("✓ 已报送")
    player.page.once("dialog", lambda box: box.accept())
    player.press("reset")
    player.sees(OPENING)
    player.clock("2026-10-08 09:00")
    expect(player.page.get_by_test_id("message")).to_have_count(1)
    assert asked == ["清空后从头开始，存档也一起清掉。"]


def test_the_conversation_saved_as_a_test_plays(player: Player, story_folder: Path, tmp_path: Path) -> None:
    player.tap("去填报")
    player.sees("已到位资金")
    player.fill({"spent": "201.35", "actual.1": "36", "actual.3": "同"})
    player.tap("填好了")
    player.sees("还差 9 项没填")
    player.say(LINE)
    player.sees("请核对")
    player.fill({"situation": "教室改造过半；课桌椅在招标，11月底前到货；其余照计划。"})
    player.tap("确认提交")
    player.sees("✓ 已报送")
    player.say("进度")
    player.sees("还差 1 个没报")
    player.press("fault-expired_card")
    player.sees("新桥小学操场翻新", "已到位资金")
    saved = player.download(player.page.get_by_test_id("chat-text"), tmp_path)
    assert re.fullmatch(r"rehearsal-20261008-\d{4}\.chat", saved.name)
    played = _played(saved, lambda: Stage(shutil.copytree(story_folder, tmp_path / "replayed")))
    said = [line for line in played.splitlines() if line.startswith(">")]
    assert said == [line for line in saved.read_text().splitlines() if line.startswith(">")]
    assert "< 【✓ 已报送 三季度 附表1】　新桥小学校舍安全改造" in played
    assert said[-1] == "> [去填报] 第1张"
    saved.write_text(played)
    again = _played(saved, lambda: Stage(shutil.copytree(story_folder, tmp_path / "again")))
    assert again == played


def _played(path: Path, open_stage: Callable[[], Stage]) -> str:
    """Played apart from the browser's event loop."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(lambda: asyncio.run(play(path, open_stage))).result()
