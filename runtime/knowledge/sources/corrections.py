"""What somebody corrected in a base's passages: a file in its folder, so that the index can be made anew."""

from collections.abc import Callable, Iterable, Mapping

from runtime.errors import Unreadable
from runtime.knowledge.index.index import Corrected
from runtime.knowledge.sources.bases import Bases
from runtime.knowledge.sources.corrections_file import FILE, Correction, Kept, OfOne, change, read


def known(bases: Bases, id: str, source: str) -> Mapping[str, Corrected] | None:
    """Of one source, as the index takes them; None: none were ever kept. Raises NotFound, Unreadable."""
    path = bases.get_folder(id) / FILE
    if not path.exists():
        return None
    found = read(path).get(source, {})
    return {digest: (one.text, one.off) for digest, one in found.items()}


def keep(bases: Bases, id: str, source: str, corrected: Mapping[str, Corrected]) -> None:
    """In place of those of that source; none: they are forgotten. Raises NotFound, Unreadable, NotSaved."""
    after = {digest: Correction(text=text, off=off) for digest, (text, off) in corrected.items()}
    _change(bases, id, lambda: {source: after})


def forget(bases: Bases, id: str, sources: Iterable[str]) -> None:
    """Sources that are gone, and were not had back meanwhile. Raises NotFound, Unreadable, NotSaved."""

    def gone() -> Kept:
        there = {one.file for one in bases.get(id).sources if not one.going}
        return {name: {} for name in sources if name not in there}

    _change(bases, id, gone)


def of_one(bases: Bases, id: str, source: str) -> OfOne:
    """To be put back some time. What cannot be read stays where it is."""
    try:
        return read(bases.get_folder(id) / FILE).get(source, {})
    except Unreadable:
        return {}


def _change(bases: Bases, id: str, changing: Callable[[], Kept]) -> None:
    path = bases.get_folder(id) / FILE
    with bases.locked(id):
        change(path, changing())
