"""One process a task: two gateways on one home would take the same messages."""

import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from runtime.errors import BadSettings, Conflict
from runtime.lang import Text

LOOK = 0.1


@contextlib.contextmanager
def only_one(data: Path, task: str) -> Iterator[None]:
    """Hold the task's lock while serving. The system frees it when the process dies, however that happens.

    Raises Conflict, which names the other process; BadSettings when nothing can be written there.
    """
    path = data / f"{task}.lock"
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as e:
        raise _unwritable(data, e) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = path.read_text(encoding="utf-8").strip() or "?"
            raise Conflict(
                Text(
                    "「{data}」正被另一个鸿雁使用（进程 {other}）。"
                    "请先停掉它，或用 HONGYAN_HOME 换一个文件夹。",
                    "{data!r} is in use by another Hongyan (process {other}). "
                    "Stop that one, or choose another folder with HONGYAN_HOME.",
                ).fill(data=str(data), other=other)
            ) from None
        except OSError as e:
            raise _unlockable(data, e) from None
        with contextlib.suppress(OSError):  # on a full disk the other one is only not named
            os.truncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)


PATIENCE = 90.0
"""Seconds in which who is told to end finishes its turns."""


def end_holder(data: Path, task: str, seconds: float = PATIENCE) -> None:
    """Whoever serves that task is told to end as by Ctrl-C, and waited for; nothing where nobody does.

    Only a process of this machine that has that very file open: a number alone may be somebody else's, or one
    of another container. Raises Conflict where it does not end; whoever cannot be told stays.
    """
    path, told, until = data / f"{task}.lock", set[int](), time.monotonic() + seconds
    while pid := _holder(path):
        if pid not in told:
            told.add(pid)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGTERM)
        if time.monotonic() > until:
            text = Text(
                "进程 {pid} 在 {seconds} 秒内没有停下。请停掉它的服务，再试一次。",
                "Process {pid} did not end within {seconds} s. Stop its service and try again.",
            )
            raise Conflict(text.fill(pid=pid, seconds=f"{seconds:g}"))
        time.sleep(LOOK)


def _holder(path: Path) -> int | None:
    """Who has it locked; None: nobody, or nobody that can be seen from here."""
    try:
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                pid = int(file.read(20))
            else:
                return None
        open_files = [os.path.realpath(link) for link in Path(f"/proc/{pid}/fd").iterdir()]
    except (OSError, ValueError):
        return None
    return pid if str(path.resolve()) in open_files else None


def _unwritable(data: Path, error: OSError) -> BadSettings:
    return BadSettings(
        Text(
            "写不进文件夹「{data}」（{why}）。请检查磁盘和权限，或用 HONGYAN_HOME 换一个文件夹。",
            "Cannot write to {data!r} ({why}). Check the disk and its permissions, "
            "or choose another folder with HONGYAN_HOME.",
        ).fill(data=str(data), why=error.strerror),
        field="HONGYAN_HOME",
    )


def _unlockable(data: Path, error: OSError) -> BadSettings:
    return BadSettings(
        Text(
            "「{data}」所在的文件系统不能加锁（{why}），两个鸿雁会抢同一批消息。"
            "请用 HONGYAN_HOME 换到本地磁盘。",
            "The file system of {data!r} cannot lock files ({why}), so two Hongyans could "
            "take the same messages. Choose a folder on a local disk with HONGYAN_HOME.",
        ).fill(data=str(data), why=error.strerror),
        field="HONGYAN_HOME",
    )
