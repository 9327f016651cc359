"""The files of a home, as many as can be looked at in a moment. Links are not followed."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

FOLDERS = ("data", "agents", "knowledge", "files", "prompts", "words", "texts")
"""Of a home, that are ours."""
MOST = 50_000


class Found(NamedTuple):
    path: Path
    stat: os.stat_result


def files(folders: Iterable[Path], *, also_folders: bool = False) -> Iterator[Found]:
    """What is gone meanwhile, or nobody may look at, is left out."""
    waiting, seen = [str(folder) for folder in folders], 0
    while waiting and seen < MOST:
        folder = waiting.pop()
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            if also_folders:
                yield Found(Path(folder), os.stat(folder))  # noqa: PTH116 # as quick as the rest
            for entry in entries:
                seen += 1
                if entry.is_symlink():
                    continue
                if entry.is_dir():
                    waiting.append(entry.path)
                else:
                    yield Found(Path(entry.path), entry.stat(follow_symlinks=False))
