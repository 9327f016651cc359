"""What somebody corrected in a base's passages: a file in its folder, so that the index can be made anew."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from runtime import wellformed
from runtime.errors import Unreadable
from runtime.files import write_whole
from runtime.knowledge.index.index import Corrected
from runtime.knowledge.sources.bases import Bases
from runtime.lang import Text
from runtime.schema import Strict

FILE = "corrections.json"


class Correction(Strict):
    """`text`: what stands there instead; None: what its source says."""

    text: str | None = None
    off: bool = False


OfOne = dict[str, Correction]
Kept = dict[str, OfOne]
"""By source, and by the digest of what the source says."""
KEPT: TypeAdapter[Kept] = TypeAdapter(Kept)


def known(bases: Bases, id: str, source: str) -> Mapping[str, Corrected] | None:
    """Of one source, as the index takes them; None: none were ever kept. Raises NotFound, Unreadable."""
    path = bases.get_folder(id) / FILE
    if not path.exists():
        return None
    found = _read(path).get(source, {})
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
        return _read(bases.get_folder(id) / FILE).get(source, {})
    except Unreadable:
        return {}


def put_back(bases: Bases, id: str, source: str, corrected: OfOne) -> None:
    """As `of_one` told them. Raises NotFound, Unreadable, NotSaved."""
    if corrected:
        _change(bases, id, lambda: {source: corrected})


def _change(bases: Bases, id: str, changing: Callable[[], Kept]) -> None:
    path = bases.get_folder(id) / FILE
    with bases.locked(id):
        before, changed = _read(path), changing()
        after = {name: of for name, of in {**before, **changed}.items() if of}
        if after != before:
            plain = {name: {key: _plain(one) for key, one in of.items()} for name, of in after.items()}
            write_whole(path, f"{json.dumps(plain, ensure_ascii=False, indent=1)}\n".encode())


def _plain(correction: Correction) -> dict[str, object]:
    return correction.model_dump(exclude_defaults=True)


def _read(path: Path) -> Kept:
    try:
        return KEPT.validate_python(wellformed.load(path.read_bytes()))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as e:
        why = str(e).partition("\n")[0][:200] if not isinstance(e, ValidationError) else e.title
        raise Unreadable(
            Text(
                "{path} 读不了（{why}），里面是改过的段落：请改好它，或删掉它。",
                "{path}, which has corrected passages, cannot be read ({why}): mend it, or delete it.",
            ).fill(path=path, why=why)
        ) from None
