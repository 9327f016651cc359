"""Serve the application with uvicorn: one process, bounded, stopped cleanly."""

import asyncio
import contextlib
import gc
import logging
import resource
import socket
import sys
from collections.abc import Awaitable, Callable
from types import FrameType

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from runtime.errors import HongyanError
from runtime.lang import Text
from runtime.server.accepting import Accepting
from runtime.server.protocol import BoundedHttp
from runtime.server.sockets import BoundedSocket

SWITCH_INTERVAL = 0.0005
"""Seconds. A tenth of Python's: beside CPU-bound threads, callbacks wait 35 ms instead of 167."""
COLLECT = (50_000, 10, 10)
"""Objects made, young collections and middle ones before the next kind of garbage collection."""
WS_MESSAGE = 1024 * 1024
GRACE = 5
"""Seconds that running requests get at a stop, after turns had theirs: a click is still saved."""

log = logging.getLogger(__name__)


def serve(
    app: ASGIApp,
    listener: socket.socket,
    on_ready: Callable[[], None],
    before_stop: Callable[[], Awaitable[None]],
) -> None:
    """Serve until SIGTERM or Ctrl-C; `before_stop` still has the port open. A second signal does not wait.

    Raises HongyanError when the application does not start.
    """
    sys.setswitchinterval(SWITCH_INTERVAL)
    descriptors = _allow_connections()
    # What was loaded stays, and a thousand turns in flight are no garbage: walking them all again and
    # again, with every callback waiting, costs more than it frees. Turns hold nothing that holds them.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT)
    kept = _Kept(app)
    config = uvicorn.Config(
        kept,
        lifespan="on",
        loop="uvloop",
        http=BoundedHttp,
        ws=BoundedSocket,
        ws_per_message_deflate=False,  # 40 kB a connection, and nobody here says much at a time
        ws_max_size=WS_MESSAGE,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # see front.py
        timeout_graceful_shutdown=GRACE,
    )
    server = _Server(config, listener, descriptors, on_ready, before_stop)
    with contextlib.suppress(SystemExit):  # uvicorn's, without a word, when the start failed
        server.run(sockets=[])  # it takes connections in its own way
    if not server.started:
        raise _why(kept.failure) from kept.failure


class _Kept:
    """Keeps why the application could not start: uvicorn only logs it, and a library may silence that log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.failure: Exception | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception as e:
            if scope["type"] == "lifespan":
                self.failure = e
            raise


def _why(failure: Exception | None) -> HongyanError:
    if isinstance(failure, HongyanError):
        return failure
    log.error("the start failed", exc_info=failure)
    what = f"{type(failure).__name__}: {failure}" if failure else "?"
    return HongyanError(
        Text(
            "启动失败（{what}），详情在日志里。", "The start failed ({what}); the log has the details."
        ).fill(what=what)
    )


def _allow_connections() -> int:
    """As many descriptors as the system lets us have; how many that is."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


class _Server(uvicorn.Server):
    """Says when it is ready, and ends with exit code 0 after a signal that asked it to stop."""

    def __init__(
        self,
        config: uvicorn.Config,
        listener: socket.socket,
        descriptors: int,
        on_ready: Callable[[], None],
        before_stop: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(config)
        self._listener = listener
        self._descriptors = descriptors
        self._accepting: Accepting | None = None
        self._on_ready = on_ready
        self._before_stop = before_stop
        self._is_stopping = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        if self.started:
            self._accepting = Accepting(self._listener, self._protocol, self._descriptors)
            self._on_ready()

    def _protocol(self, lost: Callable[[], None]) -> BoundedHttp:
        protocol = BoundedHttp(self.config, self.server_state, self.lifespan.state, _loop=self._loop)
        protocol.lost = lost
        return protocol

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.started and not self._is_stopping:
            self._is_stopping = True
            asyncio.run_coroutine_threadsafe(self._stop(sig), self._loop)
        else:
            super().handle_exit(sig, frame)

    async def _stop(self, sig: int) -> None:
        await self._before_stop()
        super().handle_exit(sig, None)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._accepting:
            self._accepting.close()
        self._listener.close()
        await super().shutdown(sockets)
        # uvicorn would raise the signals again that it got, and die of them
        self._captured_signals.clear()
