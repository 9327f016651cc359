"""The gateway on a WebSocket server that is not ours, whatever happens to the line."""

import asyncio
import json
import time
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import serve

from played_world import PlayedWorld, Told
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication
from runtime.network.egress import Egress
from runtime.network.platform_api import Outbound
from runtime.network.transports import Server, Unopened
from runtime.network.transports.opening import open_line
from runtime.network.transports.websocket import MOST_PIECES
from script import Script, says, services

SECRET = "canary-socket-secret-02"
AGENT = {"format": 1, "id": "shop", "name": "店", "flow": [{"type": "model", "id": "answer"}]}


class House:
    """Theirs: takes who has the secret, and remembers what was said."""

    def __init__(self):
        self.told, self.seen, self.sockets, self.acks = asyncio.Queue(), [], [], True

    def lets_in(self, connection, request):
        if request.headers.get("Authorization") != f"Bearer {SECRET}":
            return connection.respond(401, "no")
        return None

    async def serve(self, socket):
        self.sockets.append(socket)
        async for frame in socket:
            told = json.loads(frame)
            self.seen.append(told)
            await self.told.put(told)
            if told["type"] == "answer" and self.acks:
                await socket.send(json.dumps({"type": "ack", "id": told["id"]}))

    async def there(self):
        async with asyncio.timeout(10):
            while not self.sockets:  # noqa: ASYNC110 # a server tells nobody
                await asyncio.sleep(0.01)
        return self.sockets[-1]

    async def say(self, **told):
        await self.sockets[-1].send(json.dumps(told))

    async def next(self, kind):
        async with asyncio.timeout(10):
            while (told := await self.told.get())["type"] != kind:
                pass
            return told


@asynccontextmanager
async def house():
    it = House()
    async with serve(
        it.serve, "127.0.0.1", 0, process_request=lambda *told: it.lets_in(*told), compression=None
    ) as server:
        it.port = server.sockets[0].getsockname()[1]
        yield it


@asynccontextmanager
async def connected(folder, it, *answers, doctor=None, **more):
    egress = Egress([f"websocket=127.0.0.1:{it.port}"])
    settings = {"url": f"ws://127.0.0.1:{it.port}/agent", "secret": SECRET, "acks": True, **more}
    publications, outbound = OnePublication("websocket", settings, AGENT), Outbound(egress=egress)
    gateway = Gateway(
        folder,
        publications,
        services(Script(list(answers))),
        doctor or Told(),
        {},
        clock=time.time,
        outbound=outbound,
    )
    before, gateway.stopped = len(it.sockets), False
    await gateway.start()
    try:
        async with asyncio.timeout(10):
            while len(it.sockets) == before:  # noqa: ASYNC110 # a server tells nobody
                await asyncio.sleep(0.01)
        yield gateway
    finally:
        if not gateway.stopped:
            await gateway.stop()
        await egress.close()


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
class TestLine:
    async def test_a_question_is_acknowledged_and_answered_once_however_often_it_comes(self, tmp_path):
        async with house() as it, connected(tmp_path, it, says("好"), says("又")):
            await it.say(id="m1", sender="u1", content="你好")
            assert (await it.next("ack"))["id"] == "m1"
            answer = await it.next("answer")
            assert (answer["to"], answer["in_reply_to"], answer["content"]) == ("u1", "m1", "好")
            await it.say(id="m1", sender="u1", content="你好")
            assert (await it.next("ack"))["id"] == "m1"
            await it.say(id="m2", sender="u2", content="在吗")
            assert (await it.next("answer"))["content"] == "又"
            assert [told["content"] for told in it.seen if told["type"] == "answer"] == ["好", "又"]

    async def test_an_answer_that_nobody_acknowledged_comes_again_under_its_id(self, tmp_path):
        async with house() as it, connected(tmp_path, it, says("好")):
            it.acks = False
            await it.say(id="m1", sender="u1", content="你好")
            first = await it.next("answer")
            it.acks = True
            await it.sockets[-1].close()  # on the way
            second = await it.next("answer")
            assert (second["id"], second["content"]) == (first["id"], "好")
            assert len(it.sockets) == 2

    async def test_what_was_stored_and_not_acknowledged_when_we_died_is_answered_once(self, tmp_path):
        stored = asyncio.Event()
        async with house() as it:
            async with connected(tmp_path, it) as gateway:
                accept = gateway.messages.accept_all

                async def dies(*given):
                    await accept(*given)
                    stored.set()
                    await asyncio.Event().wait()

                gateway.messages.accept_all = dies
                await it.say(id="m1", sender="u1", content="你好")
                await asyncio.wait_for(stored.wait(), 10)
                await PlayedWorld(gateway).kill()
                gateway.stopped = True
            assert it.seen == []
            async with connected(tmp_path, it, says("好"), says("又")):
                assert (await it.next("answer"))["in_reply_to"] == "m1"
                await it.say(id="m1", sender="u1", content="你好")
                assert (await it.next("ack"))["id"] == "m1"
                await it.say(id="m2", sender="u1", content="在吗")
                assert (await it.next("answer"))["content"] == "又"
                assert [told["content"] for told in it.seen if told["type"] == "answer"] == ["好", "又"]

    async def test_the_owner_hears_why_nobody_is_reached_until_somebody_is(self, tmp_path):
        async with house() as it:
            tries, lets_in = iter(range(9)), it.lets_in
            it.lets_in = lambda connection, request: (
                connection.respond(401, "no") if next(tries) < 2 else lets_in(connection, request)
            )
            async with connected(tmp_path, it, doctor=(doctor := Told())):
                async with asyncio.timeout(10):
                    while not doctor.troubles or doctor.troubles[-1]:  # noqa: ASYNC110 # it tells nobody
                        await asyncio.sleep(0.01)
            [why] = filter(None, doctor.troubles)
            assert "401" in why

    async def test_who_does_not_let_us_in_is_named(self):
        async with house() as it:
            egress = Egress([f"websocket=127.0.0.1:{it.port}"])
            url = f"ws://127.0.0.1:{it.port}/agent"
            with pytest.raises(Unopened) as unopened:
                await open_line(Server(url, "websocket", headers={"Authorization": "Bearer x"}), egress)
            assert unopened.value.code == "refused"
            with pytest.raises(Unopened) as blocked:
                await open_line(Server(url, "websocket"), Egress())
            assert blocked.value.code == "blocked"
            await egress.close()

    @pytest.mark.parametrize("place", ["ws://127.0.0.1:1/x", "/x", "http://127.0.0.1/", "ws://[::1/"])
    async def test_who_sends_us_elsewhere_is_not_followed_and_the_owner_is_told(self, place):
        async with house() as it:
            it.lets_in = lambda connection, request: _elsewhere(connection, place)
            egress = Egress([f"websocket=127.0.0.1:{it.port}"])
            with pytest.raises(Unopened) as unopened:
                await open_line(Server(f"ws://127.0.0.1:{it.port}/agent", "websocket"), egress)
            assert unopened.value.code == "no_socket"
            await egress.close()

    @pytest.mark.parametrize(("pieces", "heard"), [(MOST_PIECES - 100, ""), (MOST_PIECES + 1, None)])
    async def test_a_frame_of_pieces_without_end_ends_the_line(self, pieces, heard):
        async with house() as it:
            egress = Egress([f"websocket=127.0.0.1:{it.port}"])
            headers = {"Authorization": f"Bearer {SECRET}"}
            line = await open_line(
                Server(f"ws://127.0.0.1:{it.port}/a", "websocket", headers=headers), egress
            )
            async with line:
                first = asyncio.ensure_future(line.receive())
                socket = await it.there()
                await socket.send(["你", "", "好"])
                assert await first == "你好"
                sent = asyncio.ensure_future(socket.send([""] * pieces))
                assert await line.receive() == heard
                if heard is None:
                    await asyncio.wait_for(socket.wait_closed(), 10)  # and the line with it
            await asyncio.gather(sent, return_exceptions=True)
            await egress.close()


def _elsewhere(connection, place):
    response = connection.respond(302, "")
    response.headers["Location"] = place
    return response
