"""Where a conversation begins anew: the person said so."""

from collections.abc import Sequence

from runtime.message import Exchange
from runtime.turn.settings import Memory


def since_restart(history: Sequence[Exchange], memory: Memory) -> Sequence[Exchange]:
    """What was said since the person last wished to start anew."""
    for place in range(len(history) - 1, -1, -1):
        if restarts(history[place].text, memory):
            return history[place + 1 :]
    return history


def restarts(text: str, memory: Memory) -> bool:
    """Whether the person wishes to start anew: the text is nothing but one of the agent's words for it."""
    said = _bare(text)
    return bool(said) and memory.strategy.loads > 0 and any(said == _bare(word) for word in memory.restart)


def _bare(text: str) -> str:
    """Without what a keyboard or speech recognition adds."""
    return text.strip().strip("。.!！?？~～“”\"' ").casefold()
