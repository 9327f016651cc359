"""Give passages their vectors: by the encoder that comes with the program, or by a provider's model."""

from dataclasses import dataclass

from runtime.knowledge.index import vectors
from runtime.knowledge.index.index import Index
from runtime.knowledge.search.child import ChildGone, SearchChild
from runtime.models.context_window import tokens
from runtime.models.ranks import Ranks
from runtime.off_loop import off_loop

BATCH = 64
"""Passages at a time."""
SECONDS = 60.0
"""For one batch of a provider's model."""
TRIES = 3
"""Of a batch, when the other process ends in the middle of it."""


@dataclass(frozen=True)
class Step:
    """`cost` in US dollars; None: nobody knows the price."""

    filled: int
    left: int
    cost: float | None = 0.0


class Filling:
    """Used on one event loop."""

    def __init__(self, child: SearchChild, models: Ranks | None = None) -> None:
        self._child, self._models = child, models

    async def run(self, index: Index, embedding: str, rerank: str = "") -> Step:
        """All that have none, by this model; those of another are forgotten. What is done stays done.

        `rerank`: the model that puts what is found here in order. Raises ChildGone, ModelFailed, StoreFailed.
        """
        await off_loop(vectors.use, index, embedding, rerank)
        filled, cost = 0, 0.0
        priced = True
        failed = 0
        while True:
            try:
                step = await self.step(index)
            except ChildGone:
                failed += 1
                if failed == TRIES:
                    raise
                continue
            failed = 0
            filled, cost, priced = (
                filled + step.filled,
                cost + (step.cost or 0),
                priced and step.cost is not None,
            )
            if not step.filled or not step.left:
                return Step(filled, step.left, cost if priced else None)

    async def step(self, index: Index, most: int = BATCH) -> Step:
        """One batch. Raises ChildGone, ModelFailed, StoreFailed."""
        name = await off_loop(vectors.embedding, index)
        lacking = await off_loop(vectors.missing, index, most) if name != vectors.NONE else []
        if not lacking:
            return Step(0, 0)
        if name == vectors.OFFLINE:
            answer = await self._child.ask({"do": "fill", "path": str(index.path), "most": most})
            return Step(int(answer["filled"]), int(answer["left"]))
        if self._models is None:
            raise ChildGone("there are no models")
        made = await self._models.embed(name, [text for _, text in lacking], SECONDS)
        numbers = {id: (text, one) for (id, text), one in zip(lacking, made.vectors, strict=True)}
        await off_loop(vectors.keep, index, name, numbers)
        return Step(len(numbers), await off_loop(vectors.lacking, index), made.cost)

    async def price(self, index: Index, model: str) -> float | None:
        """US dollars for all passages by a provider's model; None: nobody knows. Raises ModelFailed."""
        if model in (vectors.OFFLINE, vectors.NONE) or self._models is None:
            return 0.0
        return await self._models.price(model, await off_loop(_size, index))


def _size(index: Index) -> int:
    """Tokens of all passages, about."""
    return sum(tokens(text) for text in vectors.all_texts(index))
