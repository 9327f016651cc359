"""Several publications of one account, of which the platform lets one at a time be connected, or look.

It is the turn of whoever was taken in by the platform last, else of the newest. One that is not taken in
rests, and another gets a turn meanwhile: a wrong secret stops nobody but its own publication.
"""

import asyncio
import contextlib
import math
from collections.abc import Mapping

from runtime.gateway.lasting import now
from runtime.gateway.surfaces import Surface
from runtime.lang import Text

TOLD = 600.0
"""Seconds after which it is told once more whose turn it is: other troubles may have covered it."""

ELSEWHERE = Text(
    "这个账号的连接由「{agent}」（发布 {id}）在用：平台只留一个连接，消息都由它回答。"
    "要由这一个回答，请先把那一个下线。",
    "The connection of this account is used by {agent!r} (publication {id}), which answers its messages: the "
    "platform keeps one. Take that one offline to let this one answer.",
)


class Sharing:
    """Of one account, by what it is called among those of all channels."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.surfaces: dict[str, Surface] = {}
        """By publication, the newest last."""
        self.at: Surface | None = None
        """Whose turn it is."""
        self.changed = asyncio.Event()
        """One was published, again or for the first time, or taken back."""
        self.told: dict[str, tuple[Surface, str, float]] = {}
        """Which publications were told whose turn it is, and when."""
        self._rests: dict[str, float] = {}
        """By publication, until when on the loop's clock."""

    def update(self, found: Mapping[str, Surface]) -> bool:
        """These are published now. False when the one whose turn it is, is gone or another by now."""
        for id, known in self.surfaces.items():
            if found.get(id) is not known:
                self._rests.pop(id, None)  # and so of one that is gone
                self.changed.set()
        if found.keys() - self.surfaces.keys():
            self.changed.set()
        self.surfaces = dict(found)
        self.told = {id: known for id, known in self.told.items() if found.get(id) is known[0]}
        return self.at is None or found.get(self.at.id) is self.at

    async def turn(self, first: str) -> Surface:
        """Whose turn it is next, once there is one who does not rest. `first`: before all others."""
        self.at = None
        while True:
            self.changed.clear()
            ready = [one for one in self.surfaces.values() if not self.is_resting(one)]
            if ready:
                self.at = next((one for one in ready if one.id == first), ready[-1])
                return self.at
            left = min((self._rests[id] for id in self.surfaces), default=math.inf) - now()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if left == math.inf else max(left, 0.001)):
                    await self.changed.wait()

    def rest(self, surface: Surface, seconds: float | None) -> None:
        """Nobody tries it for so long; None: before it is published again."""
        if self.surfaces.get(surface.id) is surface:
            self._rests[surface.id] = math.inf if seconds is None else now() + seconds

    def is_resting(self, surface: Surface) -> bool:
        return self._rests.get(surface.id, -math.inf) > now()

    def untold(self) -> list[Surface]:
        """Those that were not told lately whose turn it is."""
        at = self.at
        known = {id: by for id, (_, by, when) in self.told.items() if now() - when < TOLD}
        return [one for one in self.others if at and known.get(one.id) != at.id]

    @property
    def others(self) -> list[Surface]:
        """Whose turn it is not."""
        return [one for one in self.surfaces.values() if one is not self.at]


def elsewhere(at: Surface) -> Text:
    """What those hear whose turn it is not."""
    return ELSEWHERE.fill(agent=at.agent.name, id=at.id)
