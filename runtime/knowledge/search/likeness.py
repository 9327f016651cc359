"""Whether a question was answered before: of the pairs that were found, the one that asks the same."""

from collections.abc import Iterable

from runtime.knowledge.search.found import Found
from runtime.knowledge.search.question import Question, question


def same_question(text: str, found: Iterable[Found], same: float) -> str | None:
    """The answer of the pair that is most alike, if that is enough."""
    asked = question(text)
    alike = [
        (likeness(asked, question(one.text), one.cosine), one) for one in found if one.answer is not None
    ]
    best = max(alike, key=lambda pair: pair[0], default=None)
    return best[1].answer if best and best[0] >= same else None


def likeness(one: Question, other: Question, cosine: float | None = None) -> float:
    """0 to 1. Questions about other numbers or models are never the same, however alike they sound."""
    if one.exact != other.exact or not (one.terms or other.terms):
        return 0.0
    both = one.terms | other.terms
    shared = sum(both[term] for term in one.terms.keys() & other.terms.keys())
    return max(shared / sum(both.values()), cosine or 0.0)
