"""Where backups lie: a folder, or a bucket (see in_bucket.py). Each is there whole, or not at all."""

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from runtime.errors import BadSettings
from runtime.files import disk, listed
from runtime.lang import Text
from runtime.store.backup import whole_file
from runtime.store.roll import Takes
from runtime.store.unpacking import opened

BUCKET = "s3://"
_NOWHERE = Text(
    "请给出备份的去处：文件、文件夹（以 / 结尾）或 s3://桶/文件夹。",
    "Say where to: a file, a folder (with / at its end) or s3://BUCKET/FOLDER.",
)


class Place(Protocol):
    """Raises HongyanError. Every method may block."""

    def shown(self, name: str) -> str:
        """Where that one is, as it may be typed."""

    def writing(self, name: str) -> AbstractContextManager[Takes]:
        """It is there once this ends well; what was there of that name stays until then."""

    def reading(self, name: str) -> AbstractContextManager[BinaryIO]: ...

    def names(self) -> Sequence[str]:
        """Of all that is in it."""

    def remove(self, name: str) -> None:
        """Also when there is none."""

    def is_within(self, home: Path, folders: Sequence[str]) -> bool:
        """Whether it would be in its own backups."""

    def clean(self) -> None:
        """What writes that were killed left behind goes."""


@dataclass(frozen=True)
class Where:
    """`name`: "" for one of its own that says when it was made."""

    place: Place
    name: str = ""


def where(text: str, environ: Mapping[str, str] = os.environ) -> Where:
    """As it was typed. Raises BadSettings."""
    if text.startswith(BUCKET):
        from runtime.backups.in_bucket import InBucket, bucket_of

        at, folder = bucket_of(text, environ)
        called = text.removeprefix(BUCKET).partition("/")[0]
        front, _, name = folder.rpartition("/")
        if _is_file(name):
            return Where(InBucket(at, front, called=called), name)
        return Where(InBucket(at, folder.strip("/"), called=called))
    if not text.strip() or "://" in text or any(sign < " " for sign in text):
        raise BadSettings(_NOWHERE, field="FILE")
    path = Path(text).absolute()
    if text.endswith("/") or path.is_dir():
        return Where(InFolder(path))
    return Where(InFolder(path.parent), path.name)


def _is_file(name: str) -> bool:
    return name.endswith((".gz", ".tgz", ".age"))


LEFT = ".new-"
"""Begins the names of what is being written."""
STALE = 24 * 3600.0
"""Seconds after which whoever wrote it is gone."""


@dataclass(frozen=True)
class InFolder:
    """Files, which only their owner may read."""

    folder: Path

    def shown(self, name: str) -> str:
        return str(self.folder / name)

    def writing(self, name: str) -> AbstractContextManager[Takes]:
        return whole_file(self.folder / name)

    def reading(self, name: str) -> AbstractContextManager[BinaryIO]:
        return opened(self.folder / name)

    def names(self) -> Sequence[str]:
        return [path.name for path in listed(self.folder) if path.is_file()]

    def remove(self, name: str) -> None:
        with disk(self.folder / name):
            (self.folder / name).unlink(missing_ok=True)

    def is_within(self, home: Path, folders: Sequence[str]) -> bool:
        own = [(home / folder).resolve() for folder in folders]
        return any(self.folder.resolve().is_relative_to(one) for one in own)

    def clean(self) -> None:
        for path in listed(self.folder, f"{LEFT}hongyan-*"):
            with disk(path):
                if time.time() - path.stat().st_mtime > STALE:
                    path.unlink(missing_ok=True)
