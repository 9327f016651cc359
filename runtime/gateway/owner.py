"""A name for this run of the program, by which another on the same machine can tell that it is gone."""

import os
import secrets
from pathlib import Path


def name() -> str:
    """machine/process/start/some random digits; without the first two where the system tells nothing."""
    return f"{_machine()}/{os.getpid()}/{_started(os.getpid())}/{secrets.token_hex(8)}"


def is_gone(owner: str) -> bool:
    """Surely so: it ran on this machine, and no such process runs here. False when that cannot be told."""
    machine, _, rest = owner.partition("/")
    pid, _, rest = rest.partition("/")
    started = rest.partition("/")[0]
    if not machine or machine != _machine() or not started or not pid.isdigit():
        return False
    return _started(int(pid)) != started


def _machine() -> str:
    """Since it was switched on, and among its containers. "" where the system does not tell."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot}:{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return ""


def _started(pid: int) -> str:
    """When that process began; "" when there is none, or it is dead and only not buried yet."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in (b"Z", b"X") else fields[19].decode("ascii")
