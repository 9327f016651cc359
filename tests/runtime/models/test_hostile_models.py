"""What a model's server answers, whatever it is, ends in an answer or a sentence, and holds nobody up."""

import gzip

import pytest
from aiohttp import web

from runtime.errors import ModelFailed
from runtime.models.adapters.openai_protocol import OpenAIProtocol
from runtime.models.completion import Request
from runtime.models.reading.unfinished import Unfinished
from runtime.models.targets import Target

MB = 1_000_000
SAID = b'{"choices": [{"index": 0, "message": {"content": "hi"}, "finish_reason": "stop"}]'
HOSTILE = {
    "gzip bomb": (200, gzip.compress(b'{"choices": [{"message": {"content": "' + b"a" * 50 * MB), "gzip"),
    "gzip bomb as an error": (500, gzip.compress(b"a" * 50 * MB), "gzip"),
    "not gzip": (200, SAID + b"}", "gzip"),
    "deep": (200, b"[" * 3 * MB, ""),
    "deep beside the answer": (200, SAID + b', "x": ' + b'{"a":' * 90_000 + b"1" + b"}" * 90_001, ""),
    "30 MB": (200, SAID[:-2] + b"a" * 30 * MB, ""),
    "a bomb": (200, b'{"choices": [' + b"[]," * MB + b"1]}", ""),
    "a long number": (200, b'{"usage": ' + b"9" * 3 * MB + b"}", ""),
    "events": (200, b"data: {}\n\n" * 5_000, ""),
    "an endless event": (200, b"data: " + b"a" * 10 * MB, ""),
    "lines": (200, b"\n" * MB, ""),
    "a deep error": (400, b'{"error": ' + b"[" * 50_000, ""),
}


@pytest.mark.parametrize("streams", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize(("status", "body", "encoding"), HOSTILE.values(), ids=HOSTILE)
async def test_a_hostile_answer_is_a_sentence(status, body, encoding, streams, stall):
    kind = "text/event-stream" if body.startswith((b"data:", b"\n")) else "application/json"
    headers = {"Content-Type": kind} | ({"Content-Encoding": encoding} if encoding else {})

    async def respond(_):
        return web.Response(body=body, status=status, headers=headers)

    app = web.Application()
    app.router.add_post("/chat/completions", respond)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    way = OpenAIProtocol()
    target = Target("a/m", "m", f"http://127.0.0.1:{runner.addresses[0][1]}", via="openai_protocol")
    unfinished = Unfinished(on_text=(lambda _: None) if streams else None)
    try:
        async with stall() as longest:
            with pytest.raises(ModelFailed) as caught:
                await way.ask(target, Request("a/m", [{"role": "user", "content": "x"}]), unfinished, 30)
        assert longest() < 0.3
        assert len(caught.value.text.en) < 1000
    finally:
        await way.close()
        await runner.cleanup()
