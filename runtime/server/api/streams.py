"""What both APIs share: read JSON, run a turn, stream its events, say what went wrong."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.requests import HTTPConnection, Request
from starlette.responses import StreamingResponse

from runtime import wellformed
from runtime.agents.agent import Agent
from runtime.caps import Today
from runtime.errors import HongyanError, Refused, TurnFailed
from runtime.lang import Text
from runtime.languages import preferred
from runtime.message import Message
from runtime.server.body import SECONDS, read_body
from runtime.turn.events import Event, Failed, ModelUsed, Replied, Waited
from runtime.turn.telling import Tell

MAX_BODY = 4 * 1024 * 1024
WITH_FILES, FILES_SECONDS = 20 * 1024 * 1024, 60.0
"""Bytes of a body in which files may stand, and seconds for sending it."""
ENDS = 10.0
"""Seconds in which a turn that is told to end should."""
PING = 15.0
"""Seconds of silence after which a stream says that it is still there; proxies give up after 30 to 60."""
NOT_JSON = Text(
    "请用 Content-Type: application/json 发送一个 JSON 对象。",
    "Send one JSON object, with Content-Type: application/json.",
)
UNREADABLE = Text(
    "请求的内容不是可以接受的 JSON（{why}）。请发送一个 JSON 对象。",
    "The body is not acceptable JSON: {why}. Send one JSON object.",
)


class Counts(Protocol):
    async def of_key(self, key: str) -> Today:
        """What an API key took today, by the name that its conversations begin with."""
        ...

    async def of_user(self, user: str) -> Today:
        """What all keys of one user took, and what they tried out."""
        ...


class Acts(Protocol):
    async def stop(self, publication: str, sender: str, id: str) -> bool:
        """No more of the answer to the message of that id; whether there is one."""
        ...


class Keeps(Protocol):
    async def keep(self, content: bytes, whose: tuple[str, str] | None = None) -> str:
        """As somebody's file. Raises NotSaved."""
        ...


class Hears(Protocol):
    def hears(self, agent: Agent) -> bool:
        """Whether a model listens to voice for it."""
        ...


class Streams(Protocol):
    """What we need of the gateway."""

    def stream(
        self,
        publication: str,
        message: Message,
        *,
        pieces: bool = True,
        needs_listener: bool = False,
        tell: Tell | None = None,
    ) -> AsyncGenerator[Event, None]: ...

    @property
    def spending(self) -> Counts: ...

    @property
    def acts(self) -> Acts: ...

    @property
    def kept(self) -> Keeps: ...

    @property
    def senses(self) -> Hears | None: ...


@dataclass(frozen=True)
class Used:
    """Tokens of a turn, as far as its models said."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0
    """Of those that were read…"""
    reasoning: int = 0
    """…and of those that were written."""

    def counted(self, event: Event | None) -> "Used":
        """With those of that event."""
        if not isinstance(event, ModelUsed):
            return self
        return Used(
            self.prompt + event.prompt_tokens,
            self.completion + event.completion_tokens,
            self.cached + event.cached_tokens,
            self.reasoning + event.reasoning_tokens,
        )


@dataclass(frozen=True)
class Turned:
    """A finished turn."""

    text: str
    used: Used = Used()
    finish: str = "stop"
    """Why the answer ends, as OpenAI's API calls it."""
    waiting: Waited | None = None
    """It is not over: it goes on when that comes."""

    @property
    def calls(self) -> Sequence[Mapping[str, str]]:
        """Of the program's own tools: `id`, `name`, `arguments` as JSON text."""
        return calls_of(self.waiting) if self.waiting else ()


def calls_of(event: Event) -> Sequence[Mapping[str, str]]:
    """See Turned.calls."""
    return event.data.get("calls", ()) if isinstance(event, Waited) else ()


async def read_json(
    request: Request,
    weigh: Callable[[int], Awaitable[None]] | None = None,
    most: int = MAX_BODY,
    seconds: float = SECONDS,
) -> dict[str, Any]:
    """Raises Refused when it is too large, too slow or not a JSON object. `weigh` is told its bytes."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(NOT_JSON, code="media_type")
    body = await read_body(request, most, seconds)
    if weigh:
        await weigh(len(body))
    try:
        # Of two values of one name, a proxy before us may have checked the other.
        data = await wellformed.read(body.decode("utf-8"), largest=most, unrepeated=True)
    except ValueError as e:
        raise Refused(UNREADABLE.fill(why=e), code="malformed") from None
    if not isinstance(data, dict):
        raise Refused(NOT_JSON, code="malformed")
    return data


async def whole(events: AsyncIterator[Event | None]) -> Turned:
    """Wait for the answer. Raises TurnFailed and whatever the gateway raises."""
    used = Used()
    async for event in events:
        used = used.counted(event)
        if isinstance(event, Failed):
            raise TurnFailed(event.reason, code=event.code)
        elif isinstance(event, Replied):
            waiting = event if isinstance(event, Waited) else None
            return Turned(event.text, used, event.finish, waiting)
    raise TurnFailed(Text("没有得到回答。", "There was no answer."), code="no_answer")


async def taken(events: AsyncGenerator[Event | None, None]) -> None:
    """Wait until it is stored, or answered already. Raises TurnFailed where it is not."""
    first: Event | None = None
    async with aclosing(events):
        async for first in events:
            if first is not None:  # nothing was heard for a while: it may be on its way to the disk
                break
    if isinstance(first, Failed):
        raise TurnFailed(first.reason, code=first.code)


async def is_over(gateway: Streams, publication: str, message: Message) -> None:
    """Wait until a turn that was told to end did so; not for ever."""
    with suppress(TimeoutError, HongyanError):  # whoever asks the store sees how it ended
        async with asyncio.timeout(ENDS):
            async for _ in gateway.stream(publication, message, pieces=False):
                pass


async def with_pings(
    events: AsyncIterator[Event], seconds: float = PING
) -> AsyncGenerator[Event | None, None]:
    """The events, and None whenever there was none for a while."""
    following = asyncio.ensure_future(_following(events))
    try:
        while True:
            done, _ = await asyncio.wait({following}, timeout=seconds)
            if not done:
                yield None
                continue
            event = following.result()
            if event is None:
                return
            yield event
            following = asyncio.ensure_future(_following(events))
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        if close := getattr(events, "aclose", None):
            await close()


def event_stream(chunks: AsyncIterator[bytes]) -> StreamingResponse:
    """Server-sent events that no proxy holds back."""
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(chunks, media_type="text/event-stream", headers=headers)


def language(request: HTTPConnection) -> str:
    """Of error messages: what the client prefers, else English."""
    return preferred(request.headers.get("accept-language", ""), "en")


async def _following(events: AsyncIterator[Event]) -> Event | None:
    return await anext(events, None)
