"""Where a conversation begins anew: the person said so, or so much time went by."""

from collections.abc import Sequence
from dataclasses import dataclass

from runtime.lang import Text
from runtime.message import Exchange
from runtime.turn.consent_settings import THANKS
from runtime.turn.settings import Memory

FORGOTTEN = Text("好的，关于您的内容都已经删除。", "Done: everything about you is deleted.")
"""What is said to whoever wished to be forgotten; what follows is another conversation."""


@dataclass(frozen=True)
class Context:
    """What was said since a conversation began. `after`: the number of the last exchange before it, or 0."""

    history: Sequence[Exchange]
    after: int = 0


def since_restart(history: Sequence[Exchange], memory: Memory, now: float = 0.0) -> Context:
    """What was said since the person last wished to start anew, or was silent longer than the agent's time.

    `now`: when the new message came, seconds since 1970; 0: not known.
    """
    begins = {*FORGOTTEN.by_language().values(), *THANKS.by_language().values()}
    following = now
    for place in range(len(history) - 1, -1, -1):
        one = history[place]
        if restarts(one.text, memory) or one.reply in begins or _is_over(one.at, following, memory.expires):
            return Context(history[place + 1 :], one.number)
        following = one.at
    return Context(history)


def restarts(text: str, memory: Memory) -> bool:
    """Whether the person wishes to start anew: the text is nothing but one of the agent's words for it."""
    remembers = memory.strategy.loads > 0 or memory.facts
    return remembers and bool(is_word(text, memory.restart))


def is_word(text: str, words: Sequence[str]) -> str:
    """Which of these the text is, and nothing else; "" for none."""
    said = bare(text)
    return next((word for word in words if said and said == bare(word)), "")


def bare(text: str) -> str:
    """Without what a keyboard or speech recognition adds."""
    return text.strip().strip("。.!！?？~～“”\"' ").casefold()


def _is_over(at: float, following: float, expires: int | None) -> bool:
    return expires is not None and 0 < at < following - expires
