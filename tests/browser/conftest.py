"""The whole program in a folder of its own, and a real browser that complains for the page."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import own_system
import phones
import pytest
from forgetting import forget
from playwright.sync_api import expect, sync_playwright
from windows import Windows

from bench.ports import free_port

expect.set_options(timeout=15_000)  # as long as a click may take
HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WITHOUT_WINDOWS = Path("/usr/bin/chromium-headless-shell")
CHROMIUM = str(WITHOUT_WINDOWS) if WITHOUT_WINDOWS.exists() else "/usr/bin/chromium"
"""The same engine without the windows, menus and services around it, which cost half of the time."""
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
PASSWORD = "geese-fly-south"
SHOP = {
    "format": 1,
    "id": "shop",
    "name": "茶铺",
    "suggestions": ["几点开门？"],
    "variables": [{"name": "shop", "title": "店名", "default": "一叶茶铺"}],
    "flow": [{"type": "reply", "id": "say", "title": "回答", "text": "**{{ shop }}**：{{ message.text }}"}],
}


def pytest_collection_modifyitems(items):
    """The first test of a run also waits for the program, which has a limit of its own."""
    for item in items:
        if item.path.parent == HERE and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(60, func_only=True))


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def password():
    """The owner's."""
    return PASSWORD


@pytest.fixture(scope="session")
def phone():
    """A platform whose codes are scanned with it."""
    with phones.played() as platform:
        yield platform


@pytest.fixture(scope="session")
def enterprise():
    """One that has a bot."""
    with phones.enterprise() as bot:
        yield bot


@pytest.fixture(scope="session")
def owners_system():
    """The owner's own, which tools may ask."""
    with own_system.running() as system:
        yield system


@pytest.fixture(scope="session")
def site(home, phone, enterprise, owners_system):
    """The address of a running `python app.py`."""
    hosts = {"HONGYAN_WECOM_API": enterprise.api, "HONGYAN_WECOM_WS": enterprise.link}
    hosts["HONGYAN_EGRESS_ALLOW"] = f"http_request={owners_system.url.removeprefix('http://')}"
    with running(home, HONGYAN_ILINK_API=phone.url, **hosts) as address:
        yield address


@contextmanager
def running(home, **more):
    """`more`: of its environment."""
    port = free_port()
    settings = {"HONGYAN_HOME": str(home), "HONGYAN_PORT": str(port), "HONGYAN_PASSWORD": PASSWORD}
    log = home / "app.log"
    with log.open("wb") as out:
        command = [sys.executable, str(ROOT / "app.py")]
        process = subprocess.Popen(command, env=os.environ | settings | more, stdout=out, stderr=out)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(address, process, log)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def wait_until_ready(address, process, log, seconds=180):
    """A busy machine takes its time to import Gradio."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text("utf-8")
        try:
            urllib.request.urlopen(f"{address}/health", timeout=1).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError(log.read_text("utf-8"))


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def login(browser, site, tmp_path_factory):
    """The cookies of somebody who is logged in."""
    return signed_in(browser, site, tmp_path_factory.mktemp("login") / "state.json")


def signed_in(browser, site, state):
    """Write the cookies to that file."""
    context = browser.new_context(base_url=site, locale="zh-CN")
    page = context.new_page()
    page.goto("/login")
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/")
    context.storage_state(path=state)
    context.close()
    return str(state)


@pytest.fixture(scope="session")
def windows(browser, site, login):
    with Windows(browser, site, login) as them:
        yield them


@pytest.fixture
def window(windows):
    """Open a window: whatever a page complains of, or asks of another host, fails the test."""
    yield windows.open
    assert windows.give_back() == []


@pytest.fixture
def page(window):
    return window()


@pytest.fixture
def agents(home):
    """The folder of agents with one agent "shop", and nothing that an earlier test left."""
    folder = home / "agents"
    folder.mkdir(exist_ok=True)
    data = home / "data"
    for left in [
        *folder.glob("*.json"),
        *(data / "drafts").glob("*.json"),
        *(data / "history").glob("*/*.json"),
    ]:
        left.unlink()
    (folder / "shop.json").write_text(json.dumps(SHOP, ensure_ascii=False), encoding="utf-8")
    return folder


@pytest.fixture
def clean(home, agents):
    """Nothing published, no public address."""
    forget(home, "publications", "versions", "contacts", "keys", "options")
