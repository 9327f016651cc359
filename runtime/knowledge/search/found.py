"""What is wanted of a search, and what it brings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Way = Literal["both", "words", "vectors"]

FITS = 0.3
"""How much a passage has to do with a question, 0 to 1, at the least, for it to have an answer here."""
SAME_QUESTION = 0.9
"""How alike two questions are, 0 to 1, whose answer is the same."""


@dataclass(frozen=True)
class Wanted:
    """`tokens` bounds the texts together, the first of which always comes; `around`: passages before and
    after each that come along. `sources`, `tags`: only these; a source with any of the tags will do."""

    top: int = 3
    tokens: int = 4000
    fits: float = FITS
    same: float = SAME_QUESTION
    around: int = 0
    sources: Sequence[str] = ()
    tags: Sequence[str] = ()
    way: Way = "both"
    rerank: str = ""
    """A model for that, `provider/model`; "": the order stays."""
    seconds: float = 8.0
    """That models may take. Without their word in time the search goes on."""


ANY = Wanted()


@dataclass(frozen=True)
class Found:
    """A passage that was found, with what it can be cited by.

    `share` of the question's words and `cosine`, each None when that way did not find it; `fits`: see Wanted.
    """

    base: str
    id: int
    source: str
    title: str
    heading: str
    page: int | None
    text: str
    score: float
    fits: float
    share: float | None = None
    cosine: float | None = None
    relevance: float | None = None
    """What the model that put them in order says, 0 to 1."""
    answer: str | None = None

    def to_json(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Spent:
    """A model compared texts. `cost` in US dollars; None: nobody knows the price."""

    model: str
    cost: float | None


@dataclass(frozen=True)
class Result:
    """`passages`: best first. `fits`: whether the best has to do with the question. `answer`: of a pair whose
    question is the same. `missing`: bases that are not there; `without`: what was not to be had, and why;
    `spent`: by providers' models."""

    passages: Sequence[Found] = ()
    fits: bool = False
    answer: str | None = None
    missing: Sequence[str] = ()
    without: Sequence[str] = ()
    spent: Sequence[Spent] = ()


class Searches(Protocol):
    """runtime.knowledge.search.searching.Searching."""

    async def search(
        self, text: str, bases: Sequence[str] = (), wanted: Wanted = ANY, pasted: str = ""
    ) -> Result:
        """What has to do with a text in these bases, and in a pasted one. What cannot be had is told in the
        result; only a bug is raised."""
        ...

    async def meanings(self, texts: Sequence[str]) -> Sequence[bytes]:
        """What each text means: half-precision numbers, little-endian, of length 1. None if nobody tells."""
        ...
