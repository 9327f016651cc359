"""Who opens which route with which key: a table of kinds of keys and of surfaces, asked of one check."""

from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from runtime.access.actor import OWNER
from runtime.access.audit.log import Audit
from runtime.access.issuing import Issuing, wish
from runtime.access.key_uses import EVERY, KeyUses
from runtime.access.keys import OF_KEYS, Keys
from runtime.access.membership import Membership
from runtime.access.permissions import Permission
from runtime.access.users import Users
from runtime.caps import Sum, Today
from runtime.errors import Conflict, Forbidden, HongyanError, Invalid, NotFound, TooMany
from runtime.lang import Text
from runtime.server.api.chat_api import ChatApi
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.decisions_api import DecisionsApi
from runtime.server.api.key_check import KeyCheck
from runtime.server.api.mcp_api import McpApi
from runtime.server.api.openai_api import OpenAiApi
from runtime.server.api.operator_api import OperatorApi
from runtime.server.api.unasked_api import UnaskedApi
from runtime.server.large_bodies import LargeBodies
from runtime.store.control.control import Control
from runtime.store.control.records import Publication
from runtime.store.control.user_records import Given
from runtime.store.vanishing.memory import InMemory
from visitors import NobodySignsIn

RUN, READ, ANSWER, ERASE = (one.id for one in OF_KEYS)
CHAT = ("/agent/chat", {"input": "你好"})
MODELS = ("/v1/models", None)
WAITS, TICKETS = ("/desk/waits", {}), ("/desk/tickets", {})
SURFACES = {
    RUN: [CHAT, MODELS, ("/v1/chat/completions", {}), ("/mcp", {}), ("/agent/later", {})],
    READ: [WAITS, TICKETS],
    ANSWER: [("/desk/" + one, {}) for one in ("say", "take", "note", "draft", "wait", "reopen", "hand_back")]
    + [("/desk/" + one, {}) for one in ("approve", "deny", "cancel")],
    ERASE: [("/desk/" + one, {}) for one in ("claims", "unbind", "tags")],
}
"""What a route asks for; an empty question is told to be none by whoever would be let in."""


class Gateway:
    used = Sum()
    used_by_all_of_a_user = Sum()

    @property
    def spending(self):
        return self

    async def of_key(self, key):
        return Today(self.used, 3600.0)

    async def of_user(self, user):
        return Today(self.used_by_all_of_a_user, 3600.0)

    async def stream(self, *given, **more):
        raise Conflict(Text("没有", "Nobody answers here."))
        yield


class Served:
    def __init__(self, folder):
        self.folder, self.control = folder, Control.in_folder(folder)
        for agent in ("shop", "tea"):
            record = Publication(id=agent, agent=agent, channel="api", version=1, created_at=0)
            self.control.save_publication(record)
        self.issuing, self.members = Issuing(self.control), Membership(self.control)
        self.gateway, browsers = Gateway(), Browsers(())
        keys = KeyCheck(self.control, InMemory())
        own, audit = (self.gateway, keys, self.control), Audit(folder, self.control.mark)
        routes = [
            *ChatApi(*own, browsers, NobodySignsIn()).routes(),
            *OpenAiApi(*own, browsers).routes(),
            *McpApi(*own, browsers).routes(),
            *UnaskedApi(self.gateway, keys, browsers).routes(),
            *OperatorApi(*own, audit).routes(),
            *DecisionsApi(*own, audit).routes(),
        ]
        self.routes = routes
        self.client = TestClient(Starlette(routes=routes), raise_server_exceptions=False)

    def ask(self, key, surface):
        path, body = surface
        headers = {"authorization": f"Bearer {key}"} if key else {}
        if body is None:
            return self.client.get(path, headers=headers)
        return self.client.post(path, json=body, headers=headers)

    def user(self, id, *roles):
        self.members.invite(id, "", [Given(role=role) for role in roles], OWNER)
        return lambda: Users(self.control).actor(id)

    def own(self, who, *permissions, agents=("shop",), **more):
        return self.issuing.own(
            wish({"name": "x", "permissions": permissions, "agents": agents, **more}), who
        )


@pytest.fixture
def served(tmp_path):
    return Served(tmp_path)


def opened(response):
    """Whether it was let in: what came next is another matter."""
    return response.status_code not in (401, 403)


def kinds(served):
    """Each kind of key, and what it opens."""
    anna, fay = served.user("anna", "admin"), served.user("fay", "editor")
    return {
        "of before, that asks": (Keys(served.control).create("shop"), {RUN}),
        "of before, that operates": (Keys(served.control).create("shop", operates=True), {*SURFACES}),
        "somebody's, all": (served.own(anna(), *SURFACES), {*SURFACES}),
        "somebody's, reading": (served.own(anna(), READ), {READ}),
        "somebody's, of several": (served.own(anna(), RUN, ANSWER, agents=("shop", "tea")), {RUN, ANSWER}),
        "an editor's": (served.own(fay(), RUN, per_minute=5, per_day=5, tokens_per_day=5), {RUN}),
        "nobody's": (
            served.issuing.service(
                wish({"name": "x", "permissions": [READ, ERASE], "agents": ["tea"]}), anna()
            ),
            {READ, ERASE},
        ),
    }


def test_every_route_lets_in_whom_its_permission_says_and_nobody_else(served):
    served.gateway.messages = SimpleNamespace(
        waits=SimpleNamespace(open=nothing), tickets=SimpleNamespace(listed=nothing)
    )
    asked = {way.path: way.asks.id for way in served.routes if getattr(way, "asks", None)}
    assert {path for each in SURFACES.values() for path, _ in each} <= asked.keys()
    for kind, (key, opens) in kinds(served).items():
        for permission, surfaces in SURFACES.items():
            for surface in surfaces:
                assert asked[surface[0]] == permission
                may = permission in opens
                if kind == "an editor's":
                    may = may and surface[0] == "/v1/models"  # five a minute are soon gone
                    if permission == RUN:
                        continue
                assert opened(served.ask(key, surface)) == may, (kind, surface)


async def nothing(*_, **__):
    return []


def test_a_route_for_keys_that_asks_for_nothing_is_no_route(served):
    machines = [way for way in served.routes if way.path.startswith(("/agent", "/v1", "/mcp", "/desk"))]
    assert machines
    assert all(isinstance(way.asks, Permission) for way in machines)


def test_what_is_wrong_with_a_key_is_told_of_none(served, monkeypatch):
    anna = served.user("anna", "admin")
    keys = {name: served.own(anna(), RUN, days=1) for name in ("revoked", "over", "left")}
    served.issuing.end(keys["revoked"][:7], OWNER)
    record = Keys(served.control).named(keys["over"][:7])
    served.control.keys.put(record.model_copy(update={"expires_at": 1.0}))
    said = {
        served.ask("hy-" + "x" * 43, MODELS).text,
        *(served.ask(keys[one], MODELS).text for one in ("revoked", "over")),
    }
    served.members.disable("anna", OWNER)
    answer = served.ask(keys["left"], MODELS)
    assert answer.status_code == 401
    assert {answer.text} == said
    assert "another" in answer.text  # what to do
    served.members.enable("anna", OWNER)
    assert served.ask(keys["left"], MODELS).status_code == 200
    served.members.remove("anna", OWNER)
    assert {served.ask(keys["left"], MODELS).text} == said


def test_whoever_may_less_has_a_key_that_may_less_at_once(served):
    anna = served.user("anna", "operator", "editor")
    key = served.own(anna(), RUN, READ, per_minute=100, per_day=1000, tokens_per_day=1000)
    served.gateway.messages = SimpleNamespace(waits=SimpleNamespace(open=nothing))
    assert [served.ask(key, one).status_code for one in (MODELS, WAITS)] == [200, 200]
    served.members.give("anna", [Given(role="editor")], OWNER)
    refused = served.ask(key, WAITS)
    assert (served.ask(key, MODELS).status_code, refused.status_code) == (200, 403)
    assert READ in refused.json()["error"]["message"]
    served.members.give("anna", [Given(role="editor", agents=("tea",))], OWNER)
    assert served.ask(key, MODELS).status_code == 403
    served.members.give("anna", [Given(role="editor", agents=("tea", "shop"))], OWNER)
    assert served.ask(key, MODELS).status_code == 200


REFUSED = [
    ("guest", [RUN, READ], ("shop",), {}, Forbidden),
    ("viewer", [RUN], ("shop",), {}, Forbidden),
    ("editor", [RUN], (), {}, Invalid),
    ("editor", [], ("shop",), {}, Invalid),
    ("editor", ["settings.edit"], ("shop",), {}, Invalid),
    ("editor", [RUN], ("shop",), {"per_day": None}, Invalid),
    ("editor", [RUN], ("shop",), {"tokens_per_day": 10**9}, Invalid),
    ("editor", [RUN], ("shop",), {"money_per_day": float("nan")}, Invalid),
    ("editor", [RUN], ("shop",), {"days": 0}, Invalid),
    ("editor", [RUN], ("shop",), {"name": " "}, Invalid),
    ("editor", [RUN], ("shop",), {"name": "a\nb"}, Invalid),
    ("editor", [RUN], ("../shop",), {}, Invalid),
]


@pytest.mark.parametrize(("role", "permissions", "agents", "more", "error"), REFUSED)
def test_nobody_makes_a_key_that_may_more_than_they_may(served, role, permissions, agents, more, error):
    who = served.user("bob", role)()
    usual = {"per_minute": 60, "per_day": 100, "tokens_per_day": 1000}
    with pytest.raises(error):
        served.own(who, *permissions, agents=agents, **{**usual, **more})
    assert Keys(served.control).all() == []


def test_ones_own_keys_are_ended_one_by_one_and_nobody_elses(served):
    anna, bob = served.user("anna", "admin"), served.user("bob", "guest")
    mine, other = served.own(anna(), RUN), served.own(anna(), RUN)
    for id in (mine[:7], "hy-none"):
        with pytest.raises(NotFound):
            served.issuing.end(id, bob(), user="bob")
        with pytest.raises(HongyanError):
            served.issuing.end(id, bob())
    served.issuing.end(mine[:7], anna(), user="anna")
    assert [served.ask(one, MODELS).status_code for one in (mine, other)] == [401, 200]
    assert (
        mine not in (served.control.home / "data/control/keys.json").read_text()
        if (served.control.home / "data/control/keys.json").exists()
        else True
    )


def test_a_key_of_several_agents_says_which(served):
    key = served.own(served.user("anna", "admin")(), RUN, agents=("shop", "tea"))
    listed = served.ask(key, MODELS).json()["data"]
    assert [one["id"] for one in listed] == ["shop", "tea"]
    which = served.ask(key, CHAT)
    assert (which.status_code, which.json()["error"]["code"]) == (400, "invalid")
    assert "shop, tea" in which.json()["error"]["message"]
    assert served.ask(key, ("/agent/chat", {"input": "x", "agent": "other"})).status_code == 404


LEFT = [
    ({"per_day": 10}, Sum(messages=3), {"limit-requests": "10", "remaining-requests": "7"}),
    ({"per_day": 10}, Sum(messages=12), {"limit-requests": "10", "remaining-requests": "0"}),
    ({"tokens_per_day": 100}, Sum(tokens=40), {"limit-tokens": "100", "remaining-tokens": "60"}),
    ({"money_per_day": 0.5}, Sum(cost=0.2), {"limit-dollars": "0.5", "remaining-dollars": "0.3"}),
    ({}, Sum(messages=9), {}),
]


@pytest.mark.parametrize("surface", [CHAT, TICKETS])
@pytest.mark.parametrize(("limits", "used", "told"), LEFT)
def test_what_is_left_of_the_day_is_told_with_each_answer(served, limits, used, told, surface):
    key = Keys(served.control).create("shop", operates=True, **limits)
    served.gateway.used = used
    served.gateway.messages = SimpleNamespace(tickets=SimpleNamespace(listed=nothing))
    response = served.ask(key, surface)
    found = {name: value for name, value in response.headers.items() if name.startswith("x-ratelimit")}
    reset = {f"x-ratelimit-reset-{name.rpartition('-')[2]}": "3600s" for name in told}
    assert found == {f"x-ratelimit-{name}": value for name, value in told.items()} | reset
    over = told.get("remaining-requests") == "0"
    assert (response.status_code == 429) == over
    assert response.headers.get("retry-after") == ("3600" if over else None)


def test_when_and_from_where_a_key_was_used_is_noted_now_and_then(tmp_path):
    now = [1000.0]
    uses = KeyUses(Control.in_folder(tmp_path), lambda: now[0])
    assert uses.of("k") is None
    assert [uses.is_due("k"), uses.is_due("k"), uses.is_due("j")] == [True, False, True]
    uses.note("k", "203.0.113.9")
    now[0] += EVERY
    assert uses.is_due("k")
    assert (uses.of("k").at, uses.of("k").address) == (1000.0, "203.0.113.9")


@pytest.mark.parametrize("name", ["", "  ", "a\x01", "\x1b[2K", "a\nb", "x" * 61])
def test_a_key_has_a_name_that_can_be_seen_and_moves_no_terminal(name):
    with pytest.raises(Invalid) as refused:
        wish({"name": name, "permissions": [RUN], "agents": ["shop"]})
    assert refused.value.field == "name"


async def test_of_one_key_few_large_requests_are_read_at_once_and_small_ones_wait_for_nobody(tmp_path):
    control = Control.in_folder(tmp_path)
    key = Keys(control).find(Keys(control).create("shop"))
    full = KeyCheck(control, InMemory(), LargeBodies(of_one=0, patience=0))

    def asked(*headers):
        return Request({"type": "http", "headers": list(headers)})

    async with full.reading(asked((b"content-length", b"4194304")), key):
        pass
    for headers in [[(b"content-length", b"4194305")], [(b"content-length", b"9" * 5000)], []]:
        with pytest.raises(TooMany):
            async with full.reading(asked(*headers), key):
                pass
