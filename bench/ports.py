"""A port for a program that begins in a moment."""

import random
import socket

PORTS = range(20_000, 32_000)
"""Below those that Linux gives to whoever asks for any (ip_local_port_range): none is taken meanwhile."""


def free_port() -> int:
    """Raises OSError when there is none."""
    for port in random.sample(PORTS, len(PORTS)):
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:  # somebody listens there
            continue
        return port
    raise OSError("no port is free")
