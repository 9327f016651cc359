"""The connections that we hold just now, and asking over one of them."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from runtime.channels import ApiAnswer, AsksPlatform, Frame
from runtime.errors import SendFailed
from runtime.gateway.delivery.tokens import ACCOUNTS, Account, account
from runtime.lang import Text
from runtime.newest import Newest

log = logging.getLogger(__name__)

KEYS = 10_000
"""Of frames, in one connection, whose order is kept."""

NO_SOCKET = Text("和平台的连接断开了，正在重连。", "The connection to the platform is down; reconnecting.")
NO_ANSWER = Text(
    "连接断在等回应的时候，不确定平台是否收到。",
    "The platform did not answer before the connection ended; it may have received it.",
)

Send = Callable[[str], Coroutine[Any, Any, None]]


class Socket:
    """One open connection. One frame of a key waits for its answer at a time, and the next one behind it."""

    def __init__(self, send: Send, seconds: float) -> None:
        """`send` raises OSError when the connection is gone; `seconds`: until an answer is missing."""
        self._send = send
        self._seconds = seconds
        self._turns = Newest[str, asyncio.Lock](KEYS)
        self._waiting: dict[str, asyncio.Future[ApiAnswer]] = {}
        self._is_over = False

    async def say(self, frame: Frame) -> None:
        """Nobody waits for an answer. Raises OSError."""
        await self._send(frame.text)

    async def ask(self, frame: Frame) -> ApiAnswer:
        """Raises SendFailed: `unreachable` when nothing left, else `uncertain`. Of a frame without a key that
        it left is all that is known."""
        if not frame.key:
            return await self._left(frame)
        async with self._turns.of(frame.key, asyncio.Lock):
            if self._is_over:
                raise no_socket()
            waiting = self._waiting[frame.key] = asyncio.get_running_loop().create_future()
            try:
                await self._send(frame.text)
                return await asyncio.wait_for(waiting, self._seconds)
            except (TimeoutError, OSError):
                raise SendFailed(NO_ANSWER, code="uncertain") from None
            finally:
                waiting.cancel()
                del self._waiting[frame.key]

    async def _left(self, frame: Frame) -> ApiAnswer:
        try:
            await self._send(frame.text)
        except OSError:
            raise no_socket() from None
        return ApiAnswer(200, {})

    def answered(self, key: str, answer: ApiAnswer) -> None:
        """An answer that nobody waits for any more is nothing."""
        waiting = self._waiting.get(key)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def end(self) -> None:
        """Whoever waits learns that no answer will come."""
        self._is_over = True
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(SendFailed(NO_ANSWER, code="uncertain"))


class Sockets:
    """By account."""

    def __init__(self) -> None:
        self._up = Newest[Account, Socket](ACCOUNTS)

    def put(self, channel: AsksPlatform, socket: Socket) -> None:
        self._up[account(channel)] = socket

    def drop(self, channel: AsksPlatform, socket: Socket) -> None:
        if self._up.get(account(channel)) is socket:
            del self._up[account(channel)]

    async def ask(self, channel: AsksPlatform, frame: Frame) -> ApiAnswer:
        """Raises SendFailed, see Socket.ask."""
        socket = self._up.get(account(channel))
        if socket is None:
            raise no_socket()
        return await socket.ask(frame)


def no_socket() -> SendFailed:
    return SendFailed(NO_SOCKET, code="unreachable")
