"""A person at the simulator page: looks, taps, types, and counts what it costs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

expect.set_options(timeout=30_000)
LINE = "支出201.35 到位256 1=36 2=930 3同 4同 5同 6同 7=6.4 8=1260 9=96 10=2 原因：招标晚 改进：11月底前到货"
#: the answers of 新桥小学校舍安全改造 by input; 同 is the button beside it.
NUMBERS = {
    "arrived": "256",
    "spent": "201.35",
    "actual.1": "36",
    "actual.2": "930",
    "actual.3": "同",
    "actual.4": "同",
    "actual.5": "同",
    "actual.6": "同",
    "actual.7": "6.4",
    "actual.8": "1260",
    "actual.9": "96",
    "actual.10": "2",
}


class Player:
    """Everything is found the way a person finds it; ``taps`` counts taps and clicks, ``loads`` page loads."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0
        self.loads = 0
        page.on("load", lambda _page: self._loaded())

    def _loaded(self) -> None:
        self.loads += 1

    @property
    def newest(self) -> Locator:
        """The last entry of the chat."""
        return self.page.get_by_test_id("message").last

    @property
    def cards(self) -> Locator:
        """The cards of the chat that are not folded away."""
        return self.page.get_by_test_id("card").locator("visible=true")

    def sees(self, *texts: str) -> None:
        """The newest entry says all of it."""
        for text in texts:
            expect(self.newest).to_contain_text(text)

    def tap(self, label: str) -> None:
        """The newest button of the chat that begins with this."""
        self.taps += 1
        chat = self.page.get_by_test_id("chat")
        chat.get_by_role("button", name=re.compile("^" + re.escape(label))).last.click()

    def say(self, text: str) -> None:
        """Write a line: a tap into it, a tap on 发送."""
        self.taps += 2
        self.page.get_by_test_id("say-text").fill(text)
        self.page.get_by_test_id("say-send").click()
        expect(self.page.get_by_test_id("say-text")).to_have_value("")

    def fill(self, answers: Mapping[str, str]) -> None:
        """Type into the inputs of the newest card; 同 is tapped."""
        for key, text in answers.items():
            self.taps += 1
            entry = self.newest.get_by_test_id(f"input-{key}")
            if text == "同":
                entry.locator("xpath=..").get_by_role("button", name="同上季").click()
            else:
                entry.fill(text)

    def become(self, user: str) -> None:
        """Take another person's phone."""
        self.page.get_by_test_id(f"person-{user}").click()
        expect(self.page.get_by_test_id(f"person-{user}")).to_have_attribute("aria-current", "true")

    def press(self, *controls: str) -> None:
        """The controls beside the phone, by test id; each is finished before the next."""
        for control in controls:
            with self.page.expect_response(lambda answer: "/api/" in answer.url):
                self.page.get_by_test_id(control).click()

    def clock(self, shown: str) -> None:
        """The clock shows this."""
        expect(self.page.get_by_test_id("clock")).to_contain_text(shown)

    def download(self, target: Locator, folder: Path) -> Path:
        """Click and keep what comes."""
        with self.page.expect_download() as coming:
            target.click()
        path = folder / coming.value.suggested_filename
        coming.value.save_as(path)
        return path

    def file_first_project(self) -> None:
        """新桥小学校舍安全改造 from the reminder to the receipt in as few words as possible."""
        self.tap("去填报")
        self.sees("新桥小学校舍安全改造", "已到位资金")
        self.say(LINE)
        self.sees("请核对 新桥小学校舍安全改造")
        self.tap("确认提交")
        self.sees("✓ 已报送", "版本 1")
