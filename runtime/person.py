"""What is remembered of a person, beside the words of the conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

NoteKind = Literal["about", "likes", "plan", "other"]
"""Who somebody is, what they like or cannot stand, what they are up to, anything else."""
NoteSource = Literal["said", "operator"]
"""From the person's own words, or written by the operator."""
Joined = Literal["joined", "wrong", "slow", "same"]
"""What a code came to: two surfaces are one person's now; no such code; too many wrong ones; typed where it
was asked for."""

MOST_NOTES = 50
"""Of one person."""
LONGEST_NAME = 40
LONGEST_VALUE = 200
"""Characters."""


@dataclass(frozen=True)
class Note:
    """One fact about a person. Another of the same name replaces it.

    `at`: seconds since 1970; `seq`: the message in which the person said so, 0 for none.
    """

    name: str
    value: str
    kind: NoteKind = "other"
    source: NoteSource = "said"
    at: float = 0.0
    seq: int = 0


@dataclass(frozen=True)
class Summary:
    """What a conversation came to, up to the exchange of that number."""

    text: str
    upto: int


@dataclass(frozen=True)
class Known:
    """`elsewhere`: summaries of what the same person said on other surfaces."""

    notes: Sequence[Note] = ()
    summary: Summary | None = None
    elsewhere: Sequence[str] = ()
    surfaces: int = 1
    """On which this person is known."""
