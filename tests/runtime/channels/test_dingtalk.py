"""DingTalk's own client against the platform that we play: what satisfies it, our channel may rely on."""

import asyncio
import json
import threading

import dingtalk_stream
import pytest
from dingtalk_stream import card_replier, chatbot, stream

from runtime.simulator.dingtalk import SIMULATION
from runtime.simulator.dingtalk.simulation import CLIENT, MEMBER, SECRET
from runtime.simulator.http import Server
from runtime.simulator.sockets import SocketServer


class Answers(dingtalk_stream.ChatbotHandler):
    """Says everything that a robot can, with the client's own functions."""

    def __init__(self):
        super().__init__()
        self.came, self.failed = [], None

    async def process(self, callback):
        try:
            await asyncio.to_thread(self._answer, callback)
        except Exception as e:  # noqa: BLE001 # it would be swallowed
            self.failed = e
        return dingtalk_stream.AckMessage.STATUS_OK, "OK"

    def _answer(self, callback):
        came = dingtalk_stream.ChatbotMessage.from_dict(callback.data)
        self.came.append(came)
        assert self.reply_text("文字", came)["errcode"] == 0
        assert self.reply_markdown("标题", "**粗**", came)["errcode"] == 0
        card = self.ai_markdown_card_start(came)
        card.ai_streaming("一半", append=False)
        card.ai_finish("全部")
        assert self.get_image_download_url("c1")
        assert self.dingtalk_client.upload_to_dingtalk(b"\x89PNG").startswith("@lAD")


@pytest.fixture(scope="module")
def anyio_backend():
    """In real time: the client has a thread and a loop of its own."""
    return "asyncio"


async def test_it_connects_is_handed_what_was_written_and_answers_in_every_way(monkeypatch):
    played = SIMULATION("connection", asyncio.get_running_loop().time)
    played.patience = 50.0  # a busy machine is not to see it twice
    played.platform.files["c1"] = b"GIF89a"
    handler = Answers()
    async with Server(played.call) as server, SocketServer(played.serve) as sockets:
        played.platform.endpoint, played.session_host = f"{sockets.url}/connect", server.url
        for module in (card_replier, chatbot):
            monkeypatch.setattr(module, "DINGTALK_OPENAPI_ENDPOINT", server.url)
        monkeypatch.setattr(stream, "DINGTALK_OPENAPI_ENDPOINT", server.url)
        post = stream.requests.post

        def here(url, **given):
            return post(url.replace("https://oapi.dingtalk.com", server.url), **given)

        monkeypatch.setattr(stream.requests, "post", here)
        client = dingtalk_stream.DingTalkStreamClient(dingtalk_stream.Credential(CLIENT, SECRET))
        place = f"{server.url}/v1.0/gateway/connections/open"
        monkeypatch.setattr(stream.DingTalkStreamClient, "OPEN_CONNECTION_API", place)
        client.get_host_ip = lambda: "127.0.0.1"
        client.register_callback_handler(dingtalk_stream.ChatbotMessage.TOPIC, handler)
        ended = _in_a_thread(client)
        try:
            async with asyncio.timeout(50):
                await played.says("你好")
        finally:
            await ended()
    assert handler.failed is None
    [came] = handler.came
    assert (came.text.content, came.sender_staff_id, came.message_id) == ("你好", MEMBER, "msg1==")
    assert json.dumps(came.to_dict())
    assert [(one.text, one.way) for one in played.platform.said] == [
        ("文字", "session"),
        ("**粗**", "session"),
    ]
    [card] = played.platform.cards.made.values()
    assert (card.text, card.state, card.chat) == ("全部", "3", MEMBER)
    assert played.strange == []
    assert played.platform.refused == []
    assert played.acknowledged == ["msg1=="]


def _in_a_thread(client):
    """Its loop, until the coroutine function that this gives is called."""
    loop = asyncio.new_event_loop()
    running = loop.create_task(client.start())

    def work():
        asyncio.set_event_loop(loop)
        loop.run_forever()
        left = asyncio.all_tasks(loop)
        for _ in range(2):  # it takes the first one for a network that is gone
            for task in left:
                task.cancel()
            loop.run_until_complete(asyncio.wait(left, timeout=0.1))
        loop.close()

    thread = threading.Thread(target=work)
    thread.start()

    async def end():
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(client.websocket.close(), loop))
        loop.call_soon_threadsafe(running.cancel)
        loop.call_soon_threadsafe(loop.stop)
        await asyncio.to_thread(thread.join)

    return end
