"""Every other provider, through litellm, which only this file imports: translation, streaming, prices.

litellm takes seconds to import and milliseconds of CPU for each question: it lives in a thread with an event
loop of its own, so that callbacks and everybody else's answers do not wait for it.
"""

import asyncio
import copy
import importlib
import os
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import uvloop

from runtime.adapters import CONNECT
from runtime.completion import Answer, Request
from runtime.draft import Draft
from runtime.model_errors import Refusal, explain
from runtime.routing import Target, no_key, unknown

T = TypeVar("T")
Json = dict[str, Any]


class ViaLiteLLM:
    """Implements Adapter."""

    def __init__(self) -> None:
        self._loading = asyncio.Lock()
        self._client: _Client | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def ask(self, target: Target, request: Request, draft: Draft, seconds: float) -> Answer:
        client = await self._loaded()
        here = asyncio.get_running_loop()
        pieces: asyncio.Queue[Json | None] = asyncio.Queue()

        def say(piece: Json | None) -> None:
            here.call_soon_threadsafe(pieces.put_nowait, piece)

        asked = self._there(client.ask(target, request, seconds, say, streams=draft.streams))
        try:
            while (piece := await pieces.get()) is not None:
                draft.read(piece, target.name)
            cost = await asked
        except Refusal as e:
            raise explain(e, target.name, target.host, [target.api_key]) from None
        finally:
            asked.cancel()
        return draft.answer(target.name, cost=cost)

    async def warm(self) -> None:
        await self._loaded()

    async def close(self) -> None:
        if self._client and self._loop:
            await self._there(self._client.close())
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._client = self._loop = None

    def _there(self, work: Coroutine[Any, Any, T]) -> "asyncio.Future[T]":
        """Run it on litellm's event loop."""
        if self._loop is None:
            self._loop = uvloop.new_event_loop()
            threading.Thread(target=_run, args=[self._loop], name="litellm", daemon=True).start()
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def _loaded(self) -> "_Client":
        async with self._loading:
            if self._client is None:
                # Who asked may be cancelled; the next one will want it all the same.
                self._client = await asyncio.shield(self._there(_load()))
            return self._client


class _Client:
    """litellm, loaded. Making one takes seconds. Used on litellm's event loop only."""

    def __init__(self) -> None:
        # Else the import fetches the price list from GitHub.
        os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
        self._litellm = litellm = _module("litellm")
        litellm.suppress_debug_info = True
        litellm.drop_params = True
        self._log = _module("litellm.litellm_core_utils.logging_worker").GLOBAL_LOGGING_WORKER
        self._errors: type[Exception] = _module("openai").OpenAIError
        self._prefixes = frozenset(provider.value for provider in litellm.provider_list)

    async def ask(
        self,
        target: Target,
        request: Request,
        seconds: float,
        say: Callable[[Json | None], None],
        *,
        streams: bool,
    ) -> float | None:
        """One try. Raises ModelFailed. `say` gets what the model says, and None at the end."""
        try:
            self._require_provider(target)
            read = self._stream if streams else self._whole
            usage = await read(self._arguments(target, request, seconds), say)
            return self._price(target, usage)
        except self._errors as e:
            raise explain(e, target.name, target.host, [target.api_key]) from None
        finally:
            say(None)

    async def rehearse(self) -> None:
        """The first call, and the first with tools, import half a second's worth of modules each."""
        question = [{"role": "user", "content": "hello"}]
        tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
        for extra in ({}, {"tools": [tool]}):
            await self._litellm.acompletion(
                model="openai/rehearsal", messages=question, mock_response="hello", **extra
            )

    async def close(self) -> None:
        await self._log.stop()
        await _module("litellm.llms.custom_httpx.async_client_cleanup").close_litellm_async_clients()

    def _require_provider(self, target: Target) -> None:
        """A provider that only litellm knows takes its key from the environment: say so before it fails."""
        if target.model.partition("/")[0] not in self._prefixes:
            raise unknown(target.name)
        if target.api_key or target.api_base:
            return
        missing = self._litellm.validate_environment(target.model)["missing_keys"]
        # Several names mean that there are other ways to log in, e.g. the cloud's own files.
        if len(missing) == 1:
            raise no_key(target.name, missing[0])

    def _arguments(self, target: Target, request: Request, seconds: float) -> Json:
        arguments = {
            "model": target.model,
            # litellm edits both in place; another try must start from what was asked.
            "messages": copy.deepcopy(list(request.messages)),
            "tools": copy.deepcopy(list(request.tools)) or None,
            "temperature": request.temperature,
            "max_tokens": request.max_tokens,
            "api_base": target.api_base or None,
            "api_key": target.api_key or None,
            "timeout": _module("httpx").Timeout(max(seconds, 0.1), connect=CONNECT),
            "max_retries": 0,
            "num_retries": 0,
        }
        return {name: value for name, value in arguments.items() if value is not None}

    async def _whole(self, arguments: Json, say: Callable[[Json], None]) -> Any:
        response = await self._litellm.acompletion(**arguments)
        say(response.model_dump())
        return getattr(response, "usage", None)

    async def _stream(self, arguments: Json, say: Callable[[Json], None]) -> Any:
        ask_for = {"stream": True, "stream_options": {"include_usage": True}}
        stream = await self._litellm.acompletion(**arguments, **ask_for)
        usage = None
        try:
            async for chunk in stream:
                usage = getattr(chunk, "usage", None) or usage
                piece = chunk.model_dump()
                # litellm ends a stream that was cut with "stop"; what the provider itself said comes below.
                for choice in piece.get("choices") or ():
                    choice["finish_reason"] = None
                say(piece)
        finally:
            await stream.aclose()
        said = stream.received_finish_reason or stream.intermittent_finish_reason
        say({"choices": [{"delta": {}, "finish_reason": said}]})
        return usage

    def _price(self, target: Target, usage: Any) -> float | None:
        try:
            return float(sum(self._litellm.cost_per_token(model=target.model, usage_object=usage)))
        except (self._errors, self._litellm.exceptions.ModelNotMappedError, ValueError):
            return None


async def _load() -> _Client:
    client = _Client()
    await client.rehearse()
    return client


def _run(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()


def _module(name: str) -> Any:
    """What is imported late, and so without its types."""
    return importlib.import_module(name)
