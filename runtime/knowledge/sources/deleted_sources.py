"""Sources that were deleted from a base: what they were, and how they leave it and come back."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Protocol

from pydantic import Field

from runtime.errors import Conflict, NotFound
from runtime.knowledge.sources import corrections_file
from runtime.knowledge.sources.base import MOST_SOURCES, Base, Source
from runtime.lang import Text
from runtime.schema import Strict
from runtime.trash import About, Deleted, Kind, Taken

TAKEN = Text("已经有另一个「{name}」了，请先删除它。", "There is another {name!r} by now; delete it first.")
BASE_DELETED = Text(
    "「{name}」原来在资料库「{base}」里，那个资料库也删除了。请先恢复它。",
    "{name!r} was in the base {base!r}, which was deleted, too; restore that first.",
)
NO_ROOM = Text("「{name}」放不回去了：资料库已经满了。", "{name!r} cannot come back: the base is full.")


class Shelf(Protocol):
    """Where bases are; what is done here is done while the base is locked."""

    def get(self, id: str) -> Base: ...
    def save(self, base: Base) -> None: ...
    def folder(self, id: str) -> Path: ...
    def file(self, id: str, source: Source) -> Path: ...


class Known(Strict):
    """A source as it was, and the `place` that it had among the others."""

    place: int
    source: Source
    corrected: corrections_file.OfOne = Field(default_factory=dict)


def kind(shelf: Shelf) -> Kind:
    """`about`: the `base`, and its `sources` as they are known."""

    def places(about: About, names: Collection[str]) -> Mapping[str, Path]:
        files = enumerate(shelf.file(base_of(about), one.source) for one in known(about))
        return {str(number): file for number, file in files}

    def leaves(about: About) -> None:
        base = shelf.get(base_of(about))
        for one in known(about):
            if base.source(one.source.file) is not None:
                base = replaced(base, one.source.model_copy(update={"going": True}))
        shelf.save(base)

    def returns(about: About) -> None:
        shelf.save(returned(shelf.get(base_of(about)), known(about)))
        corrected = {one.source.file: one.corrected for one in known(about) if one.corrected}
        corrections_file.change(shelf.folder(base_of(about)) / corrections_file.FILE, corrected)

    return Kind(places, leaves, returns)


def base_before(source: Deleted, bases: Collection[Deleted]) -> Deleted | None:
    """The base that it went from, where that was deleted since: another may have its id by now."""
    later = [one for one in bases if one.about.get("id") == base_of(source.about) and one.at >= source.at]
    return min(later, key=lambda one: one.at, default=None)


def base_of(about: About) -> str:
    return str(about.get("base", ""))


def known(about: About) -> list[Known]:
    """Raises NotFound for what no deletion can have said."""
    try:
        return [Known.model_validate(one) for one in about.get("sources", ())]
    except ValueError:
        raise NotFound(Text("这份记录读不懂。", "That record cannot be read.")) from None


def returned(base: Base, known: Collection[Known]) -> Base:
    """With these as they were, each in its place, whether the index has forgotten it by now or not. Raises
    Conflict where it has no place by now."""
    for one in known:
        there = base.source(one.source.file)
        if there is not None and not there.going and there != one.source:
            raise Taken(TAKEN.fill(name=one.source.title))
        if there is not None:
            base = replaced(base, one.source)
            continue
        if len(base.sources) >= MOST_SOURCES:
            raise Conflict(NO_ROOM.fill(name=one.source.title))
        sources = list(base.sources)
        sources.insert(one.place, one.source)
        base = base.model_copy(update={"sources": tuple(sources)})
    return base


def replaced(base: Base, source: Source) -> Base:
    """The base with this source in its place, or at the end."""
    if base.source(source.file) is None:
        return base.model_copy(update={"sources": (*base.sources, source)})
    changed = tuple(source if one.file == source.file else one for one in base.sources)
    return base.model_copy(update={"sources": changed})
