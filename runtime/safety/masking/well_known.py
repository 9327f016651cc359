"""Lists by which a name is told from what only looks like one: a file each in `words/`."""

import functools
from pathlib import Path

FOLDER = Path(__file__).parent / "words"


@functools.cache
def words(name: str) -> frozenset[str]:
    return frozenset((FOLDER / f"{name}.txt").read_text("utf-8").split())


@functools.cache
def lines(name: str) -> frozenset[str]:
    """Of a list whose entries have spaces."""
    return frozenset((FOLDER / f"{name}.txt").read_text("utf-8").splitlines())


@functools.cache
def no_names() -> frozenset[str]:
    """What begins with a surname, and is nobody's: brands, places, things, turns of speech."""
    return words("zh_brands") | words("zh_places") | words("zh_things")


@functools.cache
def longest() -> int:
    """Characters of the longest of them."""
    return max(map(len, no_names()))
