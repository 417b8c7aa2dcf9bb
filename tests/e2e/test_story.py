"""The story a newcomer plays: reminder, filing in both styles, table, deviation, overdue, 一键催办."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from player import NUMBERS, Player
from playwright.sync_api import expect

#: UX §4.1: a filing costs at most so many taps, and no page is loaded on the way.
MOST_TAPS = 30
OFFICE = shutil.which("soffice")
BATCH = "到位140 支出（市级）40 支出（区级）80.5 1=3900 2=2600 3同 4=未完成 5=228 6=700 7=92"


def test_the_page_opens_on_the_story(player: Player) -> None:
    player.clock("2026-10-08 09:00 周四·上班")
    expect(player.page.get_by_test_id("hints").get_by_role("listitem")).to_have_count(3)
    expect(player.page.get_by_test_id("person-zhangmin")).to_have_attribute("aria-current", "true")
    player.sees("三季度绩效监控开始填报", "10月10日（周六·调休上班）前报送", "附表1 · 2 个项目")
    expect(player.page.locator(".banner")).to_contain_text("本地演练，不会真的发消息")
    player.page.get_by_test_id("hint-line").click()
    expect(player.page.get_by_test_id("say-text")).to_have_value(re.compile("^支出201.35 到位256 "))


def test_from_the_reminder_to_the_nudge(player: Player, tmp_path: Path) -> None:
    _file_on_one_card(player)
    _read_the_table(player, tmp_path)
    _file_by_one_line(player)
    _see_the_deviation(player)
    _press_who_is_late(player)


def _file_on_one_card(player: Player) -> None:
    player.tap("去填报")
    player.sees("新桥小学校舍安全改造", "预算", "320.00万元")
    player.fill(NUMBERS)
    expect(player.newest.get_by_test_id("counter")).to_have_text("已填 12/12")
    player.tap("填好了")
    player.sees("还差", "执行率 62.92%，时间进度 75%", "采购课桌椅完成 930/2160 套（43.1%）")
    player.fill({"plan": "11月底前到货安装"})
    player.tap("招标晚")
    expect(player.newest.get_by_test_id("input-reason")).to_have_value("招标晚")
    expect(player.newest.get_by_test_id("input-plan")).to_have_value("11月底前到货安装")
    player.tap("补好了")
    player.sees("请核对 新桥小学校舍安全改造")
    player.tap("确认提交")
    player.sees("✓ 已报送 三季度 附表1", "10月8日 09:00", "版本 1", "区教育局 预算科 李强")
    assert player.taps <= MOST_TAPS
    assert player.loads == 0


def _read_the_table(player: Player, folder: Path) -> None:
    player.tap("看表格")
    player.sees("附表1 新桥小学校舍安全改造", "版本 1")
    picture = player.newest.get_by_role("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1080
    book = player.download(player.newest.get_by_role("link", name="xlsx"), folder)
    assert book.name == "附表1_新桥小学校舍安全改造_2026年三季度.xlsx"
    cells = {str(cell.value) for row in openpyxl.load_workbook(book).active.iter_rows() for cell in row}
    told = " ".join(cells)
    for text in ("项目预算绩效运行监控表", "新桥小学校舍安全改造", "采购课桌椅", "930套", "可能性小"):
        assert text in told
    assert {"256", "201.35", "11月底前到货安装"} <= cells
    _prints(book)


def _prints(book: Path) -> None:
    if not OFFICE:
        return
    profile = f"-env:UserInstallation={(book.parent / 'office').as_uri()}"
    convert = [OFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(book.parent), str(book)]
    subprocess.run(convert, check=True, capture_output=True, timeout=120)
    assert book.with_suffix(".pdf").read_bytes().startswith(b"%PDF")


def _file_by_one_line(player: Player) -> None:
    player.page.get_by_test_id("skin-wecom").click()
    player.taps = 0
    player.tap("填下一个")
    player.sees("新桥小学操场翻新", "照着回一条就行")
    assert player.newest.get_by_role("textbox").count() == 0
    player.say(BATCH)
    player.sees("还差", "完工时间应在8月31日（周一）前完成")
    player.tap("天气影响")
    player.sees("怎么补上？")
    player.say("改进：10月底前完工，加派一个班组")
    player.sees("请核对 新桥小学操场翻新")
    player.tap("确认提交")
    player.sees("✓ 已报送 三季度 附表1", "新桥小学操场翻新", "版本 1")
    assert player.taps <= MOST_TAPS
    player.page.get_by_test_id("skin-dingtalk").click()


def _see_the_deviation(player: Player) -> None:
    player.become("liqiang")
    alert = player.page.get_by_test_id("message").filter(has_text="新桥小学校舍安全改造 有")
    expect(alert).to_contain_text("采购课桌椅完成 930/2160 套（43.1%），时间已过 75%，明显偏慢。")
    expect(alert).to_contain_text("原因：招标晚")
    assert alert.get_by_role("img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 1080
    alert.get_by_role("button", name="数字来源").click()
    player.sees("数字来源 新桥小学校舍安全改造", "“930”")
    expect(alert.get_by_role("button", name="看表格")).to_be_visible()


def _press_who_is_late(player: Player) -> None:
    player.press("plus-3", "next-moment")
    player.clock("2026-10-12 09:00 周一·上班")
    player.become("wangju")
    player.sees("区教育局 4 个单位逾期", "实验幼儿园", "周蕾 · 2 个项目 · 逾期 2 天")
    player.tap("一键催办")
    player.sees("✓ 已催办 10月12日 09:00", "周蕾")
    player.become("zhoulei")
    player.sees("王志远催您：还差 2 张附表1")


def test_another_phone_changes_while_it_is_looked_at(player: Player, open_page) -> None:  # type: ignore[no-untyped-def]
    office = Player(open_page(look="/?user=liqiang"))
    expect(office.page.get_by_test_id("chat")).to_contain_text("还没有消息")
    player.file_first_project()
    office.sees("新桥小学校舍安全改造 有", "处偏离")
    expect(office.page.get_by_test_id("person-zhoulei").get_by_label("1 条未读")).to_be_visible()


@pytest.mark.parametrize(
    ("day", "shown"), [("2026-10-20", "2026-10-20 09:00 周二"), ("2027-01-04", "2027-01-04")]
)
def test_a_date_can_be_set(player: Player, day: str, shown: str) -> None:
    player.page.get_by_test_id("clock-date").fill(day)
    player.press("clock-set")
    player.clock(shown)
    player.sees("新桥小学校舍安全改造")
