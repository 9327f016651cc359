"""How many of the parts that wait go into one response."""

from collections.abc import Callable

from runtime.store.messages.carried import Part


def fitting(parts: list[Part], room: float, more: str, size: Callable[[str], int]) -> list[Part]:
    """The first parts whose `size` fits into `room`, with place for `more` if some do not; one at least."""
    taken: list[Part] = []
    used = 0
    for i, part in enumerate(parts):
        needed = size(part.text) + (2 if taken else 0)
        last = i == len(parts) - 1
        if taken and used + needed + (0 if last else size(more) + 1) > room:
            break
        taken.append(part)
        used += needed
    return taken
