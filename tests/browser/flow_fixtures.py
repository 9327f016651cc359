"""A page with the flow editor and without Gradio, served from this machine to a real browser."""

import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from flow_page import FLOW, TEMPLATES

from builder.flow_editor import catalog, texts
from builder.serving import bundle
from runtime.server.bundling.packed import packed

HERE = Path(__file__).parent
PARTS = bundle.parts("build")
EDITOR = next(one.name for one in PARTS.scripts if one.name.startswith("flow_editor."))
FILES = {
    "/app.js": packed(f'export {{ modules }} from "/static/{EDITOR}";', "text/javascript"),
    "/app.css": packed("\n".join(one.packed.plain.decode() for one in PARTS.sheets), "text/css"),
    **{f"/static/{asset.name}": asset.packed for asset in bundle.assets()},
}


@pytest.fixture(scope="module")
def flow_site():
    """The address of a page with the editor on it."""
    world = {
        "catalog": catalog(),
        "texts": texts(),
        "flow": FLOW,
        "variables": [{"name": "shop", "title": "店名"}, {"name": "person.points", "title": "积分"}],
        "models": ["deepseek/deepseek-chat", "qwen/qwen-plus"],
        "templates": TEMPLATES,
    }
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, json.dumps(world).encode()))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


class Site(SimpleHTTPRequestHandler):
    def __init__(self, world, *args):
        self.world = world
        super().__init__(*args)

    def do_GET(self):
        path = self.path.partition("?")[0]
        if path == "/world.json":
            return self.answer(self.world, "application/json")
        if found := FILES.get(path):
            return self.answer(found.plain, found.media_type)
        return self.answer((HERE / "flow_harness.html").read_bytes(), "text/html; charset=utf-8")

    def answer(self, body, kind):
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.send_header("cache-control", "max-age=600")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def flow_windows(browser):
    """A desktop's and a phone's browser, whose caches last for the whole file."""
    desk = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    phone = browser.new_context(
        viewport={"width": 390, "height": 844}, reduced_motion="reduce", has_touch=True, is_mobile=True
    )
    yield {"desk": desk, "phone": phone}
    desk.close()
    phone.close()


@pytest.fixture
def show(flow_windows, flow_site):
    """Open the editor; whatever the page complains of fails the test."""
    complaints = []
    pages = []

    def open_page(query="", window="desk"):
        page = flow_windows[window].new_page()
        pages.append(page)
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on(
            "request", lambda request: request.url.startswith(flow_site) or complaints.append(request.url)
        )
        page.goto(flow_site + query)
        page.wait_for_selector(".fe-terminal")
        return page

    yield open_page
    for page in pages:
        page.close()
    assert complaints == []
