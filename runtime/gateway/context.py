"""What every part of the gateway works with."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from runtime.gateway.allowance import Allowance
from runtime.gateway.background import Background
from runtime.gateway.lease import Leases
from runtime.gateway.onlooker import Observer
from runtime.gateway.room import Room
from runtime.gateway.spendings import Spendings
from runtime.gateway.surfaces import Surface, Surfaces
from runtime.lang import Text
from runtime.metrics.metrics import Metrics
from runtime.store.messages.messages import Messages
from runtime.store.vanishing import Vanishing


@dataclass(frozen=True)
class Handing:
    """Something happened that concerns who has a person: the agent, or a human at the platform's desk.

    over: the agent handed them over, and its answer has left. refused: a push was, perhaps because a human
    has them. wrote: they did, while a human has them. begins: they did, and the agent has them.
    """

    what: Literal["over", "refused", "wrote", "begins"]
    surface: Surface
    sender: str
    seq: int = 0


@dataclass(frozen=True)
class Context:
    """Made once, before the parts; it knows none of them."""

    messages: Messages
    surfaces: Surfaces
    doctor: Observer
    metrics: Metrics
    room: Room
    allowance: Allowance
    spending: Spendings
    background: Background
    """Ends with the gateway."""
    clock: Callable[[], float]
    """Seconds since 1970."""
    leases: Leases
    """For what only one process may do."""
    vanishing: Vanishing
    tell: Callable[[Text], None]
    """Tells the owner something at once, where they read; never waits."""
    handings: "asyncio.Queue[Handing]" = field(default_factory=asyncio.Queue)
    """Told by whoever notices, followed by who asks and tells the platform."""
