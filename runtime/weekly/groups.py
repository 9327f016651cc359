"""Texts that ask the same, together: by what they mean, or by their words where nothing compares meanings."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from runtime.knowledge.search.likeness import likeness
from runtime.knowledge.search.question import Question, question
from runtime.off_loop import off_loop

MOST = 1000
"""Different texts that are compared; of more, those asked most."""
ALIKE = 0.3
"""Share of words from which two ask the same."""
ROUNDS = 120
"""Groups that a text is compared with by words; of what is like none of them each stays by itself."""
Grouping = Callable[[Sequence[str]], Awaitable[Sequence[int] | None]]
"""For each text the place of the first that is like it, its own where none is; None: it cannot be told."""


async def groups(counts: Mapping[str, int], grouping: Grouping | None = None) -> list[list[str]]:
    """The texts of each, the one asked most first. The same for the same texts where the same compares."""
    texts = sorted(counts, key=lambda one: (-counts[one], one))[:MOST]
    places = await grouping(texts) if grouping and texts else None
    if places is None:
        places = await off_loop(by_words, texts)
    found: dict[int, list[str]] = {}
    for text, place in zip(texts, places, strict=True):
        found.setdefault(place, []).append(text)
    return list(found.values())


def by_words(texts: Sequence[str]) -> list[int]:
    leaders: list[tuple[int, Question]] = []
    places = []
    for n, text in enumerate(texts):
        asked = question(text)
        place = next((at for at, one in leaders if likeness(asked, one) >= ALIKE), n)
        if place == n and len(leaders) < ROUNDS:
            leaders.append((n, asked))
        places.append(place)
    return places
