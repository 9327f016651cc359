"""`python -m bench.editor [--blocks 100]`: frames a second of the flow editor, in Chromium, while it is used.

A flow of so many blocks is scrolled, zoomed, a block is dragged over it, and somebody types in a form. Beside
the frames that came stands what a frame costs the page's own thread: on a machine that does other things as
well, that alone tells what the editor is able to. The load is printed with the figures.
"""

import argparse
import os
from collections.abc import Callable
from typing import Any

from playwright.sync_api import CDPSession, Page, ViewportSize, sync_playwright

from bench.pages import CHROMIUM, FLAGS, logged_in, program

WANTED = 50
"""Frames a second."""
LANES, STEPS = 9, 45
"""Ways of the branch in the middle; moves of the mouse in one gesture."""
LOAD = "flow => document.querySelector('.flow-host').flowEditor.load(flow)"
RECORD = """() => { window.drawn = []; window.goes = true;
  const step = (at) => { drawn.push(at); if (goes) requestAnimationFrame(step); };
  requestAnimationFrame(step); }"""
RECORDED = """() => { goes = false; return [drawn.length - 1, drawn.at(-1) - drawn[0]]; }"""


def flow(blocks: int) -> list[dict[str, Any]]:
    """A branch with nine ways between a model and a reply."""

    def steps(way: int) -> list[dict[str, Any]]:
        count = (blocks - 3) // LANES + (way < (blocks - 3) % LANES)
        return [
            {"type": "set", "id": f"b{way}_{n}", "values": {"x": "{{ message.text }}"}} for n in range(count)
        ]

    ways = [{"title": f"第 {n} 种", "when": "true", "flow": steps(n)} for n in range(LANES)]
    return [
        {"type": "model", "id": "answer", "prompt": {"text": "你是店员"}},
        {"type": "branch", "id": "way", "cases": ways, "otherwise": []},
        {"type": "reply", "id": "say", "text": "{{ answer.text }}"},
    ]


def scrolled(page: Page) -> None:
    page.mouse.move(700, 500)
    for n in range(STEPS):
        page.mouse.wheel(0, 60 if n < STEPS // 2 else -60)
        page.wait_for_timeout(8)


def zoomed(page: Page) -> None:
    page.keyboard.down("Control")
    for n in range(STEPS // 3):
        page.mouse.wheel(0, 40 if n % 8 < 4 else -40)
        page.wait_for_timeout(16)
    page.keyboard.up("Control")


def dragged(page: Page) -> None:
    page.locator("[data-id=answer] .fe-main").hover()
    page.mouse.down()
    for n in range(STEPS):
        page.mouse.move(420 + n * 12, 250 + n * 9)
        page.wait_for_timeout(8)
    page.keyboard.press("Escape")
    page.mouse.up()


def typed(page: Page) -> None:
    page.locator("[data-id=answer] .fe-main").click()
    page.locator("[data-testid='field-prompt'] textarea").first.press_sequentially("一二三四五" * 6, delay=20)


GESTURES: dict[str, Callable[[Page], None]] = {
    "scrolled": scrolled, "zoomed": zoomed, "dragged": dragged, "typed": typed,
}  # fmt: skip


def main() -> int:
    """Print a row a gesture; 1 when a frame of one costs more than there is time for."""
    parser = argparse.ArgumentParser(prog="python -m bench.editor")
    parser.add_argument("--blocks", type=int, default=100)
    blocks = parser.parse_args().blocks
    slow = False
    with program(0) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        window: ViewportSize = {"width": 1440, "height": 900}
        page = browser.new_page(base_url=site, storage_state=logged_in(browser, site), viewport=window)
        page.goto("/build?agent=shop")
        page.get_by_test_id("block-say").wait_for()
        page.evaluate(LOAD, flow(blocks))
        meter = page.context.new_cdp_session(page)
        meter.send("Performance.enable", {"timeDomain": "threadTicks"})
        print(f"{blocks} blocks, load {os.getloadavg()[0]:.1f}")
        for name, gesture in GESTURES.items():
            began = worked(meter)
            page.evaluate(RECORD)
            gesture(page)
            frames, lasted = page.evaluate(RECORDED)
            each = (worked(meter) - began) * 1000 / frames
            slow |= each > 1000 / WANTED
            came = 1000 * frames / lasted
            print(f"{name:10} {came:5.1f} frames a second; one costs {each:4.1f} ms of the page")
        browser.close()
    return 1 if slow else 0


def worked(meter: CDPSession) -> float:
    """Seconds that the page's thread worked."""
    metrics = meter.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


if __name__ == "__main__":
    raise SystemExit(main())
