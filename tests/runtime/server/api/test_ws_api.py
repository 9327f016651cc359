"""GET /agent/ws, with a client that is not ours."""

import asyncio
import json
import os
import socket
import sys
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import websockets
from websockets.asyncio.client import connect
from websockets.frames import Frame, Opcode

import visitors
from runtime.access.keys import Keys
from runtime.errors import StoreFailed
from runtime.lang import Text
from runtime.server.api import ws_outgoing, ws_talk
from runtime.server.api.ws_told import TOLD
from runtime.turn.events import Failed, Replied, Stored, TextDelta, TextReset
from served import served

SEND = {"type": "send", "id": "m1", "input": "在吗", "context_id": "c1"}
DOWN = Failed("rate_limit", Text("坏了", "canary"))
PIECES = (Stored(), TextDelta("think", "内心"), TextDelta("answer", "你"), TextDelta("answer", "好"))


@pytest.fixture
async def house(tmp_path):
    house = visitors.build(tmp_path)
    house.gateway.events = (*PIECES, Replied("你好", 5))
    async with served(house.app) as port:
        house.ws = f"ws://127.0.0.1:{port}/agent/ws"
        yield house


@asynccontextmanager
async def line(house, **options):
    options.setdefault("additional_headers", {"authorization": f"Bearer {house.key()}"})
    async with connect(house.ws, **options) as there:
        yield there


async def say(there, *frames):
    for frame in frames:
        await there.send(json.dumps(frame))


async def hear(there, until=("answered", "failed", "pong")):
    found = []
    while not found or found[-1]["type"] not in until:
        found.append(json.loads(await asyncio.wait_for(there.recv(), 5)))
        TOLD.validate_python(found[-1])  # as asyncapi.json says
    return found


async def test_a_message_is_stored_written_and_answered(house):
    async with line(house) as there:
        await say(there, SEND)
        found = await hear(there)
    assert found[0] == {"type": "accepted", "id": "m1"}
    assert found[1]["type"] == "rewritten"
    assert "".join(one["text"] for one in found[1:-1]) == "你好"
    assert found[-1] == {"type": "answered", "id": "m1", "reply": "你好", "context_id": "c1"}
    ((_, message),) = house.gateway.asked
    assert (message.text, message.sender.endswith(":c1")) == ("在吗", True)
    assert message.data == {"way": "/agent/ws"}
    assert house.gateway.needs_listener is False


async def test_who_comes_back_sends_the_same_again_and_is_shown_the_whole_text(house):
    house.gateway.hold = asyncio.Event()
    async with line(house) as there:
        await say(there, SEND)
        await hear(there, ("accepted",))
    house.gateway.hold.set()
    async with line(house) as there:
        await say(there, SEND)
        again = await hear(there)
    assert [one["type"] for one in again if one["type"] != "written"] == ["accepted", "rewritten", "answered"]
    (_, first), (_, second) = house.gateway.asked
    assert (first.id, first.sender.rpartition(":")[2]) == (second.id, second.sender.rpartition(":")[2])


async def test_a_text_that_is_void_is_written_anew(house):
    reset = (Stored(), TextDelta("answer", "让我"), TextReset("answer"), TextDelta("answer", "好"))
    house.gateway.events = (*reset, TextReset("think"), TextDelta("answer", "的"), Replied("好的", 5))
    async with line(house) as there:
        await say(there, SEND)
        found = await hear(there)
    shown = ""
    for one in found[1:-1]:
        shown = one["text"] if one["type"] == "rewritten" else shown + one["text"]
    assert shown == "好的"


async def test_many_at_once_are_told_apart_and_one_that_runs_is_begun_once(house):
    house.gateway.hold = asyncio.Event()
    async with line(house) as there:
        await say(there, *({**SEND, "id": f"m{n}"} for n in range(ws_talk.AT_ONCE)), {**SEND, "id": "m0"})
        await say(there, {**SEND, "id": "too many"}, {**SEND, "id": "more"})
        found = await hear(there, ("failed",))
        refused = [one for one in found if one["type"] == "failed"] + await hear(there, ("failed",))
        house.gateway.hold.set()
        while len(answers := [one for one in found if one["type"] == "answered"]) < ws_talk.AT_ONCE:
            found += await hear(there, ("answered",))
    assert {one.get("id") for one in refused if one["type"] == "failed"} == {None, "more"}
    assert [one["again"] for one in refused if one.get("id") == "more"] == [1]
    assert {one["id"] for one in answers} == {f"m{n}" for n in range(ws_talk.AT_ONCE)}
    assert len(house.gateway.asked) == ws_talk.AT_ONCE


@pytest.mark.parametrize("other", [{"context_id": "c2"}, {"input": "别的"}, {"user": {"id": "u2"}}])
async def test_nobody_gets_the_answer_to_another_message_of_the_same_id(house, other):
    house.gateway.hold = asyncio.Event()
    async with line(house) as there:
        await say(there, SEND)
        await hear(there, ("accepted",))
        await say(there, {**SEND, **other}, SEND)
        [refused] = [one for one in await hear(there, ("failed",)) if one["type"] == "failed"]
        house.gateway.hold.set()
        [*_, answered] = await hear(there, ("answered",))
    assert (refused["code"], refused["context_id"]) == (
        "idempotency_key_reused",
        other.get("context_id", "c1"),
    )
    assert answered["context_id"] == "c1"
    assert len(house.gateway.asked) == 1


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("not json", "malformed"),
        ("[1]", "invalid"),
        ("{}", "invalid"),
        ('{"type": "send", "type": "ping"}', "malformed"),
        ('{"type": "drop table"}', "invalid"),
        (json.dumps({**SEND, "id": ""}), "invalid"),
        (json.dumps({**SEND, "id": "a b"}), "invalid"),
        (json.dumps({**SEND, "input": ""}), "invalid"),
        (json.dumps({**SEND, "input": "x" * 20_001}), "invalid"),
        (json.dumps({**SEND, "context_id": "../x"}), "invalid"),
        (json.dumps({**SEND, "context_id": ""}), "invalid"),
        (json.dumps({**SEND, "user": {"id": "x", "admin": True}}), "invalid"),
        (json.dumps({**SEND, "more": 1}), "invalid"),
        ("[" * 5000, "malformed"),
        ("x" * 70_000, "too_large"),
        (b"\x00\x01", "malformed"),
    ],
)
async def test_what_is_no_frame_is_told_and_the_line_stays(house, frame, code):
    async with line(house) as there:
        await there.send(frame)
        ((told),) = await hear(there)
        assert (told["type"], told["code"]) == ("failed", code)
        assert told["message"]
        await say(there, {"type": "ping"})
        assert await hear(there) == [{"type": "pong"}]
    assert house.gateway.asked == []


async def test_who_sends_nothing_but_nonsense_is_closed(house):
    async with line(house) as there:
        for _ in range(ws_talk.MOST_WRONG):
            await there.send("nonsense")
        with pytest.raises(websockets.ConnectionClosedError) as e:
            await hear(there, ("never",))
    assert e.value.rcvd.code == ws_talk.POLICY


@pytest.mark.parametrize(
    ("events", "code", "again"),
    [
        ((Stored(), DOWN), "rate_limit", True),
        ((Stored(), Failed("policy", Text("坏了", "canary"))), "policy", False),
        ((StoreFailed(Text("坏了", "canary"), code="disk"),), "disk", True),
    ],
)
async def test_what_goes_wrong_is_told_without_insides_and_the_next_is_answered(house, events, code, again):
    house.gateway.events = events
    async with line(house) as there:
        await say(there, SEND)
        last = (await hear(there))[-1]
        assert (last["id"], last["code"], "again" in last) == ("m1", code, again)
        assert "canary" not in last["message"]
        house.gateway.events = (Stored(), Replied("好", 5))
        await say(there, {**SEND, "id": "m2"})
        assert (await hear(there))[-1]["reply"] == "好"


async def test_what_is_said_unasked_comes_from_where_the_client_was(house):
    house.gateway.unasked = [{"id": 1, "reply": "早", "at": 1.0}, {"id": 2, "reply": "晚", "at": 2.0}]
    async with line(house) as there:
        await say(there, {"type": "follow", "context_id": "c1", "after": 1})
        (told,) = await hear(there, ("unasked",))
    assert (told["reply"], told["context_id"]) == ("晚", "c1")
    assert house.gateway.followed.endswith(":c1")


BEARER = {"subprotocols": ["hongyan.1", "bearer.{key}"], "additional_headers": {}}


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"additional_headers": {}}, 401),
        ({"additional_headers": {"authorization": "Bearer hy-wrong"}}, 401),
        ({"subprotocols": ["hongyan.1", "bearer.hy-wrong"], "additional_headers": {}}, 401),
        ({"additional_headers": {"authorization": "Bearer {key}"}, "origin": "https://evil.example"}, 403),
        ({"additional_headers": {"authorization": "Bearer {key}"}, "origin": "https://shop.example"}, 101),
        ({**BEARER, "origin": "https://shop.example"}, 101),
        (BEARER, 101),
    ],
)
async def test_who_may_open_one(house, options, status):
    key = house.key()
    filled = json.loads(json.dumps(options).replace("{key}", key))
    if status != 101:
        with pytest.raises(websockets.InvalidStatus) as e:
            await connect(house.ws, **filled)
        assert e.value.response.status_code == status
        assert key.encode() not in e.value.response.body
        return
    async with line(house, **filled) as there:
        await say(there, {"type": "ping"})
        assert await hear(there) == [{"type": "pong"}]
        assert there.subprotocol == ("hongyan.1" if "subprotocols" in filled else None)


async def test_a_key_that_ends_ends_its_line(house):
    keys, key = Keys(house.control), house.key()
    async with line(house, additional_headers={"authorization": f"Bearer {key}"}) as there:
        await say(there, {"type": "ping"})
        await hear(there)
        keys.revoke(keys.find(key).id)
        with pytest.raises(websockets.ConnectionClosed):
            await asyncio.wait_for(there.recv(), 5)


async def test_limits_of_a_key_count_each_message(house):
    headers = {"authorization": f"Bearer {house.key(per_minute=1)}"}
    async with line(house, additional_headers=headers) as there:
        await say(there, SEND)
        assert (await hear(there))[-1]["type"] == "answered"
        await say(there, {**SEND, "id": "m2"})
        (told,) = await hear(there)
    assert (told["id"], told["type"]) == ("m2", "failed")
    assert told["again"] > 0


async def test_following_counts_as_asking_for_it_does(house):
    headers = {"authorization": f"Bearer {house.key(per_minute=1)}"}
    async with line(house, additional_headers=headers) as there:
        await say(there, {"type": "follow", "context_id": "c1"}, {"type": "ping"})
        await hear(there)
        await say(there, {"type": "follow", "context_id": "c1"})
        (told,) = await hear(there)
    assert (told["context_id"], told["type"]) == ("c1", "failed")
    assert told["again"] > 0


@asynccontextmanager
async def raw(house, **more):
    """A client that parses nothing: what takes long is the server."""
    port = int(house.ws.rpartition(":")[2].partition("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = {"host": "x", "upgrade": "websocket", "connection": "upgrade", "sec-websocket-version": "13"}
    head |= {"sec-websocket-key": "A" * 22 + "==", "authorization": f"Bearer {house.key()}"}
    head |= more
    lines = ["GET /agent/ws HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
    writer.write("\r\n".join(lines).encode())
    if not more:
        await reader.readuntil(b"\r\n\r\n")
    yield reader, writer
    writer.transport.abort()


async def test_thousands_of_frames_at_once_hold_nobody_up(house, stall):
    frame, answer = Frame(Opcode.TEXT, b'{"type":"ping"}'), Frame(Opcode.TEXT, b'{"type":"pong"}')
    async with raw(house) as (reader, writer), stall() as longest:
        writer.write(frame.serialize(mask=True) * 20_000)
        await reader.readexactly(20_000 * len(answer.serialize(mask=False)))
    assert longest() < 0.2


@pytest.mark.parametrize(
    "more", [{"cookie": "x" * 9000}, {f"x-{n}": "" for n in range(200)}], ids=["long", "many"]
)
async def test_a_handshake_that_cannot_be_read_leaves_no_connection(house, more):
    async with raw(house, **more) as (reader, _):
        await asyncio.wait_for(reader.read(), 5)
        assert reader.at_eof()


async def test_who_sends_pings_and_reads_no_answers_is_let_go(house):
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.connect(("127.0.0.1", int(house.ws.rpartition(":")[2].partition("/")[0])))
    async with line(house, sock=narrow) as slow:
        slow.transport.pause_reading()
        flood = Frame(Opcode.PING, b"x" * 125).serialize(mask=True) * 1000
        for _ in range(200):
            slow.transport.write(flood)
            await asyncio.sleep(0)
            if slow.transport.is_closing():
                break
        slow.transport.resume_reading()
        with pytest.raises(websockets.ConnectionClosed):
            await asyncio.wait_for(slow.recv(), 5)


async def test_who_does_not_read_is_closed_and_pieces_join_meanwhile():
    out = ws_outgoing.Outgoing(most=4000)
    out.put("rewritten", id="m1", text="a")
    for _ in range(50):
        out.put("written", id="m1", text="b")
    assert not out.is_too_much
    assert json.loads(out.next()) == {"type": "rewritten", "id": "m1", "text": "a" + "b" * 50}


def test_a_long_answer_is_no_slow_reader():
    out = ws_outgoing.Outgoing(most=4000)
    for n in "12":
        assert not out.is_too_much
        out.put("answered", id=n, reply="x" * 5000)
    assert out.is_too_much
    assert out.next()
    assert not out.is_too_much


class Breath:
    """A model that writes without end lets others go on in between."""

    async def wait(self):
        await asyncio.sleep(0)


async def test_who_does_not_read_is_let_go_with_all_that_waits(house):
    house.gateway.hold = Breath()
    house.gateway.events = (
        Stored(),
        *(TextDelta("answer", "x" * 500_000) for _ in range(40)),
        Replied("好", 5),
    )
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.connect(("127.0.0.1", int(house.ws.rpartition(":")[2].partition("/")[0])))
    async with line(house, sock=narrow) as slow:
        slow.transport.pause_reading()
        await say(slow, SEND)
        await asyncio.wait_for(house.gateway.left.wait(), 10)
        slow.transport.abort()
    assert house.gateway.ended


@pytest.mark.parametrize(
    "frame", [("pong",), ("answered", "reply"), ("failed", "message"), ("unasked", "reply")]
)
async def test_no_kind_of_frame_waits_without_end(frame):
    out = ws_outgoing.Outgoing(most=100_000)
    for n in range(10_000):
        out.put(frame[0], id=str(n), **dict.fromkeys(frame[1:], "x" * 20))
        if out.is_too_much:
            break
    assert 1000 < n < 3000
    while out.next():
        pass
    assert not out.is_too_much


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_what_the_docs_show_runs(house, lang):
    page = (Path(visitors.__file__).parent.parent / "docs" / lang / "websocket.md").read_text("utf-8")
    program = page.partition("```python\n")[2].partition("```")[0]
    there = {
        **os.environ,
        "HONGYAN_KEY": house.key(),
        "HONGYAN_SOCKET": house.ws,
        "PYTHONIOENCODING": "utf-8",
    }
    shown = await asyncio.create_subprocess_exec(sys.executable, "-c", program, env=there, stdout=PIPE)
    assert (await shown.communicate())[0].decode().strip() == "你好"
