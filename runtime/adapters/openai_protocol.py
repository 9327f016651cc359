"""Servers that speak OpenAI's chat completions: nothing to translate, so they are asked directly.

Through litellm the same question costs ten times the CPU, and 120 MB (`make bench`, rows 11 and 12).
https://platform.openai.com/docs/api-reference/chat
"""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from pydantic import BaseModel, ValidationError

from runtime.adapters import CONNECT, MAX_BYTES
from runtime.completion import Answer, Request
from runtime.draft import Delta, Draft, Usage
from runtime.model_errors import Refusal, explain, unusable
from runtime.routing import Target

IDLE = 60.0
"""Seconds that an unused connection is kept."""


class Choice(BaseModel):
    message: Delta | None = None
    delta: Delta | None = None
    finish_reason: str | None = None


class Completion(BaseModel):
    """A whole answer, or one event of a streamed one. Of what servers add of their own we read nothing."""

    choices: list[Choice] = []
    usage: Usage | None = None
    error: Any = None


class OpenAIProtocol:
    """Implements Adapter."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, target: Target, request: Request, draft: Draft, seconds: float) -> Answer:
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT, sock_read=max(seconds, 0.1))
        finish, usage = None, None
        try:
            async with self._connections().post(
                f"{target.api_base.rstrip('/')}/chat/completions",
                data=json.dumps(_body(target, request, draft), ensure_ascii=False).encode(),
                headers=_headers(target),
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                if response.status != 200:
                    raise Refusal(response.status, await _start(response), response.headers)
                async for data in _events(response) if draft.streams else _whole(response):
                    completion = _completion(data, target)
                    usage = completion.usage or usage
                    for choice in completion.choices[:1]:
                        finish = choice.finish_reason or finish
                        if said := choice.message or choice.delta:
                            draft.add(said, target.name)
        except (aiohttp.ClientError, TimeoutError, Refusal) as e:
            raise explain(e, target.name, target.host, [target.api_key]) from None
        return draft.answer(target.name, finish, usage, cost=None)

    async def warm(self) -> None: ...

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _connections(self) -> aiohttp.ClientSession:
        if self._session is None:
            # How many turns run at once is bounded elsewhere, once.
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._session


def _body(target: Target, request: Request, draft: Draft) -> dict[str, Any]:
    body: dict[str, Any] = {"model": target.model, "messages": request.messages}
    if request.tools:
        body["tools"] = request.tools
    if request.temperature is not None:
        body["temperature"] = request.temperature
    if request.max_tokens is not None:
        body["max_tokens"] = request.max_tokens
    if draft.streams:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    return body


def _headers(target: Target) -> dict[str, str]:
    return {"Content-Type": "application/json"} | (
        {"Authorization": f"Bearer {target.api_key}"} if target.api_key else {}
    )


def _completion(data: bytes, target: Target) -> Completion:
    try:
        completion = Completion.model_validate_json(data)
    except ValidationError:
        raise unusable(target.name, "不是对话补全的格式", "it is not a chat completion") from None
    if completion.error:
        raise Refusal(0, json.dumps(completion.error, ensure_ascii=False), {})
    return completion


async def _start(response: aiohttp.ClientResponse) -> str:
    """What a refusal says: as much of it as matters."""
    async for chunk in response.content.iter_chunked(16_384):
        return chunk.decode("utf-8", "replace")
    return ""


async def _whole(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    yield b"".join([chunk async for chunk in _bounded(response)])


async def _events(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """The data of each server-sent event, up to [DONE]; one that is cut off at the end is left out.

    A server that does not stream answers with one whole completion.
    https://html.spec.whatwg.org/multipage/server-sent-events.html
    """
    if response.content_type != "text/event-stream":
        async for data in _whole(response):
            yield data
        return
    rest = b""
    async for chunk in _bounded(response):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            data = line.removeprefix(b"data:").strip()
            if data == b"[DONE]":
                return
            if line.startswith(b"data:"):
                yield data


async def _bounded(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > MAX_BYTES:
            raise aiohttp.ClientPayloadError("The response is too large.")
        yield chunk
