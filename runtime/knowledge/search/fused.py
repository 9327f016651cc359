"""What words find and what vectors find made one order, weighed by how the question asks.

A model number wants words, what is said in other words wants vectors. What counts is how well each fits, not
its rank: of fifty passages that stand under one heading all are near, and none is the answer for that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runtime.knowledge.search.question import Question
from runtime.knowledge.search.words import Hit

LEAST, MOST = 0.35, 0.8
"""What words weigh when few of the question's are found, and when most are."""
FEW, MANY = 0.2, 0.6
"""Shares of a question's words, by how rare they are."""
FLOOR = 0.4
"""What the last of the nearest counts less than nothing for: how alike everything of a base is."""
SURE_BY_WORDS, SURE_BY_MEANING = 0.54, 0.8
"""What a share of words and a cosine are worth together: 0.3 in all tells of an answer."""
MEANING_ALONE = 0.88


@dataclass(frozen=True)
class Fused:
    """`share` of the question's words and `cosine`, each None when that way did not find it; `fits`: 0 to 1,
    how sure it is that it has to do with the question. `both`: whether both ways found something."""

    id: int
    score: float
    share: float | None
    cosine: float | None
    both: bool = False

    @property
    def fits(self) -> float:
        share, cosine = self.share or 0.0, self.cosine or 0.0
        if not self.both:
            return max(share, MEANING_ALONE * cosine)
        return min(1.0, SURE_BY_WORDS * share + SURE_BY_MEANING * cosine)


def weight_of_words(asked: Question, by_words: Sequence[Hit]) -> float:
    """0 to 1; the rest is the vectors'."""
    best = by_words[0].share if by_words else 0.0
    if asked.exact and best > FEW:
        return MOST
    return LEAST + (MOST - LEAST) * min(1.0, max(0.0, (best - FEW) / (MANY - FEW)))


def fused(
    asked: Question, by_words: Sequence[Hit], nearest: Sequence[tuple[int, float]] | None
) -> list[Fused]:
    """Best first. `nearest`: passages and cosines, best first; None: nobody looked, words decide alone."""
    share = {hit.id: hit.share for hit in by_words}
    said = _scaled({hit.id: hit.score for hit in by_words})
    if nearest is None:
        return [Fused(hit.id, said[hit.id], hit.share, None) for hit in by_words]
    cosine = dict(nearest)
    meant = _scaled(cosine, FLOOR * min(cosine.values(), default=0.0))
    weight = weight_of_words(asked, by_words)
    points = {id: weight * said.get(id, 0.0) + (1 - weight) * meant.get(id, 0.0) for id in {**said, **meant}}
    best = sorted(points, key=lambda id: (-points[id], id))
    both = bool(by_words)
    return [Fused(id, points[id], share.get(id), cosine.get(id), both) for id in best]


def _scaled(found: Mapping[int, float], least: float = 0.0) -> Mapping[int, float]:
    """So that the best is 1."""
    most = max(found.values(), default=0.0) - least
    return {id: (value - least) / most for id, value in found.items()} if most > 0 else {}
