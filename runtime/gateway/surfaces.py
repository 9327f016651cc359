"""Publications ready to work with: channel and agent made from their frozen settings."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from runtime import channels
from runtime.agent import Agent
from runtime.blocks import Block
from runtime.channels import CanPush, CanReceive, CanType, Channel


class Publication(Protocol):
    """What the control store keeps of one."""

    @property
    def id(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def enabled(self) -> bool: ...


class Publications(Protocol):
    """The control store, as the gateway sees it. Look-ups are cheap and never block for long."""

    def publication(self, id: str) -> Publication | None: ...

    def publications(self) -> list[Any]: ...

    def channel_settings(self, id: str) -> Mapping[str, Any]:
        """Unsealed."""
        ...

    def frozen_agent(self, id: str, version: int) -> Mapping[str, Any]: ...


def may_be_instant(flow: Sequence[Block]) -> bool:
    """Whether the flow may end without a block that waits for somebody."""
    for block in flow:
        if block.waits:
            return False
        if block.ends or any(may_be_instant(inner) for _, inner in block.flows()):
            return True
    return False


@dataclass(frozen=True)
class Surface:
    publication: Publication
    channel: Channel
    agent: Agent

    @property
    def id(self) -> str:
        return self.publication.id

    @functools.cached_property
    def may_be_instant(self) -> bool:
        return may_be_instant(self.agent.flow)

    # What the channel can do is asked once a surface: isinstance with a protocol takes 50 µs.

    @functools.cached_property
    def receiver(self) -> CanReceive | None:
        return self.channel if isinstance(self.channel, CanReceive) else None

    @functools.cached_property
    def pusher(self) -> CanPush | None:
        return self.channel if isinstance(self.channel, CanPush) else None

    @functools.cached_property
    def typist(self) -> CanType | None:
        return self.channel if isinstance(self.channel, CanType) else None


class Surfaces:
    """Makes a surface once for each state of its publication."""

    def __init__(self, publications: Publications) -> None:
        self._publications = publications
        self._made: dict[str, Surface] = {}

    def find(self, id: str) -> Surface | None:
        """None for an unknown or unpublished one."""
        publication = self._publications.publication(id)
        if publication is None or not publication.enabled:
            self._made.pop(id, None)
            return None
        made = self._made.get(id)
        if made is None or (made.publication is not publication and made.publication != publication):
            made = self._made[id] = self._make(publication)
        return made

    def all(self) -> list[Surface]:
        found = (self.find(publication.id) for publication in self._publications.publications())
        return [surface for surface in found if surface]

    def _make(self, publication: Publication) -> Surface:
        kind = channels.registry()[publication.channel]
        settings = kind.Settings.model_validate(self._publications.channel_settings(publication.id))
        agent = Agent.load(self._publications.frozen_agent(publication.id, publication.version))
        return Surface(publication, kind(settings), agent)
