"""Somebody who has a right on one agent alone, over HTTP of the real program: of another they run, see and
take nothing; and what guests try out counts in their day."""

import asyncio
import functools
import json
import re
from contextlib import asynccontextmanager

import httpx
import pytest
from everything_allowed import served

from builder import ui
from builder.actions import bound
from runtime.access.actor import COMMAND_LINE
from runtime.access.issuing import Issuing, wish
from runtime.access.membership import Membership
from runtime.access.users import Users
from runtime.agents.agent import Agent
from runtime.errors import Forbidden
from runtime.publish.publications import put_on_api
from runtime.server.app import guarded
from runtime.server.door.while_live import Stop
from runtime.store.control.user_records import Given, UserLimit

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
PASSWORD = "her own words"
CANARY = "canary-of-the-shop"
"""In all that the other agent is and says."""
JSON = {"content-type": "application/json"}
USUAL = {"name": "x", "permissions": ["agents.run"], "agents": ["tea"]}
USUAL |= {"per_minute": 60, "per_day": 1000, "tokens_per_day": 100_000}


def agent(id, says):
    return Agent.load(
        {"id": id, "name": says, "flow": [{"type": "reply", "id": "say", "text": f"说 {says}"}]}
    )


class Site:
    def __init__(self, folder):
        self.app, self.program, role = served(folder)
        self.control, self.front = self.program.control, guarded(self.app, self.program, role, Stop())
        self.agents = {"shop": agent("shop", CANARY), "tea": agent("tea", "茶")}
        for one in self.agents.values():
            self.program.library.save(one, None)
            put_on_api(self.control, one, by=COMMAND_LINE)

    def invite(self, id, *given):
        members = Membership(self.control)
        members.accept(members.invite(id, "", given, COMMAND_LINE), PASSWORD)

    @asynccontextmanager
    async def visitor(self, id):
        transport = httpx.ASGITransport(app=self.front)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
            response = await browser.post("/login", data={"name": id, "password": PASSWORD})
            assert response.status_code == 303, response.text
            yield browser


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """One for all of them: there is one Streamlit of a process."""
    found = Site(tmp_path_factory.mktemp("home"))
    Users(found.control).set_password("owner", PASSWORD)
    found.invite("lin", Given(role="owner", agents=("tea",)))
    found.invite("guest", Given(role="guest"))
    with asyncio.Runner() as runner:
        found.runner = runner
        started = found.app.router.lifespan_context(found.app)
        runner.run(started.__aenter__())
        yield found
        runner.run(started.__aexit__(None, None, None))


def live(test):
    """Run in the loop in which the program does."""

    @functools.wraps(test)
    def run(site):
        site.runner.run(test(site))

    return run


async def said(browser, given, text="你好", event="ask", session="s1"):
    """What Gradio's event answers: all that it streams."""
    page = (await browser.get("/play")).text
    config = json.loads(re.search(r"window\.gradio_config\s*=\s*(\{.*?\});?</script>", page, re.S)[1])
    ids = {one["id"]: one["props"].get("elem_id", "") for one in config["components"]}
    [fn] = [
        one["id"]
        for one in config["dependencies"]
        if any((ids.get(id, ""), on) == (event, "submit") for id, on in one["targets"])
    ]
    asked = {"data": [{"text": text, "files": []}, {"id": session, **given}], "fn_index": fn}
    asked |= {"session_hash": session, "event_data": None, "trigger_id": None}
    joined = await browser.post("/gradio_api/queue/join", content=json.dumps(asked), headers=JSON)
    if joined.status_code != 200:
        return joined.text
    async with asyncio.timeout(30):
        return (await browser.get("/gradio_api/queue/data", params={"session_hash": session})).text


ASKED = {
    "the other agent": {"agent": "shop"},
    "a version of it": {"agent": "shop", "tried": {"version": "published"}},
    "both side by side": {"agent": "tea", "columns": [{"agent": "tea"}, {"agent": "shop"}]},
    "none": {},
    "all": {"agent": "*"},
}


@live
async def test_an_event_of_the_playground_runs_ones_own_agent_and_no_other(site):
    async with site.visitor("lin") as lin, site.visitor("owner") as owner:
        assert "说 茶" in await said(lin, {"agent": "tea"})
        for n, given in enumerate(ASKED.values()):
            answered = await said(lin, given, session=f"lin{n}")
            assert f"说 {CANARY}" not in answered, given
        assert f"说 {CANARY}" in await said(owner, {"agent": "shop"}, session="o")


AS = {
    "id": "shop",
    "agent": "shop",
    "agent_id": "shop",
    "publication": "shop-1",
    "name": "shop",
    "of": "shop",
}
"""What a page names the other agent by."""


def asked_of(action):
    """Arguments that name the other agent, wherever an agent may be named."""
    names = {*action.kinds, *(one.rpartition(":")[2] for one in action.needs.on if one != "some")}
    return {name: AS.get(name, "shop-1") for name in names if name in AS or name in action.needs.on}


@live
async def test_no_click_shows_another_agent_or_changes_it(site):
    tables = {name: bound(site.program, *actions) for name, actions in (*ui.ACTIONS.items(), ("bar", ui.BAR))}
    file = site.program.settings.agents / "shop.json"
    before, seen, let = file.read_bytes(), set(), {}
    async with site.visitor("lin") as lin, site.visitor("owner") as owner:
        for page, actions in tables.items():
            for name, action in actions.items():
                if action.takes_file or name in ("change_password", "unlink", "backup"):
                    continue
                asked = json.dumps({"action": name, "args": asked_of(action)})
                answer = await lin.post(f"/click/{page}", content=asked, headers=JSON)
                if CANARY in answer.text:
                    let[f"{page}.{name}"] = answer.text[:300]
        for page, name in (("agents", "overview"), ("play", "agent"), ("build", "open_agent")):
            for one in (name, "list_agents", "agents"):
                if one in tables[page]:
                    asked = json.dumps({"action": one, "args": asked_of(tables[page][one])})
                    answer = await owner.post(f"/click/{page}", content=asked, headers=JSON)
                    seen |= {page} if CANARY in answer.text else set()
    assert let == {}
    assert file.read_bytes() == before
    assert len(seen) >= 2, "the one who may sees it, else this shows nothing"


@live
async def test_no_page_and_no_file_shows_another_agent(site):
    paths = [f"/{page}" for page in ui.PAGES] + ["/audit/file", "/deleted", "/metrics"]
    async with site.visitor("lin") as lin:
        for path in paths:
            answer = await lin.get(path, params={"agent": "shop", "publication": "shop-1"})
            assert CANARY not in answer.text, path


@live
async def test_a_key_of_ones_own_asks_ones_own_agent_and_no_other(site):
    lin = Users(site.control).actor("lin")
    key = Issuing(site.control).own(wish({**USUAL, "agents": ["tea"]}), lin)
    with pytest.raises(Forbidden):
        Issuing(site.control).own(wish({**USUAL, "agents": ["tea", "shop"]}), lin)
    transport, headers = httpx.ASGITransport(app=site.front), {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://localhost", headers=headers
    ) as program:
        mine = await program.post("/agent/chat", json={"input": "你好"})
        assert "说 茶" in mine.text
        for path, body in (
            ("/agent/chat", {"input": "你好", "agent": "shop"}),
            ("/agent/later", {"agent": "shop", "context_id": "x"}),
            ("/v1/chat/completions", {"model": "shop", "messages": [{"role": "user", "content": "你好"}]}),
        ):
            answer = await program.post(path, json=body)
            assert answer.status_code in (400, 403, 404), (path, answer.text)
            assert CANARY not in answer.text
        assert [one["id"] for one in (await program.get("/v1/models")).json()["data"]] == ["tea"]


async def over_a_socket(site, key, **asked):
    """What comes back over a WebSocket of the API, up to the end of that answer."""
    path = {"path": "/agent/ws", "raw_path": b"/agent/ws", "query_string": b"", "root_path": ""}
    headers = [(b"host", b"localhost"), (b"authorization", f"Bearer {key}".encode())]
    scope = {"type": "websocket", "scheme": "ws", "headers": headers, "client": ("203.0.113.9", 1), **path}
    scope |= {"subprotocols": ["hongyan.1"], "server": ("localhost", 80), "http_version": "1.1"}
    scope |= {"extensions": {"websocket.http.response": {}}}
    comes, ended, found = asyncio.Queue(), asyncio.Event(), []
    await comes.put({"type": "websocket.connect"})
    frame = {"type": "send", "id": "m1", "input": "你好", "context_id": "c1", **asked}
    await comes.put({"type": "websocket.receive", "text": json.dumps(frame)})

    async def send(message):
        found.append(message.get("text", message["type"]))
        if any(word in found[-1] for word in ('"answered"', '"failed"', "close", "response")):
            ended.set()

    work = asyncio.ensure_future(site.front(scope, comes.get, send))
    async with asyncio.timeout(20):
        await ended.wait()
    await comes.put({"type": "websocket.disconnect", "code": 1000})
    await asyncio.wait([work], timeout=5)
    return "\n".join(found)


@live
async def test_a_socket_runs_ones_own_agent_and_no_other(site):
    key = Issuing(site.control).own(wish({**USUAL, "agents": ["tea"]}), Users(site.control).actor("lin"))
    assert "说 茶" in await over_a_socket(site, key, agent="tea")
    refused = await over_a_socket(site, key, agent="shop", id="m2")
    assert ('"failed"' in refused, CANARY in refused) == (True, False)


@live
async def test_what_a_guest_tries_out_and_asks_by_keys_is_one_day(site):
    site.control.user_limits.put(UserLimit(id="guest", messages=3))
    guest = Users(site.control).actor("guest")
    async with (
        site.visitor("guest") as browser,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=site.front), base_url="http://localhost"
        ) as program,
    ):

        async def by_key():
            """With a new key each time."""
            key = Issuing(site.control).own(wish(USUAL), guest)
            headers = {"authorization": f"Bearer {key}"}
            return await program.post("/agent/chat", json={"input": "你好"}, headers=headers)

        for n in range(2):
            assert "说 茶" in await said(browser, {"agent": "tea"}, session=f"g{n}")
        assert (await by_key()).status_code == 200
        over = await by_key()
        assert (over.status_code, "3 " in over.json()["error"]["message"]) == (429, True)
        refused = await said(browser, {"agent": "tea"}, session="g9")
        assert "说 茶" not in refused
        assert "额度用完" in refused
        args = {"id": "tea", "text": "你好", "kind": "verified_service", "delay": 2, "channel": "wechat"}
        asked = json.dumps({"action": "rehearse", "args": args})
        rehearsed = await browser.post("/click/play", content=asked, headers=JSON)
        assert ("说 茶" in rehearsed.text, "额度用完" in rehearsed.text) == (False, True)
    async with site.visitor("owner") as owner:
        assert "说 茶" in await said(owner, {"agent": "tea"}, session="o2")
