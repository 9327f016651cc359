"""What a process that reads hostile bytes may take, set by itself before it looks at one of them."""

import os
import resource
import sys

from runtime import child_process

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
REFUSED = (
    "socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "subprocess.Popen", "os.exec",
    "os.posix_spawn", "os.system", "os.fork", "os.remove", "os.rename", "os.mkdir", "os.rmdir",
)  # fmt: skip


def settle(parent: int, cpu: int, memory: int) -> None:
    """`cpu` in seconds, `memory` in bytes. Ends with its parent."""
    child_process.settle(parent, memory)
    for what, most in (
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Nothing that reads a file asks for this; what does is a fault, or somebody else's will."""
    if event in REFUSED or (event == "open" and _writes(*arguments[1:])):
        raise PermissionError(f"{event} while something from outside is read")


def _writes(mode: object, flags: object) -> bool:
    return (isinstance(mode, str) and bool(set(mode) & set("wax+"))) or (
        isinstance(flags, int) and bool(flags & WRITES)
    )
