"""Every call to a model tells what it is for and how long it may be kept, where the owner says so."""

import base64
import contextlib
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from pydantic import ValidationError

from runtime.errors import ModelFailed
from runtime.models.adapters.openai_protocol import OpenAIProtocol
from runtime.models.completion import Request
from runtime.models.keyring import Keyring
from runtime.models.reading.unfinished import Unfinished
from runtime.models.sound import Recording
from runtime.models.targets import Target
from runtime.models.told_headers import PERIOD, TAG, ToldHeaders

TOLD = ToldHeaders(tag="customer-service; PIPL", period="30 days")
WAV = b"RIFF$\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\0\0\0\0"
SOUND = Recording(WAV, "audio/wav")
ANSWERS = {
    "/chat/completions": {"choices": [{"message": {"content": "ok"}, "finish_reason": "stop"}], "model": "m"},
    "/embeddings": {"data": [{"index": 0, "embedding": [0.6, 0.8]}], "usage": {"prompt_tokens": 1}},
    "/rerank": {"results": [{"index": 0, "relevance_score": 0.5}]},
    "/audio/transcriptions": {"text": "ok"},
    "/images/generations": {"data": [{"b64_json": base64.b64encode(b"x").decode()}]},
}
WAYS = {
    "direct": ("/chat/completions", lambda way, at: way.ask(at("m"), ASKED, Unfinished(), 20)),
    "chat": ("/chat/completions", lambda way, at: way.ask(at("openai/m"), ASKED, Unfinished(), 20)),
    "anthropic": ("/v1/messages", lambda way, at: way.ask(at("anthropic/m"), ASKED, Unfinished(), 20)),
    "embed": ("/embeddings", lambda way, at: way.embed(at("openai/m"), ["x"], 20)),
    "rerank": ("/rerank", lambda way, at: way.rerank(at("jina_ai/m"), "q", ["x"], 20)),
    "hear": (
        "/transcriptions",
        lambda way, at: way.transcribe(at("openai/m"), Recording(WAV, "audio/wav"), 20),
    ),
    "speak": ("/audio/speech", lambda way, at: way.speak(at("openai/m"), "", "x", 20)),
    "paint": ("/images/generations", lambda way, at: way.paint(at("openai/m"), "x", "", 20)),
}
ASKED = Request("m", [{"role": "user", "content": "hello"}])


@asynccontextmanager
async def provider():
    """Its address, and the path and headers of each call."""
    calls = []

    async def answer(request):
        await request.read()
        calls.append((request.path, request.headers))
        found = next((said for end, said in ANSWERS.items() if request.path.endswith(end)), None)
        return web.json_response(found) if found else web.Response(body=b"ID3x", content_type="audio/mpeg")

    app = web.Application()
    app.router.add_post("/{any:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", calls
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("name", WAYS)
async def test_each_kind_of_call_carries_them(name, litellm):
    path, ask = WAYS[name]
    keyring = Keyring(lambda: 0.0)
    keyring.headers = TOLD.headers
    direct = OpenAIProtocol()
    async with provider() as (url, calls):

        def at(model):
            return keyring.keyed(Target("x/m", model, url, "sk-1234567890"))

        with contextlib.suppress(ModelFailed):  # what it makes of the answer is another matter
            await ask(direct if name == "direct" else litellm, at)
        await direct.close()
    assert calls, name
    assert all(path in called for called, _ in calls)
    for _, headers in calls:
        assert (headers.get(TAG), headers.get(PERIOD)) == ("customer-service; PIPL", "30 days")


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\n", "a\0b", "中文", " a", "a ", "x" * 201, "a\x7f"])
@pytest.mark.parametrize("field", ["tag", "period"])
def test_nothing_gets_in_that_would_be_another_header(field, value):
    with pytest.raises(ValidationError):
        ToldHeaders(**{field: value})


def test_nothing_is_told_where_nothing_is_said():
    assert ToldHeaders().headers() == {}
    assert Keyring(lambda: 0.0).keyed(Target("x", "m")).headers == {}
