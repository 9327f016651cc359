"""Whatever way in a program has: what its answers tell browsers, and what it lets nobody do to it."""

import asyncio
from dataclasses import dataclass

import httpx
import pytest
from everything_allowed import scopes, served

from runtime.access.users import Users
from runtime.server.app import MAX_BODY, guarded
from runtime.server.door.ways import Entry, Ways
from runtime.server.door.while_live import Stop
from runtime.server.outermost import Outermost

PASSWORD = "correct horse"
HOST = (b"host", b"localhost")
HTML = (b"accept", b"text/html")
JSON = (b"content-type", b"application/json")
FORM = (b"content-type", b"application/x-www-form-urlencoded")
FILE = (b"content-type", b"application/octet-stream")
ELSEWHERE = (b"origin", b"https://evil.example")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
MORE = (  # of Gradio's and Streamlit's own, which are in no list of ours
    "/theme.css",
    "/gradio_api/app_id",
    "/gradio_api/queue/data",
    "/gradio_api/heartbeat/abc",
    "/gradio_api/upload",
    "/insights/media/x.png",
    "/insights/_stcore/health",
    "/insights/_stcore/host-config",
)
STREAMLIT = ("/insights/_stcore/health", "/insights/_stcore/host-config")
KEPT = (
    *("/static/", "/assets/", "/insights/static/", "/files/", "/made/", "/theme.css", "/favicon.ico"),
    *STREAMLIT,
)
"""What a browser may keep: nothing of a conversation but /made/, whose addresses are secret."""
BEGINS = ("http.response.start", "websocket.close", "websocket.accept")
PIECE = bytes(1 << 20)
PATIENCE = 5.0
"""Seconds; an hour of the program's own clock passes in none."""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    cookies: list[str]


class Site:
    """The program behind its guard, in a loop whose clock jumps."""

    def __init__(self, folder):
        self.app, program, role = served(folder)
        role.works = True
        Users(program.control).set_password("owner", PASSWORD)
        self.front = guarded(self.app, program, role, Stop())
        self.ways = Ways(self.app.routes)
        self.runner = asyncio.Runner()
        self.loop = self.runner.get_loop()
        self.ahead, real = 0.0, self.loop.time
        self.loop.time = lambda: real() + self.ahead
        self.sign_in()

    def sign_in(self):
        self.owner = (b"cookie", self.runner.run(self._signed_in()).encode())

    async def _signed_in(self):
        transport = httpx.ASGITransport(app=self.front)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
            await browser.post("/login", data={"password": PASSWORD})
            return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())

    def scopes(self, *methods):
        """A request of every way in that takes one of them."""
        found = [scope for scope in scopes(self.app.routes) if scope["method"] in methods]
        base = {"type": "http", "query_string": b"", "root_path": "", "scheme": "http"}
        more = [{**base, "method": method, "path": path} for method in ("GET", "POST") for path in MORE]
        return found + [one for one in more if one["method"] in methods]

    def is_machine(self, scope):
        return self.ways.needs(scope) is Entry.MACHINE

    def ask(self, scope, *headers, receive=None):
        """What it answers, None when nothing within PATIENCE."""
        answer = self.runner.run(self._ask(scope, headers, receive or empty()))
        if scope["path"] == "/logout":
            self.sign_in()
        return answer

    def page(self, scope, *headers):
        """What it answers, and the whole page."""
        body = bytearray()
        start = self.runner.run(self._ask(scope, headers, empty(), body))
        return read(start), bytes(body)

    async def _ask(self, scope, headers, receive, body=None):
        started = self.loop.create_future()

        async def send(message):
            if body is not None and message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
            if message["type"] in BEGINS and not started.done():
                started.set_result(message)

        path = scope["path"].encode()
        asked = {**scope, "headers": list(headers), "raw_path": path, "client": ("203.0.113.9", 1)}
        asked |= {"http_version": "1.1", "server": ("localhost", 80), "extensions": {}, "subprotocols": []}
        work = asyncio.ensure_future(self.front(asked, receive, send))
        for _ in range(int(PATIENCE * 1000)):
            if work.done() or (started.done() and body is None):
                break
            await asyncio.sleep(0.001)
        work.cancel()
        await asyncio.wait([work])
        return started.result() if started.done() else None

    def close(self):
        self.runner.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("home"))
    yield site
    site.close()


def empty():
    """A body of nothing, from somebody who stays."""
    pieces = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive():
        return pieces.pop() if pieces else await asyncio.Event().wait()

    return receive


def read(start):
    pairs = [(name.decode().lower(), value.decode("latin-1")) for name, value in start["headers"]]
    return Answer(start["status"], dict(pairs), [value for name, value in pairs if name == "set-cookie"])


def named(scope):
    return f"{scope['method']} {scope['path']}"


def test_what_the_guard_never_saw_tells_browsers_the_same(site):
    scope = site.scopes("GET")[0]

    async def broken(scope, receive, send):
        raise RuntimeError("before the guard")

    site_front, site.front = site.front, Outermost(broken)
    try:
        answer = read(site.ask(scope, HOST))
    finally:
        site.front = site_front
    assert (answer.status, lacking(scope, answer)) == (500, [])


def lacking(scope, answer):
    """What that answer does not tell a browser."""
    headers = answer.headers
    policy = headers.get("content-security-policy", "")
    wanted = {
        "nosniff": headers.get("x-content-type-options") == "nosniff",
        "referrer": headers.get("referrer-policy") in ("same-origin", "no-referrer"),
        "powers": "geolocation=()" in headers.get("permissions-policy", ""),
        "frames": "frame-ancestors 'none'" in policy or "sandbox" in policy,
        "plugins": "default-src 'none'" in policy or "object-src 'none'" in policy,
        "no banner": not {"server", "x-powered-by"} & headers.keys(),
        "not kept": scope["path"].startswith(KEPT) or "no-store" in headers.get("cache-control", ""),
    }
    return [what for what, is_there in wanted.items() if not is_there]


@pytest.mark.parametrize("who", ["owner", "nobody"])
def test_every_answer_tells_browsers_to_be_careful(site, who):
    found = {}
    for scope in site.scopes("GET", *UNSAFE):
        for extra in ((), (HTML,)):
            cookie = (site.owner,) if who == "owner" else ()
            kind = (JSON,) if scope["method"] in UNSAFE else ()
            start = site.ask(scope, HOST, *kind, *cookie, *extra)
            if start is None:
                continue  # a stream that waits for its first word
            answer = read(start)
            missing = lacking(scope, answer)
            if (
                not site.is_machine(scope)
                and answer.headers.get("cross-origin-opener-policy") != "same-origin"
            ):
                missing.append("opener")
            if missing or answer.status == 500:
                found[named(scope)] = (answer.status, missing)
    assert found == {}


def test_every_cookie_is_out_of_reach_of_scripts_and_of_other_sites(site):
    seen, found = 0, {}
    for scope in site.scopes("GET", "POST"):
        for scheme in ("http", "https"):
            start = site.ask({**scope, "scheme": scheme}, HOST, HTML, JSON)
            for cookie in read(start).cookies if start else ():
                seen += 1
                parts = {part.strip().lower() for part in cookie.split(";")[1:]}
                wanted = {"httponly", "samesite=lax"} | ({"secure"} if scheme == "https" else set())
                if not wanted <= parts:
                    found[named(scope)] = cookie
    assert found == {}
    assert seen


def test_another_site_changes_nothing_by_any_way(site):
    found = {}
    for scope in site.scopes(*UNSAFE, "-"):
        if site.is_machine(scope):
            with_cookie = site.ask(scope, HOST, JSON, ELSEWHERE, site.owner)
            without = site.ask(scope, HOST, JSON, ELSEWHERE)
            if (with_cookie or {}).get("status") != (without or {}).get("status"):
                found[named(scope)] = "a cookie counts"
            continue
        start = site.ask(scope, HOST, JSON, ELSEWHERE, site.owner)
        if start is None or start.get("status", start["type"]) not in (403, "websocket.close"):
            found[named(scope)] = start
    assert found == {}


def test_a_foreign_name_that_leads_here_reaches_no_page(site):
    found = {}
    for scope in site.scopes("GET", *UNSAFE, "-"):
        if not site.is_machine(scope):
            start = site.ask(scope, (b"host", b"evil.example"), JSON, site.owner)
            if start is None or start.get("status", start["type"]) not in (400, "websocket.close"):
                found[named(scope)] = start
    assert found == {}


@pytest.mark.parametrize("kind", [JSON, FORM, FILE], ids=["json", "form", "file"])
@pytest.mark.parametrize("says", [True, False], ids=["200 MB that are declared", "200 MB in pieces"])
def test_no_way_in_reads_a_body_without_end(site, says, kind):
    found = {}
    for scope in site.scopes(*UNSAFE):
        pieces = 0

        async def receive():
            nonlocal pieces
            pieces += 1
            return {"type": "http.request", "body": PIECE, "more_body": pieces < 200}

        length = ((b"content-length", str(200 << 20).encode()),) if says else ()
        start = site.ask(scope, HOST, kind, site.owner, *length, receive=receive)
        if start is None or pieces * len(PIECE) > MAX_BODY + len(PIECE):
            found[named(scope)] = (pieces, start and start["status"])
    assert found == {}


def test_a_file_larger_than_any_other_body_comes_in_whole(site):
    most, pieces = MAX_BODY // len(PIECE) + 5, 0

    async def receive():
        nonlocal pieces
        if pieces == most:
            return await asyncio.Event().wait()
        pieces += 1
        return {"type": "http.request", "body": PIECE, "more_body": pieces < most}

    [scope] = [one for one in site.scopes("POST") if one["path"].startswith("/upload/")]
    scope = {**scope, "path": "/upload/agents/look_at"}
    start = site.ask(scope, HOST, FILE, site.owner, receive=receive)
    assert (start["status"], pieces) == (200, most)


@pytest.mark.parametrize("kind", [JSON, FORM, FILE], ids=["json", "form", "file"])
def test_no_way_in_waits_for_a_body_that_never_ends(site, kind):
    found = []
    for scope in site.scopes(*UNSAFE):
        first = True

        async def receive():
            nonlocal first
            if first:
                first = False
                return {"type": "http.request", "body": b"{", "more_body": True}
            site.ahead += 3600
            return await asyncio.Event().wait()

        if site.ask(scope, HOST, kind, site.owner, receive=receive) is None:
            found.append(named(scope))
    assert found == []
