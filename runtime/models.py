"""Ask models through litellm, which only this file imports: retries, fallbacks, streaming, prices."""

import asyncio
import copy
import importlib
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from runtime import demo_model
from runtime.completion import Answer, Request
from runtime.draft import Draft
from runtime.errors import ModelFailed
from runtime.lang import Text
from runtime.model_errors import AskedToWait, explain, took_too_long, unusable
from runtime.providers import Endpoint, Endpoints
from runtime.routing import DEMO, PAUSES, TRIES, Breaker, Target, no_key, resolve, target_of

__all__ = ["DEMO", "Endpoint", "Endpoints", "LiteLLM"]

Json = dict[str, Any]

CONNECT = 4.0
"""Seconds to reach a server."""
CHECK_SECONDS = 15.0
MAX_BYTES = 32_000_000
"""Of one response of a server of unknown manners."""


class LiteLLM:
    """Implements completion.Models."""

    def __init__(
        self,
        endpoints: Endpoints,
        environment: Mapping[str, str] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._endpoints = endpoints
        self._environment = os.environ if environment is None else environment
        self._clock = clock
        self._sleep = sleep
        self._breaker = Breaker()
        self._loading = asyncio.Lock()
        self._client: _Client | None = None

    async def warm(self) -> None:
        """Import litellm (some seconds) beside the event loop, so that the first answer is fast too."""
        await self._loaded()

    async def close(self) -> None:
        """Close the connections."""
        if self._client:
            await self._client.close()
            self._client = None

    async def complete(
        self,
        request: Request,
        on_text: Callable[[str], None] | None = None,
        on_reset: Callable[[], None] | None = None,
    ) -> Answer:
        """See completion.Models. What a content filter refused is not asked elsewhere."""
        draft = Draft(on_text, on_reset, self._clock)
        try:
            async with asyncio.timeout(request.seconds):
                return await self._first_answer(request, draft)
        except TimeoutError:
            raise took_too_long(request.model) from None

    async def check(self, endpoint: Endpoint, model: str = "") -> Text:
        """Ask one tiny question (at most 15 s); a sentence that it works. Raises ModelFailed."""
        target = target_of(endpoint, model, self._environment)
        question = [{"role": "user", "content": "Reply with the two letters: OK"}]
        request = Request(target.name, question, max_tokens=64)
        client = await self._loaded()
        draft = Draft(clock=self._clock)
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await client.ask(target, request, draft, CHECK_SECONDS)
        except TimeoutError:
            raise took_too_long(target.name) from None
        except ModelFailed as e:
            # A thinking model may spend the few tokens on its thoughts: it works all the same.
            if e.code != "length":
                raise
        ms = round((self._clock() - draft.started) * 1000)
        return Text(
            f"可以使用：{target.name} 用 {ms} 毫秒回答了。", f"It works: {target.name} answered in {ms} ms."
        )

    async def _loaded(self) -> "_Client":
        async with self._loading:
            if self._client is None:
                self._client = await asyncio.to_thread(_Client)
            return self._client

    async def _first_answer(self, request: Request, draft: Draft) -> Answer:
        client = await self._loaded()
        deadline = draft.started + request.seconds
        names = self._breaker.order([request.model, *request.fallbacks], self._clock())
        failures: list[ModelFailed] = []
        for place, name in enumerate(names):
            left = len(names) - place
            # One that hangs must leave time for those behind it.
            share = (deadline - self._clock()) / left if left > 1 else None
            try:
                target = resolve(name, self._endpoints, self._environment, client.prefixes)
                async with asyncio.timeout(share):
                    return await self._persist(name, target, request, draft, deadline, last=left == 1)
            except TimeoutError:
                self._breaker.failed(name, self._clock())
                failures.append(took_too_long(target.name))
            except ModelFailed as e:
                if e.code == "policy":
                    raise
                failures.append(e)
        raise failures[0]

    async def _persist(
        self, name: str, target: Target, request: Request, draft: Draft, deadline: float, *, last: bool
    ) -> Answer:
        """Try one model, and again when that may help and there is time."""
        client = await self._loaded()
        tries = 1 if self._breaker.cooling(name, self._clock()) else TRIES if last else TRIES - 1
        attempt = 0
        while True:
            attempt += 1
            draft.reset()
            try:
                answer = await client.ask(target, request, draft, deadline - self._clock())
            except ModelFailed as e:
                if not e.retryable:
                    raise
                self._breaker.failed(name, self._clock())
                pause = e.wait if isinstance(e, AskedToWait) else PAUSES[min(attempt, len(PAUSES)) - 1]
                # Where another model stands ready, nobody waits long for this one.
                if attempt == tries or pause > (deadline - self._clock() if last else max(PAUSES)):
                    raise
                await self._sleep(pause)
            else:
                self._breaker.succeeded(name)
                return answer


class _Client:
    """litellm, loaded and warm. Making one takes seconds of CPU and blocks: do it in a thread."""

    def __init__(self) -> None:
        # Else the import fetches the price list from GitHub.
        os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
        self._litellm = litellm = _module("litellm")
        litellm.suppress_debug_info = True
        litellm.drop_params = True
        _register_demo(litellm)
        self._http = _bounded_http(_module("httpx"))
        self._log = _module("litellm.litellm_core_utils.logging_worker").GLOBAL_LOGGING_WORKER
        self._errors: type[Exception] = _module("openai").OpenAIError
        self.prefixes = frozenset(provider.value for provider in litellm.provider_list if provider != "demo")
        asyncio.run(self._rehearse())

    async def ask(self, target: Target, request: Request, draft: Draft, seconds: float) -> Answer:
        """One try. Raises ModelFailed. `seconds` bounds each wait for bytes; the caller bounds the whole."""
        arguments = self._arguments(target, request, seconds)
        self._require_key(target)
        try:
            read = self._stream if draft.streams else self._whole
            finish, usage = await read(arguments, draft, target)
        except self._errors as e:
            raise explain(e, target.name, target.host, [target.api_key]) from None
        return draft.answer(target.name, finish, usage, self._price(target, usage))

    async def close(self) -> None:
        await self._log.stop()
        await self._http.close()
        await _module("litellm.llms.custom_httpx.async_client_cleanup").close_litellm_async_clients()

    def _require_key(self, target: Target) -> None:
        """A provider that only litellm knows takes its key from the environment: say so before it fails."""
        if target.api_key or target.api_base or target.name == DEMO:
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
        if target.model.startswith("hosted_vllm/"):
            arguments["client"] = self._http
            # Else litellm would send a key it finds in the environment.
            arguments["api_key"] = target.api_key or "none"
        return {name: value for name, value in arguments.items() if value is not None}

    async def _whole(self, arguments: Json, draft: Draft, target: Target) -> tuple[str | None, Any]:
        response = await self._litellm.acompletion(**arguments)
        if not response.choices:
            raise unusable(target.name, "没有内容", "it has no choices")
        choice = response.choices[0]
        draft.add(choice.message, target.name)
        return choice.finish_reason, getattr(response, "usage", None)

    async def _stream(self, arguments: Json, draft: Draft, target: Target) -> tuple[str | None, Any]:
        ask_for = {"stream": True, "stream_options": {"include_usage": True}}
        stream = await self._litellm.acompletion(**arguments, **ask_for)
        usage = None
        try:
            async for chunk in stream:
                usage = getattr(chunk, "usage", None) or usage
                if chunk.choices:
                    draft.add(chunk.choices[0].delta, target.name)
        finally:
            await stream.aclose()
        # litellm ends a stream that was cut with "stop"; this is what the provider itself said.
        return stream.received_finish_reason, usage

    def _price(self, target: Target, usage: Any) -> float | None:
        if target.name == DEMO:
            return 0.0
        try:
            return float(sum(self._litellm.cost_per_token(model=target.model, usage_object=usage)))
        except (self._errors, self._litellm.exceptions.ModelNotMappedError, ValueError):
            return None

    async def _rehearse(self) -> None:
        """The first call, and the first with tools, import half a second's worth of modules each."""
        question = [{"role": "user", "content": "hello"}]
        tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
        for extra in ({}, {"tools": [tool]}):
            await self._litellm.acompletion(model=DEMO, messages=question, **extra)
        # litellm's own log queue must not outlive this event loop.
        await self._log.flush()
        await self._log.stop()


def _module(name: str) -> Any:
    """What is imported late, and so without its types."""
    return importlib.import_module(name)


def _bounded_http(httpx: Any) -> Any:
    """litellm's HTTP client, which stops reading a response after MAX_BYTES."""

    class Bounded(httpx.AsyncByteStream):  # type: ignore[misc] # imported lazily, hence Any
        def __init__(self, inner: Any) -> None:
            self._inner = inner

        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = 0
            async for chunk in self._inner:
                size += len(chunk)
                if size > MAX_BYTES:
                    raise httpx.ReadError("The response is too large.")
                yield chunk

        async def aclose(self) -> None:
            await self._inner.aclose()

    async def bound(response: Any) -> None:
        response.stream = Bounded(response.stream)

    hooks = {"response": [bound]}
    return _module("litellm.llms.custom_httpx.http_handler").AsyncHTTPHandler(event_hooks=hooks)


def _register_demo(litellm: Any) -> None:
    """Make DEMO a model of litellm's."""

    class Demo(litellm.CustomLLM):  # type: ignore[misc] # imported lazily, hence Any
        async def acompletion(self, messages: Any, optional_params: Any, **_: Any) -> Any:
            said = demo_model.answer(messages, optional_params.get("tools") or [])
            choice = {"index": 0, "message": said.message(), "finish_reason": said.finish}
            spoken = litellm.token_counter(model=DEMO, messages=messages)
            written = litellm.token_counter(model=DEMO, text=said.text)
            usage = litellm.Usage(prompt_tokens=spoken, completion_tokens=written)
            return litellm.ModelResponse(model=DEMO, choices=[choice], usage=usage)

        async def astreaming(self, messages: Any, optional_params: Any, **_: Any) -> AsyncIterator[Any]:
            said = demo_model.answer(messages, optional_params.get("tools") or [])
            for delta, finish in said.deltas():
                choice = {"index": 0, "delta": delta, "finish_reason": finish}
                yield litellm.ModelResponseStream(model=DEMO, choices=[choice])

    others = [item for item in litellm.custom_provider_map if item["provider"] != "demo"]
    litellm.custom_provider_map = [*others, {"provider": "demo", "custom_handler": Demo()}]
