"""Pictures that a model draws for one block, which whoever watches the turn is told of."""

from collections.abc import Callable
from dataclasses import dataclass

from runtime.models.painting import Painted, Paints
from runtime.turn.events import Drawn, Event


@dataclass(frozen=True)
class Drawing:
    """Implements painting.Paints."""

    paints: Paints
    emit: Callable[[Event], None]
    block: str

    async def paint(self, model: str, prompt: str, size: str, seconds: float) -> Painted:
        painted = await self.paints.paint(model, prompt, size, seconds)
        self.emit(Drawn(self.block, painted.model, painted.cost))
        return painted
