"""Bases and sources are deleted, and had back whole while that can be: what they were is kept aside."""

import json
from collections.abc import Collection
from contextlib import ExitStack
from typing import NamedTuple

from runtime import wellformed
from runtime.errors import Conflict, NotFound, Unreadable
from runtime.files import remove, write_whole
from runtime.knowledge.sources import corrections, file_names
from runtime.knowledge.sources.base import Base, Source
from runtime.knowledge.sources.bases import BASE, FOLDER, Bases
from runtime.knowledge.sources.deleted_sources import (
    BASE_DELETED,
    TAKEN,
    Known,
    base_before,
    base_of,
    known,
    replaced,
    returned,
)
from runtime.lang import Text
from runtime.trash import MODE, Deleted, Taken

NONE_SUCH = Text("资料库「{id}」里没有「{name}」。", "There is no {name!r} in the base {id!r}.")
LONGEST = 58
"""Characters of an id that a number still has room behind."""


class Removed(NamedTuple):
    """`token`: for `put_back`."""

    source: Source
    token: str


def delete(bases: Bases, id: str, *, by: str = "") -> str:
    """The base with its sources, and all that was noted of it; return a token for `restore`. Its index lies
    unused until then. Raises NotFound, NotSaved."""
    with bases.locked(id):
        bases.get_folder(id)
        try:
            name = bases.get(id).name
        except Unreadable:
            name = id
        return bases.trash.take({"id": id, "name": name, "by": by}, (BASE, FOLDER))


def restore(bases: Bases, token: str, *, renamed: bool = False) -> str:
    """Undo `delete`; return the id. `renamed`: it comes back beside another one that has its id by now.

    Raises NotFound, Unreadable, NotSaved; Conflict when the id is taken by now.
    """
    id = str(bases.trash.find(token).about.get("id", ""))
    wanted = _free_id(bases, id) if renamed else id
    with ExitStack() as locks:
        for one in dict.fromkeys((id, wanted)):
            locks.enter_context(bases.locked(one))
        deleted = bases.trash.find(token)
        if (bases.folder(wanted) / BASE).exists():
            raise Taken(TAKEN.fill(name=wanted))
        if wanted != id:
            _rename(deleted, wanted)
        bases.trash.give_back(deleted, {**deleted.about, "id": wanted, "of": token})
    return wanted


def start_removing(bases: Bases, id: str, name: str, *, for_good: bool = False, by: str = "") -> Removed:
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
        if not for_good:
            told = [_known(bases, base, one).model_dump(mode="json") for one in going]
            about = {"id": source.file, "name": source.title, "by": by, "base": id, "sources": told}
            return Removed(source, bases.sources_trash.take(about, [*map(str, range(len(going)))]))
        for one in going:
            base = replaced(base, one.model_copy(update={"going": True}))
        bases.save(base)
        for one in going:
            remove(bases.file(id, one))
        return Removed(source, "")


def put_back(bases: Bases, token: str, *, renamed: bool = False) -> str:
    """Undo `start_removing`; return the base's id. `renamed`: beside what has its place by now.

    Raises NotFound, NotSaved; Conflict when it has no place by now, or its base was deleted.
    """
    id = base_of(bases.sources_trash.find(token).about)
    with bases.locked(id):
        deleted = bases.sources_trash.find(token)
        if went := base_before(deleted, bases.trash.listing()):
            told = BASE_DELETED.fill(name=deleted.about.get("name", ""), base=went.about.get("name", id))
            raise Conflict(told)
        about, was = dict(deleted.about), known(deleted.about)
        base = bases.get(id)
        if renamed:
            was = _beside(base, was)
            about["sources"] = [one.model_dump(mode="json") for one in was]
        else:
            for one in was:
                there = base.source(one.source.file)
                if there is not None and not there.going:
                    raise Taken(TAKEN.fill(name=one.source.title))
        returned(base, was)
        bases.sources_trash.give_back(deleted, about)
    return id


def drop(bases: Bases, token: str) -> None:
    """Nobody can have that base back any more, nor what had been deleted from it.

    Raises NotFound, NotSaved.
    """
    with bases.locked(str(bases.trash.find(token).about.get("id", ""))):
        for one in bases.sources_before(token):
            bases.sources_trash.drop(one.token)
        bases.trash.drop(token)


def drop_files(bases: Bases, id: str, names: Collection[str]) -> None:
    """Finish what a crash left half removed. Raises NotFound, NotSaved."""
    with bases.locked(id):
        for source in bases.get(id).sources:
            if source.going and source.file in names:
                remove(bases.file(id, source))


def _known(bases: Bases, base: Base, source: Source) -> Known:
    corrected = corrections.of_one(bases, base.id, source.file)
    return Known(place=base.sources.index(source), source=source, corrected=corrected)


def _free_id(bases: Bases, id: str) -> str:
    number, free = 2, f"{id[:LONGEST]}-2"
    while (bases.folder(free) / BASE).exists():
        number += 1
        free = f"{id[:LONGEST]}-{number}"
    return free


def _rename(deleted: Deleted, id: str) -> None:
    """Where it lies, so that it comes back as that. Raises Unreadable, NotSaved."""
    kept = deleted.files.get(BASE)
    try:
        told = wellformed.load(kept.read_bytes() if kept else b"")
        content = json.dumps({**told, "id": id}, ensure_ascii=False, indent=2)
    except (OSError, ValueError, TypeError):
        raise Unreadable(
            Text(
                "「{id}」的 base.json 读不懂，只能以原来的编号恢复。",
                "base.json of {id!r} cannot be read: it can only come back under its own id.",
            ).fill(id=deleted.about.get("id", ""))
        ) from None
    if kept:
        write_whole(kept, f"{content}\n".encode(), MODE)


def _beside(base: Base, was: Collection[Known]) -> list[Known]:
    """Under names that nothing there has."""
    files = {one.file for one in base.sources}
    titles = {one.title for one in base.sources if not one.going}
    renamed: dict[str, str] = {}
    for one in was:
        if one.source.file in files:
            renamed[one.source.file] = file_names.safe(one.source.title, {*files, *renamed.values()})

    def other(source: Source) -> Source:
        more = {"file": renamed.get(source.file, source.file)}
        if source.title in titles:
            more["title"] = _numbered(source.title, titles)
        if source.listed_by:
            more["listed_by"] = renamed.get(source.listed_by, source.listed_by)
        return source.model_copy(update=more)

    return [one.model_copy(update={"source": other(one.source)}) for one in was]


def _numbered(title: str, taken: Collection[str]) -> str:
    stem, dot, ending = title.rpartition(".") if "." in title[1:] else (title, "", "")
    number = 2
    while (made := f"{stem[:180]} ({number}){dot}{ending}") in taken:
        number += 1
    return made
