"""Files written whole: a crash leaves the old one or the new one, never half of one."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from runtime.errors import NotSaved
from runtime.lang import Text


def write_whole(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Replace the file, durably, making its folder when it is missing.

    Raises NotSaved: then the old file stands and nothing is left beside it. `mode` is cut by the umask.
    """
    temporary = path.with_name(f".new-{path.name}-{secrets.token_hex(4)}")
    with disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(path.parent)


def move(file: Path, to: Path) -> None:
    """By a copy: they may be on different disks. Does nothing when there is no file. Raises NotSaved."""
    with disk(file):
        if file.exists():
            write_whole(to, file.read_bytes())
            file.unlink()


@contextlib.contextmanager
def disk(path: Path) -> Iterator[None]:
    """What the disk refuses becomes NotSaved."""
    try:
        yield
    except OSError as e:
        raise NotSaved(
            Text(
                f"无法写入「{path.name}」（{e.strerror}），没有保存。请检查磁盘空间和权限。",
                f"{path.name!r} cannot be written ({e.strerror}); not saved. Check disk and permissions.",
            )
        ) from e


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
