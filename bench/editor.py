"""`python -m bench.editor [--blocks 100]`: frames a second of the flow editor, in Chromium, while it is used.

A flow of so many blocks is scrolled, zoomed, a block is dragged over it, and somebody types in a form. Beside
the frames that came stands what a frame costs the page's own thread: on a machine that does other things as
well, that alone tells what the editor is able to. Then what comes at once and not frame by frame: a key in a
field, undo, all blocks marked, twenty pasted, a turn painted; the milliseconds of the page that each takes.
The load is printed with the figures. `--profile GESTURE` names the functions that cost most of one.
"""

import argparse
import json
import os
import statistics
from collections.abc import Callable
from typing import Any

from playwright.sync_api import CDPSession, Page, ViewportSize, sync_playwright

from bench.pages import CHROMIUM, FLAGS, logged_in
from bench.site import program

WANTED = 50
"""Frames a second."""
AT_ONCE = 16.0
"""Milliseconds of the page's thread that an action may take."""
TIMES = 12
"""How often each action is done."""
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


GESTURES: dict[str, Callable[[Page], None]] = {"scrolled": scrolled, "zoomed": zoomed, "dragged": dragged}
EDITOR = "document.querySelector('.flow-host').flowEditor"
PASTED = json.dumps([{"type": "set", "id": f"new_{n}", "values": {"x": "1"}} for n in range(20)])
PASTE = """text => { const data = new DataTransfer(); data.setData('text/plain', text);
  document.activeElement.dispatchEvent(new ClipboardEvent('paste',
    {clipboardData: data, bubbles: true})); }"""
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
WALKED = """(n) => { const editor = document.querySelector('.flow-host').flowEditor;
  const ids = [...document.querySelectorAll('.fe-card')].map((card) => card.dataset.id);
  editor.paint(ids.flatMap((block) => [{type: 'block_started', block},
    {type: 'block_finished', block, ms: n, output: {text: `${n}`}}])); }"""


def typed(page: Page, n: int) -> None:
    page.keyboard.insert_text("一")


def undone(page: Page, n: int) -> None:
    page.keyboard.press("Control+z" if n % 2 else "Control+Shift+z")


def all_marked(page: Page, n: int) -> None:
    page.keyboard.press("Escape" if n % 2 else "Control+a")


def pasted(page: Page, n: int) -> None:
    page.evaluate(PASTE, PASTED)


def painted(page: Page, n: int) -> None:
    page.evaluate(WALKED, n + 1)


def in_the_form(page: Page) -> None:
    page.locator("[data-id=answer] .fe-main").click()
    page.locator("[data-testid='field-prompt'] textarea").first.focus()


def on_a_card(page: Page) -> None:
    page.locator("[data-id=say] .fe-main").focus()


def on_a_card_alone(page: Page) -> None:
    """What is pasted is taken as it is, as by whoever copied it here; undo takes it away."""
    taken = "async (blocks) => ({ok: true, value: {blocks, acts: []}})"
    page.evaluate(f"{EDITOR}.update({{takeBlocks: {taken}}})")
    on_a_card(page)


Do = Callable[[Page, int], None]
ACTIONS: dict[str, tuple[Callable[[Page], None], Do]] = {
    "a key in a field": (in_the_form, typed),
    "undo and redo": (on_a_card, undone),
    "all marked": (on_a_card, all_marked),
    "a turn painted": (on_a_card, painted),
    "20 pasted": (on_a_card_alone, pasted),
}
TAKEN_BACK = ("20 pasted",)
"""What would come to more and more."""


def main() -> int:
    """Print a row a gesture and an action; 1 when one costs more than there is time for."""
    parser = argparse.ArgumentParser(prog="python -m bench.editor")
    parser.add_argument("--blocks", type=int, default=100)
    parser.add_argument("--profile", default="", metavar="GESTURE")
    asked = parser.parse_args()
    with program(0) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        window: ViewportSize = {"width": 1440, "height": 900}
        page = browser.new_page(base_url=site, storage_state=logged_in(browser, site), viewport=window)
        page.goto("/build?agent=shop")
        page.get_by_test_id("block-say").wait_for()
        page.evaluate(LOAD, flow(asked.blocks))
        meter = page.context.new_cdp_session(page)
        meter.send("Performance.enable", {"timeDomain": "threadTicks"})
        print(f"{asked.blocks} blocks, load {os.getloadavg()[0]:.1f}")
        if asked.profile:
            meter.send("Profiler.enable")
            meter.send("Profiler.start")
        wanted = {name for name in (*GESTURES, *ACTIONS) if asked.profile in name}
        slow = [gestured(page, meter, name) for name in GESTURES if name in wanted]
        slow += [acted(page, meter, name) for name in ACTIONS if name in wanted]
        if asked.profile:
            costly(meter.send("Profiler.stop")["profile"])
        browser.close()
    return 1 if any(slow) else 0


def gestured(page: Page, meter: CDPSession, name: str) -> bool:
    """Whether a frame costs more than there is time for."""
    began = worked(meter)
    page.evaluate(RECORD)
    GESTURES[name](page)
    frames, lasted = page.evaluate(RECORDED)
    each = (worked(meter) - began) * 1000 / frames
    came = 1000 * frames / lasted
    print(f"{name:18} {came:5.1f} frames a second; one costs {each:5.1f} ms of the page")
    return bool(each > 1000 / WANTED)


def acted(page: Page, meter: CDPSession, name: str) -> bool:
    """Whether it takes longer than it may: what the page works for it, until it is drawn."""
    ready, do = ACTIONS[name]
    ready(page)
    page.evaluate(SETTLED)
    idle = worked(meter)
    page.evaluate(SETTLED)
    idle = worked(meter) - idle
    spent = []
    for n in range(TIMES):
        began = worked(meter)
        do(page, n)
        page.evaluate(SETTLED)
        spent.append((worked(meter) - began - idle) * 1000)
        if name in TAKEN_BACK:
            page.keyboard.press("Control+z")
            on_a_card(page)
            page.evaluate(SETTLED)
    each = statistics.median(spent)
    print(f"{name:18} {each:5.1f} ms of the page, {max(spent):5.1f} at most")
    return each > AT_ONCE


def costly(profile: dict[str, Any]) -> None:
    """The functions in which the page was longest."""
    spent: dict[int, float] = {}
    for node, micros in zip(profile["samples"], profile["timeDeltas"], strict=True):
        spent[node] = spent.get(node, 0) + micros
    for one in sorted(profile["nodes"], key=lambda one: -spent.get(one["id"], 0))[:25]:
        call = one["callFrame"]
        name, line = call["functionName"] or "(anonymous)", call["lineNumber"]
        print(f"{spent.get(one['id'], 0) / 1000:8.1f} ms {name:28} {line}")


def worked(meter: CDPSession) -> float:
    """Seconds that the page's thread worked."""
    metrics = meter.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


if __name__ == "__main__":
    raise SystemExit(main())
