"""The beginning of a conversation with PostgreSQL: what a server says of itself, and nothing more."""

import socket
import struct
import threading
from contextlib import contextmanager, suppress

ASKS_FOR_TLS = 80877103


@contextmanager
def saying(**about):
    """The address of a server that says so, e.g. server_version."""
    told = {
        "server_version": "15.4",
        "server_encoding": "UTF8",
        "client_encoding": "UTF8",
        "in_hot_standby": "off",
        "default_transaction_read_only": "off",
        **about,
    }
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_answer_all, args=(listener, told), daemon=True).start()
        yield f"postgresql://me@127.0.0.1:{listener.getsockname()[1]}/shop"


def _answer_all(listener, told):
    with suppress(OSError):
        while True:
            with suppress(ConnectionError), listener.accept()[0] as one:
                _answer(one, told)


def _answer(one, told):
    while True:
        size = struct.unpack("!i", one.recv(4))[0]
        if struct.unpack("!i", one.recv(size - 4)[:4])[0] != ASKS_FOR_TLS:
            break
        one.sendall(b"N")
    pairs = [f"{name}\0{value}\0".encode() for name, value in told.items()]
    said = [(b"R", struct.pack("!i", 0)), *((b"S", pair) for pair in pairs)]
    said += [(b"K", struct.pack("!ii", 7, 7)), (b"Z", b"I")]
    one.sendall(b"".join(kind + struct.pack("!i", len(what) + 4) + what for kind, what in said))
    one.recv(1)  # until it goes
