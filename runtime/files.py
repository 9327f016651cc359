"""Files written whole: a crash leaves the old one or the new one, never half of one."""

import contextlib
import errno
import logging
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from runtime.crash import crashpoint
from runtime.errors import NotSaved
from runtime.lang import Text
from runtime.mirror import mirror_of

NO_SUCH_CALL = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EBADF)
"""What file systems say that cannot sync a folder: there is nothing to wait for."""

log = logging.getLogger(__name__)


def write_whole(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Replace the file, durably, making its folder when it is missing.

    Raises NotSaved: then the old file stands and nothing is left beside it. `mode` is cut by the umask.
    """
    if mirror := mirror_of(path):
        with mirror.keeping(path, content):
            write_here(path, content, mode)
    else:
        write_here(path, content, mode)


def write_here(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Without a mirror, see write_whole."""
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
    crashpoint("file_changed")
    _sync_folder(path)


def make_private(folder: Path) -> None:
    """Its owner's alone when it is made; as it is where it is there already. Raises NotSaved."""
    with disk(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def private(path: Path, mode: int) -> None:
    """Let only the owner in. Where the file system cannot, the log says so, and everything else works."""
    try:
        if path.stat().st_mode & 0o777 != mode:
            path.chmod(mode)
    except OSError as e:
        log.warning("%s cannot be made private (%s): others on this machine may read it", path, e.strerror)


def move(file: Path, to: Path, mode: int = 0o600) -> None:
    """Does nothing when there is no file. `mode`: where it goes by a copy. Raises NotSaved."""
    with disk(file):
        if file.exists() and not _renamed(file, to):
            write_whole(to, file.read_bytes(), mode)
            remove(file)


def move_folder(folder: Path, to: Path, mode: int = 0o600) -> None:
    """With all that is in it; what is in `to` already stays beside it. Raises NotSaved."""
    with disk(folder):
        if to.exists() or not _renamed(folder, to):
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                move(file, to / file.relative_to(folder), mode)
            remove_folder(folder)


def _renamed(file: Path, to: Path) -> bool:
    """Not what others are told of, nor a link, nor what goes to another disk."""
    if mirror_of(file) or mirror_of(to) or file.is_symlink():
        return False
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        file.replace(to)
    except OSError as e:
        if e.errno != errno.EXDEV:
            raise
        return False
    crashpoint("file_changed")
    _sync_folder(to)
    return True


def settle(new: Path, path: Path) -> None:
    """What was written beside it, durably, becomes the file. Raises NotSaved."""
    if mirror := mirror_of(path):
        with disk(new):
            content = new.read_bytes()
        with mirror.keeping(path, content), disk(path):
            new.replace(path)
    else:
        with disk(path):
            new.replace(path)


def remove(path: Path, *, beside: bool = False) -> None:
    """The file, if it is there; `beside`: and those named like it, with a dot and more. Raises NotSaved."""
    with _gone(path, beside=beside), disk(path):
        path.unlink(missing_ok=True)
        for one in path.parent.glob(f"{path.name}.*") if beside else ():
            one.unlink(missing_ok=True)
    crashpoint("file_changed")


def remove_folder(path: Path) -> None:
    """With all that is in it. Raises NotSaved."""
    with _gone(path), disk(path):
        shutil.rmtree(path, onerror=_unless_gone)
    crashpoint("file_changed")


def _unless_gone(function: object, path: str, failed: tuple[type, BaseException, object]) -> None:
    """Another instance's mirror, or thread, may be at it as well."""
    if not isinstance(failed[1], FileNotFoundError):
        raise failed[1]


def listed(folder: Path, pattern: str = "*") -> list[Path]:
    """What is in it, in order; nothing where it is gone, also meanwhile: an empty folder goes with its last
    file when another instance removes that."""
    try:
        return sorted(folder.glob(pattern))
    except FileNotFoundError:
        return []


def touch(path: Path) -> None:
    """Let it look new. Raises OSError."""
    os.utime(path)
    if mirror := mirror_of(path):
        mirror.touch(path)


def bring(path: Path) -> bool:
    """Whether it is here; what another instance made is taken from there."""
    if path.exists():
        return True
    mirror = mirror_of(path)
    return mirror is not None and mirror.bring(path)


def _gone(path: Path, *, beside: bool = False) -> contextlib.AbstractContextManager[None]:
    mirror = mirror_of(path)
    return mirror.removing(path, beside=beside) if mirror else contextlib.nullcontext()


@contextlib.contextmanager
def disk(path: Path) -> Iterator[None]:
    """What the disk refuses becomes NotSaved."""
    try:
        yield
    except OSError as e:
        raise NotSaved(
            Text(
                "无法写入「{file}」（{why}），没有保存。请检查磁盘空间和权限。",
                "{file!r} cannot be written ({why}); not saved. Check disk and permissions.",
            ).fill(file=path.name, why=e.strerror)
        ) from e


def _sync_folder(path: Path) -> None:
    """Bring the rename to the disk. Raises NotSaved: the new content stands, a power cut may undo it."""
    try:
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as e:
        if e.errno in NO_SUCH_CALL:
            return
        raise NotSaved(
            Text(
                "「{file}」写入了，但磁盘没有确认（{why}），断电可能丢失。请检查磁盘，再保存一次。",
                "{file!r} was written, but the disk does not confirm it ({why}): "
                "a power cut may lose it. Check the disk and save again.",
            ).fill(file=path.name, why=e.strerror)
        ) from e
