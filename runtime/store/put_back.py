"""A backup put back into a home that does not run; nothing is sent unasked."""

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from runtime.files import disk, remove, write_whole
from runtime.mirror import mirror_of
from runtime.store import messages_file
from runtime.store.home_files import FOLDERS, MEDIA, MESSAGES, STAYING
from runtime.store.installation import ASIDE, FRESH
from runtime.store.messages.consents import Marks, unmarked
from runtime.store.unpacking import opened, unpack

Beside = Callable[[Path, Path, Mapping[str, float]], object]
"""Gets the folder of the agents, that of the data, and when who was forgotten, by their marks."""


@dataclass(frozen=True)
class PutBack:
    """`unfinished`: messages that wait for the owner's word. `aside`: where what was here before is now.
    `erased`: people whom the backup still had, and who were forgotten since. `contents`: see Saved.
    `since`: messages that came here after it was made, and are aside now; None where that cannot be told."""

    files: int
    unfinished: int
    aside: str
    erased: int = 0
    contents: str = ""
    since: int | None = None


def put_back(
    home: Path, file: Path, now: float, marks: Marks = unmarked, beside: Beside = lambda *told: 0
) -> PutBack:
    """From a file that is not encrypted. Raises as `put_back_from`, and NotFound."""
    with opened(file) as archive:
        return put_back_from(home, archive, file.name, now, marks, beside)


def put_back_from(
    home: Path,
    archive: BinaryIO,
    name: str,
    now: float,
    marks: Marks = unmarked,
    beside: Beside = lambda *told: 0,
) -> PutBack:
    """Replace what is in `home`, which must not be running. What was there is moved aside, not removed.
    Whoever was forgotten since the backup was made is forgotten in it, too; `marks`: see mark_of. `beside`
    takes away what was made of them outside of the store. `name`: as errors say it.

    Raises BadSettings (no backup of ours, or a damaged one), StoreFailed and NotSaved: then nothing changed.
    """
    stamp = _free_stamp(home, now)
    aside = f"{ASIDE}{stamp}"
    with ExitStack() as staged, disk(home):
        fresh = {folder: home / folder / f"{FRESH}{stamp}" for folder in FOLDERS}
        for place in fresh.values():
            place.mkdir(parents=True)
            staged.callback(shutil.rmtree, place, ignore_errors=True)
        held = unpack(archive, name, fresh)
        messages = fresh["data"] / MESSAGES
        is_elsewhere = messages_file.is_elsewhere(home / "data" / MESSAGES)
        unfinished = messages_file.hold_back(messages) if is_elsewhere or messages.exists() else 0
        since = messages_file.forgotten(home / "data" / MESSAGES)
        newer = messages_file.count_since(home / "data" / MESSAGES, held.at)
        erased = _forget_again(fresh["data"], since, held.at, marks, now)
        beside(fresh["agents"], fresh["data"], since)
        _keep(home, fresh["data"])
        former = messages_file.put_there(messages, home / "data" / MESSAGES) if is_elsewhere else ""
        with _for_all(home, fresh), _or_back() as moves:
            for folder, place in fresh.items():
                _swap(home / folder, place, aside, moves)
        _sweep(home)
    where = f"{aside}, {former}" if former else aside
    return PutBack(held.files, unfinished, where, erased, held.contents, newer)


def _free_stamp(home: Path, now: float) -> str:
    """Of a second in which nothing was put back before."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
    numbered = (stamp, *(f"{stamp}-{number}" for number in range(2, 100)))
    return next(one for one in numbered if not any((home / f / f"{ASIDE}{one}").exists() for f in FOLDERS))


def _keep(home: Path, data: Path) -> None:
    for name in STAYING:
        target = data / Path(name).relative_to("data")
        target.unlink(missing_ok=True)
        if (here := home / name).exists():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copyfile(here, target)
            target.chmod(0o600)


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


Moves = list[tuple[Path, Path]]
"""From where, and where to, in their order."""


@contextmanager
def _or_back() -> Iterator[Moves]:
    """What was moved goes back where the disk refuses in the middle: half of one home and half of another
    would be worse than either. Killed in between, nothing starts (see Installation): it is done again."""
    moves: Moves = []
    try:
        yield moves
    except OSError:
        for was, now in reversed(moves):
            with suppress(OSError):
                now.rename(was)
        for folder in {now.parent for _, now in moves if now.parent.name.startswith(ASIDE)}:
            with suppress(OSError):
                folder.rmdir()
        raise


def _swap(folder: Path, fresh: Path, aside: str, moves: Moves) -> None:
    """By moving what is inside: the folder itself may be a mount of its own."""
    former = folder / aside
    former.mkdir(mode=0o700)
    for entry in list(folder.iterdir()):
        if not entry.name.startswith(".") and not entry.name.endswith(".lock"):
            _move(entry, former / entry.name, moves)
    for entry in list(fresh.iterdir()):
        _move(entry, folder / entry.name, moves)
    if not any(former.iterdir()):
        former.rmdir()


def _move(was: Path, now: Path, moves: Moves) -> None:
    was.rename(now)
    moves.append((was, now))


def _sweep(home: Path) -> None:
    """What others that were killed left."""
    for folder in FOLDERS:
        for left in (home / folder).glob(f"{FRESH}*"):
            shutil.rmtree(left, ignore_errors=True)
