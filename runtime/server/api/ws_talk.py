"""One connection: what its client sends is answered, also when the client is gone by then.

A turn belongs to its message and not to the connection: whoever comes back sends the same ids again.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import aclosing, suppress
from typing import Any, Protocol, assert_never

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from runtime.errors import Conflict, HongyanError, TooMany
from runtime.lang import Text
from runtime.message import Message
from runtime.server import sockets
from runtime.server.api.api_errors import headers_of
from runtime.server.api.calls import message_id
from runtime.server.api.chat_api import error_body
from runtime.server.api.shown import Shown
from runtime.server.api.streams import language
from runtime.server.api.ws_frames import LARGEST, PROTOCOL, AnySaid, Follow, Ping, Send, Stop, read
from runtime.server.api.ws_outgoing import Outgoing
from runtime.server.door.visit import Visit
from runtime.turn.events import Event
from runtime.turn.telling import Tell

AT_ONCE = 16
"""Messages of one connection that are being answered, and conversations that it follows."""
MOST_WRONG = 20
"""Frames that could not be read, after which it is closed…"""
POLICY, TOO_SLOW = 1008, 1013
"""…with this code (RFC 6455, 7.4.1); and with the other, where somebody does not read what is sent."""
FULL = Text(
    "这个连接上正在处理的消息已有 {most} 条。", "{most} messages of this connection are being answered."
)
ANOTHER = Text(
    "「{id}」这条消息正在回答，说的是别的；请给这一条另起一个 id。",
    "The message {id!r} that is being answered says something else; give this one another id.",
)
UNAUTHORIZED = 4401
"""Closes a connection of somebody whose token is over (refresh, and come back), or who is signed out."""
PAUSE = 1.0
"""Seconds after which it may be sent again."""


class Speaks(Protocol):
    """For whom a connection speaks: a key's owner, or somebody on a page. All of it raises HongyanError."""

    async def ask(self, said: Send) -> "Asked":
        """Whether they may ask this now; it counts."""
        ...

    async def stop(self, said: Stop) -> None:
        """No more of an answer to a message of theirs; where there is none it changes nothing."""
        ...

    def later(self, said: Follow) -> AsyncGenerator[dict[str, Any], None]:
        """What comes to that conversation unasked."""
        ...


class Asked(Protocol):
    """`blocks`: those that the answer is made of."""

    @property
    def blocks(self) -> Collection[str]: ...

    def message(self, said: Send, id: str) -> Message: ...

    def stream(self, message: Message, tell: Tell) -> AsyncGenerator[Event, None]:
        """What happens; `tell` is told of text at once, as far as that can be."""
        ...


class Talk:
    def __init__(self, socket: WebSocket, speaks: Speaks) -> None:
        self._socket, self._speaks = socket, speaks
        self._lang = language(socket)
        self._out = Outgoing()
        self._sending: asyncio.Task[None] | None = None
        self._more: asyncio.Future[None] | None = None
        """Done when there may be more to send, or no more will be."""
        self._own: asyncio.Task[Any] | None = None
        self._closing = 0
        """By which code it is being closed."""
        self._turns: dict[str, asyncio.Task[None]] = {}
        self._followed: dict[str, asyncio.Task[None]] = {}
        self._stops: dict[str, asyncio.Task[None]] = {}
        self._asked: dict[str, Send] = {}
        """By the same ids as the turns."""

    async def run(self) -> None:
        """Until either side ends it."""
        self._own = asyncio.current_task()
        try:
            await self._read()
        except asyncio.CancelledError:
            if not (self._closing and self._own):
                raise
            self._own.uncancel()
        finally:
            tasks = [*self._turns.values(), *self._followed.values(), *self._stops.values()]
            if self._sending and self._closing in (0, TOO_SLOW):
                tasks.append(self._sending)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self._closing:
            await self._close()

    def end(self, error: HongyanError) -> None:
        """Whoever it is for may not go on. Turns that run go on, as after a cut."""
        if self._own and not self._closing:
            self._fail(error)
            self._closing = UNAUTHORIZED
            self._own.cancel()

    async def _close(self) -> None:
        with suppress(TimeoutError):  # that is not read either
            async with asyncio.timeout(PAUSE):
                if self._sending and not self._sending.done():
                    await self._sending
                await self._socket.close(self._closing)

    async def _read(self) -> None:
        wrong = 0
        while wrong < MOST_WRONG:
            frame = await self._socket.receive()
            if frame["type"] == "websocket.disconnect":
                return
            try:
                self._take(read(frame))
            except HongyanError as e:
                wrong += 1
                self._fail(e)
            await asyncio.sleep(0)  # thousands may have come at once, and others wait
        await self._socket.close(POLICY)

    def _say(self, type: str, /, **fields: Any) -> None:
        """Thousands of connections have nothing to say at a time: only who has is sending."""
        self._out.put(type, **fields)
        if self._out.is_too_much and self._own and not self._closing:
            self._closing = TOO_SLOW
            self._own.cancel()
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send())
        self._wake()

    async def _send(self) -> None:
        """As long as something is being answered: a task for each piece would cost as much as the piece."""
        with suppress(WebSocketDisconnect, WebSocketDisconnected):  # it is gone, as the reader will hear
            while frame := await self._next():
                await self._socket.send_text(frame)

    async def _next(self) -> str:
        """What is to be sent next; "" when nothing is, and nothing is being answered."""
        while not (frame := self._out.next()) and self._turns:
            self._more = asyncio.get_running_loop().create_future()
            await self._more
        return frame

    def _wake(self) -> None:
        if self._more and not self._more.done():
            self._more.set_result(None)

    def _take(self, said: AnySaid) -> None:
        match said:
            case Send():
                # of one that is being answered the answer comes once, and to no other
                if self._asked.get(said.id, said) != said:
                    another = Conflict(ANOTHER.fill(id=said.id), field="id", code="idempotency_key_reused")
                    self._fail(another, id=said.id, **_context(said.context_id))
                elif said.id not in self._turns:
                    self._begin(self._turns, said.id, lambda: self._turn(said), id=said.id)
            case Follow(context_id=context):
                if old := self._followed.pop(context, None):
                    old.cancel()
                self._begin(self._followed, context, lambda: self._follow(said), **_context(context))
            case Stop(id=id):
                self._begin(self._stops, id, lambda: self._stop(said), id=id)
            case Ping():
                self._say("pong")
            case _:
                assert_never(said)

    def _begin(
        self,
        tasks: dict[str, asyncio.Task[None]],
        name: str,
        work: Callable[[], Awaitable[None]],
        **of: str,
    ) -> None:
        """`of`: what says in a frame which it is."""
        if len(tasks) >= AT_ONCE:
            return self._fail(TooMany(FULL.fill(most=AT_ONCE), PAUSE), **of)

        async def told() -> None:
            try:
                await work()
            except HongyanError as e:
                self._fail(e, **of)

        def over(done: asyncio.Task[None]) -> None:
            if tasks.get(name) is done:
                del tasks[name]
                self._wake()

        tasks[name] = asyncio.ensure_future(told())
        tasks[name].add_done_callback(over)

    async def _turn(self, said: Send) -> None:
        self._asked[said.id] = said
        try:
            await self._answered(said)
        finally:
            del self._asked[said.id]

    async def _answered(self, said: Send) -> None:
        asked = await self._speaks.ask(said)
        message = asked.message(said, message_id(said.id))
        shown = Shown(said.id, said.context_id, asked.blocks, self._say)
        async with aclosing(asked.stream(message, shown.take)) as events:
            async for event in events:
                shown.take(event)

    async def _stop(self, said: Stop) -> None:
        asked = self._asked.get(said.id)
        if asked and not said.context_id:
            said = said.model_copy(update={"context_id": asked.context_id, "agent": asked.agent})
        await self._speaks.stop(said)

    async def _follow(self, said: Follow) -> None:
        async with aclosing(self._speaks.later(said)) as found:
            async for one in found:
                self._say("unasked", **_context(said.context_id), **one)

    def _fail(self, error: HongyanError, **of: str) -> None:
        wait = headers_of(error).get("retry-after")
        again = {"again": int(wait)} if wait else {}
        self._say("failed", **of, **error_body(error, self._lang), **again)


async def accept(socket: WebSocket) -> None:
    offered = Visit(socket.scope).subprotocols
    await socket.receive()  # that it connects
    chosen = PROTOCOL if PROTOCOL in offered else None
    # twice what is read, so that a little too much is said in words
    about: dict[str, Any] = {"subprotocol": chosen, "headers": [], sockets.LARGEST: 2 * LARGEST}
    await socket.send({"type": "websocket.accept", **about})


def _context(id: str) -> dict[str, str]:
    return {"context_id": id} if id else {}
