"""What was deleted, aside for a while: its files as they were, so that the deletion can be undone.

A deletion, or its undoing, is said in a file before its first step and done to its end by whoever comes next
if it broke off: a crash leaves all where it was, or all aside, and nothing between.
"""

import contextlib
import json
import logging
import re
import secrets
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from runtime import wellformed
from runtime.errors import Conflict, HongyanError, NotFound, NotSaved
from runtime.files import listed, move, move_folder, remove, remove_folder, write_whole
from runtime.lang import Text

KEPT = 30 * 86_400.0
"""Seconds after which nobody can have it back."""
TOKEN = re.compile(r"\d{13}-[0-9a-f]{16}")
ABOUT, BEGUN = "about.json", "begun-"
MODE = 0o600
GONE = Text(
    "已经找不到删除的内容了：它只保留 30 天。", "What was deleted is no longer there: it is kept for 30 days."
)

DELETED = Text(
    "「{name}」在别处被删除了，这次没有保存。可以在「最近删除」里恢复它，再保存一次。",
    "{name!r} was deleted elsewhere; not saved. Restore it from “Recently deleted”, then save again.",
)


class DeletedElsewhere(Conflict):
    """It was there when somebody began to change it; it can be had back, and then their change saved."""

    def __init__(self, name: str) -> None:
        super().__init__(DELETED.fill(name=name))


class Taken(Conflict):
    """Its place is another's by now; it may come back beside that, under another name."""


About = Mapping[str, Any]
"""What is said of it: `id` at least, its `name` and `by` whom where somebody shall find it in a list."""
Way = Literal["aside", "back"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Deleted:
    """`about`: what was said of it when it was deleted; `files`: where each is now, by its name."""

    token: str
    about: About
    files: Mapping[str, Path]

    @property
    def at(self) -> float:
        return time_of(self.token)


@dataclass(frozen=True)
class Begun:
    token: str
    way: Way
    about: About
    files: Collection[str]

    @property
    def to_json(self) -> bytes:
        told = {"way": self.way, "about": self.about, "files": list(self.files)}
        return json.dumps(told, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Kind:
    """What a kind of thing is made of, where it lies, and what else changes with it.

    Both changes may be done again after a crash, and then change nothing. They may raise HongyanError: then
    nothing of it is done.
    """

    places: Callable[[About, Collection[str]], Mapping[str, Path]] = lambda about, names: {}
    """By name: where each of its files, or folders, lies. Raises NotFound for what can be no id."""
    leaves: Callable[[About], None] = lambda about: None
    """Nobody is led to its files any more: done before they go."""
    returns: Callable[[About], None] = lambda about: None
    """They count again: done when they are back."""
    forgotten: Callable[[About], None] = lambda about: None
    """Nobody can have it back any more."""


class Trash:
    """Of one kind of thing. Whoever calls this is alone with what `about` is about, and calls `settle` first
    of all. Every method may raise NotSaved."""

    def __init__(self, folder: Path, kind: Kind, clock: Callable[[], float] = time.time) -> None:
        self._folder, self._kind, self._clock = folder, kind, clock

    def take(self, about: About, names: Collection[str] = ()) -> str:
        """Put its files aside, what shows that it is there first; return the token of this deletion. What is
        aside for too long goes.

        Raises what `leaves` does.
        """
        self._forget_the_old()
        token = f"{int(self._clock() * 1000):013d}-{secrets.token_hex(8)}"
        self._do(Begun(token, "aside", about, names))
        return token

    def give_back(self, deleted: Deleted, about: About | None = None) -> None:
        """Each file to its place. `about`: as what it comes back, where that is not what it was.

        Raises what `returns` does.
        """
        self._do(Begun(deleted.token, "back", deleted.about if about is None else about, [*deleted.files]))

    def settle(self, mine: Callable[[About], bool] = lambda about: True) -> None:
        """Bring to its end what broke off of those that are `mine`."""
        for begun in self.begun():
            if mine(begun.about):
                try:
                    self._do(begun)
                except NotSaved:
                    raise
                except HongyanError as e:
                    log.warning("%s that broke off stays undone: %s", begun.token, e.text.en)

    def begun(self) -> list[Begun]:
        """What somebody is at just now, or was when it died."""
        found = []
        for path in listed(self._folder, f"{BEGUN}*"):
            try:
                told = wellformed.load(path.read_bytes())
                token = path.stem.removeprefix(BEGUN)
                if TOKEN.fullmatch(token) and told["way"] in ("aside", "back"):
                    found.append(Begun(token, told["way"], dict(told["about"]), list(told["files"])))
            except (OSError, ValueError, KeyError, TypeError):
                continue  # it came to its end meanwhile
        return found

    def find(self, token: str) -> Deleted:
        """Raises NotFound."""
        if not TOKEN.fullmatch(token):
            raise NotFound(GONE)
        folder = self._folder / token
        try:
            told = wellformed.load((folder / ABOUT).read_bytes())
            files = {str(name): folder / f"{place}.kept" for place, name in enumerate(told["files"])}
            return Deleted(token, dict(told["about"]), {n: one for n, one in files.items() if one.exists()})
        except (OSError, ValueError, KeyError, TypeError):
            raise NotFound(GONE) from None

    def listing(self) -> list[Deleted]:
        """What can be had back, the last one first."""
        found = []
        for token in reversed(list(self._tokens())):
            with contextlib.suppress(NotFound):
                if time_of(token) >= self._clock() - KEPT:
                    found.append(self.find(token))
        return found

    def retell(self, deleted: Deleted, about: About) -> None:
        """Something else is said of it from now on."""
        told = wellformed.load((self._folder / deleted.token / ABOUT).read_bytes())
        self._tell(deleted.token, about, told["files"])

    def drop(self, token: str) -> None:
        """Nobody can have it back any more."""
        with contextlib.suppress(NotFound):
            self._kind.forgotten(self.find(token).about)
        self._drop(token)

    def _do(self, begun: Begun) -> None:
        write_whole(self._note(begun), begun.to_json, MODE)
        self._aside(begun) if begun.way == "aside" else self._back(begun)

    def _aside(self, begun: Begun) -> None:
        try:
            self._kind.leaves(begun.about)
        except HongyanError:
            self._end(begun)  # nothing was done
            raise
        try:
            self._move_aside(begun)
            self._tell(begun.token, begun.about, begun.files)
        except HongyanError:
            with contextlib.suppress(HongyanError):  # else the next one brings it to its end
                self._move_back(begun)
                self._kind.returns(begun.about)
                self._end(begun)
            raise
        self._end(begun)

    def _back(self, begun: Begun) -> None:
        try:
            self._move_back(begun)
            self._kind.returns(begun.about)
        except HongyanError:
            with contextlib.suppress(HongyanError):
                self._move_aside(begun)
                self._end(begun)
            raise
        self._drop(begun.token)
        self._end(begun)

    def _tell(self, token: str, about: About, files: Collection[str]) -> None:
        content = json.dumps({"about": about, "files": list(files)}, ensure_ascii=False).encode()
        write_whole(self._folder / token / ABOUT, content, MODE)

    def _end(self, begun: Begun) -> None:
        remove(self._note(begun))

    def _note(self, begun: Begun) -> Path:
        return self._folder / f"{BEGUN}{begun.token}.json"

    def _move_aside(self, begun: Begun) -> None:
        for path, kept in self._ways(begun):
            _moved(path, kept)

    def _move_back(self, begun: Begun) -> None:
        """In the other order: what shows that it is there comes last."""
        for path, kept in reversed(self._ways(begun)):
            _moved(kept, path)

    def _ways(self, begun: Begun) -> list[tuple[Path, Path]]:
        """Where each file is while it is there, and while it is aside."""
        told, folder = list(begun.files), self._folder / begun.token
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            told = list(wellformed.load((folder / ABOUT).read_bytes())["files"])
        places = self._kind.places(begun.about, told)
        return [(places[name], folder / f"{n}.kept") for n, name in enumerate(told) if name in places]

    def _drop(self, token: str) -> None:
        folder = self._folder / token
        remove(folder / ABOUT)  # from here on there is nothing to be had back
        if folder.is_dir():
            remove_folder(folder)

    def _forget_the_old(self) -> None:
        begun = {one.token for one in self.begun()}
        for token in self._tokens():
            if time_of(token) < self._clock() - KEPT:
                self.drop(token)
            elif token not in begun and not (self._folder / token / ABOUT).exists():
                with contextlib.suppress(NotSaved):  # somebody else is at it
                    self._drop(token)  # what a crash left of one that was dropped

    def _tokens(self) -> Iterator[str]:
        yield from (path.name for path in listed(self._folder) if TOKEN.fullmatch(path.name))


def time_of(token: str) -> float:
    """When that was deleted, in seconds."""
    return int(token.partition("-")[0]) / 1000


def _moved(path: Path, to: Path) -> None:
    """A link to a folder stays: what is in that is somebody else's."""
    if not path.is_dir():
        move(path, to, MODE)
    elif not path.is_symlink():
        move_folder(path, to, MODE)
