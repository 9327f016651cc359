"""What tools and the owner say where an account only writes; the gateway brings it."""

from collections.abc import Sequence

from runtime.errors import NotFound
from runtime.gateway.delivery.saying import Saying
from runtime.gateway.surfaces import Surfaces
from runtime.lang import Text

SOON = 10.0
"""Seconds in which whoever says something is told what became of it."""


class Announcing:
    """Implements tools.Says. Turns use it and the gateway runs turns: it is joined when both are there."""

    def __init__(self) -> None:
        self._joined: tuple[Surfaces, Saying] | None = None

    def join(self, surfaces: Surfaces, saying: Saying) -> None:
        self._joined = surfaces, saying

    async def say(self, publication: str, text: str, key: str = "") -> Sequence[tuple[str, str]]:
        """`key`: what has the same is sent once. Raises NotFound, BadSettings."""
        surface = self._joined[0].find(publication) if self._joined else None
        if self._joined is None or surface is None:
            raise NotFound(Text("没有这个发布。", "There is no such publication."))
        _, saying = self._joined
        ids = await saying.say(surface, text, key=key)
        return [(one.state, one.code) for one in await saying.ended(ids, SOON)]
