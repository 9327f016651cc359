"""Which addresses of ours an app of people's may call, as its platform has it."""

from dataclasses import dataclass

from runtime.lang import Text


@dataclass(frozen=True)
class Domain:
    """Names alone, by https and wss."""

    look_up: Text
    """What else has to be true of the name, which only its owner can look up."""
    never: frozenset[str] = frozenset()
    """Names that no app may call."""
