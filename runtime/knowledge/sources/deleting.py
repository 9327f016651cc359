"""Bases and sources are deleted, and had back whole while that can be: what they were is kept aside."""

from collections.abc import Collection
from typing import NamedTuple

from pydantic import Field

from runtime.errors import Conflict, NotFound
from runtime.files import remove
from runtime.knowledge.sources import corrections
from runtime.knowledge.sources.base import MOST_SOURCES, Base, Source
from runtime.knowledge.sources.bases import BASE, Bases, replaced
from runtime.lang import Text
from runtime.schema import Strict

FOLDER = "folder"
NONE_SUCH = Text("资料库「{id}」里没有「{name}」。", "There is no {name!r} in the base {id!r}.")
TAKEN = Text("已经有另一个「{name}」了，请先删除它。", "There is another {name!r} by now; delete it first.")
NO_ROOM = Text("「{name}」放不回去了：资料库已经满了。", "{name!r} cannot come back: the base is full.")


class Removed(NamedTuple):
    """`token`: for `put_back`."""

    source: Source
    token: str


class Known(Strict):
    """A source as it was, and the `place` that it had among the others."""

    place: int
    source: Source
    corrected: corrections.OfOne = Field(default_factory=dict)


def delete(bases: Bases, id: str) -> str:
    """The base with its sources, and all that was noted of it; return a token for `restore`. Its index lies
    unused until then. Raises NotFound, NotSaved."""
    with bases.locked(id):
        folder = bases.get_folder(id)
        # the one first: what is left is no base any more
        return bases.trash.take({"id": id}, {BASE: folder / BASE, FOLDER: folder})


def restore(bases: Bases, token: str) -> str:
    """Undo `delete`; return the id. Raises NotFound, NotSaved; Conflict when the id is taken by now."""
    deleted = bases.trash.find(token)
    id = str(deleted.about.get("id", ""))
    with bases.locked(id):
        folder = bases.folder(id)
        if (folder / BASE).exists():
            raise Conflict(TAKEN.fill(name=id))
        bases.trash.give_back(deleted, {FOLDER: folder, BASE: folder / BASE})
    return id


def start_removing(bases: Bases, id: str, name: str, *, for_good: bool = False) -> Removed:
    """It counts no longer, and its file is aside, or `for_good` gone, after this; the index forgets it next.
    With a sitemap go the pages that it brought.

    `name`: its file, or its title. Raises NotFound, NotSaved.
    """
    with bases.locked(id):
        base = bases.get(id)
        source = base.called(name)
        if source is None:
            raise NotFound(NONE_SUCH.fill(id=id, name=name))
        going = [source, *(one for one in base.sources if one.listed_by == source.file)]
        about = {"base": id, "sources": [_known(bases, base, one).model_dump(mode="json") for one in going]}
        for one in going:
            base = replaced(base, one.model_copy(update={"going": True}))
        bases.save(base)
        if not for_good:
            return Removed(source, bases.trash.take(about, {one.file: bases.file(id, one) for one in going}))
        for one in going:
            remove(bases.file(id, one))
        return Removed(source, "")


def put_back(bases: Bases, token: str) -> str:
    """Undo `start_removing`; return the base's id. Raises NotFound, NotSaved; Conflict when it has no place
    by now."""
    deleted = bases.trash.find(token)
    id = str(deleted.about.get("base", ""))
    known = [Known.model_validate(one) for one in deleted.about.get("sources", ())]
    with bases.locked(id):
        base = bases.get(id)
        for one in known:
            base = _with(base, one)
        places = {one.source.file: bases.file(id, one.source) for one in known}
        bases.trash.lay_back(deleted, places)
        bases.save(base)
    for one in known:
        corrections.put_back(bases, id, one.source.file, one.corrected)
    with bases.locked(id):
        bases.trash.drop(deleted.token)
    return id


def drop_files(bases: Bases, id: str, names: Collection[str]) -> None:
    """Finish what a crash left half removed. Raises NotFound, NotSaved."""
    with bases.locked(id):
        for source in bases.get(id).sources:
            if source.going and source.file in names:
                remove(bases.file(id, source))


def _known(bases: Bases, base: Base, source: Source) -> Known:
    corrected = corrections.of_one(bases, base.id, source.file)
    return Known(place=base.sources.index(source), source=source, corrected=corrected)


def _with(base: Base, known: Known) -> Base:
    """As it was: in its place, whether the index has forgotten it by now or not."""
    source = known.source
    there = base.source(source.file)
    if there is not None and not there.going:
        raise Conflict(TAKEN.fill(name=source.title))
    if there is not None:
        return replaced(base, source)
    if len(base.sources) >= MOST_SOURCES:
        raise Conflict(NO_ROOM.fill(name=source.title))
    sources = list(base.sources)
    sources.insert(known.place, source)
    return base.model_copy(update={"sources": tuple(sources)})
