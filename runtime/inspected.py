"""What a platform's own check of contents says of a text, a picture or a sound."""

from dataclasses import dataclass
from typing import Literal

Suggestion = Literal["pass", "review", "risky"]
SUGGESTIONS: tuple[Suggestion, ...] = ("pass", "review", "risky")
"""The worst last."""
Sort = Literal["profile", "comment", "forum", "log"]
"""What it is taken for: the platform judges each by its own measure."""


@dataclass(frozen=True)
class Inspected:
    """`what` it is, in the platform's number and our words; "" for what is well. `trace`: by which a later
    answer is known, and `code` why there is none, where it came as a call of the platform's."""

    suggestion: Suggestion
    what: str = ""
    trace: str = ""
    code: str = ""

    def worse(self, other: "Inspected") -> "Inspected":
        """Of the two the one that lets less pass."""
        return max(self, other, key=lambda one: SUGGESTIONS.index(one.suggestion))


PASSED = Inspected("pass")
