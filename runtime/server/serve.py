"""Serve the application with uvicorn: one process, bounded, stopped cleanly."""

import gc
import socket
import sys
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.server.protocol import BoundedHttp
from runtime.settings import Settings

SWITCH_INTERVAL = 0.0005
"""Seconds. A tenth of Python's: beside CPU-bound threads, callbacks wait 35 ms instead of 167."""
WS_MESSAGE = 1024 * 1024
BACKLOG = 2048
GRACE = 30
"""Seconds that running requests get at a stop."""


def listen(settings: Settings) -> socket.socket:
    """Take the address at once, before slow imports. Raises BadSettings when it cannot be had."""
    try:
        family, _, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[
            0
        ]
        return socket.create_server(address, family=family, backlog=BACKLOG)
    except OSError as e:
        raise BadSettings(
            Text(
                f"无法监听 {settings.host}:{settings.port}（{e.strerror}）。"
                "请用 HONGYAN_PORT 换一个端口，或检查 HONGYAN_HOST。",
                f"Cannot listen on {settings.host}:{settings.port} ({e.strerror}). "
                "Choose another port with HONGYAN_PORT, or check HONGYAN_HOST.",
            ),
            field="HONGYAN_PORT",
        ) from None


def serve(app: ASGIApp, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=BoundedHttp,
        ws_max_size=WS_MESSAGE,
        log_config=None,
        access_log=False,
        server_header=False,
        # forwarded addresses are believed from this machine only, unless FORWARDED_ALLOW_IPS says otherwise
        proxy_headers=True,
        timeout_graceful_shutdown=GRACE,
    )
    _Server(config, on_ready).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Says when it is ready, and ends with exit code 0 after a signal that asked it to stop."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # what was loaded stays: no collection needs to walk it again, with every callback waiting
        gc.collect()
        gc.freeze()
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        # uvicorn would raise the signals again that it got, and die of them
        self._captured_signals.clear()
