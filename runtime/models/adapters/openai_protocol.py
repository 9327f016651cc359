"""Servers that speak OpenAI's chat completions: nothing to translate, so they are asked directly.

Through litellm the same question costs ten times the CPU, and 120 MB (`make bench`, rows 11 and 12).
https://platform.openai.com/docs/api-reference/chat
"""

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import aiohttp

from runtime.lang import Text
from runtime.models.adapters import CONNECT, MAX_BYTES, Adapter
from runtime.models.completion import Answer, Request
from runtime.models.failures import ErrorResponse, explain, unusable
from runtime.models.questions import body
from runtime.models.reading.event_stream import EventReader, NotJson, Sent, TooLarge
from runtime.models.reading.unfinished import Unfinished
from runtime.models.spelling import moved
from runtime.models.targets import Target
from runtime.network.proxy import Proxy
from runtime.network.sessions import KeptSession, open_session
from runtime.off_loop import SMALL, off_loop

NOTHING: Mapping[str, str] = {}
SLICE = 4096
"""Bytes that are read in one go: at most some 400 events, 40 ms."""

IDLE = 60.0
"""Seconds that an unused connection is kept."""
LINGER = 2.0
"""Seconds that a finished answer waits for what may still come: the tokens used, the end of the response."""
CLOSING = 0.2
"""Seconds to wait for the end of a response that said [DONE], so that its connection is used again."""
REFUSAL = 64_000
"""Bytes of a refusal that are read, for at most LINGER seconds."""


class OpenAIProtocol(Adapter):
    def __init__(self, environment: Mapping[str, str] = NOTHING) -> None:
        self._proxy = Proxy.out(environment)
        self._session = KeptSession(_session)

    async def ask(self, target: Target, request: Request, unfinished: Unfinished, seconds: float) -> Answer:
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT, sock_read=max(seconds, 0.1))
        reader = EventReader()
        question = {"model": target.model, **body(request, streams=unfinished.streams)}
        try:
            async with self._session.get().post(
                f"{target.api_base.rstrip('/')}/chat/completions",
                data=json.dumps(question, ensure_ascii=False).encode(),
                headers=_headers(target),
                timeout=timeout,
                allow_redirects=False,
                proxy=self._proxy.of(target.api_base),
            ) as response:
                if 300 <= response.status < 400:
                    raise moved(target, response.headers.get("Location", ""))
                if response.status != 200:
                    raise ErrorResponse(response.status, await _start(response), response.headers)
                # A task of its own: each piece that comes wakes what waits for it, all the way down.
                await asyncio.create_task(_read(response, reader, unfinished, target.name))
        except (aiohttp.ClientError, TimeoutError, ErrorResponse) as e:
            raise explain(e, target.name, target.host, [target.api_key]) from None
        except NotJson as e:
            page = Text("是一个网页，请检查接口地址", "it is a web page; check the address")
            what = page if e.page else Text("不是对话补全的格式", "it is not a chat completion")
            raise unusable(target.name, what) from None
        except TooLarge:
            raise unusable(target.name, Text("回复过长", "it is far too long")) from None
        return unfinished.answer(target.name, done=reader.done)

    async def warm(self) -> None: ...

    async def close(self) -> None:
        await self._session.close()


def _session() -> aiohttp.ClientSession:
    # How many turns run at once is bounded elsewhere, once; what comes is counted as it is read.
    return open_session(aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE), unpacks=True)


def _headers(target: Target) -> dict[str, str]:
    return {**target.headers, "Content-Type": "application/json"} | (
        {"Authorization": f"Bearer {target.api_key}"} if target.api_key else {}
    )


async def _start(response: aiohttp.ClientResponse) -> str:
    """What a refusal says: as much of it as comes soon."""
    said = b""
    try:
        async with asyncio.timeout(LINGER):
            async for chunk in response.content.iter_any():
                said += chunk
                if len(said) > REFUSAL:
                    break
    except (TimeoutError, aiohttp.ClientError):
        pass  # the status says enough
    return said[:REFUSAL].decode("utf-8", "replace")


def _good(sent: Iterable[Sent]) -> Iterator[Any]:
    """Their data. Raises ErrorResponse at the first that the server calls an error."""
    for one in sent:
        if one.failed:
            raise ErrorResponse(0, json.dumps(one.data, ensure_ascii=True), {})
        yield one.data


async def _read(
    response: aiohttp.ClientResponse, reader: EventReader, unfinished: Unfinished, model: str
) -> None:
    """What the server sends, until it says that this was all, whether it closes or not.

    Thousands of events may come at once, while others wait.
    """
    size = 0
    while chunk := await _next(response, reader, unfinished):
        size += len(chunk)
        if size > MAX_BYTES:
            raise TooLarge
        for start in range(0, len(chunk), SLICE):
            if start:
                await asyncio.sleep(0)
            unfinished.read(_good(reader.feed(chunk[start : start + SLICE])), model)
    unfinished.read(_good(await off_loop(reader.end) if size > SMALL else reader.end()), model)


async def _next(response: aiohttp.ClientResponse, reader: EventReader, unfinished: Unfinished) -> bytes:
    """The next bytes; none at the end, or when the answer is there and its server says no more."""
    if not (unfinished.ended or reader.done or reader.may_be_whole):
        return await response.content.readany()  # a timer for each piece would cost as much as reading it
    while True:
        try:
            async with asyncio.timeout(CLOSING if reader.done else LINGER):
                return await response.content.readany()
        except TimeoutError as e:
            if isinstance(e, aiohttp.ServerTimeoutError):
                raise
            if unfinished.ended or reader.done or reader.whole():
                return b""
        except aiohttp.ClientError:
            if unfinished.ended or reader.done:
                return b""  # what was cut off is not missed
            raise


ADAPTER = OpenAIProtocol
