"""Somebody who is signed in, over a WebSocket: what ends their session ends it there, in every process."""

import asyncio
import json
import zlib

import pytest
import websockets
from websockets.asyncio.client import connect
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from doorway import SITE, doorway, hear, say
from runtime.server.people import connected
from runtime.store.messages.unasked import UnaskedRows

SEND = {"type": "send", "id": "m1", "input": "在吗"}


@pytest.fixture
async def door(tmp_path):
    async with doorway(tmp_path) as door:
        yield door


async def closed(there):
    """By which code, and what was said last."""
    last = {}
    try:
        while True:
            last = json.loads(await asyncio.wait_for(there.recv(), 5))
    except websockets.ConnectionClosed as e:
        return e.rcvd and e.rcvd.code, last


async def test_a_message_needs_no_context_and_is_the_same_by_request(door):
    pair = await door.come()
    async with door.line(pair["token"]) as there:
        await say(there, **SEND)
        found = await hear(there)
    assert found[0] == {"type": "accepted", "id": "m1"}
    assert found[-1] == {"type": "answered", "id": "m1", "reply": "好的"}
    again = await door.post("/agent/chat", {"input": "在吗"}, pair["token"], **{"idempotency-key": "m1"})
    assert again.json() == {"reply": "好的"}
    assert len(door.models.requests) == 1


async def test_a_browser_shows_its_token_as_a_subprotocol(door):
    token = (await door.come())["token"]
    offered = {"subprotocols": ["hongyan.1", f"bearer.{token}"], "additional_headers": {}}
    async with door.line("", **offered, origin=SITE) as there:
        assert there.subprotocol == "hongyan.1"
        await say(there, type="ping")
        assert await hear(there) == [{"type": "pong"}]


@pytest.mark.parametrize(
    ("token", "origin", "status"),
    [("good", "https://evil.example", 403), ("good", "null", 403), ("bad", None, 401), ("good", None, 101)],
)
async def test_who_may_not_is_refused_before_it_is_open(door, token, origin, status):
    shown = (await door.come())["token"]
    shown = shown if token == "good" else shown[:-4] + "AAAA"
    try:
        async with door.line(shown, origin=origin):
            found = 101
    except websockets.InvalidStatus as e:
        found = e.response.status_code
    assert found == status


async def test_a_token_that_is_over_closes_the_line_and_another_goes_on(door):
    pair = await door.come()
    async with door.line(pair["token"]) as there:
        await say(there, type="ping")
        await hear(there)
        door.clock.now += 901
        code, last = await closed(there)
    assert (code, last["code"]) == (4401, "token_expired")
    pair = (await door.refresh(pair)).json()
    async with door.line(pair["token"]) as there:
        await say(there, **SEND)
        assert (await hear(there))[-1]["reply"] == "好的"


@pytest.mark.parametrize("how", ["end", "reuse", "erased", "taken back"])
async def test_a_session_that_ends_ends_its_lines(door, how):
    pair, other = await door.come(), await door.come()
    async with door.line(pair["token"]) as there, door.line(other["token"]) as stays:
        await say(there, **SEND)
        await hear(there)
        if how == "end":
            await door.post("/agent/session/end", {"refresh": pair["refresh"]})
        elif how == "reuse":
            await door.refresh(pair, "a1")
            await door.refresh(pair, "a2")
        elif how == "erased":
            await door.gateway.messages.families.end_all("page", (await family(door, pair))[1])
        else:
            record = door.control.publication("page")
            door.control.save_publication(record.model_copy(update={"enabled": False}))
            await say(there, **{**SEND, "id": "m2"})
            assert (await hear(there))[-1]["code"] == "session_over"
            return
        code, last = await closed(there)
        assert (code, last["code"]) == (4401, "session_over")
        await say(stays, type="ping")
        assert await hear(stays) == [{"type": "pong"}]


async def family(door, pair):
    return await door.gateway.messages.families.find(pair["refresh"][4:26], door.clock())


async def test_of_many_lines_of_one_person_the_sixth_is_refused_until_one_is_closed(door):
    token = (await door.come())["token"]
    url, offered = f"ws://127.0.0.1:{door.port}/agent/ws", ["hongyan.1", f"bearer.{token}"]
    lines = [await connect(url, subprotocols=offered) for _ in range(connected.OF_A_PERSON)]
    with pytest.raises(websockets.InvalidStatus) as e:
        async with door.line(token):
            pass
    assert e.value.response.status_code == 429
    assert e.value.response.headers["retry-after"]
    for one in lines:
        await one.close()
    for _ in range(100):
        if not door.connected._lines:
            break
        await asyncio.sleep(0.01)
    async with door.line(token) as there:
        await say(there, type="ping")
        assert await hear(there) == [{"type": "pong"}]


async def test_nobody_looks_after_lines_that_are_not_there(door):
    token = (await door.come())["token"]
    async with door.line(token) as there:
        await say(there, type="ping")
        await hear(there)
        watching = door.connected._watching
    await asyncio.wait_for(watching, 5)
    assert not door.connected._lines


async def test_a_line_that_is_cut_loses_nothing(door):
    pair = await door.come()
    async with door.line(pair["token"]) as there:
        await say(there, **SEND)
        there.transport.abort()
    async with door.line(pair["token"]) as there:
        await say(there, **SEND)
        last = (await hear(there))[-1]
    assert last["type"] == "answered", last
    assert len(door.models.requests) == 1


async def test_what_was_cut_off_while_it_was_stored_is_answered_when_its_sender_comes_back(door):
    pair, intake, stored = await door.come(), door.gateway._intake, asyncio.Event()
    accept = intake.accept

    async def accepts(*given):
        accepted = await accept(*given)
        stored.set()
        await asyncio.sleep(0.05)  # its sender goes now
        return accepted

    intake.accept = accepts
    async with door.line(pair["token"]) as there:
        await say(there, **SEND)
        await stored.wait()
        there.transport.abort()
    intake.accept = accept
    async with door.line(pair["token"]) as there:
        await say(there, **SEND)
        last = (await hear(there))[-1]
    assert last["type"] == "answered", last
    assert len(door.models.requests) == 1


async def test_compression_is_not_taken_up_and_what_claims_to_be_compressed_ends_the_line(door):
    token = (await door.come())["token"]
    offered = [ClientPerMessageDeflateFactory()]
    async with door.line(token, extensions=offered, compression=None) as there:
        assert there.protocol.extensions == []
        bomb = zlib.compress(b" " * 50_000_000)
        there.transport.write(bytes([0xC1, 0xFE]) + len(bomb[:60000]).to_bytes(2) + b"\0" * 4 + bomb[:60000])
        code, _ = await closed(there)
    assert code == 1002


async def test_a_flood_of_frames_holds_up_nobody_else(door):
    loud, quiet = [(await door.come())["token"] for _ in "ab"]
    async with door.line(loud) as flood, door.line(quiet) as there:
        pump = asyncio.ensure_future(_pump(flood))
        for n in range(5):
            await say(there, type="ping")
            assert await asyncio.wait_for(hear(there), 2) == [{"type": "pong"}], n
        pump.cancel()
        flood.transport.abort()
        await asyncio.gather(pump, return_exceptions=True)


async def _pump(there):
    while True:
        for _ in range(100):
            await there.send('{"type": "ping"}')
        await asyncio.sleep(0.005)


async def test_what_comes_unasked_is_told_without_a_name(door):
    pair = await door.come()
    async with door.line(pair["token"]) as there:
        await say(there, type="follow", after=0)
        await say(there, type="ping")
        await hear(there)
    rows = UnaskedRows(door.gateway.messages.database)
    assert (await rows.after("page", (await family(door, pair))[1], 0))[0] == []


async def test_two_gateways_on_one_store_see_an_end_alike(tmp_path):
    async with (
        doorway(tmp_path) as one,
        doorway(tmp_path, control=one.control) as two,
    ):
        pair = await one.come()
        async with two.line(pair["token"]) as there:
            await say(there, type="ping")
            await hear(there)
            await one.post("/agent/session/end", {"refresh": pair["refresh"]})
            code, last = await closed(there)
    assert (code, last["code"]) == (4401, "session_over")
