"""What every part of the gateway works with."""

from collections.abc import Callable
from dataclasses import dataclass

from runtime.gateway.allowance import Allowance
from runtime.gateway.background import Background
from runtime.gateway.lease import Leases
from runtime.gateway.metrics import Metrics
from runtime.gateway.onlooker import Observer
from runtime.gateway.room import Room
from runtime.gateway.surfaces import Surfaces
from runtime.store.messages.messages import Messages


@dataclass(frozen=True)
class Context:
    """Made once, before the parts; it knows none of them."""

    messages: Messages
    surfaces: Surfaces
    doctor: Observer
    metrics: Metrics
    room: Room
    allowance: Allowance
    background: Background
    """Ends with the gateway."""
    clock: Callable[[], float]
    """Seconds since 1970."""
    leases: Leases
    """For what only one process may do."""
