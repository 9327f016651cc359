"""What models do while a base is indexed is counted in the day's sums, and bounded by the day's budgets."""

import time
from collections.abc import Callable, Sequence

from runtime.models.budgets import Budgets, Spent, day_of
from runtime.models.completion import Answer, Request
from runtime.models.context_window import tokens
from runtime.models.ranks import Embedded, Ranked
from runtime.models.routed import RoutedModels
from runtime.store.messages.spending import Spending

BEFORE = 2 * 86_400
"""Seconds before now in which a day begins that is today somewhere."""


class Paying:
    """Implements ranks.Ranks and what Eyes ask. `load` comes first."""

    def __init__(
        self, models: RoutedModels, spending: Spending, clock: Callable[[], float] = time.time
    ) -> None:
        self._models, self._spending, self._clock = models, spending, clock

    @property
    def _budgets(self) -> Budgets:
        return self._models.budgets

    async def load(self) -> None:
        """What was spent today by whatever process. Raises StoreFailed."""
        found = await self._spending.since(day_of(self._clock() - BEFORE), ("model",))
        self._budgets.load(Spent(*row) for row in found)  # type: ignore[arg-type] # asked for by kind

    async def complete(
        self,
        request: Request,
        on_text: Callable[[str], None] | None = None,
        on_reset: Callable[[], None] | None = None,
    ) -> Answer:
        """See completion.Models."""
        answer = await self._models.complete(request, on_text, on_reset)
        await self._took(answer.model, answer.prompt_tokens + answer.completion_tokens, answer.cost)
        return answer

    async def embed(self, model: str, texts: Sequence[str], seconds: float) -> Embedded:
        """See ranks.Ranks."""
        made = await self._models.ranks.embed(model, texts, seconds)
        await self._took(self._models.ranks.named(model), sum(map(tokens, texts)), made.cost)
        return made

    async def rerank(self, model: str, query: str, texts: Sequence[str], seconds: float) -> Ranked:
        """See ranks.Ranks."""
        ranked = await self._models.ranks.rerank(model, query, texts, seconds)
        await self._took(self._models.ranks.named(model), sum(map(tokens, (query, *texts))), ranked.cost)
        return ranked

    async def price(self, model: str, tokens: int) -> float | None:
        """See ranks.Ranks."""
        return await self._models.ranks.price(model, tokens)

    async def _took(self, model: str, count: int, cost: float | None) -> None:
        unpriced = count if cost is None else 0
        rows = [Spent("model", model, self._budgets.today(), count, cost or 0.0, unpriced)]
        await self._spending.add(rows)
        self._budgets.add(rows)
