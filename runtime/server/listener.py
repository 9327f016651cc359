"""The port, taken before anything slow is loaded: who calls meanwhile waits a second and is not refused."""

import os
import socket

from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.settings import Settings

BACKLOG = 2048
HANDED = 3
"""The descriptor under which a service manager, or our own parent, hands the port to us: sd_listen_fds(3)."""


def listen(settings: Settings) -> socket.socket:
    """Raises BadSettings when it cannot be had."""
    if os.environ.get("LISTEN_PID") == str(os.getpid()):
        handed = socket.socket(fileno=HANDED)
        handed.set_inheritable(False)
        return handed
    try:
        family, _, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[
            0
        ]
        return socket.create_server(address, family=family, backlog=BACKLOG)
    except OSError as e:
        raise BadSettings(
            Text(
                "无法监听 {host}:{port}（{why}）。请用 HONGYAN_PORT 换一个端口，或检查 HONGYAN_HOST。",
                "Cannot listen on {host}:{port} ({why}). "
                "Choose another port with HONGYAN_PORT, or check HONGYAN_HOST.",
            ).fill(host=settings.host, port=settings.port, why=e.strerror),
            field="HONGYAN_PORT",
        ) from None
