"""A whole installation in one file, taken while it runs; of the same kind wherever its messages are."""

import gzip
import io
import json
import os
import secrets
import tarfile
from dataclasses import dataclass
from pathlib import Path

from runtime.errors import NotFound
from runtime.files import disk
from runtime.lang import Text
from runtime.store import messages_file
from runtime.store.control.secrets import KEY_FILE
from runtime.store.home_files import DATABASE, MESSAGES, copied, elsewhere, files

ABOUT = "hongyan-backup.json"
FORMAT = 1


@dataclass(frozen=True)
class Saved:
    """What a backup holds. `has_key`: also the key that opens its credentials."""

    files: int
    messages: int
    bytes: int
    has_key: bool


def back_up(home: Path, to: Path, now: float) -> Saved:
    """Write everything into one gzipped tar, 0600, whole or not at all.

    Messages are as they were at one moment; agents and settings are read right after. Raises NotSaved,
    StoreFailed, NotFound.
    """
    if not (home / "data").exists():
        raise NotFound(
            Text("「{home}」里还没有数据。", "There is nothing in {home!r} yet.").fill(home=str(home))
        )
    temporary = to.with_name(f".new-{to.name}-{secrets.token_hex(4)}")
    with disk(to):
        to.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                saved = _write(home, file, now)
                file.flush()
                os.fsync(file.fileno())
            size = temporary.stat().st_size
            temporary.replace(to)
        finally:
            temporary.unlink(missing_ok=True)
    return Saved(*saved, bytes=size, has_key=(home / "data" / KEY_FILE).exists())


def _write(home: Path, file: io.BufferedWriter, now: float) -> tuple[int, int]:
    count = messages = 0
    with (
        gzip.GzipFile(fileobj=file, mode="wb", compresslevel=3) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        _add(tar, ABOUT, json.dumps({"hongyan_backup": FORMAT, "at": now}).encode(), now)
        with messages_file.taken(home / "data" / MESSAGES) as file_of_all:
            if file_of_all:
                tar.add(file_of_all, f"data/{MESSAGES}")
                messages = messages_file.count(file_of_all)
                count += 1
        for name, path in files(home):
            if path.suffix == DATABASE:
                with copied(path) as copy:
                    tar.add(copy, name)
                count += 1
                continue
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                continue  # renamed or deleted since
            _add(tar, name, content, path.stat().st_mtime if path.exists() else now)
            count += 1
        for name, content in elsewhere(home):
            _add(tar, name, content, now)
            count += 1
    return count, messages


def _add(tar: tarfile.TarFile, name: str, content: bytes, at: float) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = len(content), int(at), 0o600
    tar.addfile(entry, io.BytesIO(content))
