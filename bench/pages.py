"""`python -m bench.pages PATH [CSS]`: how long a page takes over a slow line, with nothing in the cache.

The line is Chromium's own (Network.emulateNetworkConditions): 1.6 Mbit/s and 150 ms if nothing else is said.
A page is there when what CSS names is visible. It needs what `make tools debian` brings, and a machine that
has nothing else to do: the load is printed beside the figures.

    python -m bench.pages insights/ --messages 5000
    python -m bench.pages "build?agent=shop" --requests
"""

import argparse
import asyncio
import contextlib
import os
import shutil
import statistics
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import psutil
from playwright.sync_api import Browser, BrowserContext, StorageState, sync_playwright

from bench.ground import Ground
from bench.site import PASSWORD, PATIENCE, program
from bench.table import Row

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
STEP, QUIET, RESTING = 0.1, 3, 0.15
"""Programs rest that for so many steps of so many seconds used less than this part of a core."""
FASTEST = 10_000
"""Mbit/s of the line that Chromium makes; over one of 100,000 no page of any site ever came."""
SIGNS = {
    "insights/": "[data-testid=figure-messages]",
    "insights/conversations": ".in-rows tbody tr",
    "insights/todo": "[data-testid=stTabs] [data-testid^=stBaseButton]",
    "build?agent=shop": "[data-testid=block-say]",
    "play?agent=shop": "textarea",
}
"""What is visible when a page is there, of those that are measured often."""


@dataclass(frozen=True)
class Visit:
    seconds: float
    asked: list[dict[str, Any]] = field(default_factory=list)
    """Each request: its address, its path, its bytes, and from when until when in seconds since the first."""

    work: float = 0.0
    """Seconds of CPU of the page's own thread: they are the same however busy the machine is."""

    @property
    def kilobytes(self) -> float:
        return sum(one["bytes"] for one in self.asked) / 1000


async def build_page(ground: Ground) -> list[Row]:
    """A row of `python -m bench`."""
    if not shutil.which(CHROMIUM):
        return [Row("14", "the Build page, cold, slow line", "", "no Chromium here", "<= 2.5 s", None)]
    visits = await asyncio.to_thread(_visited, "build?agent=shop", int(ground.of(3, 5)))
    seconds = [one.seconds for one in visits]
    middle = statistics.median(seconds)
    weight = f"{len(visits[0].asked)} requests, {visits[0].kilobytes:.0f} kB"
    return [
        Row("14", "the Build page, cold, slow line", "",
            f"{middle:.2f} s, {min(seconds):.2f} to {max(seconds):.2f}; {weight}", "<= 2.5 s", middle <= 2.5)
    ]  # fmt: skip


def _visited(path: str, runs: int) -> list[Visit]:
    with program(0) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        login = logged_in(browser, site)
        visit(browser, site, login, path, SIGNS[path], None)
        visits = [visit(browser, site, login, path, SIGNS[path], (1.6, 150)) for _ in range(runs)]
        browser.close()
        return visits


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.pages", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("path", help="of the page, from the builder's root")
    parser.add_argument("sign", nargs="?", help="CSS of what is visible when it is there")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--mbit", type=float, default=1.6, help=f"of the line, a second, {FASTEST} at most")
    parser.add_argument("--latency", type=float, default=150, help="of each request, in milliseconds")
    parser.add_argument("--messages", type=int, default=0, help="that the insights have to show")
    parser.add_argument("--requests", action="store_true", help="list them, of the last run")
    parser.add_argument("--site", default="", help="of a program that runs, instead of one of its own")
    given = parser.parse_args()
    sign = given.sign or SIGNS.get(given.path)
    if not sign:
        parser.error("say what is visible when the page is there, as CSS")
    if not 0 < given.mbit <= FASTEST:
        parser.error(f"--mbit is more than 0, and {FASTEST} at most: Chromium never ends over a faster line")
    running = contextlib.nullcontext(given.site) if given.site else program(given.messages)
    with running as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        login = logged_in(browser, site)
        visit(browser, site, login, given.path, sign, None)  # what the program does only once
        line = (given.mbit, given.latency)
        visits = [visit(browser, site, login, given.path, sign, line) for _ in range(given.runs)]
        browser.close()
    for one in visits:
        print(f"{one.seconds:.2f} s, {len(one.asked)} requests, {one.kilobytes:.0f} kB")
    for one in visits[-1].asked if given.requests else []:
        print(f"{one['from']:6.2f} {one['until']:6.2f} {one['bytes'] / 1000:7.1f} kB  {one['path']}")
    middle = statistics.median(one.seconds for one in visits)
    print(
        f"{given.path}: {middle:.2f} s in the middle of {given.runs}, at {given.mbit} Mbit/s and "
        f"{given.latency:.0f} ms; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    return 0


def logged_in(browser: Browser, site: str) -> StorageState:
    context = browser.new_context(base_url=site, locale="zh-CN")
    page = context.new_page()
    page.goto("/login")
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/")
    state = context.storage_state()
    context.close()
    return state


def visit(
    browser: Browser,
    site: str,
    login: StorageState,
    path: str,
    sign: str,
    line: tuple[float, float] | None,
) -> Visit:
    """One cold visit over `line` (Mbit/s, milliseconds); None: as fast as it goes."""
    context = browser.new_context(base_url=site, locale="zh-CN", storage_state=login)
    try:
        return shown(context, path, sign, line)
    finally:
        context.close()


def shown(context: BrowserContext, path: str, sign: str, line: tuple[float, float] | None = None) -> Visit:
    """In a window of its own, with the cache and the cookies of `context`."""
    page = context.new_page()
    come_to_rest()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    asked: dict[str, dict[str, Any]] = {}
    devtools.on("Network.requestWillBeSent", lambda event: _begun(asked, event))
    devtools.on("Network.loadingFinished", lambda event: _ended(asked, event))
    if line:
        bytes_a_second = line[0] * 1e6 / 8
        devtools.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": line[1],
                "downloadThroughput": bytes_a_second,
                "uploadThroughput": bytes_a_second,
            },
        )
    began = time.monotonic()
    page.goto(f"/{path}", wait_until="commit", timeout=PATIENCE * 1000)
    page.locator(sign).first.wait_for(timeout=PATIENCE * 1000)
    seconds = time.monotonic() - began
    figures = {one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]}
    page.close()
    first = min(one["from"] for one in asked.values())
    return Visit(
        seconds,
        [one | {"from": one["from"] - first, "until": one["until"] - first} for one in asked.values()],
        figures.get("TaskDuration", 0.0),
    )


def come_to_rest() -> None:
    """Wait until no program that was started from here works, as a window does that was just opened."""
    ends = time.monotonic() + PATIENCE
    still, before = 0, _worked()
    while still < QUIET and time.monotonic() < ends:
        time.sleep(STEP)
        now = _worked()
        still = still + 1 if now - before < RESTING * STEP else 0
        before = now


def _worked() -> float:
    """Seconds of CPU of all below this process that live."""
    seconds = 0.0
    for one in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            seconds += times.user + times.system
    return seconds


def _begun(asked: dict[str, dict[str, Any]], event: dict[str, Any]) -> None:
    path = event["request"]["url"].split("/", 3)[-1]
    if not event["request"]["url"].startswith("data:"):
        asked[event["requestId"]] = {
            "url": event["request"]["url"],
            "path": path,
            "bytes": 0,
            "from": event["timestamp"],
            "until": event["timestamp"],
        }


def _ended(asked: dict[str, dict[str, Any]], event: dict[str, Any]) -> None:
    if one := asked.get(event["requestId"]):
        one |= {"bytes": event["encodedDataLength"], "until": event["timestamp"]}


if __name__ == "__main__":
    sys.exit(main())
