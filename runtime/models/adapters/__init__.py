"""One file a way of asking a model; which one a model needs, its provider says (runtime.models.providers)."""

from typing import Protocol

from runtime.models.completion import Answer, Request
from runtime.models.reading.unfinished import Unfinished
from runtime.models.targets import Target

CONNECT = 4.0
"""Seconds to reach a server."""

MAX_BYTES = 32_000_000
"""Of one response of a server of unknown manners."""


class Adapter(Protocol):
    """Used on one event loop. Nothing is loaded or connected before it is needed."""

    async def ask(self, target: Target, request: Request, unfinished: Unfinished, seconds: float) -> Answer:
        """One try; what comes goes into the unfinished.

        `seconds` bounds each wait for bytes; the caller bounds the whole. Raises ModelFailed. Cancelling
        closes the connection.
        """
        ...

    async def warm(self) -> None:
        """Load what the first question would wait for."""
        ...

    async def close(self) -> None: ...
