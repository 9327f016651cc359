"""A platform, or a gateway in front of it, asks to be left alone for a while: that is heard."""

import asyncio
import json

import pytest

from played_world import faced, jumping, now
from runtime import simulator
from runtime.simulator.http import Response
from script import Script, says, services

AGENT = {"format": 1, "id": "shop", "name": "店", "flow": [{"type": "model", "id": "answer"}]}
OF_SLACK = {"ok": False, "error": "ratelimited"}
OF_A_GATEWAY = {"message": "API rate limit exceeded"}
SENDS = {
    "slack": "chat.postMessage",
    "whatsapp": "/messages",
    "telegram": "sendMessage",
    "webhook": "",
}


def asked_to_wait(played, path, said, seconds):
    """The times of its sends, of which the first is refused."""
    real, at = played.call, []

    def call(request):
        if not request.path.endswith(path) or request.method != "POST" or is_a_sign(request):
            return real(request)
        at.append(now())
        if len(at) > 1:
            return real(request)
        return Response(json.dumps(said).encode(), 429, headers={"Retry-After": str(seconds)})

    played.call = call
    return at


def is_a_sign(request):
    return b"typing" in request.body


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("slack", "app", OF_SLACK),
        ("slack", "socket", OF_A_GATEWAY),
        ("whatsapp", "number", OF_A_GATEWAY),
        ("telegram", "poll", OF_A_GATEWAY),
        ("webhook", "callback", OF_A_GATEWAY),
    ],
)
@jumping
async def test_it_is_left_alone_for_so_long_and_then_has_the_answer_once(name, kind, said, tmp_path):
    played = simulator.registry()[name](kind, asyncio.get_running_loop().wall)
    at = asked_to_wait(played, SENDS[name], said, 20)
    model = services(Script([says("这是回答")]))
    async with faced(tmp_path, played, (name, AGENT), model, probed=False) as w:
        await asyncio.sleep(5)
        await played.written_by(1, "你好")
        await w.come_to("delivered", seconds=120)
        assert at[1] - at[0] >= 20
        assert sum("这是回答" in one.text for one in played.everybody_saw()) == 1
