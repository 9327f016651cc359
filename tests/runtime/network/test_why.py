"""What a person reads of a connection that did not come about."""

import errno
import socket
import ssl

import pytest

from runtime.network.why import why


@pytest.mark.parametrize(
    ("error", "zh", "en"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "主机名", "no host of that name"),
        (OSError(-2, "Name or service not known"), "主机名", "no host of that name"),
        (socket.gaierror(socket.EAI_NODATA, "No address associated"), "主机名", "no host of that name"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed"), "没有服务", "nothing answers"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "到不了", "no way there"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "到不了", "no way there"),
        (ConnectionResetError(errno.ECONNRESET, "reset by peer"), "断开", "ended the connection"),
        # the rest says it itself, as much as is read
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files", "Too many open files"),
        (ssl.SSLError(1, "[SSL] wrong version number"), "wrong version", "wrong version"),
        (OSError(), "OSError", "OSError"),
        (ValueError("x" * 999), "x" * 200, "x" * 200),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else None,
)
def test_what_is_usual_is_said_in_words(error, zh, en):
    found = why(error)
    assert zh in found.zh
    assert en in found.en
    assert len(found.en) <= 200
