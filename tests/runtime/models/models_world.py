"""Endpoints that are set up, and models to ask them with: directly, and through litellm's process."""

import asyncio
import os
import socket
import threading
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr

from fake_llm import FakeLLM
from runtime.errors import ModelFailed
from runtime.models.adapters.via_litellm import ViaLiteLLM
from runtime.models.completion import Request
from runtime.models.routed import Endpoint, RoutedModels

KEY = "sk-very-secret-4711"
HELLO = [{"role": "user", "content": "你好"}]
ADD = {
    "type": "function",
    "function": {
        "name": "add",
        "description": "Add.",
        "parameters": {
            "type": "object",
            "properties": {"a": {"type": "integer"}},
            "additionalProperties": False,
        },
    },
}
NOWHERE = "http://127.0.0.1:9/v1"
WAYS = pytest.mark.parametrize(
    "provider", ["openai_compatible", "deepseek"], ids=["directly", "through litellm"]
)


class SetUp:
    """What the owner set up."""

    def __init__(self, *endpoints, default=""):
        self.known = {endpoint.name: endpoint for endpoint in endpoints}
        self.default = default

    def find(self, name):
        return self.known.get(name)

    def endpoints(self):
        return list(self.known.values())

    def default_model(self):
        return self.default


def endpoint(name, url, provider="openai_compatible", key=KEY):
    return Endpoint(name=name, provider=provider, api_base=url, api_key=SecretStr(key) if key else None)


class Heard:
    """What a caller that watches the answer was given."""

    def __init__(self):
        self.pieces = []

    def on_text(self, piece):
        self.pieces.append(piece)

    def on_reset(self):
        self.pieces.append(None)


GIVEN = {
    "PATH": os.environ["PATH"],
    "HONGYAN_SECRET_KEY": "canary-1",
    "HONGYAN_PASSWORD": "canary-2",
    "DATABASE_URL": "canary-3",
    "DEEPSEEK_API_KEY": "canary-4",
    "MISTRAL_API_KEY": "a-plain-looking-secret",
    "AWS_REGION_NAME": "needed-2",
}
"""The environment that it is begun from; the canaries are not for it."""


class Shared:
    """litellm's process takes seconds to begin: one for all tests, on an event loop that outlives theirs.

    `proxy`: where it looks for the way out, of a test that listens there.
    """

    def __init__(self):
        self.proxy = socket.socket()
        self.proxy.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{self.proxy.getsockname()[1]}"
        self._way = ViaLiteLLM({**GIVEN, "HONGYAN_PROXY": proxy})
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    async def ask(self, *arguments):
        return await self._there(self._way.ask(*arguments))

    async def transcribe(self, *arguments):
        return await self._there(self._way.transcribe(*arguments))

    async def speak(self, *arguments):
        return await self._there(self._way.speak(*arguments))

    async def paint(self, *arguments):
        return await self._there(self._way.paint(*arguments))

    async def embed(self, *arguments):
        return await self._there(self._way.embed(*arguments))

    async def rerank(self, *arguments):
        return await self._there(self._way.rerank(*arguments))

    async def price(self, *arguments):
        return await self._there(self._way.price(*arguments))

    async def converted(self, *arguments):
        return await self._there(self._way.converted(*arguments))

    @property
    def pid(self):
        return self._way.children.pid

    async def child(self):
        return await self._there(self._way.children.take())

    def begin(self):
        """It takes as long as a busy machine takes to import litellm."""
        asyncio.run_coroutine_threadsafe(self._way.warm(), self._loop).result(300)
        return self

    async def warm(self):
        await self._there(self._way.warm())

    async def close(self):
        """Whoever used it leaves it as it was."""

    def stop(self):
        asyncio.run_coroutine_threadsafe(self._way.close(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()
        self.proxy.close()

    async def _there(self, work):
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))


SHARED = []


@asynccontextmanager
async def models(*endpoints, default="", **more):
    """Real litellm. `models.slept` lists the pauses between tries, which take no time."""
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    shared = {"via_litellm": SHARED[-1]}
    them = RoutedModels(SetUp(*endpoints, default=default), {}, sleep=sleep, shared=shared, **more)
    them.slept = slept
    # Else the first test's time limit would have to last for the import too.
    await them.warm()
    try:
        yield them
    finally:
        await them.close()


@asynccontextmanager
async def asking(*script, provider="openai_compatible"):
    """A server that answers by the script as the endpoint "local", and the models to ask it with."""
    async with FakeLLM(*script) as llm, models(endpoint("local", llm.url, provider=provider)) as them:
        yield llm, them


def ask(them, model="local/m", heard=None, **more):
    watch = (heard.on_text, heard.on_reset) if heard else ()
    return them.complete(Request(model, HELLO, **{"seconds": 10, **more}), *watch)


async def failure(them, *arguments, **more):
    with pytest.raises(ModelFailed) as caught:
        await ask(them, *arguments, **more)
    return caught.value
