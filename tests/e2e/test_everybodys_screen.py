"""Small screens, 大字, 深色, both styles, and a browser without script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from player import NUMBERS, Player
from playwright.sync_api import Page, expect

OpenPage = Callable[..., Page]
LOOKS = [
    (390, "/?skin=dingtalk"),
    (390, "/?skin=wecom"),
    (390, "/?skin=dingtalk&big=1&dark=1"),
    (390, "/?skin=wecom&big=1"),
    (320, "/?skin=dingtalk&big=1"),
    (1280, "/?skin=dingtalk&big=1"),
]
#: what sticks out of the window, of the phone or over its own edge.
STICKS_OUT = """() => {
  const phone = document.querySelector('.phone').getBoundingClientRect();
  const out = [...document.querySelectorAll('#chat *')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && getComputedStyle(e).position !== 'absolute' &&
      (box.right > phone.right + 1 || box.left < phone.left - 1);
  }).map(e => e.outerHTML.slice(0, 80));
  return document.documentElement.scrollWidth > innerWidth ? ['page', ...out] : out;
}"""
#: 适老: every button and input of the cards is at least so high.
TOO_SMALL = """least => [...document.querySelectorAll('.card button, .card input[type=text], .say *')]
  .filter(e => e.getClientRects().length && !e.classList.contains('out'))
  .filter(e => e.getBoundingClientRect().height < least)
  .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])"""


@pytest.mark.parametrize(("width", "look"), LOOKS)
def test_a_filing_fits_the_screen(open_page: OpenPage, width: int, look: str) -> None:
    player = Player(open_page(width, 844, look=look))
    least = 60 if "big=1" in look else 44
    player.tap("去填报")
    player.sees("新桥小学校舍安全改造")
    _fits(player.page, least)
    player.say("支出201.35 到位256 1=36 2=930 3同 4同 5同 6同 7=6.4 8=1260 9=96 10=2")
    player.sees("还差")
    _fits(player.page, least)
    player.tap("招标晚")
    player.sees("怎么补上")
    player.say("改进：11月底前到货安装")
    player.sees("请核对")
    player.tap("确认提交")
    player.sees("✓ 已报送")
    player.tap("看表格")
    player.sees("附表1 新桥小学校舍安全改造")
    _fits(player.page, least)


def _fits(page: Page, least: int) -> None:
    assert page.evaluate(STICKS_OUT) == []
    assert page.evaluate(TOO_SMALL, least) == []


def test_on_a_phone_the_whole_form_is_filled_with_the_number_keys(open_page: OpenPage) -> None:
    player = Player(open_page(390, 844))
    player.tap("去填报")
    player.sees("已到位资金")
    entries = player.newest.get_by_role("textbox")
    assert {e.get_attribute("inputmode") for e in entries.all()} == {"decimal"}
    player.fill(NUMBERS | {"actual.2": "９３０"})
    entries.first.focus()
    expect(player.newest.get_by_test_id("input-actual.2")).to_have_value("930")
    player.tap("填好了")
    player.sees("930套")


def test_on_a_phone_the_clock_is_one_tap_away(open_page: OpenPage) -> None:
    page = open_page(390, 844)
    expect(page.get_by_test_id("next-moment")).not_to_be_in_viewport()
    page.get_by_role("link", name="时钟和故障").click()
    expect(page.get_by_test_id("next-moment")).to_be_in_viewport()


def test_big_and_dark_are_switched_by_a_tap(player: Player) -> None:
    lead = player.page.locator(".card .lead").first
    expect(lead).to_have_css("font-size", "15px")
    player.page.get_by_test_id("big").click()
    expect(player.page.locator("html.big")).to_have_count(1)
    expect(lead).to_have_css("font-size", "18.75px")  # a quarter larger
    player.page.get_by_test_id("dark").click()
    expect(player.page.locator("html.big.dark")).to_have_count(1)
    player.sees("三季度绩效监控开始填报")


def test_without_script_a_line_is_said(open_page: OpenPage) -> None:
    page = open_page(390, 844, script=False)
    page.get_by_test_id("say-text").fill("进度")
    page.get_by_test_id("say-send").click()
    expect(page.get_by_test_id("message").last).to_contain_text("我的三季度：还差 2 个没报")


def test_without_script_a_form_is_filed(open_page: OpenPage) -> None:
    page = open_page(390, 844, script=False)
    newest = page.get_by_test_id("message").last
    page.get_by_role("button", name="去填报").click()
    expect(page.get_by_role("button", name="同上季")).to_have_count(0)
    typed = {"actual.3": "100", "actual.4": "99", "actual.5": "95", "actual.6": "100"}
    for key, value in (NUMBERS | typed).items():
        newest.get_by_test_id(f"input-{key}").fill(value)
    page.get_by_role("button", name="填好了").click()
    expect(newest).to_contain_text("还差 2 项 新桥小学校舍安全改造")
    newest.get_by_test_id("input-reason").fill("招标晚")
    newest.get_by_test_id("input-plan").fill("11月底前到货安装")
    page.get_by_role("button", name="补好了").click()
    page.get_by_role("button", name="确认提交").click()
    expect(newest).to_contain_text("版本 1")
    page.get_by_test_id("plus-3").click()
    expect(page.get_by_test_id("clock")).to_contain_text("2026-10-11 09:00 周日·休息")


def test_a_workbook_goes_out_and_comes_back(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(390, 844, look="/?skin=dingtalk")
    player = Player(page)
    player.say("用表格填 操场")
    player.sees("填好发回来就行")
    book = player.download(player.newest.get_by_role("link", name="xlsx"), tmp_path)
    _write(book, {"arrived": "180", "actual.1": 4200})
    page.get_by_text("发图片、语音、文件").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id("upload-file").click()
    chooser.value.set_files(book)
    player.sees("还差 8 项 新桥小学操场翻新", "180.00万元", "4200平方米")


def _write(book: Path, answers: dict[str, str | int]) -> None:
    opened = openpyxl.load_workbook(book)
    for row in opened.active.iter_rows():
        if row[6].value in answers:
            row[4].value = answers[row[6].value]
    opened.save(book)
