"""Files that a tool makes in a turn belong to the message that is answered."""

from dataclasses import dataclass

from runtime.tools import Made, Makes
from runtime.turn.keeping import Kept


@dataclass(frozen=True)
class Making:
    """Implements tools.Makes."""

    makes: Makes
    kept: Kept

    async def make(self, name: str, ending: str, content: bytes) -> Made:
        made = await self.makes.make(name, ending, content)
        await self.kept.belongs(made.hash, made.type, made.bytes)
        return made

    async def make_picture(self, name: str, content: bytes) -> Made:
        made = await self.makes.make_picture(name, content)
        await self.kept.belongs(made.hash, made.type, made.bytes)
        return made
