"""A WebSocket reaches the process that works on messages by whichever of two ports it comes."""

import asyncio
import json
from types import SimpleNamespace

import pytest
import websockets
from websockets.asyncio.client import connect

import visitors
from runtime.server.relay import Relay
from runtime.turn.events import Replied, Stored
from served import served

SEND = json.dumps({"type": "send", "id": "m1", "input": "在吗", "context_id": "c1"})


@pytest.fixture
async def house(tmp_path):
    house = visitors.build(tmp_path)
    house.gateway.events = (Stored(), Replied("你好", 5))
    async with served(house.app) as house.port:
        yield house


async def here(scope, receive, send):
    raise AssertionError("it is answered here")


def relay(port):
    return Relay(here, SimpleNamespace(works=False, other=lambda: f"http://127.0.0.1:{port}"))


async def test_it_is_passed_on_with_its_key_and_ends_as_there(house):
    front = relay(house.port)
    async with served(front) as port:
        offered = ["hongyan.1", f"bearer.{house.key()}"]
        async with connect(f"ws://127.0.0.1:{port}/agent/ws", subprotocols=offered) as socket:
            assert socket.subprotocol == "hongyan.1"
            await socket.send(SEND)
            told = [json.loads(await asyncio.wait_for(socket.recv(), 5))["type"] for _ in range(2)]
            assert told == ["accepted", "answered"]
            for _ in range(30):
                await socket.send(b"nonsense")
            with pytest.raises(websockets.ConnectionClosed) as e:
                async for _ in socket:
                    pass
        assert e.value.rcvd.code == 1008
        await front.close()


@pytest.mark.parametrize(("key", "status"), [("hy-wrong", 401), ("", 503)])
async def test_who_is_refused_there_is_refused_here(house, key, status):
    front = relay(house.port if key else 1)
    async with served(front) as port:
        with pytest.raises(websockets.InvalidStatus) as e:
            await connect(
                f"ws://127.0.0.1:{port}/agent/ws", additional_headers={"authorization": f"Bearer {key}"}
            )
        assert e.value.response.status_code == status
        await front.close()
