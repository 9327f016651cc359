"""What was deleted, aside for a while: its files as they were, so that the deletion can be undone."""

import contextlib
import json
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime import wellformed
from runtime.errors import NotFound
from runtime.files import move, move_folder, remove, remove_folder, write_whole
from runtime.lang import Text

KEPT = 30 * 86_400.0
"""Seconds after which nobody can have it back."""
TOKEN = re.compile(r"\d{13}-[0-9a-f]{16}")
ABOUT = "about.json"
MODE = 0o600
GONE = Text(
    "已经找不到删除的内容了：它只保留 30 天。", "What was deleted is no longer there: it is kept for 30 days."
)


@dataclass(frozen=True)
class Deleted:
    """`about`: what was said of it when it was deleted; `files`: where each is now, by its name; `is_begun`:
    some are back already, and that broke off."""

    token: str
    about: Mapping[str, Any]
    files: Mapping[str, Path]
    is_begun: bool = False


class Trash:
    """Of one kind of thing. Whoever calls this is alone with these. Every method may raise NotSaved."""

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], float] = time.time,
        forgotten: Callable[[Mapping[str, Any]], None] = lambda about: None,
    ) -> None:
        """`forgotten`: told of what nobody can have back any more."""
        self._folder, self._clock, self._forgotten = folder, clock, forgotten

    def take(self, about: Mapping[str, Any], files: Mapping[str, Path]) -> str:
        """Put files, or folders, aside in their order; return the token of this deletion. What is aside for
        too long goes."""
        self._forget_the_old()
        token = f"{int(self._clock() * 1000):013d}-{secrets.token_hex(8)}"
        told = {"about": about, "files": list(files)}
        write_whole(self._folder / token / ABOUT, json.dumps(told, ensure_ascii=False).encode(), MODE)
        for place, path in enumerate(files.values()):
            _moved(path, self._folder / token / f"{place}.kept", MODE)
        return token

    def find(self, token: str) -> Deleted:
        """Raises NotFound."""
        if not TOKEN.fullmatch(token):
            raise NotFound(GONE)
        folder = self._folder / token
        try:
            told = wellformed.load((folder / ABOUT).read_bytes())
            files = {str(name): folder / f"{place}.kept" for place, name in enumerate(told["files"])}
            there = {name: path for name, path in files.items() if path.exists()}
            return Deleted(token, dict(told["about"]), there, len(there) < len(files))
        except (OSError, ValueError, KeyError, TypeError):
            raise NotFound(GONE) from None

    def give_back(self, deleted: Deleted, places: Mapping[str, Path], mode: int = MODE) -> None:
        """Each file to its place, in the order of `places`; nothing is left here."""
        self.lay_back(deleted, places, mode)
        self.drop(deleted.token)

    def lay_back(self, deleted: Deleted, places: Mapping[str, Path], mode: int = MODE) -> None:
        """The same, where more is to be done before it counts: until `drop` it can be laid back again."""
        for name, place in places.items():
            if name in deleted.files:
                _moved(deleted.files[name], place, mode)

    def drop(self, token: str) -> None:
        """Nobody can have it back any more."""
        folder = self._folder / token
        for path in sorted(folder.glob("*"), key=lambda path: path.name == ABOUT):
            remove_folder(path) if path.is_dir() else remove(path)
        if folder.is_dir():
            remove_folder(folder)

    def _forget_the_old(self) -> None:
        for token in self._tokens():
            if int(token.partition("-")[0]) / 1000 < self._clock() - KEPT:
                with contextlib.suppress(NotFound):
                    self._forgotten(self.find(token).about)
                self.drop(token)

    def _tokens(self) -> Iterator[str]:
        there = sorted(self._folder.iterdir()) if self._folder.is_dir() else ()
        yield from (path.name for path in there if TOKEN.fullmatch(path.name))


def _moved(path: Path, to: Path, mode: int) -> None:
    if path.is_dir() and not path.is_symlink():
        move_folder(path, to, mode)
    else:
        move(path, to, mode)
