"""A2A as both of its versions write it. The requests are those of a2a-sdk 1.3.0, for 1.0 and for 0.3."""

import asyncio
import json

import pytest
from open_world import opened

from script import DOWN, says

OLD = {
    "send": "message/send",
    "stream": "message/stream",
    "get": "tasks/get",
    "cancel": "tasks/cancel",
    "again": "tasks/resubscribe",
    "card": "agent/getAuthenticatedExtendedCard",
}
NEW = {
    "send": "SendMessage",
    "stream": "SendStreamingMessage",
    "get": "GetTask",
    "cancel": "CancelTask",
    "again": "SubscribeToTask",
    "card": "GetExtendedAgentCard",
}


class Caller:
    """What a client of one version sends, and where in its results the same stands."""

    def __init__(self, w, new):
        self.w, self.new = w, new
        self.headers = {"a2a-version": "1.0"} if new else {}

    def message(self, text="你好", id="m-1", **more):
        part, role = ({"text": text}, "ROLE_USER") if self.new else ({"kind": "text", "text": text}, "user")
        kind = {} if self.new else {"kind": "message"}
        return {"message": {"messageId": id, "role": role, "parts": [part], **kind, **more}}

    def body(self, verb, params):
        return {"jsonrpc": "2.0", "id": "1", "method": (NEW if self.new else OLD)[verb], "params": params}

    async def call(self, verb, params, path="/a2a/shop"):
        response = await self.w.http.post(path, json=self.body(verb, params), headers=self.headers)
        assert response.status_code == 200, response.text
        return response.json()

    async def stream(self, verb, params):
        async with self.w.http.stream(
            "POST", "/a2a/shop", json=self.body(verb, params), headers=self.headers
        ) as response:
            assert response.headers["content-type"].startswith("text/event-stream"), await response.aread()
            async for line in response.aiter_lines():
                if line.startswith("data: "):
                    yield json.loads(line[6:])

    def sent(self, answer):
        return answer["result"]["task"] if self.new else answer["result"]

    def state(self, task):
        return task["status"]["state"].removeprefix("TASK_STATE_").lower()

    def told(self, answer):
        """Of a streamed result: what it is, and its content."""
        result = answer["result"]
        if self.new:
            ((kind, told),) = result.items()
            return {"artifactUpdate": "artifact", "statusUpdate": "status"}.get(kind, kind), told
        return result["kind"].removesuffix("-update"), result


@pytest.fixture(params=[True, False], ids=["1.0", "0.3"])
def new(request):
    return request.param


def text_of(artifact):
    return "".join(part["text"] for part in artifact["parts"])


async def test_a_message_is_a_task_that_is_over_once_it_is_answered_and_the_next_goes_on(tmp_path, new):
    async with opened(tmp_path, says("你好呀"), says("再见")) as w:
        a2a = Caller(w, new)
        task = a2a.sent(await a2a.call("send", a2a.message()))
        assert (a2a.state(task), text_of(task["artifacts"][0])) == ("completed", "你好呀")
        again = a2a.sent(await a2a.call("send", a2a.message()))
        assert again["id"] == task["id"]
        told = (await a2a.call("get", {"id": task["id"]}))["result"]
        assert {**told, "status": 0} == {**task, "status": 0}
        more = a2a.message("走了", "m-2", contextId=task["contextId"])
        other = a2a.sent(await a2a.call("send", more))
    assert (other["contextId"], other["id"] != task["id"]) == (task["contextId"], True)
    assert [one["content"] for one in w.asked[1]][-3:] == ["你好", "你好呀", "走了"]
    assert len(w.asked) == 2


async def test_a_stream_tells_the_task_its_pieces_and_its_end(tmp_path, new):
    async with opened(tmp_path, says("你好呀")) as w:
        a2a = Caller(w, new)
        told = [a2a.told(one) async for one in a2a.stream("stream", a2a.message())]
    assert list(dict.fromkeys(kind for kind, _ in told)) == ["task", "artifact", "status"]
    pieces = [one for kind, one in told if kind == "artifact"]
    assert "".join(text_of(one["artifact"]) for one in pieces) == "你好呀"
    assert [one["append"] for one in pieces] == [False, True, True]
    last = told[-1][1]
    assert (a2a.state(last), last.get("final")) == ("completed", None if new else True)
    assert len({one.get("taskId") or one["id"] for _, one in told}) == 1


async def test_who_does_not_wait_asks_later_follows_and_cancels(tmp_path, new):
    gate = asyncio.Event()
    async with opened(tmp_path, says("好"), gate=gate) as w:
        a2a = Caller(w, new)
        at_once = {"returnImmediately": True} if new else {"blocking": False}
        first = a2a.sent(await a2a.call("send", {**a2a.message(), "configuration": at_once}))
        assert a2a.state(first) == "submitted"
        assert a2a.state((await a2a.call("get", {"id": first["id"]}))["result"]) == "working"
        second = a2a.sent(await a2a.call("send", {**a2a.message(id="m-2"), "configuration": at_once}))
        following = asyncio.ensure_future(listed(a2a, second["id"]))
        await w.until(lambda: any(job.watchers for job in w.gateway._worker._live.values()))
        cancelled = await a2a.call("cancel", {"id": second["id"]})
        assert a2a.state(cancelled["result"]) == "canceled"
        gate.set()
        assert a2a.state((await following)[-1][1]) == "canceled"
        for _ in range(2):  # also when it is over
            assert a2a.state((await a2a.call("get", {"id": second["id"]}))["result"]) == "canceled"
        again = a2a.sent(await a2a.call("send", a2a.message(id="m-2")))
        assert a2a.state(again) == "canceled"
        done = await a2a.call("cancel", {"id": second["id"]})
        assert done["error"]["code"] == -32002
        over = await a2a.call("again", {"id": second["id"]})
        assert over["error"]["code"] == -32004


async def listed(a2a, id):
    return [a2a.told(one) async for one in a2a.stream("again", {"id": id})]


async def test_a_turn_that_fails_is_a_task_that_failed(tmp_path, new):
    async with opened(tmp_path, DOWN) as w:
        a2a = Caller(w, new)
        task = a2a.sent(await a2a.call("send", a2a.message()))
        told = [a2a.told(one) async for one in a2a.stream("stream", a2a.message(id="m-2"))]
        kept = (await a2a.call("get", {"id": task["id"]}))["result"]
    for one in (task, kept, told[-1][1]):
        assert a2a.state(one) == "failed"
        assert one["status"]["message"]["parts"][0]["text"]


async def test_data_and_pictures_are_taken_and_other_files_refused(tmp_path, new):
    seen = {"type": "model", "id": "answer", "prompt": {"text": "答"}, "images": True}
    picture = {"raw": "aGk=", "mediaType": "image/png"}
    other = {"url": "https://x/y.zip", "mediaType": "application/zip"}
    data = {"data": {"a": 1}}
    if not new:
        picture = {"kind": "file", "file": {"bytes": "aGk=", "mimeType": "image/png"}}
        other = {"kind": "file", "file": {"uri": "https://x/y.zip", "mimeType": "application/zip"}}
        data["kind"] = "data"
    agent = {"id": "shop", "name": "店", "flow": [seen]}
    async with opened(tmp_path, says("好"), agent=agent) as w:
        a2a = Caller(w, new)
        await a2a.call("send", a2a.message(parts=[data, picture]))
        refused = await a2a.call("send", a2a.message(id="m-2", parts=[other]))
    assert [part["type"] for part in w.asked[0][-1]["content"]] == ["text", "image_url"]
    assert refused["error"]["code"] == -32005


STRANGE = [f"kept:{'0' * 64}", "file:///etc/passwd", "data:text/html,x", "javascript:x", "//x/y.png"]


async def test_a_picture_is_an_address_on_the_web_or_itself_and_no_file_of_ours(tmp_path):
    async with opened(tmp_path) as w:
        a2a = Caller(w, True)
        many = 9 * [{"url": "https://x.example/a.png", "mediaType": "image/png"}]
        parts = [
            *([{"url": url, "mediaType": "image/png"}] for url in STRANGE),
            many,
            [{"text": "长" * 100_001}],
        ]
        parts += [[{"raw": "PHN2Zz4=", "mediaType": "image/svg+xml"}]]
        told = [await a2a.call("send", a2a.message(id=f"m-{n}", parts=one)) for n, one in enumerate(parts)]
    assert [one["error"]["code"] for one in told] == len(parts) * [-32602]
    assert w.asked == []


async def test_the_card_is_for_who_holds_a_key_and_for_all_where_the_owner_says_so(tmp_path, new):
    paths = ["/.well-known/agent-card.json", "/a2a/shop/.well-known/agent-card.json"]
    for shown in (False, True):
        async with opened(tmp_path / str(shown), public_card=shown) as w:
            a2a = Caller(w, new)
            told = [await w.http.get(path) for path in paths]
            extended = (await a2a.call("card", {}))["result"]
            del w.http.headers["authorization"]
            public = [(await w.http.get(path)).status_code for path in paths]
        assert public == ([200, 200] if shown else [404, 404])
        for one in told:
            card = one.json()
            assert (card["name"], card["url"]) == ("店", "https://agents.example/a2a/shop")
            at = {one["protocolVersion"]: one["url"] for one in card["supportedInterfaces"]}
            assert at == dict.fromkeys(("1.0", "0.3.0"), card["url"])
        assert extended["skills"][0]["id"] == "ask"
        assert ("securityRequirements" in extended) == new


async def test_it_is_nobody_elses(tmp_path, new):
    async with opened(tmp_path, says("好")) as w:
        a2a = Caller(w, new)
        task = a2a.sent(await a2a.call("send", a2a.message()))
        w.other_key()
        for verb in ("get", "cancel", "again"):
            assert (await a2a.call(verb, {"id": task["id"]}))["error"]["code"] == -32001
        w.http.headers["authorization"] = "Bearer hy-wrong"
        response = await w.http.post("/a2a/shop", json=a2a.body("get", {"id": task["id"]}))
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")


def call(method="SendMessage", **more):
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": {}, **more}


BAD = [
    ("no method", call(method=""), {}, -32600),
    ("another JSON-RPC", call(jsonrpc="1.0"), {}, -32600),
    ("an id that is none", call(id=True), {}, -32600),
    ("no id", call(id=None), {}, -32600),
    ("unheard of", call("Do"), {}, -32601),
    ("no message", call(), {}, -32602),
    ("no parts", call(params={"message": {"messageId": "m", "role": "user", "parts": []}}), {}, -32602),
    (
        "nothing in it",
        call(params={"message": {"messageId": "m", "role": "user", "parts": [{"text": " "}]}}),
        {},
        -32602,
    ),
    ("params that are none", call(params=[1]), {}, -32602),
    ("no such task", call("GetTask", params={"id": "x"}), {}, -32001),
    (
        "goes on with no task",
        call(params={"message": {"messageId": "m", "taskId": "x", "role": "user", "parts": [{"text": "a"}]}}),
        {},
        -32001,
    ),
    ("pushes", call("CreateTaskPushNotificationConfig"), {}, -32003),
    ("lists", call("ListTasks"), {}, -32004),
    ("another version", call(), {"a2a-version": "2.0"}, -32009),
]


@pytest.mark.parametrize("case", BAD, ids=lambda case: case[0])
async def test_what_is_no_call_has_an_error_of_its_own(tmp_path, case):
    _, body, headers, code = case
    async with opened(tmp_path) as w:
        response = await w.http.post("/a2a/shop", json=body, headers=headers)
        strange = await w.http.post("/a2a/shop", json=call(), headers={"origin": "https://evil.example"})
    assert (response.status_code, response.json()["error"]["code"]) == (200, code)
    assert response.json()["id"] == (1 if code != -32600 else None)
    assert strange.status_code == 403
    assert not w.asked
