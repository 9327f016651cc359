"""A backup put back into a home that does not run; nothing is sent unasked."""

import gzip
import json
import os
import shutil
import tarfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from runtime.errors import BadSettings, NotFound
from runtime.files import disk, remove, write_whole
from runtime.lang import Text
from runtime.mirror import mirror_of
from runtime.store import messages_file
from runtime.store.backup import ABOUT, FORMAT
from runtime.store.home_files import FOLDERS, MEDIA, MESSAGES
from runtime.store.messages.consents import Marks, unmarked

BROKEN = (EOFError, StopIteration, ValueError, AttributeError, tarfile.TarError, gzip.BadGzipFile, zlib.error)
Beside = Callable[[Path, Path, Mapping[str, float]], object]
"""Gets the folder of the agents, that of the data, and when who was forgotten, by their marks."""


@dataclass(frozen=True)
class PutBack:
    """`unfinished`: messages that wait for the owner's word. `aside`: where what was here before is now.
    `erased`: people whom the backup still had, and who were forgotten since."""

    files: int
    unfinished: int
    aside: str
    erased: int = 0


def put_back(
    home: Path, file: Path, now: float, marks: Marks = unmarked, beside: Beside = lambda *told: 0
) -> PutBack:
    """Replace what is in `home`, which must not be running. What was there is moved aside, not removed.
    Whoever was forgotten since the backup was made is forgotten in it, too; `marks`: see mark_of. `beside`
    takes away what was made of them outside of the store.

    Raises BadSettings (no backup of ours, or a damaged one), StoreFailed and NotSaved: then nothing changed.
    """
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
    aside = f".before-restore-{stamp}"
    with ExitStack() as staged, disk(home):
        fresh = {folder: home / folder / f".restoring-{stamp}" for folder in FOLDERS}
        for place in fresh.values():
            place.mkdir(parents=True)
            staged.callback(shutil.rmtree, place, ignore_errors=True)
        count, at = _unpack(file, fresh)
        messages = fresh["data"] / MESSAGES
        is_elsewhere = messages_file.is_elsewhere(home / "data" / MESSAGES)
        unfinished = messages_file.hold_back(messages) if is_elsewhere or messages.exists() else 0
        since = messages_file.forgotten(home / "data" / MESSAGES)
        erased = _forget_again(fresh["data"], since, at, marks, now)
        beside(fresh["agents"], fresh["data"], since)
        former = messages_file.put_there(messages, home / "data" / MESSAGES) if is_elsewhere else ""
        with _for_all(home, fresh):
            for folder, place in fresh.items():
                _swap(home / folder, place, aside)
    return PutBack(count, unfinished, f"{aside}, {former}" if former else aside, erased)


def _forget_again(data: Path, erased: Mapping[str, float], since: float, marks: Marks, now: float) -> int:
    """How many people that concerns. Their files go from the media that were put back."""
    if not erased or not (data / MESSAGES).exists():
        return 0
    count, hashes = messages_file.forget_again(data / MESSAGES, erased, since, marks, now)
    for hash in hashes:
        for path in (data / MEDIA / hash[:2]).glob(f"{hash}*"):
            path.unlink(missing_ok=True)
    return count


@contextmanager
def _for_all(home: Path, fresh: Mapping[str, Path]) -> Iterator[None]:
    """Where other instances have the same files, they have these from now on. Killed in between, it is to be
    done again: each file is what it was or what it is to be."""
    mirror = mirror_of(home)
    if mirror is None:
        yield
        return
    for beside in ("", "-wal", "-shm"):
        (fresh["data"] / f"{MESSAGES}{beside}").unlink(missing_ok=True)
    wanted = {
        home.resolve() / folder / path.relative_to(place)
        for folder, place in fresh.items()
        for path in place.rglob("*")
        if path.is_file()
    }
    gone = [path for path in mirror.everything() if path not in wanted]
    yield
    for path in filter(mirror.is_for_all, sorted(wanted)):
        write_whole(path, path.read_bytes(), 0o600)
    for path in gone:
        remove(path)
    mirror.unseal()


def _unpack(file: Path, fresh: dict[str, Path]) -> tuple[int, float]:
    """How many files, and when the backup was made. Raises BadSettings.

    Only plain files below our folders are taken, whatever the archive says.
    """
    count = 0
    try:
        with gzip.open(file) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            entries = iter(tar)  # one alone: a stream is read once
            first = next(entries)
            about = tar.extractfile(first) if first.name == ABOUT and first.size < 4096 else None
            said = json.loads(about.read()) if about else {}
            if said.get("hongyan_backup") != FORMAT:
                raise ValueError("no backup of this program")
            for entry in entries:
                folder, *rest = PurePosixPath(entry.name).parts
                content = tar.extractfile(entry) if entry.isreg() else None
                if content is None or folder not in fresh or not rest or ".." in rest:
                    raise ValueError(f"{entry.name!r} does not belong there")
                target = fresh[folder].joinpath(*rest)
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                    shutil.copyfileobj(content, out)
                    out.flush()
                    os.fsync(out.fileno())
                count += 1
            while packed.read(1 << 20):
                pass  # to the end, where gzip compares its sum
    except FileNotFoundError:
        raise NotFound(
            Text("没有「{file}」这个文件。", "There is no file {file!r}.").fill(file=str(file))
        ) from None
    except BROKEN as e:
        raise BadSettings(
            Text(
                "「{file}」不是完整的鸿雁备份（{why}），什么都没有改动。",
                "{file!r} is no whole backup of Hongyan ({why}); nothing was changed.",
            ).fill(file=file.name, why=e),
            field="FILE",
        ) from None
    return count, float(said.get("at") or 0.0)


def _swap(folder: Path, fresh: Path, aside: str) -> None:
    """By moving what is inside: the folder itself may be a mount of its own."""
    former = folder / aside
    former.mkdir(mode=0o700)
    for entry in list(folder.iterdir()):
        if not entry.name.startswith(".") and not entry.name.endswith(".lock"):
            entry.rename(former / entry.name)
    for entry in list(fresh.iterdir()):
        entry.rename(folder / entry.name)
    if not any(former.iterdir()):
        former.rmdir()
