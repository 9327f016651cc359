"""Models as a test asks them: another one instead, or with what it took noted."""

from collections.abc import Callable
from dataclasses import replace

from runtime.models.completion import Answer, Models, Request
from runtime.turn.events import ModelUsed, Paid

JUDGE = "judge"
"""Stands for a block in what a judge took."""


class Instead:
    """Implements Models: whatever is to be asked, this one is, and nobody stands in for it."""

    def __init__(self, models: Models, model: str) -> None:
        self._models, self._model = models, model

    async def complete(
        self,
        request: Request,
        on_text: Callable[[str], None] | None = None,
        on_reset: Callable[[], None] | None = None,
    ) -> Answer:
        return await self._models.complete(
            replace(request, model=self._model, fallbacks=()), on_text, on_reset
        )


class Counted:
    """Implements Models: asks as ever."""

    def __init__(self, models: Models) -> None:
        self._models, self._paid = models, list[Paid]()

    async def complete(
        self,
        request: Request,
        on_text: Callable[[str], None] | None = None,
        on_reset: Callable[[], None] | None = None,
    ) -> Answer:
        answer = await self._models.complete(request, on_text, on_reset)
        self._paid.append(ModelUsed.of(JUDGE, answer))
        return answer

    def taken(self) -> list[Paid]:
        """What it took since this was asked last."""
        taken, self._paid = self._paid, []
        return taken
