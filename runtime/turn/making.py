"""What a tool makes in a turn: files belong to the message that is answered, and whoever watches is told of
pictures that a model drew."""

from collections.abc import Callable
from dataclasses import dataclass

from runtime.models.painting import Painted, Paints
from runtime.tools import Made, Makes
from runtime.turn.events import Drawn, Event
from runtime.turn.keeping import Kept


@dataclass(frozen=True)
class Making:
    """Implements tools.Makes."""

    makes: Makes
    kept: Kept
    producer: str
    """As whose it is said that AI made something: the agent's name."""

    async def make(self, name: str, ending: str, content: bytes) -> Made:
        made = await self.makes.make(name, ending, content)
        await self.kept.belongs(made.hash, made.type, made.bytes)
        return made

    async def make_picture(
        self, name: str, content: bytes, *, by_ai: bool = False, producer: str = ""
    ) -> Made:
        made = await self.makes.make_picture(name, content, by_ai=by_ai, producer=producer or self.producer)
        await self.kept.belongs(made.hash, made.type, made.bytes)
        return made

    def lend(self, hash: str, type: str) -> str:
        return self.makes.lend(hash, type)


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
