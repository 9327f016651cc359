"""Take the README's pictures from the running program: `make pictures`.

Each is 256 colours, so that all of them together weigh little: a test holds them to LARGEST.
"""

import io
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent
PORT = 17860
SITE = f"http://127.0.0.1:{PORT}"
PASSWORD = "for pictures only"
expect.set_options(timeout=60_000)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
LARGEST = 150_000
"""Bytes of a picture."""
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 780}


@dataclass(frozen=True)
class Said:
    """What is typed in a language."""

    shop: str
    question: str
    described: str
    passed: str


SAID = {
    "zh": Said(
        "一叶茶铺",
        "推荐一款适合送长辈的茶",
        "餐厅订位：询问日期和人数，然后提交到 https://api.canting.example/bookings",
        "通过",
    ),
    "en": Said(
        "The tea shop",
        "Which tea is a good gift for my parents?",
        "Book a table: ask for the date and the number of people, then post it to https://api.tables.example/book",
        "passed",
    ),
}

CREATE = """async (args) => {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ action: "create", args });
  const answer = await (await fetch("./click/agents", { method: "POST", headers, body })).json();
  return answer.value.id;
}"""
"""An agent of a starter with its tests, as the home page makes it."""


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        settings = {"HONGYAN_HOME": home, "HONGYAN_PORT": str(PORT), "HONGYAN_PASSWORD": PASSWORD}
        environment = {**os.environ, **settings}
        server = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment)
        try:
            wait_until_ready()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
                for language in SAID:
                    take(browser, language)
        finally:
            server.terminate()
            server.wait()


def wait_until_ready() -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{SITE}/ready", timeout=1).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("the program did not start")


def take(browser: Browser, language: str) -> None:
    """Every picture in one language."""
    context = browser.new_context(base_url=SITE, locale=language, viewport=WIDE, reduced_motion="reduce")
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"/lang/{language}")
    page.goto("/login")
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{SITE}/")
    agent = page.evaluate(CREATE, {"lang": language, "starter": "tea-shop", "name": SAID[language].shop})
    for name, draw in PICTURES.items():
        page.set_viewport_size(WIDE)
        draw(page, agent, SAID[language])
        page.wait_for_timeout(1500)
        keep(page.screenshot(), HERE / f"{name}.{language}.png")
    context.close()


def keep(shot: bytes, file: Path) -> None:
    """In 256 colours. Raises SystemExit for one that is still too large."""
    small = Image.open(io.BytesIO(shot)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(file, optimize=True)
    if file.stat().st_size > LARGEST:
        raise SystemExit(f"{file} has {file.stat().st_size} bytes")


def build(page: Page, agent: str, said: Said) -> None:
    page.goto(f"/build?agent={agent}")
    page.get_by_test_id("block-answer").click()


def playground(page: Page, agent: str, said: Said) -> None:
    page.goto(f"/play?agent={agent}")
    ask(page, said)


def ask(page: Page, said: Said) -> None:
    box = page.locator("#ask textarea").first
    box.fill(said.question)
    box.press("Enter")
    page.get_by_text("2048").first.wait_for(timeout=30_000)


def sides(page: Page, agent: str, said: Said) -> None:
    """Two beside each other, with what each took."""
    page.goto(f"/play?agent={agent}")
    page.locator("#chat [data-testid=bot]").first.wait_for()  # the last chat has come back
    page.get_by_test_id("chat-new").click()
    expect(page.locator("#chat [data-testid=bot]")).to_have_count(0)
    page.get_by_test_id("compare").click()
    page.get_by_test_id("column-model-1").select_option("demo/hongyan")
    ask(page, said)
    for place in range(2):
        expect(page.get_by_test_id(f"choose-{place}")).to_be_enabled()
    page.evaluate("scrollTo(0, 0)")


def describe(page: Page, agent: str, said: Said) -> None:
    """What was described is on the flow, to be decided one by one."""
    page.goto("/")
    page.get_by_test_id("new").click()
    page.get_by_test_id("new-describe").fill(said.described)
    page.get_by_test_id("new-describe-do").click()
    page.wait_for_url("**/build?**")
    expect(page.get_by_test_id("describe-accept-all")).to_be_enabled()
    page.get_by_test_id("describe-changes").locator("li").nth(3).wait_for()


def tests(page: Page, agent: str, said: Said) -> None:
    page.goto(f"/tests?agent={agent}")
    page.get_by_test_id("run-all").click()
    page.get_by_text(said.passed).first.wait_for()


def phone(page: Page, agent: str, said: Said) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"/build?agent={agent}")
    page.get_by_test_id("block-answer").wait_for()


PICTURES: dict[str, Callable[[Page, str, Said], None]] = {
    "build": build,
    "describe": describe,
    "playground": playground,
    "sides": sides,
    "tests": tests,
    "phone": phone,
}
"""By the file's name: how the page comes to look so."""


if __name__ == "__main__":
    main()
