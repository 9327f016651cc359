"""How well customers' questions find their place in a shop's manual of 150 pages as it is pasted: sixty.

Questions and answers were written before anything was measured, and no weight of the search was set by them.
What stands between the shop's rules was changed once after the first look, as it spoke of taps.
"""

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from bench.ground import Ground
from bench.knowledge import searching_child
from bench.shop_manual import Asked, manual
from bench.table import Row
from runtime.knowledge.cutting import cut
from runtime.knowledge.index import vectors
from runtime.knowledge.index.index import Index
from runtime.knowledge.search.filling import Filling
from runtime.knowledge.search.found import Found, Wanted
from runtime.knowledge.search.searching import Searching

TOP = 3
KINDS = (
    ("model or place", "questions about a model's figures, or a shop", 0.95),
    ("code", "about a code on a display", 0.95),
    ("meaning", "in other words than the manual's", 0.3),
)
"""Kinds of questions, what they are, and the part that is to be found by the encoder that comes along."""


async def shop(ground: Ground) -> list[Row]:
    text, pages, asked = manual()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        index = Index(home / "shop.sqlite")
        index.replace("manual.txt", "1", [], cut(text))
        async with searching_child() as child:
            await Filling(child).run(index, vectors.OFFLINE)
            index.close()
            searching = Searching(home, None, child, patience=60)
            places = defaultdict[str, list[int]](list)
            for one in asked:
                found = await searching.search(one.text, ["shop"], Wanted(top=TOP))
                places[one.kind].append(place_of(one, found.passages))
    every = [place for some in places.values() for place in some]
    return [
        *(_row(f"31{letter}", f"{len(places[kind])} {words}", places[kind], wanted)
          for letter, (kind, words, wanted) in zip("abc", KINDS, strict=True)),
        _row("31d", f"all {len(every)}, of a manual of {pages} pages as it is pasted", every, 0.75),
    ]  # fmt: skip


def _row(number: str, what: str, places: list[int], wanted: float) -> Row:
    first, three = _part(places, 1), _part(places, 3)
    said = f"{first:.0%}, {three:.0%}"
    return Row(number, f"hit@1, hit@3: {what}", "", said, f"hit@3 ≥ {wanted:.0%}", three >= wanted)


def place_of(one: Asked, found: Sequence[Found]) -> int:
    """Of the passage that answers it, from 0; as many as there are when none does."""
    of, says = "".join(one.of.split()), "".join(one.says.split())
    for place, passage in enumerate(found):
        whole = "".join(f"{passage.heading}{passage.text}".split())
        if of in whole and says in whole:
            return place
    return len(found)


def _part(places: list[int], top: int) -> float:
    return sum(place < top for place in places) / len(places)
