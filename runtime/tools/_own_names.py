"""Names of the tools that we grant a model ourselves, which no tool of an agent may take or look like.

What is meant for one of ours (what to remember of somebody) would go to whoever has its name.
"""

from collections.abc import Iterable

OWN = frozenset({"remember", "forget", "keep_of_person"})

ALIKE = str.maketrans({"_": "", "-": "", "0": "o", "1": "l", "i": "l"})


def looks(name: str) -> str:
    """The same for names that a reader, or a model, takes for each other."""
    return name.lower().translate(ALIKE)


_OWN = frozenset(map(looks, OWN))


def is_own(name: str) -> bool:
    return looks(name) in _OWN


def apart(names: Iterable[str]) -> list[int]:
    """The places of those that a model is offered: of one name the first, and none of our own names."""
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        if not is_own(name):
            found.setdefault(name, place)
    return list(found.values())
