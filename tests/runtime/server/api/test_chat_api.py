"""POST /agent/chat."""

import asyncio
import json
from dataclasses import dataclass, field

import orjson
import pytest

import visitors
from runtime.access.keys import Keys
from runtime.errors import NotFound, StoreFailed
from runtime.lang import Text
from runtime.publish import unpublish
from runtime.server.api import streams
from runtime.turn.events import BlockFinished, BlockStarted, Failed, Judged, ToolCalled, ToolReturned, Waited

USER = {"role": "user", "content": "x"}
DOWN = Failed("down", Text("模型没有回应。", "The model did not answer."))


@pytest.fixture
def house(tmp_path):
    return visitors.build(tmp_path)


@pytest.fixture
async def client(house):
    async with house.visitor(authorization=f"Bearer {house.key()}") as client:
        yield client


def events(text):
    """Server-sent events as (name, data)."""
    blocks = [block.split("\n") for block in text.strip().split("\n\n") if not block.startswith(":")]
    return [
        (name.removeprefix("event: "), orjson.loads(data.removeprefix("data: "))) for name, data in blocks
    ]


async def test_an_input_gets_a_reply_and_a_context_to_go_on_with(house, client):
    answer = (await client.post("/agent/chat", json={"input": "在吗"})).json()
    assert answer["reply"] == "你好"
    assert len(answer["new_context"]) > 16
    again = (
        await client.post("/agent/chat", json={"input": "还在吗", "context_id": answer["new_context"]})
    ).json()
    assert again["new_context"] == answer["new_context"]
    (publication, first), (_, second) = house.gateway.asked
    assert house.control.publication(publication).channel == "api"
    assert (first.text, second.text) == ("在吗", "还在吗")
    assert first.sender == second.sender
    assert first.sender.endswith(f":{answer['new_context']}")
    assert first.id != second.id
    assert house.gateway.pieces is False


@pytest.mark.parametrize(
    ("body", "headers"),
    [({"stream": True}, {}), ({}, {"accept": "text/event-stream"})],
    ids=["field", "header"],
)
async def test_a_stream_shows_the_answer_as_it_grows_and_ends_with_done(house, client, body, headers):
    response = await client.post(
        "/agent/chat", json={"input": "在吗", "context_id": "c1", **body}, headers=headers
    )
    assert response.headers["content-type"].startswith("text/event-stream")
    assert house.gateway.pieces is True
    assert response.headers["x-accel-buffering"] == "no"
    assert events(response.text) == [
        ("text_delta", {"text": "你"}),
        ("text_delta", {"text": "好"}),
        ("done", {"reply": "你好", "new_context": "c1"}),
    ]


INSIDE = "http://10.0.0.5:8000/orders?key=canary"
INSIDES = (
    BlockStarted("think", "model", INSIDE),
    ToolCalled("think", "1", "get", {"url": INSIDE}),
    ToolReturned("think", "1", "get", 5, INSIDE),
    BlockFinished("think", "model", 5, {"text": INSIDE}),
    Judged("out", "words", "block", INSIDE, INSIDE),
    Failed("connection", Text(f"连不上 {INSIDE}", f"Cannot connect to {INSIDE}")),
)


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("path", "body"),
    [("/agent/chat", {"input": "x"}), ("/v1/chat/completions", {"model": "shop", "messages": [USER]})],
)
async def test_a_key_shows_nothing_of_the_inside(house, client, path, body, stream):
    house.gateway.events = INSIDES
    response = await client.post(path, json={**body, "stream": stream})
    assert "canary" not in response.text
    assert "connection" in response.text


@dataclass(frozen=True)
class Failure:
    code: str
    status: int
    retry: str


FAILURES = [
    Failure("timeout", 504, "false"),
    Failure("connection", 502, "false"),
    Failure("rate_limit", 503, "30"),
    Failure("malformed", 502, "false"),
    Failure("stopping", 503, "5"),
    Failure("unfinished", 503, "5"),
    Failure("busy", 503, "5"),
    Failure("disk", 503, "30"),
    Failure("gone", 503, "30"),
    Failure("shed", 503, "5"),
    Failure("auth", 422, "false"),
    Failure("quota", 422, "false"),
    Failure("policy", 422, "false"),
    Failure("context", 422, "false"),
    Failure("rounds", 422, "false"),
    Failure("bug", 422, "false"),
]


@pytest.mark.parametrize("case", FAILURES, ids=lambda c: c.code)
async def test_only_what_may_go_better_is_a_5xx_and_says_when(house, client, case):
    house.gateway.events = (Failed(case.code, DOWN.reason),)
    response = await client.post("/agent/chat", json={"input": "在吗"}, headers={"accept-language": "zh"})
    assert response.status_code == case.status
    assert response.json()["error"]["code"] == case.code
    headers = response.headers
    assert headers.get("retry-after", headers.get("x-should-retry")) == case.retry


@pytest.mark.parametrize("last", [DOWN, NotFound(DOWN.reason, code="down")], ids=["failed", "raised"])
async def test_a_failed_stream_ends_with_an_error(house, client, last):
    house.gateway.events = (*visitors.EVENTS[:2], last)
    response = await client.post("/agent/chat", json={"input": "在吗", "stream": True})
    name, data = events(response.text)[-1]
    assert (name, data["code"]) == ("error", "down")


async def test_null_means_not_given(client):
    answer = await client.post("/agent/chat", json={"input": "在吗", "stream": None, "context_id": None})
    assert answer.json()["reply"] == "你好"


async def test_two_keys_never_share_a_conversation(house, client):
    async with house.visitor(authorization=f"Bearer {house.key()}") as other:
        for who in (client, other):
            await who.post("/agent/chat", json={"input": "在吗", "context_id": "same"})
    (_, first), (_, second) = house.gateway.asked
    assert first.sender != second.sender


async def test_the_same_idempotency_key_is_the_same_message(house, client):
    for key in ("order-1", "order-1", "order-2"):
        await client.post(
            "/agent/chat", json={"input": "在吗", "context_id": "c"}, headers={"idempotency-key": key}
        )
    first, again, other = (message for _, message in house.gateway.asked)
    assert (first.id, first.sender, first.text) == (again.id, again.sender, again.text)
    assert first.id != other.id
    assert house.gateway.needs_listener is False


@pytest.mark.parametrize("key", ["a b", "é".encode(), "x" * 256], ids=["space", "not ASCII", "long"])
async def test_an_idempotency_key_that_is_none_is_refused(house, client, key):
    response = await client.post("/agent/chat", json={"input": "x"}, headers={"idempotency-key": key})
    assert response.status_code == 400
    assert not house.gateway.asked


@pytest.mark.parametrize("stream", [True, False])
async def test_who_hangs_up_ends_the_turn(house, stream):
    house.gateway.hold = asyncio.Event()
    gone = asyncio.Event()
    body = json.dumps({"input": "x", "stream": stream}).encode()
    requests = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive():
        if requests:
            return requests.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        pass

    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    headers += [(b"authorization", f"Bearer {house.key()}".encode())]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/agent/chat",
        "raw_path": b"/agent/chat",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "scheme": "http",
        "root_path": "",
        "http_version": "1.1",
        "asgi": {"version": "3.0"},
    }
    serving = asyncio.ensure_future(house.app(scope, receive, send))
    await house.gateway.begun.wait()
    gone.set()
    await serving
    assert len(house.gateway.ended) == 1
    assert house.gateway.needs_listener is True


async def test_a_keys_pace_is_kept_and_told(house):
    async with house.visitor(authorization=f"Bearer {house.key(per_minute=3)}") as client:
        answers = [await client.post("/agent/chat", json={"input": "x"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 20
    assert "3" in answers[-1].json()["error"]["message"]


@pytest.mark.parametrize(
    ("limits", "used", "status"),
    [
        ({"per_day": 100}, (99, 0), 200),
        ({"per_day": 100}, (100, 0), 429),
        ({"tokens_per_day": 1000}, (1, 999), 200),
        ({"tokens_per_day": 1000}, (1, 1000), 429),
    ],
)
async def test_a_keys_day_is_kept(house, limits, used, status):
    house.gateway.used_up = used
    async with house.visitor(authorization=f"Bearer {house.key(**limits)}") as client:
        assert (await client.post("/agent/chat", json={"input": "x"})).status_code == status


async def test_the_bytes_that_a_key_sends_in_a_day_are_bounded(house):
    async with house.visitor(authorization=f"Bearer {house.key(megabytes_per_day=1)}") as client:
        answers = [
            await client.post("/agent/chat", json={"input": "x", "context_id": "", "no": "n" * 400_000})
            for _ in range(3)
        ]
    assert [answer.status_code for answer in answers] == [400, 400, 429]
    assert "1 MB" in answers[-1].json()["error"]["message"]


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://shop.example", True),
        ("https://evil.example", False),
        ("http://shop.example", False),
        ("null", False),
    ],
)
@pytest.mark.parametrize("path", ["/agent/chat", "/v1/chat/completions", "/v1/models"])
async def test_only_sites_on_the_list_may_call_from_a_browser(house, path, origin, allowed):
    asked = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
    }
    async with house.visitor() as browser:
        response = await browser.options(path, headers=asked)
    assert (response.headers.get("access-control-allow-origin") == origin) is allowed
    assert "access-control-allow-credentials" not in response.headers


async def test_options_says_what_a_path_takes(house):
    async with house.visitor() as anyone:
        response = await anyone.options("/agent/chat")
    assert (response.status_code, response.headers["allow"]) == (204, "POST, OPTIONS")


@dataclass(frozen=True)
class Case:
    id: str
    status: int
    content: bytes = b'{"input": "x"}'
    headers: dict = field(default_factory=dict)
    says: str = ""


BAD = [
    Case("no input", 400, b"{}", says="input"),
    Case("empty input", 400, b'{"input": ""}', says="input"),
    Case("stream is a word", 400, b'{"input": "x", "stream": "yes"}', says="stream"),
    Case("input is a list", 400, b'{"input": []}', says="input"),
    Case("long input", 400, b'{"input": "' + b"x" * 20_001 + b'"}', says="input"),
    Case("unknown field", 400, b'{"input": "x", "publication": "other"}', says="publication"),
    Case("context is a path", 400, b'{"input": "x", "context_id": "../x"}', says="context_id"),
    Case("not JSON", 400, b"{"),
    Case("not an object", 400, b"[]"),
    Case("not UTF-8", 400, b'{"input": "\xff"}'),
    Case("a name twice", 400, b'{"input": "a", "input": "b"}', says="'input' is there twice"),
    Case("a name twice inside", 400, b'{"input": "a", "x": {"y": 1, "y": 2}}', says="'y' is there twice"),
    Case("deep", 400, b'{"input": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", says="deep"),
    Case("a bomb", 400, b'{"input": [' + b"[]," * 1_000_000 + b"1]}", says="values"),
    Case("a long number", 400, b'{"input": ' + b"9" * 1_000_000 + b"}", says="digits"),
    Case("form", 415, b"input=x", {"content-type": "application/x-www-form-urlencoded"}),
    Case("no content type", 415, headers={"content-type": ""}),
    Case("text", 415, headers={"content-type": "text/plain"}),
    Case("too large", 413, headers={"content-length": "5000000"}),
    Case("no key", 401, headers={"authorization": ""}),
    Case("wrong key", 401, headers={"authorization": "Bearer hy-wrong"}),
    Case("another scheme", 401, headers={"authorization": "Basic hy-wrong"}),
    Case("quotes in a key", 401, headers={"authorization": "Bearer ' or 1=1 --"}),
    Case("a key that is no text", 401, headers={"authorization": b"Bearer \xff\xfe"}),
    Case("blank key", 401, headers={"authorization": "Bearer  "}),
]


@pytest.mark.parametrize("case", BAD, ids=lambda c: c.id)
async def test_a_bad_request_is_refused_with_a_sentence(house, client, case):
    headers = {"content-type": "application/json", **case.headers}
    response = await client.post("/agent/chat", content=case.content, headers=headers)
    assert response.status_code == case.status
    assert case.says in response.json()["error"]["message"]
    assert not house.gateway.asked


async def test_the_owners_cookie_opens_no_api(house):
    async with house.owner() as owner:
        assert (await owner.post("/agent/chat", json={"input": "x"})).status_code == 401


async def test_a_revoked_key_stops_at_once(house, client):
    Keys(house.control).revoke(Keys(house.control).all()[0].id)
    assert (await client.post("/agent/chat", json={"input": "x"})).status_code == 401


async def test_an_agent_that_was_taken_back_is_not_found(house, client):
    unpublish(house.control, house.control.publications()[0].id)
    assert (await client.post("/agent/chat", json={"input": "x"})).status_code == 404


async def test_guessing_is_bounded_but_a_right_key_always_passes(house, client):
    for attempt in range(12):
        async with house.visitor(authorization=f"Bearer hy-{attempt}") as stranger:
            status = (await stranger.get("/v1/models")).status_code
        assert status == (401 if attempt < 10 else 429)
    assert (await client.post("/agent/chat", json={"input": "x"})).status_code == 200


async def test_only_post_is_answered(house, client):
    assert (await client.get("/agent/chat")).status_code == 405


async def test_a_silent_stream_says_that_it_is_still_there():
    pinged = asyncio.Event()

    async def silent():
        await pinged.wait()
        yield DOWN

    found = []
    async for event in streams.with_pings(silent(), 0.01):
        found.append(event)
        pinged.set()
    assert found[0] is None
    assert found[-1] == DOWN


async def test_metrics_are_for_the_owner_and_the_metrics_key_and_for_no_agents_key(house, client):
    assert (await client.get("/metrics")).status_code == 401
    async with house.owner() as owner:
        assert (await owner.get("/metrics")).status_code == 200
    async with house.visitor(authorization=f"Bearer {visitors.METRICS_KEY}") as prometheus:
        assert (await prometheus.get("/metrics")).text == "# HELP x\n"
    for wrong in ("", "Bearer ", "Bearer x", "Bearer é", f"Basic {visitors.METRICS_KEY}"):
        async with house.visitor() as stranger:
            response = await stranger.get("/metrics", headers={"authorization": wrong.encode("latin-1")})
        assert response.status_code == 401, wrong


async def test_ready_means_that_the_disk_takes_messages(house):
    async with house.visitor() as probe:
        assert (await probe.get("/health")).json() == {"status": "ok"}
        assert (await probe.get("/ready")).status_code == 200


async def test_a_store_that_is_gone_is_not_ready(house):
    house.gateway.trouble = StoreFailed(Text("不见了", "is gone"), code="gone")
    async with house.visitor() as probe:
        response = await probe.get("/ready")
        assert response.status_code == 503
        assert response.json() == {"status": "not ready", "reason": "is gone"}


async def test_a_dead_publication_is_told_and_its_reason_to_the_owner_only(house):
    house.gateway.gone = {"shop-1": Text("少了积木", "a block is missing")}
    async with house.visitor() as probe, house.owner() as owner:
        assert (await probe.get("/ready")).json() == {"status": "ready", "dead": ["shop-1"]}
        assert "a block is missing" in (await owner.get("/ready")).json()["why"]["shop-1"]


async def test_of_several_programs_on_one_database_it_is_told_how_many_live(house):
    house.gateway.working = 3
    async with house.visitor() as probe:
        assert (await probe.get("/ready")).json() == {"status": "ready", "instances": 3}


async def test_what_vanishes_apart_from_other_processes_is_told_and_the_house_is_ready(house):
    house.gateway.vanishing.trouble = Text("连不上", "cannot be reached")
    async with house.visitor() as probe, house.owner() as owner:
        assert (await probe.get("/ready")).json() == {"status": "ready", "apart": True}
        assert (await owner.get("/ready")).json()["why"] == {"apart": "cannot be reached"}


async def test_a_full_disk_is_not_ready_but_alive(house):
    (house.data / "ready").mkdir()
    async with house.visitor() as probe:
        response = await probe.get("/ready")
        assert response.status_code == 503
        assert response.json()["reason"]
        assert (await probe.get("/health")).status_code == 200


@pytest.mark.parametrize("stream", [False, True])
async def test_what_a_flow_waits_for_is_told(house, client, stream):
    what = Text("问：几位", "Asks for: guests")
    waited = Waited(
        "几位？", 5, block="ask", wait="message", what=what, until=9.0, step="ask.0", carried="{}"
    )
    house.gateway.events = (waited,)
    answer = await client.post("/agent/chat", json={"input": "订座", "stream": stream})
    told = events(answer.text)[-1][1] if stream else answer.json()
    assert told["reply"] == "几位？"
    assert told["waiting"] == {"for": "message", "what": what.by_language(), "until": 9.0}
    assert "carried" not in answer.text
