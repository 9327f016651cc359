"""Row 25: every page on localhost with the network cut: when it is there, how much and how often it asks.

Cold is a browser that was never here, warm one that was; over the wire, so compressed as a browser gets it.
A page is there when what one comes for is seen and can be clicked or written into: its list or its figures,
its first button, its box; no heading, frame or bar alone. Counted is from asking for the address, in a window
that has come to rest: Chromium makes a page of its own, of 290 files, for each new window's address line.
Insights are Streamlit's, whose own script alone weighs half of the bound: it is the only page near it.
"""

import asyncio
import shutil
from typing import NamedTuple

from playwright.sync_api import Browser, StorageState, sync_playwright

from bench.ground import Ground
from bench.pages import CHROMIUM, FLAGS, Visit, logged_in, shown
from bench.site import program
from bench.table import Row

SECONDS, KILOBYTES = 1.0, 800
"""The most of a page, cold."""
CUT = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""No name is found, so nobody outside can be asked."""


class Page(NamedTuple):
    path: str
    sign: str
    """CSS of what is visible when one sees what one came for, and can use it."""


PAGES = (
    Page("", "[data-testid=new]"),
    Page("build?agent=shop", "[data-testid=block-say]"),
    Page("play?agent=shop", "#ask textarea"),
    Page("publish?agent=shop", "[data-testid=channel-api]"),
    Page("tests?agent=shop", "[data-testid=new-case]"),
    Page("prompts", "[data-testid=new-prompt]"),
    Page("bases", "[data-testid=new-base]"),
    Page("models", "[data-testid=add-model]"),
    Page("manual/blocks", "main h1"),
    Page("insights/", "[data-testid=figure-messages]"),
    Page("insights/conversations", ".in-rows tbody tr"),
    Page("insights/todo", "[data-testid=stTabs] [data-testid^=stBaseButton]"),
    Page("login", "input[type=password]"),
)


async def first_pages(ground: Ground) -> list[Row]:
    """A row of `python -m bench` for each page."""
    if not shutil.which(CHROMIUM):
        return [Row("25", "every page, network cut", "", "no Chromium here", "<= 1 s, 800 kB", None)]
    return await asyncio.to_thread(_measured, int(ground.of(1, 3)))


def _measured(runs: int) -> list[Row]:
    with program(200) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, CUT])
        login = logged_in(browser, site)
        _once(browser, site, login)
        rows = []
        for page in PAGES:
            state = None if page.path == "login" else login
            visits = [_both(browser, site, state, page) for _ in range(runs)]
            rows.append(_row(page, visits, site))
        browser.close()
        return rows


def _once(browser: Browser, site: str, login: StorageState) -> None:
    """What the program does only once for a page; in one window, so that what pages share comes once."""
    context = browser.new_context(base_url=site, locale="zh-CN", storage_state=login)
    for page in PAGES:
        if page.path.startswith("insights"):  # its script runs only for whoever looks
            shown(context, page.path, page.sign)
        else:
            context.request.get(f"/{page.path}")
    context.close()


def _both(browser: Browser, site: str, state: StorageState | None, page: Page) -> tuple[Visit, Visit]:
    """With nothing kept, and once more."""
    context = browser.new_context(base_url=site, locale="zh-CN", storage_state=state)
    both = shown(context, page.path, page.sign), shown(context, page.path, page.sign)
    context.close()
    return both


def _row(page: Page, visits: list[tuple[Visit, Visit]], site: str) -> Row:
    cold, warm = (min(each, key=lambda one: one.seconds) for each in zip(*visits, strict=True))
    outside = sorted({one["url"] for one in cold.asked if not one["url"].startswith((site, "blob:"))})
    said = f"{cold.seconds:.2f} s, {cold.kilobytes:.0f} kB in {len(cold.asked)}; "
    said += f"again {warm.seconds:.2f} s, {warm.kilobytes:.0f} kB; work {cold.work:.2f} s, {warm.work:.2f} s"
    if outside:
        said += f"; asked outside: {', '.join(outside)}"
    met = cold.seconds <= SECONDS and cold.kilobytes <= KILOBYTES and not outside
    return Row("25", f"/{page.path}", "", said, f"<= {SECONDS:.0f} s, {KILOBYTES} kB", met)
