"""A source on its way to the disk: never in memory whole, and never larger than it may be."""

import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

from runtime.errors import BadSettings
from runtime.files import disk
from runtime.lang import Text

LARGEST = 300 << 20
"""Bytes of one source."""
PIECE = 1 << 20


def received(content: BinaryIO, new: Path, title: str) -> str:
    """Its digest, once it is on the disk as `new`. Raises BadSettings, NotSaved; what is half there stays."""
    digest, size = hashlib.sha256(), 0
    with disk(new):
        new.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as out:
            while piece := content.read(PIECE):
                size += len(piece)
                if size > LARGEST:
                    raise BadSettings(
                        Text(
                            "「{title}」太大（上限 {most} MB），请拆成几个文件。",
                            "{title!r} is too large (at most {most} MB): split it into several files.",
                        ).fill(title=title, most=LARGEST >> 20),
                        field="file",
                    )
                digest.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
    return digest.hexdigest()


def digest_of(path: Path) -> str:
    """Of a plain file. Raises OSError."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return ""
        return hashlib.file_digest(file, "sha256").hexdigest()
