"""What is asked of models that compare texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Embedded:
    """`vectors`: of each text float16 numbers, of length 1 together. `cost` in US dollars; None: unknown."""

    vectors: Sequence[bytes]
    cost: float | None = None


@dataclass(frozen=True)
class Ranked:
    """Places in the texts and how relevant each is, 0 to 1, the most relevant first."""

    order: Sequence[tuple[int, float]]
    cost: float | None = None


class Ranks(Protocol):
    """runtime.models.routed_ranks.RoutedRanks. Each within `seconds`; raises ModelFailed."""

    async def embed(self, model: str, texts: Sequence[str], seconds: float) -> Embedded: ...

    async def rerank(self, model: str, query: str, texts: Sequence[str], seconds: float) -> Ranked: ...

    async def price(self, model: str, tokens: int) -> float | None:
        """US dollars for that many tokens to be put into numbers; None: nobody knows."""
        ...
