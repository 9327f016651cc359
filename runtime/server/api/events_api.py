"""GET /agent/messages/{id}/events: follow the answer to a message that was sent, as EventSource reads it.

    new EventSource("/agent/messages/m1/events?context_id=c1")
        →  accepted, rewritten, written, answered | failed

`id` is the sender's own name of the message: its Idempotency-Key, or the `id` of a WebSocket's frame. The
frames are the WebSocket's, see ws_told. Each that ends at a place in the answer says so in its `id`; who
comes back with that as Last-Event-ID is told what follows it, or all of it where it was written anew. Behind
the last frame there is 204, with which an EventSource ends.
https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
import re
import zlib
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any, Protocol

import orjson
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from runtime.errors import HongyanError, Invalid, NotFound, TooMany, TurnFailed
from runtime.lang import Text, as_it_is
from runtime.server.api.answer_stream import answering
from runtime.server.api.api_errors import refusal
from runtime.server.api.calls import message_id
from runtime.server.api.chat_api import error_body
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.key_check import KeyCheck, sender_of
from runtime.server.api.shown import Lane, Shown
from runtime.server.api.streams import Streams, event_stream, language, with_pings
from runtime.server.door.ways import Way
from runtime.store.control.control import Control
from runtime.store.messages.one_answer import OneAnswer
from runtime.turn.events import Event, Failed, Replied, Waited

OVER = "over"
"""The place behind the last frame."""
PLACE = re.compile(r"([0-9]{1,9})\.([0-9a-f]{8})")
RETRY = b"retry: 1000\n\n"
"""Milliseconds after which an EventSource comes back."""
LATER = b"retry: 5000\n\n"
"""The same where too many follow."""
AT_ONCE = 16
"""Streams that one person, or one conversation of a program's, follows."""
SOON, EVERY = 5.0, 2.0
GOES_ON = ("unfinished", "stopping")
"""Codes of turns that are taken up again, by whichever process."""
ID = re.compile(r"[\x21-\x7e]{1,255}")
FULL = Text("已经在跟着看 {most} 个回答了。", "{most} answers are being followed already.")
NO_CONTEXT = Text(
    "请在地址里写 context_id：消息发到了哪段对话。",
    "Say in the address to which conversation it was sent: context_id.",
)
UNKNOWN = Text("没有编号为「{id}」的消息。", "There is no message {id!r} of yours.")


class Reads(Protocol):
    """People of pages and apps of ours, see server/people."""

    def reads(self, request: HTTPConnection) -> bool:
        """Whether one of them does, and no program with a key."""
        ...

    async def lane(self, request: HTTPConnection) -> Lane:
        """Raises HongyanError."""
        ...


class Answers(Protocol):
    """runtime.store.messages.one_answer.OneAnswers."""

    async def find(self, publication: str, sender: str, key: str) -> OneAnswer | None: ...


class EventsApi:
    def __init__(
        self,
        gateway: Streams,
        keys: KeyCheck,
        control: Control,
        browsers: Browsers,
        answers: Answers,
        people: Reads,
        every: float = EVERY,
    ) -> None:
        """`every`: seconds after which it is looked whether somebody is still signed in."""
        self._gateway, self._keys, self._control = gateway, keys, control
        self._browsers, self._answers, self._people = browsers, answers, people
        self._every = every
        self._open = Counter[tuple[str, str]]()

    def routes(self) -> list[Way]:
        return [self._browsers.route("/agent/messages/{id}/events", self.follow, ["GET"])]

    async def follow(self, request: Request) -> Response:
        id, after = str(request.path_params["id"]), _after(request)
        try:
            comes = self._people.reads(request)
            lane = await (self._people.lane(request) if comes else self._by_key(request))
            named = message_id(id) if ID.fullmatch(id) else ""
            found = await self._answers.find(lane.publication, lane.sender, named)
            if found is None:
                raise NotFound(UNKNOWN.fill(id=id[:60]), field="id")
            if after == OVER:
                return Response(status_code=204)
            if self._open[lane.publication, lane.sender] >= AT_ONCE:
                raise TooMany(FULL.fill(most=AT_ONCE), SOON)
        except HongyanError as e:
            return refusal(e, error_body(e, language(request)))
        telling = Telling(id, lane, after, language(request))
        response = event_stream(self._told(lane, found, telling))
        response.headers["referrer-policy"] = "no-referrer"  # a token may stand in the address
        return response

    async def _by_key(self, request: Request) -> Lane:
        """Raises HongyanError."""
        caller = await self._keys.key(request)
        self._browsers.refuse_others(request)
        asked = request.query_params
        key, context = caller.on(asked.get("agent", "")), asked.get("context_id", "")
        if not context:
            raise Invalid(NO_CONTEXT, field="context_id", code="invalid")
        publication = self._keys.publication(key)
        blocks = answering(self._control.frozen_agent(publication.id, publication.version))
        return Lane(publication.id, sender_of(key, context), blocks, context)

    async def _told(self, lane: Lane, found: OneAnswer, telling: "Telling") -> AsyncIterator[bytes]:
        whose = lane.publication, lane.sender
        if self._open[whose] >= AT_ONCE:  # they came at the same moment; an EventSource comes back
            yield LATER
            return
        self._open[whose] += 1
        try:
            yield RETRY
            async with aclosing(self._events(lane, found)) as events:
                looked = _now()
                async for event in events:
                    if _now() - looked >= self._every:
                        await lane.still()
                        looked = _now()
                    for line in telling.take(event):
                        yield line
        except HongyanError as e:
            for line in telling.failed(e, is_over=found.is_over):
                yield line
        finally:
            self._open[whose] -= 1
            if not self._open[whose]:
                del self._open[whose]

    async def _events(self, lane: Lane, found: OneAnswer) -> AsyncGenerator[Event | None, None]:
        """Of the turn as it runs, or of how it ended."""
        if found.is_over:
            yield ended(found)
            return
        async with aclosing(with_pings(self._gateway.stream(lane.publication, found.message))) as events:
            async for event in events:
                yield event


def _now() -> float:
    return asyncio.get_running_loop().time()


def ended(found: OneAnswer) -> Event:
    """How its turn ended, as the store has it."""
    if found.failure:
        return Failed(found.failure, as_it_is(found.reply))
    if left := found.waits:
        return Waited(found.reply, 0, block=left.block, wait=left.kind, what=left.what, until=left.until)
    return Replied(found.reply, 0, finish=found.finish)


class Telling:
    """The frames of one stream, in lines. `after`: the place up to which somebody was told it before."""

    def __init__(self, id: str, lane: Lane, after: str, lang: str) -> None:
        self._id, self._lang, self._after = id, lang, after
        self._shown = Shown(id, lane.context, lane.blocks, self._say)
        self._length = self._mark = 0
        """Of the answer as far as it was told."""
        self._lines: list[bytes] = []

    def take(self, event: Event | None) -> Iterator[bytes]:
        """None: nothing happened for a while. Raises TurnFailed when the turn did."""
        if event is None:
            yield b": still here\n\n"
            return
        self._shown.take(event)
        yield from self._told()

    def failed(self, error: HongyanError, *, is_over: bool) -> Iterator[bytes]:
        """Of what is not over nothing is told: whoever follows it comes back."""
        if isinstance(error, TurnFailed) and (is_over or error.code not in GOES_ON):
            self._put("failed", OVER, id=self._id, **error_body(error, self._lang))
        yield from self._told()

    def _told(self) -> list[bytes]:
        lines, self._lines = self._lines, []
        return lines

    def _say(self, type: str, /, **fields: Any) -> None:
        if type not in ("written", "rewritten"):
            return self._put(type, OVER if type == "answered" else "", **fields)
        text = str(fields["text"])
        before = (0, 0) if type == "rewritten" else (self._length, self._mark)
        self._length, self._mark = before[0] + len(text), _mark(text, before[1])
        place = f"{self._length}.{self._mark:08x}"
        if type == "rewritten" and (known := PLACE.fullmatch(self._after)) and _begins(text, known):
            type, fields = "written", {**fields, "text": text[int(known[1]) :]}
        self._after = ""
        if fields["text"]:
            self._put(type, place, **fields)

    def _put(self, type: str, place: str, /, **fields: Any) -> None:
        at = f"id: {place}\n" if place else ""
        frame = orjson.dumps({"type": type, **fields})
        self._lines.append(f"event: {type}\n{at}data: ".encode() + frame + b"\n\n")


def _mark(text: str, before: int = 0) -> int:
    return zlib.crc32(text.encode("utf-8", "replace"), before)


def _begins(text: str, known: re.Match[str]) -> bool:
    """Whether that place is one in the text as it is now."""
    length = int(known[1])
    return length <= len(text) and _mark(text[:length]) == int(known[2], 16)


def _after(request: Request) -> str:
    """The place as the browser says it when it comes back, or as a new EventSource does in its address."""
    header = request.headers.get("last-event-id", "")
    return header or request.query_params.get("last_event_id", "")
