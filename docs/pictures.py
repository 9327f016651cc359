"""Take the README's pictures from the running program: `make pictures`."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent
PORT = 17860
SITE = f"http://127.0.0.1:{PORT}"
PASSWORD = "for pictures only"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
QUESTIONS = {"zh": "推荐一款适合送长辈的茶", "en": "Which tea is a good gift for my parents?"}


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        settings = {"HONGYAN_HOME": home, "HONGYAN_PORT": str(PORT), "HONGYAN_PASSWORD": PASSWORD}
        environment = {**os.environ, **settings}
        for language in QUESTIONS:
            starter = ROOT / "templates" / "agents" / f"tea-shop.{language}.json"
            text = starter.read_text(encoding="utf-8").replace('"tea-shop"', f'"tea-shop-{language}"')
            agents = Path(home) / "agents"
            agents.mkdir(exist_ok=True)
            (agents / f"tea-shop-{language}.json").write_text(text, encoding="utf-8")
        server = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment)
        try:
            wait_until_ready()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
                for language, question in QUESTIONS.items():
                    take(browser, language, question)
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


def take(browser: Browser, language: str, question: str) -> None:
    context = browser.new_context(
        base_url=SITE, locale=language, viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"/lang/{language}")
    page.goto("/login")
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{SITE}/")

    page.goto(f"/build?agent=tea-shop-{language}")
    page.locator("[data-testid=block-answer]").click()
    page.wait_for_timeout(1000)
    page.screenshot(path=HERE / f"build.{language}.png")

    page.goto(f"/play?agent=tea-shop-{language}")
    box = page.locator("textarea").first
    box.fill(question)
    box.press("Enter")
    page.get_by_text("2048").wait_for(timeout=30_000)
    page.wait_for_timeout(1500)
    page.screenshot(path=HERE / f"playground.{language}.png")
    context.close()


if __name__ == "__main__":
    main()
