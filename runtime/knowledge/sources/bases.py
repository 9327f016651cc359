"""Bases as folders that a person owns: `knowledge/<id>/base.json` and `knowledge/<id>/sources/`."""

import os
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from pydantic import ValidationError

from runtime import wellformed
from runtime.errors import BadSettings, Conflict, NotFound, Unreadable
from runtime.files import disk, make_private, settle, touch, write_whole
from runtime.knowledge.sources import deleted_sources, file_names
from runtime.knowledge.sources.base import MOST_SOURCES, Base, Source, unreadable
from runtime.knowledge.sources.deleted_sources import base_before, replaced
from runtime.knowledge.sources.received import digest_of, received
from runtime.lang import Text
from runtime.locks import alone
from runtime.schema import first_problem
from runtime.trash import About, Deleted, Kind, Trash

BASE = "base.json"
SOURCES = "sources"
FOLDER = "folder"
NOTHING: Mapping[str, Any] = {}
NAMES = {"id": Text("资料库的编号", "The id of a base"), "name": Text("名称", "The name")}


@dataclass(frozen=True)
class Added:
    """`same`: it was there already, as `source`; `changed`: it took the place of what had its name."""

    source: Source
    state: Literal["new", "same", "changed"]


@dataclass(frozen=True)
class Listing:
    bases: Sequence[Base]
    broken: dict[str, Text]
    """By folder, why its base.json cannot be read."""


NONE_SUCH = Text("没有「{id}」这个资料库。", "There is no knowledge base {id!r}.")
DELETED = Text(
    "资料库「{id}」已经被删除了，什么也没有改。可以在「最近删除」里恢复它，再做一次。",
    "The base {id!r} was deleted; nothing was changed. Restore it from “Recently deleted”, then do it again.",
)


class Bases:
    """Thread-safe, and between processes too: whoever changes a base holds its lock for that moment."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "knowledge"
        self._data = home / "data" / "knowledge"
        trash = home / "data" / "trash"
        self.trash = Trash(
            trash / "knowledge", Kind(self._places, returns=self._follow, forgotten=self._forget_index)
        )
        """Whole bases that were deleted, see deleting.py…"""
        self.sources_trash = Trash(trash / "sources", deleted_sources.kind(self))
        """…and sources of those that are there."""

    def listing(self) -> Listing:
        self.settle()
        bases, broken = [], {}
        for folder in sorted(self._folder.glob("*/")) if self._folder.is_dir() else ():
            if not (folder / BASE).exists():
                continue
            try:
                bases.append(self.get(folder.name))
            except (Unreadable, NotFound) as e:
                broken[folder.name] = e.text
        return Listing(bases, broken)

    def get(self, id: str) -> Base:
        """Raises NotFound, Unreadable."""
        path = self.folder(id) / BASE
        try:
            base = Base.model_validate(wellformed.load(path.read_bytes()))
            if base.id != id:
                raise ValueError(f"it says that it is {base.id!r}")
        except FileNotFoundError:
            deleted = any(one.about.get("id") == id for one in self.trash.listing())
            raise NotFound((DELETED if deleted else NONE_SUCH).fill(id=id)) from None
        except (OSError, ValueError, RecursionError) as e:
            raise Unreadable(unreadable(id, e)) from None
        return base

    def create(self, id: str, name: str = "") -> Base:
        """Raises BadSettings for an id that is none, Conflict when there is one, NotSaved."""
        try:
            base = Base(id=id, name=name.strip() or id)
        except ValidationError as e:
            wrong = first_problem(e)
            raise BadSettings(wrong.sentence(NAMES.get(wrong.field)), field=wrong.field) from None
        with self.locked(id):
            if (self.folder(id) / BASE).exists():
                raise Conflict(
                    Text("已经有「{id}」这个资料库。", "There already is a base {id!r}.").fill(id=id),
                    field="id",
                )
            self._forget_index({"id": id})
            self.save(base)
        return base

    def change(self, id: str, change: Callable[[Base], Base]) -> Base:
        """Read, changed and written while nobody else may. Raises NotFound, Unreadable, NotSaved."""
        with self.locked(id):
            before = self.get(id)
            after = Base.model_validate(change(before).model_dump())
            if after != before:
                self.save(after)
        return after

    def add(
        self,
        id: str,
        content: BinaryIO,
        name: str,
        tags: Sequence[str] = (),
        more: Mapping[str, Any] = NOTHING,
    ) -> Added:
        """Keep a source as it is given. `more`: other fields of Source.

        Raises NotFound, BadSettings (too large, too many), NotSaved: then nothing of it is there.
        """
        title = file_names.title_of(name)
        folder = self.get_folder(id) / SOURCES
        new = folder / f".new-{secrets.token_hex(6)}"
        try:
            digest = received(content, new, title)
            with self.locked(id):
                return self._settled(id, new, digest, title, tuple(tags), more)
        finally:
            new.unlink(missing_ok=True)

    def forget(self, id: str, *files: str) -> None:
        """The last step of removing sources: nothing names them any more. Raises NotSaved."""

        def without(base: Base) -> Base:
            kept = (one for one in base.sources if not (one.going and one.file in files))
            return base.model_copy(update={"sources": tuple(kept)})

        self.change(id, without)

    def tended(self, id: str) -> Base:
        """The base, with files that somebody put into its folder by hand. Raises NotFound, Unreadable."""
        base = self.get(id)
        strays = [name for name in self._there(id) if base.source(name) is None][:MOST_SOURCES]
        if not strays:
            return base

        def take_up(base: Base) -> Base:
            fresh = [Source(file=name, title=name) for name in strays if base.source(name) is None]
            return base.model_copy(update={"sources": (*base.sources, *fresh)[:MOST_SOURCES]})

        return self.change(id, take_up)

    def touch(self, id: str) -> None:
        """Let whoever keeps it up to date look at it again, in whatever process. Raises NotSaved."""
        path = self.folder(id) / BASE
        with disk(path):
            touch(path)

    def folder(self, id: str) -> Path:
        return self._folder / _checked(id)

    def get_folder(self, id: str) -> Path:
        """Raises NotFound."""
        if not (self.folder(id) / BASE).exists():
            self.get(id)
        return self.folder(id)

    def file(self, id: str, source: Source) -> Path:
        return self.folder(id) / SOURCES / source.file

    def index(self, id: str) -> Path:
        """Where its index is."""
        return self._data / f"{_checked(id)}.sqlite"

    def work(self, id: str) -> Path:
        """Where it is noted what is being done to it."""
        return self._data / f"{_checked(id)}.work.sqlite"

    def working(self, id: str) -> Path:
        """The lock of whoever brings its sources into the index."""
        return self._data / f"{_checked(id)}.working.lock"

    @contextmanager
    def locked(self, id: str) -> Iterator[None]:
        """While nobody else changes the base. Raises NotSaved."""
        with alone(self._data / f"{_checked(id)}.lock"):
            self.trash.settle(lambda about: about.get("id") == id)
            self.sources_trash.settle(lambda about: deleted_sources.base_of(about) == id)
            yield

    def settle(self) -> None:
        """What a crash broke off comes to its end. Raises NotSaved."""
        begun = [str(one.about.get("id", "")) for one in self.trash.begun()]
        begun += [deleted_sources.base_of(one.about) for one in self.sources_trash.begun()]
        for id in begun:
            with self.locked(id):
                pass

    def sources_before(self, token: str) -> list[Deleted]:
        """Those that had been deleted from a base before that was, by that deletion."""
        bases = self.trash.listing()
        found = [(one, base_before(one, bases)) for one in self.sources_trash.listing()]
        return [one for one, base in found if base is not None and base.token == token]

    def save(self, base: Base) -> None:
        """While its lock is held. Raises NotSaved."""
        make_private(self._folder)
        write_whole(self.folder(base.id) / BASE, base.written())

    def _places(self, about: About, names: Collection[str]) -> Mapping[str, Path]:
        """The one by which it is a base first: what is left is none any more, and comes back last."""
        folder = self.folder(str(about.get("id", "")))
        return {BASE: folder / BASE, FOLDER: folder}

    def _follow(self, about: About) -> None:
        """Under another id: what had been deleted from it comes back into it, not into what has its id."""
        for one in self.sources_before(str(about.get("of", ""))):
            self.sources_trash.retell(one, {**one.about, "base": about["id"]})

    def _forget_index(self, about: Mapping[str, Any]) -> None:
        """Of a base that is none any more."""
        if not (id := str(about.get("id", ""))) or (self.folder(id) / BASE).exists():
            return
        with disk(self._data):
            for path in self._data.glob(f"{_checked(id)}.*"):
                if path.suffix != ".lock":
                    path.unlink(missing_ok=True)

    def _settled(
        self, id: str, new: Path, digest: str, title: str, tags: tuple[str, ...], more: Mapping[str, Any]
    ) -> Added:
        """Under its name, or dropped when it is there already. The lock is held."""
        base = self.get(id)
        if same := self._same(base, new, digest):
            return Added(same, "same")
        former = _former(base, title, str(more.get("address", "")))
        if former is None and len(base.sources) >= MOST_SOURCES:
            text = Text("一个资料库最多 {most} 个来源。", "A base has at most {most} sources.")
            raise BadSettings(text.fill(most=MOST_SOURCES), field="file")
        taken = {*self._there(id), *(one.file for one in base.sources)}
        file = former.file if former else file_names.safe(title, taken)
        fields = {**({"tags": tags} if tags else {}), **more}
        source = former.model_copy(update=fields) if former else Source(file=file, title=title, **fields)
        settle(new, self.file(id, source))
        self.save(replaced(base, Source.model_validate(source.model_dump())))
        return Added(source, "changed" if former else "new")

    def _same(self, base: Base, new: Path, digest: str) -> Source | None:
        size = new.stat().st_size
        for source in base.sources:
            path = self.file(base.id, source)
            try:
                if not source.going and path.stat().st_size == size and digest_of(path) == digest:
                    return source
            except OSError:
                continue
        return None

    def _there(self, id: str) -> list[str]:
        """Plain files in its folder that are nobody's working files."""
        try:
            with os.scandir(self.folder(id) / SOURCES) as found:
                return sorted(
                    one.name
                    for one in found
                    if not one.name.startswith(".")
                    and one.is_file(follow_symlinks=False)
                    and len(one.name) <= 200
                )
        except OSError:
            return []


def _former(base: Base, title: str, address: str) -> Source | None:
    """What it takes the place of: of the same address, or, of what came as a file, of the same name."""
    there = (one for one in base.sources if not one.going)
    if address:
        return next((one for one in there if one.address == address), None)
    return next((one for one in there if one.title == title and not one.address), None)


def _checked(id: str) -> str:
    """Raises NotFound: an id is no path."""
    if not id or id.strip(".") == "" or any(sign in id for sign in "/\\\0") or len(id) > 64:
        raise NotFound(NONE_SUCH.fill(id=id))
    return id
