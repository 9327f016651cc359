"""Publications as they answer by another version than the one that answers everybody."""

from dataclasses import replace

from runtime.agents.agent import Agent
from runtime.gateway.surfaces import Surface, Surfaces
from runtime.newest import Newest

PINNED = 50
"""Versions that are in memory at once."""


class Pinned:
    def __init__(self, surfaces: Surfaces) -> None:
        self._surfaces = surfaces
        self._agents = Newest[tuple[str, int], Agent](PINNED)

    def to(self, surface: Surface, version: int) -> Surface:
        """Raises HongyanError where that version cannot be read any more."""
        if version in (surface.version, 0):  # a draft is what it is now, if it answers at all
            return surface
        if version == surface.publication.version and (whole := self._surfaces.find(surface.id)):
            return replace(surface, agent=whole.agent, pinned=None)
        key = surface.id, version
        if key not in self._agents:
            self._agents[key] = self._surfaces.agent_of(*key)
        return replace(surface, agent=self._agents[key], pinned=version)
