"""The door in front of everything."""

import asyncio
from dataclasses import dataclass, field

import pytest

import visitors
from runtime.access.keys import Keys
from runtime.access.users import Users
from runtime.server.door import guard

HTML = {"accept": "text/html"}


@pytest.fixture
def house(tmp_path):
    return visitors.build(tmp_path)


@pytest.mark.parametrize(
    "path", ["/", "/who", "/no-such-page", "/gradio_api/info", "/insights", "/static/x.js"]
)
async def test_everything_else_needs_a_login(house, path):
    async with house.visitor() as stranger:
        as_program = await stranger.get(path)
        as_person = await stranger.get(f"{path}?agent=tea", headers=HTML)
        changing = await stranger.post(path, headers=HTML)
    assert as_program.status_code == changing.status_code == 401
    assert "登录" in as_program.json()["error"]
    assert as_person.status_code == 303
    assert as_person.headers["location"].startswith("/login?next=%2F")
    assert as_person.headers["location"].endswith("%3Fagent%3Dtea")


@pytest.mark.parametrize(
    "path", ["/health", "/ready", "/login", "/c/x", "/v1/models", "/agent/chat", "/mcp", "/metrics"]
)
async def test_the_allow_list_is_answered_without_a_login(house, path):
    async with house.visitor() as stranger:
        response = await stranger.get(path)
    assert "location" not in response.headers
    assert "登录已失效" not in response.text


@pytest.mark.parametrize(
    "path", ["/c", "/v1", "/healthy", "/loginx", "/lang/fr", "/agent/chat/x", "//c/x", "/C/x"]
)
async def test_what_only_looks_like_the_allow_list_needs_a_login(house, path):
    async with house.visitor() as stranger:
        response = await stranger.get(f"http://localhost{path}")
    assert response.status_code == 401


async def test_the_owner_passes_and_is_named_to_the_apps_behind(house):
    async with house.owner() as owner:
        assert (await owner.get("/who")).text == "owner"


async def test_nobody_can_name_himself_owner(house):
    claim = {guard.USER_HEADER: "owner"}
    async with house.visitor() as stranger:
        assert (await stranger.get("/who", headers=claim)).status_code == 401
        assert (await stranger.get("/metrics", headers=claim)).status_code == 401
    async with house.owner() as owner:
        assert (await owner.get("/who", headers={guard.USER_HEADER: "root"})).text == "owner"


@dataclass(frozen=True)
class Case:
    id: str
    allowed: bool
    headers: dict = field(default_factory=dict)
    method: str = "POST"


ORIGINS = [
    Case("a program", True),
    Case("our page", True, {"origin": "http://localhost"}),
    Case("our public address, host rewritten by a proxy", True, {"origin": "https://bot.example.com"}),
    Case("with the port that goes without saying", True, {"origin": "http://localhost:80"}),
    Case("our host by another scheme", False, {"origin": "https://localhost"}),
    Case("our public address by another scheme", False, {"origin": "http://bot.example.com"}),
    Case("somebody at our host", False, {"origin": "http://x@localhost"}),
    Case("a browser extension", False, {"origin": "chrome-extension://localhost"}),
    Case("no address at all", False, {"origin": "http://[half"}),
    Case("asking what it might send", False, {"origin": "https://evil.example"}, "OPTIONS"),
    Case("a sandboxed page asking", False, {"origin": "null"}, "OPTIONS"),
    Case("our page, no origin", True, {"sec-fetch-site": "same-origin"}),
    Case("another site", False, {"origin": "https://evil.example"}),
    Case("another port", False, {"origin": "http://localhost:81"}),
    Case("a sandboxed page", False, {"origin": "null"}),
    Case("an empty origin", False, {"origin": ""}),
    Case("another site, no origin", False, {"sec-fetch-site": "cross-site"}),
    Case("a neighbour site", False, {"sec-fetch-site": "same-site"}),
    Case("deleting from another site", False, {"origin": "https://evil.example"}, "DELETE"),
    Case("reading is no change", True, {"origin": "https://evil.example"}, "GET"),
]


@pytest.mark.parametrize("case", ORIGINS, ids=lambda c: c.id)
async def test_another_site_cannot_change_anything_with_the_owners_cookie(house, case):
    house.public_url = "https://bot.example.com"
    async with house.owner() as owner:
        response = await owner.request(case.method, "/who", headers=case.headers, json={})
    assert response.status_code == (200 if case.allowed else 403)
    assert not [name for name in response.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("text/plain", 415),
        ("text/plain; x=application/json", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/octet-stream", 200),
        ("application/octet-stream-x", 415),
        ("application/jsonp", 415),
        ("", 415),
        (None, 415),
    ],
)
async def test_only_json_changes_anything(house, kind, status):
    async with house.owner() as owner:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            headers = {} if kind is None else {"content-type": kind}
            response = await owner.request(method, "/who", headers=headers, content=b"{}")
            assert response.status_code == status


async def test_two_content_types_are_none(house):
    headers = [("content-type", "application/json"), ("content-type", "text/plain")]
    async with house.owner() as owner:
        assert (await owner.post("/who", headers=headers, content=b"{}")).status_code == 415


async def test_no_form_of_a_page_is_ever_sent(house):
    async with house.owner() as owner:
        policy = (await owner.get("/", headers=HTML)).headers["content-security-policy"]
    assert "form-action 'none'" in policy


@pytest.mark.parametrize("path", ["/", "/login", "/health", "/c/x", "/v1/models", "/no-such-page"])
async def test_every_answer_tells_browsers_what_no_page_may(house, path):
    async with house.visitor() as stranger:
        headers = (await stranger.get(path)).headers
    assert "geolocation=()" in headers["permissions-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


async def test_cors_headers_of_what_is_behind_the_login_reach_nobody(house):
    async with house.owner() as owner:
        for origin in ("https://evil.example", "null", "http://localhost"):
            response = await owner.get("/generous", headers={"origin": origin})
            assert response.text == "shared"
            assert not [name for name in response.headers if name.startswith("access-control-")]
            assert response.headers["cross-origin-resource-policy"] == "same-origin"


async def test_https_is_kept_to_for_a_year(house):
    house.public_url = "https://bot.example.com"
    async with house.owner() as plain:
        assert "strict-transport-security" not in (await plain.get("/")).headers
    async with house.visitor("https://localhost") as person:
        assert "max-age=31536000" in (await person.get("/login")).headers["strict-transport-security"]
    async with house.visitor("http://bot.example.com") as behind_proxy:
        response = await behind_proxy.post("/login", data={"password": visitors.PASSWORD})
        assert response.headers["strict-transport-security"]
        assert "Secure" in response.headers["set-cookie"]


async def test_where_nothing_is_a_person_finds_a_page_and_a_program_json(house):
    async with house.owner() as owner:
        for path in ("/nonsense", "/insights/nonsense", "/static/x"):
            page = await owner.get(path, headers=HTML)
            assert page.status_code == 404
            assert '<a class="button" href="/">' in page.text
        assert (await owner.get("/nonsense")).text == "Not Found"


@pytest.mark.parametrize("cut", [True, False], ids=["the proxy cuts the path off", "the proxy keeps it"])
async def test_below_a_path_every_way_leads_to_a_page_there(house, cut):
    house.public_url = "https://bot.example.com/ai"
    before = "" if cut else "/ai"
    async with house.visitor("http://bot.example.com") as person:
        refused = await person.get(f"{before}/who?x=1", headers=HTML)
        assert refused.headers["location"] == "/ai/login?next=%2Fwho%3Fx%3D1"
        assert 'action="/ai/login"' in (await person.get(f"{before}/login")).text
        form = {"password": visitors.PASSWORD, "next": "/ai/who"}
        entered = await person.post(f"{before}/login", data=form)
        assert (entered.status_code, entered.headers["location"]) == (303, "/ai/who")
        cookie = {"cookie": entered.headers["set-cookie"].partition(";")[0]}
        assert (await person.get(f"{before}/who", headers=cookie)).text == "owner"
        gone = await person.get(f"{before}/nonsense", headers=HTML | cookie)
        assert 'href="/ai/"' in gone.text
        assert (await person.get(f"{before}/lang/en?next=/login")).headers["location"] == "/ai/login"


async def test_another_site_cannot_log_the_owner_in_or_out(house):
    evil = {"origin": "https://evil.example"}
    async with house.owner() as owner:
        assert (await owner.post("/logout", headers=evil)).status_code == 403
        assert (await owner.post("/login", data={"password": "x"}, headers=evil)).status_code == 403
        assert (await owner.get("/who")).text == "owner"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:7860", 401),
        ("127.0.0.1:7860", 401),
        ("192.168.1.8", 401),
        ("[::1]:7860", 401),
        ("bot.example.com", 401),
        ("evil.example", 400),
        ("bot.example.com.evil.example", 400),
        ("[half", 400),
        ("LOCALHOST:7860", 401),
        ("localhost.", 400),
        ("localhost:", 400),
        ("localhost:0", 400),
        ("localhost:99999", 400),
        ("localhost:80:80", 400),
        ("x@localhost", 400),
        ("localhost/x", 400),
        ("localhost?x", 400),
        ("localhost#x", 400),
        (" localhost", 400),
        ("local host", 400),
        ("[localhost]", 400),
        ("::1", 400),
        ("[127.0.0.1]", 400),
        ("127.0.0.1.", 400),
        ("127.1", 400),
        ("2130706433", 400),
        ("0x7f.0.0.1", 400),
        ("[::1%25lo]", 400),
        ("bot.example.com.", 400),
        ("localhost,evil.example", 400),
        ("", 400),
    ],
)
async def test_only_known_host_names_are_served(house, host, status):
    house.public_url = "https://bot.example.com"
    async with house.visitor() as stranger:
        assert (await stranger.get("/who", headers={"host": host})).status_code == status
        assert (await stranger.get("/health", headers={"host": host})).status_code == 200


async def test_two_hosts_are_none(house):
    async with house.visitor() as stranger:
        both = [("host", "localhost"), ("host", "evil.example")]
        assert (await stranger.get("/who", headers=both)).status_code == 400


async def test_headers_are_bounded(house):
    async with house.visitor() as stranger:
        response = await stranger.get("/health", headers={"x-long": "x" * 33_000})
    assert response.status_code == 431


async def test_every_response_forbids_framing_sniffing_and_leaking(house):
    async with house.owner() as owner:
        for path in ("/", "/login", "/health", "/c/x", "/no-such-page"):
            headers = (await owner.get(path, headers=HTML)).headers
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("cookie", "accept", "locale"),
    [
        ("zh", "en", "zh-CN"),
        ("en", "zh-CN,zh", "en"),
        ("", "zh-TW,en", "zh-CN"),
        ("", "de", "en"),
        ("fr", "", "zh-CN"),
    ],
)
async def test_pages_come_in_the_visitors_language(house, cookie, accept, locale):
    async with house.owner() as owner:
        owner.cookies.set("lang", cookie)
        response = await owner.get("/", headers={**HTML, "accept-language": accept})
    assert f'<html lang="{locale}">' in response.text
    assert f"('{locale}')" in response.text
    assert response.headers["content-encoding"] == "gzip"


async def test_a_browser_that_does_not_unpack_gets_the_page_plain(house):
    async with house.owner() as owner:
        response = await owner.get("/", headers={**HTML, "accept-encoding": "identity"})
    assert "content-encoding" not in response.headers
    assert int(response.headers["content-length"]) == len(response.content)


async def test_a_fault_shows_a_reference_that_is_in_the_log_and_nothing_of_the_inside(house, caplog):
    async with house.owner() as owner:
        response = await owner.get("/broken")
    assert response.status_code == 500
    assert "canary" not in response.text
    reference = response.json()["error"].split("编号 ")[1][:8]
    (record,) = [record for record in caplog.records if reference in record.getMessage()]
    assert record.exc_info


async def websocket(house, path="/talk", **headers):
    """The running connection, and the two ends of it."""
    inbox, outbox = asyncio.Queue(), asyncio.Queue()
    inbox.put_nowait({"type": "websocket.connect"})
    raw = [(b"host", b"localhost"), *((name.encode(), value.encode()) for name, value in headers.items())]
    scope = {
        "type": "websocket",
        "path": path,
        "query_string": b"",
        "headers": raw,
        "scheme": "ws",
        "root_path": "",
    }
    task = asyncio.create_task(house.app(scope, inbox.get, outbox.put))
    return task, inbox, outbox


async def session_cookie(house):
    async with house.owner() as owner:
        return f"hongyan={owner.cookies['hongyan']}"


async def test_a_websocket_without_a_login_is_closed(house):
    task, _, outbox = await websocket(house)
    assert (await outbox.get())["type"] == "websocket.close"
    await task


async def test_a_websocket_from_another_site_is_closed(house):
    task, _, outbox = await websocket(
        house, cookie=await session_cookie(house), origin="https://evil.example"
    )
    assert (await outbox.get())["type"] == "websocket.close"
    await task


async def log_out(house, cookie):
    async with house.visitor(cookie=cookie) as owner:
        await owner.post("/logout")


async def change_password(house, cookie):
    Users(house.control).set_password("owner", "another password")


@pytest.mark.parametrize("end", [log_out, change_password])
async def test_whatever_is_open_ends_soon_after(house, end):
    cookie = await session_cookie(house)
    task, _, outbox = await websocket(house, cookie=cookie, origin="http://localhost")
    assert [(await outbox.get())["type"], (await outbox.get())["text"]] == ["websocket.accept", "owner"]
    stream, lines = await endless(house, "/endless", cookie=cookie)
    await lines.get()
    await end(house, cookie)
    assert (await asyncio.wait_for(outbox.get(), 30))["type"] == "websocket.close"
    await asyncio.wait_for(asyncio.gather(task, stream), 30)
    assert last(lines) == {"type": "http.response.body", "body": b""}


async def test_a_revoked_keys_stream_ends_soon_after(house):
    key = house.key()
    stream, lines = await endless(house, "/v1/endless", authorization=f"Bearer {key}")
    await lines.get()
    Keys(house.control).revoke(Keys(house.control).all()[0].id)
    await asyncio.wait_for(stream, 30)
    assert last(lines) == {"type": "http.response.body", "body": b""}


async def test_what_has_not_begun_to_answer_is_told_that_its_right_is_gone(house):
    async with house.owner() as owner:
        waiting = asyncio.create_task(owner.get("/silent"))
        await house.reached.wait()
        Users(house.control).set_password("owner", "another password")
        assert (await asyncio.wait_for(waiting, 30)).status_code == 401


async def test_at_a_stop_what_only_listens_ends_at_once_and_work_is_finished(house):
    cookie = await session_cookie(house)
    pages = [await websocket(house, cookie=cookie, origin="http://localhost") for _ in range(20)]
    streams = [await endless(house, "/endless", cookie=cookie) for _ in range(20)]
    for _, lines in streams:
        await lines.get()
    async with house.visitor(cookie=cookie) as owner:
        saving = asyncio.create_task(owner.post("/slow", json={}))
        await house.reached.wait()
        house.stop.now()
        await asyncio.wait_for(asyncio.gather(*(task for task, *_ in (*pages, *streams))), 30)
        assert (await saving).text == "saved"
        late = await asyncio.wait_for(owner.get("/endless"), 30)
    assert late.status_code == 503


async def test_a_stream_that_says_its_last_word_at_a_stop_is_not_ended_twice(house):
    cookie = await session_cookie(house)
    stream, lines = await endless(house, "/polite", cookie=cookie)
    while (await lines.get())["type"] != "http.response.body":
        pass
    house.stop.now()
    await asyncio.wait_for(stream, 30)
    said = [lines.get_nowait() for _ in range(lines.qsize())]
    assert [one.get("more_body", False) for one in said].count(False) == 1


async def endless(house, path, **headers):
    """The running request, and what it says."""
    said = asyncio.Queue()
    raw = [(b"host", b"localhost"), *((name.encode(), value.encode()) for name, value in headers.items())]
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": raw,
        "scheme": "http",
        "root_path": "",
    }

    async def silent():
        await asyncio.Event().wait()

    return asyncio.create_task(house.app(scope, silent, said.put)), said


def last(said):
    *_, end = (said.get_nowait() for _ in range(said.qsize()))
    return end
