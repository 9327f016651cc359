"""How long a process wanted a core and others had them all: a busy machine is no fault of whoever waits."""

from pathlib import Path


def waited(pid: int) -> float:
    """Seconds, of its first thread, since its start. 0 where the kernel does not count it, or it is gone.

    https://docs.kernel.org/scheduler/sched-stats.html
    """
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_bytes().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0
