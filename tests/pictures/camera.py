"""Somebody with a camera at a page of ours: opens it, looks at one person's phone, types, takes the picture."""

from __future__ import annotations

import base64
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Locator, Page, async_playwright

from rehearsal.demo import FONTS
from tests.pictures.palette import small
from tests.pictures.shots import Shot

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--lang=zh-CN",
]
#: a phone, a window on a desk, the simulator's; how many dots one of the page's points has.
PHONE, WINDOW, DESK, SCALE = (400, 820), (1040, 560), (1280, 800), 1.25
#: where the n-th newest card stands; words without a frame where there is no card.
NEWEST = """n => {
  const items = [...document.querySelectorAll('#phone > .item')], cards = items.some(e => e.matches('.card'));
  return items.findLastIndex(e => e.matches(cards ? '.card' : ':not(.mine)') && !--n);
}"""
#: only the conversation: neither the controls around it nor whether the person looked at it.
PHONE_ONLY = "header, footer, .unread { display: none !important } main { flex: none !important }"


def _fonts() -> str:
    """The letters the project carries: the same picture on every machine."""
    faces = []
    for weight, name in ((400, "Regular"), (700, "Bold")):
        data = base64.b64encode((FONTS / f"NotoSansSC-{name}.woff2").read_bytes()).decode()
        source = f"url(data:font/woff2;base64,{data})"
        faces.append(f"@font-face {{ font-family: carried; font-weight: {weight}; src: {source} }}")
    return " ".join([*faces, "body { font-family: carried, sans-serif !important }"])


@asynccontextmanager
async def opened(address: str, *, letters: bool = True) -> AsyncIterator[Page]:
    """A browser at that address; ``letters``: the page has none of its own."""
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            context = await browser.new_context(device_scale_factor=SCALE, locale="zh-CN")
            page = await context.new_page()
            await page.goto(address)
            if letters:
                await page.add_style_tag(content=_fonts())
            yield page
        finally:
            await browser.close()


async def of_phone(page: Page, shot: Shot, user: str) -> None:
    """The newest cards of a phone at a sandbox's page, with what came after them."""
    await _size(page, WINDOW if shot.page else PHONE)
    await page.locator("#user option").first.wait_for(state="attached")
    await page.evaluate("user => { $('user').value = user; last = ''; return refresh() }", user)
    await _type(page.locator("#phone > .item").last.locator("label > :is(input, textarea)"), shot)
    if shot.page:
        await keep(page, shot.path)
        return
    hidden = await page.evaluate(NEWEST, shot.cards)
    style = f"{PHONE_ONLY} #phone > .item:nth-child(-n+{hidden}) {{ display: none }}"
    await keep(page.locator("#phone"), shot.path, style)


async def of_simulator(page: Page, shot: Shot, user: str, address: str) -> None:
    """The simulator's page with that person's phone in the middle, or as the phone itself shows it."""
    await _size(page, DESK if shot.page else PHONE)
    await page.goto(f"{address}/?user={user}")
    newest = page.get_by_test_id("message").last
    await newest.scroll_into_view_if_needed()
    await _type(newest.locator(".entry :is(input, textarea)"), shot)
    await newest.evaluate("e => e.scrollIntoView({ block: 'start' })")
    await page.evaluate("scrollTo(0, 0)")
    await keep(page, shot.path)


async def _size(page: Page, size: tuple[int, int]) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})


async def _type(entries: Locator, shot: Shot) -> None:
    for number, text in enumerate(shot.typed):
        await entries.nth(number).fill(text)
    await entries.page.evaluate("document.activeElement.blur()")


async def keep(what: Page | Locator, path: Path, style: str = "") -> None:
    """The picture, small."""
    path.write_bytes(small(await what.screenshot(style=style)))
    print(path.name, path.stat().st_size, flush=True)
