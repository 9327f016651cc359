"""Two orders of passages made one, weighed by how the question asks.

A model number wants words, what is said in other words wants vectors.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runtime.knowledge.search.question import Question
from runtime.knowledge.search.words import Hit

SMOOTHING = 10
"""Of reciprocal rank fusion (Cormack et al., SIGIR 2009), small: the first of either order counts."""
LEAST, MOST = 0.35, 0.8
"""What words weigh when few of the question's are found, and when most are."""
FEW, MANY = 0.2, 0.6
"""Shares of a question's words, by how rare they are."""
FITS_BY_MEANING = 0.88
"""What a cosine is worth against a share of words: 0.34 of one, 0.3 of the other tell of an answer."""


@dataclass(frozen=True)
class Fused:
    """`share` of the question's words and `cosine`, each None when that way did not find it; `fits`: 0 to 1,
    how sure it is that it has to do with the question."""

    id: int
    score: float
    share: float | None
    cosine: float | None

    @property
    def fits(self) -> float:
        return max(self.share or 0.0, FITS_BY_MEANING * (self.cosine or 0.0))


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
    if nearest is None:
        return [Fused(hit.id, 1 / (1 + rank), hit.share, None) for rank, hit in enumerate(by_words)]
    weight = weight_of_words(asked, by_words)
    points: dict[int, float] = {}
    for part, order in ((weight, [hit.id for hit in by_words]), (1 - weight, [id for id, _ in nearest])):
        for rank, id in enumerate(order):
            points[id] = points.get(id, 0.0) + part / (SMOOTHING + rank)
    cosine: Mapping[int, float] = dict(nearest)
    best = sorted(points, key=lambda id: (-points[id], id))
    return [Fused(id, points[id] * SMOOTHING, share.get(id), cosine.get(id)) for id in best]
