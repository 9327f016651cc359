"""How much of a conversation fits into so many tokens."""

from collections.abc import Sequence

from runtime.message import Exchange
from runtime.models.context_window import tokens


def size(exchange: Exchange) -> int:
    """Tokens, about."""
    return tokens(exchange.words) + tokens(exchange.reply)


def newest(history: Sequence[Exchange], turns: int, most: int | None) -> Sequence[Exchange]:
    """The newest exchanges, so many and of so many tokens at most; of the very newest one is there always."""
    kept = history[-turns:] if turns else ()
    if most is None or not kept:
        return kept
    left = most
    for place in range(len(kept) - 1, -1, -1):
        left -= size(kept[place])
        if left < 0:
            return kept[min(place + 1, len(kept) - 1) :]
    return kept
